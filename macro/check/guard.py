"""The policy for platform teams, policy/api-gateway-grants.guard, with the
cfn-guard that comes in cdk-validator-cfnguard."""
import json
import os
import pathlib
import platform
import re
import subprocess
import sys

import outputs
import templates

HERE = pathlib.Path(os.path.abspath(__file__)).parent
ROOT = HERE.parents[1]
WORK = pathlib.Path(os.environ["CHECK_WORK"])
POLICY = HERE / "policy" / "api-gateway-grants.guard"
TESTS = HERE / "policy" / "api-gateway-grants-tests.yaml"
PRINCIPAL = "apigateway.amazonaws.com"
WRITTEN = ("AWS::Lambda::Permission", "AWS::IAM::Role")


def program():
    """The executable for this machine."""
    system = {"Linux": "ubuntu", "Darwin": "macos"}.get(platform.system())
    machine = {"AMD64": "x86_64", "arm64": "aarch64"}.get(platform.machine(), platform.machine())
    path = pathlib.Path(os.environ["CHECK_NODE"], "@cdklabs", "cdk-validator-cfnguard", "bin", str(system), machine, "cfn-guard")
    if not path.exists():
        print("there is no cfn-guard for %s on %s" % (platform.system(), platform.machine()))
        sys.exit(77)
    path.chmod(0o755)
    return path


def guard(*args):
    done = subprocess.run([str(program()), *map(str, args)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return done.returncode, done.stdout


def samples():
    """The policy's unit tests: they pass, and among them each rule fails and
    passes at least once."""
    status, said = guard("test", "--rules-file", POLICY, "--test-data", TESTS)
    if status:
        sys.exit("cfn-guard test:\n" + said)
    rules = re.findall(r"^rule (\w+)", POLICY.read_text(), flags=re.M)
    text = TESTS.read_text()
    untested = [r for r in rules if "%s: FAIL" % r not in text or "%s: PASS" % r not in text]
    if untested or not rules:
        sys.exit("no sample on which these rules fail, or pass: %s" % untested)
    count = len(re.findall(r"^- name:", text, flags=re.M))
    print("%d samples, on which each of the %d rules passes and fails" % (count, len(rules)))
    return len(rules), count


def public(resource):
    """Whether a resource lets everybody in by a function's URL, as its author asked by name."""
    return isinstance(resource, dict) and resource.get("Type") == "AWS::Lambda::Permission" and resource["Properties"].get("Principal") == "*"


def ours(output):
    """An output without the permissions and roles that its author wrote, which
    the policy may well refuse."""
    resources = {k: v for k, v in output.after["Resources"].items()
                 if (k in output.new and not public(v)) or not (isinstance(v, dict) and v.get("Type") in WRITTEN)}
    return dict(output.after, Resources=resources)


# The other services that the macro grants. The policy is about API Gateway alone.
OTHERS = {name + ".amazonaws.com" for name in (
    "s3 sns events logs lambda.alarms.cloudwatch cognito-idp iot elasticloadbalancing config ses secretsmanager appsync cloudfront lexv2 bedrock "
    "bedrock-agentcore transfer codecommit").split()} | {"*"}


def principals(resource):
    """The principals that a permission allows, or a role trusts."""
    properties = resource["Properties"]
    if resource["Type"] == "AWS::Lambda::Permission":
        return [properties["Principal"]]
    return [s["Principal"].get("Service") for s in properties["AssumeRolePolicyDocument"]["Statement"]]


def judged(resource):
    """Whether the policy has a rule for a permission or role, or it is another
    service's."""
    return any(s == PRINCIPAL or s in OTHERS or re.fullmatch(r"sns\.[a-z0-9-]+\.amazonaws\.com", str(s)) for s in principals(resource))


def all_outputs():
    """Every output passes, and the policy has a rule for each of the macro's grants.
    Returns how many outputs and grants there are."""
    folder, count = WORK / "guard", 0
    folder.mkdir()
    found = outputs.own() + outputs.sample(150)
    for number, output in enumerate(found):
        template = ours(output)
        grants = {n: template["Resources"][n] for n in output.new if n in template["Resources"] and template["Resources"][n].get("Type") in WRITTEN}
        strange = [n for n, resource in grants.items() if not judged(resource)]
        if strange:
            sys.exit("%s: not for API Gateway: %s" % (output.name, ", ".join(strange)))
        count += len(grants)
        name = re.sub(r"\W+", "-", output.name)
        (folder / ("%04d-%s.json" % (number, name[-80:]))).write_text(json.dumps(template, ensure_ascii=False))
    (folder / "template.json").write_text(json.dumps(templates.parse((ROOT / "template.yaml").read_text())))
    status, said = guard("validate", "--rules", POLICY, "--data", folder, "--show-summary", "fail")
    if status:
        sys.exit("cfn-guard validate: status %d\n%s" % (status, "\n".join(said.splitlines()[:200])))
    print("%d outputs with %d grants, and template.yaml: all pass" % (len(found), count))
    return len(found), count


def main():
    (rules, tests), (outs, count) = samples(), all_outputs()
    print("%d rules, %d samples; %d outputs with %d permissions and roles pass" % (rules, tests, outs, count))


main()
