package finding

import (
	"fmt"
	"testing"
)

func TestNearest(t *testing.T) {
	for _, tt := range []struct {
		word  string
		among []string
		want  string
	}{
		{"StokFunction", []string{"Api", "StockFunction", "StockFunctionRole"}, "StockFunction"},
		{"stockfunction", []string{"StockFunction"}, "StockFunction"},
		{"chekc", []string{"check", "eject"}, "check"},
		{"formt", []string{"format"}, "format"},
		{"Scop", []string{"Stages", "Scope"}, "Scope"},
		{"GrantInvok", []string{"GrantInvoke"}, "GrantInvoke"},
		{"FnB", []string{"FnC", "FnA"}, "FnC"}, // the first of two
		{"Checkout", []string{"Topic", "Worker"}, ""},
		{"Fn", []string{"F1", "Gn"}, ""}, // too short to tell
		{"fn", []string{"Fn"}, "Fn"},
		{"Orders", nil, ""},
		{"", []string{"A"}, ""},
	} {
		if got := Nearest(tt.word, tt.among); got != tt.want {
			t.Errorf("%q is near %q, want %q", tt.word, got, tt.want)
		}
	}
	if got := Meant("chekc", []string{"check"}, "or read on"); got != "did you mean check? or read on" {
		t.Error(got)
	}
	if got := Meant("x", []string{"check"}, "read on"); got != "read on" {
		t.Error(got)
	}
}

// plainDistance is the same without a band: https://en.wikipedia.org/wiki/Damerau–Levenshtein_distance (optimal string alignment).
func plainDistance(a, b string) int {
	at := func(i, j int) string { return fmt.Sprint(i, ",", j) }
	d := map[string]int{}
	for i := range len(a) + 1 {
		for j := range len(b) + 1 {
			switch {
			case i == 0 || j == 0:
				d[at(i, j)] = i + j
				continue
			case a[i-1] == b[j-1]:
				d[at(i, j)] = d[at(i-1, j-1)]
			default:
				d[at(i, j)] = 1 + min(d[at(i-1, j-1)], d[at(i-1, j)], d[at(i, j-1)])
			}
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d[at(i, j)] = min(d[at(i, j)], d[at(i-2, j-2)]+1)
			}
		}
	}
	return d[at(len(a), len(b))]
}

func FuzzDistance(f *testing.F) {
	f.Add("abc", "acb", 2)
	f.Add("kitten", "sitting", 3)
	f.Add("", "a", 0)
	f.Fuzz(func(t *testing.T, a, b string, limit int) {
		if len(a) > 12 || len(b) > 12 || limit < 0 || limit > 12 {
			return
		}
		if got, want := distance(a, b, limit), min(plainDistance(a, b), limit+1); got != want {
			t.Errorf("%q, %q within %d: %d, want %d", a, b, limit, got, want)
		}
	})
}
