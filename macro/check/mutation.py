"""Whether make check would notice: the code that makes grants is broken, one
mutation at a time (mutants.py), and the steps of make check are run on each
mutant until one finds it. A mutant that none finds is a failure.

  python3 macro/check/mutation.py                         make mutants
  python3 macro/check/mutation.py -full                   every step on every mutant
  python3 macro/check/mutation.py -steps guard no-alias   one step, one mutant
  python3 macro/check/mutation.py -few                    what make check does itself
  python3 macro/check/mutation.py -list

Mutants are made in a copy of the tree. The steps run there without the corpus,
which not everybody has; the step corpus, where asked for, has it.
"""
import argparse
import contextlib
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

import run
from mutants import FEW, MUTANTS, WIDER
from toolbox import ROOT

# The steps that look at grants, the cheapest first.
STEPS = ["guard", "translator", "oracle", "emulator"]
MADE = (".git", ".aws-sam", "bin", "dist")  # what a copy does without


class NoResult(SystemExit):
    """A step that ended without a result, so that it has not found the mutant."""


class Tree:
    """A copy of the sources, in which one mutation at a time is made."""

    def __init__(self, folder, corpus):
        self.root = folder / "tree"
        shutil.copytree(ROOT, self.root, ignore=shutil.ignore_patterns(*MADE))
        (folder / "synthesised").mkdir()
        self.corpus = corpus
        self.env = {k: v for k, v in os.environ.items() if k != "CI" and not k.startswith("CHECK_")}
        self.env["CHECK_SYNTHESISED"] = str(folder / "synthesised")
        self.usual = {}  # what each step writes on the sources as they are

    def text(self, mutant):
        """The file that a mutation changes, and its text."""
        file = self.root / "macro" / "internal" / mutant.file
        text = file.read_text()
        if text.count(mutant.old) != 1:
            sys.exit("%s: %s has %d times: %s" % (mutant.name, mutant.file, text.count(mutant.old), mutant.old))
        return file, text

    @contextlib.contextmanager
    def mutated(self, mutant):
        """The tree with a mutation, which must compile."""
        file, text = self.text(mutant)
        try:
            file.write_text(text.replace(mutant.old, mutant.new))
            if subprocess.call(["make", "--silent", "build", "bootstrap"], cwd=self.root):
                sys.exit("%s: the mutant does not compile" % mutant.name)
            yield
        finally:
            file.write_text(text)

    def check(self, step):
        """Runs a step, of clients those that are named after it. Returns whether it
        passed, and the lines that it wrote."""
        step, _, clients = step.partition(" ")
        corpus = str(self.corpus) if step == "corpus" else os.devnull
        done = subprocess.run([sys.executable, "-B", "macro/check/run.py", step], cwd=self.root, env=dict(self.env, CORPUS=corpus, CLIENTS=clients),
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        passed, failed = ("check: %s: " % word in done.stdout for word in ("all is well", "FAILED"))
        if passed == failed or "Traceback" in done.stdout:
            raise NoResult("%s did not come to a result:\n%s" % (step, "\n".join(done.stdout.splitlines()[-40:])))
        return passed, [line.strip() for line in done.stdout.partition("\nstep ")[0].splitlines() if line.startswith("   ")]

    def sound(self, steps):
        """Fails unless the steps pass on the sources as they are: otherwise finding a
        mutant means nothing."""
        print("== the sources as they are", flush=True)
        for step in steps:
            start = time.time()
            passed, self.usual[step] = self.check(step)
            if not passed:
                sys.exit("%s fails on the sources as they are:\n%s" % (step, "\n".join(self.usual[step])))
            print("   %-10s %4.0f s  passes" % (step, time.time() - start), flush=True)

    def found(self, step):
        """Why a step fails on the mutant: the first line that it does not write
        on the sources as they are. None where it passes."""
        passed, said = self.check(step)
        return None if passed else next(line for line in said + ["it fails"] if line not in self.usual[step])


def judge(tree, mutant, steps, full):
    """Which of the steps find a mutant: a step's name, and what it said first."""
    found = {}
    with tree.mutated(mutant):
        for step in steps:
            start = time.time()
            try:
                why = tree.found(step)
            except NoResult as e:
                print(e)
                why = None
            print("   %-10s %4.0f s  %s" % (step, time.time() - start, "found: " + why if why else "not found"), flush=True)
            if why:
                found[step] = why
                if not full:
                    break
    return found


def few(tree):
    """The mutants of FEW: each step must find its own and say what is wrong."""
    by_name = {m.name: m for m in MUTANTS + WIDER}
    for mutant in by_name.values():
        tree.text(mutant)
    for name, step, words in FEW:
        start = time.time()
        with tree.mutated(by_name[name]):
            passed, said = tree.check(step)
        why = next((line for line in said if re.search(words, line)), None)
        if passed or not why:
            sys.exit("%s does not find that %s:\n%s" % (step, by_name[name].breaks, "\n".join(said)))
        print("%s, %s: %s finds it after %.0f s: %s" % (name, by_name[name].breaks, step, time.time() - start, why), flush=True)
    print("%d broken things, found by %s" % (len(FEW), ", ".join(sorted({step.split()[0] for _, step, _ in FEW}))))


def table(results, steps, full):
    """Prints which steps found which mutants."""
    print("\n%-26s %s" % ("mutant", " ".join("%-10s" % s for s in steps)))
    for mutant, found in results:
        last = list(found)[-1:]
        cells = ["found" if s in found else "-" if full or not found or steps.index(s) < steps.index(last[0]) else "" for s in steps]
        print(("%-26s %s" % (mutant.name, " ".join("%-10s" % c for c in cells))).rstrip())


def arguments(args):
    p = argparse.ArgumentParser(prog="mutation.py", description="Runs steps of make check on broken grants; each must be found.")
    p.add_argument("-full", action="store_true", help="run every step on every mutant, not only until one finds it")
    p.add_argument("-few", action="store_true", help="some mutants with the step that must find it")
    p.add_argument("-list", action="store_true", help="show the mutants")
    p.add_argument("-steps", default=",".join(STEPS), help="the steps, with commas between (%(default)s)")
    p.add_argument("names", nargs="*", metavar="MUTANT", help="the mutants (all)")
    a = p.parse_args(args)
    a.steps = a.steps.split(",")
    unknown = set(a.steps) - {s.name for s in run.STEPS} or set(a.names) - {m.name for m in MUTANTS}
    if unknown:
        p.error("unknown: " + ", ".join(sorted(unknown)))
    return a


def main(args):
    a = arguments(args)
    chosen = [m for m in MUTANTS if not a.names or m.name in a.names]
    if a.list:
        for m in chosen:
            print("%-26s %s (%s)" % (m.name, m.breaks, m.file))
        return 0
    with tempfile.TemporaryDirectory(prefix="grantinvoke-mutants-") as folder:
        tree = Tree(pathlib.Path(folder), run.Tools().corpus)
        if a.few:
            return few(tree)
        tree.sound(a.steps)
        results = []
        for m in chosen:
            print("== %s: %s" % (m.name, m.breaks), flush=True)
            results.append((m, judge(tree, m, a.steps, a.full)))
    table(results, a.steps, a.full)
    alive = [m.name for m, found in results if not found]
    if alive:
        print("\nmutants: FAILED: nothing finds " + ", ".join(alive))
        return 1
    print("\nmutants: all is well: each of %d is found" % len(results))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
