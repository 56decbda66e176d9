"""AWS::Serverless-2016-10-31 as CloudFormation calls it: the real translator.

Reads a macro event a line and answers a response a line; an error of the
translator is a failure with its text.
"""
import copy
import json
import logging
import os
import sys

logging.disable(logging.CRITICAL)

from samtranslator.translator.transform import transform  # noqa: E402

LOCAL = ("CodeUri", "DefinitionUri", "ContentUri", "SchemaUri")


class Policies:
    """The managed policies by name, without asking AWS."""

    def load(self):
        class ByName(dict):
            def get(self, name, default=None):
                return "arn:aws:iam::aws:policy/" + name
        return ByName()


def packaged(fragment):
    """The fragment as sam package leaves it: no local path."""
    fragment = copy.deepcopy(fragment)
    sections = fragment.get("Globals")
    properties = list(sections.values()) if isinstance(sections, dict) else []
    for resource in fragment["Resources"].values():
        if isinstance(resource, dict) and str(resource.get("Type")).startswith("AWS::Serverless::"):
            properties.append(resource.get("Properties"))
    for p in properties:
        for name in LOCAL if isinstance(p, dict) else ():
            if isinstance(p.get(name), str) and "://" not in p[name]:
                p[name] = "s3://bucket/key"
    return fragment


def translate(event):
    """The fragment after SAM."""
    os.environ["AWS_DEFAULT_REGION"] = event["region"]
    fragment = dict(packaged(event["fragment"]), Transform="AWS::Serverless-2016-10-31")
    translated = json.loads(json.dumps(transform(fragment, dict(event["templateParameterValues"]), Policies())))
    translated.pop("Transform", None)
    return translated


def answer(event):
    try:
        return {"requestId": event["requestId"], "status": "success", "fragment": translate(event)}
    except Exception as e:  # the translator raises errors of many types
        causes = [str(getattr(c, "message", c)) for c in getattr(e, "causes", None) or []]
        return {"requestId": event["requestId"], "status": "failure",
                "errorMessage": "; ".join([str(getattr(e, "message", None) or e or type(e).__name__)] + causes)}


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), flush=True)
