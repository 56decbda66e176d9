package main

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantinvoke/grantinvoke/macro/internal/expand"
	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/source"
)

// granted returns the author's text with what the macro adds; forGood leaves out the
// report of this run. An edit of something that an expansion has made is an error:
// the text doesn't have it. The result is expanded again, and must then be what the
// macro returns.
func (s *settings) granted(x *subject, forGood bool) ([]byte, error) {
	all, want := x.report.Result.Edits, x.after
	if lasting := x.report.Result.Lasting(); forGood && len(lasting) < len(all) {
		seen, err := source.Read(x.name+".json", x.expanded.JSON)
		if err != nil {
			return nil, err
		}
		if want, err = seen.Apply(lasting); err != nil {
			return nil, err
		}
		all = lasting
	}
	edits, err := x.expanded.Edits(all)
	var made *expand.Made
	if errors.As(err, &made) {
		at := x.written(made.At)
		return nil, finding.Errorf(fmt.Sprintf("%s:%d:%d: %s", at.File, at.Line, at.Column, finding.Place(made.Edited)),
			"leave the macro in the template, or write out what is made there", "the macro changes what CloudFormation makes of a loop or an include, which has no text of its own")
	}
	if err != nil {
		return nil, err
	}
	out, err := x.file.Apply(edits)
	if err != nil || !x.expanded.Changed() {
		return out, err
	}
	return out, s.sameMeaning(x, out, want)
}

// sameMeaning returns an error where a text, once it is expanded, isn't the template
// that means is.
func (s *settings) sameMeaning(x *subject, text, means []byte) error {
	file, err := source.Read(x.name, text)
	if err != nil {
		return err
	}
	again := &subject{input: x.input, file: file}
	values, _ := s.parameters(file.JSON(), x.given)
	if err := s.expand(again, file.JSON(), values); err != nil {
		return err
	}
	want, got := jsontext.Value(bytes.Clone(means)), jsontext.Value(bytes.Clone(again.expanded.JSON))
	if want.Canonicalize() != nil || got.Canonicalize() != nil || !bytes.Equal(want, got) {
		return finding.Errorf(x.name, "leave the macro in the template", "what the macro adds can't be written into the text without a change of its meaning")
	}
	return nil
}
