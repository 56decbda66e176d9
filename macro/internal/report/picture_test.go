package report

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"strings"
	"testing"
)

func drawn(t testing.TB, format func(io.Writer, []Template, Options) error, all ...Template) string {
	t.Helper()
	var b bytes.Buffer
	if err := format(&b, all, Options{}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

var (
	style  = regexp.MustCompile(`(?s)<style>(.*?)</style>`)
	script = regexp.MustCompile(`(?s)<script>(.*?)</script>`)
)

// The page is one file without a way to the network, and nothing of the
// template becomes markup.
func TestHTML(t *testing.T) {
	page := drawn(t, HTML, decided(t, sample, false))
	if styles, scripts := style.FindAllStringSubmatch(page, -1), script.FindAllStringSubmatch(page, -1); len(styles) != 1 || len(scripts) != 1 {
		t.Fatalf("%d styles and %d scripts", len(styles), len(scripts))
	} else if !strings.Contains(page, "style-src '"+hashOf(styles[0][1])) ||
		!strings.Contains(page, "script-src '"+hashOf(scripts[0][1])) {
		t.Error("the Content-Security-Policy doesn't allow the page's own style or script")
	}
	body := script.ReplaceAllString(style.ReplaceAllString(page, ""), "")
	if found := regexp.MustCompile(`(?i)<(img|link|iframe|script)|\bon\w+=|url\(|https?:`).FindString(strings.ReplaceAll(body, "onerror=alert(1)&gt;", "")); found != "" {
		t.Errorf("the page has %s", found)
	}
	ids := map[string]bool{}
	d := xml.NewDecoder(strings.NewReader(body))
	d.Strict, d.AutoClose, d.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	var references []string
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		for _, a := range start.Attr {
			switch a.Name.Local {
			case "id":
				if ids[a.Value] {
					t.Errorf("two elements have the id %s", a.Value)
				}
				ids[a.Value] = true
			case "for", "aria-labelledby", "aria-describedby":
				references = append(references, a.Value)
			}
		}
	}
	for _, id := range references {
		if !ids[id] {
			t.Errorf("nothing has the id %s", id)
		}
	}
	for _, want := range []string{`lang="en"`, `<main id="calls"`, `<aside aria-labelledby="fns"`, `role="search"`, `aria-live="polite"`,
		`data-state="missing"`, `data-state="unknown"`, `data-state="role"`, `data-wide`, `aria-pressed="false"`, `class="unknown"`, "<meter "} {
		if !strings.Contains(body, want) {
			t.Errorf("the page has no %s", want)
		}
	}
}

// A template without calls has a page too.
func TestHTMLOfNothing(t *testing.T) {
	page := drawn(t, HTML, decided(t, `{"Resources":{"T":{"Type":"AWS::SNS::Topic"}}}`, false))
	if !strings.Contains(page, "Nothing here calls a Lambda function.") || strings.Contains(page, "<aside") {
		t.Error(page)
	}
}

func TestMermaid(t *testing.T) {
	text := drawn(t, Mermaid, decided(t, sample, false))
	for _, want := range []string{"flowchart LR\n", `a1["Api (REST)"]`, `c1["GET /a"]`, `c6{{"authorizer guard"}}`, `c1 -. "missing" .-> f1`,
		`c2 == "wide" ==> f2`, `c3 -. "unknown" .-> f3`, `c4 -- "role" --> f1`, "class c1 missing", "class c3,c5 unknown"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s in\n%s", want, text)
		}
	}
}

// Above a size that GitHub renders, calls of the same function and state are
// drawn as one.
func TestMermaidLarge(t *testing.T) {
	var b strings.Builder
	b.WriteString(`{"Resources":{"F":{"Type":"AWS::Lambda::Function"},"Api":{"Type":"AWS::ApiGateway::RestApi","Properties":{"Body":{"openapi":"3.0.1","paths":{`)
	for i := range mermaidCalls + 1 {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(`"/p` + thousands(i) + `":{"get":{"x-amazon-apigateway-integration":{"type":"aws_proxy","uri":{"Fn::Sub":"arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${F.Arn}/invocations"}}}}`)
	}
	b.WriteString(`}}}}}}`)
	text := drawn(t, Mermaid, decided(t, b.String(), false))
	if n := strings.Count(text, ".->"); n != 1 || !strings.Contains(text, "GET /p0 and 250 more") {
		t.Errorf("%d arrows in\n%s", n, text)
	}
}

// quoted matches the labels of a diagram.
var quoted = regexp.MustCompile(`^"(#\d+;|[^"#&<>` + "`" + `*_~\\\n])*"$`)

