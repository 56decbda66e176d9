package template

import (
	"bytes"
	"errors"
	"io"
	"math/bits"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// A node is one value of a document. Nodes stand in the order of the text, so
// that the first member or element of a value stands right behind it. Offsets
// are bytes of the text; links are indexes of nodes, 0 meaning none.
type node struct {
	start, end   int32
	key          int32 // where the member's name begins, behind its quote
	parent, next int32
	kind         Kind
	marks
}

// marks are what else there is to know of a node.
type marks uint8

const (
	filled     marks = 1 << iota // it has members or elements
	escaped                      // it is a string with a backslash
	escapedKey                   // its name has one
	crowded                      // its members stand in a table
)

// maxNesting is how deep values may lie in one another, as jsontext has it.
const maxNesting = 10_000

// An indexer reads JSON text once: it checks that the text is one value (RFC
// 8259, with UTF-8 that is valid and names that are unique in their object, as
// RFC 7493 wants it) and notes where everything in it lies. It only says that
// something is wrong: where and what is then for jsontext to tell. A place of
// -1 stands for that.
type indexer struct {
	text    string
	nodes   []node
	names   []uint32 // the hashes of the names of the objects that are open
	tables  map[int32]*table
	spelled bool // there is a \u
}

// index reads JSON text; ok is false where it isn't valid.
func index(text string) (x indexer, ok bool) {
	x = indexer{text: text, nodes: newNodes(text)}
	p := x.space(0)
	p = x.value(p, x.add(node{}), maxNesting)
	return x, p >= 0 && x.space(p) == len(text)
}

// fault says what is wrong with text that index has refused.
func fault(src []byte) error {
	d := jsontext.NewDecoder(bytes.NewBuffer(src))
	if _, err := d.ReadValue(); err != nil {
		return err
	}
	if _, err := d.ReadToken(); !errors.Is(err, io.EOF) {
		return errors.New("more than one JSON value")
	}
	return errors.New("no valid JSON")
}

// at returns the byte at p, zero behind the text, which no token has.
func (x *indexer) at(p int) byte {
	if p < len(x.text) {
		return x.text[p]
	}
	return 0
}

func (x *indexer) add(n node) int32 {
	x.nodes = append(x.nodes, n)
	return int32(len(x.nodes) - 1)
}

// space returns the next place that is no white space.
func (x *indexer) space(p int) int {
	for s := x.text; p < len(s) && s[p] <= ' ' && (s[p] == ' ' || s[p] == '\n' || s[p] == '\t' || s[p] == '\r'); {
		p++
	}
	return p
}

// value reads the value of node i, which begins at p, and returns its end.
func (x *indexer) value(p int, i int32, depth int) int {
	n := &x.nodes[i]
	n.start, n.kind = int32(p), kinds[x.at(p)]
	switch n.kind {
	case String:
		end, backslash := x.quoted(p)
		if backslash {
			n.marks |= escaped
		}
		n.end = int32(end)
		return end
	case Object, Array:
		if depth == 0 {
			return -1
		}
		if n.kind == Object {
			p = x.object(p, i, depth-1)
		} else {
			p = x.array(p, i, depth-1)
		}
	case Number:
		p = x.number(p)
	case Bool, Null:
		p = x.word(p)
	default:
		return -1
	}
	x.nodes[i].end = int32(p)
	return p
}

// kinds tells the kind of a value by its first byte.
var kinds = [256]Kind{'{': Object, '[': Array, '"': String, 't': Bool, 'f': Bool, 'n': Null, '-': Number,
	'0': Number, '1': Number, '2': Number, '3': Number, '4': Number, '5': Number, '6': Number, '7': Number, '8': Number, '9': Number}

// object reads the members of node i.
func (x *indexer) object(p int, i int32, depth int) int {
	if p = x.space(p + 1); x.at(p) == '}' {
		return p + 1
	}
	x.nodes[i].marks |= filled
	open := len(x.names)
	var many *table
	for last := int32(0); ; {
		if x.at(p) != '"' {
			return -1
		}
		key := p
		end, backslash := x.quoted(p)
		if end < 0 {
			return -1
		}
		if p = x.space(end); x.at(p) != ':' {
			return -1
		}
		n := node{key: int32(key + 1), parent: i}
		if backslash {
			n.marks = escapedKey
		}
		c := x.add(n)
		if last != 0 {
			x.nodes[last].next = c
		}
		last = c
		if !x.unique(&many, i, c, open, hashOf(unquote(x.text[key:end], backslash))) {
			return -1
		}
		if p = x.value(x.space(p+1), c, depth); p < 0 {
			return -1
		}
		switch p = x.space(p); x.at(p) {
		case ',':
			p = x.space(p + 1)
		case '}':
			x.names = x.names[:open]
			return p + 1
		default:
			return -1
		}
	}
}

// array reads the elements of node i.
func (x *indexer) array(p int, i int32, depth int) int {
	if p = x.space(p + 1); x.at(p) == ']' {
		return p + 1
	}
	x.nodes[i].marks |= filled
	for last := int32(0); ; {
		c := x.add(node{parent: i})
		if last != 0 {
			x.nodes[last].next = c
		}
		last = c
		if p = x.value(p, c, depth); p < 0 {
			return -1
		}
		switch p = x.space(p); x.at(p) {
		case ',':
			p = x.space(p + 1)
		case ']':
			return p + 1
		default:
			return -1
		}
	}
}

// unique reports whether no earlier member of object i, whose names' hashes
// begin at open, has the name of member c.
func (x *indexer) unique(many **table, i, c int32, open int, hash uint32) bool {
	if *many != nil {
		return (*many).insert(x, hash, c)
	}
	for _, h := range x.names[open:] {
		if h == hash && x.repeats(i, c) {
			return false
		}
	}
	if x.names = append(x.names, hash); len(x.names)-open > fewNames {
		*many = x.crowd(i, x.names[open:])
		x.names = x.names[:open]
	}
	return true
}

// repeats reports whether an earlier member of object i has the name of c.
func (x *indexer) repeats(i, c int32) bool {
	name := nameIn(x.text, &x.nodes[c])
	for m := i + 1; m != c; m = x.nodes[m].next {
		if nameIn(x.text, &x.nodes[m]) == name {
			return true
		}
	}
	return false
}

// ordinary counts, of eight bytes, those before the first quote, backslash,
// control character or byte beyond ASCII: its bit is the lowest that is set.
func ordinary(b uint64) int {
	const (
		ones  = 0x0101010101010101
		highs = 0x80 * ones
	)
	quote, slash := b^'"'*ones, b^'\\'*ones
	return bits.TrailingZeros64(((quote-ones)&^quote|(slash-ones)&^slash|(b-' '*ones)|b)&highs) / 8
}

// quoted returns the place behind the string that begins at p, and whether it
// has a backslash.
func (x *indexer) quoted(p int) (end int, backslash bool) {
	s := x.text
	for p++; ; {
		n := ordinary(load(s, p)) // behind the text there is none
		p += n
		if n == 8 {
			continue
		}
		switch c := x.at(p); {
		case c == '"':
			return p + 1, backslash
		case c == '\\':
			n := x.escape(p)
			if n == 0 {
				return -1, false
			}
			backslash = true
			p += n
		case c < utf8.RuneSelf:
			return -1, false
		default:
			r, n := utf8.DecodeRuneInString(s[p:])
			if r == utf8.RuneError && n == 1 {
				return -1, false
			}
			p += n
		}
	}
}

// load returns eight bytes, the first one lowest; behind the text they are zero.
func load(s string, p int) (b uint64) {
	if p+8 > len(s) {
		for i := len(s) - 1; i >= p; i-- {
			b = b<<8 | uint64(s[i])
		}
		return b
	}
	s = s[p : p+8]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

// escape returns the length of the escape sequence at p, 0 where it is none.
func (x *indexer) escape(p int) int {
	switch x.at(p + 1) {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return 2
	case 'u':
		x.spelled = true
		switch high := x.hex4(p + 2); {
		case high < 0, high >= 0xdc00 && high < 0xe000:
			return 0
		case high < 0xd800 || high >= 0xe000:
			return 6
		}
		// the first half of a surrogate pair
		if low := x.hex4(p + 8); x.at(p+6) == '\\' && x.at(p+7) == 'u' && low >= 0xdc00 && low < 0xe000 {
			return 12
		}
	}
	return 0
}

// hex4 is the number that four hexadecimal digits stand for, -1 where they
// aren't.
func (x *indexer) hex4(p int) (n int) {
	for i := range 4 {
		switch c := x.at(p + i); {
		case '0' <= c && c <= '9':
			n = n<<4 | int(c-'0')
		case 'a' <= c|0x20 && c|0x20 <= 'f':
			n = n<<4 | int(c|0x20-'a'+10)
		default:
			return -1
		}
	}
	return n
}

// number returns the end of the number at p.
func (x *indexer) number(p int) int {
	if x.at(p) == '-' {
		p++
	}
	if x.at(p) == '0' {
		p++
	} else if p = x.digits(p); p < 0 {
		return -1
	}
	if x.at(p) == '.' {
		if p = x.digits(p + 1); p < 0 {
			return -1
		}
	}
	if x.at(p)|0x20 == 'e' {
		if p++; x.at(p) == '+' || x.at(p) == '-' {
			p++
		}
		return x.digits(p)
	}
	return p
}

// digits returns the end of one or more digits.
func (x *indexer) digits(p int) int {
	start := p
	for x.at(p) >= '0' && x.at(p) <= '9' {
		p++
	}
	if p == start {
		return -1
	}
	return p
}

// word returns the end of true, false or null.
func (x *indexer) word(p int) int {
	for _, w := range [...]string{"true", "false", "null"} {
		if strings.HasPrefix(x.text[p:], w) {
			return p + len(w)
		}
	}
	return -1
}
