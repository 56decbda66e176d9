package template_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// A writer makes random JSON text.
type writer struct {
	*rand.Rand
	b strings.Builder
}

func randomJSON(seed uint64) []byte {
	w := &writer{Rand: rand.New(rand.NewPCG(seed, 1))}
	w.space()
	w.value(0)
	w.space()
	return []byte(w.b.String())
}

func (w *writer) space() {
	for w.IntN(3) == 0 {
		w.b.WriteByte(" \n\r\t"[w.IntN(4)])
	}
}

func (w *writer) value(depth int) {
	n := w.IntN(8)
	if depth > 6 {
		n = w.IntN(5)
	}
	switch n {
	case 0, 1:
		w.str()
	case 2:
		w.number()
	case 3:
		w.b.WriteString([]string{"true", "false"}[w.IntN(2)])
	case 4:
		w.b.WriteString("null")
	case 5:
		w.list('[', ']', func(int) { w.value(depth + 1) })
	default:
		w.list('{', '}', func(i int) {
			w.name(i)
			w.space()
			w.b.WriteByte(':')
			w.space()
			w.value(depth + 1)
		})
	}
}

func (w *writer) list(begin, end byte, element func(int)) {
	w.b.WriteByte(begin)
	w.space()
	for i := range w.IntN(5) {
		if i > 0 {
			w.b.WriteByte(',')
			w.space()
		}
		element(i)
		w.space()
	}
	w.b.WriteByte(end)
}

// name writes the i-th name of an object, different from those before it. The
// first letter decides between names that CloudFormation knows and odd ones.
func (w *writer) name(i int) {
	known := []string{"Resources", "Type", "Properties", "Fn::If", "Ref"}
	if w.IntN(2) == 0 {
		w.b.WriteString(`"` + known[i%len(known)] + `"`)
		return
	}
	fmt.Fprintf(&w.b, `"%d`, i)
	w.chars()
	w.b.WriteByte('"')
}

func (w *writer) str() {
	w.b.WriteByte('"')
	w.chars()
	w.b.WriteByte('"')
}

func (w *writer) chars() {
	pieces := []string{"a", "}", "{", "]", ",", ":", `\"`, `\\`, `\/`, `\n`, `\u0041`, `\u0000`, `\u2028`, `\ud83d\ude00`, "é", "😀", " ", "~", "/", "~1",
		strings.Repeat("long", 12), "\u007f"}
	for w.IntN(4) > 0 {
		w.b.WriteString(pieces[w.IntN(len(pieces))])
	}
}

func (w *writer) number() {
	numbers := []string{"0", "-0", "1", "-1.5", "2.0", "1e5", "1E+05", "-0.1e-7", "12345678901234567890", "9007199254740993", "1" + strings.Repeat("0", 400)}
	w.b.WriteString(numbers[w.IntN(len(numbers))])
}
