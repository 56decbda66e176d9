"""CloudFormation between an unmodified client and the emulator, which calls no
macro: a template with transforms is processed on its way, by CloudFormation's
rules (process/main.go), and everything else passes.

The macros are those that AWS::CloudFormation::Macro has registered in this very
emulator, beside AWS::Include, AWS::LanguageExtensions and SAM's translator. The emulator does not know
that type: a parameter of SSM stands for it, whose Ref is the macro's name too.

DescribeStacks is answered once the stack has come to rest, since clients ask again
after up to half a minute only.

Not as on AWS: CreateStack and UpdateStack answer what a macro has refused as a
ValidationError at once, where AWS begins the stack and rolls it back; a change
set that fails leaves no stack in REVIEW_IN_PROGRESS."""
import http.client
import http.server
import json
import os
import pathlib
import re
import sys
import threading
import time
import urllib.parse
import uuid
from xml.sax.saxutils import escape

import macro
import stacks
import templates
from cloud import ACCOUNT, BUCKET, REGION, client

HERE = pathlib.Path(os.path.abspath(__file__)).parent
NAMESPACE = "http://cloudformation.amazonaws.com/doc/2010-05-15/"
UNDERWAY = re.compile(rb"<StackStatus>(?!REVIEW)[A-Z_]+_IN_PROGRESS</StackStatus>")
DEPLOYING = ("CreateStack", "UpdateStack", "CreateChangeSet")
# Of the resources that need CAPABILITY_IAM, those that a template here can get.
IAM = ("AWS::IAM::Role", "AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::User", "AWS::IAM::Group")


class Refused(Exception):
    """An error as CloudFormation answers it: a code and a text."""


class Proxy:
    """A CloudFormation that calls macros, as long as the with block."""

    def __init__(self, work, cloud):
        self.work, self.cloud = pathlib.Path(work), cloud
        self.ssm = client("ssm", cloud.endpoint)
        self.lock = threading.Lock()  # a template at a time: the player answers in order
        self.players, self.failed, self.originals, self.values = {}, {}, {}, {}
        self.called, self.count = {}, 0  # the transforms by the stack, and how many templates had some

    def __enter__(self):
        proxy = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                status, kind, answer = proxy.answer(self.path, self.headers, body)
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.endpoint = "http://127.0.0.1:%d" % self.server.server_port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()
        for player in self.players.values():
            player.close()

    def answer(self, path, headers, body):
        """The status, the content type and the body of an answer."""
        form = dict(urllib.parse.parse_qsl(body.decode(), keep_blank_values=True))
        action = form.get("Action")
        try:
            if action in DEPLOYING:
                with self.lock:
                    self.process(form)
            elif action == "DeleteStack":
                self.originals.pop(form["StackName"], None)
            elif action == "DescribeChangeSet" and self.failure(form):
                return 200, "text/xml", self.described(form)
            elif action == "GetTemplate" and form.get("TemplateStage") == "Original" and form["StackName"] in self.originals:
                return 200, "text/xml", result(action, "<TemplateBody>%s</TemplateBody>" % escape(self.originals[form["StackName"]]))
        except Refused as e:
            return 400, "text/xml", ('<ErrorResponse xmlns="%s"><Error><Type>Sender</Type><Code>%s</Code><Message>%s</Message></Error>'
                                     "<RequestId>%s</RequestId></ErrorResponse>" % (NAMESPACE, e.args[0], escape(e.args[1]), uuid.uuid4())).encode()
        if action == "CreateChangeSet" and self.failure(form):
            stack, change = self.failure(form)[:2]
            return 200, "text/xml", result(action, "<Id>%s</Id><StackId>%s</StackId>" % (change, stack))
        answer = self.forward(path, headers, form)
        while action == "DescribeStacks" and UNDERWAY.search(answer[2]):
            time.sleep(0.1)
            answer = self.forward(path, headers, form)
        return answer

    def forward(self, path, headers, form):
        connection = http.client.HTTPConnection(self.cloud.endpoint.split("//")[1], timeout=300)
        sent = {k: v for k, v in headers.items() if k.lower() not in ("content-length", "host", "connection", "expect", "accept-encoding")}
        connection.request("POST", path, urllib.parse.urlencode(form).encode(), sent)
        response = connection.getresponse()
        answer = response.read()
        connection.close()
        return response.status, response.getheader("Content-Type") or "text/xml", answer

    def process(self, form):
        """Replaces a template with transforms by the processed one."""
        text = self.text(form)
        template = templates.parse(text) if text else None
        if not isinstance(template, dict):
            return
        stack, names = form["StackName"], named(template)
        values = self.given(form, stack)
        processed, direct = template, form["Action"] != "CreateChangeSet"
        granted = {"CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"} & set(members(form, "Capabilities"))
        if needs(template) and not granted:
            raise Refused("InsufficientCapabilitiesException", "Requires capabilities : [CAPABILITY_IAM]")
        if names:
            if direct and "CAPABILITY_AUTO_EXPAND" not in members(form, "Capabilities"):
                raise Refused("InsufficientCapabilitiesException", "Requires capabilities : [CAPABILITY_AUTO_EXPAND]")
            processed, error = self.player(names).process(template, name=stack, account=ACCOUNT, region=REGION, parameters=values)
            self.called[stack] = names
            self.count += 1
            if error:
                return self.refuse(form, error, direct)
            if needs(processed) and not granted:
                return self.refuse(form, "Requires capabilities : [CAPABILITY_IAM]", direct)
        self.originals[stack], self.values[stack] = text, values
        self.send(form, registering(processed))

    def refuse(self, form, error, direct):
        """An error whose text ends with the rollback is that of a change set, which
        shows it without those words; any other is answered at once."""
        reason = error.removesuffix(". Rollback requested by user.")
        if direct or reason == error and not error.startswith("Requires"):
            raise Refused("ValidationError", error)
        stack = "arn:aws:cloudformation:%s:%s:stack/%s/%s" % (REGION, ACCOUNT, form["StackName"], uuid.uuid4())
        change = "arn:aws:cloudformation:%s:%s:changeSet/%s/%s" % (REGION, ACCOUNT, form["ChangeSetName"], uuid.uuid4())
        failed = (stack, change, form["StackName"], form["ChangeSetName"], reason)
        self.failed[change] = self.failed[form["StackName"], form["ChangeSetName"]] = failed

    def failure(self, form):
        return self.failed.get(form["ChangeSetName"]) or self.failed.get((form.get("StackName"), form["ChangeSetName"]))

    def described(self, form):
        stack, change, stack_name, name, reason = self.failure(form)
        return result("DescribeChangeSet", "<ChangeSetName>%s</ChangeSetName><ChangeSetId>%s</ChangeSetId><StackId>%s</StackId><StackName>%s</StackName>"
                      "<Status>FAILED</Status><ExecutionStatus>UNAVAILABLE</ExecutionStatus><StatusReason>%s</StatusReason><Changes/>"
                      % (name, change, stack, stack_name, escape(reason)))

    def text(self, form):
        """The template, from the request or from S3."""
        if "TemplateURL" in form:
            place = urllib.parse.urlparse(form["TemplateURL"])
            bucket, _, key = place.path.lstrip("/").partition("/")
            if ".s3." in place.netloc:  # the bucket is in the host's name
                bucket, key = place.netloc.partition(".s3.")[0], place.path.lstrip("/")
            return self.cloud.s3.get_object(Bucket=bucket, Key=urllib.parse.unquote(key))["Body"].read().decode()
        return form.get("TemplateBody")

    def send(self, form, template):
        """By way of S3, since a processed template may be larger than a request."""
        key = "processed/%s.json" % uuid.uuid4()
        self.cloud.s3.put_object(Bucket=BUCKET, Key=key, Body=json.dumps(template).encode())
        form.pop("TemplateBody", None)
        form["TemplateURL"] = "%s/%s/%s" % (self.cloud.endpoint, BUCKET, key)

    def given(self, form, stack):
        """The values of the parameters, those from before where that is asked for."""
        values, number = {}, 1
        while "Parameters.member.%d.ParameterKey" % number in form:
            head = "Parameters.member.%d." % number
            name = form[head + "ParameterKey"]
            if form.get(head + "UsePreviousValue") != "true":
                values[name] = form.get(head + "ParameterValue", "")
            elif name in self.values.get(stack, {}):
                values[name] = self.values[stack][name]
            number += 1
        return values

    def player(self, names):
        """CloudFormation with the macros of these names that there are."""
        macros = {}
        for name in names:
            if name == stacks.SAM:
                macros[name] = "%s %s" % (os.environ["CHECK_TOOLS"], HERE.parent / "serverless.py")
            elif name == stacks.LANGUAGE:
                macros[name] = "%s %s" % (os.environ["CHECK_TOOLS"], HERE.parent / "language.py")
            elif name == "AWS::Include":
                macros[name] = "%s %s %s" % (sys.executable, HERE / "include.py", self.cloud.endpoint)
            elif self.registered(name):
                macros[name] = "%s %s %s %s" % (sys.executable, HERE / "invoke.py", self.cloud.endpoint, self.registered(name))
        key = tuple(sorted(macros.items()))
        if key not in self.players:
            own = self.work / ("player-%d" % len(self.players))
            own.mkdir()
            self.players[key] = macro.CloudFormation(own, **macros)
        return self.players[key]

    def registered(self, name):
        """The function of a macro, None where there is no macro of the name."""
        try:
            return self.ssm.get_parameter(Name=name)["Parameter"]["Value"]
        except self.ssm.exceptions.ParameterNotFound:
            return None


