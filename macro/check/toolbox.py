"""The tools that the steps need: where they are kept, and how they are installed.

Each set lives in a folder named after what it is made from, so that another
version is another folder and a half-made one is made again.
"""
import contextlib
import fcntl
import hashlib
import os
import pathlib
import shutil
import subprocess
import sys

HERE = pathlib.Path(os.path.abspath(__file__)).parent
ROOT = HERE.parent.parent
DEAD = "http://127.0.0.1:9"  # nobody answers there


class Unavailable(Exception):
    """A tool that cannot be had on this machine."""


def cache():
    """The folder of all tools. It must not be in the repository: sam build
    copies the whole tree."""
    base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    path = pathlib.Path(os.environ.get("GRANTINVOKE_CHECK_CACHE") or os.path.join(base, "grantinvoke-check")).absolute()
    if ROOT == path or ROOT in path.parents:
        raise SystemExit("check: the cache %s is inside the repository; hint: set GRANTINVOKE_CHECK_CACHE" % path)
    path.mkdir(parents=True, exist_ok=True)
    return path


@contextlib.contextmanager
def made(name, source, extra=""):
    """The folder for a set of tools, and whether it has still to be filled; it
    counts as filled once the block has ended without an error."""
    digest = hashlib.sha256((source.read_text() + extra).encode()).hexdigest()[:10]
    folder = cache() / ("%s-%s" % (name, digest))
    with open(cache() / (name + ".lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        ready = folder / ".ready"
        missing = not ready.exists()
        if missing:
            shutil.rmtree(folder, ignore_errors=True)
        yield folder, missing
        ready.touch()


@contextlib.contextmanager
def alone():
    """Locks the tree, for a step that writes into it or copies it whole."""
    with open(ROOT / "Makefile") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def install(command, **kw):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **kw)
    if done.returncode:
        raise Unavailable("%s failed:\n%s" % (" ".join(map(str, command)), "\n".join(done.stdout.splitlines()[-15:])))


def python(name, requirements):
    """The interpreter of a virtual environment with what the file lists."""
    if sys.version_info < (3, 10):
        raise Unavailable("Python 3.10 or later is needed, this is %d.%d" % sys.version_info[:2])
    with made(name, HERE / requirements, sys.version) as (folder, missing):
        interpreter = folder / "bin" / "python"
        if missing:
            install([sys.executable, "-m", "venv", str(folder)])
            install([str(interpreter), "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
                     "-r", str(HERE / requirements)])
        return interpreter


def node():
    """The node_modules folder with what package.json lists. No script of a
    package is run."""
    for program in ("node", "npm"):
        if not shutil.which(program):
            raise Unavailable("there is no %s; hint: install Node.js 20 or later" % program)
    with made("node", HERE / "package.json") as (folder, missing):
        if missing:
            folder.mkdir()
            shutil.copy(HERE / "package.json", folder)
            install(["npm", "install", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts"], cwd=folder)
        return folder / "node_modules"


def environment(network=False):
    """The environment of a step: no AWS account, no telemetry, and no network
    unless it needs one."""
    env = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "GRANTINVOKE_"))}
    env.update({
        "AWS_ACCESS_KEY_ID": "check",
        "AWS_SECRET_ACCESS_KEY": "check",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_ENDPOINT_URL": DEAD,
        "DO_NOT_TRACK": "1",
        "SAM_CLI_TELEMETRY": "0",
        "SLS_NOTIFICATIONS_MODE": "off",
        "SLS_TELEMETRY_DISABLED": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONPATH": str(HERE),
        "GRANTINVOKE_CHECK_CACHE": str(cache()),  # for a step that runs others
        "NO_PROXY": "127.0.0.1,localhost",
        "no_proxy": "127.0.0.1,localhost",
    })
    if not network:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
            env[name] = env[name.lower()] = DEAD
    return env
