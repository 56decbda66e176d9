"""Command lines as a user has them: with the clients on the PATH, the emulator as
AWS, and the proxy as CloudFormation."""
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys
import threading
import time


class Shell:
    """Runs scripts with the clients on the PATH."""

    def __init__(self, cloud, proxy):
        bins = [str(pathlib.Path(os.environ["CHECK_" + need]).parent) for need in ("CLIENTS", "TOOLS")]
        if "CHECK_NODE" in os.environ:
            bins.append(str(pathlib.Path(os.environ["CHECK_NODE"]) / ".bin"))
        self.env = dict(os.environ, AWS_ENDPOINT_URL=cloud.endpoint, AWS_ENDPOINT_URL_CLOUDFORMATION=proxy.endpoint,
                        SAM_CLI_ENABLE_LANGUAGE_EXTENSIONS="1",  # or sam build breaks on loops
                        SLS_AWS_MONITORING_FREQUENCY="500",  # milliseconds, in place of 5000
                        PATH=os.pathsep.join(bins + [os.environ["PATH"]]))
        self.env.pop("PYTHONPATH", None)
        self.stopped = threading.Event()  # no more scripts: something has failed

    def run(self, script, cwd, answers=""):
        """Whether a script has ended well, and what it said."""
        if self.stopped.is_set():
            sys.exit("stopped")
        if "cloudformation deploy" in script:
            time.sleep(1.1)  # the aws command names a change set by the second
        done = subprocess.run(["sh", "-e", "-c", script], cwd=cwd, env=self.env, input=answers, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, timeout=600)
        return done.returncode == 0, done.stdout

    def must(self, script, cwd, answers=""):
        """What a script said, which must end well."""
        ok, said = self.run(script, cwd, answers)
        if not ok:
            sys.exit("%s\n%s" % (script, said[-3000:]))
        return said

    def together(self, *lanes):
        """Runs lanes beside each other. The first that fails stops the others at
        their next script."""
        def run(lane):
            try:
                lane()
            except BaseException:
                self.stopped.set()
                raise
        with concurrent.futures.ThreadPoolExecutor(len(lanes)) as pool:
            failed = [e for e in (done.exception() for done in [pool.submit(run, lane) for lane in lanes]) if e]
        if failed:
            raise next((e for e in failed if str(e) != "stopped"), failed[0])

    def refused(self, script, cwd, *words):
        """Runs a script that must fail, and say each of the words."""
        ok, said = self.run(script, cwd)
        if ok or not all(word in said for word in words):
            sys.exit("%s: not refused with %s:\n%s" % (script, " and ".join(words), said[-3000:]))


def plain(said):
    """What a client said, without colours."""
    return re.sub(r"\x1b\[[0-9;]*m", "", said)
