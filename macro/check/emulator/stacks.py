"""The stacks that are deployed: a template each, and what happens to it."""
import collections
import copy
import json
import os
import pathlib

import templates

HERE = pathlib.Path(os.path.abspath(__file__)).parent
SAM = "AWS::Serverless-2016-10-31"
LANGUAGE = "AWS::LanguageExtensions"
PREFIX = "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/"
CROWD = 60  # more routes than one function's policy takes, each by itself

# A story is a stack: its name, its template, the Transform section, edits of
# the template, each deployed as an update, and whether each call is allowed by
# itself, not together with what lies beside it.
Story = collections.namedtuple("Story", "name template transform edits exact", defaults=[True])


def rest_route_added(resources):
    method = copy.deepcopy(resources["Root"])
    method["Properties"].update(HttpMethod="POST", ResourceId={"Ref": "UsersPath"})
    method["Properties"]["Integration"]["Uri"] = {"Fn::Sub": PREFIX + "${Orders.Arn}/invocations"}
    resources["CreateUser"] = method


def rest_route_removed(resources):
    del resources["ListUsers"]


def function_renamed(resources):
    resources["Users"]["Properties"]["FunctionName"] = {"Fn::Sub": "${AWS::StackName}-people"}


def logical_id_renamed(resources):
    """With the name, which two functions cannot have at once."""
    resources["People"] = resources.pop("Users")
    del resources["People"]["Properties"]["FunctionName"]
    for name in ("Root", "PutFile"):
        resources[name]["Properties"]["Integration"]["Uri"] = {"Fn::Sub": PREFIX + "${People.Arn}/invocations"}


def roles_wanted(resources):
    resources["Api"]["Metadata"] = {"GrantInvoke": {"Grant": "role"}}


def permissions_wanted(resources):
    del resources["Api"]["Metadata"]


def http_routes_changed(resources):
    del resources["GetBook"], resources["Say"]
    resources["AddBook"] = copy.deepcopy(resources["AnyBook"])
    resources["AddBook"]["Properties"]["RouteKey"] = "POST /books/{id}/copies"
    resources["Shout"] = copy.deepcopy(resources["Connect"])
    resources["Shout"]["Properties"]["RouteKey"] = "shout"


def alias_dropped(resources):
    resources["ToBooks"]["Properties"]["IntegrationUri"] = {"Fn::GetAtt": ["Books", "Arn"]}


def method_added_to_definition(resources):
    paths = resources["Api"]["Properties"]["Body"]["paths"]
    paths["/users"]["post"] = copy.deepcopy(paths["/users/{id}"]["delete"])


def condition_met(resources):
    """The parameter's default decides, so that no other value is needed."""
    for resource in resources.values():
        if resource.get("Condition") == "HasAdmin":
            resource["Condition"] = "HasUsers"


def stage_added(resources):
    stage = copy.deepcopy(resources["LiveStage"])
    stage["Properties"].update(StageName="v2", Variables={"alias": "test"})
    resources["NextStage"] = stage


def second_stage(resources):
    resources["Next"] = copy.deepcopy(resources["Live"])
    resources["Next"]["Properties"]["StageName"] = "v2"


def one_route_more(resources):
    resources.update(crowd_route(CROWD))


def event_added(resources):
    """For a path that was in the definition alone: SAM permits it now."""
    resources["Orders"]["Properties"]["Events"] = {
        "Add": {"Type": "Api", "Properties": {"RestApiId": {"Ref": "Api"}, "Path": "/orders", "Method": "post"}}}


def page_added(resources):
    resources["Fn::ForEach::Functions"][1] = ["users", "orders", "files"]


def page_removed(resources):
    resources["Fn::ForEach::Functions"][1] = ["orders", "files"]


def loops():
    """A story with a transform that only the clients' CloudFormation has."""
    return Story("loops", read("loops"), [LANGUAGE, "GrantInvoke"], [page_added, page_removed])


