package definition

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

const (
	maxDepth = 500     // levels of nesting; a real definition has some 20
	maxYAML  = 2 << 20 // bytes; a YAML list of single letters takes 80 times its size in memory
)

// decode returns a document's bytes, JSON or YAML, as a JSON object, and checks
// that it is of the kind asked for.
func (l *Loader) decode(ctx context.Context, req request, data []byte, kind Kind, left *budget) Result {
	r := l.parse(ctx, req, data, kind, left)
	if r.Err != nil && r.Err.Reason == NotDefinition && !looksLikeDefinition().Match(data) {
		r.Err.Detail = withoutNames(r.Err.Detail)
	}
	return r
}

// parse is decode, except that its errors may hold names of the document.
func (l *Loader) parse(ctx context.Context, req request, data []byte, kind Kind, left *budget) Result {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	found, err := scan(ctx, data, left)
	var e *Error
	switch {
	case err == nil, ctx.Err() != nil, errors.As(err, &e) && e.Reason == TooLarge:
	case int64(len(data)) <= min(l.opt.MaxBytes, maxYAML):
		l.yaml.Lock()
		defer l.yaml.Unlock()
		if data, err = fromYAML(ctx, data, kind, left); err == nil {
			found, err = scan(ctx, data, left)
		}
	case !beginsObject(data):
		return Result{Err: &Error{Reason: TooLarge, Detail: fmt.Sprintf("is not JSON, and has more than the %d bytes that YAML may have", maxYAML),
			Hint: "give it as JSON"}}
	}
	switch {
	case ctx.Err() != nil:
		return Result{Err: timedOut(req)}
	case errors.As(err, &e):
		return Result{Err: e}
	case err != nil:
		return Result{Err: &Error{Reason: NotDefinition, Detail: "is not valid: " + withLine(data, err), cause: err}}
	case !found.object:
		return Result{Err: &Error{Reason: NotDefinition, Detail: "holds no object"}}
	case kind == Definition && !found.definition:
		return Result{Err: &Error{Reason: NotDefinition, Detail: "is no API definition, it has neither openapi nor swagger nor paths",
			Hint: "name an OpenAPI 3 or Swagger 2 document"}}
	}
	return Result{JSON: data}
}

func beginsObject(data []byte) bool {
	data = bytes.TrimLeft(data, " \t\r\n")
	return len(data) > 0 && data[0] == '{'
}

// An outline is what scan learns about a JSON text.
type outline struct{ object, definition bool }

// tokensPerCheck is how many tokens scan reads between two looks at the budget
// and the context.
const tokensPerCheck = 1024

// scan checks a JSON text: it must be one value, in UTF-8, without a name twice in
// one object, at most maxDepth levels deep. It ends when ctx does.
func scan(ctx context.Context, data []byte, left *budget) (outline, error) {
	var o outline
	d := jsontext.NewDecoder(bytes.NewBuffer(data))
	o.object = d.PeekKind() == '{'
	member := ""
	for n := 1; ; n++ {
		if n%tokensPerCheck == 0 {
			if err := left.spendJSON(tokensPerCheck); err != nil {
				return o, err
			}
			if ctx.Err() != nil {
				return o, ctx.Err()
			}
		}
		t, err := d.ReadToken()
		if err != nil {
			return o, err
		}
		switch depth := d.StackDepth(); {
		case depth > maxDepth:
			return o, tooDeep()
		case depth == 0:
			if _, err := d.ReadToken(); !errors.Is(err, io.EOF) {
				return o, &Error{Reason: NotDefinition, Detail: "has more than one value"}
			}
			return o, nil
		case depth == 1 && o.object:
			switch _, n := d.StackIndex(1); {
			case n%2 == 1:
				member = t.String()
			case member == "openapi" || member == "swagger":
				o.definition = o.definition || t.Kind() == '"' || t.Kind() == '0'
			}
		case depth == 2 && o.object:
			o.definition = o.definition || member == "paths" && t.Kind() == '{'
		}
	}
}

func tooDeep() *Error {
	return &Error{Reason: NotDefinition, Detail: fmt.Sprintf("is nested deeper than %d levels", maxDepth)}
}

// withLine is a parser's error with the line instead of the offset.
func withLine(data []byte, err error) string {
	var s *jsontext.SyntacticError
	if !errors.As(err, &s) || s.ByteOffset < 0 || s.ByteOffset > int64(len(data)) {
		return oneLine(err.Error())
	}
	line := 1 + bytes.Count(data[:s.ByteOffset], []byte("\n"))
	why := "not JSON"
	if s.Err != nil {
		why = s.Err.Error()
	}
	return oneLine(fmt.Sprintf("line %d: %s", line, why))
}

// oneLine makes a parser's message short and printable: it may repeat a name of
// the document.
func oneLine(s string) string {
	s = strings.TrimPrefix(strings.TrimPrefix(s, "jsontext: "), "yaml: ")
	s = strings.Map(func(r rune) rune {
		if !printable(string(r)) {
			return ' '
		}
		return r
	}, s)
	if r := []rune(s); len(r) > 200 {
		s = string(r[:200]) + "..."
	}
	return s
}
