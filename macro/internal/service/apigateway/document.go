package apigateway

import (
	"regexp"
	"strings"
	"sync"

	"github.com/grantinvoke/grantinvoke/macro/internal/definition"
	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// nativeVariable matches the variables that API Gateway itself replaces when
// it imports a definition, in text that Fn::Sub doesn't see
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/import-api-aws-variables.html).
var nativeVariable = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\$\{AWS::(Region|AccountId|Partition)\}`) })

// nativeText reads such a text as if it were in Fn::Sub, where the variables mean the
// same. Everything else in it stays literal.
func nativeText(s string) template.Value {
	var b strings.Builder
	for s != "" {
		at := nativeVariable().FindStringIndex(s)
		if at == nil {
			at = []int{len(s), len(s)}
		}
		b.WriteString(strings.ReplaceAll(s[:at[0]], "${", "${!"))
		b.WriteString(s[at[0]:at[1]])
		s = s[at[1]:]
	}
	return template.Index(`{"Fn::Sub":` + template.Quote(b.String()) + `}`).Root()
}

// locations returns the locations of all API definitions outside of the template, each
// once, in the order of the template.
func locations(t *template.Template, env invoke.Environment) []definition.Location {
	if !t.MayHave("BodyS3Location", "DefinitionUri", "Fn::Transform") {
		return nil
	}
	g := of(invoke.NewFinder(t, env))
	var out []definition.Location
	seen := map[definition.Location]bool{}
	for r := range g.Each {
		v, ok := g.outside(r)
		if !ok {
			continue
		}
		if l, known, _ := g.location(v); known && !seen[l] {
			seen[l] = true
			out = append(out, l)
		}
	}
	return out
}

// outside returns the property with the location of a resource's definition.
func (g *gateway) outside(r template.Resource) (template.Value, bool) {
	p := r.Properties()
	switch r.Type {
	case "AWS::ApiGateway::RestApi", "AWS::ApiGatewayV2::Api":
		v := p.Get("BodyS3Location")
		if !v.Exists() {
			v = includeIn(p.Get("Body"))
		}
		return v, v.Exists() && !(p.Get("BodyS3Location").Exists() && p.Get("Body").Exists())
	case "AWS::Serverless::Api", "AWS::Serverless::HttpApi":
		v := g.SAMProperty(r, "DefinitionUri")
		if p.Get("DefinitionBody").Exists() {
			v = includeIn(p.Get("DefinitionBody"))
		}
		return v, v.Exists()
	}
	return template.Value{}, false
}

// includeIn returns the location of an AWS::Include that is the whole body.
func includeIn(v template.Value) template.Value {
	fn, arg, ok := v.Intrinsic()
	if name, _ := arg.Get("Name").Text(); !ok || fn != "Fn::Transform" || name != "AWS::Include" {
		return template.Value{}
	}
	return arg.Path("Parameters", "Location")
}

// location reads {Bucket, Key, Version, ETag} or "s3://bucket/key" or a path. known is
// false where a part of it isn't known, or where it names no document; misnamed then says
// why.
func (g *gateway) location(v template.Value) (l definition.Location, known bool, misnamed *definition.Error) {
	text := func(names ...string) string {
		for _, n := range names {
			if x, ok := v.Get(n).One(); ok {
				return g.Evaluate(x).Text
			}
		}
		return ""
	}
	if v.Get("Bucket").Exists() {
		l := definition.Location{Bucket: text("Bucket"), Key: text("Key"), Version: text("Version"), ETag: text("ETag", "Etag")}
		// where the account isn't known, as in the local tool, a key may be a file's name
		return l, l.Key != "" && (l.Bucket != "" || g.Account == "" || g.Region == ""), nil
	}
	x, ok := v.One()
	uri := g.Evaluate(x).Text
	if !ok || uri == "" {
		return definition.Location{}, false, nil
	}
	l = definition.Location{Path: uri}
	if strings.HasPrefix(uri, "s3://") {
		if l, misnamed = definition.ParseS3(uri); misnamed != nil {
			return definition.Location{}, false, misnamed
		}
	}
	if strings.Contains(string(v.Pointer()), "/Fn::Transform/") {
		l.Kind = definition.Snippet
	}
	return l, true, nil
}

// findOutside reads a definition that was fetched for this event. Without it the API's
// calls can't be known, which is a problem.
func (g *gateway) findOutside(r template.Resource, v, basePath template.Value) {
	l, known, misnamed := g.location(v)
	doc := g.Environment().Documents[l]
	if misnamed != nil {
		g.Report(g.unread(v, misnamed))
		return
	}
	if !known || doc == nil && l.Path == "" && l.Bucket == "" {
		g.Tell(ExternalBody, v.Pointer(), "its location is an expression whose value is not known")
		return
	}
	if doc == nil {
		g.Report(g.unread(v, g.Environment().Unreadable[l]))
		return
	}
	d := document{g: g, resource: r, api: g.apiOf(r), root: doc.Root(), fixed: true, base: v.Pointer()}
	d.findBelow(basePath)
}

// unread is the finding that the definition that v names was not read. It has no detail
// that depends on a NoEcho parameter.
func (g *gateway) unread(v template.Value, why *definition.Error) finding.Finding {
	p := finding.Finding{Reason: ExternalBody, At: v.Pointer()}
	if why == nil {
		return p
	}
	p.Detail = string(why.Reason)
	if why.Detail != "" && !g.Secret(v) {
		p.Detail += ": " + why.Detail
		p.Hint = why.Hint
	}
	return p
}

// interrupted is the error of the first definition that could not be read because of a
// temporary error.
func interrupted(t *template.Template, env invoke.Environment) error {
	if len(env.Unreadable) == 0 {
		return nil
	}
	g := of(invoke.NewFinder(t, env))
	for r := range g.Each {
		v, ok := g.outside(r)
		if !ok {
			continue
		}
		if l, known, _ := g.location(v); known && env.Unreadable[l] != nil && env.Unreadable[l].Transient() {
			p := g.unread(v, env.Unreadable[l])
			return finding.Errorf(p.Place(), "deploy again", "the API definition could not be read now (%s)", p.Detail)
		}
	}
	return nil
}
