"""AWS::Include as CloudFormation calls it: reads an event a line and answers the
fragment with the members of the snippet at Location, a line each. A snippet has
no short tags.

  include.py ENDPOINT
"""
import json
import sys
import urllib.parse

import yaml

import templates
from cloud import client


def main(endpoint):
    s3 = client("s3", endpoint)
    for line in sys.stdin:
        event = json.loads(line)
        answer = {"requestId": event["requestId"]}
        try:
            place = urllib.parse.urlparse(event["params"]["Location"])
            snippet = templates.plain(yaml.safe_load(s3.get_object(Bucket=place.netloc, Key=place.path.lstrip("/"))["Body"].read()))
            answer.update(status="success", fragment=dict(event["fragment"], **snippet))
        except (KeyError, TypeError, yaml.YAMLError, s3.exceptions.ClientError) as e:
            answer.update(status="failure", errorMessage=str(e))
        print(json.dumps(answer), flush=True)


main(*sys.argv[1:])