func FuzzLabels(f *testing.F) {
	for _, s := range []string{"GET /pets/{id}", hostile, "\"", "#quot;", "end", "a\nb", "\x00\xff"} {
		f.Add(s)
	}
	dot := regexp.MustCompile(`^"(\\\\|\\"|[^"\\\n])*"$`)
	f.Fuzz(func(t *testing.T, s string) {
		if got := mermaidText(s); !quoted.MatchString(got) {
			t.Errorf("mermaid: %q becomes %q", s, got)
		}
		if got := dotText(s); !dot.MatchString(got) {
			t.Errorf("dot: %q becomes %q", s, got)
		}
		if got := oneLine(s); strings.ContainsAny(got, "\n\r\x1b\u2028") {
			t.Errorf("oneLine: %q becomes %q", s, got)
		}
	})
}

func TestDOT(t *testing.T) {
	text := drawn(t, DOT, decided(t, sample, false))
	for _, want := range []string{`digraph "a b/api.json" {`, `label="Api (REST)"`, `c6 [label="authorizer guard", shape=hexagon]`,
		`c1 -> f1 [color="#d1242f"`, `c2 -> f2 [penwidth=3, label="wide"]`, `style=dashed, fillcolor`} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s in\n%s", want, text)
		}
	}
	if strings.Count(text, "{") != strings.Count(text, "}") {
		t.Error("brackets don't match")
	}
}

func TestVerb(t *testing.T) {
	for label, want := range map[string][2]string{"GET /pets": {"GET", "/pets"}, "ANY /": {"ANY", "/"}, "$default": {"", "$default"},
		"1. one": {"", "1. one"}, "- item": {"", "- item"}, "Get /x": {"", "Get /x"}, "GET": {"", "GET"}} {
		c := graphCall{Label: label}
		if got := [2]string{c.Verb(), c.Path()}; got != want {
			t.Errorf("%q: %q instead of %q", label, got, want)
		}
	}
}

// A call's details hold its own findings and no neighbour's, though both have
// one integration; and what fails is drawn as that, not as wide.
func TestOwnFindings(t *testing.T) {
	x := decided(t, `{"Resources":{"F":{"Type":"AWS::Lambda::Function"},"Api":{"Type":"AWS::ApiGatewayV2::Api","Properties":{"Name":"a","ProtocolType":"HTTP"}},
"I":{"Type":"AWS::ApiGatewayV2::Integration","Properties":{"ApiId":{"Ref":"Api"},"IntegrationType":"AWS_PROXY","PayloadFormatVersion":"2.0","IntegrationUri":{"Fn::GetAtt":["F","Arn"]}}},
"A":{"Type":"AWS::ApiGatewayV2::Route","Properties":{"ApiId":{"Ref":"Api"},"RouteKey":"GET /a","Target":{"Fn::Sub":"integrations/${I}"}}},
"B":{"Type":"AWS::ApiGatewayV2::Route","Properties":{"ApiId":{"Ref":"Api"},"RouteKey":"GET /b","Target":{"Fn::Sub":"integrations/${I}"}}}}}`, false)
	g := newGraph([]Template{x})
	for _, c := range g.Origins[0].Calls {
		if len(c.Findings) != 1 || !strings.Contains(c.Findings[0].Detail, c.Label) || c.Wide {
			t.Errorf("%s: %d findings, wide %v", c.Label, len(c.Findings), c.Wide)
		}
	}
}

// Twice as many routes on one integration are twice as many bytes.
func TestPageGrowth(t *testing.T) {
	page := func(n int) int {
		var b strings.Builder
		b.WriteString(`{"Resources":{"F":{"Type":"AWS::Lambda::Function"},"Api":{"Type":"AWS::ApiGatewayV2::Api","Properties":{"Name":"a","ProtocolType":"HTTP"}},
"I":{"Type":"AWS::ApiGatewayV2::Integration","Properties":{"ApiId":{"Ref":"Api"},"IntegrationType":"AWS_PROXY","IntegrationUri":{"Fn::GetAtt":["F","Arn"]}}}`)
		for i := range n {
			b.WriteString(`,"R` + thousands(i) + `":{"Type":"AWS::ApiGatewayV2::Route","Properties":{"ApiId":{"Ref":"Api"},"RouteKey":"GET /p` + thousands(i) + `","Target":{"Fn::Sub":"integrations/${I}"}}}`)
		}
		b.WriteString(`}}`)
		return len(drawn(t, HTML, decided(t, b.String(), false)))
	}
	if small, large := page(300), page(600); float64(large) > 2.2*float64(small) {
		t.Errorf("%d bytes for 300 routes, %d for 600", small, large)
	}
}
