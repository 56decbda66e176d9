package template

import (
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/jsonindex"
)

// PartKind tells what a [Part] of a text is.
type PartKind uint8

// The kinds of parts.
const (
	Lit    PartKind = iota // Text is literal text, "${" in it having no meaning for CloudFormation
	Ref                    // Text is a logical id, parameter or pseudo parameter
	Att                    // Text is "LogicalId.Attribute"
	Opaque                 // Text is the compact JSON of an expression whose value can't be known here
)

// A Part is one piece of a text.
type Part struct {
	Kind PartKind
	Text string
	// Expr is the expression that the part came from where it isn't plain
	// text: an opaque part, or a literal looked up in Mappings. Written back,
	// the expression stays and its value is not resolved.
	Expr Value
}

// A Text is a string-valued expression, flattened: the parts that Fn::Sub, Fn::Join
// and the like join, with references for what only CloudFormation knows. No two plain
// literals are next to one another. The zero Text is "". Texts share memory: they must not
// be changed, except by [Text.Extend].
type Text []Part

// A Variant is one value that an expression may have.
type Variant struct {
	When   Guard // when it has this value
	Text   Text
	Absent bool // it is AWS::NoValue, null, or not there
}

// Literal returns plain text.
func Literal(s string) Text {
	if s == "" {
		return nil
	}
	return Text{{Kind: Lit, Text: s}}
}

// RefTo returns the text {"Ref": name}.
func RefTo(name string) Text { return Text{{Kind: Ref, Text: name}} }

// AttOf returns the text {"Fn::GetAtt": [id, attribute]}.
func AttOf(id, attribute string) Text { return Text{{Kind: Att, Text: id + "." + attribute}} }

// ID returns the logical id in a reference, or the name of a parameter.
func (p Part) ID() string {
	id, _, _ := strings.Cut(p.Text, ".")
	return id
}

// Or returns the text, or the other where it is empty.
func (x Text) Or(other Text) Text {
	if len(x) > 0 {
		return x
	}
	return other
}

// Plain returns the text where it is literal as a whole.
func (x Text) Plain() (string, bool) {
	switch len(x) {
	case 0:
		return "", true
	case 1:
		return x[0].Text, x[0].Kind == Lit
	}
	var b strings.Builder
	for _, p := range x {
		if p.Kind != Lit {
			return "", false
		}
		b.WriteString(p.Text)
	}
	return b.String(), true
}

// Verbatim returns the text where it is literal and needs no escapes in the string of
// an Fn::Sub.
func (x Text) Verbatim() (string, bool) {
	if len(x) != 1 || x[0].Kind != Lit || x[0].Expr.Exists() || !jsonindex.IsPlain(x[0].Text) || strings.Contains(x[0].Text, "${") {
		return "", false
	}
	return x[0].Text, true
}

// Single returns the part where the text is one part that isn't plain text.
func (x Text) Single() (Part, bool) {
	if len(x) != 1 || x[0].Kind == Lit {
		return Part{}, false
	}
	return x[0], true
}

// Key returns a text that is the same for texts with equal parts: literals as they
// are, everything else as one symbol between the control characters U+0001 and
// U+0002, which are replaced in literals.
func (x Text) Key() string {
	if s, ok := x.Plain(); ok {
		return clean(s)
	}
	var text [256]byte
	return string(x.AppendKey(text[:0]))
}

// AppendKey appends the text's key.
func (x Text) AppendKey(b []byte) []byte {
	for _, p := range x {
		switch p.Kind {
		case Lit:
			b = append(b, clean(p.Text)...)
		case Opaque:
			b = append(append(append(b, "\x01="...), clean(p.Text)...), '\x02')
		default:
			b = append(append(append(b, '\x01'), clean(p.Text)...), '\x02')
		}
	}
	return b
}

func clean(s string) string {
	if strings.IndexByte(s, 1) < 0 && strings.IndexByte(s, 2) < 0 {
		return s
	}
	return strings.NewReplacer("\x01", "\ufffd", "\x02", "\ufffd").Replace(s)
}

// String returns the text as people read it, in the manner of Fn::Sub.
func (x Text) String() string {
	if s, ok := x.Plain(); ok {
		return s
	}
	var b strings.Builder
	for _, p := range x {
		if p.Kind == Lit {
			b.WriteString(p.Text)
		} else {
			b.WriteString("${" + p.Text + "}")
		}
	}
	return b.String()
}

// Join returns one text of several, one after the other.
func Join(texts ...Text) Text {
	n := 0
	for _, x := range texts {
		n += len(x)
	}
	if n == 0 {
		return nil
	}
	return make(Text, 0, n).Extend(texts...)
}

// Extend appends texts to x, as append does: x must not be used by anybody else. Only the
// first part of a text can join the end of x: within one, as in every Text, no two plain
// literals are neighbours.
func (x Text) Extend(texts ...Text) Text {
	for _, t := range texts {
		if len(t) > 0 {
			x = append(x.append(t[0]), t[1:]...)
		}
	}
	return x
}

func (x Text) append(p Part) Text {
	if n := len(x); n > 0 && p.Kind == Lit && x[n-1].Kind == Lit && !p.Expr.Exists() && !x[n-1].Expr.Exists() {
		x[n-1].Text += p.Text
		return x
	}
	if p.Kind == Lit && p.Text == "" {
		return x
	}
	return append(x, p)
}

// Names yields the logical ids, parameters and pseudo parameters that the text refers
// to, in order, also in opaque parts.
func (x Text) Names(yield func(string) bool) {
	for _, p := range x {
		switch {
		case p.Kind == Ref:
			if !yield(p.Text) {
				return
			}
		case p.Kind == Att:
			id, _, _ := strings.Cut(p.Text, ".")
			if !yield(id) {
				return
			}
		case p.Expr.Exists():
			for name := range p.Expr.References() {
				if !yield(name.ID) {
					return
				}
			}
		}
	}
}
