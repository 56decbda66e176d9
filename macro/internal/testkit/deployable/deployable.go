// Package deployable checks whether CloudFormation would refuse a template, for tests of
// what the macro adds.
package deployable

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/grantinvoke/grantinvoke/macro/internal/sam"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

var names = regexp.MustCompile(`^[A-Za-z0-9]{1,255}$`)

// Check fails where CloudFormation would refuse the template.
func Check(t *testing.T, out string) {
	t.Helper()
	if !json.Valid([]byte(out)) {
		t.Fatalf("no JSON: %s", out)
	}
	doc := template.Index(out)
	if c := doc.Graph(sam.Apart).Cycle(); c != nil {
		t.Fatalf("a circular dependency: %v\n%s", c, out)
	}
	conditions := doc.Section("Conditions")
	isCondition := func(v template.Value) {
		if name, ok := v.Text(); ok && !conditions.Get(name).Exists() {
			t.Fatalf("no condition %q in\n%s", name, out)
		}
	}
	var walk func(template.Value)
	walk = func(v template.Value) {
		fn, arg, _ := v.Intrinsic()
		switch fn {
		case "Condition":
			isCondition(arg)
		case "Fn::If":
			isCondition(arg.Item(0))
		case "Fn::And", "Fn::Or":
			if arg.Len() < 2 || arg.Len() > 10 {
				t.Fatalf("%s takes 2 to 10 operands: %s", fn, v.Raw())
			}
		}
		for _, m := range v.Members() {
			walk(m)
		}
		for m := range v.Items() {
			walk(m)
		}
	}
	walk(doc.Root())
	for _, r := range doc.Resources() {
		if !names.MatchString(r.ID) {
			t.Fatalf("the logical id %q", r.ID)
		}
		isCondition(r.Get("Condition"))
		depends := r.Get("DependsOn")
		for item := range depends.Items() {
			if id, _ := item.Text(); !doc.Taken(id) {
				t.Fatalf("%s depends on %s", r.ID, item.Raw())
			}
		}
	}
	for ref := range doc.Root().References() {
		if !strings.HasPrefix(ref.ID, "AWS::") && !doc.Taken(ref.ID) && !doc.Section("Parameters").Get(ref.ID).Exists() {
			t.Fatalf("a reference to %s, which isn't there, at %s in\n%s", ref.ID, ref.Place.Pointer(), out)
		}
	}
}
