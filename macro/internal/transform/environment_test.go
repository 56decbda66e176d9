package transform

import (
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/grantinvoke/grantinvoke/macro/internal/option"
)

func fromVariables(variables map[string]string) Handler {
	return FromEnvironment(func(name string) string { return variables[name] }, io.Discard)
}

// A platform team's defaults: any option, in one variable.
func TestEnvironment(t *testing.T) {
	for _, tt := range []struct {
		options, boundary string
		want              option.Options
	}{
		{"", "", option.Options{}},
		{",", "", option.Options{}},
		{"Grant=role", "", option.Options{Grant: "role"}},
		{" Grant=role , Scope=api,", "", option.Options{Grant: "role", Scope: "api"}},
		{"Grant=permission,Stages=declared,SourceAccount=true,OnUnknown=fail,GuardParameters=true,RolePath=/a=b/", "",
			option.Options{Grant: "permission", Stages: "declared", SourceAccount: true, OnUnknown: "fail", GuardParameters: true, RolePath: "/a=b/"}},
		{"RoleArn=arn:aws:iam::123456789012:role/r", "", option.Options{RoleArn: `"arn:aws:iam::123456789012:role/r"`}},
		{"Grant=", "", option.Options{}},
		{"Grant=role", "arn:b", option.Options{Grant: "role", PermissionsBoundary: `"arn:b"`}},
		{"PermissionsBoundary=arn:c", "arn:b", option.Options{PermissionsBoundary: `"arn:c"`}},
	} {
		h := fromVariables(map[string]string{"GRANTINVOKE_OPTIONS": tt.options, "GRANTINVOKE_PERMISSIONS_BOUNDARY": tt.boundary})
		if diff := cmp.Diff(tt.want, h.Defaults); h.Setup != nil || diff != "" {
			t.Errorf("%q: %v (-want +got)\n%s", tt.options, h.Setup, diff)
		}
	}
}

// An error there names the variable, the option and what is valid.
func TestEnvironmentErrors(t *testing.T) {
	const valid = "Services, Grant, RoleArn, Scope, Stages, SourceAccount, Order, OnUnknown, GuardParameters, RolePath, PermissionsBoundary"
	for options, want := range map[string]string{
		"Grnt=role":             "Grnt: unknown option; hint: did you mean Grant? valid options are " + valid,
		"grant=role":            "grant: unknown option; hint: did you mean Grant? valid options are " + valid,
		"=role":                 `"=role" is no option and its value; hint: write Name=Value, the names being ` + valid,
		"role":                  `"role" is no option and its value; hint: write Name=Value, the names being ` + valid,
		"Grant:role":            `"Grant:role" is no option and its value; hint: write Name=Value, the names being ` + valid,
		"Scope=api,Grant=roles": `Grant: "roles" is no valid value; hint: valid values are permission, policy, role, none`,
		"Grant=role=none":       `Grant: "role=none" is no valid value; hint: valid values are permission, policy, role, none`,
		"Grant= role":           `Grant: " role" is no valid value; hint: valid values are permission, policy, role, none`,
		"Grant=role,Grant=none": "Grant: stands twice",
		"Report=x":              "Report: unknown option; hint: valid options are " + valid,
	} {
		h := fromVariables(map[string]string{"GRANTINVOKE_OPTIONS": options})
		if want = "GRANTINVOKE_OPTIONS of the macro's function: " + want; h.Setup == nil || h.Setup.Error() != want {
			t.Errorf("%q: %v\nwant %s", options, h.Setup, want)
		}
	}
}

// For any text in the variable, the options are valid or each answer says what is wrong.
func FuzzEnvironment(f *testing.F) {
	for _, s := range []string{"", "Grant=role,Scope=api", "Grant=role,Grant=none", "RoleArn=\xff", `RoleArn="`, "RolePath=/\u2028/", "a,b=,=c", "SourceAccount=true"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, options string) {
		h := fromVariables(map[string]string{"GRANTINVOKE_OPTIONS": options})
		answer, err := h.Invoke(t.Context(), []byte(three(`{}`)))
		if err != nil {
			t.Fatal(err)
		}
		failed := strings.Contains(string(answer), `"status":"failure"`)
		if h.Setup != nil && (!failed || !strings.Contains(string(answer), "GRANTINVOKE_OPTIONS of the macro's function: ")) {
			t.Errorf("%v is not told: %.300s", h.Setup, answer)
		}
		if h.Setup == nil && failed && !strings.Contains(options, "OnUnknown=fail") {
			t.Errorf("%q sets nothing wrong, and fails: %.300s", options, answer)
		}
	})
}
