"""The pictures of grantinvoke graph, in a real browser and in Graphviz."""
import collections
import json
import os
import pathlib
import shutil
import subprocess
import sys
from xml.etree import ElementTree

import browser

ROOT = pathlib.Path(os.path.abspath(__file__)).parents[2]
WORK = pathlib.Path(os.environ["CHECK_WORK"])
TOOL = ROOT / "bin" / "grantinvoke"
SKIPPED = 77
SVG = "{http://www.w3.org/2000/svg}"

URI = "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${%s.Arn}/invocations"
HOSTILE = "</script><img src=x onerror=alert(1)>\"'`#&|[]{}()*_~\\"


def template(apis, paths, functions):
    """A template in which every second route has no permission. The last route has
    a path that would break out of a page that doesn't escape it."""
    resources = {"Fn%02dHandler" % i: {"Type": "AWS::Lambda::Function", "Properties": {}} for i in range(functions)}
    for a in range(apis):
        routes = {}
        for p in range(paths):
            handler = "Fn%02dHandler" % ((a * paths + p) % functions)
            for method in ("get", "post"):
                routes.setdefault("/v%d/things%d/{id}" % (a, p), {})[method] = {"x-amazon-apigateway-integration": {
                    "type": "aws_proxy", "httpMethod": "POST", "uri": {"Fn::Sub": URI % handler}}}
            resources["Permission%dx%d" % (a, p)] = {"Type": "AWS::Lambda::Permission", "Properties": {
                "Action": "lambda:InvokeFunction", "FunctionName": {"Ref": handler}, "Principal": "apigateway.amazonaws.com",
                "SourceArn": {"Fn::Sub": "arn:aws:execute-api:${AWS::Region}:${AWS::AccountId}:${Api%d}/*/GET/v%d/things%d/*" % (a, a, p)}}}
        if a == 0:
            routes["/" + HOSTILE] = {"get": {"x-amazon-apigateway-integration": {
                "type": "aws_proxy", "httpMethod": "POST", "uri": {"Fn::Sub": URI % "Fn00Handler"}}}}
        resources["Api%d" % a] = {"Type": "AWS::ApiGateway::RestApi", "Properties": {
            "Body": {"openapi": "3.0.1", "info": {"title": "x", "version": "1"}, "paths": routes}}}
    return {"Resources": resources}


# Route keys of a WebSocket API may be any text: words and characters with a meaning
# in Mermaid, Graphviz, Markdown and HTML.
KEYS = ["end", "subgraph", "click", "graph TD; a-->b", "%%{init: {}}%%", "1. one", "- item", "# title", "**bold** __it__ ~~x~~", "`code`",
        "[a](b)", "{{a}}", "((a))", "a|b|c", "<br/>", "&lt;", "#35;", "\\N\\l", "${x} $${y}", "\"", "'", "\u00fc \u65e5\u672c \U0001f642",
        "\u05e9\u05dc\u05d5\u05dd", HOSTILE]


def nasty():
    """An API named End with such route keys, and with one call each that is missing,
    allowed too widely, and unknown."""
    resources = {"Fn": {"Type": "AWS::Lambda::Function", "Properties": {}},
                 "Subgraph": {"Type": "AWS::Lambda::Function", "Properties": {}},
                 "End": {"Type": "AWS::ApiGatewayV2::Api", "Properties": {"Name": "end", "ProtocolType": "WEBSOCKET"}}}

    def permission(function, **more):
        return {"Type": "AWS::Lambda::Permission", "Properties": dict(
            {"Action": "lambda:InvokeFunction", "FunctionName": {"Ref": function}, "Principal": "apigateway.amazonaws.com"}, **more)}

    source = "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${End}/*/"
    for n, key in enumerate(KEYS + ["wide", "unknown"]):
        uri = {"wide": {"Fn::Sub": URI % "Subgraph"}, "unknown": {"Ref": "Uri"}}.get(key, {"Fn::Sub": URI % "Fn"})
        resources["Integration%d" % n] = {"Type": "AWS::ApiGatewayV2::Integration", "Properties": {
            "ApiId": {"Ref": "End"}, "IntegrationType": "AWS_PROXY", "IntegrationUri": uri}}
        resources["Route%d" % n] = {"Type": "AWS::ApiGatewayV2::Route", "Properties": {
            "ApiId": {"Ref": "End"}, "RouteKey": key, "Target": {"Fn::Join": ["/", ["integrations", {"Ref": "Integration%d" % n}]]}}}
        if 0 < n < len(KEYS):
            parts = [{"Fn::Sub": source}, key]
            resources["Permission%d" % n] = permission("Fn", SourceArn={"Fn::Join": ["", parts]})
    resources["Wide"] = permission("Subgraph")
    return {"Parameters": {"Uri": {"Type": "String"}}, "Resources": resources}


