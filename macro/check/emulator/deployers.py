"""The clients: how each deploys, updates and deletes a stack. None of them is
changed, and none knows that its AWS is an emulator."""
import json
import pathlib
import re

from cloud import ACCOUNT, BUCKET, REGION

HERE = pathlib.Path(__file__).parent


class Client:
    """A program that deploys stacks, as somebody uses it: scripts that stand in
    a folder with the template. {name} and {bucket} are the stack and the bucket
    for what is uploaded."""

    name = ""        # of its stacks
    program = ""     # what it is
    node = False     # whether it is a program of Node.js
    unchanged = ""   # what it says of the same template again
    once_more = ""   # the option with which it accepts an unchanged template, if it needs one

    def __init__(self, shell, cloud, work):
        self.shell, self.cloud, self.work = shell, cloud, pathlib.Path(work)

    def write(self, name, template):
        """Writes the files that the client reads. Returns their folder."""
        folder = self.work / name
        folder.mkdir(exist_ok=True)
        (folder / "template.json").write_text(json.dumps(template, indent=1))
        return folder

    def script(self, text, name):
        return text.replace("{name}", name).replace("{bucket}", BUCKET)

    def deploy(self, name, template, update):
        """Creates or updates a stack. Returns the processed template."""
        self.shell.must(self.script(self.DEPLOY, name), self.write(name, template))
        return self.processed(name)

    def attempt(self, name, template):
        """Whether a deployment ended well, and what the client said."""
        return self.shell.run(self.script(self.DEPLOY, name), self.write(name, template))

    def again(self, name):
        """Deploys what was deployed last. Returns what the client said."""
        return self.shell.must(self.script(self.DEPLOY + self.once_more, name), self.work / name)

    def delete(self, name):
        self.shell.must(self.script(self.DELETE, name), self.work)

    def processed(self, name):
        """The template as CloudFormation has it after the macros."""
        template = self.cloud.cloudformation.get_template(StackName=name, TemplateStage="Processed")["TemplateBody"]
        return template if isinstance(template, dict) else json.loads(template)


class Aws(Client):
    """aws cloudformation package and deploy."""

    name, program = "aws", "aws"
    unchanged, once_more = "No changes to deploy", " --no-fail-on-empty-changeset"
    DEPLOY = ("aws cloudformation package --template-file template.json --s3-bucket {bucket} --output-template-file packaged.yaml\n"
              "aws cloudformation deploy --template-file packaged.yaml --stack-name {name} --capabilities CAPABILITY_IAM")
    DELETE = "aws cloudformation delete-stack --stack-name {name}\naws cloudformation wait stack-delete-complete --stack-name {name}"


class Include(Aws):
    """The same with snippets: the definitions of APIs, and loops, come from files
    that the aws command uploads and AWS::Include reads."""

    name, program = "include", "aws"

    def write(self, name, template):
        template = json.loads(json.dumps(template))
        folder, resources = super().write(name, template), template["Resources"]
        for own in (r["Properties"] for r in resources.values() if isinstance(r, dict)):
            if "Body" in own:
                own["Body"] = snippet(folder, "definition.json", own["Body"])
        loops = {n: resources.pop(n) for n in list(resources) if n.startswith("Fn::ForEach")}
        if loops:
            resources.update(snippet(folder, "loops.json", loops))
        return super().write(name, template)


def snippet(folder, file, content):
    """Writes a content to a file. Returns the AWS::Include that stands for it."""
    (folder / file).write_text(json.dumps(content, indent=1))
    return {"Fn::Transform": {"Name": "AWS::Include", "Parameters": {"Location": file}}}


class Sam(Client):
    """sam build and sam deploy, with whatever sam-cli writes between."""

    name, program = "sam", "sam"
    unchanged, once_more = "No changes to deploy", " --no-fail-on-empty-changeset"
    DEPLOY = "sam build -t template.json\nsam deploy --stack-name {name} --s3-bucket {bucket} --capabilities CAPABILITY_IAM --no-progressbar"
    DELETE = "sam delete --stack-name {name} --no-prompts --region " + REGION


class Cdk(Client):
    """cdk deploy and destroy of an app that names the macro by addTransform,
    which takes no options: these stand in the template."""

    name, program, node = "cdk", "cdk", True
    unchanged = "(no changes)"
    APP = " --app 'node %s' -c stack={name} -c template=template.json -c transforms=GrantInvoke" % (HERE / "app.js")
    DEPLOY = "cdk deploy --require-approval never" + APP

    def __init__(self, *args):
        super().__init__(*args)
        self.shell.must("cdk bootstrap aws://%s/%s" % (ACCOUNT, REGION), self.work)

    def write(self, name, template):
        template = described(template)
        del template["Transform"]
        return super().write(name, template)

    def delete(self, name):
        self.shell.must(self.script("cdk destroy --force" + self.APP, name), self.work / name)


def described(template):
    """The template with the macro's options in its Metadata."""
    template = dict(template)
    for transform in template["Transform"]:
        if isinstance(transform, dict):
            template["Metadata"] = {"GrantInvoke": transform["Parameters"]}
    return dict(template, Transform=[t["Name"] if isinstance(t, dict) else t for t in template["Transform"]])


class Osls(Client):
    """osls, the open fork of the Serverless Framework: its functions, and in
    resources everything else, which it merges with what it makes itself. Transforms
    are names there, without options. It knows no NO_PROXY, and asks nobody but the
    emulator."""

    name, program, node, method = "osls", "osls", True, "changesets"
    unchanged = "No changes to deploy"
    OSLS = "env -u HTTP_PROXY -u http_proxy -u HTTPS_PROXY -u https_proxy osls "
    DEPLOY = OSLS + "deploy"

    def write(self, name, template):
        template = described(template)
        functions = {n: r["Properties"] for n, r in template["Resources"].items() if r["Type"] == "AWS::Lambda::Function"}
        rest = dict(template, Resources={n: r for n, r in template["Resources"].items() if n not in functions})
        service = {
            "service": name,
            "provider": {"name": "aws", "region": REGION, "stackName": name, "deploymentBucket": BUCKET, "deploymentMethod": self.method,
                         "iam": {"role": "arn:aws:iam::%s:role/fn" % ACCOUNT}},
            "package": {"patterns": ["!**", "index.py"]},
            "functions": {n: dict({"handler": p["Handler"], "runtime": p["Runtime"]}, **named(name, p)) for n, p in functions.items()},
            "resources": by_its_names(rest, functions),
        }
        folder = self.work / name
        folder.mkdir(exist_ok=True)
        (folder / "serverless.json").write_text(json.dumps(service, indent=1))
        (folder / "index.py").write_text(next(iter(functions.values()))["Code"]["ZipFile"])
        return folder

    def delete(self, name):
        self.shell.must(self.OSLS + "remove", self.work / name)


class Direct(Osls):
    """The same by CreateStack and UpdateStack, without change sets."""

    name, method = "direct", "direct"


def named(stack, properties):
    """The name of a function for osls, if it has one."""
    given = properties.get("FunctionName")
    return {"name": given["Fn::Sub"].replace("${AWS::StackName}", stack)} if given else {}


def by_its_names(template, functions):
    """The template with the logical ids that osls gives to functions."""
    text = json.dumps(template)
    for name in functions:
        text = re.sub(r'(\$\{|"Ref": "|"Fn::GetAtt": \[")%s(?=[."}])' % name, r"\g<1>%sLambdaFunction" % name, text)
    return json.loads(text)
