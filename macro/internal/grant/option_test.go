package grant

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

func value(t *testing.T, text string) template.Value {
	t.Helper()
	return parse(t, text).Root()
}

func TestOptions(t *testing.T) {
	for _, tt := range []struct {
		settings string
		want     Options
	}{
		{`{}`, Options{}},
		{`{"Grant":"permission"}`, Options{Grant: "permission"}},
		{`{"Grant":"role","RoleArn":"arn:aws:iam::1:role/r"}`, Options{Grant: "role", RoleArn: `"arn:aws:iam::1:role/r"`}},
		{`{"RoleArn":{"Fn::GetAtt" : ["R","Arn"]}}`, Options{RoleArn: `{"Fn::GetAtt":["R","Arn"]}`}},
		{`{"RoleArn":["arn"]}`, Options{RoleArn: `"arn"`}},
		{`{"RoleArn":""}`, Options{}},
		{`{"RoleArn":null}`, Options{}},
		{`{"Grant":""}`, Options{}},
		{`{"Grant":["none"]}`, Options{Grant: "none"}},
		{`{"Scope":"api","Stages":"declared","OnUnknown":"fail"}`, Options{Scope: "api", Stages: "declared", OnUnknown: "fail"}},
		{`{"SourceAccount":true}`, Options{SourceAccount: true}},
		{`{"SourceAccount":"true"}`, Options{SourceAccount: true}},
		{`{"SourceAccount":false}`, Options{}},
		{`{"GuardParameters":"true"}`, Options{GuardParameters: true}},
		{`{"RolePath":"/x/","PermissionsBoundary":{"Ref":"B"}}`, Options{RolePath: "/x/", PermissionsBoundary: `{"Ref":"B"}`}},
	} {
		got, err := Options{}.With(value(t, tt.settings), "Transform.Parameters")
		if diff := cmp.Diff(tt.want, got); err != nil || diff != "" {
			t.Errorf("%s: %v (-want +got)\n%s", tt.settings, err, diff)
		}
	}
}

// Later settings win over earlier ones, option by option.
func TestOptionsOver(t *testing.T) {
	o, err := Options{Grant: "role", Scope: "api", SourceAccount: true}.With(value(t, `{"Grant":"none","SourceAccount":false}`), "x")
	if diff := cmp.Diff(Options{Grant: "none", Scope: "api"}, o); err != nil || diff != "" {
		t.Errorf("%v\n%s", err, diff)
	}
}

// A wrong option is an error that names the place, the option and what is valid.
func TestOptionErrors(t *testing.T) {
	for settings, want := range map[string]string{
		`{"Grnt":"role"}`:                    "Transform.Parameters.Grnt: unknown option; hint: did you mean Grant? valid options are Services, Grant, RoleArn, Scope, Stages, SourceAccount, Order, OnUnknown, GuardParameters, RolePath, PermissionsBoundary",
		`{"grant":"role"}`:                   "Transform.Parameters.grant: unknown option; hint: did you mean Grant? valid options are Services, Grant,",
		`{"Report":[]}`:                      "Transform.Parameters.Report: unknown option",
		`{"Grant":"roles"}`:                  `Transform.Parameters.Grant: "roles" is no valid value; hint: valid values are permission, policy, role, none`,
		`{"Grant":"Role"}`:                   `Transform.Parameters.Grant: "Role" is no valid value`,
		`{"SourceAccount":"yes"}`:            `Transform.Parameters.SourceAccount: "yes" is no valid value; hint: valid values are false, true`,
		`{"SourceAccount":1}`:                `Transform.Parameters.SourceAccount: "1" is no valid value`,
		`{"Grant":{"Ref":"P"}}`:              "Transform.Parameters.Grant: wants a plain value",
		`{"Grant":["role","none"]}`:          "Transform.Parameters.Grant: wants a plain value",
		`{"Grant":null}`:                     "Transform.Parameters.Grant: wants a plain value",
		`{"Stages":[[]]}`:                    "Transform.Parameters.Stages: wants a plain value",
		`[]`:                                 "Transform.Parameters: wants options as an object; hint: valid options are Services, Grant,",
		`"role"`:                             "Transform.Parameters: wants options as an object",
		`null`:                               "Transform.Parameters: wants options as an object",
		`{"Scope":"api","OnUnknown":"stop"}`: `Transform.Parameters.OnUnknown: "stop" is no valid value`,
	} {
		_, err := Options{}.With(value(t, settings), "Transform.Parameters")
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: %v, want %s", settings, err, want)
		}
	}
	var o Options
	if err := o.Set("Grant", `no "thing"`); err == nil || err.Error() != `"no \"thing\"" is no valid value; hint: valid values are permission, policy, role, none` {
		t.Errorf("Set: %v", err)
	}
	if err := o.Set("RoleArn", `a"\b`); err != nil || o.RoleArn != `"a\"\\b"` {
		t.Errorf("Set: %v, %s", err, o.RoleArn)
	}
	if len(OptionNames()) != 11 {
		t.Errorf("options %v", OptionNames())
	}
}

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
		base      Options
		want      string
	}{
		{"defaults", leveled("", "", "", "", ""), Options{}, "added */GET/a"},
		{"base", leveled("", "", "", "", ""), Options{Grant: "none"}, "left"},
		{"template over base", leveled(permission, "", "", "", ""), Options{Grant: "none"}, "added */GET/a"},
		{"function over template", leveled(permission, none, "", "", ""), Options{}, "left"},
		{"API over function", leveled("", none, permission, "", ""), Options{}, "added */GET/a"},
		{"integration over API", leveled("", "", permission, none, ""), Options{}, "left"},
		{"route over integration", leveled("", "", "", none, permission), Options{}, "added */GET/a"},
		{"route over all", leveled(none, none, none, none, permission), Options{Grant: "none"}, "added */GET/a"},
		{"options of different places", leveled("", wide, "", "", permission), Options{Grant: "none"}, "added *"},
		{"a report is no option", leveled(`{"Report":["x"],"Grant":"none"}`, "", "", "", ""), Options{}, "left"},
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
		if _, err := Decide(parse(t, doc), deployed, Options{}); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

func FuzzOptions(f *testing.F) {
	f.Add(`{"Grant":"role","RoleArn":"x"}`)
	f.Add(`{"SourceAccount":[true]}`)
	f.Add(`{"PermissionsBoundary":{"Fn::If":["C",1,2]}}`)
	f.Fuzz(func(t *testing.T, settings string) {
		doc, err := template.Parse([]byte(settings))
		if err != nil {
			return
		}
		o, err := Options{}.With(doc.Root(), "here")
		if err != nil && !strings.HasPrefix(err.Error(), "here") {
			t.Errorf("%s: the error doesn't begin with its place: %v", settings, err)
		}
		for _, expr := range []string{o.RoleArn, o.PermissionsBoundary} {
			if _, err := template.Parse([]byte(expr)); expr != "" && err != nil {
				t.Errorf("%s: %s is no JSON", settings, expr)
			}
		}
	})
}

// FuzzMetadata writes anything into Metadata.GrantInvoke, wherever options may
// stand: it is refused with the place, or decided, and once is enough.
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
		r, err := Decide(doc, deployed, Options{})
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
		again, err := Decide(parse(t, string(out)), deployed, Options{})
		if err != nil || len(again.Edits) > 0 {
			t.Errorf("%q: a second pass: %v, %d edits of\n%s", at, err, len(again.Edits), out)
		}
	})
}
