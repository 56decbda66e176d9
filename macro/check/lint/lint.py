"""cfn-lint and cloudformation-validate on what the macro returns.

A finding counts if the template that the macro got did not have it: the same
rule, at the same place, with the same message. A finding about a resource that
the macro added always counts.
"""
import collections
import functools
import json
import multiprocessing
import os
import pathlib
import re
import subprocess
import sys

from cfnlint.config import ConfigMixIn
from cfnlint.decode.decode import decode_str
from cfnlint.runner import Runner

import outputs

HERE = pathlib.Path(os.path.abspath(__file__)).parent
WORK = pathlib.Path(os.environ["CHECK_WORK"])
SAMPLE = 150

# Findings about what the macro adds that are not its fault: the tool, the rule,
# patterns of the output's name and of the message, and why.
KNOWN = [
    ("cloudformation-validate", "E3660", "'Name' is required", "it overlooks a Body that holds a reference"),
    ("cloudformation-validate", "F1020", r"'\w+\.Alias' is not", "it does not know SAM's reference to the alias of a function"),
    ("cloudformation-validate", "W9002", "hardcoded ARN", "the API is one of another stack, which the author names by its id"),
    ("", "W3011", "UpdateReplacePolicy", "the DeletionPolicy is the author's, of function and API"),
    ("cfn-lint", "I3042", "hardcoded Partition", "the ARN is the author's, in the same words"),
    ("cloudformation-validate", "W9013", "Hardcoded account ID in ARN", "the topic's ARN is the author's, in the same words"),
    ("cfn-lint", "E1010", r"&\{", "it does not know &{...} of a loop"),
    ("cfn-lint", "E1020", r"&\{", "it does not know &{...} of a loop"),
    ("cfn-lint", "E3005", r"\$\{", "it does not put a loop's value into DependsOn"),
    ("cfn-lint", "E3004", r"^sam-event-no-cycle\b", "it takes the bucket of a SAM event, which SAM alone reads, for what the function waits for"),
    ("cfn-lint", "W3005", "dependency already enforced", "the dependency is the author's; a list has it now"),
]

# A finding: the rule, the logical id or section, the path below, the message.
Finding = collections.namedtuple("Finding", "rule where path message")


def document(template):
    """A template as a linter reads it: with the Transform that it needs."""
    resources = template["Resources"]
    transforms = ["AWS::LanguageExtensions"] if any(name.startswith("Fn::ForEach::") for name in resources) else []
    if any(str(r.get("Type")).startswith("AWS::Serverless::") for r in resources.values() if isinstance(r, dict)):
        transforms.append("AWS::Serverless-2016-10-31")
    return json.dumps(dict(template, Transform=transforms) if transforms else template, indent=1)


def message(text):
    """A message without what it enumerates: one more resource is in such lists."""
    return re.sub(r"\[.*\]", "[...]", text)


@functools.cache
def runner():
    """One cfn-lint for all templates: loading its rules takes longer than linting."""
    return Runner(ConfigMixIn(regions=["us-east-1"], include_checks=["I"]))


def cfn_lint(text):
    """The findings of cfn-lint, of every level. A template that it breaks on has
    one finding, the error."""
    try:
        template, errors = decode_str(text)
        matches = errors or list(runner().validate_template(template))
    except Exception as e:  # cfn-lint raises errors of many types on templates that it does not expect
        return [Finding("crash", "", "", type(e).__name__)]
    found = []
    for m in matches:
        path = [str(p) for p in getattr(m, "path", [])]  # none if the template could not be read
        found.append(Finding(m.rule.id, path[1] if path[:1] == ["Resources"] and path[1:] else "", "/".join(path[2:]), message(m.message)))
    return found


def both(output):
    """The findings of cfn-lint in an output which its input does not have."""
    after = cfn_lint(document(output.after))
    return fresh(output, cfn_lint(document(output.before)), after) if after else []


