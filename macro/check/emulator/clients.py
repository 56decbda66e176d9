"""The aws command, sam-cli, the CDK and osls as they are, against a CloudFormation
that calls macros: the macro is installed as the README says, from a fresh copy and
from a release, and stacks are created, updated and deleted with it. After each
deployment the policies that are then there are held against the calls that are
then made, as in emulator.py, and the calls are made.

  CLIENTS="include osls" sh macro/check/run.sh clients     these alone, which proves less and never passes
"""
import functools
import json
import os
import sys
import threading

import access
import emulator
import gateway
import install
import reach
import stacks
from cloud import BUCKET, Cloud
from deployers import Aws, Cdk, Direct, Include, Osls, Sam
from proxy import Proxy
from shell import Shell, plain

WORK = emulator.WORK
MACRO = "123456789012::GrantInvoke"

# The stories that run with the first installation, and with the second: lanes that
# run at the same time, each a client and its stories in order.
FIRST = [(Cdk, ["rest", "rolled-back"]),
         (Cdk, ["rest-role"]),
         (Aws, ["rest", "http-role", "definition", "embedded", "loops"]),
         (Aws, ["rest-role", "definition-role", "rolled-back"]),
         (Include, ["definition", "loops"]),
         (Osls, ["rest", "rolled-back"]),
         (Direct, ["rest-role"])]
SECOND = [(Sam, ["sam-after", "http", "rolled-back"]),
          (Sam, ["sam-before", "loops"]),
          (Sam, ["rest-role"])]


class Watch:
    """What the clients have done so far: calls that were allowed, and calls that
    were made, by the client's name."""

    def __init__(self):
        self.lock, self.allowed, self.reached = threading.Lock(), {}, {}

    def add(self, counts, name, number):
        with self.lock:
            counts[name] = counts.get(name, 0) + number


def path_added(resources):
    paths = resources["Api"]["Properties"]["DefinitionBody"]["paths"]
    paths["/orders/{id}"] = {"get": json.loads(json.dumps(paths["/orders"]["post"]))}


def path_removed(resources):
    del resources["Api"]["Properties"]["DefinitionBody"]["paths"]["/orders"]


def orders_renamed(resources):
    resources["Orders"]["Properties"]["FunctionName"] = {"Fn::Sub": "${AWS::StackName}-orders"}


def chosen(client, name):
    """A story as a client runs it: those of SAM with edits of the definition,
    which SAM grants nothing for. Without the edit that makes a condition true,
    which the emulator's change sets don't see as a change; and the rename of a
    logical id, which concerns CloudFormation alone, with one client only."""
    story = next(s for s in stacks.stories() + [stacks.loops()] if s.name == name)
    edits = [path_added, path_removed, orders_renamed] if name.startswith("sam-") else story.edits
    without = [stacks.condition_met] + ([stacks.logical_id_renamed] if client.name != "aws" else [])
    return story._replace(name="%s-%s" % (client.name, name), edits=[e for e in edits if e not in without])


def used(client, proxy, watch, name):
    """Runs a story with one client."""
    def look(calls):
        count, wrong = reach.reached(client.cloud, calls)
        watch.add(watch.reached, client.name, count)
        return wrong
    story = chosen(client, name)
    watch.add(watch.allowed, client.name, emulator.run(client.cloud, (client.deploy, client.delete), story, look))
    if "GrantInvoke" not in proxy.called.get(story.name, ()):
        sys.exit("%s: the macro was not called" % story.name)


def refused(client):
    """What the macro refuses: the client shows the macro's own message, and
    nothing is deployed."""
    line = "aws cloudformation deploy --template-file template.json --stack-name refused"
    folder = client.write("refused", dict(stacks.read("rest"), Transform=[stacks.macro(Grnt="role")]))
    client.shell.refused(line, folder, "Transform %s failed with: " % MACRO, "Grnt")
    client.write("refused", dict(stacks.read("rest"), Transform=[stacks.macro(Grant="role")]))
    client.shell.refused(line, folder, "CAPABILITY_IAM")
    if any(s["StackName"] == "refused" for s in client.cloud.cloudformation.describe_stacks()["Stacks"]):
        sys.exit("what was refused has left a stack")
    print("a wrong option, and a role without CAPABILITY_IAM: refused, in words, and nothing is deployed", flush=True)


def absent(client):
    """Before the installation, or after it was taken away."""
    folder = client.write("absent", dict(stacks.read("rest"), Transform=["GrantInvoke"]))
    client.shell.refused("aws cloudformation deploy --template-file template.json --stack-name absent", folder, "No transform named %s found" % MACRO)


