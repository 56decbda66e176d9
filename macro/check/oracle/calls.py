"""The calls that API Gateway makes for a template of CDK or the Serverless
Framework, read apart from the macro: only the resource types that these emit.

A call is a function, with its qualifier, and the tail of the execute-api ARN
that API Gateway presents, for any stage; a call made with credentials needs no
permission and is none.
"""
import re

import arn
import grants

FUNCTION = re.compile(r"/functions/(.+)/(invocations|response-streaming-invocations)$")


def read(template):
    """The calls of a template: (function, source) pairs."""
    resources = template["Resources"]
    found = set()
    for name, resource in resources.items():
        kind, properties = resource["Type"], resource.get("Properties", {})
        if kind == "AWS::ApiGateway::Method" and "Uri" in properties.get("Integration", {}):
            method = "*" if properties["HttpMethod"] == "ANY" else properties["HttpMethod"]
            call = (target(template, properties["Integration"], "Uri", "Credentials"),
                    source(properties["RestApiId"], "*/%s%s" % (method, path(resources, properties["ResourceId"]) or "/")))
        elif kind == "AWS::ApiGatewayV2::Route":
            integration = resources[arn.text(properties["Target"]).split("/")[1].strip("{}")]["Properties"]
            call = (target(template, integration, "IntegrationUri", "CredentialsArn"),
                    source(properties["ApiId"], "*/" + route(properties["RouteKey"])))
        elif kind == "AWS::ApiGatewayV2::Api" and "Target" in properties:
            call = (target(template, properties, "Target", "CredentialsArn"), source({"Ref": name}, "*/$default"))
        elif kind in ("AWS::ApiGateway::Authorizer", "AWS::ApiGatewayV2::Authorizer"):
            credentials = "AuthorizerCredentials" + ("Arn" if "V2" in kind else "")
            call = (target(template, properties, "AuthorizerUri", credentials),
                    source(properties.get("RestApiId") or properties["ApiId"], "authorizers/{%s}" % name))
        else:
            continue
        if call[0]:
            found.add(call)
    return sorted(found)


def target(template, properties, uri, credentials):
    """The function that a URI names, unless there are credentials."""
    text = arn.text(properties.get(uri)) or select(properties.get(uri))
    if not text or credentials in properties:
        return None
    found = FUNCTION.search(text)
    name = found[1] if found else text
    resource = template["Resources"].get(name.strip("{}"), {}).get("Type", "")
    return grants.function(template, {"Ref": name.strip("{}")} if resource.startswith("AWS::Lambda::") else name)


def select(uri):
    """The text of a URI that takes its Region from the function's ARN, which
    CDK's authorizers do: only the function counts."""
    parts = uri["Fn::Join"][1] if isinstance(uri, dict) and "Fn::Join" in uri else []
    return "".join(arn.text(p) or "?" for p in parts)


def path(resources, reference):
    """The path of a resource, from its parents, parameters as *."""
    resource = resources.get((arn.text(reference) or "").strip("{}"))
    if not resource or resource["Type"] != "AWS::ApiGateway::Resource":
        return ""
    own = resource["Properties"]
    return path(resources, own["ParentId"]) + "/" + re.sub(r"\{[^}]+\}", "*", own["PathPart"])


def route(key):
    """The tail of a route: of an HTTP API the method and the path."""
    method, _, rest = key.partition(" ")
    return ("*" if method == "ANY" else method) + re.sub(r"\{[^}]+\}", "*", rest) if rest else key


def source(api, tail):
    return "arn:{AWS.Partition}:execute-api:{AWS.Region}:{AWS.AccountId}:%s/%s" % (arn.text(api), tail)
