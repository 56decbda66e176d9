"""The calls, made: a request to the data plane of API Gateway for each, answered
by the very function whose policy was looked at. The emulator asks no function's
policy here, so that this shows that a call exists as it was judged, not that it
is allowed; and a function called by its alias sees the version."""
import http.client

import access
import gateway

HEADERS = {"Authorization": "check"}  # for the authorizer, which lets everybody in


def reached(cloud, calls):
    """Makes the calls that a request without parameters can bring about, one for
    each path, stage and function. Returns how many, and what went wrong."""
    count, wrong = 0, []
    for request, call in sorted(requests(calls).items()):
        status, body = ask(cloud, *request)
        if (status, access.split(body)[0]) != (200, access.split(call.function)[0]):
            wrong.append("not reached: %s from %s: %d %s" % (call.function, call.source, status, body[:200]))
        count += 1
    return count, wrong


def requests(calls):
    """An API, a method and a path with the stage, for each call that is to be
    made."""
    found = {}
    for call in sorted(calls):
        api, stage, verb, path = (call.source.split(":")[5].split("/", 3) + [None, None])[:4]
        if stage in ("authorizers", gateway.TEST) or "{" in call.source:
            continue
        if verb == "$default":
            found[api, "GET", stage + "/nobody/elses/path"] = call
        elif path is not None and not any(c.function == call.function and (a, p) == (api, stage + "/" + path) for (a, _, p), c in found.items()):
            found[api, verb, stage + "/" + path] = call
    return found


def ask(cloud, api, verb, path):
    connection = http.client.HTTPConnection(cloud.endpoint.split("//")[1], timeout=60)
    connection.request(verb, "/_aws/execute-api/%s/%s" % (api, path), headers=HEADERS)
    response = connection.getresponse()
    status, body = response.status, response.read().decode(errors="replace")
    connection.close()
    return status, body