def defined(client, packaged):
    """A definition that the client puts into S3, and the macro reads there once
    its stack is told the bucket. The emulator makes no routes of one, so that
    the policy is held against the paths that are written here."""
    client.shell.must("aws cloudformation deploy --template-file packaged.yaml --stack-name grantinvoke --capabilities CAPABILITY_IAM "
                      "--parameter-overrides DefinitionBuckets=%s" % BUCKET, packaged)
    function = "arn:aws:lambda:us-east-1:123456789012:function:listed"
    integration = {"type": "aws_proxy", "httpMethod": "POST",
                   "uri": "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/%s/invocations" % function}
    own = stacks.read("rest")["Resources"]["Users"]
    template = {"Transform": "GrantInvoke", "Resources": {
        "Listed": dict(own, Properties=dict(own["Properties"], FunctionName="listed")),
        "Api": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"BodyS3Location": "openapi.json"}}}}
    name = client.name + "-defined"
    folder = client.write(name, template)
    for paths in (["/pets"], ["/pets", "/pets/{id}"], ["/owners"]):
        (folder / "openapi.json").write_text(json.dumps({"openapi": "3.0.1", "info": {"title": "pets", "version": "1"}, "paths": {
            path: {"get": {"x-amazon-apigateway-integration": integration}} for path in paths}}))
        client.deploy(name, template, update=True)
        allowed = {s["Condition"]["ArnLike"]["AWS:SourceArn"].partition("/")[2] for s in access.statements(client.cloud, function)}
        if allowed != {"*/GET" + path.replace("{id}", "*") for path in paths}:
            sys.exit("of a definition in S3 with %s is allowed %s" % (paths, sorted(allowed)))
    client.delete(name)
    print("a definition in S3, changed twice: its paths are allowed, and none else", flush=True)


def rolled_back(client):
    """The same template again changes nothing; an update that fails halfway
    leaves the policies as they were."""
    name, cloud = client.name + "-rolled-back", client.cloud
    story = stacks.Story(name, stacks.read("rest"), ["GrantInvoke"], [stacks.rest_route_added])
    (_, first), (_, second) = stacks.templates_of(story)
    client.deploy(name, first, update=False)
    before = {f: access.statements(cloud, f) for f in emulator.qualified(cloud, name)}
    said = plain(client.again(name))
    if client.unchanged not in said:
        sys.exit("%s, the same template again: %s" % (name, said))
    second["Resources"]["Taken"] = {"Type": "AWS::S3::Bucket", "DependsOn": "CreateUser", "Properties": {"BucketName": BUCKET}}
    ok, said = client.attempt(name, second)
    status = cloud.cloudformation.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"]
    if ok or status != "UPDATE_ROLLBACK_COMPLETE":
        sys.exit("%s: an update that fails ends in %s: %s" % (name, status, said))
    calls = gateway.calls(cloud, name, True, client.processed(name))
    found = emulator.faults(cloud, story, calls, set(), emulator.known(cloud, name))
    after = {f: access.statements(cloud, f) for f in emulator.qualified(cloud, name)}
    if found or after != before or not any(before.values()):
        sys.exit("\n".join(["%s, after the rollback:" % name] + found + [str(before), str(after)]))
    client.delete(name)
    print("%s, the same template again: no changes; a failed update: rolled back, every policy as before" % client.name, flush=True)


def uninstalled(client):
    client.delete("grantinvoke")
    if client.cloud.functions.list_functions()["Functions"]:
        sys.exit("the macro's stack was deleted and has left its function")
    absent(client)


def run_lane(client, proxy, watch, names):
    """Runs a client's stories in order."""
    for name in names:
        if name == "rolled-back":
            rolled_back(client)
        else:
            used(client, proxy, watch, name)


class Clients:
    """The clients that are installed, or those that CLIENTS names. They wait
    more than they work, so that all lanes run at the same time."""

    def __init__(self, shell, cloud, proxy, watch):
        self.shell, self.cloud, self.proxy, self.watch = shell, cloud, proxy, watch
        self.wanted = os.environ.get("CLIENTS", "").split()

    def run(self, lanes):
        clients = [(kind(self.shell, self.cloud, WORK), names) for kind, names in lanes
                   if ("CHECK_NODE" in os.environ or not kind.node) and (not self.wanted or kind.name in self.wanted)]
        if clients:
            self.shell.together(*[functools.partial(run_lane, client, self.proxy, self.watch, names) for client, names in clients])


def main():
    """One installation after the other, each with the clients that use it."""
    by_sam, by_aws, by_console = install.blocks()
    with Cloud(WORK) as cloud, Proxy(WORK, cloud) as proxy:
        shell, watch, copy = Shell(cloud, proxy), Watch(), install.fresh(WORK)
        clients, aws = Clients(shell, cloud, proxy, watch), Aws(shell, cloud, WORK)
        absent(aws)
        folder = install.release(shell, copy, WORK, install.packaged(shell, cloud, copy))

        shell.must(by_aws, folder)
        installed(by_aws, "a release")
        if clients.wanted:
            clients.run(FIRST + SECOND)
            sys.exit("only %s: %d calls allowed" % (", ".join(clients.wanted), sum(watch.allowed.values())))
        clients.run(FIRST)
        refused(aws)
        defined(aws, folder / "grantinvoke-macro")
        uninstalled(aws)

        shell.must(by_sam, copy, answers=install.ANSWERS)
        installed(by_sam, "a fresh copy")
        clients.run(SECOND)
        refused(aws)
        uninstalled(Sam(shell, cloud, WORK))

        install.console(shell, proxy, cloud, by_console, folder / "grantinvoke-macro")
        installed(by_console, "a release, on the console")
        used(aws, proxy, watch, "http")
        uninstalled(aws)
    print("%d clients, %d templates with transforms; %d calls allowed, none but these; %d of them made" % (
        len({kind.program for kind, _ in FIRST + SECOND if kind.name in watch.allowed}), proxy.count,
        sum(watch.allowed.values()), sum(watch.reached.values())))


def installed(script, whence):
    print("installed from %s by: %s" % (whence, "; ".join(script.splitlines())), flush=True)


if __name__ == "__main__":
    main()
