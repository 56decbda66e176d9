"""What the resources of a template refer to."""
import re


def dangling(template, made):
    """The references of resources that were made to some that were not, since
    their condition is false. CloudFormation refuses such a template, the
    emulator passes over it."""
    resources = template["Resources"]
    return ["%s refers to %s, which is not made" % (name, target) for name in sorted(made) if name in resources
            for target in sorted(set(names(resources[name].get("Properties")))) if target in resources and target not in made]


def names(value):
    """The names in Ref, Fn::GetAtt and Fn::Sub, but for those in Fn::If, which may
    be in the branch that is not taken."""
    if isinstance(value, list):
        for v in value:
            yield from names(v)
    if not isinstance(value, dict):
        return
    for key, v in value.items():
        if key == "Ref":
            yield v
        elif key == "Fn::GetAtt":
            yield v.split(".")[0] if isinstance(v, str) else v[0]
        elif key == "Fn::Sub":
            text, own = v if isinstance(v, list) else (v, {})
            yield from (n.split(".")[0] for n in re.findall(r"\$\{([^!}]+)\}", text) if n not in own)
            yield from names(own)
        elif key != "Fn::If":
            yield from names(v)
