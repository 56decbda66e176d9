package main

import (
	"context"
	"fmt"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantinvoke/grantinvoke/macro/internal/report"
	"github.com/grantinvoke/grantinvoke/macro/internal/source"
	"github.com/grantinvoke/grantinvoke/macro/internal/transform"
)

// A subject is one template, read and decided.
type subject struct {
	input
	file     *source.File // nil where it can't be read
	data     []byte
	names    []string  // of its parameters
	mentions []mention // where it names the macro
	report   report.Template
	skipped  bool  // no template at all
	err      error // why there is no result
}

// macro reports whether the template as a whole names the macro.
func (s *subject) macro() bool {
	for _, m := range s.mentions {
		if !m.inner {
			return true
		}
	}
	return false
}

// study reads a template and decides about it. Nothing that it holds may end
// the program: there are other templates.
func (s *settings) study(ctx context.Context, c Command, in input, installed bool) (out *subject) {
	out = &subject{input: in}
	defer func() {
		if p := recover(); p != nil {
			out.fail(&exit{exitUnreadable, fmt.Sprintf("%s: internal error: %v", in.name, p), "please report it, with the template"}, false)
		}
	}()
	data, err := c.read(in.name)
	if err != nil {
		out.fail(err, false)
		return out
	}
	if in.found && !looksLikeTemplate(data) {
		out.skipped = true
		return out
	}
	out.data = data
	if out.file, err = source.Read(in.name, data); err != nil {
		out.fail(unreadable(err), false)
		return out
	}
	src := out.file.JSON()
	if !isTemplate(src, in.found) {
		if out.skipped = in.found; !in.found {
			out.fail(&exit{exitUnreadable, in.name + ": is no CloudFormation template", "a template has a Resources section"}, false)
		}
		return out
	}
	s.decide(ctx, out, src, installed)
	return out
}

func (s *settings) decide(ctx context.Context, out *subject, src []byte, installed bool) {
	out.mentions = mentions(src, s.macro)
	var values map[string]string
	values, out.names = s.parameters(src)
	h, err := s.configure(out.mentions, values)
	if err != nil {
		out.fail(err, true)
		return
	}
	if localDefinition(src) {
		h.Documents = transform.Local(files(out.name))
	}
	_, result, err := h.Transform(ctx, transform.Event{Region: s.region, AccountID: s.account, Partition: s.partition, Fragment: src, Parameters: values})
	if result == nil {
		out.fail(err, true)
		return
	}
	out.err = err
	out.report = report.New(out.name, result, err, installed || out.macro(), out.place)
}

// place tells where a pointer into the template stands.
func (out *subject) place(p jsontext.Pointer) report.Place {
	at := out.file.Position(p)
	return report.Place{File: out.name, Line: at.Line, Column: at.Column, Text: out.file.Line(at.Line)}
}

// fail keeps an error as the result; macroToo says that the macro itself would
// fail with it.
func (out *subject) fail(err error, macroToo bool) {
	out.err = err
	out.report = report.Failure(out.name, err, macroToo)
}

// failure is the error of a command that needs what the macro returns.
func (s *subject) failure() error {
	if s.err != nil && s.report.Failed() {
		return &exit{status: exitFindings, message: s.name + ": " + s.err.Error()}
	}
	return s.err
}

// isTemplate reports whether the JSON is a template; of a file that nobody
// named, whether it has resources.
func isTemplate(src []byte, found bool) bool {
	root, err := members(src)
	if err != nil {
		return false
	}
	if found {
		resources, err := members(root["Resources"])
		return err == nil && len(resources) > 0
	}
	return root["Resources"] != nil || root["AWSTemplateFormatVersion"] != nil
}
