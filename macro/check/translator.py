"""The macro before and after the real SAM translator."""
import collections
import json
import os
import pathlib
import subprocess
import sys

import grants
import macro
import sam_events
import text_ids
import templates

HERE = pathlib.Path(os.path.abspath(__file__)).parent
ROOT = HERE.parents[1]
SAM = "AWS::Serverless-2016-10-31"
WORK = os.environ["CHECK_WORK"]


def uses_sam(golden):
    resources = golden.template["Resources"].values()
    return any(str(r.get("Type")).startswith("AWS::Serverless::") for r in resources if isinstance(r, dict))


def deployment(golden):
    """What process takes besides the template."""
    values = golden.event.get("values") or {}
    known = {"region": golden.event.get("region"), "account": golden.event.get("account"),
             "parameters": {k: ",".join(v) if isinstance(v, list) else str(v) for k, v in values.items()}}
    return {k: v for k, v in known.items() if v}


def unfit(cloudformation, golden):
    """Why SAM takes a template not even without the macro, if so."""
    _, error = cloudformation.process(dict(golden.template, Transform=SAM), **deployment(golden))
    if error:
        print("%s: not for SAM: %s" % (golden.name, error))
    return error


def both(cloudformation, golden):
    """The processed template of each order."""
    own = {"Name": "GrantInvoke", "Parameters": golden.event.get("params") or {}}
    found = {}
    for order, transforms in (("before", [own, SAM]), ("after", [SAM, own])):
        processed, error = cloudformation.process(dict(golden.template, Transform=transforms), **deployment(golden))
        if error:
            return None, "%s SAM: %s" % (order, error)
        found[order] = processed
    return found, None


def compare(found):
    """What one order permits and the other does not, and what the macro adds
    although SAM, or the author, permits it."""
    before, after = (grants.read(found[order], everybody=True) for order in ("before", "after"))
    return (["only before SAM: %s %s" % (g.function, g.source) for g in before if not any(grants.covers(w, g) for w in after)]
            + ["only after SAM: %s %s" % (g.function, g.source) for g in after if not any(grants.covers(w, g) for w in before)]
            + ["needless, %s SAM: %s beside %s" % (order, g, w) for order, template in found.items() for g, w in twice(template)])


def twice(template):
    """The macro's grants that another grant makes needless, by logical id."""
    all_grants = grants.read(template, everybody=True)
    ours = [g for g in all_grants if "GrantInvoke" in template["Resources"][g.name].get("Metadata", {})]
    return [(g.name, w.name) for g in ours for w in all_grants if w is not g and grants.covers(w, g)]


def shown(name, template):
    """The calls that check shows of a template, of all services but API Gateway,
    whose events may be routes of a body as well."""
    file = pathlib.Path(WORK) / (name + ".json")
    file.write_text(json.dumps(template))
    done = subprocess.run([str(macro.TOOL), "check", "-format", "json", str(file)], stdout=subprocess.PIPE, text=True, timeout=60)
    calls = json.loads(done.stdout)["templates"][0]["calls"]
    return collections.Counter((c["service"], c["api"], c["route"], c.get("event", ""), c["function"], c["verdict"])
                               for c in calls if c["service"] not in ("apigateway", "alexa"))  # a skill is no resource


def unseen(cloudformation, golden):
    """The calls that check shows only before SAM, or only after."""
    processed, error = cloudformation.process(dict(golden.template, Transform=SAM), **deployment(golden))
    if error:
        return [error]
    before, after = shown("source", golden.template), shown("processed", processed)
    return ["shown only before SAM: %s" % (c,) for c in before - after] + ["shown only after SAM: %s" % (c,) for c in after - before]


