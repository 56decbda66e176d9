"""What the macro makes of templates: the goldens with permissions and with
roles, the README's examples, and a sample of the corpus where it is present."""
import collections
import hashlib
import json
import os
import pathlib

import macro
import templates

# An output: where it is from, the template before and after; what the macro
# added or renamed is in new.
Output = collections.namedtuple("Output", "name before after new")


def made(subjects):
    """The outputs of those templates that the macro changes; a template that it
    refuses is none."""
    events = [macro.event(s.template, n, **s.event) for n, s in enumerate(subjects)]
    found = []
    for subject, e, response in zip(subjects, events, macro.respond(events)):
        if response["status"] == "success" and response["fragment"] != e["fragment"]:
            before, after = e["fragment"], response["fragment"]
            found.append(Output(subject.name, before, after, renamed(before["Resources"], after["Resources"])))
    return found


def renamed(before, after):
    """The logical ids that are new, each with the id that it had before, or
    None. Only deployments get another id."""
    gone = [name for name in before if name not in after]
    new = {}
    for name, resource in after.items():
        if name not in before:
            was = [g for g in gone if name.startswith(g) and before[g].get("Type") == resource["Type"]]
            new[name] = max(was, key=len, default=None)
    return new


def roles(subjects):
    """The same templates with roles instead of permissions."""
    return [s._replace(name=s.name + " (role)", event=dict(s.event, params=dict(s.event.get("params") or {}, Grant="role")))
            for s in subjects if "Grant" not in (s.event.get("params") or {})]


def sample(count):
    """Templates of the corpus, in an order that depends on their names alone:
    the first ones that the macro changes."""
    if "CHECK_CORPUS" not in os.environ:
        return []
    rows = []
    for name in ("cases.jsonl", "robust.jsonl"):
        with open(pathlib.Path(os.environ["CHECK_CORPUS"]) / name) as lines:
            rows += [(name, json.loads(line)) for line in lines]
    subjects = {}
    for file, row in rows:
        if isinstance(row["input"], dict) and isinstance(row["input"].get("Resources"), dict):
            key = hashlib.sha256((file + row["id"]).encode()).hexdigest()
            subjects[key] = templates.Golden(row["id"], row["input"], {"region": row["region"]})
    return made([subjects[k] for k in sorted(subjects)])[:count]


def own():
    """The outputs of the project's own templates."""
    goldens = templates.goldens()
    return made(goldens + roles(goldens) + templates.examples())
