"""The calls that the APIs of a stack make, read from the API Gateway that runs.

A call is a function's ARN, with its qualifier, the ARN that API Gateway presents
as the source, and the role that it calls with, if any.
"""
import collections
import re

import credentials
from cloud import ACCOUNT, REGION

Call = collections.namedtuple("Call", "function source role")

TEST = "test-invoke-stage"  # the console's Test button
METHODS = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")  # instead of ANY


def calls(cloud, stack, test, processed):
    """Every call that the APIs of a stack can make, with or without those of
    the console's Test button. Credentials that the emulator loses are those of
    the processed template."""
    found, lost = set(), credentials.lost(cloud, stack, processed)
    for api in cloud.resources(stack, "AWS::ApiGateway::RestApi").values():
        found |= rest(cloud.apigateway, api, test, lost)
    for api in cloud.resources(stack, "AWS::ApiGatewayV2::Api").values():
        found |= v2(cloud.apigatewayv2, api, lost)
    return found


def deployments(cloud, stack):
    """The deployments that the stages of a stack's REST APIs serve."""
    return {(api, s["stageName"]): s["deploymentId"] for api in cloud.resources(stack, "AWS::ApiGateway::RestApi").values()
            for s in cloud.apigateway.get_stages(restApiId=api)["item"]}


def rest(client, api, test, lost):
    stages = {s["stageName"]: s.get("variables") or {} for s in client.get_stages(restApiId=api)["item"]}
    if test and not any(stages.values()):
        stages[TEST] = {}  # with variables the button asks for them
    found = set()
    for resource in client.get_resources(restApiId=api, limit=500, embed=["methods"])["items"]:
        for verb in resource.get("resourceMethods") or {}:
            integration = client.get_method(restApiId=api, resourceId=resource["id"], httpMethod=verb).get("methodIntegration") or {}
            role = integration.get("credentials") or lost.get((api, resource["path"], verb))
            for stage, variables in stages.items():
                tails = ["%s/%s%s" % (stage, v, p) for v in verbs(verb) for p in paths(resource["path"])]
                found |= made(api, tails, integration.get("uri"), variables, role)
    for authorizer in client.get_authorizers(restApiId=api)["items"]:
        tail = ["authorizers/" + authorizer["id"]]
        for variables in stages.values():
            found |= made(api, tail, authorizer.get("authorizerUri"), variables, authorizer.get("authorizerCredentials"))
    return found


def v2(client, api, lost):
    stages = {s["StageName"]: s.get("StageVariables") or {} for s in client.get_stages(ApiId=api)["Items"]}
    integrations = {i["IntegrationId"]: i for i in client.get_integrations(ApiId=api)["Items"]}
    found = set()
    for route in client.get_routes(ApiId=api)["Items"]:
        integration = integrations[route["Target"].split("/")[1]]
        for stage, variables in stages.items():
            tails = [stage + "/" + t for t in routed(route["RouteKey"])]
            found |= made(api, tails, integration.get("IntegrationUri"), variables, integration.get("CredentialsArn") or lost.get(integration["IntegrationId"]))
    for authorizer in client.get_authorizers(ApiId=api)["Items"]:
        tail = ["authorizers/" + authorizer["AuthorizerId"]]
        found |= made(api, tail, authorizer.get("AuthorizerUri"), {}, authorizer.get("AuthorizerCredentialsArn"))
    return found


def verbs(method):
    return METHODS if method in ("ANY", "X-AMAZON-APIGATEWAY-ANY-METHOD") else (method,)


def routed(key):
    """What a source ARN has after the stage: of an HTTP API's route the method and path."""
    method, _, path = key.partition(" ")
    return [v + p for v in verbs(method) for p in paths(path)] if path else [key]


def paths(path):
    """A path as API Gateway may name it: the template, and what was called."""
    return {path, re.sub(r"\{[^}]+\}", "1", re.sub(r"\{[^}]+\+\}", "a/b", path))}


def made(api, tails, uri, variables, role):
    """The calls of one integration or authorizer. A stage that lacks a variable
    calls nothing."""
    found = re.search(r"arn:[^/]*:function:[^/]+", uri or "")
    if not found:
        return set()
    function = re.sub(r"\$\{stageVariables\.(\w+)\}", lambda m: variables.get(m[1], ""), found[0])
    if function.endswith(":"):
        return set()
    return {Call(function, "arn:aws:execute-api:%s:%s:%s/%s" % (REGION, ACCOUNT, api, tail), role) for tail in tails}
