"""The credentials that the emulator loses: those of the integrations of an HTTP
or WebSocket API, and of a definition's. What the processed template says of them
is what API Gateway would call with."""


def lost(cloud, stack, processed):
    """The ARNs of roles: of each integration of an HTTP or WebSocket API by its
    id, of each of a definition by the API's id, the path and the method."""
    found, made = {}, cloud.resources(stack)
    for name, resource in processed["Resources"].items():
        properties = resource.get("Properties") or {}
        if name not in made:
            continue
        if resource["Type"] == "AWS::ApiGatewayV2::Integration":
            found[made[name]] = role(cloud, made, properties.get("CredentialsArn"))
        if resource["Type"] == "AWS::ApiGateway::RestApi":
            for path, verb, integration in integrations(properties.get("Body")):
                found[made[name], path, verb] = role(cloud, made, integration.get("credentials"))
    return found


def integrations(definition):
    """The integrations of a definition, each with its path and method."""
    for path, methods in ((definition or {}).get("paths") or {}).items():
        for verb, method in methods.items():
            if isinstance(method, dict) and "x-amazon-apigateway-integration" in method:
                yield path, verb.upper(), method["x-amazon-apigateway-integration"]


def role(cloud, made, value):
    """The ARN of the role that credentials name: as text, or the Arn of a role
    of the stack. None where there are none."""
    if isinstance(value, dict):
        if list(value) == ["Fn::GetAtt"] and value["Fn::GetAtt"][1] == "Arn":
            return cloud.iam.get_role(RoleName=made[value["Fn::GetAtt"][0]])["Role"]["Arn"]
        raise SystemExit("credentials that are not known: %s" % value)
    return value
