"""The macro beside macros in Python and beside the SAM translator, on the same
events, in one run: make compare. Each is warm and in one process, as in a Lambda
function that has answered before; only processor time counts, and only the
ratios mean something on another machine."""
import copy
import json
import logging
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(os.path.abspath(__file__)).parent
sys.path.insert(0, str(HERE.parent))

import toolbox  # noqa: E402

ROUNDS = 15


def answer(event, fragment):
    return json.dumps({"requestId": event["requestId"], "status": "success", "fragment": fragment})


def copying(text):
    """The least that a macro in Python does."""
    event = json.loads(text)
    return answer(event, event["fragment"])


def rebuilding(text):
    """One that replaces something in every string: the least that a walk costs."""
    event = json.loads(text)
    return answer(event, rebuilt(event["fragment"]))


def rebuilt(value):
    if isinstance(value, dict):
        return {name: rebuilt(v) for name, v in value.items()}
    if isinstance(value, list):
        return [rebuilt(v) for v in value]
    if isinstance(value, str):
        return value.replace("@{stack}", "")
    return value


INVOCATION = re.compile(r":lambda:path/[^/]+/functions/(.+)/invocations")


def searching(text):
    """One that makes a start at what this macro does: it keeps the original, as
    macros do that change something, and looks everywhere for the functions that
    are called, and where."""
    event = json.loads(text)
    fragment, found = copy.deepcopy(event["fragment"]), []
    search(fragment, (), found)
    return answer(event, fragment)


def search(value, path, found):
    if isinstance(value, dict):
        for name, v in value.items():
            search(v, path + (name,), found)
    elif isinstance(value, list):
        for i, v in enumerate(value):
            search(v, path + (i,), found)
    elif isinstance(value, str):
        match = INVOCATION.search(value)
        if match:
            found.append((path, match.group(1)))


def translating():
    """AWS::Serverless-2016-10-31, which does far more."""
    logging.getLogger("samtranslator").setLevel(logging.ERROR)
    from samtranslator.public.translator import ManagedPolicyLoader
    from samtranslator.translator.transform import transform

    loader = ManagedPolicyLoader(None)
    loader._policy_map = {}

    def run(text):
        event = json.loads(text)
        return answer(event, transform(event["fragment"], event["templateParameterValues"], loader))
    return run


def least(run, text):
    """The least processor time of a pass, in seconds."""
    best = None
    for _ in range(ROUNDS):
        start = time.process_time()
        run(text)
        took = time.process_time() - start
        best = took if best is None else min(best, took)
    return best


def measure(folder):
    """Prints a row for each event."""
    jobs = [copying, rebuilding, searching, translating()]
    print("| event | macro | Python, copying | Python, rebuilding | Python, searching | SAM translator |")
    print("| --- | --- | --- | --- | --- | --- |")
    for path in sorted(folder.glob("*.json"), key=lambda p: p.stat().st_size):
        own = int(path.with_suffix(".ns").read_text()) / 1e9
        cells = ["%.1f times" % (least(job, path.read_text()) / own) for job in jobs]
        print("| %s | %.2f ms | %s |" % (path.stem, own * 1000, " | ".join(cells)), flush=True)


def main(args):
    if args:
        measure(pathlib.Path(args[0]))
        return
    interpreter = toolbox.python("tools", "requirements.txt")
    with tempfile.TemporaryDirectory(prefix="grantinvoke-compare-") as folder:
        subprocess.run(["go", "run", "./macro/check/speed", "-events", folder], cwd=toolbox.ROOT, check=True)
        subprocess.run([str(interpreter), "-B", str(HERE / "compare.py"), folder], env=toolbox.environment(), check=True)


if __name__ == "__main__":
    main(sys.argv[1:])
