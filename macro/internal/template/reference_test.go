package template_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

func TestReferences(t *testing.T) {
	doc := parse(t, `{"X":[
		{"Ref":"A"}, {"Fn::GetAtt":["B","Arn"]}, {"Fn::GetAtt":"C.Outputs.D"}, {"Fn::Sub":"${E}${!F}${G.Arn}${AWS::Region}"},
		{"Fn::Sub":["${H}${i}${i.j}",{"i":{"Ref":"J"}}]}, {"Fn::If":["K",{"Ref":"L"},{"Fn::Join":["",[{"Ref":"M"}]]}]},
		{"Fn::GetAtt":["N",{"Ref":"O"}]}, {"Ref":["P"]}, {"Fn::Transform":{"Name":"Q","Parameters":{"R":{"Ref":"S"}}}},
		{"DependsOn":"T","Condition":"U","Ref":"V"}, "${W}", {"Fn::Sub":[{"Ref":"X"}]}, {"Fn::Sub":[]}, {"Fn::GetAtt":[]}, {"Fn::Sub":"${"}]}`)
	var got []string
	for r := range doc.Root().References() {
		text, _ := r.Place.Text()
		got = append(got, fmt.Sprintf("%s at %s: %s", r.ID, r.Place.Pointer(), text))
	}
	sub := "${E}${!F}${G.Arn}${AWS::Region}"
	want := []string{
		"A at /X/0/Ref: A", "B at /X/1/Fn::GetAtt/0: B", "C at /X/2/Fn::GetAtt: C.Outputs.D",
		"E at /X/3/Fn::Sub: " + sub, "G at /X/3/Fn::Sub: " + sub, "AWS::Region at /X/3/Fn::Sub: " + sub,
		"H at /X/4/Fn::Sub/0: ${H}${i}${i.j}", "i at /X/4/Fn::Sub/0: ${H}${i}${i.j}", "J at /X/4/Fn::Sub/1/i/Ref: J",
		"L at /X/5/Fn::If/1/Ref: L", "M at /X/5/Fn::If/2/Fn::Join/1/0/Ref: M",
		"N at /X/6/Fn::GetAtt/0: N", "O at /X/6/Fn::GetAtt/1/Ref: O", "S at /X/8/Fn::Transform/Parameters/R/Ref: S",
		"X at /X/11/Fn::Sub/0/Ref: X",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	for range doc.Root().References() {
		break // stops at once
	}
}

func TestIntrinsic(t *testing.T) {
	for text, want := range map[string]string{
		`{"Ref":"A"}`: "Ref", `{"Fn::Sub":"a"}`: "Fn::Sub", `{"Condition":"A"}`: "Condition", `{"Fn::":1}`: "Fn::",
		`{}`: "", `{"Ref":"A","x":1}`: "", `{"x":1}`: "", `["Ref"]`: "", `"Ref"`: "", `null`: "", `{"Fn:Sub":1}`: "",
	} {
		name, arg, ok := expression(t, text).Intrinsic()
		if name != want || ok != (want != "") || arg.Exists() != ok {
			t.Errorf("%s: %q, %v", text, name, ok)
		}
	}
}

func TestResources(t *testing.T) {
	doc := parse(t, `{"Resources":{"A":{"Properties":{"x":1},"Type":"T","Condition":"C"},"Fn::ForEach::L":["x",[],{}],
		"B":{"Type":{"Ref":"x"}},"C":{},"D":null,"E":{"Type":"U","Condition":["C"]}}}`)
	var ids []string
	for _, r := range doc.Resources() {
		ids = append(ids, r.ID+" "+r.Type+" "+r.Condition().String())
	}
	if diff := cmp.Diff([]string{"A T C", "E U "}, ids); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	a, ok := doc.Resource("A")
	if !ok || a.Properties().Raw() != `{"x":1}` {
		t.Errorf("Resource: %v, %q", ok, a.Properties().Raw())
	}
	for _, id := range []string{"B", "C", "D", "Fn::ForEach::L", "Z", ""} {
		if r, ok := doc.Resource(id); ok || r.Type != "" || r.Exists() {
			t.Errorf("%s is a resource", id)
		}
		if doc.Taken(id) != (id != "Z" && id != "") {
			t.Errorf("Taken(%q): %v", id, doc.Taken(id))
		}
	}
	for _, text := range []string{`{}`, `[]`, `"x"`, `{"Resources":[]}`, `{"Resources":null}`} {
		if doc := parse(t, text); len(doc.Resources()) != 0 || doc.Taken("A") {
			t.Errorf("%s has resources", text)
		}
	}
	if root := doc.Root(); !root.Mentions("none", "ForEach") || root.Mentions("none") || root.Mentions() {
		t.Error("Mentions")
	}
}

func TestMayHave(t *testing.T) {
	long := strings.Repeat("n", 1<<16+1)
	doc := parse(t, `{"Resources":{"A":{"Connectors":1,"\u0043onn":{"`+long+`":["GrantInvoke",{"":0}]}}}}`)
	for _, name := range []string{"Resources", "A", "Connectors", "Conn", long, ""} {
		if !doc.MayHave("Nothing", name) {
			t.Errorf("%.20q is missed", name)
		}
	}
	plain := parse(t, `{"Resources":{"Connectors":{"`+long+`":["GrantInvoke"]}},"Here":{"x":1}}`)
	for _, name := range []string{"GrantInvoked", "Connector", "Connectorz", "B", long[1:], long + "n"} {
		if plain.MayHave(name) {
			t.Errorf("%.20q is seen", name)
		}
	}
	if part := plain.Root().Get("Here").Document(); part.MayHave("Connectors") || !part.MayHave("x") {
		t.Error("of a part, what stands outside of it is seen, or what is in it isn't")
	}
	if v := doc.Root().Get("Resources").Get("A").Get("Conn"); !v.Get(long).Exists() || v.Get(long[1:]).Exists() || v.Get(long+"n").Exists() {
		t.Error("a name of more than 65,535 bytes")
	}
	if _, err := template.Parse([]byte(`{"` + long + `":1,"` + long + `":2}`)); err == nil {
		t.Error("a name of more than 65,535 bytes stands twice")
	}
}

func TestGuardAt(t *testing.T) {
	doc := parse(t, `{"Resources":{"A":{"Type":"T","Condition":"C","Properties":{"P":{"Fn::If":["D",{"Q":{"Fn::If":["E",1,2]}},[3,{"Fn::If":[{"x":1},4,5]}]]}}},
		"B":{"Type":"T","Properties":{"Fn::If":["C",{"P":1},{"P":2}]}}},"Outputs":{"O":{"Condition":"F","Value":{"Fn::If":["G",6,7]}}},
		"Conditions":{"X":{"Fn::If":["C",8,9]}}}`)
	for p, want := range map[string]string{
		"": "", "/Resources": "", "/Resources/A": "C", "/Resources/A/Properties/P": "C", "/Resources/A/Properties/P/Fn::If/0": "C",
		"/Resources/A/Properties/P/Fn::If/1":             "C and D",
		"/Resources/A/Properties/P/Fn::If/1/Q/Fn::If/1":  "C and D and E",
		"/Resources/A/Properties/P/Fn::If/1/Q/Fn::If/2":  "C and D and not E",
		"/Resources/A/Properties/P/Fn::If/2/0":           "C and not D",
		"/Resources/A/Properties/P/Fn::If/2/1/Fn::If/1":  "C and not D",
		"/Resources/B/Properties/Fn::If/1/P":             "C",
		"/Resources/B/Properties/Fn::If/2/P":             "not C",
		"/Resources/A/Properties/Nothing/Here/Fn::If/1":  "C",
		"/Resources/Z/Properties":                        "",
		"/Resources/A/Properties/P/Fn::If/1/New/Fn::If/": "C and D",
	} {
		if got := doc.GuardAt(pointer(p)).String(); got != want {
			t.Errorf("%s: %q, want %q", p, got, want)
		}
	}
}
