"""An emulator's account, read by grantinvoke audit.

What an emulator does otherwise than AWS is no fault of the tool: the account is
made of what MiniStack does as AWS does. It is read twice, before and after a
statement is taken away by hand."""
import io
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from cloud import ACCOUNT, REGION, Cloud  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[3]


def code():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        z.writestr("index.py", "def handler(event, context): return {}")
    return out.getvalue()


def uri(name):
    return f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}/invocations"


def deploy(cloud):
    """A REST and an HTTP API, two functions, and statements: among them one that
    is there twice, and one for an API that never existed."""
    role = cloud.iam.create_role(RoleName="r", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    for name in ("orders", "payments"):
        cloud.functions.create_function(FunctionName=name, Runtime="python3.12", Role=role, Handler="index.handler", Code={"ZipFile": code()})
    api = cloud.apigateway.create_rest_api(name="shop")["id"]
    root = cloud.apigateway.get_resources(restApiId=api)["items"][0]["id"]
    pets = cloud.apigateway.create_resource(restApiId=api, parentId=root, pathPart="pets")["id"]
    for verb, fn in (("GET", "orders"), ("POST", "payments")):
        cloud.apigateway.put_method(restApiId=api, resourceId=pets, httpMethod=verb, authorizationType="NONE")
        cloud.apigateway.put_integration(restApiId=api, resourceId=pets, httpMethod=verb, type="AWS_PROXY", integrationHttpMethod="POST", uri=uri(fn))
    cloud.apigateway.create_deployment(restApiId=api, stageName="prod")
    http = cloud.apigatewayv2.create_api(Name="web", ProtocolType="HTTP")["ApiId"]
    i = cloud.apigatewayv2.create_integration(ApiId=http, IntegrationType="AWS_PROXY", IntegrationUri=uri("orders"), PayloadFormatVersion="2.0")["IntegrationId"]
    cloud.apigatewayv2.create_route(ApiId=http, RouteKey="GET /x", Target="integrations/" + i)
    cloud.apigatewayv2.create_stage(ApiId=http, StageName="$default", AutoDeploy=True)
    for sid, tail in (("a", api + "/*/GET/pets"), ("b", api + "/*/GET/pets"), ("c", "nosuch/*"), ("d", http + "/*/GET/x")):
        cloud.functions.add_permission(FunctionName="orders", StatementId=sid, Action="lambda:InvokeFunction", Principal="apigateway.amazonaws.com",
                                       SourceArn=f"arn:aws:execute-api:{REGION}:{ACCOUNT}:{tail}")
    return api, http


def audit(tool, cloud):
    env = dict(os.environ, AWS_ENDPOINT_URL=cloud.endpoint, AWS_REGION=REGION, AWS_ACCESS_KEY_ID="check", AWS_SECRET_ACCESS_KEY="check",
               AWS_CONFIG_FILE=os.devnull, AWS_SHARED_CREDENTIALS_FILE=os.devnull, AWS_EC2_METADATA_DISABLED="true")
    ran = subprocess.run([tool, "audit", "-all", "-share", "1", "-format", "json"], env=env, capture_output=True, text=True)
    if ran.returncode > 1:
        sys.exit(ran.stderr)
    return json.loads(ran.stdout)


def main():
    wrong = []
    with tempfile.TemporaryDirectory() as work:
        tool = work + "/grantinvoke"
        subprocess.run(["go", "build", "-o", tool, "./macro/cmd/grantinvoke"], cwd=ROOT, check=True)
        with Cloud(work) as cloud:
            api, http = deploy(cloud)
            report = audit(tool, cloud)
            verdicts = {(c["origin"], c["stage"], c["route"]): c["verdict"] for c in report["calls"] if c["service"] == "apigateway"}
            want = {(api, "prod", "GET /pets"): "allowed", (api, "prod", "POST /pets"): "missing", (http, "$default", "GET /x"): "allowed"}
            if verdicts != want:
                wrong.append(f"calls: {verdicts}, want {want}; unread {report['unread']}")
            classes = {s["sid"]: s["class"] for p in report["policies"] for s in p["statements"]}
            if classes != {"a": "needed", "b": "repeated", "c": "stale", "d": "needed"}:
                wrong.append(f"statements: {classes}")
            for sid in ("a", "b"):
                cloud.functions.remove_permission(FunctionName="orders", StatementId=sid)
            verdicts = {(c["origin"], c["route"]): c["verdict"] for c in audit(tool, cloud)["calls"]}
            if verdicts.get((api, "GET /pets")) != "missing":
                wrong.append(f"without its statements: {verdicts}")
    for line in wrong:
        print(line)
    print(f"audited: an account of an emulator is read as it is: {len(wrong)} wrong")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
