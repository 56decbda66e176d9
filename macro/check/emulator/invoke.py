"""The macro as a Lambda function: reads an event a line, invokes the function, and
writes what it returns, a line each.

  invoke.py ENDPOINT FUNCTION
"""
import json
import sys

from cloud import client


def main(endpoint, function):
    functions = client("lambda", endpoint)
    for line in sys.stdin:
        answer = functions.invoke(FunctionName=function, Payload=line.encode())
        payload = json.loads(answer["Payload"].read())
        if answer.get("FunctionError"):
            print(answer["FunctionError"], payload, file=sys.stderr)
        print(json.dumps(payload), flush=True)


main(*sys.argv[1:])
