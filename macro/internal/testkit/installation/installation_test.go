package installation

import (
	"encoding/json"
	"io"
	"maps"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/grantinvoke/grantinvoke/macro/internal/option"
	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/repository"
	"github.com/grantinvoke/grantinvoke/macro/internal/transform"
)

// Each parameter is explained, has a default, and a place in the console.
func TestOwnParameters(t *testing.T) {
	own := ownTemplate(t)
	parameters := own["Parameters"].(map[string]any)
	if n := len(parameters); n > 10 {
		t.Errorf("%d parameters, more than anybody reads", n)
	}
	var grouped []string
	for _, group := range at(own, "Metadata", "AWS::CloudFormation::Interface", "ParameterGroups").([]any) {
		for _, name := range at(group, "Parameters").([]any) {
			grouped = append(grouped, name.(string))
		}
	}
	labels := at(own, "Metadata", "AWS::CloudFormation::Interface", "ParameterLabels").(map[string]any)
	names := slices.Sorted(maps.Keys(parameters))
	if diff := cmp.Diff(names, slices.Sorted(slices.Values(grouped))); diff != "" {
		t.Errorf("groups (-parameters +grouped):\n%s", diff)
	}
	if diff := cmp.Diff(names, slices.Sorted(maps.Keys(labels))); diff != "" {
		t.Errorf("labels (-parameters +labelled):\n%s", diff)
	}
	for name, p := range parameters {
		if text, _ := at(p, "Description").(string); text == "" || at(p, "Default") == nil {
			t.Errorf("%s: has no description or no default", name)
		}
		if at(p, "AllowedPattern") == nil && at(p, "AllowedValues") == nil && at(p, "MaxValue") == nil {
			t.Errorf("%s: takes any text", name)
		}
	}
}

// Each variable is one that the macro reads.
func TestOwnVariables(t *testing.T) {
	for name, value := range at(ownTemplate(t), "Resources", "MacroFunction", "Properties", "Environment", "Variables").(map[string]any) {
		if !strings.HasPrefix(name, "GRANTINVOKE_") {
			continue
		}
		given := "a-value"
		if name == "GRANTINVOKE_OPTIONS" {
			given = "Grant=role"
		}
		if h := handlerOf(map[string]string{name: given}); h.Setup != nil || h.Documents == nil && reflect.DeepEqual(h.Defaults, option.Options{}) {
			t.Errorf("%s: the macro does not read it (%v), or %v", name, value, h.Setup)
		}
	}
	if _, variables := Function(t, "standard"); !slices.Contains(variables, "GRANTINVOKE_OPTIONS=Grant=permission,OnUnknown=report") {
		t.Errorf("the variables are %q", variables)
	}
}

func handlerOf(variables map[string]string) transform.Handler {
	return transform.FromEnvironment(func(name string) string { return variables[name] }, io.Discard)
}

// The stack accepts each option with each value that the macro accepts, and refuses values
// that the macro would refuse with every answer.
func TestOwnOptions(t *testing.T) {
	options := at(ownTemplate(t), "Parameters", "Options")
	pattern := regexp.MustCompile("^(?:" + at(options, "AllowedPattern").(string) + ")$")
	takes := func(item string) bool { return handlerOf(map[string]string{"GRANTINVOKE_OPTIONS": item}).Setup == nil }
	seen := map[string]bool{}
	for _, item := range []string{"", "Services=all", "Services=apigateway+s3+events", "Grant=permission", "Grant=policy", "Grant=role", "Grant=none", "Scope=route", "Scope=api", "Stages=any", "Stages=declared",
		"SourceAccount=false", "SourceAccount=true", "Order=false", "Order=true", "OnUnknown=report", "OnUnknown=fail", "GuardParameters=false", "GuardParameters=true",
		"RolePath=/", "RolePath=/platform/api/", "RoleArn=arn:aws-us-gov:iam::123456789012:role/platform/api",
		"PermissionsBoundary=arn:aws:iam::123456789012:policy/bounds", "PermissionsBoundary=arn:aws:iam::aws:policy/PowerUserAccess"} {
		name, _, _ := strings.Cut(item, "=")
		seen[name] = true
		if !pattern.MatchString(item) || !takes(item) {
			t.Errorf("%s: the stack takes it: %v, the macro: %v", item, pattern.MatchString(item), takes(item))
		}
	}
	for _, name := range option.Names() {
		if !seen[name] {
			t.Errorf("%s: is no option of the stack", name)
		}
	}
	for _, item := range []string{"Grant", "grant=role", "Grant=roles", "Grnt=role", "Grant=role;Scope=api", "Scope=", "SourceAccount=yes", "Report=x", "PermissionsBoundary=bounds", "=", " "} {
		if pattern.MatchString(item) {
			t.Errorf("%q: the stack takes it, the macro: %v", item, takes(item))
		}
	}
	for item := range strings.SplitSeq(at(options, "Default").(string), ",") {
		if !pattern.MatchString(item) {
			t.Errorf("%s: is the default, and not allowed", item)
		}
	}
}

