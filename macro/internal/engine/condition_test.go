package engine

import (
	"fmt"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"

	"github.com/grantinvoke/grantinvoke/macro/internal/option"
)

// A call that exists under a condition is granted under it, and what is
// impossible isn't granted.
func TestGrantCondition(t *testing.T) {
	doc := func(fn, api, route string) string {
		text := leveled("", "", "", "", "")
		for id, condition := range map[string]string{"Fn": fn, "Api": api, "Route": route} {
			if condition != "" {
				text = strings.Replace(text, `"`+id+`":{`, `"`+id+`":{"Condition":"`+condition+`",`, 1)
			}
		}
		return strings.Replace(text, `{"Resources"`, strings.TrimSuffix(conditionally, "}")+`,"Resources"`, 1)
	}
	for _, tt := range []struct{ fn, api, route, want string }{
		{"", "", "", ""}, {"A", "", "", "A"}, {"A", "A", "A", "A"}, {"A", "C", "", "AandC"}, {"C", "", "AandC", "AandC"}, {"A", "", "AandC", "AandC"}, {"", "", "NotA", "NotA"},
	} {
		r, out := grantAll(t, doc(tt.fn, tt.api, tt.route), option.Options{})
		got, _ := parse(t, out).At("/Resources/" + jsontext.Pointer(r.Grants()[0].ID) + "/Condition").Text()
		if len(r.Grants()) != 1 || got != tt.want {
			t.Errorf("%+v: %q", tt, got)
		}
	}
	for _, x := range [][3]string{{"A", "B", ""}, {"A", "", "NotA"}, {"AandC", "NotA", ""}} {
		if r, _ := grantAll(t, doc(x[0], x[1], x[2]), option.Options{}); len(r.Decisions) != 0 || len(r.Grants()) != 0 {
			t.Errorf("%v: %s", x, cmp.Diff(nil, grants(r)))
		}
	}
}

// The output gets nothing more, however many comparisons the conditions are
// made of.
func TestGrantManyComparisons(t *testing.T) {
	text := strings.Replace(leveled("", "", "", "", ""), `"Fn":{`, `"Fn":{"Condition":"A",`, 1)
	text = strings.Replace(text, `"Route":{`, `"Route":{"Condition":"B",`, 1)
	large := func(parameter string) string {
		var b strings.Builder
		for i := range 10 {
			fmt.Fprintf(&b, `,{"Fn::Equals":[{"Ref":"AWS::%s"},"%d"]}`, parameter, i)
		}
		return `{"Fn::Or":[` + b.String()[1:] + `]}`
	}
	text = strings.Replace(text, `{"Resources"`, `{"Conditions":{"A":`+large("AccountId")+`,"B":`+large("Region")+`},"Resources"`, 1)
	checkGrants(t, text, option.Options{})
}

const conditionally = `{"Conditions":{"A":{"Fn::Equals":[{"Ref":"P"},"a"]},"B":{"Fn::Equals":[{"Ref":"P"},"b"]},"C":{"Fn::Equals":[{"Ref":"Q"},"c"]},
	"D":{"Fn::Equals":[{"Ref":"R"},"d"]},"AandC":{"Fn::And":[{"Condition":"A"},{"Condition":"C"}]},"NotA":{"Fn::Not":[{"Condition":"A"}]}}}`
