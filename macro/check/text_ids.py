"""Templates in which a text equals the logical id of an API.

SAM keeps `RestApiId: Api` of an event as it stands, so that its permission names
an API with the id Api, which is none of the template's, and matches nothing (SAM
issue 3393). The macro grants those calls. The corpus's scorers take the text for
the resource and call that a repetition, so that these templates are not for them."""
import json

APIS = {"AWS::Serverless::Api", "AWS::Serverless::HttpApi", "AWS::ApiGateway::RestApi", "AWS::ApiGatewayV2::Api"}


def resources_of(template):
    """The resources of a template that are objects, whatever else it holds."""
    resources = template.get("Resources")
    return {k: v for k, v in resources.items() if isinstance(v, dict)} if isinstance(resources, dict) else {}


def named_by_text(template):
    """Whether an event, or the permission that SAM has made of one, names an API
    of the template by a text."""
    resources = resources_of(template)
    apis = {k for k, v in resources.items() if str(v.get("Type")) in APIS}
    for r in resources.values():
        properties = r.get("Properties") if isinstance(r.get("Properties"), dict) else {}
        events = properties.get("Events") if isinstance(properties.get("Events"), dict) else {}
        for event in events.values():
            p = event.get("Properties") if isinstance(event, dict) else None
            if isinstance(p, dict) and any(n in p and not (isinstance(p[n], dict) and "Ref" in p[n]) for n in ("RestApiId", "ApiId")):
                return True  # also by an expression that comes to a text
        if r.get("Type") == "AWS::Lambda::Permission" and any('"__ApiId__": "%s"' % api in json.dumps(properties) for api in apis):
            return True
    return False


def removed_by_text(case):
    """Whether a permission that was taken out of a case names an API by a text."""
    apis = [k for k, v in resources_of(case["input"]).items() if str(v.get("Type")) in APIS]
    return any(":%s/" % api in str(p.get("source_arn")) for p in case.get("truth") or [] if isinstance(p, dict) for api in apis)


def without(source, target):
    """Copies the rows of a corpus file but for those templates; returns how many
    were left out."""
    left = 0
    with open(source, encoding="utf-8") as rows, open(target, "w", encoding="utf-8") as out:
        for row in rows:
            case = json.loads(row)
            whole = case.get("input")
            if isinstance(whole, dict) and (named_by_text(whole) or removed_by_text(case)):
                left += 1
            else:
                out.write(row)
    return left
