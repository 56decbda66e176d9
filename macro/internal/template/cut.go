package template

import (
	"math"
	"slices"
	"strings"
)

// Cut slices the text around the first literal occurrence of sep outside of
// dynamic references.
func (x Text) Cut(sep string) (before, after Text, found bool) {
	if x.hasDynamic() {
		return x.cutOutside(sep, false)
	}
	for i, p := range x {
		if p.Kind != Lit {
			continue
		}
		if at := strings.Index(p.Text, sep); at >= 0 {
			return x.around(i, at, sep)
		}
	}
	return x, nil, false
}

// around slices the text around the sep at byte at of part i.
func (x Text) around(i, at int, sep string) (before, after Text, found bool) {
	before = Join(x[:i], Literal(x[i].Text[:at]))
	after = Join(Literal(x[i].Text[at+len(sep):]), x[i+1:])
	return before, after, true
}

// CutLast slices the text around the last literal occurrence of sep outside of
// dynamic references.
func (x Text) CutLast(sep string) (before, after Text, found bool) {
	if x.hasDynamic() {
		return x.cutOutside(sep, true)
	}
	for i, p := range slices.Backward(x) {
		if p.Kind != Lit {
			continue
		}
		if at := strings.LastIndex(p.Text, sep); at >= 0 {
			return x.around(i, at, sep)
		}
	}
	return x, nil, false
}

// Split slices the text at every literal occurrence of sep outside of dynamic
// references.
func (x Text) Split(sep string) []Text {
	if x.hasDynamic() {
		return x.splitOutside(sep)
	}
	return x.split(sep, math.MaxInt)
}

// SplitN is Split into at most n texts, of which the last is the unsplit rest.
func (x Text) SplitN(sep string, n int) []Text {
	if !x.hasDynamic() {
		return x.split(sep, n)
	}
	out := make([]Text, 0, n)
	for len(out) < n-1 {
		before, after, found := x.Cut(sep)
		if !found {
			break
		}
		out, x = append(out, before), after
	}
	return append(out, x)
}

// split slices a text without dynamic references into at most n.
func (x Text) split(sep string, n int) []Text {
	cuts := 0
	for _, p := range x {
		if p.Kind == Lit {
			cuts += strings.Count(p.Text, sep)
		}
	}
	if cuts = min(cuts, n-1); cuts <= 0 {
		return []Text{x}
	}
	out := make([]Text, 0, cuts+1)
	last := make(Text, 0, len(x)+cuts) // which the texts share, one behind the other
	for i, p := range x {
		if p.Kind != Lit {
			last = last.append(p)
			continue
		}
		piece, rest, found := strings.Cut(p.Text, sep)
		if !found {
			last = last.append(p)
			continue
		}
		for ; found; piece, rest, found = strings.Cut(rest, sep) {
			last = last.append(Part{Kind: Lit, Text: piece})
			out = append(out, slices.Clip(last))
			last = last[len(last):]
			if len(out) == cuts { // the rest stays as it is
				return append(out, Join(Literal(rest), x[i+1:]))
			}
		}
		last = last.append(Part{Kind: Lit, Text: piece})
	}
	return append(out, last)
}

// TrimPrefix returns the text without a literal prefix; false where it hasn't that.
func (x Text) TrimPrefix(prefix string) (Text, bool) {
	if len(x) == 0 || x[0].Kind != Lit || !strings.HasPrefix(x[0].Text, prefix) {
		return x, false
	}
	return Join(Literal(x[0].Text[len(prefix):]), x[1:]), true
}

// TrimSuffix returns the text without a literal suffix; false where it hasn't that.
func (x Text) TrimSuffix(suffix string) (Text, bool) {
	n := len(x) - 1
	if n < 0 || x[n].Kind != Lit || !strings.HasSuffix(x[n].Text, suffix) {
		return x, false
	}
	return Join(x[:n], Literal(strings.TrimSuffix(x[n].Text, suffix))), true
}