// A boundary among the options bounds the roles that the macro creates, also where another
// bounds its own.
func TestOwnBoundary(t *testing.T) {
	const wide, narrow = "arn:aws:iam::123456789012:policy/wide", "arn:aws:iam::123456789012:policy/narrow"
	for options, want := range map[string]string{"": wide, "Grant=role,PermissionsBoundary=" + narrow: narrow} {
		given := map[string]any{"PermissionsBoundary": wide, "Options": []any{options}}
		variables := map[string]string{}
		for name, v := range at(ownProperties(t, given), "Environment", "Variables").(map[string]any) {
			variables[name] = v.(string)
		}
		if got := handlerOf(variables).Defaults.PermissionsBoundary; got != `"`+want+`"` {
			t.Errorf("Options %q: the roles have the boundary %s, not %s", options, got, want)
		}
	}
}

// What the Serverless Application Repository takes: the model of its API.
func TestOwnApplication(t *testing.T) {
	application := at(ownTemplate(t), "Metadata", "AWS::ServerlessRepo::Application")
	for name, pattern := range map[string]string{
		"Name":        `[a-zA-Z0-9-]{1,140}`,
		"Author":      `[a-z0-9](-?[a-z0-9])*`,
		"Description": `.{1,256}`,
	} {
		if value, _ := at(application, name).(string); !regexp.MustCompile("^(?:" + pattern + ")$").MatchString(value) {
			t.Errorf("%s: %q is not of the form %s", name, value, pattern)
		}
	}
	for _, name := range []string{"LicenseUrl", "ReadmeUrl"} {
		info, err := os.Stat(repository.Path(t, at(application, name).(string)))
		if err != nil || info.Size() > 5<<20 {
			t.Errorf("%s: is missing or larger than 5 MB: %v", name, err)
		}
	}
	labels := at(application, "Labels").([]any)
	if len(labels) > 10 {
		t.Errorf("%d labels are more than 10", len(labels))
	}
	for _, label := range labels {
		if !regexp.MustCompile(`^[a-zA-Z0-9+_:/@-]{1,127}$`).MatchString(label.(string)) {
			t.Errorf("%v is no label", label)
		}
	}
}

// The function and its alarm in each size, with and without tracing.
func TestOwnFunction(t *testing.T) {
	type shape struct {
		Megabytes, Seconds, Half float64
		GoMemory, Tracing        string
	}
	for _, tt := range []struct {
		given map[string]any
		want  shape
	}{
		{nil, shape{512, 30, 15000, "384MiB", "PassThrough"}},
		{map[string]any{"Size": "small", "Monitoring": "traces"}, shape{384, 15, 7500, "288MiB", "Active"}},
		{map[string]any{"Size": "large", "Monitoring": "both"}, shape{1024, 60, 30000, "768MiB", "Active"}},
		{map[string]any{"Monitoring": "dashboard"}, shape{512, 30, 15000, "384MiB", "PassThrough"}},
	} {
		r, p := newResolver(ownTemplate(t), tt.given), ownProperties(t, tt.given)
		got := shape{p["MemorySize"].(float64), p["Timeout"].(float64), r.resolve(at(r.template, "Resources", "DurationAlarm", "Properties", "Threshold")).(float64),
			at(p, "Environment", "Variables", "GOMEMLIMIT").(string), p["Tracing"].(string)}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%v (-want +got):\n%s", tt.given, diff)
		}
	}
	own := ownTemplate(t)
	if diff := cmp.Diff(Sizes(t), slices.SortedFunc(maps.Keys(at(own, "Mappings", "Sizes").(map[string]any)), func(a, b string) int {
		x, _ := Function(t, a)
		y, _ := Function(t, b)
		return x - y
	})); diff != "" {
		t.Errorf("sizes (-allowed +mapped):\n%s", diff)
	}
}

