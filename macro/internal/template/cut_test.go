package template_test

import (
	"slices"
	"testing"

	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// SplitN cuts as often as it may, from the left, and leaves the rest as it is.
func TestTextSplitN(t *testing.T) {
	for _, x := range []template.Text{
		nil, {lit("a")}, {lit(":")}, {lit("a:b:c")}, {ref("A")}, {ref("A"), lit(":b:"), ref("C"), lit(":"), ref("D")}, {lit("a::b:"), attr("B.Arn")},
		{ref("A"), lit("b:c"), ref("D"), lit("e:f:g"), ref("H")}, {lit("{{resolve:ssm:/a:1}}:b:c:d")},
	} {
		for n := 1; n < 6; n++ {
			var got, want []string
			for _, part := range x.SplitN(":", n) {
				got = append(got, part.Key())
			}
			rest, found := x, true
			for len(want) < n-1 {
				var before, after template.Text
				if before, after, found = rest.Cut(":"); !found {
					break
				}
				want, rest = append(want, before.Key()), after
			}
			if want = append(want, rest.Key()); !slices.Equal(got, want) {
				t.Errorf("%s into %d: %q, want %q", x, n, got, want)
			}
		}
	}
}
