"""ARN patterns: what one matches, and which of two is the wider.

A pattern is text in which references stand as {Name}, those to pseudo
parameters as {AWS.Region}, so that colons only separate: see text().
"""
import functools
import re


def like(pattern, arn):
    """Whether an ARN matches a pattern as the IAM condition ArnLike compares
    them: six components, each by itself, case-sensitive, * and ? within one."""
    ps, vs = pattern.split(":", 5), arn.split(":", 5)
    return len(ps) == len(vs) == 6 and all(glob(p, v) for p, v in zip(ps, vs))


@functools.lru_cache(maxsize=None)
def glob(pattern, value):
    return re.fullmatch("".join({"*": ".*", "?": "."}.get(c, re.escape(c)) for c in pattern), value, re.S) is not None


def covers(wide, narrow):
    """Whether everything that the narrow pattern matches, the wide one does."""
    ws, ns = wide.split(":", 5), narrow.split(":", 5)
    return len(ws) == len(ns) == 6 and all(includes(w, n) for w, n in zip(ws, ns))


def includes(wide, narrow):
    """Glob inclusion: a * of the narrow pattern can only fall into one of the
    wide. A reference is one symbol, which only itself or a * matches."""
    w, n = symbols(wide), symbols(narrow)

    @functools.lru_cache(maxsize=None)
    def rest(i, j):
        if i == len(w):
            return j == len(n)
        if w[i] == "*":
            return rest(i + 1, j) or j < len(n) and rest(i, j + 1)
        if j == len(n) or n[j] == "*":
            return False
        return (w[i] == n[j] or w[i] == "?" and len(n[j]) == 1) and rest(i + 1, j + 1)

    return rest(0, 0)


def symbols(pattern):
    return re.findall(r"\{[^{}]*\}|.", pattern, re.S)


# Attributes that have the same value as the Ref of their resource, or may take its
# place here.
SAME = ("Arn", "RestApiId", "ApiId", "AuthorizerId")


def text(value):
    """The text of a template's value, with references as {Name} or
    {Name.Attribute}. None for any other value."""
    if isinstance(value, str):
        return value
    if not isinstance(value, dict) or len(value) != 1:
        return None
    (function, argument), = value.items()
    if function == "Ref":
        return reference(argument)
    if function == "Fn::GetAtt":
        return reference(argument if isinstance(argument, str) else ".".join(map(str, argument)))
    if function == "Fn::Join" and isinstance(argument[1], list):
        parts = [text(v) for v in argument[1]]
        return None if None in parts else argument[0].join(parts)
    if function == "Fn::Sub":
        return substituted(argument)
    return None


def substituted(argument):
    template, values = argument if isinstance(argument, list) else (argument, {})
    values = {k: text(v) for k, v in values.items()}
    if None in values.values():
        return None
    return re.sub(r"\$\{(!?)\s*([^}]+?)\s*\}",
                  lambda m: "${%s}" % m[2] if m[1] else values.get(m[2]) or reference(m[2]), template)


def reference(name):
    base, _, attribute = name.replace("::", ".").partition(".")
    if base == "AWS" or attribute and attribute not in SAME:
        base += "." + attribute
    return "{%s}" % base
