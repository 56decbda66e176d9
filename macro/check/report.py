"""The machine-readable reports of check, on templates with every verdict and on
files that are none: SARIF by the schema of SARIF 2.1.0, JSON by the tool's own."""
import json
import os
import pathlib
import subprocess
import sys

import jsonschema

import macro
import templates

WORK = pathlib.Path(os.environ["CHECK_WORK"])
SARIF = pathlib.Path(os.environ["CHECK_NODE"]) / "@microsoft" / "jest-sarif" / "lib" / "schemas" / "sarif-2.1.0-rtm.5.json"


def subjects():
    """Templates by name: the goldens, the README's and the corpus, where it is."""
    found = {g.name: g.template for g in templates.goldens() + templates.examples()}
    if "CHECK_CORPUS" in os.environ:
        with open(pathlib.Path(os.environ["CHECK_CORPUS"]) / "robust.jsonl") as lines:
            found.update(("corpus %d" % n, json.loads(line)["input"]) for n, line in enumerate(lines))
    return found


def written():
    """The names of the files to check, among them some that can't be read."""
    folder = WORK / "with space \u00fc#%"
    folder.mkdir()
    for n, template in enumerate(subjects().values()):
        (folder / ("%04d.json" % n)).write_text(json.dumps(template))
    (folder / "cut.json").write_text('{"Resources": ')
    (folder / "none.yaml").write_text("a: b\n")
    return sorted(str(p.relative_to(WORK)) for p in folder.iterdir())


def check(form, files, *flags):
    done = subprocess.run([str(macro.TOOL), "check", "-format", form, *flags, *files], cwd=WORK, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    return json.loads(done.stdout)


def validator(schema):
    return jsonschema.validators.validator_for(schema)(schema, format_checker=jsonschema.FormatChecker())


def faults(valid, document):
    return ["%s: %s" % ("/".join(map(str, e.absolute_path)), e.message[:300]) for e in valid.iter_errors(document)]


def provoked(valid, document, spoil):
    """A schema that takes anything would prove nothing."""
    spoiled = json.loads(json.dumps(document))
    spoil(spoiled)
    return [] if faults(valid, spoiled) else ["the schema takes a spoiled document"]


def main():
    files, wrong = written(), []
    sarif = validator(json.loads(SARIF.read_text()))
    own = validator(json.loads(subprocess.check_output([str(macro.TOOL), "docs", "schema"])))
    rules, verdicts = set(), set()
    for flags in ([], ["-macro-installed"], ["-macro-installed", "-o", "Grant=role"], ["-o", "OnUnknown=fail"]):
        log, document = check("sarif", files, *flags), check("json", files, *flags)
        wrong += faults(sarif, log) + faults(own, document)
        rules |= {r["ruleId"] for r in log["runs"][0]["results"]}
        verdicts |= {c["verdict"] for t in document["templates"] for c in t["calls"]}
        if len(document["templates"]) != len(files):
            wrong.append("%d of %d files are in the document" % (len(document["templates"]), len(files)))
    wrong += provoked(sarif, log, lambda d: d["runs"][0]["results"][0].update(level="bad"))
    wrong += provoked(own, document, lambda d: d["templates"][0].pop("calls"))
    for line in wrong[:20]:
        print(line)
    if wrong:
        sys.exit("%d faults" % len(wrong))
    print("%d files, 4 times: %d reasons and %d verdicts in valid SARIF and JSON" % (len(files), len(rules), len(verdicts)))


main()
