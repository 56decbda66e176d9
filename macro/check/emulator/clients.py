"""The aws command, sam-cli and the CDK as they are, against a CloudFormation that calls
macros: the macro is installed by the commands of the README, run as they stand
there in a fresh copy, and stacks are created, updated and deleted with it. After
each deployment the policies that are then there are held against the calls that
are then made, as in emulator.py."""
import json
import os
import pathlib
import platform
import re
import shutil
import subprocess
import sys
import time
import zipfile

import emulator
import stacks
from cloud import BUCKET, Cloud
from proxy import Proxy

HERE = emulator.HERE
ROOT = emulator.ROOT
WORK = emulator.WORK
MACRO = "123456789012::GrantInvoke"
# The template's own way to say what it is for: on AWS it stays arm64.
ARCHITECTURE = {"x86_64": "x86_64", "amd64": "x86_64"}.get(platform.machine(), "arm64")


class Shell:
    """Command lines as a user has them: the clients at hand, and an AWS that is
    the emulator, CloudFormation being the proxy."""

    def __init__(self, cloud, proxy):
        bins = [str(pathlib.Path(os.environ["CHECK_" + need]).parent) for need in ("CLIENTS", "TOOLS")]
        if "CHECK_NODE" in os.environ:
            bins.append(str(pathlib.Path(os.environ["CHECK_NODE"]) / ".bin"))
        self.env = dict(os.environ, AWS_ENDPOINT_URL=cloud.endpoint, AWS_ENDPOINT_URL_CLOUDFORMATION=proxy.endpoint,
                        PATH=os.pathsep.join(bins + [os.environ["PATH"]]))
        self.env.pop("PYTHONPATH", None)

    def run(self, script, cwd, answers=""):
        """Whether a script has ended well, and what it said."""
        if "cloudformation deploy" in script:
            time.sleep(1.1)  # the aws command names a change set by the second
        done = subprocess.run(["sh", "-e", "-c", script], cwd=cwd, env=self.env, input=answers, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, timeout=600)
        return done.returncode == 0, done.stdout

    def must(self, script, cwd, answers=""):
        ok, said = self.run(script, cwd, answers)
        if not ok:
            sys.exit("%s\n%s" % (script, said[-3000:]))
        return said


def blocks(heading):
    """The command blocks of a section of the README, each with its lines."""
    text = (ROOT / "README.md").read_text()
    section = re.search(r"^## %s\b.*?\n(.*?)(?=^## )" % heading, text, flags=re.M | re.S)
    found = re.findall(r"(?:^    \S.*\n)+", section[1], flags=re.M) if section else []
    return ["".join(line[4:] for line in block.splitlines(True)).replace("BUCKET", BUCKET) for block in found]


def fresh():
    """A copy of the project with nothing made yet, for this machine's Lambda."""
    copy = WORK / "fresh"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".*", "bin", "dist"))
    template = copy / "template.yaml"
    text = template.read_text().replace("Architectures: [arm64]", "Architectures: [%s]" % ARCHITECTURE)
    template.write_text(text.replace("CodeUri: dist/arm64", "CodeUri: dist/" + ARCHITECTURE.replace("x86_64", "amd64")))
    return copy


def aws(shell, cloud):
    """A deployer: aws cloudformation package and deploy."""
    def deploy(name, template, update):
        folder = written(name, template)
        shell.must("aws cloudformation package --template-file template.json --s3-bucket %s --output-template-file packaged.yaml\n"
                   "aws cloudformation deploy --template-file packaged.yaml --stack-name %s --capabilities CAPABILITY_IAM" % (BUCKET, name), folder)
        return processed(cloud, name)

    def delete(name):
        shell.must("aws cloudformation delete-stack --stack-name %s\naws cloudformation wait stack-delete-complete --stack-name %s" % (name, name), WORK)
    return deploy, delete


def sam(shell, cloud):
    """A deployer: sam build and deploy, with whatever sam-cli writes between."""
    def deploy(name, template, update):
        folder = written(name, template)
        shell.must("sam build -t template.json && sam deploy --stack-name %s --s3-bucket %s --capabilities CAPABILITY_IAM --no-progressbar" % (name, BUCKET), folder)
        return processed(cloud, name)

    def delete(name):
        shell.must("sam delete --stack-name %s --no-prompts --region us-east-1" % name, WORK)
    return deploy, delete


def cdk(shell, cloud):
    """A deployer: cdk deploy and destroy of an app that names the macro by
    addTransform, which takes no options: these stand in the template."""
    def command(verb, name, transforms):
        return "cdk %s --app 'node %s' -c stack=%s -c template=template.json -c transforms=%s" % (verb, HERE / "app.js", name, transforms)

    def deploy(name, template, update):
        template = dict(template)
        for transform in template.pop("Transform"):
            if isinstance(transform, dict):
                template["Metadata"] = {"GrantInvoke": transform["Parameters"]}
        shell.must(command("deploy --require-approval never", name, "GrantInvoke"), written(name, template))
        return processed(cloud, name)

    def delete(name):
        shell.must(command("destroy --force", name, "GrantInvoke"), WORK / name)
    shell.must("cdk bootstrap aws://123456789012/us-east-1", WORK)
    return deploy, delete


