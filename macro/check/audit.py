"""Compares what grantinvoke audit says with verdicts of its own.

For 30 generated accounts, a server plays the services of AWS. This program
reads them over plain HTTP, judges each deployed call by rules that are written
only here, and compares the verdicts. It also removes each statement that the
tool calls needless, one at a time: no call may be worse off. Where the AWS CLI
is installed, the plan of the first account is run with it, and taken back."""
import concurrent.futures
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.error
import urllib.parse
import urllib.request
import xml.etree.ElementTree as ET

ROOT = pathlib.Path(__file__).resolve().parents[2]
FIRST, ACCOUNTS, PLANS = 5000, 30, 1
VERBS = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]
REGION, ACCOUNT = "eu-west-1", "111122223333"


class Cloud:
    """A server of one account."""

    def __init__(self, binary, name):
        self.process = subprocess.Popen([binary, name], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.url = self.process.stdout.readline().strip()

    def get(self, path, **query):
        url = self.url + path + ("?" + urllib.parse.urlencode(query) if query else "")
        try:
            with urllib.request.urlopen(url) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            if error.code in (404, 400):
                return None
            raise

    def form(self, **fields):
        try:
            with urllib.request.urlopen(self.url + "/", urllib.parse.urlencode(fields).encode()) as answer:
                return ET.fromstring(re.sub(rb' xmlns="[^"]*"', b"", answer.read()))
        except urllib.error.HTTPError:
            return None

    def everything(self, path, key, token, answer):
        """All pages of a list."""
        out, query = [], {}
        while True:
            page = self.get(path, **query)
            out += page[key]
            if not page.get(answer):
                return out
            query = {token: page[answer]}

    def stop(self):
        self.process.stdin.close()
        log = [json.loads(line) for line in self.process.stdout]
        self.process.wait()
        return log


def glob(pattern, text):
    """IAM's wildcards on one text."""
    return re.fullmatch("".join(".*" if c == "*" else "." if c == "?" else re.escape(c) for c in pattern), text, re.S) is not None


def arn_like(pattern, text):
    """The six parts of an ARN, each by itself."""
    a, b = pattern.split(":", 5), text.split(":", 5)
    return len(a) == len(b) == 6 and all(glob(x, y) for x, y in zip(a, b))


def many(x):
    return x if isinstance(x, list) else [x]


def matches(statement, function, source):
    """True, False, or None where the statement has what isn't known here."""
    if set(statement) - {"Sid", "Effect", "Principal", "Action", "Resource", "Condition"}:
        return None
    who = statement["Principal"]
    if who != "*":
        if "apigateway.amazonaws.com" not in many(who.get("Service", [])) and many(who.get("AWS", [])) != ["*"]:
            return False
    if not any(glob(a.lower(), "lambda:invokefunction") for a in many(statement["Action"])):
        return False
    if not any(glob(r, function) for r in many(statement["Resource"])):
        return False
    for operator, keys in statement.get("Condition", {}).items():
        for key, values in keys.items():
            key, compare = key.lower(), {"ArnLike": arn_like, "ArnEquals": arn_like, "StringLike": glob, "StringEquals": str.__eq__}.get(operator)
            if compare is None or key not in ("aws:sourcearn", "aws:sourceaccount"):
                return None
            has = source if key == "aws:sourcearn" else ACCOUNT
            if not any(compare(v, has) for v in many(values)):
                return False
    return True


def decide(statements, function, source):
    found = [(s["Effect"], matches(s, function, source)) for s in statements]
    if ("Deny", True) in found:
        return "denied"
    if ("Deny", None) in found:
        return "unknown"
    if ("Allow", True) in found:
        return "allowed"
    return "unknown" if ("Allow", None) in found else "missing"


class Account:
    """What is deployed, as the services answer."""

    def __init__(self, cloud):
        self.cloud = cloud
        self.functions = {}
        for f in cloud.everything("/2015-03-31/functions/", "Functions", "Marker", "NextMarker"):
            path = "/2015-03-31/functions/" + f["FunctionName"]
            names = [a["Name"] for a in cloud.everything(path + "/aliases", "Aliases", "Marker", "NextMarker")]
            names += [v["Version"] for v in cloud.everything(path + "/versions", "Versions", "Marker", "NextMarker") if v["Version"] != "$LATEST"]
            policies = {}
            for q in [""] + names:
                answer = cloud.get(path + "/policy", **({"Qualifier": q} if q else {}))
                policies[q] = json.loads(answer["Policy"])["Statement"] if answer else []
            self.functions[f["FunctionName"]] = policies
        self.calls = {}  # (api, stage, route, function) -> (credentials, source ARNs)
        for api in cloud.everything("/restapis", "item", "position", "position"):
            self.rest(api["id"])
        for api in cloud.everything("/v2/apis", "items", "nextToken", "nextToken"):
            self.version2(api["apiId"], api["protocolType"])

    def rest(self, api):
        ids = {a["name"]: a["id"] for a in self.cloud.get(f"/restapis/{api}/authorizers")["item"]}
        for stage in self.cloud.get(f"/restapis/{api}/stages")["item"]:
            doc = self.cloud.get(f"/restapis/{api}/stages/{stage['stageName']}/exports/oas30", extensions="apigateway")
            variables = stage.get("variables") or {}
            sets = [variables]
            if (stage.get("canarySettings") or {}).get("stageVariableOverrides"):
                sets.append({**variables, **stage["canarySettings"]["stageVariableOverrides"]})
            self.document(api, stage["stageName"], doc, ids, sets, "REST")

    def version2(self, api, protocol):
        authorizers = self.cloud.everything(f"/v2/apis/{api}/authorizers", "items", "nextToken", "nextToken")
        integrations = {i["integrationId"]: i for i in self.cloud.everything(f"/v2/apis/{api}/integrations", "items", "nextToken", "nextToken")}
        routes = self.cloud.everything(f"/v2/apis/{api}/routes", "items", "nextToken", "nextToken")
        for stage in self.cloud.everything(f"/v2/apis/{api}/stages", "items", "nextToken", "nextToken"):
            name, variables = stage["stageName"], stage.get("stageVariables") or {}
            if protocol == "HTTP" and not stage["autoDeploy"]:
                doc = self.cloud.get(f"/v2/apis/{api}/exports/OAS30", stageName=name)
                self.document(api, name, doc, {a["name"]: a["authorizerId"] for a in authorizers}, [variables], protocol)
                continue
            keys = [r["routeKey"] for r in routes]
            for r in routes:
                i = integrations[r["target"].split("/")[1]]
                uri = i["integrationUri"] if i["integrationType"].startswith("AWS") else ""
                self.route(api, name, r["routeKey"], keys, uri, i.get("credentialsArn", ""), variables, protocol)
            for a in authorizers:
                if any(r.get("authorizerId") == a["authorizerId"] for r in routes):
                    self.call(api, name, "authorizer " + a["name"], a["authorizerUri"], a.get("authorizerCredentialsArn", ""), variables, [f"authorizers/{a['authorizerId']}"])

    def document(self, api, stage, doc, ids, sets, protocol):
        keys = {}
        for path, methods in doc["paths"].items():
            for verb, method in methods.items():
                key = "$default" if path == "/$default" else ("ANY" if verb.startswith("x-") else verb.upper()) + " " + path
                keys[key] = method
        for variables in sets:
            for key, method in keys.items():
                i = method["x-amazon-apigateway-integration"]
                uri = i["uri"] if i["type"].lower() in ("aws", "aws_proxy") else ""
                self.route(api, stage, key, keys, uri, i.get("credentials", ""), variables, protocol)
            for name, scheme in doc["components"]["securitySchemes"].items():
                a = scheme["x-amazon-apigateway-authorizer"]
                if any(name in s for m in keys.values() for s in m.get("security", [])):
                    self.call(api, stage, "authorizer " + name, a["authorizerUri"], a.get("authorizerCredentials", ""), variables, [f"authorizers/{ids[name]}"])

    def route(self, api, stage, key, keys, uri, credentials, variables, protocol):
        verb, _, path = key.partition(" ")
        if not path:
            tails = [f"{stage}/{key}"]
        else:
            verbs = [verb]
            if verb == "ANY":
                verbs = [v for v in VERBS if f"{v} {path}" not in keys] + (["ANY"] if protocol == "HTTP" else [])
            tails = [f"{stage}/{v}{path}" for v in verbs]
        self.call(api, stage, key, uri, credentials, variables, tails)

    def call(self, api, stage, route, uri, credentials, variables, tails):
        found = re.search(r"/functions/(.+)/invocations$", uri)
        if found:
            function = re.sub(r"\$\{stageVariables\.(\w+)\}", lambda m: variables.get(m[1], m[0]), found[1])
            self.calls[api, stage, route, function] = (credentials, [f"arn:aws:execute-api:{REGION}:{ACCOUNT}:{api}/{t}" for t in tails])

    def verdict(self, call, without=None):
        function = call[3]
        credentials, sources = self.calls[call]
        if "${" in function:
            return "gone"
        name, _, qualifier = function.split(":function:")[1].partition(":")
        if qualifier not in self.functions.get(name, {}):
            return "gone"
        if credentials.endswith(":user/*"):
            return "caller"
        if credentials:
            return self.role(credentials, function)
        statements = [s for s in self.functions[name][qualifier] if without is None or s is not without]
        found = {decide(statements, function, s) for s in sources}
        for verdict in ("denied", "unknown"):
            if verdict in found:
                return verdict
        return "partly" if len(found) > 1 else found.pop()

    def role(self, arn, function):
        role = self.cloud.form(Action="GetRole", RoleName=arn.split("/")[-1])
        if role is None:
            return "refused"
        trust = json.loads(urllib.parse.unquote(role.findtext(".//AssumeRolePolicyDocument").replace("+", " ")))
        if not any(s["Principal"]["Service"] == "apigateway.amazonaws.com" for s in trust["Statement"]):
            return "refused"
        answer = self.cloud.form(Action="SimulatePrincipalPolicy", PolicySourceArn=arn, **{"ActionNames.member.1": "lambda:InvokeFunction", "ResourceArns.member.1": function})
        return "role" if answer.findtext(".//EvalDecision") == "allowed" else "refused"


def environment(url):
    return {**os.environ, "AWS_ENDPOINT_URL": url, "AWS_REGION": REGION, "AWS_DEFAULT_REGION": REGION, "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
            "AWS_SECRET_ACCESS_KEY": "secret", "AWS_EC2_METADATA_DISABLED": "true", "AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}


def compare(seed, report, account):
    """What is wrong with the report on an account."""
    wrong = []
    said = {(c["origin"], c["stage"], c["route"], c["function"]): c["verdict"] for c in report["calls"] if c["service"] == "apigateway"}
    want = {call: account.verdict(call) for call in account.calls}
    for call in sorted(set(said) | set(want)):
        if said.get(call) != want.get(call):
            wrong.append(f"account {seed}: {' '.join(call)}: {said.get(call)}, want {want.get(call)}")
    for policy in report["policies"]:
        name, _, qualifier = policy["function"].split(":function:")[1].partition(":")
        for statement, there in zip(policy["statements"], account.functions[name][qualifier]):
            if statement["class"] not in ("stale", "repeated"):
                continue
            for call, before in want.items():
                if call[3] == policy["function"] and account.verdict(call, without=there) != before:
                    wrong.append(f"account {seed}: {statement['sid']} is {statement['class']}, but {' '.join(call)} needs it")
    return wrong, want


def mend(seed, tool, cloud, account, want):
    """Runs the plan with the AWS CLI, compares the verdicts, and takes it back."""
    wrong, env = [], environment(cloud.url)
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([tool, "audit", "-all", "-plan", "plan.sh"], cwd=folder, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        ran = subprocess.run(["sh", "plan.sh"], cwd=folder, env=env, capture_output=True, text=True)
        if ran.returncode:
            return [f"account {seed}: the plan stops: {ran.stderr.strip()}"]
        mended = Account(cloud)
        for call, before in want.items():
            after = mended.verdict(call)
            if before == "allowed" and after != "allowed" or before in ("missing", "partly") and after != "allowed":
                wrong.append(f"account {seed}: {' '.join(call)} was {before}, and is {after} after the plan")
        ran = subprocess.run(["sh", "plan.undo.sh"], cwd=folder, env=env, capture_output=True, text=True)
        order = lambda functions: {name: {q: sorted(map(json.dumps, s)) for q, s in policies.items()} for name, policies in functions.items()}
        if ran.returncode or order(Account(cloud).functions) != order(account.functions):
            wrong.append(f"account {seed}: the plan can't be taken back: {ran.stderr.strip()}")
    return wrong


def one(seed, tool, server):
    """An account: what is wrong, the verdicts, and whether its plan was run."""
    cloud = Cloud(server, str(seed))
    try:
        ran = subprocess.run([tool, "audit", "-all", "-format", "json", "-share", "1"], env=environment(cloud.url), capture_output=True, text=True)
        if ran.returncode > 1:
            return [f"account {seed}: {ran.stderr}"], {}, False
        account = Account(cloud)
        wrong, want = compare(seed, json.loads(ran.stdout), account)
        plan = bool(shutil.which("aws")) and seed < FIRST + PLANS and not wrong
        if plan:
            wrong += mend(seed, tool, cloud, account, want)
        return wrong, want, plan
    finally:
        log = cloud.stop()
        if not log:
            raise RuntimeError("the server was asked nothing")


def main():
    wrong, verdicts, planned = [], {}, 0
    with tempfile.TemporaryDirectory() as folder:
        tool, server = folder + "/grantinvoke", folder + "/cloud"
        subprocess.run(["go", "build", "-o", tool, "./macro/cmd/grantinvoke"], cwd=ROOT, check=True)
        subprocess.run(["go", "build", "-o", server, "./macro/check/cloud"], cwd=ROOT, check=True)
        with concurrent.futures.ThreadPoolExecutor(6) as pool:  # most of the time they wait for quotas
            for bad, want, plan in pool.map(lambda seed: one(seed, tool, server), range(FIRST, FIRST + ACCOUNTS)):
                wrong += bad
                planned += plan
                for v in want.values():
                    verdicts[v] = verdicts.get(v, 0) + 1
    if not shutil.which("aws"):
        print("audit: there is no aws: no plan has been run")
    if len(verdicts) < 6:
        wrong.append(f"the accounts have too few verdicts: {verdicts}")
    for line in wrong[:40]:
        print(line)
    print(f"audit: {ACCOUNTS} accounts, {sum(verdicts.values())} calls {dict(sorted(verdicts.items()))}, {planned} plans run and taken back: {len(wrong)} wrong")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
