package template

import (
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// A node is one value of the document in the arena. Offsets are bytes of the
// text; links are indexes into the arena, 0 meaning none.
type node struct {
	start, end          int32
	key                 int32 // where the member's name begins, behind its quote
	parent, next, child int32
	kind                Kind
	read                bool // the children are in the arena
	escaped             bool // a string that may have a backslash
	escapedKey          bool
	large               bool // its members are kept by name
}

// An arena is a growing list of nodes that stay where they are: chunks of the
// same size, but for the last.
type arena struct {
	chunks [][]node
	count  int32
}

const chunk = 256

func (a *arena) node(i int32) *node { return &a.chunks[uint32(i)/chunk][uint32(i)%chunk] }

// add puts a node at the end.
func (a *arena) add(n node) int32 {
	i := a.count
	if int(i/chunk) == len(a.chunks) {
		a.chunks = append(a.chunks, make([]node, 0, chunk))
	}
	last := &a.chunks[i/chunk]
	*last = append(*last, n)
	a.count++
	return i
}

func (t *Template) node(i int32) *node { return t.nodes.node(i) }

// firstChild reads the whole value below i on the first call.
func (t *Template) firstChild(i int32) int32 {
	if !t.node(i).read {
		t.children(i, true)
	}
	return t.node(i).child
}

// shallow reads the members of i and passes over what they hold.
func (t *Template) shallow(i int32) {
	if !t.node(i).read {
		t.children(i, false)
	}
}

// attach puts a node into the arena, behind its last sibling (0: it is the
// first child), and returns its index.
func (t *Template) attach(n node, last int32) int32 {
	c := t.nodes.add(n)
	if last == 0 {
		t.node(n.parent).child = c
	} else {
		t.node(last).next = c
	}
	return c
}

// children puts the members or elements of i into the arena. The text is valid
// JSON, so the scan only has to tell where values begin and end.
func (t *Template) children(i int32, deep bool) {
	t.node(i).read = true
	kind := t.node(i).kind
	if kind != Object && kind != Array {
		return
	}
	s, p, last := t.text, int(t.node(i).start)+1, int32(0)
	for {
		p = skipSpace(s, p)
		if s[p] == '}' || s[p] == ']' {
			t.node(i).end = int32(p + 1)
			return
		}
		n := node{parent: i}
		if kind == Object {
			n.key = int32(p + 1)
			end, escaped := skipString(s, p)
			n.escapedKey = escaped && strings.IndexByte(s[p:end], '\\') >= 0
			p = skipSpace(s, skipSpace(s, end)+1) // past the colon
		}
		n.start, n.kind = int32(p), kindAt(s, p)
		last = t.attach(n, last)
		p = t.value(last, p, deep)
		t.node(last).end = int32(p)
		p = skipSpace(s, p)
		if s[p] == ',' {
			p++
		}
	}
}

// peek returns the text of a member of object i, "" where there is none,
// without putting anything into the arena.
func (t *Template) peek(i int32, name string) string {
	s, p := t.text, int(t.node(i).start)+1
	for {
		if p = skipSpace(s, p); s[p] == '}' {
			return ""
		}
		key := p
		end, escaped := skipString(s, p)
		found := unquote(s[key:end], escaped) == name
		p = skipSpace(s, skipSpace(s, end)+1) // past the colon
		end = skipValue(s, p)
		if found {
			return s[p:end]
		}
		if p = skipSpace(s, end); s[p] == ',' {
			p++
		}
	}
}

// value reads the value of node c, which begins at p, and returns its end.
func (t *Template) value(c int32, p int, deep bool) int {
	switch t.node(c).kind {
	case String:
		end, escaped := skipString(t.text, p)
		t.node(c).escaped, t.node(c).read = escaped, true
		return end
	case Object, Array:
		if !deep {
			return skipValue(t.text, p)
		}
		t.children(c, true)
		return int(t.node(c).end)
	}
	t.node(c).read = true
	return skipValue(t.text, p)
}

func (t *Template) name(i int32) string {
	n := t.node(i)
	if n.key == 0 {
		return ""
	}
	return unquote(t.text[n.key-1:t.stringEnd(int(n.key)-1)], n.escapedKey)
}

func (t *Template) hasName(i int32, name string) bool {
	n := t.node(i)
	if n.escapedKey {
		return t.name(i) == name
	}
	rest := t.text[n.key:]
	return len(rest) > len(name) && rest[len(name)] == '"' && rest[:len(name)] == name
}

func (t *Template) stringEnd(p int) int {
	end, _ := skipString(t.text, p)
	return end
}

func kindAt(s string, p int) Kind { return kindOf(s[p]) }

// kindOf tells the kind of a value by its first byte.
func kindOf(first byte) Kind {
	switch first {
	case '{':
		return Object
	case '[':
		return Array
	case '"':
		return String
	case 't', 'f':
		return Bool
	case 'n':
		return Null
	}
	return Number
}

func skipSpace(s string, p int) int {
	for p < len(s) && (s[p] == ' ' || s[p] == '\n' || s[p] == '\r' || s[p] == '\t') {
		p++
	}
	return p
}

// skipString returns the place behind the string that begins at p, and whether
// it may hold a backslash. Most strings are short; in a long one, quotes are
// searched for, and told from escaped ones by the backslashes before them.
func skipString(s string, p int) (end int, escaped bool) {
	p++
	for near := min(p+32, len(s)); p < near; p++ {
		switch s[p] {
		case '"':
			return p + 1, escaped
		case '\\':
			escaped = true
			p++ // the escaped character can't end the string
		}
	}
	for from := p; ; p++ {
		p += strings.IndexByte(s[p:], '"')
		slashes := p
		for slashes > from && s[slashes-1] == '\\' {
			slashes--
		}
		if (p-slashes)%2 == 0 {
			return p + 1, true
		}
	}
}

func skipValue(s string, p int) int {
	switch s[p] {
	case '"':
		end, _ := skipString(s, p)
		return end
	case '{', '[':
		return skipNested(s, p)
	}
	for p < len(s) && strings.IndexByte(",]} \n\r\t", s[p]) < 0 {
		p++
	}
	return p
}

func skipNested(s string, p int) int {
	depth := 0
	for {
		switch s[p] {
		case '"':
			p, _ = skipString(s, p)
			continue
		case '{', '[':
			depth++
		case '}', ']':
			depth--
			if depth == 0 {
				return p + 1
			}
		}
		p++
	}
}

func unquote(quoted string, escaped bool) string {
	if !escaped || strings.IndexByte(quoted, '\\') < 0 {
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
func AppendQuote[T string | []byte](b []byte, s T) []byte {
	b, _ = jsontext.AppendQuote(b, s) // its error only tells of replaced bytes
	return b
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
			end, _ := skipString(raw, p)
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
