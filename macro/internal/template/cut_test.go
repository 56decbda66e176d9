package template_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// partsOf are the parts of texts, each with its kind, and ! where it keeps an expression.
func partsOf(texts ...template.Text) (all []string) {
	for _, x := range texts {
		s := ""
		for _, p := range x {
			s += fmt.Sprintf("[%d %s", p.Kind, p.Text)
			if p.Expr.Exists() {
				s += "!"
			}
			s += "]"
		}
		all = append(all, s)
	}
	return all
}

// SplitN cuts as often as it may, from the left, and leaves the rest as it is.
func TestTextSplitN(t *testing.T) {
	doc := template.Index(`{"Mappings":{"M":{"k":{"v":"x:y"}}},"Text":{"Fn::Join":["",["a:",{"Fn::FindInMap":["M","k","v"]},":c:",{"Ref":"D"}]]}}`)
	mapped, ok := doc.At("/Text").One()
	if !ok || len(mapped) < 3 {
		t.Fatalf("%q is no text with a value of the mappings", partsOf(mapped))
	}
	for _, x := range []template.Text{
		nil, {lit("a")}, {lit(":")}, {lit("a:b:c")}, {ref("A")}, {ref("A"), lit(":b:"), ref("C"), lit(":"), ref("D")}, {lit("a::b:"), attr("B.Arn")},
		{ref("A"), lit("b:c"), ref("D"), lit("e:f:g"), ref("H")}, mapped,
	} {
		for n := 1; n < 7; n++ {
			var cut []template.Text
			rest := x
			for len(cut) < n-1 {
				before, after, found := rest.Cut(":")
				if !found {
					break
				}
				cut, rest = append(cut, before), after
			}
			if got, want := partsOf(x.SplitN(":", n)...), partsOf(append(cut, rest)...); !slices.Equal(got, want) {
				t.Errorf("%s into %d: %q, want %q", x, n, got, want)
			}
		}
	}
	dynamic := template.Text{lit("{{resolve:ssm:/a:1}}:b:c:d")}
	if got, want := partsOf(dynamic.SplitN(":", 3)...), []string{"[0 {{resolve:ssm:/a:1}}]", "[0 b]", "[0 c:d]"}; !slices.Equal(got, want) {
		t.Errorf("%s: %q, want %q", dynamic, got, want)
	}
}
