package service

import (
	"strings"
	"testing"

	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// Each object, list and element on the way may be an Fn::If; the value itself is yielded as
// it is.
func TestAt(t *testing.T) {
	for _, tt := range []struct{ name, value, path, want string }{
		{"a member", `{"A":1}`, "A", "1"},
		{"none", `{"B":1}`, "A", ""},
		{"a member of a member", `{"A":{"B":1}}`, "A.B", "1"},
		{"a list", `{"A":[1,2]}`, "A[]", "1 2"},
		{"members of a list", `{"A":[{"B":1},{},{"B":2}]}`, "A[].B", "1 2"},
		{"a list in a list", `{"A":[{"B":[1]},{"B":[2,3]}]}`, "A[].B[]", "1 2 3"},
		{"a branch", `{"A":{"Fn::If":["C",{"B":1},{"B":2}]}}`, "A.B", "1 if C 2 if not C"},
		{"a list in a branch", `{"A":{"Fn::If":["C",[1],{"Ref":"AWS::NoValue"}]}}`, "A[]", "1 if C"},
		{"an element in a branch", `{"A":[{"Fn::If":["C",1,2]},3]}`, "A[]", "1 if C 2 if not C 3"},
		{"branches that exclude one another", `{"A":{"Fn::If":["C",{"B":{"Fn::If":["C",{"D":1},{"D":2}]}},{"B":{"D":3}}]}}`, "A.B.D", "1 if C 3 if not C"},
		{"a branch at the end", `{"A":{"Fn::If":["C",1,2]}}`, "A", `{"Fn::If":["C",1,2]}`},
	} {
		var got []string
		for when, v := range at(template.Index(tt.value).Root(), tt.path) {
			text := v.Raw()
			if len(when) > 0 {
				text += " if " + when.String()
			}
			got = append(got, text)
		}
		if all := strings.Join(got, " "); all != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, all, tt.want)
		}
	}
	for range at(template.Index(`{"A":[1,2]}`).Root(), "A[]") {
		break // a caller may stop
	}
}
