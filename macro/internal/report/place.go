package report

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// A Place is where something is in a file.
type Place struct {
	File         string // as the reader knows it
	Line, Column int    // from 1; a column is a character
	Text         string // the line as it is written; "" where it isn't shown
	Construct    string // the path of the CDK's construct, where it is known
}

// String is the place as editors and terminals understand it.
func (p Place) String() string {
	return fmt.Sprintf("%s:%d:%d", oneLine(p.File), p.Line, p.Column)
}

// shown is how many characters of a line a snippet shows: a template without line breaks
// is one line of a megabyte.
const shown = 120

// snippet writes the line with a caret below the place.
func (p Place) snippet(w io.Writer, ink palette) {
	text := []rune(oneLine(p.Text))
	at := p.Column - 1
	if len(text) == 0 || at < 0 || at > len(text) {
		return
	}
	length := 1
	for at+length < len(text) && !strings.ContainsRune(" :,{}[]\"'", text[at+length]) {
		length++
	}
	from, to := 0, len(text)
	if to > shown {
		from = max(0, min(at-shown/3, to-shown))
		to = min(to, from+shown)
	}
	before, after := "", ""
	if from > 0 {
		before = "…"
	}
	if to < len(text) {
		after = "…"
	}
	number := fmt.Sprint(p.Line)
	length = min(length, max(1, to-at))
	line := strings.TrimRight(before+string(text[from:to])+after, " ")
	fmt.Fprintf(w, "%s %s\n", ink.faint("  "+number+" |"), line)
	fmt.Fprintf(w, "%s %s%s\n", ink.faint("  "+strings.Repeat(" ", len(number))+" |"),
		strings.Repeat(" ", utf8.RuneCountInString(before)+at-from), ink.warn("^"+strings.Repeat("~", length-1)))
}
