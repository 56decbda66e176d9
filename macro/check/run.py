"""Runs the steps of make check and shows what came of them. See run.sh."""
import collections
import concurrent.futures
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import threading
import time

import toolbox
from toolbox import HERE, ROOT, Unavailable

SKIPPED = 77  # a step's way to say that it has nothing to work on
LIMIT = int(os.environ.get("LIMIT", 1200))  # seconds a step may take

# A step is a program with its arguments, what it needs (tools, emulator, hook: a
# Python; node; corpus; network, which may be missing) and one sentence: what is true if it passes.
Step = collections.namedtuple("Step", "name program needs proves")

# How a step ended: passed, FAILED or skipped, its last line, and its seconds: as
# they passed, and of the processors, of all that it ran and waited for.
Row = collections.namedtuple("Row", "step result last seconds cpu")

# The steps that take long, or wait for something, are begun first; what measures
# has the machine for itself.
FIRST, ALONE = ["mutants", "clients", "preview"], ["speed"]

RUNNING = set()  # the processes of steps

STEPS = [
    Step("sam", "sam.py", ["tools"],
         "sam-cli accepts and builds the macro's template, to the same bytes as make, and templates that name the macro"),
    Step("clone", "clone.py", ["hook"],
         "from a clone, go install, the hook for pre-commit and the GitHub action find what is missing"),
    Step("translator", "translator.py", ["tools", "corpus?"],
         "before or after the SAM translator, the macro permits and shows the same calls, and SAM takes what it returns"),
    Step("lint", "lint/lint.py", ["tools", "node", "corpus?"],
         "cfn-lint and cloudformation-validate find nothing in what the macro returns that was not in what it got"),
    Step("report", "report.py", ["tools", "node", "corpus?"],
         "what check writes is SARIF by the schema of SARIF, and JSON by its own"),
    Step("preview", "preview.py", ["tools", "corpus"],
         "check and preview get through real templates, as JSON and YAML: every line is kept, and the answer is the macro's"),
    Step("oracle", "oracle/oracle.py", ["tools", "node"],
         "what CDK and the Serverless Framework grant is granted, nothing beyond it, and less only for a known reason"),
    Step("guard", "guard.py", ["tools", "node", "corpus?"],
         "every grant passes the platform team's policy, and each rule of the policy can fail"),
    Step("emulator", "emulator/emulator.py", ["emulator", "tools"],
         "in deployed stacks every call of a service is allowed by a policy and no other, in time, through updates and deletion"),
    Step("clients", "emulator/clients.py", ["emulator", "tools", "clients", "node?"],
         "installed as the README says, the macro works for sam, the aws command, the CDK and osls as they are: created, updated, rolled back, deleted"),
    Step("audit", "audit.py", [],
         "what audit says of 30 accounts is what a judgement written apart says, and its plans can be run and taken back"),
    Step("audited", "emulator/audited.py", ["emulator"],
         "audit reads an account of an emulator as it is, before and after a statement is taken away"),
    Step("mutants", "mutation.py -few", ["tools", "node", "emulator", "clients"],
         "these steps can fail: grants that are broken on purpose are found, each for what is wrong with it"),
    Step("speed", "speed/speed.py", [],
         "the macro costs what was recorded, in times of validation and of maps, and grows in proportion"),
    Step("vulns", "vulns.py", ["network"],
         "no vulnerability that is known is reached by what is linked, and a made-up one would be found"),
    Step("corpus", "corpus.py", ["tools", "corpus"],
         "on real templates nothing is missing, needless, touched or too big, with permissions, roles and whole policies"),
]


def graph():
    """The step for the pictures, if there is one."""
    for suffix in (".py", ".js", ".sh"):
        if (HERE / ("graph" + suffix)).exists():
            return [Step("graph", "graph" + suffix, ["tools", "node"], "a browser, Mermaid and Graphviz show every call of the graphs")]
    return []


class Tools:
    """What steps need, installed when a step first asks for it; a failure is remembered."""

    makers = {
        "tools": lambda: toolbox.python("tools", "requirements.txt"),
        "emulator": lambda: toolbox.python("emulator", "requirements-emulator.txt"),
        "clients": lambda: toolbox.python("clients", "requirements-clients.txt"),
        "hook": lambda: toolbox.python("hook", "requirements-hook.txt"),
        "node": toolbox.node,
    }

    def __init__(self):
        self.lock = threading.Lock()
        self.corpus = pathlib.Path(os.environ.get("CORPUS") or ROOT / ".." / "shared" / "corpus").absolute()
        self.ready = {}

    def get(self, need):
        if need == "corpus":
            if not (self.corpus / "score.py").exists():
                raise Unavailable("the corpus is not at %s" % self.corpus)
            return self.corpus
        with self.lock:
            if need not in self.ready:
                start = time.time()
                try:
                    self.ready[need] = self.makers[need]()
                except Unavailable as e:
                    self.ready[need] = e
                print("== %s: ready after %.0f s" % (need, time.time() - start), flush=True)
        if isinstance(self.ready[need], Unavailable):
            raise self.ready[need]
        return self.ready[need]

    def environment(self, needs, work):
        """The environment of a step: CHECK_<need> for each of its needs."""
        env = toolbox.environment("network" in needs)
        env["CHECK_WORK"] = str(work)
        for need in needs:
            if need == "network":
                continue
            try:
                env["CHECK_" + need.rstrip("?").upper()] = str(self.get(need.rstrip("?")))
            except Unavailable:
                if not need.endswith("?"):
                    raise
        if "CHECK_NODE" in env:
            env["NODE_PATH"] = env["CHECK_NODE"]
        return env


