package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantinvoke/grantinvoke/macro/internal/expand"
	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/report"
	"github.com/grantinvoke/grantinvoke/macro/internal/source"
	"github.com/grantinvoke/grantinvoke/macro/internal/transform"
)

// A subject is one template, with all that is found out about it.
type subject struct {
	input
	file       *source.File // nil where it can't be read
	data       []byte
	localFiles *localFiles    // the files that it names
	expanded   *expand.Result // what CloudFormation makes of it before the macro sees it
	names      []string       // of its parameters
	mentions   []mention      // where it names the macro
	named      string         // the macro's name
	after      []byte         // what the macro returns
	report     report.Template
	skipped    bool  // no template at all
	err        error // why there is no result
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

// study reads a template and decides on its calls. A panic becomes the template's
// error, so that the others are still reported.
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
	if in.found && !looksLikeTemplate(source.Text(data)) {
		out.skipped = true
		return out
	}
	out.data = data
	if out.file, err = source.Read(in.name, data); err != nil {
		var wrong *source.Error
		if in.found && errors.As(err, &wrong) && wrong.Other {
			out.skipped = true
			return out
		}
		if why := foreign(in.name, nil); why != nil {
			out.fail(why, false)
		} else {
			out.fail(unreadable(err), false)
		}
		return out
	}
	src := out.file.JSON()
	if !isTemplate(src, in.found) {
		if out.skipped = in.found; !in.found {
			out.fail(foreign(in.name, src), false)
		}
		return out
	}
	s.decide(ctx, out, src, installed)
	return out
}

// decide lets the macro decide on a template that was read.
func (s *settings) decide(ctx context.Context, out *subject, src []byte, installed bool) {
	out.mentions, out.named = mentions(src, s.macro), s.macro
	var values map[string]string
	values, out.names = s.parameters(src, out.given)
	h, err := s.configure(out.mentions, values)
	if err != nil {
		out.fail(err, true)
		return
	}
	if err := s.expand(out, src, values); err != nil {
		out.fail(&exit{exitUnreadable, out.name + ": " + err.Error(), ""}, false)
		return
	}
	src = out.expanded.JSON
	if localDefinition(src) {
		h.Documents = transform.Local(out.localFiles.loader, func(_, key string) string { return out.localFiles.assets.file(key) })
	}
	after, result, err := h.Transform(ctx, transform.Event{Region: s.region, AccountID: s.account, Partition: s.partition, Fragment: src, Parameters: values, Settled: s.settled})
	if result == nil {
		out.fail(err, true)
		return
	}
	out.err, out.after = err, after
	out.report = report.New(out.name, result, err, installed || out.macro(), out.place, out.readings()...)
}

// expand does what CloudFormation does before the macro runs.
func (s *settings) expand(out *subject, src []byte, values map[string]string) (err error) {
	out.localFiles = newLocalFiles(out.name)
	out.expanded, err = expand.Expand(expand.Input{JSON: src, Macro: s.macro, Parameters: values,
		Region: s.region, Account: s.account, Partition: s.partition, Read: out.localFiles.snippet})
	return err
}

// readings returns the findings about how the files became the template that the
// macro sees.
func (s *subject) readings() (out []report.Finding) {
	tell := func(f finding.Finding, at expand.Place, fails bool) {
		out = append(out, report.Finding{Finding: f, Place: s.written(at), Fails: fails})
	}
	if at, name, ok := nearName(s.file.JSON(), s.named); ok && len(s.mentions) == 0 {
		tell(finding.Finding{Reason: report.MacroName, At: at, Detail: name, Hint: finding.Meant(name, []string{s.named}, "")}, expand.Place{At: at}, false)
	}
	for _, w := range s.file.Warnings() {
		tell(finding.Finding{Reason: report.Twice, At: w.At, Detail: fmt.Sprintf("line %d has it too", w.First)}, expand.Place{At: w.At}, false)
	}
	for _, p := range s.expanded.Problems {
		reason := report.Unseen
		if p.Fault {
			reason = report.Refused
		}
		tell(finding.Finding{Reason: reason, At: p.At, Detail: p.What, Hint: p.Hint}, p.Place, s.hides(p.Place))
	}
	return out
}

// hides reports whether there may be calls, or something that allows calls, at a
// place that isn't expanded: as a resource, or in a resource of a type that matters.
// It is false for loops, which the engine reads unexpanded.
func (s *subject) hides(at expand.Place) bool {
	section, rest, _ := strings.Cut(strings.TrimPrefix(string(at.At), "/"), "/")
	id, _, _ := strings.Cut(rest, "/")
	switch {
	case at.Location != "", section == "Transform":
		return true
	case section != "Resources", strings.HasPrefix(id, "Fn::ForEach::"):
		return false
	}
	for _, aside := range []string{"/Metadata/", "/Properties/Tags/", "/Properties/Description/"} {
		if strings.HasPrefix(strings.TrimPrefix(rest, id), aside) {
			return false
		}
	}
	typ, ok := s.file.Text(jsontext.Pointer("/Resources/" + id + "/Type"))
	return !ok || transform.Concerns(typ)
}

// fail makes an error the result; macroToo says that the macro itself would fail with
// it.
func (s *subject) fail(err error, macroToo bool) {
	s.err = err
	place := s.place
	switch {
	case s.file == nil:
		place = nil
	case s.expanded == nil:
		place = func(p jsontext.Pointer) report.Place { return s.written(expand.Place{At: p}) }
	}
	s.report = report.Failure(s.name, err, macroToo, place)
}

// failure returns the error of a subcommand that needs what the macro returns.
func (s *subject) failure() error {
	if s.err != nil && s.report.Failed() {
		return &exit{status: exitFindings, message: s.name + ": " + s.err.Error()}
	}
	return s.err
}

// isTemplate reports whether a JSON text is a template. A file that was found must
// have resources.
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
