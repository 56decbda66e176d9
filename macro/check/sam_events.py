"""Templates in which SAM permits a service to invoke a function, and the same
service is wired to it by a resource beside: to what SAM permits, or to something
else of the kind. Each with and without an alias that SAM publishes, and under a
condition."""
import collections

import templates

# A case: the template as a golden, and what has to be allowed by somebody: the
# service's principal and its source, in the spellings that grants.py may make of
# it.
Case = collections.namedtuple("Case", "golden principal sources")

ARN = {"Fn::GetAtt": ["Fn", "Arn"]}
OWN = "arn:{AWS.Partition}:%s:{AWS.Region}:{AWS.AccountId}:%s"


def rule(name):
    return {name: {"Type": "AWS::Events::Rule", "Properties": {"ScheduleExpression": "rate(1 day)", "Targets": [{"Id": "a", "Arn": ARN}]}}}


def topic_rule(name):
    payload = {"Sql": "SELECT * FROM 'a'", "Actions": [{"Lambda": {"FunctionArn": ARN}}]}
    return {name: {"Type": "AWS::IoT::TopicRule", "Properties": {"TopicRulePayload": payload}}}


def topic(name):
    return {name: {"Type": "AWS::SNS::Topic"}}


def subscription(name):
    return {name + "Reader": {"Type": "AWS::SNS::Subscription", "Properties": {"TopicArn": {"Ref": name}, "Protocol": "lambda", "Endpoint": ARN}}}


def group(name):
    return {name: {"Type": "AWS::Logs::LogGroup"}}


def subscription_filter(name):
    properties = {"LogGroupName": {"Ref": name}, "FilterPattern": "", "DestinationArn": ARN}
    return {name + "Filter": {"Type": "AWS::Logs::SubscriptionFilter", "Properties": properties}}


def pool(name, wired=False):
    return {name: {"Type": "AWS::Cognito::UserPool", "Properties": {"LambdaConfig": {"PostConfirmation": ARN}} if wired else {}}}


def bucket(name, wired=False):
    notifications = {"NotificationConfiguration": {"LambdaConfigurations": [{"Event": "s3:ObjectRemoved:*", "Function": ARN}]}}
    return {name: {"Type": "AWS::S3::Bucket", "Properties": notifications if wired else {}}}


def api(name):
    return {name: {"Type": "AWS::AppSync::GraphQLApi", "Properties": {"Name": name, "AuthenticationType": "AWS_LAMBDA", "LambdaAuthorizerConfig": {"AuthorizerUri": ARN}}}}


def event(kind, **properties):
    return {"Events": {"Given": {"Type": kind, "Properties": properties}}}


def connector(source):
    return {"Given": {"Type": "AWS::Serverless::Connector", "Properties": {"Source": {"Id": source}, "Destination": {"Id": "Fn"}, "Permissions": ["Write"]}}}