// Everybody calls the alias, and what it can be put back to is kept; each
// release makes a version, which Lambda takes only of a changed function.
func TestOwnAlias(t *testing.T) {
	own := ownTemplate(t)
	r := newResolver(own, nil)
	release := at(own, "Metadata", "AWS::ServerlessRepo::Application", "SemanticVersion").(string)
	want := map[string]any{"Name": "live", "Description": release, "FunctionName": "(MacroFunction)", "FunctionVersion": "$LATEST"}
	if diff := cmp.Diff(any(want), r.resolve(at(own, "Resources", "MacroAlias", "Properties"))); diff != "" {
		t.Errorf("the alias (-want +got):\n%s", diff)
	}
	for _, place := range [][]string{
		{"Resources", "Macro", "Properties", "FunctionName"},
		{"Resources", "OrganizationPermission", "Properties", "FunctionName"},
		{"Outputs", "FunctionArn", "Value"},
	} {
		if got := r.resolve(at(own, place...)); got != "(MacroAlias)" {
			t.Errorf("%s is %v", strings.Join(place, "."), got)
		}
	}
	version := at(own, "Resources", "MacroVersion")
	if at(version, "DeletionPolicy") != "RetainExceptOnCreate" || at(version, "UpdateReplacePolicy") != "Retain" {
		t.Errorf("the next release takes the version away: %v", version)
	}
	want = map[string]any{"FunctionName": "(MacroFunction)", "Description": release}
	if diff := cmp.Diff(any(want), r.resolve(at(version, "Properties"))); diff != "" {
		t.Errorf("the version (-want +got):\n%s", diff)
	}
	if text := ownProperties(t, nil)["Description"].(string); !strings.HasSuffix(text, release) {
		t.Errorf("the function is the same in each release: %s", text)
	}
}

// The dashboard and the alarms name metrics that the macro's lines have.
func TestOwnMetrics(t *testing.T) {
	r := newResolver(ownTemplate(t), nil)
	body := r.resolve(at(r.template, "Resources", "Dashboard", "Properties", "DashboardBody")).(string)
	var dashboard struct {
		Widgets []struct{ Properties struct{ Metrics [][]any } }
	}
	if err := json.Unmarshal([]byte(body), &dashboard); err != nil {
		t.Fatalf("%v: %s", err, body)
	}
	known := []string{"Calls", "Added", "AlreadyAllowed", "Unknown", "Failures", "Bytes", "Duration"}
	shown, space := map[string]bool{}, ""
	for _, w := range dashboard.Widgets {
		for _, m := range w.Properties.Metrics {
			if m[0] != "." && m[0] != "..." {
				space = m[0].(string)
			}
			if name, ok := m[1].(string); ok && space == "GrantInvoke" {
				shown[name] = true
			}
		}
	}
	if diff := cmp.Diff(slices.Sorted(slices.Values(known)), slices.Sorted(maps.Keys(shown))); diff != "" {
		t.Errorf("metrics of the dashboard (-written +shown):\n%s", diff)
	}
	if name := at(r.template, "Resources", "FailureAlarm", "Properties", "MetricName"); !slices.Contains(known, name.(string)) {
		t.Errorf("the alarm is about %v", name)
	}
}
