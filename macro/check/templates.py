"""The templates that the checks read: the goldens, the README's examples, files.
All come as JSON would hold them, in CloudFormation's long form."""
import collections
import datetime
import json
import os
import pathlib
import re

import yaml

ROOT = pathlib.Path(os.path.abspath(__file__)).parents[2]

# A golden: its name, the template (with its Transform section, if it says one)
# and what its event holds besides: params, region, account, values.
Golden = collections.namedtuple("Golden", "name template event")


class Loader(yaml.SafeLoader):
    """YAML with CloudFormation's short tags."""


def short(loader, tag, node):
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
        if tag == "GetAtt":
            value = value.split(".", 1)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    return {tag if tag in ("Ref", "Condition") else "Fn::" + tag: value}


Loader.add_multi_constructor("!", short)


def plain(value):
    """A value as JSON holds it: a version that YAML takes for a date is text."""
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, list):
        return [plain(v) for v in value]
    return value.isoformat() if isinstance(value, (datetime.date, datetime.datetime)) else value


def parse(text):
    return plain(yaml.load(text, Loader))


def sections(archive):
    """The files of a txtar archive."""
    parts = re.split(r"^-- (.+?) --\n", archive, flags=re.M)
    return dict(zip(parts[1::2], parts[2::2]))


def goldens():
    """Every golden of the repository that holds a whole template, in order."""
    found = []
    for path in sorted((ROOT / "macro" / "internal" / "testkit" / "golden" / "testdata").glob("*.txtar")):
        files = sections(path.read_text())
        event = json.loads(files.get("event.json", "{}"))
        template = next((parse(files[n]) for n in ("template.yaml", "template.json") if n in files), event.get("fragment"))
        given = {"params": event.get("params"), "region": event.get("region", "us-east-1"),
                 "account": event.get("accountId", "123456789012"), "values": event.get("templateParameterValues")}
        if whole(template):
            found.append(Golden(path.stem, template, given))
    if not found:
        raise SystemExit("there are no goldens in macro/internal/testkit/golden/testdata")
    return found


def whole(template):
    return isinstance(template, dict) and isinstance(template.get("Resources"), dict)


def examples():
    """The complete templates among the README's yaml blocks, by their number."""
    readme = ROOT / "README.md"
    if not readme.exists():
        return []
    blocks = re.findall(r"^```ya?ml\n(.*?)^```", readme.read_text(), flags=re.M | re.S)
    found = []
    for number, block in enumerate(blocks, 1):
        template = parse(block)
        if whole(template):
            found.append(Golden("README-%d" % number, template, {}))
    return found