def result(action, content):
    return ('<%sResponse xmlns="%s"><%sResult>%s</%sResult><ResponseMetadata><RequestId>%s</RequestId></ResponseMetadata></%sResponse>'
            % (action, NAMESPACE, action, content, action, uuid.uuid4(), action)).encode()


def members(form, name):
    return [v for k, v in form.items() if k.startswith(name + ".member.")]


def needs(template):
    """Whether a template creates what needs CAPABILITY_IAM."""
    resources = template.get("Resources")
    return any(isinstance(r, dict) and r.get("Type") in IAM for r in (resources.values() if isinstance(resources, dict) else ()))


def named(value, key="Transform"):
    """The names of the transforms of a template, in no order: those of Transform
    and of every Fn::Transform."""
    found = set()
    if isinstance(value, dict):
        calls = [value.get("Fn::Transform")] + ([value.get("Transform")] if key else [])
        for call in calls:
            for one in call if isinstance(call, list) else [call]:
                name = one.get("Name") if isinstance(one, dict) else one
                found |= {name} if isinstance(name, str) else set()
        value = list(value.values())
    if isinstance(value, list):
        for v in value:
            found |= named(v, None)
    return found


def registering(template):
    """The template with what stands for a macro here."""
    resources = {}
    for name, resource in (template.get("Resources") or {}).items():
        if isinstance(resource, dict) and resource.get("Type") == "AWS::CloudFormation::Macro":
            own = resource["Properties"]
            resource = dict(resource, Type="AWS::SSM::Parameter", Properties={"Name": own["Name"], "Type": "String", "Value": own["FunctionName"]})
        resources[name] = resource
    return dict(template, Resources=resources)
