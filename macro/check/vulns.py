"""Known vulnerabilities that the macro's code reaches, by govulncheck.

Its data lies on a server that not every machine reaches: then the step is skipped.
That govulncheck would find something is tried first, with a vulnerability made up
for a function that the macro calls.
"""
import json
import os
import pathlib
import subprocess
import sys

WORK = pathlib.Path(os.environ["CHECK_WORK"])
FOUND, SKIPPED = 3, 77  # govulncheck's status, and a step's
MODULE, SYMBOL = "github.com/aws/aws-lambda-go", "Start"
STAMP = "2026-01-01T00:00:00Z"
MADE_UP = {
    "index/db.json": {"modified": STAMP},
    "index/modules.json": [{"path": MODULE, "vulns": [{"id": "GO-2026-9999", "modified": STAMP}]}],
    "ID/GO-2026-9999.json": {
        "schema_version": "1.3.1", "id": "GO-2026-9999", "modified": STAMP, "published": STAMP,
        "summary": "made up", "details": "made up", "database_specific": {"url": "https://pkg.go.dev/vuln", "review_status": "REVIEWED"},
        "affected": [{
            "package": {"name": MODULE, "ecosystem": "Go"},
            "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}]}],
            "ecosystem_specific": {"imports": [{"path": MODULE + "/lambda", "symbols": [SYMBOL]}]},
        }],
    },
}


def govulncheck(*args):
    """Runs it. Returns its status and what it said."""
    done = subprocess.run(["go", "tool", "govulncheck", *args], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return done.returncode, done.stdout


def can_fail():
    """The made-up vulnerability is found, with the call that reaches it."""
    database = WORK / "database"
    for name, content in MADE_UP.items():
        path = database / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content))
    status, said = govulncheck("-db", database.as_uri(), "./macro")
    if status != FOUND or "calls lambda." + SYMBOL not in said:
        sys.exit("a made-up vulnerability of what the macro calls is not found (status %d):\n%s" % (status, said))
    print("a made-up vulnerability of lambda.%s is found" % SYMBOL)


can_fail()
status, said = govulncheck("./...")
if status and "fetching vulnerabilities" in said:
    print("=" * 72)
    print("SKIPPED: NOTHING IS KNOWN OF VULNERABILITIES, their data can't be reached:")
    print(said.strip())
    print("=" * 72)
    print("the data of vulnerabilities can't be reached: " + said.strip().splitlines()[-1])
    sys.exit(SKIPPED)
print(said)
if status:
    sys.exit("govulncheck ended with %d" % status)
print(said.strip().splitlines()[0])