def written(name, template):
    folder = WORK / name
    folder.mkdir(exist_ok=True)
    (folder / "template.json").write_text(json.dumps(template, indent=1))
    return folder


def processed(cloud, name):
    """The template as CloudFormation has it after the macros."""
    template = cloud.cloudformation.get_template(StackName=name, TemplateStage="Processed")["TemplateBody"]
    return template if isinstance(template, dict) else json.loads(template)


def path_added(resources):
    paths = resources["Api"]["Properties"]["DefinitionBody"]["paths"]
    paths["/orders/{id}"] = {"get": json.loads(json.dumps(paths["/orders"]["post"]))}


def path_removed(resources):
    del resources["Api"]["Properties"]["DefinitionBody"]["paths"]["/orders"]


def orders_renamed(resources):
    resources["Orders"]["Properties"]["FunctionName"] = "orders"


def chosen(*names):
    """The stories of these names; those of SAM with edits of the definition,
    which SAM grants nothing for. A resource whose condition becomes true is no
    change to the emulator's change sets."""
    known, chosen = {story.name: story for story in stacks.stories()}, []
    for name in names:
        edits = [path_added, path_removed, orders_renamed] if name.startswith("sam-") else known[name].edits
        chosen.append(known[name]._replace(edits=[e for e in edits if e is not stacks.condition_met]))
    return chosen


def used(shell, cloud, proxy, maker, names, edits=None):
    """Tells the stories by one client, with the first edits. Returns how many
    calls were allowed."""
    before, count, deployer = len(proxy.called), 0, maker(shell, cloud)
    for story in chosen(*names):
        count += emulator.tell(cloud, deployer, story._replace(name="%s-%s" % (maker.__name__, story.name), edits=story.edits[:edits]))
    if not any("GrantInvoke" in names for names in proxy.called[before:]):
        sys.exit("%s: the macro was not called" % maker.__name__)
    return count


def refused(shell, cloud):
    """What the macro refuses is read by who deploys, in its own words, and
    nothing is deployed; so is a macro that is not there."""
    folder = written("refused", dict(stacks.read("rest"), Transform=[stacks.macro(Grnt="role")]))
    line = "aws cloudformation deploy --template-file template.json --stack-name refused"
    ok, said = shell.run(line, folder)
    if ok or "Transform %s failed with: " % MACRO not in said or "Grnt" not in said:
        sys.exit("a wrong option: %s" % said)
    written("refused", dict(stacks.read("rest"), Transform=[stacks.macro(Grant="role")]))
    ok, said = shell.run(line, folder)
    if ok or "CAPABILITY_IAM" not in said:
        sys.exit("roles without the capability: %s" % said)
    if any(s["StackName"] == "refused" for s in cloud.cloudformation.describe_stacks()["Stacks"]):
        sys.exit("what was refused has left a stack")
    print("a wrong option, and a role without CAPABILITY_IAM: refused, in words, and nothing is deployed", flush=True)


def defined(shell, cloud, copy):
    """A definition that the client puts into S3, and the macro reads there once
    its stack is told the bucket. The emulator makes no routes of one, so that
    the policy is held against the paths that are written here."""
    shell.must("aws cloudformation deploy --template-file packaged.yaml --stack-name grantinvoke --capabilities CAPABILITY_IAM "
               "--parameter-overrides DefinitionBuckets=%s" % BUCKET, copy / "dist")
    function = "arn:aws:lambda:us-east-1:123456789012:function:listed"
    integration = {"type": "aws_proxy", "httpMethod": "POST",
                   "uri": "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/%s/invocations" % function}
    own = stacks.read("rest")["Resources"]["Users"]
    resources = {"Listed": dict(own, Properties=dict(own["Properties"], FunctionName="listed")),
                 "Api": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"BodyS3Location": "openapi.json"}}}
    folder = written("defined", {"Transform": "GrantInvoke", "Resources": resources})
    deploy, delete = aws(shell, cloud)
    for paths in (["/pets"], ["/pets", "/pets/{id}"], ["/owners"]):
        (folder / "openapi.json").write_text(json.dumps({"openapi": "3.0.1", "info": {"title": "pets", "version": "1"}, "paths": {
            path: {"get": {"x-amazon-apigateway-integration": integration}} for path in paths}}))
        deploy("defined", {"Transform": "GrantInvoke", "Resources": resources}, update=True)
        allowed = {s["Condition"]["ArnLike"]["AWS:SourceArn"].partition("/")[2] for s in emulator.access.statements(cloud, function)}
        if allowed != {"*/GET" + path.replace("{id}", "*") for path in paths}:
            sys.exit("of a definition in S3 with %s is allowed %s" % (paths, sorted(allowed)))
    delete("defined")
    print("a definition in S3, changed twice: its paths are allowed, and none else", flush=True)


