"""MiniStack, an emulator of AWS in one process on 127.0.0.1, without Docker."""
import json
import os
import pathlib
import socket
import subprocess
import sys
import time

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError, WaiterError

ACCOUNT = "123456789012"
REGION = "us-east-1"
BUCKET = "artifacts"


def client(service, endpoint):
    return boto3.client(service, endpoint_url=endpoint, region_name=REGION, aws_access_key_id="check",
                        aws_secret_access_key="check", config=Config(proxies={}, retries={"max_attempts": 1}))


class Cloud:
    """An emulator that runs as long as the with block."""

    def __init__(self, work):
        self.work = pathlib.Path(work)

    def __enter__(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.endpoint = "http://127.0.0.1:%d" % port
        env = dict(os.environ, AWS_ENDPOINT_URL=self.endpoint, BIND_HOST="127.0.0.1", GATEWAY_PORT=str(port), MINISTACK_HOST="127.0.0.1",
                   MINISTACK_ACCOUNT_ID=ACCOUNT, MINISTACK_REGION=REGION, LOG_LEVEL="WARNING", TMPDIR=str(self.work),
                   STATE_DIR=str(self.work / "state"), S3_DATA_DIR=str(self.work / "s3"), DOCKER_HOST="unix:///nonexistent")
        self.log = open(self.work / "ministack.log", "w")
        self.server = subprocess.Popen([sys.executable, "-m", "ministack"], env=env, stdout=self.log, stderr=subprocess.STDOUT)
        self.wait(port)
        for service in ("apigateway", "apigatewayv2", "cloudformation", "iam", "lambda", "logs", "s3"):
            setattr(self, service.replace("lambda", "functions"), client(service, self.endpoint))
        self.s3.create_bucket(Bucket=BUCKET)
        return self

    def wait(self, port):
        """Waits until the emulator answers."""
        for _ in range(240):
            if self.server.poll() is not None:
                break
            with socket.socket() as s:
                if s.connect_ex(("127.0.0.1", port)) == 0:
                    return
            time.sleep(0.25)
        raise SystemExit("the emulator does not start:\n" + (self.work / "ministack.log").read_text()[-2000:])

    def __exit__(self, *_):
        self.server.terminate()
        try:
            self.server.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.server.kill()
        self.log.close()

    def deploy(self, name, template, update):
        """Creates or updates a stack, by way of S3 as sam deploy does; what goes
        wrong ends the step with the events that failed."""
        operation = "update" if update else "create"
        self.s3.put_object(Bucket=BUCKET, Key=name + ".json", Body=json.dumps(template).encode())
        try:
            getattr(self.cloudformation, operation + "_stack")(
                StackName=name, TemplateURL="%s/%s/%s.json" % (self.endpoint, BUCKET, name), Capabilities=["CAPABILITY_IAM"])
            self.cloudformation.get_waiter("stack_%s_complete" % operation).wait(
                StackName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 60})
        except (ClientError, WaiterError) as e:
            raise SystemExit("%s: %s: %s\n%s" % (name, operation, e, "\n".join(self.failures(name)))) from None

    def failures(self, name):
        try:
            events = self.cloudformation.describe_stack_events(StackName=name)["StackEvents"]
        except ClientError:  # there is not even a stack
            return []
        return ["%s %s" % (e["LogicalResourceId"], e.get("ResourceStatusReason", "")) for e in events if "FAILED" in e["ResourceStatus"]]

    def delete(self, name):
        self.cloudformation.delete_stack(StackName=name)
        self.cloudformation.get_waiter("stack_delete_complete").wait(StackName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 60})

    def resources(self, name, *types):
        """The physical ids of a stack's resources, by logical id."""
        pages = self.cloudformation.get_paginator("list_stack_resources").paginate(StackName=name)
        return {r["LogicalResourceId"]: r["PhysicalResourceId"] for page in pages for r in page["StackResourceSummaries"]
                if not types or r["ResourceType"] in types}
