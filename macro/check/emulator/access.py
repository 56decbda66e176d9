"""Who may invoke a function: the policies that the emulator holds, evaluated as
IAM does."""
import json

import arn

APIGATEWAY = "apigateway.amazonaws.com"
MAX_POLICY = 20480  # bytes, of each function and qualifier


def statements(cloud, function):
    """The statements of the policy of a function, or of a qualifier of it."""
    base, qualifier = split(function)
    try:
        policy = cloud.functions.get_policy(FunctionName=base, **({"Qualifier": qualifier} if qualifier else {}))["Policy"]
    except cloud.functions.exceptions.ResourceNotFoundException:
        return []
    return [s for s in json.loads(policy)["Statement"] if s["Resource"] == function]


def split(function):
    """A function's ARN and the qualifier."""
    parts = function.split(":")
    return ":".join(parts[:7]), ":".join(parts[7:])


def allows(statement, function, source, service=APIGATEWAY, account=None):
    """Whether a statement of a function's policy allows a service to invoke it
    for a source of an account, by default the ARN's. A statement with anything
    that is not evaluated here ends the step."""
    conditions = dict(statement.get("Condition") or {})
    patterns = conditions.pop("ArnLike", {})
    accounts = conditions.pop("StringEquals", {})
    if conditions or set(patterns) - {"AWS:SourceArn"} or set(accounts) - {"AWS:SourceAccount"}:
        raise SystemExit("a condition that is not known: %s" % statement)
    return (statement["Effect"] == "Allow" and statement["Action"] == "lambda:InvokeFunction"
            and statement["Principal"] in ("*", {"Service": service}) and statement["Resource"] == function
            and all(arn.like(p, source) for p in patterns.values())
            and all(a == (account or source.split(":")[4]) for a in accounts.values()))


def includes(wide, narrow):
    """Whether a statement allows all that another one of the same policy does."""
    w, n = ((s.get("Condition") or {}).get("ArnLike", {}).get("AWS:SourceArn") for s in (wide, narrow))
    return wide["Principal"] == narrow["Principal"] and wide["Action"] == narrow["Action"] and (not w or n and arn.covers(w, n))


def unfit(statements, account):
    """Why Lambda would refuse a policy, and which of its statements lack the
    SourceAccount where the options ask for one."""
    size = len(json.dumps({"Version": "2012-10-17", "Id": "default", "Statement": statements}, separators=(",", ":")))
    found = ["the policy has %d bytes" % size] if size > MAX_POLICY else []
    if account:
        found += ["without SourceAccount: %s" % s for s in statements if "StringEquals" not in (s.get("Condition") or {})]
    return found


def role(cloud, name, function, service=APIGATEWAY):
    """What is wrong with a role for calling a function, by IAM's simulator: the
    service alone may assume it, it may invoke the function and no other."""
    own = cloud.iam.get_role(RoleName=name)["Role"]
    trust = [(s["Effect"], s["Principal"], s["Action"], s.get("Condition")) for s in own["AssumeRolePolicyDocument"]["Statement"]]
    faults = [] if trust == [("Allow", {"Service": service}, "sts:AssumeRole", None)] else ["%s is trusted by %s" % (name, trust)]
    base, _ = split(function)
    for target, action, wanted in ((function, "InvokeFunction", "allowed"), (base + "2", "InvokeFunction", "implicitDeny"),
                                   (function, "DeleteFunction", "implicitDeny")):
        answer = cloud.iam.simulate_principal_policy(
            PolicySourceArn=own["Arn"], ActionNames=["lambda:" + action], ResourceArns=[target])["EvaluationResults"][0]
        if answer["EvalDecision"] != wanted:
            faults.append("%s: %s on %s is %s" % (name, action, target, answer["EvalDecision"]))
    return faults
