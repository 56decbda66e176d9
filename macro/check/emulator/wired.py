"""Stacks in which other services than API Gateway invoke functions: each is
deployed and updated, the policies are held against what the services that run
present, and, since the emulator tries no permission, the stack's events say
whether one was there before the resource whose service would try it."""
import sys

import access
import reference
import stacks
import wires
from cloud import ACCOUNT
from stacks import Story, macro, read


def rule_moved(resources):
    resources["OnBus"]["Properties"]["Targets"] = [{"Id": "a", "Arn": {"Fn::GetAtt": ["SignUp", "Arn"]}}]


def triggers_changed(resources):
    resources["Users"]["Properties"]["LambdaConfig"] = {"CustomMessage": {"Fn::GetAtt": ["SignUp", "Arn"]}, "PreSignUp": {"Ref": "Live"}}
    del resources["Reader"]


def notified_elsewhere(resources):
    """The new function's permission has to come before the bucket's update."""
    resources["Bucket"]["Properties"]["NotificationConfiguration"]["LambdaConfigurations"][0]["Function"] = {"Fn::GetAtt": ["Other", "Arn"]}


def branch_taken(resources):
    """The dependency is in the branch that names the function: here it counts."""
    stacks.condition_met(resources)
    resources["Archive"]["Properties"]["NotificationConfiguration"]["LambdaConfigurations"][0]["Fn::If"][0] = "HasUsers"


def filter_moved(resources):
    resources["Logs"] = {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": "/shop/more"}}
    resources["Filter"]["Properties"]["LogGroupName"] = {"Ref": "Logs"}


def stories():
    moves = [rule_moved, triggers_changed]
    order = [notified_elsewhere, branch_taken, filter_moved]
    return [
        Story("services", read("services"), ["GrantInvoke"], moves),
        Story("services-role", read("services"), [macro(Grant="role")], moves),
        Story("services-account", read("services"), [macro(SourceAccount="true")], moves),
        Story("order", read("order"), ["GrantInvoke"], order),
        Story("order-account", read("order"), [macro(SourceAccount="true")], order),
    ]


def events(cloud, stack):
    """The events of a stack, the oldest first."""
    pages = cloud.cloudformation.get_paginator("describe_stack_events").paginate(StackName=stack)
    return [e for page in pages for e in page["StackEvents"]][::-1]


def allowing(wire, statements, source=None, account=ACCOUNT, principal=None):
    """The statements that allow a wire's call, or one that differs from it."""
    return [s for s in statements if access.allows(s, wire.function, source or wire.source, principal or wire.principal, account)]


def strangers(wire, found):
    """Who must not call: whoever differs in one thing from who may. Where a
    source of a service is unknown, its other sources may be allowed with it."""
    other = wire.source.replace(":%s:" % ACCOUNT, ":210987654321:")
    yield "another account", dict(source=other, account="210987654321")
    yield "another service", dict(principal="codebuild.amazonaws.com")
    if all(w.exact for w in found if w[1:3] == wire[1:3]):
        yield "another resource", dict(source=wire.source[:-2] + "/elsewhere" + wire.source[-2:])


def faults(cloud, found, template, log, seen):
    """What is wrong after a deployment of which the events begin at seen."""
    policies = {f: access.statements(cloud, f) for f in {w.function for w in found}}
    wrong = []
    for wire in sorted(found, key=str):
        statements = policies[wire.function]
        if wire.role:
            wrong += access.role(cloud, wire.role.split("/")[-1], wire.function, wire.principal)
            continue
        allowed = allowing(wire, statements)
        if not allowed:
            wrong.append("not allowed: %s from %s" % (wire.function, wire.source))
        elif template["Resources"][wire.resource]["Type"] in wires.TRIED:
            wrong += late(wire, {s["Sid"] for s in allowed}, log, seen)
        for who, change in strangers(wire, found):
            if allowing(wire, statements, **change):
                wrong.append("allowed to %s: %s from %s" % (who, wire.function, wire.source))
    for function, statements in sorted(policies.items()):
        wrong += ["needed by no call: %s" % s for s in statements
                  if not any(allowing(w, [s]) for w in found if w.function == function and not w.role)]
    return wrong


def late(wire, permissions, log, seen):
    """Whether a resource's creation began before one of its permissions existed."""
    begun = next((i for i, e in enumerate(log) if i >= seen and e["LogicalResourceId"] == wire.resource and e["ResourceStatus"].endswith("IN_PROGRESS")), None)
    there = [e for e in log[:begun] if e["PhysicalResourceId"] in permissions and e["ResourceStatus"].endswith("COMPLETE")]
    return [] if begun is None or there else ["%s was begun before its permission was there: %s from %s" % (wire.resource, wire.function, wire.source)]


def run(cloud, player, story):
    """Deploys a story, looks after each step, and deletes the stack. Returns how
    many calls were allowed."""
    count, seen, before = 0, 0, set()
    for number, (what, template) in enumerate(stacks.templates_of(story)):
        processed, error = player.process(template, name=story.name)
        if error:
            sys.exit("%s: %s" % (story.name, error))
        cloud.deploy(story.name, wires.known(processed), update=number > 0)
        found, log = wires.read(cloud, story.name, processed), events(cloud, story.name)
        wrong = faults(cloud, found, processed, log, seen) + reference.dangling(processed, cloud.resources(story.name))
        wrong += ["still allowed: %s from %s" % w[2:4] for w in before - found if not any(w[1:4] == n[1:4] for n in found)
                  and allowing(w, access.statements(cloud, w.function))]
        if wrong or not found:
            sys.exit("\n".join("%s, %s: %s" % (story.name, what, w) for w in wrong or ["no calls"]))
        print("%s, %s: %d calls of %d services allowed, and none else" % (story.name, what, len(found), len({w.principal for w in found})), flush=True)
        count, seen, before = count + len(found), len(log), found
    cloud.delete(story.name)
    if any(access.statements(cloud, w.function) for w in before):
        sys.exit("%s, deleted: left are statements" % story.name)
    return count


def refused(player):
    """A function that waits for the bucket whose service tries its permission
    first: a circular dependency, the only case that the macro refuses."""
    template = read("order")
    resources = template["Resources"]
    resources["Worker"]["Properties"].update(FunctionName="worker", Environment={"Variables": {"BUCKET": {"Ref": "Bucket"}}})
    resources["Bucket"]["Properties"]["NotificationConfiguration"]["LambdaConfigurations"] = [
        {"Event": "s3:ObjectCreated:*", "Function": {"Fn::Sub": "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:worker"}}]
    _, error = player.process(dict(template, Transform=[macro(OnUnknown="fail")]), name="refused")
    wanted = "Bucket.Properties.NotificationConfiguration.LambdaConfigurations.0.Function: the service tries the permission"
    if not error or error.count("hint: ") != 1 or wanted not in error:
        sys.exit("a function that waits for its bucket: %s" % error)
    print("a function that waits for the bucket that notifies it: " + error, flush=True)
