package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestUnified(t *testing.T) {
	number := func(from, to int) string {
		var b strings.Builder
		for i := from; i <= to; i++ {
			b.WriteString("line " + string(rune('a'+i)) + "\n")
		}
		return b.String()
	}
	tests := []struct{ name, a, b, want string }{
		{"equal", "x\n", "x\n", ""},
		{"both empty", "", "", ""},
		{"added behind", "x\n", "x\ny\n", "@@ -1 +1,2 @@\n x\n+y\n"},
		{"added before", "x\n", "y\nx\n", "@@ -1 +1,2 @@\n+y\n x\n"},
		{"from nothing", "", "y\n", "@@ -0,0 +1 @@\n+y\n"},
		{"to nothing", "y\n", "", "@@ -1 +0,0 @@\n-y\n"},
		{"no line break", "x", "x\ny", "@@ -1 +1,2 @@\n-x\n\\ No newline at end of file\n+x\n+y\n\\ No newline at end of file\n"},
		{"changed", number(0, 8), strings.Replace(number(0, 8), "line e", "LINE E", 1),
			"@@ -2,7 +2,7 @@\n line b\n line c\n line d\n-line e\n+LINE E\n line f\n line g\n line h\n"},
		{"two near", number(0, 8), strings.NewReplacer("line b\n", "", "line g\n", "").Replace(number(0, 8)),
			"@@ -1,9 +1,7 @@\n line a\n-line b\n line c\n line d\n line e\n line f\n-line g\n line h\n line i\n"},
		{"two far", number(0, 12), strings.NewReplacer("line b\n", "", "line l\n", "").Replace(number(0, 12)),
			"@@ -1,5 +1,4 @@\n line a\n-line b\n line c\n line d\n line e\n@@ -9,5 +8,4 @@\n line i\n line j\n line k\n-line l\n line m\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			want := tt.want
			if want != "" {
				want = "--- a/x\n+++ b/x\n" + want
			}
			if diff := cmp.Diff(want, string(unified("a/x", "b/x", []byte(tt.a), []byte(tt.b)))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Whatever two texts are, the blocks turn the one into the other and the lines
// between them are equal.
func FuzzBlocks(f *testing.F) {
	f.Add("a\nb\nc\n", "a\nc\nd\n")
	f.Add("a\na\nb\n", "b\na\na\n")
	f.Add("", "x")
	f.Add("}\n}\nx\n}\n", "}\nx\n}\n}\n")
	f.Fuzz(func(t *testing.T, textA, textB string) {
		a, b := lines([]byte(textA)), lines([]byte(textB))
		if strings.Join(a, "") != textA {
			t.Fatalf("lines of %q: %q", textA, a)
		}
		var got []string
		at, atB := 0, 0
		for _, x := range blocks(a, b) {
			if x.a0 < at || x.b0 < atB || x.a0-at != x.b0-atB {
				t.Fatalf("blocks overlap: %+v", x)
			}
			got = append(append(got, a[at:x.a0]...), b[x.b0:x.b1]...)
			at, atB = x.a1, x.b1
		}
		got = append(got, a[at:]...)
		if strings.Join(got, "") != textB {
			t.Fatalf("%q to %q gives %q", textA, textB, strings.Join(got, ""))
		}
	})
}

func TestPaint(t *testing.T) {
	diff := []byte("--- a\n+++ b\n@@ -1 +1 @@\n-x\n+y\n z\n")
	if got := paint(diff, false); string(got) != string(diff) {
		t.Errorf("%q", got)
	}
	want := "\x1b[1m--- a\x1b[m\n\x1b[1m+++ b\x1b[m\n\x1b[36m@@ -1 +1 @@\x1b[m\n\x1b[31m-x\x1b[m\n\x1b[32m+y\x1b[m\n z\n"
	if got := paint(diff, true); string(got) != want {
		t.Errorf("%q", got)
	}
}