def events(cloudformation):
    """What SAM permits to services, and a wiring beside: allowed in both orders,
    nothing twice, and shown as the same calls. Returns how many there were."""
    cases, faults = sam_events.cases(), []
    for case in cases:
        faults += ["%s: %s" % (case.golden.name, w) for w in unseen(cloudformation, case.golden)]
        found, error = both(cloudformation, case.golden)
        wrong = [error] if error else compare(found)
        for order, template in (found or {}).items():
            whom = grants.to("{Fn}", case.principal)
            if not any(g.function == whom and g.source in case.sources for g in grants.read(template, everybody=True)):
                wrong.append("not allowed, %s SAM: %s from %s" % (order, whom, case.sources[0]))
        faults += ["%s: %s" % (case.golden.name, w) for w in wrong]
    if faults:
        sys.exit("\n".join(faults))
    print("%d templates with events, connectors and URLs of SAM beside the same service: both orders permit the same and show the same calls" % len(cases))
    return len(cases)


def own_template(cloudformation):
    """SAM takes the macro's template: one function with its version and alias, one role of its own."""
    processed, error = cloudformation.process(dict(templates.parse((ROOT / "template.yaml").read_text()), Transform=SAM))
    if error:
        sys.exit("template.yaml: " + error)
    types = sorted(r["Type"] for r in processed["Resources"].values())
    wanted = ["AWS::CloudFormation::Macro"] + 4 * ["AWS::CloudWatch::Alarm"] + [
        "AWS::CloudWatch::Dashboard", "AWS::IAM::Role", "AWS::Lambda::Alias", "AWS::Lambda::Function", "AWS::Lambda::Permission",
        "AWS::Lambda::Version", "AWS::Logs::LogGroup"]
    if types != wanted:
        sys.exit("template.yaml becomes %s, not %s" % (types, wanted))
    print("template.yaml becomes " + ", ".join(types))


def refused(golden):
    """Whether the golden is one of a template that the macro refuses."""
    e = macro.event(golden.template, params=golden.event.get("params"))
    return macro.respond([e])[0]["status"] != "success"


def all_goldens(cloudformation):
    known = [g for g in templates.goldens() + templates.examples() if uses_sam(g) and not refused(g)]
    fit = [g for g in known if not unfit(cloudformation, g)]
    faults = []
    for golden in fit:
        found, error = both(cloudformation, golden)
        faults += ["%s: %s" % (golden.name, f) for f in ([error] if error else compare(found))]
    for fault in faults:
        print(fault)
    if faults or len(fit) < len(known) / 2:
        sys.exit("%d faults in %d templates with SAM resources, %d of them unfit" % (len(faults), len(known), len(known) - len(fit)))
    print("%d goldens and examples with SAM resources: both orders permit the same" % len(fit))
    return len(fit)


def corpus(folder):
    """The corpus's own scorer of both orders. Returns its line."""
    names = [pathlib.Path(WORK) / name for name in ("cases.jsonl", "robust.jsonl")]
    left = sum(text_ids.without(folder / name.name, name) for name in names)
    print("%d templates left out, since an event names its API by a text" % left)
    command = [sys.executable, str(folder / "score_sam.py"), "--cases", str(names[0]), "--robust", str(names[1]), "--fail-under", "1.0", "--out", os.path.join(WORK, "sam.json"),
               "--params", '{"Services":["apigateway"]}', "--list", "5", "--", str(macro.TOOL), "event"]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True)
    print(done.stdout.rstrip())
    if done.returncode:
        sys.exit("score_sam.py: exit status %d" % done.returncode)
    return "corpus" + done.stdout.splitlines()[0].split("|")[1].rstrip()


def main():
    cloudformation = macro.CloudFormation(WORK, **{
        "GrantInvoke": "%s event" % macro.TOOL,
        SAM: "%s %s" % (sys.executable, HERE / "serverless.py"),
    })
    own_template(cloudformation)
    count, generated = all_goldens(cloudformation), events(cloudformation)
    cloudformation.close()
    line = "no corpus"
    if "CHECK_CORPUS" in os.environ:
        line = corpus(pathlib.Path(os.environ["CHECK_CORPUS"]))
    print("%d goldens and examples, %d generated templates in both orders; %s" % (count, generated, line))


main()