def fresh(output, before, after):
    """The findings that are the macro's. What it renamed keeps its findings."""
    known = set(before)
    return [f for f in after if output.new.get(f.where, "") is None or as_before(output, f) not in known]


def as_before(output, finding):
    """A finding with the names that the resources had before."""
    text = finding.message
    for name, was in output.new.items():
        text = re.sub(r"\b%s\b" % name, was, text) if was else text
    return finding._replace(where=output.new.get(finding.where, finding.where), message=text)


def validate(all_outputs, name="validate"):
    """The findings of cloudformation-validate, warnings and errors, which the
    inputs do not have, by output."""
    folder = WORK / name
    folder.mkdir()
    for number, output in enumerate(all_outputs):
        (folder / ("%04d-after.json" % number)).write_text(document(output.after))
        (folder / ("%04d-before.json" % number)).write_text(document(output.before))
    done = subprocess.run(["node", str(HERE / "validate.js"), str(folder)], stdout=subprocess.PIPE, text=True, check=True)
    found = {}
    for line in done.stdout.splitlines():
        row = json.loads(line)
        found[row["file"]] = [Finding(f["rule"], f["where"], f["path"], message(f["message"])) for f in row["findings"]]
    return [fresh(o, found["%04d-before.json" % n], found["%04d-after.json" % n]) for n, o in enumerate(all_outputs)]


def excuse(tool, output, finding):
    """Why a finding is no fault of the macro, if so."""
    return next((why for name, rule, words, why in KNOWN
                 if name in ("", tool) and rule == finding.rule and re.search(words, "%s: %s" % (output.name, finding.message))), None)


def report(tool, all_outputs, findings):
    """Shows what a tool has found and returns how much counts."""
    count, excuses = 0, collections.Counter()
    for output, found in zip(all_outputs, findings):
        for f in found:
            why = excuse(tool, output, f)
            excuses.update([why] if why else [])
            if not why:
                count += 1
                print("%s: %s: %s %s/%s: %s" % (tool, output.name, f.rule, f.where, f.path, f.message))
    print("%s: %d new findings in %d outputs" % (tool, count, len(findings)))
    for why, times in excuses.most_common():
        print("   %d not counted: %s" % (times, why))
    sys.stdout.flush()
    return count


# A whole policy that lacks what it must have and has what it can't.
WRONG = {"Resources": {"Policy": {"Type": outputs.WHOLE, "Properties": {"PolicyDocument": {}, "Wrong": "a"}}}}


def unaware():
    """The tools that find nothing in a wrong policy: they do not know the type,
    so that of outputs with one they check the rest alone."""
    probe = outputs.Output("wrong", {"Resources": {}}, WRONG, {"Policy": None})
    found = {"cfn-lint": both(probe), "cloudformation-validate": validate([probe], "probe")[0]}
    for tool, findings in sorted(found.items()):
        print("%s %s %s: %s" % (tool, "knows" if findings else "DOES NOT KNOW, and does not check,", outputs.WHOLE, ", ".join(sorted({f.rule for f in findings}))))
    return [tool for tool, findings in found.items() if not findings]


def main():
    blind = unaware()
    own, real, whole = outputs.own(), outputs.sample(SAMPLE), outputs.policies(SAMPLE // 3)
    everything = own + real + whole
    print("%d outputs of our own, %d of the corpus, %d with whole policies" % (len(own), len(real), len(whole)), flush=True)
    with multiprocessing.Pool() as pool:
        count = report("cfn-lint", everything, pool.map(both, everything, chunksize=4))
    count += report("cloudformation-validate", everything, validate(everything))
    if count or not own or not whole:
        sys.exit("%d findings that the input did not have" % count)
    print("%d outputs of our own, %d of the corpus and %d with whole policies%s: no finding that the input did not have" % (
        len(own), len(real), len(whole), " (%s does not know them)" % " and ".join(blind) if blind else ""))


if __name__ == "__main__":
    main()