def draw(name, what, form):
    """Draws a template, or one that template() makes of the arguments."""
    source = WORK / (name + ".json")
    source.write_text(json.dumps(what if isinstance(what, dict) else template(*what)))
    target = WORK / ("%s.%s" % (name, form))
    with open(target, "wb") as out:
        subprocess.run([str(TOOL), "graph", "-format", form, str(source)], check=True, stdout=out)
    return target


def expect(what, got, want):
    if got != want:
        sys.exit("%s: %r instead of %r" % (what, got, want))


CONTRAST = """(() => {
  const rgb = c => (c.match(/[\\d.]+/g) || []).map(Number);
  const lum = ([r, g, b]) => [r, g, b].map(v => v / 255).map(v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((s, v, i) => s + v * [.2126, .7152, .0722][i], 0);
  const back = e => { for (; e; e = e.parentElement) { const c = rgb(getComputedStyle(e).backgroundColor); if (c.length < 4 || c[3] > 0) return c; } return [255, 255, 255]; };
  const bad = new Set();
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const e = walk.currentNode.parentElement;
    if (!walk.currentNode.data.trim() || !e.checkVisibility() || e.closest('script, style, .sr, .skip')) continue;
    const a = lum(rgb(getComputedStyle(e).color)), b = lum(back(e));
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    if (ratio < 4.5) bad.add(e.className + ' ' + ratio.toFixed(2));
  }
  return [...bad];
})()"""


def page(b, name, size):
    """One page: what is shown, found, filtered and opened."""
    calls = size[0] * size[1] * 2 + 1
    path = draw(name, size, "html")
    for dark in (True, False):
        b.open(path, dark=dark)
        b.js("document.querySelector('.calls details').open = true")
        expect(name + ": too little contrast", b.js(CONTRAST), [])
        b.js("document.querySelector('.calls details').open = false")
        b.picture(WORK / ("%s-%s.png" % (name, "dark" if dark else "light")))
    background = b.js("getComputedStyle(document.body).backgroundColor")
    expect(name + ": light background", background, "rgb(255, 255, 255)")
    shown = "[...document.querySelectorAll('.calls > li')].filter(li => li.checkVisibility()).length"
    expect(name + ": calls", b.js(shown), calls)
    expect(name + ": status", b.js("document.getElementById('found').textContent"), "%d of %d calls" % (calls, calls))
    expect(name + ": every visible call has a line", b.js(
        "document.querySelectorAll('#lines path').length === [...document.querySelectorAll('.calls > li')].filter(li => { const r = li.getBoundingClientRect();"
        " return r.bottom > document.querySelector('header').getBoundingClientRect().bottom && r.top < innerHeight }).length"), True)
    expect(name + ": nothing of the template is run", b.js("document.querySelectorAll('img').length"), 0)
    search(b, name, calls, shown)
    expect(name + ": complaints", b.complaints(), [])
    expect(name + ": requests", [u for u in b.requests() if u != path.as_uri()], [])


FOUND = "[...document.querySelectorAll('.all li')].filter(li => li.checkVisibility()).length"


