package main

import (
	"bytes"
	"fmt"
	"os"
	"slices"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantinvoke/grantinvoke/macro/internal/report"
)

// ignores reads what a template itself says to ignore: the list Ignore in the
// Metadata.GrantInvoke of the template or of a resource.
func ignores(src []byte) []*report.Ignore {
	if !bytes.Contains(src, []byte(`"Ignore"`)) {
		return nil
	}
	var out []*report.Ignore
	add := func(at jsontext.Pointer, resource string, holder jsontext.Value) {
		list := lookup(holder, "/Metadata/GrantInvoke/Ignore")
		if list == nil {
			return
		}
		names, err := texts(list)
		if err != nil {
			return
		}
		for _, name := range names {
			out = append(out, &report.Ignore{Reason: name, Resource: resource, Inside: true, Pointer: at + "/Metadata/GrantInvoke/Ignore"})
		}
	}
	add("", "", src)
	resources, _ := members(lookup(src, "/Resources"))
	for id, r := range resources {
		add(jsontext.Pointer("/Resources").AppendToken(id), id, r)
	}
	slices.SortFunc(out, func(a, b *report.Ignore) int {
		return bytes.Compare([]byte(a.Resource+a.Reason), []byte(b.Resource+b.Reason))
	})
	return out
}

// ignore removes the findings that the settings or the templates say to ignore.
func (s *settings) ignore(all []*subject) {
	for _, x := range all {
		if x.expanded == nil {
			continue
		}
		own := ignores(x.expanded.JSON)
		x.report = x.report.Ignore(slices.Concat(own, s.config.ignore))
	}
}

// warnIgnores writes to standard error which entries of the settings' list ignore
// nothing. It does so only where a whole folder was read: a run on some files says
// nothing about the others.
func (s *settings) warnIgnores(c Command, args []string) {
	if !slices.ContainsFunc(args, func(arg string) bool { info, err := os.Stat(arg); return err == nil && info.IsDir() }) {
		return
	}
	for _, x := range s.config.ignore {
		if !x.Used {
			at := s.config.file.Position(x.Pointer)
			what := x.Reason
			if x.At != "" {
				what += " at " + x.At
			}
			fmt.Fprintf(c.Stderr, "grantinvoke: %s:%d:%d: nothing is found that this ignores (%s); hint: remove it\n", s.config.name, at.Line, at.Column, what)
		}
	}
}
