package policy

import "strings"

// Unknown returns a symbol whose value isn't known at all, so that it may be
// the same as any text. A [Symbol], in contrast, is a name that is made at
// deployment, and no text of a template can be that.
func Unknown(name string) string { return Symbol("?" + name) }

// AnySegment is one part of a path of which nothing is known, such as the stage of a
// route: text without slash and colon, which is the name of nothing that a [Symbol]
// stands for. Only a * covers it.
const AnySegment = "\x01/\x02"

func hasUnknown(s string) bool { return strings.Contains(s, "\x01?") }

// maxOverlap bounds the comparisons of one call of Overlaps.
const maxOverlap = 4 << 20

// Overlaps reports whether some text matches both patterns. It is true where that
// can't be known, and for patterns that are too long to compare.
func Overlaps(a, b string) bool {
	if disjoint(a, b) {
		return false
	}
	x, y := pieces(a), pieces(b)
	if len(x)*len(y) > maxOverlap {
		return true
	}
	// row[j] says whether x[i:] and y[j:] overlap, next[j] whether x[i+1:] and y[j:] do.
	next, row := make([]bool, len(y)+1), make([]bool, len(y)+1)
	for i := len(x); i >= 0; i-- {
		for j := len(y); j >= 0; j-- {
			row[j] = i == len(x) && j == len(y)
			if i < len(x) && x[i].any {
				row[j] = row[j] || next[j] || j < len(y) && x[i].takes(y[j]) && row[j+1]
			}
			if j < len(y) && y[j].any {
				row[j] = row[j] || row[j+1] || i < len(x) && y[j].takes(x[i]) && next[j]
			}
			if i < len(x) && j < len(y) && x[i].meets(y[j]) {
				row[j] = row[j] || next[j+1]
			}
			// A symbol is several characters, each of which a ? matches.
			if i < len(x) && j < len(y) && x[i].text == "?" && y[j].symbol {
				row[j] = row[j] || next[j]
			}
			if i < len(x) && j < len(y) && y[j].text == "?" && x[i].symbol {
				row[j] = row[j] || row[j+1]
			}
		}
		next, row = row, next
	}
	return next[0]
}

// Segments returns a need in which each * is an [AnySegment]: one part of a path
// instead of any text.
func Segments(need string) string {
	var b strings.Builder
	for i := 0; i < len(need); {
		end := tokenEnd(need, i)
		if need[i] == '*' {
			b.WriteString(AnySegment)
		} else {
			b.WriteString(need[i:end])
		}
		i = end
	}
	return b.String()
}

// A piece is a character, a wildcard or a symbol.
type piece struct {
	text   string
	any    bool // it stands for text of any length: a *, an AnySegment, an Unknown
	symbol bool
}

// takes reports whether the text that p stands for, see any, may contain q.
func (p piece) takes(q piece) bool {
	return p.text != AnySegment || q.any || q.text != "/" && q.text != ":" && !q.symbol
}

// meets reports whether both may be the same single character or symbol.
func (p piece) meets(q piece) bool { return p.text == q.text || p.text == "?" || q.text == "?" }

func pieces(s string) []piece {
	out := make([]piece, 0, len(s))
	for i := 0; i < len(s); {
		end := tokenEnd(s, i)
		p := piece{text: s[i:end], symbol: s[i] == '\x01'}
		p.any = p.text == "*" || p.text == AnySegment || strings.HasPrefix(p.text, "\x01?")
		out, i = append(out, p), end
	}
	return out
}
