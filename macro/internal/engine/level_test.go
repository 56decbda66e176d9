package engine

import (
	"strings"
	"testing"

	"github.com/grantinvoke/grantinvoke/macro/internal/option"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// leveled is an HTTP API with a route; each place has options of its own.
func leveled(template, function, api, integration, route string) string {
	metadata := func(s string) string {
		if s == "" {
			return ""
		}
		return `"Metadata":{"GrantInvoke":` + s + `},`
	}
	return `{` + metadata(template) + `"Resources":{"Fn":{` + metadata(function) + `"Type":"AWS::Lambda::Function"},"Api":{` + metadata(api) + `"Type":"AWS::ApiGatewayV2::Api","Properties":{"ProtocolType":"HTTP"}},
		"Int":{` + metadata(integration) + `"Type":"AWS::ApiGatewayV2::Integration","Properties":{"ApiId":{"Ref":"Api"},"IntegrationType":"AWS_PROXY","IntegrationUri":{"Fn::GetAtt":["Fn","Arn"]}}},
		"Route":{` + metadata(route) + `"Type":"AWS::ApiGatewayV2::Route","Properties":{"ApiId":{"Ref":"Api"},"RouteKey":"GET /a","Target":{"Fn::Sub":"integrations/${Int}"}}}}}`
}

// The nearest place wins: environment, transform and template, then function,
// API, integration, route.
func TestOptionLevels(t *testing.T) {
	const none, permission, wide = `{"Grant":"none"}`, `{"Grant":"permission"}`, `{"Scope":"api"}`
	for _, tt := range []struct {
		name, doc string
		base      option.Options
		want      string
	}{
		{"defaults", leveled("", "", "", "", ""), option.Options{}, "added */GET/a"},
		{"base", leveled("", "", "", "", ""), option.Options{Grant: "none"}, "left"},
		{"template over base", leveled(permission, "", "", "", ""), option.Options{Grant: "none"}, "added */GET/a"},
		{"function over template", leveled(permission, none, "", "", ""), option.Options{}, "left"},
		{"API over function", leveled("", none, permission, "", ""), option.Options{}, "added */GET/a"},
		{"integration over API", leveled("", "", permission, none, ""), option.Options{}, "left"},
		{"route over integration", leveled("", "", "", none, permission), option.Options{}, "added */GET/a"},
		{"route over all", leveled(none, none, none, none, permission), option.Options{Grant: "none"}, "added */GET/a"},
		{"options of different places", leveled("", wide, "", "", permission), option.Options{Grant: "none"}, "added *"},
		{"a report is no option", leveled(`{"Report":["x"],"Grant":"none"}`, "", "", "", ""), option.Options{}, "left"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, _ := grantAll(t, tt.doc, tt.base)
			got := string(r.Decisions[0].Verdict)
			for _, g := range r.Grants() {
				got += " " + g.Source
			}
			if len(r.Decisions) != 1 || got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
		})
	}
	for doc, want := range map[string]string{
		leveled("", `{"Grant":"x"}`, "", "", ""):        "Fn.Metadata.GrantInvoke.Grant: ",
		leveled("", "", "", "", `{"Nothing":1}`):        "Route.Metadata.GrantInvoke.Nothing: unknown option",
		leveled("", "", "", `{"OnUnknown":"fail"}`, ""): "Int.Metadata.GrantInvoke.OnUnknown: is an option of the whole template",
		leveled("", "", `[]`, "", ""):                   "Api.Metadata.GrantInvoke: wants options as an object",
		leveled(`"none"`, "", "", "", ""):               "Metadata.GrantInvoke: wants options as an object",
		leveled("", "", "", "", `{"Report":["x"]}`):     "Route.Metadata.GrantInvoke.Report: unknown option",
	} {
		if _, err := Decide(parse(t, doc), deployed, option.Options{}); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

// FuzzMetadata writes anything into Metadata.GrantInvoke, at each place for options: it is
// refused with the place, or decided, and a second pass adds nothing.
func FuzzMetadata(f *testing.F) {
	for _, s := range []string{`{"Grant":"role"}`, `{"Grant":"role","RoleArn":{"Fn::If":["C",{"Ref":"R"},"arn"]},"RolePath":"/${x}/"}`, `{"Scope":["api"],"Stages":"declared"}`,
		`{"OnUnknown":"fail"}`, `{"Report":[]}`, `[]`, `"role"`, `{"Grant":null}`, `{"PermissionsBoundary":{"Fn::Sub":"${Fn}"},"SourceAccount":"true"}`, `{"For":["GET /a"]}`} {
		f.Add(s, uint8(0), false)
		f.Add(s, uint8(4), true)
	}
	f.Fuzz(func(t *testing.T, settings string, place uint8, twice bool) {
		var at [5]string
		at[place%5] = settings
		if twice {
			at[(place+1)%5] = settings
		}
		doc, err := template.Parse([]byte(leveled(at[0], at[1], at[2], at[3], at[4])))
		if err != nil {
			return
		}
		r, err := Decide(doc, deployed, option.Options{})
		if err != nil {
			if !strings.Contains(err.Error(), ": ") {
				t.Errorf("%q: an error without a place: %v", at, err)
			}
			return
		}
		out, err := doc.Apply(r.Edits)
		if err != nil {
			t.Fatalf("%q: %v", at, err)
		}
		again, err := Decide(parse(t, string(out)), deployed, option.Options{})
		if err != nil || len(again.Edits) > 0 {
			t.Errorf("%q: a second pass: %v, %d edits of\n%s", at, err, len(again.Edits), out)
		}
	})
}
