package main

import (
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
)

// An input is one file to read.
type input struct {
	name  string // "-" for standard input
	found bool   // in a folder or by a pattern: it is skipped if it is no template

	given map[string]string // values that the parent of a nested stack has for parameters
}

// inputs returns the files that the arguments name: files, folders, patterns such as
// stacks/*.yaml, and - for standard input. A file that is named twice is returned
// once. With lenient, files that are named may be no templates too.
func inputs(args []string, lenient bool) ([]input, error) {
	var out []input
	seen := map[string]bool{}
	add := func(name string, found bool) {
		if key := filepath.Clean(name); !seen[key] {
			seen[key] = true
			out = append(out, input{name: name, found: found})
		}
	}
	for _, arg := range args {
		names, pattern, err := matches(arg)
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			info, err := os.Stat(name)
			switch {
			case name == "-":
				add(name, false)
			case err != nil:
				return nil, &exit{exitUnreadable, reason(err), ""}
			case !info.IsDir() && filepath.Base(name) == manifest && cloudAssembly(name, add):
			case !info.IsDir():
				add(name, pattern || lenient)
			default:
				if err := walk(name, add); err != nil {
					return nil, unreadable(err)
				}
			}
		}
	}
	return out, nil
}

// matches returns the files that match a pattern which the shell has not expanded, or
// any other argument itself.
func matches(arg string) (names []string, pattern bool, err error) {
	if arg == "-" || !strings.ContainsAny(arg, "*?[") {
		return []string{arg}, false, nil
	}
	if _, err := os.Lstat(arg); err == nil {
		return []string{arg}, false, nil
	}
	names, err = filepath.Glob(arg)
	if err != nil {
		return nil, false, usage("* stands for any text, ? for a character, [ab] for one of several", "%s: is no valid pattern", arg)
	}
	if len(names) == 0 {
		return nil, false, &exit{exitUnreadable, arg + ": matches no file", "name a folder to look through all of it"}
	}
	return names, true, nil
}

// endings are the file name extensions of templates.
var endings = []string{".yaml", ".yml", ".json", ".template"}

// walk adds the files below a folder that may be templates. It leaves out folders of
// packages and hidden folders (what SAM builds is a copy), except for the one into
// which the Serverless Framework writes its templates: they are nowhere else.
func walk(folder string, add func(string, bool)) error {
	return filepath.WalkDir(folder, func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && name != folder && (strings.HasPrefix(d.Name(), ".") && d.Name() != ".serverless" || d.Name() == "node_modules"):
			return fs.SkipDir
		case d.Type().IsRegular() && slices.Contains(endings, strings.ToLower(filepath.Ext(name))):
			add(name, true)
		}
		return nil
	})
}

// templateParts match what every template with a resource of AWS has.
var templateParts = []*regexp.Regexp{regexp.MustCompile(`(?m)^[ \t{]*["']?Resources["']?[ \t]*:`), regexp.MustCompile(`\bAWS::\w+::\w+`)}

// looksLikeTemplate reports whether a file in a folder may be a template, by a quick
// search of its text.
func looksLikeTemplate(data []byte) bool {
	return templateParts[1].Match(data) && (templateParts[0].Match(data) || minified.Match(data))
}

// minified matches a Resources section in JSON without line breaks.
var minified = regexp.MustCompile(`[{,]\s*"Resources"\s*:\s*\{`)

// maxFile is more than any template has: CloudFormation takes 1 MB.
const maxFile = 64 << 20

// read returns what is in a file, or on standard input.
func (c Command) read(name string) ([]byte, error) {
	if name == "-" {
		data, err := io.ReadAll(io.LimitReader(c.Stdin, maxFile))
		if err != nil {
			return nil, unreadable(finding.Within("standard input", err))
		}
		return data, nil
	}
	info, err := os.Stat(name)
	if err == nil && info.Size() > maxFile {
		return nil, &exit{exitUnreadable, name + ": is too large for a template", ""}
	}
	if err == nil && info.IsDir() {
		return nil, &exit{exitUnreadable, name + ": is a folder", "name a file"}
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, &exit{exitUnreadable, reason(err), ""}
	}
	return data, nil
}

// reason returns the text of an error of the file system with the name first:
// "x.yaml: no such file or directory".
func reason(err error) string {
	if e, ok := err.(*fs.PathError); ok {
		return e.Path + ": " + e.Err.Error()
	}
	return err.Error()
}
