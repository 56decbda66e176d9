"""Who must not call a function: whoever differs in one thing from who may."""
import re

import access
import arn
from gateway import METHODS


def everywhere(source):
    """Another API, account, Region or service."""
    head, account, rest = source.rsplit(":", 2)
    api, _, tail = rest.partition("/")
    return [("another API", "%s:%s:%s/%s" % (head, account, "0" * len(api), tail), access.APIGATEWAY),
            ("another account", "%s:%s:%s" % (head, "210987654321", rest), access.APIGATEWAY),
            ("another Region", source.replace("us-east-1", "us-east-2"), access.APIGATEWAY),
            ("another service", source, "events.amazonaws.com")]


def beside(call, calls, authorizers, staged):
    """Another method, path, route or authorizer of the same API, and another
    stage where only some may call, unless the function serves that as well. The
    authorizers are those with a resource of their own: no template knows the id
    of one in a definition, so that these are allowed together."""
    api, _, tail = call.source.partition("/")
    parts = tail.split("/", 2)
    if parts[0] == "authorizers":
        others = [("another authorizer", "authorizers/elsewhere")] if parts[1] in authorizers else []
    else:
        others = (method(*parts) if len(parts) == 3 else [("another route", parts[0] + "/elsewhere")])
        others += [("another stage", "/".join(["elsewhere"] + parts[1:]))] if staged else []
    patterns = served({c.source for c in calls if c.function == call.function})
    return [(who, source, access.APIGATEWAY) for who, source in ((who, api + "/" + other) for who, other in others)
            if not any(arn.like(p, source) for p in patterns)]


def served(sources):
    """The patterns of sources, a wildcard for each path parameter and for ANY:
    as IAM compares them, */*/users also matches what ends in /users."""
    patterns = {re.sub(r"\{[^}]+\}", "*", s) for s in sources}
    heads = {tuple(p.split("/", 3)) for p in patterns}
    return patterns | {"/".join((api, stage, "*", *path)) for api, stage, _, *path in (h for h in heads if len(h) > 3)
                       if all((api, stage, m, *path) in heads for m in METHODS)}


def method(stage, verb, path):
    """What differs from one method of one path in one thing."""
    others = [("another method", "/".join((stage, other, path))) for other in METHODS if other != verb]
    return others + [("another path", "/".join((stage, verb, "elsewhere", path))),
                     ("a path below", "/".join((stage, verb, path, "elsewhere")))]
