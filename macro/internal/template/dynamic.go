package template

import "strings"

// A dynamic reference, {{resolve:service:key}}, is one value that isn't known before
// the deployment: its colons and slashes don't separate anything
// (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html).
// Fn::Sub may put values into its key.
const (
	dynamicStart = "{{resolve:"
	dynamicEnd   = "}}"
)

// hasDynamic reports whether a dynamic reference begins in the text.
func (x Text) hasDynamic() bool {
	for _, p := range x {
		if p.Kind == Lit && strings.Contains(p.Text, dynamicStart) {
			return true
		}
	}
	return false
}

// dynamicClose returns where the dynamic reference ends that begins at byte at of
// part i: the part and the byte after it. ok is false where it isn't closed.
func (x Text) dynamicClose(i, at int) (part, end int, ok bool) {
	for at += len(dynamicStart); i < len(x); i, at = i+1, 0 {
		if x[i].Kind != Lit {
			continue
		}
		if n := strings.Index(x[i].Text[at:], dynamicEnd); n >= 0 {
			return i, at + n + len(dynamicEnd), true
		}
	}
	return 0, 0, false
}

// An offset is a byte of a text: its part, and the byte in that.
type offset struct{ part, at int }

// outside returns where sep occurs in literal text outside of dynamic references; with
// first, only the first occurrence.
func (x Text) outside(sep string, first bool) (all []offset) {
	closed := true // false once a reference isn't closed: then none after it is either
	for i, at := 0, 0; i < len(x); i, at = i+1, 0 {
		for dynamic := -2; x[i].Kind == Lit; { // -2: not looked for, -1: there is none
			text := x[i].Text
			next := indexFrom(text, sep, at)
			if closed && dynamic != -1 && dynamic < at {
				dynamic = indexFrom(text, dynamicStart, at)
			}
			if closed && dynamic >= 0 && (next < 0 || dynamic < next) {
				var end, after int
				if end, after, closed = x.dynamicClose(i, dynamic); closed {
					i, at, dynamic = end, after, -2
					continue
				}
			}
			if next < 0 {
				break
			}
			if all = append(all, offset{i, next}); first {
				return all
			}
			at = next + len(sep)
		}
	}
	return all
}

// cutOutside slices the text around the first or the last literal occurrence of
// sep outside of dynamic references.
func (x Text) cutOutside(sep string, last bool) (before, after Text, found bool) {
	all := x.outside(sep, !last)
	if len(all) == 0 {
		return x, nil, false
	}
	cut := all[len(all)-1]
	return x.around(cut.part, cut.at, sep)
}

// splitOutside slices the text at every literal occurrence of sep outside of
// dynamic references.
func (x Text) splitOutside(sep string) []Text {
	var out []Text
	from := offset{}
	for _, cut := range append(x.outside(sep, false), offset{len(x), 0}) {
		var piece Text
		for i := from.part; i < len(x) && i <= cut.part; i++ {
			p := x[i]
			if p.Kind == Lit && (i == from.part || i == cut.part) {
				start, end := 0, len(p.Text)
				if i == from.part {
					start = from.at
				}
				if i == cut.part {
					end = cut.at
				}
				if start == 0 && end == len(p.Text) {
					piece = piece.append(p)
				} else {
					piece = piece.append(Part{Kind: Lit, Text: p.Text[start:end]})
				}
				continue
			}
			piece = piece.append(p)
		}
		out = append(out, piece)
		from = offset{cut.part, cut.at + len(sep)}
	}
	return out
}

// indexFrom is strings.Index for the text from byte at on.
func indexFrom(s, sep string, at int) int {
	if n := strings.Index(s[at:], sep); n >= 0 {
		return at + n
	}
	return -1
}

// Visible returns the text with one opaque part in place of each dynamic reference, so
// that its literal parts are text that the deployment doesn't change.
func (x Text) Visible() Text {
	if !x.hasDynamic() {
		return x
	}
	var out Text
	for {
		i, at := -1, 0
		for n, p := range x {
			if at = strings.Index(p.Text, dynamicStart); p.Kind == Lit && at >= 0 {
				i = n
				break
			}
		}
		if i < 0 {
			return Join(out, x)
		}
		part, end, closed := x.dynamicClose(i, at)
		if !closed {
			return Join(out, x)
		}
		var whole Text
		if part == i {
			whole = Literal(x[i].Text[at:end])
		} else {
			whole = Join(Literal(x[i].Text[at:]), x[i+1:part], Literal(x[part].Text[:end]))
		}
		out = append(Join(out, x[:i], Literal(x[i].Text[:at])), Part{Kind: Opaque, Text: whole.Key()})
		x = Join(Literal(x[part].Text[end:]), x[part+1:])
	}
}

// IsDynamic reports whether the text is one dynamic reference and nothing else.
func (x Text) IsDynamic() bool {
	v := x.Visible()
	return len(v) == 1 && v[0].Kind == Opaque && !v[0].Expr.Exists()
}
