package release

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/golden"
)

// createOnly lists the properties whose change replaces a resource, by the
// types in these tests; "*" stands for all
// (createOnlyProperties of the resource types' schemas).
var createOnly = map[string][]string{
	"AWS::Lambda::Permission":        {"*"},
	"AWS::Lambda::Function":          {"FunctionName", "PackageType"},
	"AWS::IAM::Role":                 {"RoleName", "Path"},
	"AWS::ApiGateway::Resource":      {"RestApiId", "ParentId", "PathPart"},
	"AWS::ApiGateway::Method":        {"RestApiId", "ResourceId", "HttpMethod"},
	"AWS::ApiGateway::Deployment":    {"RestApiId"},
	"AWS::ApiGateway::Stage":         {"RestApiId", "StageName"},
	"AWS::ApiGatewayV2::Api":         {"ProtocolType"},
	"AWS::ApiGatewayV2::Integration": {"ApiId"},
	"AWS::ApiGatewayV2::Route":       {"ApiId"},
	"AWS::ApiGatewayV2::Stage":       {"ApiId", "StageName"},
}

// changes is what CloudFormation does to a stack, a line for each resource:
// Add, Remove, Replace, Modify, or Note where only Metadata changes, which
// touches nothing.
func changes(before, after map[string]golden.Resource) []string {
	found := map[string]string{}
	for id, r := range before {
		if !after[id].Exists() {
			found[id] = "Remove " + r.Type
		}
	}
	for id, r := range after {
		if old := before[id]; !old.Exists() {
			found[id] = "Add " + r.Type
		} else if verb := done(old, r); verb != "" {
			found[id] = verb + " " + r.Type
		}
	}
	for spread(found, before, after) {
	}
	var lines []string
	for _, id := range slices.Sorted(maps.Keys(found)) {
		lines = append(lines, found[id]+" "+id+"\n")
	}
	slices.Sort(lines)
	return lines
}

func done(old, r golden.Resource) string {
	if old.Type != r.Type {
		return "Replace"
	}
	verb := ""
	if old.Text("Metadata") != r.Text("Metadata") {
		verb = "Note"
	}
	for name := range joined(old.Properties, r.Properties) {
		if !reflect.DeepEqual(old.Properties[name], r.Properties[name]) {
			if replaces(r.Type, name) {
				return "Replace"
			}
			verb = "Modify"
		}
	}
	return verb
}

func joined(a, b map[string]any) map[string]any {
	all := maps.Clone(a)
	if all == nil {
		all = map[string]any{}
	}
	maps.Copy(all, b)
	return all
}

func replaces(typ, property string) bool {
	return slices.Contains(createOnly[typ], property) || slices.Contains(createOnly[typ], "*")
}

// spread carries a replacement on to the resources that refer to what is
// replaced: they get another value. It reports whether there was any.
func spread(found map[string]string, before, after map[string]golden.Resource) bool {
	more := false
	for id, r := range after {
		if !before[id].Exists() || strings.HasPrefix(found[id], "Replace") {
			continue
		}
		for name, value := range r.Properties {
			for other, verb := range found {
				if !strings.HasPrefix(verb, "Replace") || !names(value, other) {
					continue
				}
				now := "Modify " + r.Type
				if replaces(r.Type, name) {
					now = "Replace " + r.Type
				}
				if found[id] != now && !strings.HasPrefix(found[id], "Replace") {
					found[id], more = now, true
				}
			}
		}
	}
	return more
}

// names reports whether a value refers to a resource.
func names(value any, id string) bool {
	switch v := value.(type) {
	case map[string]any:
		for fn, x := range v {
			text, _ := x.(string)
			list, _ := x.([]any)
			switch {
			case fn == "Ref" && text == id,
				fn == "Fn::GetAtt" && (strings.HasPrefix(text, id+".") || len(list) > 0 && list[0] == id),
				fn == "Fn::Sub" && (inSub(text, id) || len(list) > 0 && inSub(list[0], id)),
				names(x, id):
				return true
			}
		}
	case []any:
		return slices.ContainsFunc(v, func(x any) bool { return names(x, id) })
	}
	return false
}

func inSub(text any, id string) bool {
	s, _ := text.(string)
	return strings.Contains(s, "${"+id+"}") || strings.Contains(s, "${"+id+".")
}

// changes itself, for changes with a known result.
func TestChanges(t *testing.T) {
	const text = `{"Resources":{"Fn":{"Type":"AWS::Lambda::Function","Properties":{"FunctionName":"a","Handler":"h"}},
		"P":{"Type":"AWS::Lambda::Permission","Properties":{"FunctionName":{"Ref":"Fn"}},"Metadata":{"For":[1]}},
		"Q":{"Type":"AWS::Lambda::Permission","Properties":{"FunctionName":"x"},"Metadata":{"For":[2]}},
		"M":{"Type":"AWS::ApiGateway::Method","Properties":{"HttpMethod":"GET","Integration":{"Uri":{"Fn::Sub":["${F}${Fn.Arn}",{"F":1}]}}}},
		"Gone":{"Type":"AWS::SNS::Topic"}}}`
	before := golden.Resources(t, []byte(text))
	for _, tt := range []struct {
		from, to string
		want     []string
	}{
		{`"DependsOn"`, ``, nil},
		{`"Handler":"h"`, `"Handler":"i"`, []string{"Modify AWS::Lambda::Function Fn\n"}},
		{`"FunctionName":"a"`, `"FunctionName":"b"`,
			[]string{"Modify AWS::ApiGateway::Method M\n", "Replace AWS::Lambda::Function Fn\n", "Replace AWS::Lambda::Permission P\n"}},
		{`[2]`, `[2,3]`, []string{"Note AWS::Lambda::Permission Q\n"}},
		{`"FunctionName":"x"`, `"FunctionName":"y"`, []string{"Replace AWS::Lambda::Permission Q\n"}},
		{`"HttpMethod":"GET"`, `"HttpMethod":"PUT"`, []string{"Replace AWS::ApiGateway::Method M\n"}},
		{`"Gone"`, `"Come"`, []string{"Add AWS::SNS::Topic Come\n", "Remove AWS::SNS::Topic Gone\n"}},
		{`AWS::SNS::Topic`, `AWS::SQS::Queue`, []string{"Replace AWS::SQS::Queue Gone\n"}},
	} {
		after := golden.Resources(t, []byte(strings.ReplaceAll(text, tt.from, tt.to)))
		if diff := cmp.Diff(tt.want, changes(before, after)); diff != "" {
			t.Errorf("%s to %s (-want +got):\n%s", tt.from, tt.to, diff)
		}
	}
}
