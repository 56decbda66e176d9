"""The pictures of grantinvoke graph, in a real browser and in Graphviz."""
import json
import os
import pathlib
import shutil
import subprocess
import sys

import browser

ROOT = pathlib.Path(os.path.abspath(__file__)).parents[2]
WORK = pathlib.Path(os.environ["CHECK_WORK"])
TOOL = ROOT / "bin" / "grantinvoke"
SKIPPED = 77

URI = "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${%s.Arn}/invocations"
HOSTILE = "</script><img src=x onerror=alert(1)>\"'`#&|[]{}()*_~\\"


def template(apis, paths, functions):
    """A template in which every second route has no permission; the last one
    has a path that would break out of a careless page."""
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


def draw(name, size, form):
    source = WORK / (name + ".json")
    source.write_text(json.dumps(template(*size)))
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


def search(b, name, calls, shown):
    b.click("#q")
    b.type("post things1/")
    expect(name + ": found", b.js(shown), b.js("[...document.querySelectorAll('.calls > li')].filter(li => /POST/.test(li.textContent) && /things1\\//.test(li.textContent)).length"))
    expect(name + ": the search is told", b.js("document.getElementById('found').textContent").endswith(" of %d calls" % calls), True)
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


def narrow(b, path):
    b.open(path, width=420)
    expect("narrow: no sideways scroll", b.js("document.documentElement.scrollWidth <= innerWidth"), True)
    b.picture(WORK / "narrow.png")


def graphviz():
    if not shutil.which("dot"):
        return "no Graphviz"
    svg = subprocess.run(["dot", "-Tsvg", str(draw("dot", (2, 10, 5), "dot"))], check=True, stdout=subprocess.PIPE).stdout.decode()
    expect("dot: arrows", svg.count('class="edge"'), 41)
    return "Graphviz draws the DOT"


def mermaid(b):
    """Mermaid, where it is among the node modules."""
    program = pathlib.Path(os.environ.get("CHECK_NODE", "")) / "mermaid" / "dist" / "mermaid.min.js"
    if not program.exists():
        return "no Mermaid"
    for name, size in (("few", (2, 5, 3)), ("many", (2, 100, 60))):
        text = draw("mermaid-" + name, size, "mermaid").read_text()
        sheet = WORK / ("mermaid-%s.html" % name)
        sheet.write_text("<!DOCTYPE html><meta charset=utf-8><body><script src=%s></script>" % json.dumps(program.as_uri()))
        b.open(sheet)
        b.js("mermaid.initialize({startOnLoad: false, securityLevel: 'strict'})")
        labels = b.js("mermaid.render('x', %s).then(r => { document.body.innerHTML = r.svg;"
                      " return [...document.querySelectorAll('.nodeLabel')].map(e => e.textContent) })" % json.dumps(text))
        b.picture(WORK / ("mermaid-%s.png" % name))
        if name == "few":
            for label in ("GET /v1/things4/{id}", "GET /" + HOSTILE, "Fn02Handler"):
                expect("mermaid: label " + label, label in labels, True)
    return "Mermaid renders the diagram"


def main():
    program = browser.find()
    if not program:
        print("there is no Chromium; hint: install it, or set CHROMIUM")
        return SKIPPED
    b = browser.Browser(program, WORK / "profile")
    try:
        page(b, "small", (1, 2, 2))
        page(b, "large", (3, 50, 60))
        narrow(b, WORK / "small.html")
        more = [graphviz(), mermaid(b)]
    finally:
        b.close()
    print("pages with 5 and 301 calls: search, filters, keyboard, contrast, no requests; " + "; ".join(more))
    return 0


if __name__ == "__main__":
    sys.exit(main())
