package caller

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

func compare(a, b string) int { return cmp.Compare(a, b) }

// pathPattern is a path as a source ARN has it: without the leading slash, its
// parameters ({id}, {proxy+}) replaced by *. At run time the ARN carries the
// path's template, which * matches whatever the parameters are called.
func (s *Scope) pathPattern(path template.Text) template.Text {
	if s, ok := path.Plain(); ok {
		return template.Literal(starParameters(strings.TrimPrefix(s, "/")))
	}
	path, _ = path.TrimPrefix("/")
	var out template.Text
	for _, p := range path {
		switch p.Kind {
		case template.Lit:
			out = template.Join(out, template.Literal(starParameters(p.Text)))
		case template.Ref:
			if v, known := s.env.Parameters[p.Text]; known && !strings.ContainsAny(v, "{}*?") && v != "" {
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

// verb is an HTTP method as a source ARN has it: ANY is no verb of a request,
// nor is a word that only a loop's expansion tells.
func verb(method template.Text) string {
	m, plain := method.Plain()
	if !plain {
		return "*"
	}
	return plainVerb(m)
}

// plainVerb is verb of a literal.
func plainVerb(method string) string {
	if m := knownVerb(method); m != "" && m != "ANY" {
		return m
	}
	return "*"
}

// maxRoute is how much of a path or route key a source ARN can hold, beside all
// else that is in one: Lambda takes 1,024 characters
// (https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html).
const maxRoute = 800

// shortened is a pattern that fits into a source ARN: of a longer one, what
// begins alike.
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
func (s *Scope) methodSource(method string, path template.Text, protocol Protocol) Source {
	shown := method
	if method == "*" {
		shown = "ANY"
	}
	if plain, ok := path.Plain(); ok {
		plain = strings.TrimPrefix(plain, "/")
		pattern := starParameters(plain)
		if protocol == REST {
			pattern = strings.TrimRight(pattern, "/")
		}
		src := Source{Form: Method, Label: s.texts.Join(shown, " /", plain)}
		src.Route, src.anyStage = s.routeOf(method, shortened(pattern))
		if strings.IndexByte(plain, '{') >= 0 && len(plain) <= maxRoute {
			src.Plain = s.literal(s.texts.Join(method, "/", plain))
		}
		return src
	}
	pattern := s.pathPattern(path)
	for protocol == REST {
		shorter, cut := pattern.TrimSuffix("/")
		if !cut {
			break
		}
		pattern = shorter
	}
	plain, _ := path.TrimPrefix("/")
	return Source{Form: Method, Route: template.Join(template.Literal(method+"/"), pattern),
		Plain: template.Join(template.Literal(method+"/"), plain), Label: shown + " /" + strings.TrimPrefix(path.String(), "/")}
}

// routeSource reads a V2 route key: "GET /pets", "ANY /", "$default", or the
// key of a WebSocket message.
func (s *Scope) routeSource(key template.Text, protocol Protocol) Source {
	method, path, hasPath := key.Cut(" ")
	if m, plain := method.Plain(); hasPath && protocol != WebSocket && (plain && isVerb(m) || !plain) {
		path = trimSpace(path)
		if _, rooted := path.TrimPrefix("/"); rooted || !isLiteralStart(path) {
			return s.methodSource(verb(method), path, HTTP)
		}
	}
	if _, ok := key.Plain(); !ok && protocol != WebSocket {
		return Source{Form: Whole, Label: key.String()}
	}
	label := key.String()
	if plain, ok := key.Plain(); ok {
		key = template.Literal(shortened(plain))
	}
	return Source{Form: Key, Route: key, Label: label}
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

// knownVerb is the HTTP method that a word stands for, in any case of letters;
// "" where it is none.
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

// routeOf returns the route of a method and path, and the same behind the
// wildcard for any stage: two views of one text, since there are many.
func (s *Scope) routeOf(method, pattern string) (route, anyStage template.Text) {
	tail := s.texts.Join("*/", method, "/", pattern)
	return s.literal(tail[2:]), s.literal(tail)
}

// literal is template.Literal of what is not empty.
func (s *Scope) literal(text string) template.Text { return s.single(template.Part{Text: text}) }

// single returns a text of one part.
func (s *Scope) single(p template.Part) template.Text {
	x := s.parts.Take()
	x[0] = p
	return x
}

// A restPath is the path of an AWS::ApiGateway::Resource. Where an upper part
// of it isn't in the template, the path begins with whatever that is.
type restPath struct {
	path  template.Text // "/pets/{id}"
	known bool          // up to the root
	when  template.Guard
}

// restPath follows ResourceId to the root: a reference to a resource, or the
// API's RootResourceId.
func (s *Scope) restPath(v template.Value) restPath {
	if text := v.Raw(); text != s.lastPath.text { // several methods of one path often stand side by side
		s.lastPath.restPath, s.lastPath.text = s.readRestPath(v), text
	}
	return s.lastPath.restPath
}

func (s *Scope) readRestPath(v template.Value) restPath {
	p, ok := v.Part()
	if !ok {
		x, _ := v.One()
		p, ok = x.Single()
	}
	if !ok || p.Kind == template.Lit {
		return restPath{}
	}
	id, attribute, _ := strings.Cut(p.Text, ".")
	if attribute == "RootResourceId" {
		return restPath{known: true}
	}
	if done, ok := s.paths[id]; ok {
		return done
	}
	r, found := s.t.Resource(id)
	if !found || r.Type != "AWS::ApiGateway::Resource" {
		return restPath{}
	}
	if s.paths == nil {
		s.paths = make(map[string]restPath, len(s.Resources(r.Type)))
	}
	s.paths[id] = restPath{} // a cycle ends here
	up := s.readRestPath(r.Properties().Get("ParentId"))
	when, _ := up.when.And(r.Condition())
	out := restPath{path: s.below(up.path, r.Properties().Get("PathPart")), known: up.known, when: when}
	if isTooLong(out.path) {
		out.path, out.known = nil, false
	}
	s.paths[id] = out
	return out
}

// below is the path of a part of one.
func (s *Scope) below(path template.Text, part template.Value) template.Text {
	above, plain := path.Plain()
	if p, ok := part.Part(); ok && plain && p.Kind == template.Lit {
		return s.literal(s.texts.Join(above, "/", p.Text)) // nearly all
	}
	last, ok := part.One()
	if !ok {
		last = template.Literal("{part}")
	}
	return template.Join(path, template.Literal("/"), last)
}

// isTooLong reports whether a path can't be an API's: the ARN of a method has
// up to 1,600 bytes
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html).
func isTooLong(path template.Text) bool {
	size := 0
	for _, p := range path {
		size += 1 + len(p.Text)
	}
	return size > 1600
}