def command(step, env):
    name, *arguments = step.program.split()
    program = [str(HERE / name)] + arguments
    if name.endswith(".py"):
        return [env.get("CHECK_" + step.needs[0].upper(), sys.executable) if step.needs else sys.executable] + program
    return ["node" if name.endswith(".js") else "sh"] + program


def follow(process, show):
    """Shows what a step writes, and returns its last line."""
    last = ""
    for line in process.stdout:
        show("   " + line.rstrip("\n"))
        last = line.strip() or last
    return last


def run(step, tools, show):
    """Runs a step and returns its row."""
    start, cpu = time.time(), 0
    show("\n== %s: %s" % (step.name, step.proves))
    with tempfile.TemporaryDirectory(prefix="grantinvoke-check-") as work:
        try:
            env = tools.environment(step.needs, work)
        except Unavailable as e:
            show("   %s" % e)
            return Row(step, "skipped", str(e).splitlines()[0], time.time() - start, 0)
        process = subprocess.Popen(command(step, env), cwd=ROOT, env=env, stdout=subprocess.PIPE,
                                   stderr=subprocess.STDOUT, text=True, errors="replace", start_new_session=True)
        timer = threading.Timer(LIMIT, stop, [process])
        timer.start()
        RUNNING.add(process)
        try:
            last = follow(process, show)
            _, status, used = os.wait4(process.pid, 0)
            process.returncode, cpu = os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime
        finally:
            timer.cancel()
            stop(process)
            RUNNING.discard(process)
    result = {0: "passed", SKIPPED: "skipped"}.get(process.returncode, "FAILED")
    if process.returncode < 0:
        last = "ended by signal %d, after %d s at the latest" % (-process.returncode, LIMIT)
    return Row(step, result, last, time.time() - start, cpu)


def stop(process):
    """Ends a step with everything that it has started."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def build():
    """The two executables that the steps run."""
    if subprocess.call(["make", "--silent", "build", "bootstrap"], cwd=ROOT):
        raise SystemExit("check: make build bootstrap failed")


def summary(rows):
    print("\n%-11s %-8s %7s %7s  %s" % ("step", "result", "time", "cpu", "what it proves, and what it has seen"))
    for row in rows:
        print("%-11s %-8s %5.0f s %5.0f s  %s" % (row.step.name, row.result, row.seconds, row.cpu, row.step.proves))
        print("%37s%s" % ("", row.last))


def show(line):
    print(line, flush=True)


def beside(steps, tools):
    """Runs steps, as many at a time as there are cores, and shows of each what it
    has written when it has ended. Returns their rows, as they ended."""
    rows, printing = [], threading.Lock()

    def one(step):
        said = []
        show("== %s: begun" % step.name)
        row = run(step, tools, said.append)
        with printing:
            show("\n".join(said))
            show("== %s: %s after %.0f s" % (step.name, row.result, row.seconds))
            rows.append(row)

    with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        try:
            for done in [pool.submit(one, step) for step in steps]:
                done.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            for process in list(RUNNING):
                stop(process)
            raise
    return rows


def perform(steps, tools):
    """Runs the steps and returns a row for each, in their order."""
    if len(steps) == 1:
        return [run(steps[0], tools, show)]
    early = [s for name in FIRST for s in steps if s.name == name]
    rows = beside(early + [s for s in steps if s not in early and s.name not in ALONE], tools)
    rows += [run(s, tools, show) for s in steps if s.name in ALONE]
    return sorted(rows, key=lambda row: steps.index(row.step))


def main(args):
    steps = STEPS + graph()
    if args == ["-list"]:
        for step in steps:
            print("%-11s %s" % (step.name, step.proves))
        return 0
    unknown = [a for a in args if a not in [s.name for s in steps]]
    if unknown:
        print("check: unknown step %s; hint: %s" % (", ".join(unknown), " ".join(s.name for s in steps)), file=sys.stderr)
        return 2
    build()
    start = time.time()
    rows = perform([s for s in steps if not args or s.name in args], Tools())
    summary(rows)
    print("%-20s %5.0f s %5.0f s  in all" % ("", time.time() - start, sum(row.cpu for row in rows)))
    return verdict(rows)


def verdict(rows):
    """Skipping is a failure in CI, where the tools must be, except for what
    needs the corpus, which not everybody has, or the data of vulnerabilities,
    which not every machine reaches: the workflow has a job of its own for them."""
    results = collections.Counter(row.result for row in rows)
    missing = [row.step.name for row in rows if row.result == "skipped" and not {"corpus", "network"} & set(row.step.needs)]
    total = "%d passed, %d failed, %d skipped" % (results["passed"], results["FAILED"], results["skipped"])
    if results["FAILED"] or missing and os.environ.get("CI") == "true":
        print("\ncheck: FAILED: " + total)
        return 1
    if results["skipped"]:
        print("\ncheck: INCOMPLETE: " + total)
        return 0
    print("\ncheck: all is well: " + total)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
