"""Stacks in an emulator of AWS: what the macro returns is deployed, and the
policies that are then there are held against the calls of the APIs that are
then there. The macro itself runs there too, as the Lambda function that its own
template deploys, and answers the events of these deployments.

The emulator calls no macro: process/main.go is CloudFormation up to the
processed template. It does not know AWS::CloudFormation::Macro either, nor what
an AWS::ApiGatewayV2::Api makes of Target (quick create) and Body. Of a REST
definition it passes over x-amazon-apigateway-any-method. It loses credentials
(credentials.py)."""
import json
import os
import pathlib
import platform
import subprocess
import sys

import access
import gateway
import grants
import macro
import reference
import stacks
import strangers
import templates
import toolbox
import wired
from cloud import BUCKET, Cloud

HERE = pathlib.Path(os.path.abspath(__file__)).parent
ROOT = HERE.parents[2]
WORK = pathlib.Path(os.environ["CHECK_WORK"])
MACHINE = {"x86_64": "amd64", "aarch64": "arm64"}.get(platform.machine(), platform.machine())


def own_stack(cloud):
    """Deploys the macro from its own template and returns the ARN of its alias,
    which is what CloudFormation would call. Two things are not as on AWS: the
    emulator does not know AWS::CloudFormation::Macro, and it runs this machine's
    executable."""
    with toolbox.alone():
        subprocess.run(["make", "--silent", "package", "ARCH=" + MACHINE], cwd=ROOT, check=True, stderr=subprocess.DEVNULL)
        template = templates.parse((ROOT / "dist" / "template.yaml").read_text())
        properties = template["Resources"]["MacroFunction"]["Properties"]
        cloud.s3.upload_file(str(ROOT / "dist" / properties["CodeUri"]), BUCKET, "grantinvoke.zip")
    properties["CodeUri"] = "s3://%s/grantinvoke.zip" % BUCKET
    del template["Resources"]["Macro"]
    del template["Outputs"]["MacroName"]
    player = macro.CloudFormation(WORK, **{stacks.SAM: translator()})
    processed, error = player.process(dict(template, Transform=stacks.SAM))
    player.close()
    if error:
        sys.exit("template.yaml: " + error)
    cloud.deploy("grantinvoke", processed, update=False)
    alias = cloud.resources("grantinvoke", "AWS::Lambda::Alias")["MacroAlias"]
    upgraded(cloud, processed, alias)
    return alias


def upgraded(cloud, template, alias):
    """A changed option takes effect at once; the version of the release, to
    which the alias can be put back, still has the options of its day."""
    function, name = alias.split(":")[-2:]
    options = template["Parameters"]["Options"]
    before = options["Default"]
    for default, version, added in ((before, "$LATEST", "AWS::Lambda::Permission"), ("Grant=role", "$LATEST", "AWS::IAM::Role"),
                                    ("Grant=role", "1", "AWS::Lambda::Permission"), (before, "$LATEST", "AWS::Lambda::Permission")):
        if options["Default"] != default:
            options["Default"] = default
            cloud.deploy("grantinvoke", template, update=True)
        cloud.functions.update_alias(FunctionName=function, Name=name, FunctionVersion=version)
        answer = cloud.functions.invoke(FunctionName=alias, Payload=json.dumps(macro.event(stacks.read("http"))))
        resources = json.loads(answer["Payload"].read())["fragment"]["Resources"]
        types = {r["Type"] for r in resources.values() if "GrantInvoke" in r.get("Metadata", {})}
        if types != {added}:
            sys.exit("with Options=%s the alias at %s adds %s, not %s" % (default, version, sorted(types), added))


def translator():
    return "%s %s" % (os.environ["CHECK_TOOLS"], HERE.parent / "serverless.py")


def faults(cloud, story, calls, gone, there):
    """What is wrong after a deployment: a call that is not allowed, somebody
    else's that is, one that is no longer made and still allowed, a statement
    that no call needs, or a policy that Lambda would not take. There are the
    functions and the authorizers of the stack."""
    functions, authorizers = there
    found, policies = [], {f: access.statements(cloud, f) for f in functions | {c.function for c in calls | gone}}
    for call in sorted(calls):
        statements = policies[call.function]
        if stacks.options(story).get("Grant") == "role" and not call.role:
            found.append("without a role: %s from %s" % call[:2])
        elif call.role:
            found += access.role(cloud, call.role.split("/")[-1], call.function)
        elif not any(access.allows(s, call.function, call.source) for s in statements):
            found.append("not allowed: %s from %s" % call[:2])
        others = strangers.everywhere(call.source)
        if story.exact and not call.role:
            others += strangers.beside(call, calls, authorizers, declared(story))
        for who, source, service in others:
            if any(access.allows(s, call.function, source, service) for s in statements):
                found.append("allowed to %s: %s from %s" % (who, call.function, source))
    for call in sorted(gone):
        if any(access.allows(s, call.function, call.source) for s in policies[call.function]):
            found.append("still allowed: %s from %s" % call[:2])
    for function, statements in sorted(policies.items()):
        found += needless(function, statements, calls) + access.unfit(statements, stacks.options(story).get("SourceAccount"))
    return found


