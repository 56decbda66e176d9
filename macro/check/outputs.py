"""What the macro returns for templates: the goldens with permissions, with roles and
with whole policies, the README's examples, and a sample of the corpus where that is
there."""
import collections
import hashlib
import json
import os
import pathlib

import macro
import templates

WHOLE = "AWS::Lambda::ResourcePolicy"

# An output: the name of its source, the template before and after, and what the macro
# has added or renamed, see renamed().
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


def granted(subjects, form):
    """The same templates with roles, or whole policies, instead of permissions."""
    return [s._replace(name="%s (%s)" % (s.name, form), event=dict(s.event, params=dict(s.event.get("params") or {}, Grant=form)))
            for s in subjects if "Grant" not in (s.event.get("params") or {})]


def sample(count, form=None):
    """Templates of the corpus, in an order that depends on their names alone:
    the first ones that the macro changes; with grants of a form."""
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
    chosen = [subjects[k] for k in sorted(subjects)]
    return made(granted(chosen, form) if form else chosen)[:count]


def own():
    """The outputs of the project's own templates."""
    goldens = templates.goldens()
    return made(goldens + granted(goldens, "role") + templates.examples())


def policies(count):
    """The outputs with whole policies: of the goldens and examples, and of so
    many templates of the corpus."""
    found = made(granted(templates.goldens() + templates.examples(), "policy")) + sample(count, "policy")
    return [o for o in found if any(o.after["Resources"][n].get("Type") == WHOLE for n in o.new)]
