"""sam-cli on the macro's own template, and on templates that name the macro."""
import filecmp
import os
import pathlib
import shutil
import subprocess
import sys
import zipfile

import templates
import toolbox

ROOT = pathlib.Path(os.path.abspath(__file__)).parents[2]
WORK = pathlib.Path(os.environ["CHECK_WORK"])
SAM = pathlib.Path(sys.executable).parent / "sam"
MACHINES = {"x86_64": ("amd64", 62), "arm64": ("arm64", 183)}  # Go's name, and ELF's number

RESOURCES = """
Resources:
%s  Users:
    Type: AWS::Serverless::Function
    Properties: { Runtime: provided.al2023, Handler: bootstrap, CodeUri: src }
    Metadata: { BuildMethod: makefile }
  Api:
    Type: AWS::Serverless::Api
    Properties:
      StageName: v1
      DefinitionBody:
        openapi: 3.0.1
        info: { title: users, version: "1" }
        paths:
          /users:
            get:
              x-amazon-apigateway-integration:
                type: aws_proxy
                httpMethod: POST
                uri: !Sub arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Users.Arn}/invocations
"""

# How a template can name the macro, what the built template must still say, and
# whether sam-cli is known to break on it: it takes a list of Fn::Transforms
# among the resources for a resource.
SPELLINGS = {
    "after": ("Transform: [AWS::Serverless-2016-10-31, GrantInvoke]", "", "- GrantInvoke", False),
    "before": ("Transform: [GrantInvoke, AWS::Serverless-2016-10-31]", "", "- GrantInvoke", False),
    "options": ("Transform:\n  - AWS::Serverless-2016-10-31\n  - { Name: GrantInvoke, Parameters: { Stages: declared } }",
                "", "    Stages: declared", False),
    "embedded": ("Transform: AWS::Serverless-2016-10-31", "  Fn::Transform: { Name: GrantInvoke }\n", "    Name: GrantInvoke", False),
    "list": ("Transform: AWS::Serverless-2016-10-31", "  Fn::Transform: [{ Name: GrantInvoke }]\n", "", True),
}


def sam(*args, cwd=ROOT):
    """Runs sam-cli and returns whether it succeeded, and what it wrote."""
    done = subprocess.run([str(SAM), *map(str, args)], cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return done.returncode == 0, done.stdout


def must(*args, cwd=ROOT):
    ok, said = sam(*args, cwd=cwd)
    if not ok:
        sys.exit("sam %s:\n%s" % (" ".join(map(str, args)), said))
    return said


def own():
    """sam validate and sam build take the macro's template, and the makefile
    builder makes the executable that make does."""
    must("validate", "--lint", "--template", ROOT / "template.yaml")
    must("build", "--template", ROOT / "template.yaml", "--build-dir", WORK / "own", "--cache-dir", WORK / "cache")
    made = WORK / "made"
    made.mkdir()
    subprocess.run(["make", "--silent", "build-MacroFunction", "ARTIFACTS_DIR=%s" % made], cwd=ROOT, check=True)
    built = WORK / "own" / "MacroFunction" / "bootstrap"
    if not filecmp.cmp(built, made / "bootstrap", shallow=False):
        sys.exit("sam build and make build-MacroFunction make different executables")
    if sorted(p.name for p in built.parent.iterdir()) != ["bootstrap"]:
        sys.exit("sam build leaves more than the executable: %s" % sorted(p.name for p in built.parent.iterdir()))
    print("own template: valid, lint clean, built to the %d bytes that make builds" % built.stat().st_size)


def machine(executable):
    """The machine that an ELF file is for."""
    return int.from_bytes(executable[18:20], "little")


def fitting():
    """Whatever architecture is asked for, executable and template agree."""
    for architecture, (arch, number) in MACHINES.items():
        subprocess.run(["make", "--silent", "package", "ARCH=" + arch], cwd=ROOT, check=True, stderr=subprocess.DEVNULL)
        template = templates.parse((ROOT / "dist" / "template.yaml").read_text())
        properties = template["Resources"]["MacroFunction"]["Properties"]
        application = template["Metadata"]["AWS::ServerlessRepo::Application"]
        for name in (properties["CodeUri"], application["LicenseUrl"], application["ReadmeUrl"]):
            if not (ROOT / "dist" / name).is_file():
                sys.exit("make package ARCH=%s: the template names %s, which is not in dist" % (arch, name))
        with zipfile.ZipFile(ROOT / "dist" / properties["CodeUri"]) as package:
            if properties["Architectures"] != [architecture] or machine(package.read("bootstrap")) != number:
                sys.exit("make package ARCH=%s: executable and template disagree: %s" % (arch, properties))
        if "Metadata" in template["Resources"]["MacroFunction"]:
            sys.exit("make package ARCH=%s: the template still says how it is built" % arch)
    # sam build takes the architecture from the template, whatever ARCH is in the environment
    source = WORK / "x86"
    shutil.copytree(ROOT, source, ignore=shutil.ignore_patterns(".*", "bin", "dist"))
    text = (ROOT / "template.yaml").read_text()
    (source / "template.yaml").write_text(text.replace("Architectures: [arm64]", "Architectures: [x86_64]"))
    os.environ["ARCH"] = "arm64"
    must("build", "--build-dir", WORK / "built-x86", "--cache-dir", WORK / "cache", cwd=source)
    if machine((WORK / "built-x86" / "MacroFunction" / "bootstrap").read_bytes()) != MACHINES["x86_64"][1]:
        sys.exit("sam build makes an executable for another architecture than the template's")
    print("make package and sam build: for %s the template names what the executable is for" % " and ".join(MACHINES))


def user(name, transform, call, kept, breaks):
    """What sam-cli does with a template that names the macro in one spelling."""
    folder = WORK / name
    (folder / "src").mkdir(parents=True)
    (folder / "src" / "Makefile").write_text("build-Users:\n\tcp Makefile $(ARTIFACTS_DIR)/bootstrap\n")
    template = folder / "template.yaml"
    template.write_text(transform + RESOURCES % call)
    if breaks:
        ok, said = sam("build", "--template", template, "--build-dir", folder / "built")
        if ok:
            sys.exit("%s: sam build takes it now: say so in the README" % name)
        print("%s: sam build breaks (%s)" % (name, "AttributeError" if "AttributeError" in said else said.strip().splitlines()[-1]))
        return
    must("validate", "--lint", "--template", template)
    must("build", "--template", template, "--build-dir", folder / "built")
    if kept not in (folder / "built" / "template.yaml").read_text():
        sys.exit("%s: the built template has lost %r" % (name, kept))
    listed = must("list", "resources", "--template", template, "--output", "json")
    if '"Api"' not in listed or "Permission" in listed or "Invoke" in listed:
        sys.exit("%s: sam list resources is not what the README says:\n%s" % (name, listed))
    print("%s: validate, build and list resources work; the macro is kept for CloudFormation and not run" % name)


with toolbox.alone():
    own()
    fitting()
for spelling, arguments in SPELLINGS.items():
    user(spelling, *arguments)
print("own template built to the bytes of make, for either architecture; %d spellings of the macro's name" % len(SPELLINGS))
