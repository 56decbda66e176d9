package policy

import "strings"

// Unknown returns a symbol whose value isn't known at all, so that it may be
// the same as any text. A [Symbol], in contrast, is a name that is made at
// deployment, and no text of a template can be that.
func Unknown(name string) string { return Symbol("?" + name) }

// maxOverlap bounds the comparisons for one question.
const maxOverlap = 4 << 20

// Overlaps reports whether a text can be what both patterns match. It is true
// where that can't be told.
func Overlaps(a, b string) bool {
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
				row[j] = row[j] || next[j] || j < len(y) && row[j+1]
			}
			if j < len(y) && y[j].any {
				row[j] = row[j] || row[j+1] || i < len(x) && next[j]
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

// A piece is a character, a wildcard or a symbol.
type piece struct {
	text        string
	any, symbol bool
}

func (p piece) meets(q piece) bool { return p.text == q.text || p.text == "?" || q.text == "?" }

func pieces(s string) []piece {
	out := make([]piece, 0, len(s))
	for i := 0; i < len(s); {
		end := tokenEnd(s, i)
		p := piece{text: s[i:end], symbol: s[i] == '\x01'}
		p.any = p.text == "*" || strings.HasPrefix(p.text, "\x01?")
		out, i = append(out, p), end
	}
	return out
}
