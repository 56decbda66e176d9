"""CDK and the Serverless Framework as oracles: their templates, without the
permissions of API Gateway that they wrote, go through the macro."""
import json
import os
import pathlib
import re
import subprocess
import sys

import calls
import grants
import macro
from arn import covers

HERE = pathlib.Path(os.path.abspath(__file__)).parent
WORK = pathlib.Path(os.environ["CHECK_WORK"])

# Why they may grant what the macro does not: a pattern of the tail of their grant,
# and the reason. In each case the calls that are really made are still covered.
WIDER = [
    ("cdk", r"\*/\*", "the $default route has the permission of the whole API"),
    ("cdk", r"[^/]+/\*/\*", "scopePermissionToMethod or -Route is false: the whole API"),
    ("cdk", r"\*/\*/.*", "an HTTP route's permission ignores the method"),
    ("cdk", r"\*\$?\w+", "a WebSocket route without the slash before its key"),
    ("serverless", r"\*/\*|\*", "one permission for the whole API"),
    ("serverless", None, "WebSocket permissions name no source"),
]
CREDENTIALS = "integrations with credentials need no permission"

# Why the macro may grant more than they do, but for the stage, which is always
# any one.
BROADER = [
    ("cdk", r"\*/[A-Z]+/\*\w.*", "the path above a resource of an imported API is not in the template"),
]


def tail(source):
    return None if source is None else source.split(":", 5)[5].partition("/")[2]


def reason(reasons, tool, grant):
    """Why the macro may grant something else than the tool, if it may."""
    for name, pattern, why in reasons:
        if name == tool and (grant.source is None if pattern is None else grant.source and re.fullmatch(pattern, tail(grant.source))):
            return why
    return None


def plain(grant, template):
    """A grant as the macro would write it: the Region and the account of the
    stack by reference, a path parameter, which CDK leaves as it is in an HTTP
    route, as *."""
    if not grant.source:
        return grant
    parts = grant.source.split(":", 5)
    if parts[3:5] == ["us-east-1", "123456789012"]:
        parts[3:5] = ["{AWS.Region}", "{AWS.AccountId}"]
    parts[5] = re.sub(r"\{(\w+)\+?\}", lambda m: m[0] if m[1] in template["Resources"] else "*", parts[5])
    return grant._replace(source=":".join(parts))


def any_stage(grant):
    """A route's grant as it would be for every stage, which the macro's is."""
    if not grant.source or tail(grant.source).startswith("authorizers/") or "/" not in tail(grant.source):
        return grant
    head, rest = grant.source.rsplit(tail(grant.source), 1)[0], tail(grant.source).partition("/")[2]
    return grant._replace(source="%s*/%s" % (head, rest))


def faults(tool, template):
    """What is wrong with the macro's answer to a tool's template, and the
    reasons for which it grants something else."""
    theirs = [plain(g, template) for g in grants.read(template)]
    response = macro.respond([macro.event(grants.without(template))])[0]
    if response["status"] != "success":
        return [response["errorMessage"]], set()
    ours, made = grants.read(response["fragment"]), calls.read(template)
    found, reasons = [], set()
    for function, source in made:
        if not any(g.function == function and covers(g.source, source) for g in ours):
            found.append("not granted: %s from %s" % (function, source))
    for g in ours:
        if not any(g.function == function and covers(g.source, source) for function, source in made):
            found.append("%s grants what nobody calls: %s from %s" % (g.name, g.function, g.source))
        if not any(grants.covers(any_stage(t), g) for t in theirs):
            reasons.add(reason(BROADER, tool, g))
            if not reason(BROADER, tool, g):
                found.append("%s is broader than theirs: %s from %s" % (g.name, g.function, g.source))
    for t in theirs:
        if not any(grants.covers(g, t) for g in ours):
            called = any(function == t.function for function, _ in made)
            why = reason(WIDER, tool, t) if called else CREDENTIALS if credentials(template) else None
            reasons.add(why)
            if not why:
                found.append("not covered, and no reason known: %s from %s" % (t.function, t.source))
    return found, reasons - {None}


def credentials(template):
    return any("Credentials" in r.get("Properties", {}).get("Integration", {}) for r in template["Resources"].values())


def synthesise(tool):
    """Runs a tool's program and returns the templates that it left, by name.
    They don't depend on the macro: whoever runs this often with others may keep
    them in CHECK_SYNTHESISED."""
    folder = pathlib.Path(os.environ.get("CHECK_SYNTHESISED") or WORK) / tool
    if not folder.exists():
        folder.mkdir()
        subprocess.run(["node", str(HERE / (tool + ".js")), str(folder)], check=True, stdout=subprocess.DEVNULL)
    return {p.name.split(".")[0]: json.loads(p.read_text()) for p in sorted(folder.glob("*.template.json"))}


def judge(tool):
    """Compares with one tool. Returns how many templates, permissions, faults,
    and the reasons that were used."""
    templates, permissions, count, used = synthesise(tool), 0, 0, set()
    for name, template in templates.items():
        found, reasons = faults(tool, template)
        permissions += len(grants.read(template))
        for fault in found:
            print("%s %s: %s" % (tool, name, fault))
        count += len(found)
        used |= reasons
    print("%s: %d templates, %d permissions of theirs, %d faults" % (tool, len(templates), permissions, count), flush=True)
    for why in sorted(used):
        print("   other than theirs: " + why)
    return len(templates), permissions, count, used


def main():
    results = {tool: judge(tool) for tool in ("cdk", "serverless")}
    used = {why for _, _, _, reasons in results.values() for why in reasons}
    unused = [why for _, _, why in WIDER + BROADER if why not in used]
    if unused:
        print("reasons that nothing has: " + "; ".join(unused))
    wrong = sum(r[2] for r in results.values()) + len(unused)
    if wrong or any(r[1] == 0 for r in results.values()):
        sys.exit("%d faults" % wrong)
    print("; ".join("%s: %d templates, %d permissions taken out and made up for" % (tool, r[0], r[1]) for tool, r in results.items()))


main()
