package policy

import (
	"math/rand/v2"
	"strings"
	"testing"
)

func TestOverlaps(t *testing.T) {
	a, b, unknown := Symbol("A"), Symbol("B"), Unknown("P")
	tests := []struct {
		x, y string
		want bool
	}{
		{"", "", true}, {"", "a", false}, {"a", "a", true}, {"a", "b", false}, {"*", "", true}, {"a*", "*b", true}, {"a*", "b*", false}, {"?", "", false}, {"?", "*", true},
		{"prod/*", "*/GET/pets", true}, {"prod/PUT/*", "*/GET/pets", true /* the stage may be prod/PUT/x as far as globs go */}, {"*/PUT/pets", "prod/GET/pets", false},
		{"*/*/$default", AnySegment + "/$default", false}, {"*/$default", AnySegment + "/$default", true}, {"prod/*", AnySegment + "/GET/", true}, {"a/b/*", AnySegment + "/GET/", false}, {"*:" + b + "/*", a + "/" + AnySegment + "/GET/", false}, {"*:" + unknown + "/*", a + "/" + AnySegment + "/GET/", false},
		{"*" + unknown + "/*", a + "/" + AnySegment + "/GET/", true}, {Segments("*/GET/*/x"), "s/GET/a/x", true}, {Segments("*/GET/*/x"), "s/GET/a/b/x", false}, {Segments(Symbol("*")), Symbol("*"), true},
		{a, a, true}, {a, b, false}, {a, "a", false}, {"*", a, true}, {"??????????/x", a + "/x", true}, {"?", a, true}, {a + "/*", b + "/*", false},
		{unknown, "anything", true}, {unknown + "/x", a + "/x", true}, {unknown + "/x", a + "/y", false}, {unknown, unknown, true}, {unknown, "", true},
	}
	for _, tt := range tests {
		for _, pair := range [][2]string{{tt.x, tt.y}, {tt.y, tt.x}} {
			if got := Overlaps(pair[0], pair[1]); got != tt.want {
				t.Errorf("Overlaps(%q, %q) = %v", pair[0], pair[1], got)
			}
		}
	}
	if long := strings.Repeat("a*", 5000); !Overlaps(long, long+"b") {
		t.Error("what is too long to compare is said to be different")
	}
}

// Against all short texts: what both match is an overlap, and what one covers
// of the other is one too.
func TestOverlapsProperty(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	random := func() string {
		b := make([]byte, r.IntN(5))
		for i := range b {
			b[i] = "ab*?"[r.IntN(4)]
		}
		return string(b)
	}
	texts := []string{""}
	for i := 0; len(texts[i]) < 6; i++ {
		texts = append(texts, texts[i]+"a", texts[i]+"b")
	}
	overlaps := 0
	for range 3000 {
		x, y := random(), random()
		want := false
		for _, s := range texts {
			want = want || matches(x, s) && matches(y, s)
		}
		if got := Overlaps(x, y); got != want {
			t.Fatalf("Overlaps(%q, %q) = %v", x, y, got)
		}
		if want {
			overlaps++
		}
		if Covers(x, y) && !want {
			t.Fatalf("%q covers %q and shares no text with it", x, y)
		}
	}
	if overlaps < 300 {
		t.Errorf("only %d of the random patterns overlap", overlaps)
	}
}
