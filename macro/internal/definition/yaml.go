package definition

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
	"go.yaml.in/yaml/v4"
	"go.yaml.in/yaml/v4/plugin/loaderlimits"
)

// maxExpanded is how many bytes of JSON a document may become by its aliases and
// merge keys: nine lines of them can stand for a billion nodes.
const maxExpanded = 8 << 20

// fromYAML returns one YAML document as compact JSON. A number that JSON can write
// keeps its text; one that it can't (0x1f, 1_000, .5, 007) and a date become
// strings of the same text, since YAML's versions disagree about them. Tags
// other than YAML's own are refused: nothing evaluates them in such a file.
// It ends when ctx does.
func fromYAML(ctx context.Context, src []byte, kind Kind, left *budget) ([]byte, error) {
	if err := left.spendYAML(src); err != nil {
		return nil, err
	}
	var doc yaml.Node
	limits := loaderlimits.New(loaderlimits.DepthFunc(func(depth int, _ *loaderlimits.DepthContext) error {
		if depth > maxDepth {
			return tooDeep()
		}
		return nil
	}))
	// the parser accepts 1.1 only, and would read both in the same way
	if rest, ok := bytes.CutPrefix(src, []byte("%YAML 1.2")); ok {
		src = append([]byte("%YAML 1.1"), rest...)
	}
	load, err := yaml.NewLoader(reader{ctx, bytes.NewReader(src)}, yaml.WithPlugin(limits))
	if err == nil {
		err = load.Load(&doc)
	}
	if err != nil {
		return nil, yamlError(err)
	}
	if err := load.Load(&yaml.Node{}); !errors.Is(err, io.EOF) {
		return nil, yamlError(cmp.Or(err, errSeveral))
	}
	var b bytes.Buffer
	w := writer{ctx: ctx, out: jsontext.NewEncoder(&b), left: maxExpanded, kind: kind}
	if err := w.value(&doc, 0); err != nil {
		return nil, err
	}
	return bytes.TrimSpace(b.Bytes()), nil
}

var errSeveral = errors.New("it has more than one document")

// A reader stops reading when its context ends. The parser reads a few hundred
// bytes at a time.
type reader struct {
	ctx context.Context
	io.Reader
}

func (r reader) Read(b []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.Reader.Read(b)
}

func yamlError(err error) *Error {
	var deep *Error
	if errors.As(err, &deep) {
		return deep
	}
	why := err.Error()
	var l *yaml.LoadError
	switch {
	case errors.As(err, &l) && l.Mark.Line > 0:
		why = fmt.Sprintf("line %d: %s", l.Mark.Line, l.Message)
	case errors.Is(err, io.EOF):
		why = "it is empty"
	}
	return &Error{Reason: NotDefinition, Detail: "is neither JSON nor YAML: " + oneLine(why), cause: err}
}

// A writer writes YAML nodes as JSON.
type writer struct {
	ctx  context.Context
	out  *jsontext.Encoder
	left int // bytes left of maxExpanded
	kind Kind
}

// spend counts a node that is written or merged.
func (w *writer) spend(n *yaml.Node) error {
	if w.left%64 == 0 && w.ctx.Err() != nil {
		return w.ctx.Err()
	}
	if w.left -= len(n.Value) + 1; w.left < 0 || w.out.OutputOffset() > maxExpanded {
		return &Error{Reason: TooLarge, Detail: fmt.Sprintf("has aliases that expand to more than %d bytes", maxExpanded)}
	}
	return nil
}

func (w *writer) value(n *yaml.Node, depth int) error {
	if depth > maxDepth {
		return tooDeep()
	}
	if err := w.spend(n); err != nil {
		return err
	}
	switch n.Kind {
	case yaml.DocumentNode:
		if len(n.Content) != 1 {
			return invalid(n, "it is empty")
		}
		return w.value(n.Content[0], depth)
	case yaml.AliasNode:
		return w.value(n.Alias, depth+1)
	case yaml.MappingNode:
		return w.mapping(n, depth)
	case yaml.SequenceNode:
		return w.sequence(n, depth)
	case yaml.ScalarNode:
		return w.scalar(n)
	}
	return invalid(n, "it is empty")
}

func (w *writer) sequence(n *yaml.Node, depth int) error {
	if tag := n.ShortTag(); tag != "!!seq" {
		return w.unknownTag(n, tag)
	}
	if err := w.out.WriteToken(jsontext.BeginArray); err != nil {
		return err
	}
	for _, item := range n.Content {
		if err := w.value(item, depth+1); err != nil {
			return err
		}
	}
	return w.out.WriteToken(jsontext.EndArray)
}

func (w *writer) mapping(n *yaml.Node, depth int) error {
	entries, err := w.entries(n)
	if err != nil {
		return err
	}
	if err := w.out.WriteToken(jsontext.BeginObject); err != nil {
		return err
	}
	for _, e := range entries {
		if err := w.out.WriteToken(jsontext.String(e.Name)); err != nil {
			return err
		}
		if err := w.value(e.Value, depth+1); err != nil {
			return err
		}
	}
	return w.out.WriteToken(jsontext.EndObject)
}

func (w *writer) scalar(n *yaml.Node) error {
	tag := n.ShortTag()
	switch lower := strings.ToLower(n.Value); {
	case n.Tag == "!": // the tag that makes it text, whatever it looks like
		return w.out.WriteToken(jsontext.String(n.Value))
	case tag == "!!null":
		return w.out.WriteToken(jsontext.Null)
	case tag == "!!bool" && (lower == "true" || lower == "false"):
		return w.out.WriteToken(jsontext.Bool(lower == "true"))
	case (tag == "!!int" || tag == "!!float" || n.Style == 0) && isNumber(n.Value):
		return w.out.WriteValue(jsontext.Value(n.Value))
	}
	switch tag {
	case "!!str", "!!bool", "!!int", "!!float", "!!timestamp", "!!binary", "!!merge":
		return w.out.WriteToken(jsontext.String(n.Value))
	}
	return w.unknownTag(n, tag)
}

func isNumber(s string) bool {
	v := jsontext.Value(s)
	return v.Kind() == '0' && v.IsValid() && strings.TrimSpace(s) == s
}

func (w *writer) unknownTag(n *yaml.Node, tag string) *Error {
	e := invalid(n, "nothing evaluates the tag "+tag+" in this file")
	e.Hint = "write the ARN in full, in which API Gateway fills in ${AWS::Partition}, ${AWS::Region} and ${AWS::AccountId}, or put the definition into Body"
	if w.kind == Snippet {
		e.Hint = "AWS::Include takes long forms alone: Fn::Sub instead of !Sub"
	}
	return e
}

func invalid(n *yaml.Node, why string) *Error {
	return &Error{Reason: NotDefinition, Detail: oneLine(fmt.Sprintf("is not valid: line %d: %s", n.Line, why))}
}
