package apigateway

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// pathPattern is a path as a source ARN has it: without the leading slash, and with * for
// each parameter ({id}, {proxy+}). At run time the ARN has the parameters' names, which *
// matches.
func (g *gateway) pathPattern(path template.Text) template.Text {
	path = path.Visible()
	if s, ok := path.Plain(); ok {
		return template.Literal(starParameters(strings.TrimPrefix(s, "/")))
	}
	path, _ = path.TrimPrefix("/")
	var out template.Text
	inside := false // the name of a path parameter, of which a part is an expression
	for _, p := range path {
		if inside {
			end := strings.IndexByte(p.Text, '}')
			if p.Kind != template.Lit || end < 0 {
				continue
			}
			p = template.Part{Kind: template.Lit, Text: p.Text[end+1:]}
		}
		inside = p.Kind == template.Lit && strings.LastIndexByte(p.Text, '{') > strings.LastIndexByte(p.Text, '}')
		switch p.Kind {
		case template.Lit:
			out = template.Join(out, template.Literal(starParameters(p.Text)))
		case template.Ref:
			if v, known := g.ParameterOf(g.t, p.Text); known && !strings.ContainsAny(v, "{}*?") && v != "" {
				out = template.Join(out, template.Text{p})
				continue
			}
			out = template.Join(out, template.Literal("*"))
		default:
			out = template.Join(out, template.Literal("*"))
		}
	}
	return out
}