def search(b, name, calls, shown):
    b.click("#q")
    b.type("post things1/")
    expect(name + ": found", b.js(shown), b.js("[...document.querySelectorAll('.calls > li')].filter(li => /POST/.test(li.textContent) && /things1\\//.test(li.textContent)).length"))
    expect(name + ": the search is told", b.js("document.getElementById('found').textContent").endswith(" of %d calls" % calls), True)
    expect(name + ": findings of the same", b.js(FOUND), b.js("[...document.querySelectorAll('.all li')].filter(li => /post.*things1\\//i.test(li.textContent)).length"))
    b.type(" nowhere")
    expect(name + ": nothing found", (b.js(shown), b.js("document.getElementById('none').checkVisibility()")), (0, True))
    b.js("document.getElementById('q').select()")
    b.type("")
    b.key("Delete", 46)
    b.settle()
    expect(name + ": all again", b.js(shown), calls)
    b.click("input[name=show][value=missing]")
    expect(name + ": missing", b.js(shown), (calls - 1) // 2 + 1)
    b.click("input[name=show][value='']")
    b.click(".functions button")
    expect(name + ": of one function", b.js("[...document.querySelectorAll('.calls > li')].every(li => li.checkVisibility() === (li.dataset.fn === '1'))"), True)
    expect(name + ": pressed", b.js("document.querySelector('.functions button').getAttribute('aria-pressed')"), "true")
    b.click(".functions button")
    keyboard(b, name)


def keyboard(b, name):
    """The way of the keyboard: search, filters, calls; Enter opens a call."""
    b.js("document.getElementById('q').focus()")
    b.key("Tab", 9)
    expect(name + ": after the search", b.js("document.activeElement.name"), "show")
    b.key("Tab", 9)
    expect(name + ": after the filters", b.js("document.activeElement.tagName"), "SUMMARY")
    b.key("Enter", 13)
    expect(name + ": opened", b.js("document.activeElement.parentElement.open"), True)
    names = [n.get("name", {}).get("value", "") for n in b.call("Accessibility.getFullAXTree")["nodes"]
             if n.get("role", {}).get("value") == "DisclosureTriangle"]
    first = names[0] if names else ""
    expect(name + ": a screen reader's words %r" % first, "GET" in first and "calls Fn00Handler" in first and "allowed" in first, True)


def states(b):
    """Every state of a call can be told from the others, light and dark."""
    path = draw("states", nasty(), "html")
    for dark in (True, False):
        b.open(path, dark=dark)
        b.js("document.querySelectorAll('.calls details').forEach(d => { d.open = true })")
        expect("states: too little contrast", b.js(CONTRAST), [])
    routes = "[...document.querySelectorAll('.calls > li')].filter(li => li.checkVisibility()).map(li => li.querySelector('.path').textContent)"
    expect("states: routes", b.js(routes), KEYS + ["wide", "unknown"])
    for state, route in (("missing", KEYS[0]), ("wide", "wide"), ("unknown", "unknown")):
        b.click("input[name=show][value=%s]" % state)
        b.settle()
        expect("states: " + state, (b.js(routes), b.js("document.querySelectorAll('#lines path.%s').length" % state)), ([route], 1))


def narrow(b, path):
    b.open(path, width=420)
    expect("narrow: no sideways scroll", b.js("document.documentElement.scrollWidth <= innerWidth"), True)
    b.picture(WORK / "narrow.png")


def calls(name):
    """What check says of the template that has been drawn under the name."""
    done = subprocess.run([str(TOOL), "check", "-format", "json", str(WORK / (name + ".json"))], stdout=subprocess.PIPE)
    return json.loads(done.stdout)["templates"][0]["calls"]


def graphviz():
    if not shutil.which("dot"):
        return "no Graphviz"
    for name, what, arrows in (("dot-few", (2, 10, 5), 41), ("dot-nasty", nasty(), len(KEYS) + 2), ("dot-many", (3, 50, 60), 301)):
        done = subprocess.run(["dot", "-Tsvg", str(draw(name, what, "dot"))], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        expect(name + ": complaints", (done.returncode, done.stderr.decode()), (0, ""))
        svg = ElementTree.fromstring(done.stdout)
        texts = ["".join(g.itertext()) for g in svg.iter(SVG + "text")]
        expect(name + ": arrows", sum(g.get("class") == "edge" for g in svg.iter(SVG + "g")), arrows)
        expect(name + ": routes without a node", missing([c["route"] for c in calls(name)], texts), [])
    return "Graphviz draws DOT with 41, %d and 301 arrows" % (len(KEYS) + 2)


def missing(wanted, shown):
    """What is wanted and not shown, each as often; spaces count alike."""
    left = collections.Counter(" ".join(s.split()) for s in shown)
    left.subtract(" ".join(w.split()) for w in wanted)
    return sorted(text for text, n in left.items() if n < 0)


MERMAID = """mermaid.render('x', %s).then(r => {
  document.body.innerHTML = r.svg;
  const texts = s => [...document.querySelectorAll(s)].map(e => e.textContent.trim()).filter(Boolean);
  return {nodes: texts('.node .nodeLabel'), shapes: document.querySelectorAll('.node').length, arrows: document.querySelectorAll('path.flowchart-link').length,
    notes: texts('.edgeLabels > .edgeLabel'), groups: texts('.cluster-label'), images: document.querySelectorAll('img').length,
    red: [...document.querySelectorAll('.node.missing > rect')].every(e => getComputedStyle(e).stroke === 'rgb(209, 36, 47)')};
})"""


def mermaid(b):
    """The diagrams in Mermaid, as it comes from npm: every node, arrow and word."""
    program = pathlib.Path(os.environ["CHECK_NODE"]) / "mermaid" / "dist" / "mermaid.min.js"
    for name, what in (("few", (1, 2, 2)), ("nasty", nasty()), ("many", (3, 41, 60)), ("bundled", (3, 50, 10))):
        name = "mermaid-" + name
        text = draw(name, what, "mermaid").read_text()
        sheet = WORK / (name + ".html")
        sheet.write_text("<!DOCTYPE html><meta charset=utf-8><body><script src=%s></script>" % json.dumps(program.as_uri()))
        b.open(sheet)
        b.js("mermaid.initialize({startOnLoad: false, securityLevel: 'strict'})")
        got = b.js(MERMAID % json.dumps(text))
        b.picture(WORK / (name + ".png"))
        expect(name + ": within what GitHub renders", len(text) < 50000 and got["arrows"] <= 500, True)
        found = calls(name)
        functions = {c["function"] if c["function"] != "?" else "not known" for c in found}
        if name != "mermaid-bundled":
            expect(name + ": routes and functions without a node", missing([c["route"] for c in found] + sorted(functions), got["nodes"]), [])
            expect(name + ": nodes and arrows", (got["shapes"], got["arrows"]), (len(found) + len(functions), len(found)))
            notes = collections.Counter(c["verdict"] if c["verdict"] == "unknown" else "missing" for c in found if c["missing"] or c["verdict"] == "unknown")
            notes.update(["wide"] if name == "mermaid-nasty" else [])
            expect(name + ": words on arrows", collections.Counter(got["notes"]), notes)
        else:
            expect(name + ": every function has a node", missing(functions, got["nodes"]), [])
            expect(name + ": nodes and arrows, one for each API, function and state", (got["shapes"], got["arrows"]), (70, 60))
        expect(name + ": groups", len(got["groups"]), len({c["api"] for c in found}))
        expect(name + ": what is missing is red, and no HTML is made", (got["red"], got["images"]), (True, 0))
    return "Mermaid renders diagrams of 5, %d, 247 and 301 calls" % (len(KEYS) + 2)


def main():
    program = browser.find()
    if not program:
        print("there is no Chromium; hint: install it, or set CHROMIUM")
        return SKIPPED
    b = browser.Browser(program, WORK / "profile")
    try:
        page(b, "small", (1, 2, 2))
        page(b, "large", (3, 50, 60))
        states(b)
        narrow(b, WORK / "small.html")
        more = [graphviz(), mermaid(b)]
    finally:
        b.close()
    print("pages with 5 and 301 calls: search, filters, keyboard, contrast, no requests; " + "; ".join(more))
    return 0


if __name__ == "__main__":
    sys.exit(main())
