package template

import (
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

func (t *Template) node(i int32) *node { return &t.nodes[i] }

// firstChild is the first member or element of a value, 0 where it has none.
func (t *Template) firstChild(i int32) int32 {
	if t.nodes[i].marks&filled == 0 {
		return 0
	}
	return i + 1
}

func (t *Template) name(i int32) string { return nameIn(t.text, &t.nodes[i]) }

// nameIn returns the name of a member, "" of what is none.
func nameIn(text string, n *node) string {
	if n.key == 0 {
		return ""
	}
	if rest := text[n.key:]; n.marks&escapedKey == 0 {
		if n.named < longName {
			return rest[:n.named]
		}
		return rest[:strings.IndexByte(rest, '"')]
	}
	return unquote(text[n.key-1:stringEnd(text, int(n.key)-1)], true)
}

func isNamed(text string, n *node, name string) bool {
	if n.named == longName {
		return nameIn(text, n) == name
	}
	return int(n.named) == len(name) && text[n.key:int(n.key)+len(name)] == name
}

// member returns the member of object i with the name, 0 where there is none.
func (t *Template) member(i int32, name string) int32 {
	n := &t.nodes[i]
	if n.marks&crowded != 0 {
		return t.tables[i].find(t.text, t.nodes, hashOf(name), name)
	}
	if n.marks&filled == 0 {
		return 0
	}
	for i++; i != 0; i = n.next {
		n = &t.nodes[i]
		if (int(n.named) == len(name) || n.named == longName) && isNamed(t.text, n, name) {
			break
		}
	}
	return i
}

// stringEnd returns the place behind the string that begins at p.
func stringEnd(s string, p int) int {
	for p++; ; p++ {
		switch s[p] {
		case '"':
			return p + 1
		case '\\':
			p++ // the escaped character can't end the string
		}
	}
}

// unquote returns what a JSON string stands for.
func unquote(quoted string, escaped bool) string {
	if !escaped {
		return quoted[1 : len(quoted)-1]
	}
	b, err := jsontext.AppendUnquote(nil, quoted)
	if err != nil {
		return quoted[1 : len(quoted)-1] // not reached: the text is valid
	}
	return string(b)
}

// Quote returns s as a JSON string. Bytes that are no UTF-8 become U+FFFD.
func Quote(s string) string { return string(AppendQuote(make([]byte, 0, len(s)+2), s)) }

// AppendQuote appends s as a JSON string to b.
func AppendQuote(b []byte, s string) []byte {
	if isPlain(s) {
		return append(append(append(b, '"'), s...), '"')
	}
	b, _ = jsontext.AppendQuote(b, s) // its error only tells of replaced bytes
	return b
}

// isPlain reports whether a text stands in a JSON string as it is: ASCII
// without quotes, backslashes and control characters.
func isPlain(s string) bool {
	src := bytesOf(s)
	for p := 0; p < len(src); p += 8 {
		if n := ordinary(load(src, p)); n < 8 && p+n < len(src) {
			return false
		}
	}
	return true
}

// compact returns JSON text without the white space between its tokens.
func compact(raw string) string {
	if !strings.ContainsAny(raw, " \n\r\t") {
		return raw
	}
	var b strings.Builder
	for p := 0; p < len(raw); {
		switch raw[p] {
		case '"':
			end := stringEnd(raw, p)
			b.WriteString(raw[p:end])
			p = end
		case ' ', '\n', '\r', '\t':
			p++
		default:
			b.WriteByte(raw[p])
			p++
		}
	}
	return b.String()
}
