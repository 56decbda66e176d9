package policy

import (
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
)

// The table of what each wildcard really matches: REST / and /pets and
// /pets/{id}, the console's Test button on /pets, HTTP GET /pets and $default,
// a WebSocket's $connect, an authorizer.
func TestCoversTable(t *testing.T) {
	needs := []string{"s/GET/", "s/GET/pets", "s/GET/pets/{id}", "test-invoke-stage/GET/pets", "s/GET/pets", "s/$default", "s/$connect", "authorizers/a1"}
	tests := []struct{ pattern, matched string }{
		{"*", "YYYYYYYY"},
		{"*/*", "YYYYYYYY"},
		{"*/*/*", "YYYYY---"},
		{"*/*/", "Y-------"},
		{"*/GET/*", "YYYYY---"},
		{"*/GET/", "Y-------"},
		{"*/GET", "--------"},
		{"*/GET/pets", "-Y-YY---"},
		{"*/GET/pets/*", "--Y-----"},
		{"*/*/pets*", "-YYYY---"},
		{"s/*", "YYY-YYY-"},
		{"*/$default", "-----Y--"},
		{"*/*/$default", "--------"},
		{"*$connect", "------Y-"},
		{"authorizers/*", "-------Y"},
		{"*/ANY/pets", "--------"},
		{"*/*/{id}", "--Y-----"},
	}
	api := Symbol("Api") + "/"
	for _, tt := range tests {
		got := ""
		for _, need := range needs {
			if Covers(api+tt.pattern, api+need) {
				got += "Y"
			} else {
				got += "-"
			}
		}
		if got != tt.matched {
			t.Errorf("%s: %s, want %s", tt.pattern, got, tt.matched)
		}
	}
}

func TestCovers(t *testing.T) {
	a, b := Symbol("A"), Symbol("B")
	tests := []struct {
		pattern, need string
		want          bool
	}{
		{"", "", true}, {"", "a", false}, {"a", "", false}, {"*", "", true}, {"**", "", true}, {"?", "", false},
		{"a", "a", true}, {"a", "A", false}, {"?", "a", true}, {"??", "a", false}, {"a?c", "abc", true},
		{"a/*", "a", false}, {"a/*", "a/", true}, {"a*", "ab", true}, {"*/b", "a/a/b", true},
		{"a", "*", false}, {"?", "*", false}, {"*", "*", true}, {"a*", "*", false}, {"*a", "*", false}, {"*a*", "*", false}, {"a*b", "a*b", true}, {"a*", "a*b", true},
		{"a*b", "a*", false}, {"*", "a*b*c", true}, {"a*c", "a*b*c", true}, {"a*b", "a*b*c", false}, {"*b*", "*b*", true}, {"*b*", "*", false},
		{a, a, true}, {a, b, false}, {"*", a, true}, {"?", a, false}, {a, "*", false}, {a + "/*", a + "/s/GET/", true}, {b + "/*", a + "/s/GET/", false},
		{"*/" + a, "x/" + a, true}, {"*" + b, a + b, true}, {"*" + a, a + b, false}, {a + "*", a + "*", true}, {"*A*", a, false}, {"*\x02", a, false}, {"\x01*", a, false},
		{a + "/*", a + "x/*", false}, {a + "*", a + "x/y", true},
		{"*/GET/pets/*", "*/GET/pets/*", true}, {"*/GET/*", "*/GET/pets/*/toys", true}, {"*/GET/*/toys", "*/GET/pets/*/toys", true}, {"*/GET/pets/*", "*/GET/*", false},
		{"prod/*", "*/GET/pets", false}, {"*/GET/pets", "*/*/pets", false}, {"*/*/pets", "*/*/pets", true}, {"*/*", "*/*/pets", true},
	}
	for _, tt := range tests {
		if got := Covers(tt.pattern, tt.need); got != tt.want {
			t.Errorf("Covers(%q, %q) = %v", tt.pattern, tt.need, got)
		}
	}
}

