"""A clone is all that is needed: go install, the hook for pre-commit and the steps
of the GitHub action find the call that nothing allows, and are content once it is
mended."""
import os
import pathlib
import re
import subprocess
import sys

import yaml

ROOT = pathlib.Path(os.path.abspath(__file__)).parents[2]
WORK = pathlib.Path(os.environ["CHECK_WORK"])
SKIPPED = 77
CLONE, USER = WORK / "clone", WORK / "user"

# What pre-commit builds, it builds with a GOPATH of its own, which it empties
# afterwards: modules come from this machine's cache, as from a proxy.
PROXY = (pathlib.Path(subprocess.check_output(["go", "env", "GOMODCACHE"], text=True).strip()) / "cache" / "download").as_uri()


def run(*command, cwd=CLONE, **env):
    """Runs a command. Returns its status and what it said."""
    done = subprocess.run([str(c) for c in command], cwd=cwd, env=dict(os.environ, **env), stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
    return done.returncode, done.stdout


def must(*command, **kw):
    status, said = run(*command, **kw)
    if status:
        sys.exit("%s ended with %d:\n%s" % (" ".join(map(str, command)), status, said))
    return said


def example():
    """The template of README in which a call is missing."""
    return re.search(r"<!-- example: shop.yaml -->\n```yaml\n(.*?)```", (CLONE / "README.md").read_text(), re.S).group(1)


def clone():
    """A clone of what is committed, and a user's repository with one template."""
    if run("git", "rev-parse", "--git-dir", cwd=ROOT)[0]:
        print("this is no clone: no git repository at %s" % ROOT)
        sys.exit(SKIPPED)
    must("git", "clone", "--quiet", ROOT, CLONE, cwd=WORK)
    must("git", "init", "--quiet", USER, cwd=WORK)
    (USER / "shop.yaml").write_text(example())
    (USER / "values.yaml").write_text("colour: blue\n")
    (USER / ".pre-commit-config.yaml").write_text(config())
    must("git", "add", ".", cwd=USER)


def config():
    """README's own lines for pre-commit, with the clone for the published repository."""
    block = re.search(r"    - repo: https://\S+\n(?:      .*\n)+", (CLONE / "README.md").read_text()).group(0)
    hooks = yaml.safe_load(block)
    hooks[0].update(repo=CLONE.as_uri(), rev=must("git", "rev-parse", "HEAD").strip())
    return yaml.safe_dump({"repos": hooks})


def installed():
    must("go", "install", "./macro/cmd/grantinvoke", GOBIN=str(WORK / "bin"))
    return [WORK / "bin" / "grantinvoke", "check", "."]


def hook():
    return [pathlib.Path(sys.executable).parent / "pre-commit", "run", "--all-files", "--verbose"]


def action():
    """The scripts of the composite action, one after the other, as a runner runs them."""
    text = yaml.safe_load((CLONE / ".github" / "actions" / "check" / "action.yml").read_text())
    scripts = [s for s in text["runs"]["steps"] if "run" in s]
    path = WORK / "action.sh"
    lines = ["export GITHUB_ACTION_PATH='%s' RUNNER_TEMP='%s' GITHUB_OUTPUT=/dev/null GITHUB_STEP_SUMMARY=/dev/null TEMPLATES=. FLAGS= SARIF=\n" %
             (CLONE / ".github" / "actions" / "check", WORK)]
    for n, s in enumerate(scripts):
        script = WORK / ("action-%d.sh" % n)
        script.write_text(s["run"])
        lines.append("bash --noprofile --norc -e -o pipefail '%s' || exit\n" % script)
    path.write_text("".join(lines))
    return ["bash", path]


def finds(name, command):
    """The command fails on the missing call, and names it; mended, it passes."""
    env = {"PRE_COMMIT_HOME": str(WORK / "pre-commit"), "GOPROXY": PROXY, "GOSUMDB": "off", "GOFLAGS": "-trimpath -modcacherw"} if name == "the hook" else {}
    (USER / "shop.yaml").write_text(example())
    status, said = run(*command, cwd=USER, **env)
    if status != 1 or "nothing allows the call" not in said:
        sys.exit("%s: status %d, where a call is missing:\n%s" % (name, status, said[-3000:]))
    must(WORK / "bin" / "grantinvoke", "eject", "shop.yaml", cwd=USER)
    must("git", "add", ".", cwd=USER)
    status, said = run(*command, cwd=USER, **env)
    if status or "nothing allows" in said:
        sys.exit("%s: status %d, where nothing is missing:\n%s" % (name, status, said[-3000:]))
    print("%s finds the missing call, and is content once eject has written the permission" % name, flush=True)


clone()
finds("go install", installed())
finds("the hook", hook())
finds("the action", action())
print("go install, the hook for pre-commit and the action's steps, from a clone of %s" % must("git", "rev-parse", "--short", "HEAD").strip())