def rolled_back(shell, cloud):
    """The same template again changes nothing; an update that fails halfway
    leaves the policies as they were."""
    story, name = stacks.Story("rolled-back", stacks.read("rest"), ["GrantInvoke"], [stacks.rest_route_added]), "rolled-back"
    (_, first), (_, second) = stacks.templates_of(story)
    deploy, delete = aws(shell, cloud)
    deploy(name, first, update=False)
    before = {f: emulator.access.statements(cloud, f) for f in emulator.qualified(cloud, name)}
    said = shell.must("aws cloudformation deploy --template-file packaged.yaml --stack-name %s --no-fail-on-empty-changeset" % name, WORK / name)
    if "No changes to deploy" not in said:
        sys.exit("the same template again: %s" % said)
    second["Resources"]["Taken"] = {"Type": "AWS::S3::Bucket", "DependsOn": "CreateUser", "Properties": {"BucketName": BUCKET}}
    written(name, second)
    ok, said = shell.run("aws cloudformation deploy --template-file template.json --stack-name " + name, WORK / name)
    status = cloud.cloudformation.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"]
    if ok or status != "UPDATE_ROLLBACK_COMPLETE":
        sys.exit("an update that fails ends in %s: %s" % (status, said))
    calls = emulator.gateway.calls(cloud, name, test=True)
    found = emulator.faults(cloud, story, calls, set(), emulator.known(cloud, name))
    after = {f: emulator.access.statements(cloud, f) for f in emulator.qualified(cloud, name)}
    if found or after != before or not any(before.values()):
        sys.exit("\n".join(["after the rollback:"] + found + [str(before), str(after)]))
    delete(name)
    print("the same template again: no changes; a failed update: rolled back, every policy as before", flush=True)


def absent(shell):
    """Before the installation, or after it was taken away."""
    folder = written("absent", dict(stacks.read("rest"), Transform=["GrantInvoke"]))
    ok, said = shell.run("aws cloudformation deploy --template-file template.json --stack-name absent", folder)
    if ok or "No transform named %s found" % MACRO not in said:
        sys.exit("a macro that is not installed: %s" % said)


def rooted(shell, cloud, copy):
    """In the root the aws command takes no more than the function's executable,
    and nothing before that is made."""
    line = "aws cloudformation package --template-file template.yaml --s3-bucket %s --s3-prefix root --output-template-file rooted.yaml" % BUCKET
    ok, said = shell.run(line, copy)
    if ok:
        sys.exit("aws cloudformation package in a fresh copy uploads something: %s" % said)
    shell.must("make package\n" + line, copy)
    (copy / "rooted.yaml").unlink()
    found = []
    for item in cloud.s3.list_objects_v2(Bucket=BUCKET, Prefix="root/")["Contents"]:
        cloud.s3.download_file(BUCKET, item["Key"], str(WORK / "object"))
        if zipfile.is_zipfile(WORK / "object"):
            found += zipfile.ZipFile(WORK / "object").namelist()
    if found != ["bootstrap"]:
        sys.exit("aws cloudformation package in the root uploads %s" % found[:20])
    shutil.rmtree(copy / "dist")
    print("in the root aws cloudformation package takes the executable alone, and refuses before there is one", flush=True)


def uninstalled(shell, cloud, delete):
    delete("grantinvoke")
    if cloud.functions.list_functions()["Functions"]:
        sys.exit("the macro's stack was deleted and has left its function")
    absent(shell)


def main():
    installs = blocks("Install")
    if len(installs) != 2:
        sys.exit("the README's section Install has %d command blocks, not one for sam and one for the aws command" % len(installs))
    with Cloud(WORK) as cloud, Proxy(WORK, cloud) as proxy:
        shell, copy = Shell(cloud, proxy), fresh()
        absent(shell)
        rooted(shell, cloud, copy)
        count = 0
        for script, maker, names in ((installs[1], aws, ["rest", "rest-role", "definition", "sam-after", "embedded"]),
                                     (installs[0], sam, ["sam-after", "sam-before", "http", "rest-role"])):
            shell.must(script, copy, answers="grantinvoke\nus-east-1\n" + "\n" * 30)
            print("installed from a fresh copy by: %s" % "; ".join(script.splitlines()), flush=True)
            count += used(shell, cloud, proxy, maker, names)
            refused(shell, cloud)
            if maker is aws:
                if "CHECK_NODE" in os.environ:
                    count += used(shell, cloud, proxy, cdk, ["rest", "rest-role"], edits=2)
                else:
                    print("SKIPPED: cdk, which needs Node.js", flush=True)
                defined(shell, cloud, copy)
                rolled_back(shell, cloud)
            uninstalled(shell, cloud, maker(shell, cloud)[1])
    print("%d clients, %d templates with transforms; %d calls allowed, none but these" % (
        3 if "CHECK_NODE" in os.environ else 2, len(proxy.called), count))


if __name__ == "__main__":
    main()
