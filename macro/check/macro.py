"""The macro, as the checks run it: through the local tool's event command, or
with CloudFormation played around it."""
import json
import os
import pathlib
import shutil
import subprocess

HERE = pathlib.Path(os.path.abspath(__file__)).parent
ROOT = HERE.parents[1]
TOOL = ROOT / "bin" / "grantinvoke"


def event(fragment, number=0, params=None, region="us-east-1", account="123456789012", values=None):
    """A macro event for a fragment, which has no Transform section."""
    return {
        "accountId": account,
        "fragment": {k: v for k, v in fragment.items() if k != "Transform"},
        "transformId": account + "::GrantInvoke",
        "requestId": "check-%d" % number,
        "region": region,
        "params": params or {},
        "templateParameterValues": values if values is not None else defaults(fragment),
    }


def defaults(fragment):
    """The values of the parameters that have a default."""
    declared = fragment.get("Parameters")
    found = {}
    for name, p in (declared.items() if isinstance(declared, dict) else ()):
        if isinstance(p, dict) and p.get("Default") is not None:
            value = p["Default"]
            if str(p.get("Type")).startswith(("List<", "CommaDelimitedList")):
                value = [v.strip() for v in str(value).split(",")]
            found[name] = value if isinstance(value, list) else str(value)
    return found


def respond(events):
    """The macro's responses to events, in order."""
    lines = "".join(json.dumps(e) + "\n" for e in events)
    done = subprocess.run([str(TOOL), "event"], input=lines, stdout=subprocess.PIPE, text=True, check=True, timeout=300)
    responses = [json.loads(line) for line in done.stdout.splitlines()]
    asked, answered = [e["requestId"] for e in events], [r["requestId"] for r in responses]
    if asked != answered:
        raise SystemExit("the macro answered %d of %d events, or out of order" % (len(answered), len(asked)))
    return responses


class CloudFormation:
    """CloudFormation's side of the macro contract, played by process/main.go,
    with the given commands as macros."""

    def __init__(self, work, **macros):
        program = pathlib.Path(work) / "process"
        subprocess.run([shutil.which("go") or "go", "build", "-o", str(program), "./macro/check/process"], cwd=ROOT, check=True)
        arguments = [a for name, command in macros.items() for a in ("-macro", "%s=%s" % (name, command))]
        self.player = subprocess.Popen([str(program)] + arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def process(self, template, **deployment):
        """The template as it would be deployed and None, or None and the error."""
        print(json.dumps(dict(deployment, template=template)), file=self.player.stdin, flush=True)
        outcome = json.loads(self.player.stdout.readline())
        return outcome.get("template"), outcome.get("error")

    def close(self):
        self.player.stdin.close()
        self.player.wait(timeout=30)