// matches is ArnLike's glob on one text: * any text, ? any character.
func matches(pattern, text string) bool {
	if pattern == "" {
		return text == ""
	}
	if pattern[0] == '*' {
		return matches(pattern[1:], text) || text != "" && matches(pattern, text[1:])
	}
	return text != "" && (pattern[0] == '?' || pattern[0] == text[0]) && matches(pattern[1:], text[1:])
}

// instances are texts that a need stands for: its stars replaced in many ways.
func instances(need string) []string {
	before, after, found := strings.Cut(need, "*")
	if !found {
		return []string{need}
	}
	var out []string
	for _, rest := range instances(after) {
		for _, star := range []string{"", "a", "b", "/", "xyz", "a/b", "ab"} {
			out = append(out, before+star+rest)
		}
	}
	return out
}

var (
	token  = regexp.MustCompile(`(?s)\x01[^\x02]*\x02|.`)
	closed = regexp.MustCompile(`(?s)^(\x01[^\x01\x02]*\x02|[^\x01\x02])*$`)
)

// tokens are the characters and symbols of a text.
func tokens(s string) []string {
	latin := make([]rune, len(s)) // a byte each, also where that is no UTF-8
	for i := range len(s) {
		latin[i] = rune(s[i])
	}
	return token.FindAllString(string(latin), -1)
}

// includes is the rule in other words: a star of the need is a character that
// nothing but a star matches.
func includes(pattern, need []string) bool {
	if len(pattern) == 0 {
		return len(need) == 0
	}
	if pattern[0] == "*" {
		return includes(pattern[1:], need) || len(need) > 0 && includes(pattern, need[1:])
	}
	if len(need) == 0 || need[0] == "*" {
		return false
	}
	any := pattern[0] == "?" && need[0][0] != 1
	return (any || pattern[0] == need[0]) && includes(pattern[1:], need[1:])
}

func TestCoversProperty(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	random := func(alphabet string) string {
		b := make([]byte, r.IntN(7))
		for i := range b {
			b[i] = alphabet[r.IntN(len(alphabet))]
		}
		return string(b)
	}
	covered := 0
	for range 200_000 {
		pattern, need := random("ab/**?"), random("ab/*")
		got := Covers(pattern, need)
		if got != includes(tokens(pattern), tokens(need)) {
			t.Fatalf("Covers(%q, %q) = %v", pattern, need, got)
		}
		if !got {
			continue
		}
		covered++
		for _, text := range instances(need) {
			if !matches(pattern, text) {
				t.Fatalf("Covers(%q, %q), but %q is not matched", pattern, need, text)
			}
		}
	}
	if covered < 1000 {
		t.Errorf("only %d of the random patterns covered", covered)
	}
}

// Many stars take no more than quadratic time.
func TestCoversBomb(t *testing.T) {
	n := 2000
	if Covers(strings.Repeat("a*", n)+"b", strings.Repeat("a", 10*n)) {
		t.Error("covered")
	}
	if !Covers(strings.Repeat("*a", n), strings.Repeat("ab", n)+"a") {
		t.Error("not covered")
	}
}

func FuzzCovers(f *testing.F) {
	for _, s := range [][2]string{{"*", "a"}, {"a*b", "a*c*b"}, {"\x01A\x02/*", "\x01A\x02/s/GET/"}, {"\x01*", "\x01A"}, {"?\x01", "*\x02"}} {
		f.Add(s[0], s[1])
	}
	f.Fuzz(func(t *testing.T, pattern, need string) {
		got := Covers(pattern, need)
		if len(pattern) > 40 || len(need) > 40 || strings.Count(pattern, "*") > 6 || !closed.MatchString(pattern) || !closed.MatchString(need) {
			return // too long to try everything, or no text with symbols
		}
		if got != includes(tokens(pattern), tokens(need)) {
			t.Errorf("Covers(%q, %q) = %v", pattern, need, got)
		}
	})
}
