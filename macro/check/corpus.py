"""The scorers of the corpus: real templates, with permissions, roles and whole
policies, and generated ones at the limits."""
import os
import pathlib
import re
import subprocess
import sys

import macro
import text_ids

CORPUS = pathlib.Path(os.environ["CHECK_CORPUS"])
WORK = pathlib.Path(os.environ["CHECK_WORK"])

# The figures in a scorer's line that must be 0.
FAULTS = {
    "SCORE": ["failed", "crash", "needless", "dup-sam", "over-broad", "touched", "cred-set", "not-idem", "invalid", "cond-miss",
              "dup-exist", "twins", "policy-risk", "over-500", "reordered"],
    "ROBUST": ["of good ones", "crash", "touched", "cred-set", "not-idem", "needless", "over-broad", "invalid", "cond-miss", "reordered"],
    "ROLES": ["failed", "crash", "faulty-idle"],
    "SERVICES": ["crash", "needless", "dup-sam", "over-broad", "account-missing", "account-odd", "order-missing", "cycle", "absent", "touched",
                 "not-idem", "invalid", "dup-exist"],
    "SIZE": ["failed", "crash"],
}
WHOLE = {"SCORE": ["recall", "need-arn"], "ROBUST": ["gap filled"], "ROLES": ["clean", "set"], "SIZE": ["clean", "covered"],
         "SERVICES": ["recall", "need-source"]}

# The scorers for API Gateway don't know other services: they take a DependsOn that is
# added for one for a change of the author's resource.
ALONE = ["--params", '{"Services":["apigateway"]}']
CASES, ROBUST = WORK / "cases.jsonl", WORK / "robust.jsonl"  # without the cases that text_ids finds

POLICIES = ["--params", '{"Grant":"policy"}']

# The scorers' arguments, and figures that must reach a share: of the routes that stay
# exact.
RUNS = [
    (["score.py", "--cases", CASES, *ALONE], {}),
    (["score.py", "--robust", ROBUST, *ALONE], {}),
    (["score.py", "--cases", CASES, "--params", '{"Services":["apigateway"],"Grant":"policy"}'], {}),
    (["score_roles.py", "--cases", CASES], {}),
    (["score_services.py", "--cases", CORPUS / "services.jsonl"], {}),
] + [(["score_size.py", "--seed", seed], {}) for seed in (1, 2, 3)] + [
    (["score_size.py", *POLICIES], {"own-kept": 0.95}),
    (["score_size.py", "--fresh", *POLICIES], {"kept": 0.9}),
]


def score(args, least):
    """Runs a scorer and returns its summary line; exits where it isn't clean."""
    command = [sys.executable, "-B", CORPUS / args[0], *args[1:], "--list", 10, "--out", WORK / "score.json", "--", macro.TOOL, "event"]
    done = subprocess.run([str(c) for c in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    line = done.stdout.splitlines()[0] if done.stdout else ""
    kind = line.split(" ", 1)[0]
    wrong = [f for f in FAULTS.get(kind, []) if number(line, f) != 0] + [w for w in WHOLE.get(kind, []) if number(line, w) != 1]
    wrong += ["%s below %s" % (name, share) for name, share in least.items() if (number(line, name) or 0) < share]
    if kind not in FAULTS or wrong or done.returncode:
        sys.exit("%s: %s\n%s" % (args[0], ", ".join(wrong) or "status %d" % done.returncode, done.stdout))
    print(line)
    return line


def number(line, name):
    """The figure that follows a name; a scorer without it isn't the one that is known."""
    found = re.search(r"(?:^|[ (|])%s ([0-9.]+)" % re.escape(name), line)
    return float(found.group(1)) if found else None


def main():
    left = [text_ids.without(CORPUS / name, WORK / name) for name in ("cases.jsonl", "robust.jsonl")]
    print("left out, since an event names its API by a text: %d cases, %d templates" % tuple(left))
    lines = [score(args, least) for args, least in RUNS]
    print("%d scorers clean; %s" % (len(lines), ", ".join(sorted({line.split(" |")[0] for line in lines}))[:200]))


main()