# What SAM grants: properties of the function, resources beside, and a wiring of
# the same kind with the service and the source that it presents.
OTHER_RULE = (rule("Other"), "events", "{Other}")
OTHER_TOPIC_RULE = (topic_rule("Other"), "iot", "{Other}")
KINDS = {
    "schedule": (event("Schedule", Schedule="rate(1 hour)"), {}, [OTHER_RULE]),
    "cloudwatch-event": (event("CloudWatchEvent", Pattern={"source": ["a"]}), {}, [OTHER_RULE]),
    "eventbridge-rule": (event("EventBridgeRule", Pattern={"source": ["a"]}), {}, [OTHER_RULE]),
    "iot-rule": (event("IoTRule", Sql="SELECT * FROM 'b'"), {}, [OTHER_TOPIC_RULE]),
    "sns": (event("SNS", Topic={"Ref": "Same"}), topic("Same"), [
        (subscription("Same"), "sns", "{Same}"), (dict(topic("Other"), **subscription("Other")), "sns", "{Other}")]),
    "sns-if": (event("SNS", Topic={"Fn::If": ["C", {"Ref": "Same"}, {"Ref": "Else"}]}), dict(topic("Same"), **topic("Else")), [
        (dict(topic("Other"), **subscription("Other")), "sns", "{Other}")]),
    "bus-rule": (event("EventBridgeRule", EventBusName="bus", Pattern={"source": ["a"]}), {}, [OTHER_RULE]),
    "logs": (event("CloudWatchLogs", LogGroupName={"Ref": "Same"}, FilterPattern=""), group("Same"), [
        (subscription_filter("Same"), "logs", OWN % ("logs", "log-group:{Same}:*")), (dict(group("Other"), **subscription_filter("Other")), "logs", OWN % ("logs", "log-group:{Other}:*"))]),
    "cognito": (event("Cognito", UserPool={"Ref": "Same"}, Trigger="PreSignUp"), pool("Same"), [
        (pool("Same", True), "cognito-idp", "{Same}"), (pool("Other", True), "cognito-idp", "{Other}")]),
    "s3": (event("S3", Bucket={"Ref": "Same"}, Events="s3:ObjectCreated:*"), bucket("Same"), [(bucket("Other", True), "s3", None)]),
    "alexa": (event("AlexaSkill", SkillId="amzn1.ask.skill.a"), {}, [OTHER_RULE]),
    "pools": ({"Events": {name: {"Type": "Cognito", "Properties": {"UserPool": {"Ref": of}, "Trigger": "PreSignUp"}} for name, of in (("Zed", "Same"), ("Given", "Else"))}},
              dict(pool("Same"), **pool("Else")), [OTHER_RULE]),
    "several": ({"Events": {"Given": {"Type": "S3", "Properties": {"Bucket": {"Ref": "Same"}, "Events": ["s3:ObjectCreated:*", "s3:ObjectRemoved:*"]}},
                            "Join": {"Type": "Cognito", "Properties": {"UserPool": {"Ref": "Pool"}, "Trigger": ["PreSignUp", "PostConfirmation"]}}}},
                dict(bucket("Same"), **pool("Pool")), [OTHER_RULE]),
    "url": ({"FunctionUrlConfig": {"AuthType": "NONE"}}, {}, [OTHER_RULE]),
    "rule-connector": ({}, connector("Same"), [(rule("Same"), "events", "{Same}"), (dict(rule("Same"), **rule("Other")), "events", "{Other}")]),
    "topic-connector": ({}, dict(topic("Same"), **connector("Same")), [
        (subscription("Same"), "sns", "{Same}"), (dict(topic("Other"), **subscription("Other")), "sns", "{Other}")]),
    "bucket-connector": ({}, dict(bucket("Same"), **connector("Same")), [(bucket("Other", True), "s3", None)]),
    "api-authorizer": ({}, {"Given": {"Type": "AWS::Serverless::GraphQLApi", "Properties": {
        "SchemaInline": "type Query {a: Int}", "Auth": {"Type": "AWS_LAMBDA", "LambdaAuthorizer": {"AuthorizerUri": ARN}}}}}, [(api("Other"), "appsync", "{Other}")]),
    "api-connector": ({}, connector("Same"), [(api("Same"), "appsync", "{Same}"), (dict(api("Same"), **api("Other")), "appsync", "{Other}")]),
}
VARIANTS = {"": {}, "-alias": {"AutoPublishAlias": "live"}}


def spellings(source):
    """What a source may look like: SAM writes some ARNs with the partition's
    name, and of AppSync's with the API's id."""
    apis = [OWN % ("appsync", "apis/" + source)] if source and ":" not in source else []
    return [source] + [s.replace("{AWS.Partition}", p) for s in apis + [source or ""] for p in ("{AWS.Partition}", "aws")]


def cases():
    """Every kind, with each wiring and each variant of the function."""
    found = []
    for kind, (own, beside, wirings) in KINDS.items():
        for number, (wiring, service, source) in enumerate(wirings):
            for variant, more in VARIANTS.items():
                for condition in (None, "C"):
                    function = dict({"Runtime": "python3.13", "Handler": "index.handler", "InlineCode": "pass"}, **own, **more)
                    resources = dict({"Fn": {"Type": "AWS::Serverless::Function", "Properties": function}}, **beside)
                    resources.update(wiring)
                    template = {"Parameters": {"P": {"Type": "String", "Default": "a"}}, "Conditions": {"C": {"Fn::Equals": [{"Ref": "P"}, "a"]}}}
                    if condition:
                        resources = {n: dict(r, Condition=condition) for n, r in resources.items()}
                    golden = templates.Golden("%s-%d%s%s" % (kind, number, variant, "-condition" if condition else ""), dict(template, Resources=resources),
                                              {"params": {"Services": ["all", "url"]}, "values": {"P": "a"}})
                    found.append(Case(golden, service + ".amazonaws.com", spellings(source)))
    return found
