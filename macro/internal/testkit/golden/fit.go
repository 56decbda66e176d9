package golden

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// A policy is what a FITS line of want.txt says of one function.
type policy struct {
	needs    []string // behind arn:…:account:
	patterns []string
}

const (
	maxPolicy = 20480 // bytes of a function's resource policy
	// What a statement takes beside its source: the frame, a statement id and a
	// function's ARN as long as they get in us-east-1.
	statementBytes = 170 + 100 + 47 + 64
	sourceBytes    = 54 - len("0123456789/") // arn:…:account: in us-east-1
)

// fit checks the FITS lines against the PERM lines of the same functions, and
// returns the other lines.
func fit(t *testing.T, wanted, got []string) (others []string) {
	t.Helper()
	all := map[string]*policy{}
	for _, line := range wanted {
		fn, needs, _ := strings.Cut(strings.TrimPrefix(line, "FITS "), " | ")
		if all[fn] == nil {
			all[fn] = &policy{}
		}
		all[fn].needs = append(all[fn].needs, span(needs)...)
	}
	for _, line := range got {
		columns := strings.Split(strings.TrimPrefix(line, "PERM "), " | ")
		if p := all[columns[0]]; p != nil && strings.HasPrefix(line, "PERM ") {
			p.patterns = append(p.patterns, columns[1])
			continue
		}
		others = append(others, line)
	}
	for fn, p := range all {
		p.check(t, fn)
	}
	return others
}

func (p policy) check(t *testing.T, fn string) {
	t.Helper()
	bytes := len(`{"Version":"2012-10-17","Id":"default","Statement":[]}`)
	apis := map[string]bool{}
	for _, need := range p.needs {
		apis[need[:strings.Index(need, "/")+1]] = true
		if !slices.ContainsFunc(p.patterns, func(pattern string) bool { return matches(pattern, need) }) {
			t.Errorf("%s: nothing covers %s", fn, need)
		}
	}
	for _, pattern := range p.patterns {
		if !apis[pattern[:strings.Index(pattern, "/")+1]] {
			t.Errorf("%s: %s is of an API that doesn't call it", fn, pattern)
		}
		_, qualifier, _ := strings.Cut(fn, ":")
		_, tail, _ := strings.Cut(pattern, "/")
		bytes += statementBytes + len(":"+qualifier) + sourceBytes + len("0123456789/") + len(tail) + len(",")
	}
	if bytes > maxPolicy || len(p.patterns) > len(p.needs) {
		t.Errorf("%s: %d bytes in %d statements", fn, bytes, len(p.patterns))
	}
}

var numbers = regexp.MustCompile(`(\d\d)\.\.(\d\d)$`)

// span expands a00..03.
func span(text string) []string {
	m := numbers.FindStringSubmatch(text)
	if m == nil {
		return []string{text}
	}
	var from, to int
	fmt.Sscan(m[1], &from)
	fmt.Sscan(m[2], &to)
	var all []string
	for i := from; i <= to; i++ {
		all = append(all, fmt.Sprintf("%s%02d", strings.TrimSuffix(text, m[0]), i))
	}
	return all
}

// matches reports whether a pattern covers a need: its * stands for any text, that of the
// need only for itself.
func matches(pattern, need string) bool {
	if pattern == "" || need == "" {
		return pattern == need || strings.Trim(pattern, "*") == ""
	}
	if pattern[0] == '*' {
		return matches(pattern[1:], need) || matches(pattern, need[1:])
	}
	return pattern[0] == need[0] && matches(pattern[1:], need[1:])
}
