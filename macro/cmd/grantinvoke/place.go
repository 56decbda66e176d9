package main

import (
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantinvoke/grantinvoke/macro/internal/expand"
	"github.com/grantinvoke/grantinvoke/macro/internal/report"
	"github.com/grantinvoke/grantinvoke/macro/internal/source"
)

// place tells where the value stands that a pointer into the expanded template
// leads to: in the template, in a file that AWS::Include brings, or, behind the
// property that names one, in an API definition.
func (s *subject) place(p jsontext.Pointer) report.Place {
	at := s.written(s.expanded.Place(p))
	at.Construct = s.construct(p)
	return at
}

// written is the line of what the template or a file that it includes has.
func (s *subject) written(at expand.Place) report.Place {
	file, name, inside := s.file, s.name, at.At
	if at.Location != "" {
		file, name = s.shelf.files[at.Location], s.shelf.name(at.Location)
	} else if definition, rest := s.definition(at.At); definition != nil {
		there, _ := s.file.Reach(at.At)
		file, name, inside = definition, s.shelf.name(s.path(there)), rest
	}
	here := file.Position(inside)
	return report.Place{File: name, Line: here.Line, Column: here.Column, Text: file.Line(here.Line)}
}

// definition returns the file that the property names which a pointer leads
// beyond, and the pointer into it.
func (s *subject) definition(p jsontext.Pointer) (*source.File, jsontext.Pointer) {
	there, rest := s.file.Reach(p)
	if rest == "" {
		return nil, ""
	}
	path := s.path(there)
	if path == "" {
		return nil, ""
	}
	f, err := s.shelf.open(path)
	if err != nil {
		return nil, "" // it was read, but not as a template is
	}
	return f, rest
}

// path is the file that the property at p names as the place of an API
// definition, or "".
func (s *subject) path(p jsontext.Pointer) string {
	switch p.LastToken() {
	case "DefinitionUri", "BodyS3Location", "Location":
	default:
		return ""
	}
	if path, ok := s.file.Text(p); ok && !strings.Contains(path, "://") {
		return path
	}
	key, _ := s.file.Text(p + "/Key")
	return s.shelf.assets.file(key)
}

// construct is the path of the CDK's construct that the resource belongs to
// which a pointer leads into, or "".
func (s *subject) construct(p jsontext.Pointer) string {
	section, rest, _ := strings.Cut(strings.TrimPrefix(string(p), "/"), "/")
	id, _, _ := strings.Cut(rest, "/")
	if section != "Resources" || id == "" {
		return ""
	}
	if path, ok := s.file.Text(jsontext.Pointer("/Resources/" + id + "/Metadata/aws:cdk:path")); ok {
		return path
	}
	return s.shelf.assets.construct(s.name, id)
}
