package option

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

func value(t *testing.T, text string) template.Value {
	t.Helper()
	doc, err := template.Parse([]byte(text))
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return doc.Root()
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

// Later settings override earlier ones, option by option.
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
	if len(Names()) != 11 {
		t.Errorf("options %v", Names())
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