def needless(function, statements, calls):
    """The statements of a function that no call needs, or that another statement
    includes."""
    found = []
    for i, s in enumerate(statements):
        if not any(c.function == function and not c.role and access.allows(s, function, c.source) for c in calls):
            found.append("needed by no call: %s" % s)
        if any(access.includes(other, s) for n, other in enumerate(statements) if n != i):
            found.append("said by another statement as well: %s" % s)
    return found


def declared(story):
    """Whether only the stages that the template declares may call."""
    return stacks.options(story).get("Stages") == "declared"


def qualified(cloud, stack):
    """The ARNs of a stack's functions and of their aliases."""
    arns = set()
    for name in cloud.resources(stack, "AWS::Lambda::Function").values():
        arns.add(cloud.functions.get_function(FunctionName=name)["Configuration"]["FunctionArn"])
        arns |= {a["AliasArn"] for a in cloud.functions.list_aliases(FunctionName=name)["Aliases"]}
    return arns


def known(cloud, stack):
    """The functions of a stack, with aliases, and its authorizers."""
    return qualified(cloud, stack), set(cloud.resources(stack, "AWS::ApiGateway::Authorizer", "AWS::ApiGatewayV2::Authorizer").values())


def ended(story, before, calls):
    """The calls that are no longer made, which nothing must allow any more;
    where the whole API is allowed it still does."""
    made = {(c.function, c.source) for c in calls}
    return {c for c in before if (c.function, c.source) not in made} if story.exact else set()


def renamed(before, after):
    """What two processed templates grant alike under different logical ids,
    which on AWS would be a replacement."""
    was = {g[1:]: g.name for g in grants.read(before)} if before else {}
    return ["%s was %s before" % (g.name, was[g[1:]]) for g in grants.read(after) if was.get(g[1:], g.name) != g.name]


def played(cloud, player):
    """A deployer that plays CloudFormation's side of the macro contract here and
    hands the result to the emulator."""
    def deploy(name, template, update):
        processed, error = player.process(template, name=name)
        if error:
            sys.exit("%s: %s" % (name, error))
        cloud.deploy(name, processed, update)
        return processed
    return deploy, cloud.delete


def run(cloud, deployer, story, look=lambda calls: []):
    """Deploys a story, looks after each step, and deletes the stack. Returns
    how many calls were allowed. A deployer is two functions: one deploys a stack
    and returns the processed template, one deletes it. look returns what else is
    wrong with the calls of a step."""
    deploy, delete = deployer
    count, before, served, last = 0, set(), {}, None
    for number, (what, template) in enumerate(stacks.templates_of(story)):
        processed = deploy(story.name, template, update=number > 0)
        calls, now = gateway.calls(cloud, story.name, not declared(story), processed), gateway.deployments(cloud, story.name)
        found = faults(cloud, story, calls, ended(story, before, calls), known(cloud, story.name))
        found += look(calls) + renamed(last, processed) + reference.dangling(processed, cloud.resources(story.name))
        found += ["%s serves what was before the credentials" % stage for (api, stage), deployment in now.items()
                  if deployment == served.get((api, stage)) and roles(calls, api) != roles(before, api)]
        if found or not calls:
            sys.exit("\n".join("%s, %s: %s" % (story.name, what, f) for f in found or ["no calls"]))
        print("%s, %s: %d calls allowed, and none else" % (story.name, what, len(calls)), flush=True)
        count, before, served, last = count + len(calls), calls, now, processed
    made = cloud.resources(story.name, "AWS::Lambda::Function").values()
    delete(story.name)
    away(cloud, story, made, before)
    return count


def roles(calls, api):
    """The roles with which an API calls."""
    return {c.role for c in calls if c.source.split(":")[5].startswith(api + "/")}


def away(cloud, story, made, calls):
    """Looks after the deletion of a story's stack: nothing is left of the
    functions that were made, nor of what allowed the calls."""
    left = [f["FunctionName"] for f in cloud.functions.list_functions()["Functions"] if f["FunctionName"] in made]
    if left or any(access.statements(cloud, c.function) for c in calls):
        sys.exit("%s, deleted: left are %s" % (story.name, left or "statements"))


def main():
    with Cloud(WORK) as cloud:
        function = own_stack(cloud)
        print("the macro runs as %s, from template.yaml" % function, flush=True)
        player = macro.CloudFormation(WORK, **{
            "GrantInvoke": "%s %s %s %s" % (sys.executable, HERE / "invoke.py", cloud.endpoint, function),
            stacks.SAM: translator(),
        })
        done = [(run(cloud, played(cloud, player), story), len(story.edits)) for story in stacks.stories()]
        done += [(wired.run(cloud, player, story), len(story.edits)) for story in wired.stories()]
        wired.refused(player)
        player.close()
        cloud.delete("grantinvoke")
    print("%d stacks created, updated %d times and deleted; %d calls allowed, none but these" % (
        len(done), sum(edits for _, edits in done), sum(calls for calls, _ in done)))


if __name__ == "__main__":
    main()
