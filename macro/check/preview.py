"""The local tool on the templates of the corpus, as JSON and as YAML: check and
preview accept all of them, preview keeps every line of the author's and writes what
the macro answers to the event, and nothing is added to its output."""
import collections
import concurrent.futures
import json
import os
import pathlib
import re
import subprocess
import sys

import yaml

import macro
import templates

CORPUS = pathlib.Path(os.environ["CHECK_CORPUS"])
WORK = pathlib.Path(os.environ["CHECK_WORK"])
ACCOUNT = "123456789012"

# A row of the corpus in one form: its file, what was in it, and the macro's
# response to the same template.
Row = collections.namedtuple("Row", "id path text fragment response")


class Dumper(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):
    """YAML with the long names of functions."""

    def ignore_aliases(self, data):
        return True


class Quick(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
    """PyYAML's loader in C. It accepts fewer texts than templates.Loader."""


Quick.add_multi_constructor("!", templates.short)


def parse(text):
    try:
        return templates.plain(yaml.load(text, Quick))
    except yaml.YAMLError:
        return templates.parse(text)


# The short tags that take a text, and those that take a list.
OF_TEXT = ("Ref", "Condition", "Fn::Sub", "Fn::ImportValue")
OF_LIST = ("Fn::Join", "Fn::If", "Fn::Select", "Fn::FindInMap", "Fn::Equals", "Fn::And", "Fn::Or", "Fn::Not", "Fn::Sub", "Fn::Split", "Fn::GetAtt")


def dotted(names):
    """Whether !GetAtt A.B means the same as the list."""
    return len(names) == 2 and all(isinstance(n, str) for n in names) and "." not in names[0]


def mapping(dumper, data):
    if len(data) == 1:
        (key, value), = data.items()
        tag = "!" + key.replace("Fn::", "")
        if key == "Fn::GetAtt" and isinstance(value, list) and len(repr(value)) % 2 and dotted(value):
            return dumper.represent_scalar(tag, ".".join(value))  # both forms are there
        if key in OF_TEXT and isinstance(value, str):
            return dumper.represent_scalar(tag, value)
        if key in OF_LIST and isinstance(value, list):
            return dumper.represent_sequence(tag, value)
    return dumper.represent_mapping("tag:yaml.org,2002:map", data.items())


class Short(Dumper):
    """The same with the short tags."""


Short.add_representer(dict, mapping)


def written(template, form):
    if form == "json":
        return json.dumps(template, indent=2, ensure_ascii=False) + "\n"
    return yaml.dump(template, Dumper=Dumper if form == "long" else Short, sort_keys=False, allow_unicode=True, width=4000)


def rows():
    """Every template of the corpus as JSON, and as YAML with long and with short
    tags by turns, by Region."""
    cases = [json.loads(line) for name in ("cases.jsonl", "robust.jsonl") for line in open(CORPUS / name)]
    cases = [c for c in cases if isinstance(c["input"], dict)]
    events = [macro.event(c["input"], n, region=c["region"], account=ACCOUNT, values=values(c["input"])) for n, c in enumerate(cases)]
    found = collections.defaultdict(list)
    for n, (case, response) in enumerate(zip(cases, macro.respond(events))):
        for form in ("json", ("long", "short")[n % 2]):
            path = WORK / ("%04d.%s" % (n, "json" if form == "json" else "yaml"))
            text = written(case["input"], form)
            if form != "json" and parse(text) != case["input"]:
                sys.exit("%s: PyYAML doesn't read what it has written" % case["id"])
            path.write_bytes(text.encode())
            found[case["region"]].append(Row(case["id"], path, text, events[n]["fragment"], response))
    return found


def values(template):
    """Without the values that CloudFormation looks up: Default is a name there."""
    declared = template.get("Parameters")
    return {n: v for n, v in macro.defaults(template).items() if not str(declared[n].get("Type")).startswith("AWS::SSM::")}


def tool(command, region, batch, *flags):
    """Runs the tool on all files of a batch; it must end in one of the ways that it has."""
    done = subprocess.run([str(macro.TOOL), command, "-region", region, "-account", ACCOUNT, *flags] + [row.path.name for row in batch],
                          cwd=WORK, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode not in (0, 1, 3) or "internal error" in done.stdout + done.stderr or "goroutine" in done.stderr:
        sys.exit("%s: status %d\n%s" % (command, done.returncode, done.stderr[-3000:]))
    return done


def checked(region, batch):
    """What is wrong with check's answers: a template without one, or with fewer
    calls than the macro adds permissions for."""
    answers = json.loads(tool("check", region, batch, "-macro-installed", "-format", "json").stdout)["templates"]
    if [a["file"] for a in answers] != [row.path.name for row in batch]:
        sys.exit("check: answers for %d of %d files" % (len(answers), len(batch)))
    for row, answer in zip(batch, answers):
        failure = row.response.get("errorMessage")
        if not {"Resources", "AWSTemplateFormatVersion"} & set(row.fragment):
            if "is no CloudFormation template" not in answer.get("error", ""):
                yield "check takes a part of a template for one", row
        elif ("error" in answer) != (failure is not None):
            yield "check says %r, the macro %r" % (answer.get("error"), failure), row
        elif failure is None and any(g["id"] not in row.response["fragment"]["Resources"] for g in answer["grants"]):
            yield "check has grants that the macro doesn't make", row


def lines_kept(before, after, comma):
    """The first line of the author's that is gone, or None; JSON needs a comma
    behind what was the last member. A dependency may have become one of a list,
    and a function one of an Fn::Select, so that a permission comes first."""
    left, at = after.split("\n"), 0
    for line in before.split("\n"):
        found = next((n for n in range(at, len(left)) if line == left[n] or comma and line + "," == left[n]), None)
        if found is not None:
            at = found + 1
        elif not ordered(line, after):
            return line
    return None


def ordered(line, after):
    """Whether a line's value was moved, so that a permission comes first."""
    value = re.sub(r"^.*: ", "", line).strip(' ",').replace("!Ref ", "")
    return value in after and ("DependsOn" in line or "Fn::Select" in after or "!Select" in after)


def shown(region, row):
    """The output of preview on a file, and on that output. Nothing is written: with
    -w, a run with one file in error would write none."""
    first = tool("preview", region, [row])
    if first.returncode:
        return first, row.text, row.text
    row.path.write_bytes(first.stdout.encode())
    return first, first.stdout, tool("preview", region, [row]).stdout


def previewed(region, batch):
    """What is wrong with preview's output."""
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        results = list(pool.map(lambda row: shown(region, row), batch))
    for row, (first, out, again) in zip(batch, results):
        lost = lines_kept(row.text, out, row.path.suffix == ".json")
        if lost is not None:
            yield "preview loses the line %r" % lost, row
        if again != out:
            yield "the second preview changes something", row
        if row.response["status"] == "failure":
            if out != row.text or row.path.name not in first.stderr:
                yield "preview does not fail as the macro does: %s" % row.response["errorMessage"], row
            continue
        got = json.loads(out) if row.path.suffix == ".json" else parse(out)
        got.pop("Transform", None)
        if unseen(got) != row.response["fragment"]:
            yield "preview gives another template than the macro", row


def unseen(template):
    """A template without what preview alone can tell: that a definition which is
    named by path is not there. The macro looks for no files."""
    options = template.get("Metadata", {}).get("GrantInvoke", {}) if isinstance(template.get("Metadata", {}), dict) else {}
    if isinstance(options.get("Report"), list):
        options["Report"] = [re.sub(r"^(external-body: .*) \(missing: does not exist\);", r"\1;", line) for line in options["Report"]]
    return template


def main():
    wrong, count = [], 0
    for region, batch in rows().items():
        count += len(batch)
        for text, row in [*checked(region, batch), *previewed(region, batch)]:
            wrong.append("%s (%s): %s" % (row.path.name, row.id, text))
    for line in wrong[:30]:
        print(line)
    if wrong:
        sys.exit("%d faults in %d files" % (len(wrong), count))
    print("%d files: no crash, every line kept, the macro's answer, nothing to add to the output" % count)


main()
