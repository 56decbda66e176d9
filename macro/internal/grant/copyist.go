package grant

import (
	"bytes"

	"github.com/grantinvoke/grantinvoke/macro/internal/caller"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// A copyist writes permissions, one after the other. Most neighbours differ in
// nothing but their function, what stands behind the API's id, and their
// routes: all else is copied from the one before.
type copyist struct {
	d        *decider
	last     *want          // nil: there is none that could be copied
	function *caller.Target // of the last permission
	retain   bool           // function and API of function outlive the stack
	pieces   [4][]byte      // of its text, around the function, what stands behind the API's id, and the metadata
}

// append appends the resource that grants a want.
func (c *copyist) append(b []byte, w *want) []byte {
	tail, verbatim := w.tail.Verbatim()
	if !verbatim || !c.isLike(w) {
		return c.write(b, w)
	}
	b = w.call.Target.Name.AppendJSON(append(b, c.pieces[0]...))
	b = append(append(append(b, c.pieces[1]...), tail...), c.pieces[2]...)
	return append(c.d.appendMetadata(b, w), c.pieces[3]...)
}

// isLike reports whether the permission for w is like the last one.
func (c *copyist) isLike(w *want) bool {
	if c.last == nil || w.call.Source.Form == caller.Full || c.last.call.API != w.call.API || c.last.condition != w.condition || c.last.sourceAccount != w.sourceAccount {
		return false
	}
	if t := w.call.Target; t != c.function {
		if len(t.DependsOn)+len(c.function.DependsOn) > 0 || c.d.retained(w) != c.retain {
			return false
		}
		c.function = t
	}
	return true
}

// write appends the resource and remembers where its parts are.
func (c *copyist) write(b []byte, w *want) []byte {
	c.last, c.function, c.retain = nil, w.call.Target, c.d.retained(w)
	full := w.call.Source.Form == caller.Full
	x := permissionShape{account: w.sourceAccount, depends: len(c.function.DependsOn) > 0, condition: w.condition != "", retain: c.retain,
		source: !full || len(w.tail) > 0, access: w.call.Access}
	var function, source, metadata struct{ start, end int }
	start := len(b)
	b = x.shape().append(b, func(b []byte, name string) []byte {
		at := len(b)
		switch name {
		case "function":
			b = c.function.Name.AppendJSON(b)
			function.start, function.end = at, len(b)
		case "source":
			b = appendSource(b, w)
			source.start, source.end = at, len(b)
		case "principal":
			b = template.AppendQuote(b, w.call.Principal)
		case "account":
			b = append(b, `{"Ref":"AWS::AccountId"}`...)
		case "depends":
			b = appendWords(b, c.function.DependsOn)
		case "condition":
			b = template.AppendQuote(b, w.condition)
		default:
			b = c.d.appendMetadata(b, w)
			metadata.start, metadata.end = at, len(b)
		}
		return b
	})
	if tail, verbatim := w.tail.Verbatim(); verbatim && !full && bytes.HasPrefix(b[source.start:], []byte(`{"Fn::Sub":"`)) { // no variables
		c.last = w
		behind := source.end - len(`"}`)
		c.pieces = [4][]byte{b[start:function.start], b[function.end : behind-len(tail)], b[behind:metadata.start], b[metadata.end:]}
	}
	return b
}
