package source

import "github.com/go-json-experiment/json/jsontext"

// An encoder writes values as compact JSON, and sets where each of them is in it.
type encoder struct{ out []byte }

func (e *encoder) value(n *node) {
	n.body.from = len(e.out)
	if !isContainer(n.kind) {
		e.out = append(e.out, n.raw...)
		n.body.to = len(e.out)
		return
	}
	e.out = append(e.out, byte(n.kind))
	for i, child := range n.children {
		if i > 0 {
			e.out = append(e.out, ',')
		}
		if n.kind == object {
			child.key.from = len(e.out)
			e.out = append(e.out, quote(child.name)...)
			child.key.to = len(e.out)
			e.out = append(e.out, ':')
		}
		e.value(child)
	}
	e.out = append(e.out, closing(n.kind))
	n.body.to = len(e.out)
}

func closing(k jsontext.Kind) byte {
	if k == array {
		return ']'
	}
	return '}'
}
