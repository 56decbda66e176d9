"""What the services of a stack invoke, read from the services that run.

A wire is the logical id of the resource that names the function, the service's
principal, the function's ARN with its qualifier, the ARN that the service
presents as its source, the role that it calls with, if any, and whether the
template can know the whole of that ARN.
"""
import collections

from cloud import ACCOUNT, REGION, client

Wire = collections.namedtuple("Wire", "resource principal function source role exact", defaults=[None, True])

# What the emulator doesn't know is made as a parameter of SSM that waits for the
# same resources. Its value is what the template says of whom the service invokes,
# and as what, with all references followed.
UNKNOWN = {
    "AWS::Config::ConfigRule": lambda p: [p["Source"]["SourceIdentifier"]],
    "AWS::SES::ReceiptRuleSet": lambda p: [p["RuleSetName"]],
    "AWS::SES::ReceiptRule": lambda p: [p["Rule"]["Actions"][0]["LambdaAction"]["FunctionArn"], p["RuleSetName"], p["Rule"]["Name"]],
    "AWS::SecretsManager::RotationSchedule": lambda p: [p["RotationLambdaARN"], p["SecretId"]],
}
GROUP = "AWS::ElasticLoadBalancingV2::TargetGroup"  # of which the emulator leaves the targets out


def arn(service, rest):
    return "arn:aws:%s:%s:%s:%s" % (service, REGION, ACCOUNT, rest)


def known(template):
    """The template with stand-ins for the types that the emulator doesn't know."""
    resources = {}
    for name, r in template["Resources"].items():
        p = r.get("Properties")
        if r["Type"] in UNKNOWN:
            own = {"Name": p["RuleSetName"]} if r["Type"].endswith("RuleSet") else {}
            r = dict(r, Type="AWS::SSM::Parameter", Properties=dict(own, Type="String", Value=joined(UNKNOWN[r["Type"]](p))))
        if r["Type"] == GROUP:
            value = joined([p["Targets"][0]["Id"], {"Ref": name}])
            resources[name + "Targets"] = {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": value}}
        resources[name] = r
    return dict(template, Resources=resources)


def joined(values):
    return {"Fn::Join": ["|", values]}


def read(cloud, stack, template):
    """Every wire of a stack. The template has the types of the resources that
    stand-ins are made for."""
    found, made = set(), cloud.resources(stack)
    for name in made.keys() & template["Resources"].keys():
        kind = template["Resources"][name]["Type"]
        physical = made[name + "Targets" if kind == GROUP else name]
        for wire in READERS[kind](Service(cloud.endpoint), physical) if kind in READERS else ():
            if wire[1] and ":function:" in wire[1]:
                found.add(Wire(name, *wire))
    return found


class Service:
    """The clients of an emulator, each made at its first use."""

    def __init__(self, endpoint):
        self.endpoint = endpoint

    def __getattr__(self, name):
        return client(name.replace("_", "-"), self.endpoint)


def rule(aws, name):
    bus = [b["Name"] for b in aws.events.list_event_buses()["EventBuses"]]
    for b in bus:
        for r in aws.events.list_rules(EventBusName=b)["Rules"]:
            if name in (r["Name"], b + "|" + r["Name"]):
                for target in aws.events.list_targets_by_rule(Rule=r["Name"], EventBusName=b)["Targets"]:
                    yield "events.amazonaws.com", target["Arn"], r["Arn"], target.get("RoleArn")


def subscription(aws, physical):
    for own in aws.sns.list_subscriptions()["Subscriptions"]:
        if own["SubscriptionArn"] == physical and own["Protocol"] == "lambda":
            yield "sns.amazonaws.com", own["Endpoint"], own["TopicArn"]


def topic_rule(aws, name):
    own = aws.iot.get_topic_rule(ruleName=name)
    for action in own["rule"]["actions"] + [own["rule"].get("errorAction") or {}]:
        yield "iot.amazonaws.com", action.get("lambda", {}).get("functionArn"), own["ruleArn"]


def hook(aws, name):
    own = aws.iot.describe_provisioning_template(templateName=name)
    yield "iot.amazonaws.com", own["preProvisioningHook"]["targetArn"], own["templateArn"]


def pool(aws, physical):
    own = aws.cognito_idp.describe_user_pool(UserPoolId=physical)["UserPool"]
    for function in own["LambdaConfig"].values():
        yield "cognito-idp.amazonaws.com", function, own["Arn"]


def alarm(aws, name):
    own = aws.cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"][0]
    for action in own["AlarmActions"] + own["OKActions"]:
        yield "lambda.alarms.cloudwatch.amazonaws.com", action, own["AlarmArn"]


def graph(aws, physical):
    own = aws.appsync.get_graphql_api(apiId=physical.split("/")[-1])["graphqlApi"]
    yield "appsync.amazonaws.com", own["lambdaAuthorizerConfig"]["authorizerUri"], own["arn"]


def bucket(aws, name):
    for one in aws.s3.get_bucket_notification_configuration(Bucket=name).get("LambdaFunctionConfigurations", []):
        yield "s3.amazonaws.com", one["LambdaFunctionArn"], "arn:aws:s3:::" + name, None, not name.startswith("order-")


def subscription_filter(aws, physical):
    for group in aws.logs.describe_log_groups()["logGroups"]:
        for own in aws.logs.describe_subscription_filters(logGroupName=group["logGroupName"])["subscriptionFilters"]:
            if own["filterName"] in physical:
                yield "logs.amazonaws.com", own["destinationArn"], arn("logs", "log-group:%s:*" % group["logGroupName"])


def stand_in(aws, name):
    """The values of a stand-in, see known()."""
    return aws.ssm.get_parameter(Name=name)["Parameter"]["Value"].split("|")


def config_rule(aws, name):
    yield "config.amazonaws.com", stand_in(aws, name)[0], arn("config", "config-rule/config-rule-a1b2c3"), None, False


def receipt_rule(aws, name):
    function, rules, own = stand_in(aws, name)
    yield "ses.amazonaws.com", function, arn("ses", "receipt-rule-set/%s:receipt-rule/%s" % (rules, own))


def rotation(aws, name):
    function, secret = stand_in(aws, name)
    yield "secretsmanager.amazonaws.com", function, secret, None, False


def target_group(aws, name):
    function, group = stand_in(aws, name)
    yield "elasticloadbalancing.amazonaws.com", function, group, None, False


READERS = {
    "AWS::Events::Rule": rule,
    "AWS::SNS::Subscription": subscription,
    "AWS::IoT::TopicRule": topic_rule,
    "AWS::IoT::ProvisioningTemplate": hook,
    "AWS::Cognito::UserPool": pool,
    "AWS::CloudWatch::Alarm": alarm,
    "AWS::AppSync::GraphQLApi": graph,
    "AWS::S3::Bucket": bucket,
    "AWS::Logs::SubscriptionFilter": subscription_filter,
    "AWS::Config::ConfigRule": config_rule,
    "AWS::SES::ReceiptRule": receipt_rule,
    "AWS::SecretsManager::RotationSchedule": rotation,
    GROUP: target_group,
}

# Those that try the permission while they are made (the documentation of each,
# and what macro/docs/services.md says of it).
TRIED = {"AWS::S3::Bucket", "AWS::Logs::SubscriptionFilter", "AWS::Config::ConfigRule", "AWS::SES::ReceiptRule", "AWS::IoT::ProvisioningTemplate",
         "AWS::SecretsManager::RotationSchedule", GROUP}
