"""The permissions in a template, comparable."""
import collections
import re

import arn

# A grant is one AWS::Lambda::Permission: the function, with its qualifier, and
# the source, both as text with references; the source is None where the
# permission has none. Of other services than API Gateway the function has the
# principal, and the action if that is another, with it.
Grant = collections.namedtuple("Grant", "name function source condition")

PRINCIPAL = re.compile(r"apigateway\.(amazonaws\.com|\{AWS\.URLSuffix\})")
PREFIX = re.compile(r"arn:[^:]*:lambda:[^:]*:[^:]*:function:")


def read(template, everybody=False):
    """The grants of a template to API Gateway, or to everybody, by logical id."""
    found = []
    for name, resource in template["Resources"].items():
        properties = resource.get("Properties") if isinstance(resource, dict) else None
        if not isinstance(properties, dict) or resource.get("Type") != "AWS::Lambda::Permission":
            continue
        principal = arn.text(properties.get("Principal")) or ""
        if not everybody and not PRINCIPAL.fullmatch(principal):
            continue
        source, whom = properties.get("SourceArn"), function(template, properties.get("FunctionName"))
        if everybody:
            whom = to(whom, principal, properties.get("Action"))
        found.append(Grant(name, whom,
                           None if source is None else arn.text(source) or repr(source), resource.get("Condition")))
    return sorted(found)


def to(function, principal, action="lambda:InvokeFunction"):
    """The function of a grant, with who may do what to it."""
    return " ".join([function, "by", principal] + ([] if action == "lambda:InvokeFunction" else [str(action)]))


def function(template, value):
    """A function's name, or reference, with the qualifier after a colon: the
    same for a name, an ARN, an alias or version by reference."""
    text = PREFIX.sub("", arn.text(value) or repr(value))
    target = template["Resources"].get(text.strip("{}"), {}) if re.fullmatch(r"\{\w+\}", text) else {}
    if target.get("Type") == "AWS::Lambda::Alias":
        own = target["Properties"]
        return function(template, own["FunctionName"]) + ":" + (arn.text(own["Name"]) or repr(own["Name"]))
    return text


def covers(wide, narrow):
    """Whether one grant allows all that the other does."""
    return (wide.function == narrow.function and wide.condition in (None, narrow.condition)
            and (wide.source is None or wide.source == narrow.source or narrow.source is not None and arn.covers(wide.source, narrow.source)))


def api(grant):
    """The API of a grant's source."""
    return grant.source.split(":", 5)[5].split("/")[0] if grant.source and grant.source.count(":") >= 5 else None


def without(template):
    """The template without its grants."""
    names = {g.name for g in read(template)}
    resources = {k: dropped(v, names) for k, v in template["Resources"].items() if k not in names}
    return dict(template, Resources=resources)


def dropped(resource, names):
    """A resource that no longer waits for resources which are gone."""
    depends = resource.get("DependsOn") if isinstance(resource, dict) else None
    if depends is None:
        return resource
    rest = [d for d in ([depends] if isinstance(depends, str) else depends) if d not in names]
    kept = {k: v for k, v in resource.items() if k != "DependsOn"}
    return dict(kept, DependsOn=rest) if rest else kept