func starParameters(s string) string {
	if strings.IndexByte(s, '{') < 0 {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for {
		at := strings.IndexByte(s, '{')
		if at < 0 {
			b.WriteString(s)
			return b.String()
		}
		b.WriteString(s[:at])
		b.WriteByte('*')
		end := strings.IndexByte(s[at:], '}')
		if end < 0 {
			return b.String()
		}
		s = s[at+end+1:]
	}
}

// verbOf is an HTTP method as a source ARN has it: * for ANY, for one that isn't known,
// and for one that varies in a loop.
func verbOf(method template.Text) string {
	m, plain := method.Plain()
	if !plain {
		return "*"
	}
	return plainVerb(m)
}

// plainVerb is verbOf of a literal.
func plainVerb(method string) string {
	if m := knownVerb(method); m != "" && m != "ANY" {
		return m
	}
	return "*"
}

// maxRoute is how long the path or route key of a source ARN can be, beside all else that
// is in it: Lambda takes 1,024 characters
// (https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html).
const maxRoute = 800

// shortened is a pattern that fits into a source ARN: a longer one ends in * instead.
func shortened(pattern string) string {
	at := min(len(pattern), maxRoute)
	if at == len(pattern) {
		return pattern
	}
	for !utf8.RuneStart(pattern[at]) {
		at--
	}
	return pattern[:at] + "*"
}

// methodSource is the source of a route with method and path. The root keeps
// its slash; a REST API drops the last slash of any other path.
func (g *gateway) methodSource(method string, path template.Text, protocol string) invoke.Source {
	shown := method
	if method == "*" {
		shown = "ANY"
	}
	if plain, ok := path.Visible().Plain(); ok {
		if strings.Contains(plain, g.elementStart()) {
			return g.loopSource(method, plain, shown)
		}
		plain = strings.TrimPrefix(plain, "/")
		pattern := starParameters(plain)
		if protocol == REST {
			pattern = strings.TrimRight(pattern, "/")
		}
		src := invoke.Source{Form: Method}
		src.Route, src.AnyStage, src.Label = routeOf(method, shortened(pattern), shown, plain)
		if strings.IndexByte(plain, '{') >= 0 && len(plain) <= maxRoute {
			src.Plain = template.Text{{Text: method + "/" + plain}}
		}
		return src
	}
	pattern := g.pathPattern(path)
	for protocol == REST {
		shorter, cut := pattern.TrimSuffix("/")
		if !cut {
			break
		}
		pattern = shorter
	}
	plain, _ := path.TrimPrefix("/")
	if g.hasSlash(path, pattern) {
		return invoke.Source{Form: Method, Route: template.Join(template.Literal(method), pattern), Label: shown + " " + path.String()}
	}
	return invoke.Source{Form: Method, Route: template.Join(template.Literal(method+"/"), pattern),
		Plain: template.Join(template.Literal(method+"/"), plain), Label: shown + " /" + strings.TrimPrefix(path.String(), "/")}
}

// hasSlash reports whether the expression at the beginning of a path has the path's
// leading slash, or may be empty: "GET ${Base}/pets" may be "GET /pets".
func (g *gateway) hasSlash(path, pattern template.Text) bool {
	path = path.Visible()
	if len(path) == 0 || len(pattern) == 0 || path[0].Kind == template.Lit {
		return false
	}
	if pattern[0].Kind == template.Lit {
		return len(pattern) > 1 || pattern[0].Text != "*" // * stands for what isn't known
	}
	return strings.HasPrefix(g.Parameter(path[0].Text), "/")
}

// routeSource reads a V2 route key: "GET /pets", "ANY /", "$default", or the key of a
// WebSocket message. A key that is an expression as a whole may have both verb and path;
// the blank between them is a slash in the source ARN.
func (g *gateway) routeSource(key template.Text, protocol string) invoke.Source {
	if protocol == WebSocket {
		return invoke.Source{Form: Key, Route: key, Label: key.String()}
	}
	method, path, hasPath := key.Cut(" ")
	m, plain := method.Visible().Plain()
	if _, varies := g.element(m); hasPath && (!plain || varies || isVerb(m)) {
		path = trimSpace(path)
		if _, rooted := path.TrimPrefix("/"); rooted || !isLiteralStart(path.Visible()) || g.beginsWithElement(path) {
			return g.methodSource(verbOf(method), path, HTTP)
		}
	}
	if whole, ok := key.Visible().Plain(); !ok || g.mayHaveBlank(whole) {
		return invoke.Source{Form: invoke.AnyRoute, Label: key.String()}
	}
	label := key.String()
	if plain, ok := key.Plain(); ok {
		key = template.Literal(shortened(plain))
	}
	return invoke.Source{Form: Key, Route: key, Label: label}
}

// readsAsPattern reports whether a route's key has wildcards for a source ARN.
func (g *gateway) readsAsPattern(key template.Text) bool {
	for _, p := range key {
		text := p.Text
		if p.Kind == template.Ref {
			text = g.Parameter(text)
		}
		if p.Kind <= template.Ref && strings.ContainsAny(text, "*?") {
			return true
		}
	}
	return false
}

func isLiteralStart(x template.Text) bool { return len(x) > 0 && x[0].Kind == template.Lit }

func trimSpace(x template.Text) template.Text {
	for {
		rest, ok := x.TrimPrefix(" ")
		if !ok {
			return x
		}
		x = rest
	}
}

var verbs = [...]string{"GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "ANY", "TRACE"}

// knownVerb is a word as an HTTP method, in upper case; "" where it is none.
func knownVerb(word string) string {
	if slices.Contains(verbs[:], word) {
		return word
	}
	for _, v := range verbs {
		if strings.EqualFold(v, word) {
			return v
		}
	}
	return ""
}

func isVerb(word string) bool { return knownVerb(word) != "" }

// routeOf returns the route of a method and path, the same with the wildcard for any stage,
// and its label. They share one text, since there are many.
func routeOf(method, pattern, shown, plain string) (route, AnyStage template.Text, label string) {
	var start [256]byte
	b := append(append(append(append(start[:0], "*/"...), method...), '/'), pattern...)
	end := len(b)
	text := string(append(append(append(b, shown...), " /"...), plain...))
	both := template.Text{{Text: text[2:end]}, {Text: text[:end]}}
	return both[:1:1], both[1:], text[end:]
}
