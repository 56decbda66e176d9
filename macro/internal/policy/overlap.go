package policy

import "strings"

// Unknown returns a symbol whose value isn't known at all, so that it may be
// the same as any text. A [Symbol], in contrast, is a name that is made at
// deployment, and no text of a template can be that.
func Unknown(name string) string { return Symbol("?" + name) }

// AnySegment is a part of a path of which nothing is known, such as the stage of a
// route: text without slash and colon, and not the name of anything that a
// [Symbol] stands for. Only a * covers it.
const AnySegment = "\x01/\x02"

func hasUnknown(s string) bool { return strings.Contains(s, "\x01?") }

// maxOverlap bounds the comparisons for one question.
const maxOverlap = 4 << 20

// Overlaps reports whether a text can be what both patterns match. It is true
// where that can't be told.
func Overlaps(a, b string) bool {
	if differ(a, b) {
		return false
	}
	x, y := pieces(a), pieces(b)
	if len(x)*len(y) > maxOverlap {
		return true
	}
	// next[j] tells whether what follows x[i] and what follows y[j-1] overlap.
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

// differ reports whether the texts differ before the first or behind the last
// wildcard or symbol of either, as nearly all do that don't overlap.
func differ(a, b string) bool {
	const open = "*?\x01\x02"
	for i := 0; i < min(len(a), len(b)) && strings.IndexByte(open, a[i]) < 0 && strings.IndexByte(open, b[i]) < 0; i++ {
		if a[i] != b[i] {
			return true
		}
	}
	for i := 1; i <= min(len(a), len(b)); i++ {
		x, y := a[len(a)-i], b[len(b)-i]
		if strings.IndexByte(open, x) >= 0 || strings.IndexByte(open, y) >= 0 {
			break
		}
		if x != y {
			return true
		}
	}
	return false
}

// Segments is a need whose stars are each one part of a path.
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
	text        string
	any, symbol bool
}

// takes reports whether text that isn't known may have q in it.
func (p piece) takes(q piece) bool {
	return p.text != AnySegment || q.any || q.text != "/" && q.text != ":" && !q.symbol
}

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
