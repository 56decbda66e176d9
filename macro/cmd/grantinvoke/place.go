package main

import (
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantinvoke/grantinvoke/macro/internal/expand"
	"github.com/grantinvoke/grantinvoke/macro/internal/report"
	"github.com/grantinvoke/grantinvoke/macro/internal/source"
)

// place returns where the value at a pointer into the expanded template is written:
// in the template, in a file that AWS::Include names, or, where the pointer leads into
// the property that names one, in an API definition.
func (s *subject) place(p jsontext.Pointer) report.Place {
	at := s.written(s.expanded.Place(p))
	at.Construct = s.construct(p)
	return at
}

// written returns the file and the line of a place in the template or in a file that
// it includes.
func (s *subject) written(at expand.Place) report.Place {
	file, name, inside := s.file, s.name, at.At
	if at.Location != "" {
		file, name = s.localFiles.files[at.Location], s.localFiles.name(at.Location)
	} else if definition, rest := s.definition(at.At); definition != nil {
		there, _ := s.file.Reach(at.At)
		file, name, inside = definition, s.localFiles.name(s.path(there)), rest
	}
	here := file.Position(inside)
	return report.Place{File: name, Line: here.Line, Column: here.Column, Text: file.Line(here.Line)}
}

// definition returns the API definition that a pointer leads into, and the pointer in
// it; nil where it leads into none.
func (s *subject) definition(p jsontext.Pointer) (*source.File, jsontext.Pointer) {
	there, rest := s.file.Reach(p)
	if rest == "" {
		return nil, ""
	}
	path := s.path(there)
	if path == "" {
		return nil, ""
	}
	f, err := s.localFiles.open(path)
	if err != nil {
		return nil, "" // package definition has read it, which takes other YAML
	}
	return f, rest
}

// path returns the file that the property at p names as an API definition, or "".
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
	return s.localFiles.assets.file(key)
}

// construct returns the path of the CDK's construct for the resource that a pointer
// leads into, or "".
func (s *subject) construct(p jsontext.Pointer) string {
	section, rest, _ := strings.Cut(strings.TrimPrefix(string(p), "/"), "/")
	id, _, _ := strings.Cut(rest, "/")
	if section != "Resources" || id == "" {
		return ""
	}
	if path, ok := s.file.Text(jsontext.Pointer("/Resources/" + id + "/Metadata/aws:cdk:path")); ok {
		return path
	}
	return s.localFiles.assets.construct(s.name, id)
}
