"""The installation as the README describes it: each command block of its section is
run unchanged, and the console's way by the calls that the console makes."""
import os
import pathlib
import platform
import re
import shutil
import sys
import tarfile
import zipfile

from cloud import BUCKET, client

ROOT = pathlib.Path(os.path.abspath(__file__)).parents[3]
# The architecture in the template, replaced by this machine's.
ARCHITECTURE = {"x86_64": "x86_64", "amd64": "x86_64"}.get(platform.machine(), "arm64")
ARCH = ARCHITECTURE.replace("x86_64", "amd64")
ANSWERS = "grantinvoke\nus-east-1\n" + "\n" * 30  # to sam deploy --guided
ARCHIVE = "grantinvoke-macro-arm64.tar.gz"


def blocks():
    """The command blocks of the README's section, in order: for sam, for the aws
    command, for the console. The executable is for this machine."""
    section = re.search(r"^## Install\b.*?\n(.*?)(?=^## )", (ROOT / "README.md").read_text(), flags=re.M | re.S)
    found = re.findall(r"(?:^    \S.*\n)+", section[1], flags=re.M) if section else []
    if len(found) != 3:
        sys.exit("the README's section Install has %d command blocks, not one each for sam, the aws command and the console" % len(found))
    return [re.sub("^    ", "", block, flags=re.M).replace("BUCKET", BUCKET).replace("arm64", ARCH) for block in found]


def fresh(work):
    """A copy of the project with nothing made yet, for this machine's Lambda."""
    copy = work / "fresh"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".*", "bin", "dist"))
    template = copy / "template.yaml"
    text = template.read_text().replace("Architectures: [arm64]", "Architectures: [%s]" % ARCHITECTURE)
    template.write_text(text.replace("CodeUri: dist/arm64", "CodeUri: dist/" + ARCH))
    return copy


def release(shell, copy, work, packaged):
    """A folder with the archive of make dist, and nothing else. In it are the files
    that make package leaves, too."""
    shell.must("make dist PLATFORMS=", copy)
    folder = work / "release"
    folder.mkdir()
    archive = ARCHIVE.replace("arm64", ARCH)
    shutil.copy(copy / "dist" / archive, folder)
    shell.must("sha256sum --check --ignore-missing SHA256SUMS", copy / "dist")
    if archive not in (copy / "dist" / "SHA256SUMS").read_text():
        sys.exit("make dist has no checksum of %s" % archive)
    with tarfile.open(folder / archive) as unpacked:
        names = sorted(pathlib.Path(n).name for n in unpacked.getnames())
    if names != packaged:
        sys.exit("the archive has %s, and make package leaves %s" % (names, packaged))
    return folder


def packaged(shell, cloud, copy):
    """In the root the aws command packs nothing but the function's executable, and
    fails before that has been built."""
    line = "aws cloudformation package --template-file template.yaml --s3-bucket %s --s3-prefix root --output-template-file rooted.yaml" % BUCKET
    ok, said = shell.run(line, copy)
    if ok:
        sys.exit("aws cloudformation package in a fresh copy uploads something: %s" % said)
    shell.must("make package\n" + line, copy)
    (copy / "rooted.yaml").unlink()
    found = []
    for item in cloud.s3.list_objects_v2(Bucket=BUCKET, Prefix="root/")["Contents"]:
        cloud.s3.download_file(BUCKET, item["Key"], str(copy / "object"))
        if zipfile.is_zipfile(copy / "object"):
            found += zipfile.ZipFile(copy / "object").namelist()
        (copy / "object").unlink()
    if found != ["bootstrap"]:
        sys.exit("aws cloudformation package in the root uploads %s" % found[:20])
    made = sorted(p.name for p in (copy / "dist").iterdir() if p.is_file())
    shutil.rmtree(copy / "dist")
    print("in the root aws cloudformation package takes the executable alone, and refuses before there is one", flush=True)
    return made


def console(shell, proxy, cloud, script, folder):
    """Create stack on the console: the zip is uploaded, and the block's template is
    shown, then created by a change set."""
    cloud.s3.upload_file(str(folder / ("grantinvoke-%s.zip" % ARCH)), BUCKET, "grantinvoke-%s.zip" % ARCH)
    shell.must(script, folder)
    cloudformation = client("cloudformation", proxy.endpoint)
    template = (folder / "console.yaml").read_text()
    seen = cloudformation.validate_template(TemplateBody=template)
    names = {p["ParameterKey"] for p in seen["Parameters"]}
    if not {"MacroName", "Options", "LogRetention"} <= names:
        sys.exit("the console shows the parameters %s" % sorted(names))
    cloudformation.create_change_set(StackName="grantinvoke", ChangeSetName="console", ChangeSetType="CREATE", TemplateBody=template,
                                     Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"])
    waiting = {"Delay": 1, "MaxAttempts": 60}
    cloudformation.get_waiter("change_set_create_complete").wait(StackName="grantinvoke", ChangeSetName="console", WaiterConfig=waiting)
    cloudformation.execute_change_set(StackName="grantinvoke", ChangeSetName="console")
    cloudformation.get_waiter("stack_create_complete").wait(StackName="grantinvoke", WaiterConfig=waiting)