def crowd_route(number):
    """A path and its method, for the function of the crowd."""
    function = {"Fn::Sub": PREFIX + "${Users.Arn}/invocations"}
    return {
        "Path%d" % number: {"Type": "AWS::ApiGateway::Resource", "Properties": {
            "RestApiId": {"Ref": "Api"}, "ParentId": {"Fn::GetAtt": ["Api", "RootResourceId"]}, "PathPart": "part%d" % number}},
        "Method%d" % number: {"Type": "AWS::ApiGateway::Method", "Properties": {
            "RestApiId": {"Ref": "Api"}, "ResourceId": {"Ref": "Path%d" % number}, "HttpMethod": "GET", "AuthorizationType": "NONE",
            "Integration": {"Type": "AWS_PROXY", "IntegrationHttpMethod": "POST", "Uri": function}}},
    }


def crowd():
    """One function behind many routes."""
    template = read("rest")
    resources = {name: template["Resources"][name] for name in ("Users", "Api", "Live")}
    for number in range(CROWD):
        resources.update(crowd_route(number))
    resources["Deployment"] = dict(template["Resources"]["Deployment"], DependsOn=["Method%d" % n for n in range(CROWD)])
    return dict(template, Resources=resources)


def embedded(template):
    """The macro among the resources, which is then all that it gets to see."""
    return dict(template, Resources=dict(template["Resources"], **{"Fn::Transform": macro()}))


def macro(**parameters):
    return {"Name": "GrantInvoke", "Parameters": parameters}


def options(story):
    """The options in a story's Transform section."""
    return next((t["Parameters"] for t in story.transform if isinstance(t, dict)), {})


def read(name):
    """A template of the folder, its functions with the code beside it."""
    code = json.dumps((HERE / "stack" / "index.py").read_text())
    template = templates.parse((HERE / "stack" / (name + ".yaml")).read_text().replace(": index.py", ": " + code))
    if "Conditions" in template:
        template["Conditions"]["HasUsers"] = {"Fn::Not": [{"Condition": "HasAdmin"}]}
    return template


def stories():
    rest = [rest_route_added, rest_route_removed, function_renamed, logical_id_renamed]
    return [
        Story("rest", read("rest"), ["GrantInvoke"], rest),
        Story("rest-whole", read("rest"), [macro(Scope="api", SourceAccount="true")], rest, exact=False),
        Story("rest-declared", read("rest"), [macro(Stages="declared")], [second_stage]),
        Story("rest-role", read("rest"), [macro(Grant="role")], rest),
        Story("rest-switched", read("rest"), ["GrantInvoke"], [roles_wanted, permissions_wanted]),
        Story("crowd", crowd(), ["GrantInvoke"], [one_route_more], exact=False),
        Story("http", read("http"), ["GrantInvoke"], [http_routes_changed, alias_dropped]),
        Story("http-role", read("http"), [macro(Grant="role")], [http_routes_changed]),
        Story("embedded", embedded(read("http")), [], [http_routes_changed]),
        Story("definition", read("definition"), ["GrantInvoke"], [method_added_to_definition, condition_met]),
        Story("definition-role", read("definition"), [macro(Grant="role")], [method_added_to_definition]),
        Story("conditional", read("conditional"), ["GrantInvoke"], [condition_met]),
        Story("conditional-role", read("conditional"), [macro(Grant="role")], [condition_met]),
        Story("stages", read("stages"), ["GrantInvoke"], [stage_added]),
        Story("sam-after", read("sam"), [SAM, "GrantInvoke"], [event_added]),
        Story("sam-before", read("sam"), ["GrantInvoke", SAM], [event_added]),
    ]


def templates_of(story):
    """Each template of a story, with what happened to it."""
    template = copy.deepcopy(story.template)
    yield "created", dict(template, Transform=story.transform)
    for edit in story.edits:
        template = copy.deepcopy(template)
        edit(template["Resources"])
        yield edit.__name__.replace("_", " "), dict(template, Transform=story.transform)
