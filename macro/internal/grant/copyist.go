package grant

import (
	"bytes"

	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// A copyist writes permissions, one after the other. Most neighbours differ in
// nothing but what stands behind the API's id and in their routes: all else is
// copied from the one before.
type copyist struct {
	d                 *decider
	last              *want  // nil: there is none that could be copied
	head, middle, end []byte // of its text, around what stands behind the API's id and around the metadata
}

// appendPermission appends the resource that grants a want.
func (d *decider) appendPermission(b []byte, w *want) []byte {
	c := copyist{d: d}
	return c.append(b, w)
}

// append appends the resource that grants a want.
func (c *copyist) append(b []byte, w *want) []byte {
	tail, verbatim := w.tail.Verbatim()
	if !verbatim || !c.last.alike(w) {
		return c.write(b, w)
	}
	b = append(append(append(b, c.head...), tail...), c.middle...)
	return append(c.d.appendMetadata(b, w), c.end...)
}

// alike reports whether the permissions for both are the same but for their
// sources and routes.
func (w *want) alike(x *want) bool {
	return w != nil && w.call.Target == x.call.Target && w.call.API == x.call.API &&
		w.condition == x.condition && w.sourceAccount == x.sourceAccount
}

// write appends the resource and remembers where its parts are.
func (c *copyist) write(b []byte, w *want) []byte {
	target, start := w.call.Target, len(b)
	var source, behind, metadata, rest int
	x := permissionShape{account: w.sourceAccount, depends: len(target.DependsOn) > 0, condition: w.condition != "", retain: c.d.retained(w)}
	b = x.shape().append(b, func(b []byte, name string) []byte {
		switch name {
		case "function":
			return target.Name.AppendJSON(b)
		case "source":
			source = len(b)
			b = appendSource(b, w.call.API, w.tail)
			behind = len(b) - len(`"}`)
			return b
		case "account":
			return append(b, `{"Ref":"AWS::AccountId"}`...)
		case "depends":
			return appendWords(b, target.DependsOn)
		case "condition":
			return template.AppendQuote(b, w.condition)
		}
		metadata = len(b)
		b = c.d.appendMetadata(b, w)
		rest = len(b)
		return b
	})
	c.last = nil
	if tail, verbatim := w.tail.Verbatim(); verbatim && bytes.HasPrefix(b[source:], []byte(`{"Fn::Sub":"`)) { // no variables
		c.last = w
		c.head, c.middle, c.end = b[start:behind-len(tail)], b[behind:metadata], b[rest:]
	}
	return b
}
