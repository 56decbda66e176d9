package main

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/report"
	"github.com/grantinvoke/grantinvoke/macro/internal/source"
	"github.com/grantinvoke/grantinvoke/macro/internal/transform"
)

// configFile is the name of the file with a project's settings. They are those of the
// flags; flags win.
const configFile = ".grantinvoke.yaml"

// A config is what such a file has.
type config struct {
	dir                      string // its folder
	name                     string // of the file, as messages have it
	exclude                  []string
	ignore                   []*report.Ignore
	region, account          string
	partition, macro         string
	environment              string
	params                   []string // files
	values                   map[string]string
	options                  pairs
	macroInstalled, isStrict bool

	file *source.File
}

// configKeys has the keys of the file, and the function that reads each.
var configKeys = map[string]func(*config, jsontext.Value) error{
	"exclude":         func(p *config, v jsontext.Value) (err error) { p.exclude, err = texts(v); return err },
	"ignore":          (*config).readIgnore,
	"region":          func(p *config, v jsontext.Value) error { return putText(&p.region, v) },
	"account":         func(p *config, v jsontext.Value) error { return putText(&p.account, v) },
	"partition":       func(p *config, v jsontext.Value) error { return putText(&p.partition, v) },
	"macro":           func(p *config, v jsontext.Value) error { return putText(&p.macro, v) },
	"config-env":      func(p *config, v jsontext.Value) error { return putText(&p.environment, v) },
	"params":          (*config).readParams,
	"options":         (*config).readOptions,
	"macro-installed": func(p *config, v jsontext.Value) error { return putBool(&p.macroInstalled, v) },
	"strict":          func(p *config, v jsontext.Value) error { return putBool(&p.isStrict, v) },
}

// findConfig returns the name of such a file in a folder or one above it, up to that
// of a git repository; "" where there is none.
func findConfig(dir string) string {
	for {
		name := filepath.Join(dir, configFile)
		if _, err := os.Stat(name); err == nil {
			return name
		}
		_, err := os.Stat(filepath.Join(dir, ".git"))
		up := filepath.Dir(dir)
		if err == nil || up == dir {
			return ""
		}
		dir = up
	}
}

// loadConfig reads the file that -settings names, or else the one that findConfig
// finds.
func (c Command) loadConfig(given string) (*config, error) {
	name := given
	if name == "" {
		here, err := os.Getwd()
		if err != nil {
			return &config{}, nil
		}
		if name = findConfig(here); name == "" {
			return &config{}, nil
		}
		if short, err := filepath.Rel(here, name); err == nil {
			name = short
		}
	}
	if name == "none" {
		return &config{}, nil
	}
	data, err := os.ReadFile(name)
	if err != nil {
		var e *fs.PathError
		if errors.As(err, &e) {
			err = errors.New(reason(e))
		}
		return nil, &exit{exitUsage, err.Error(), "-settings none goes without"}
	}
	p := &config{dir: filepath.Dir(name), name: name}
	if len(strings.TrimSpace(string(data))) == 0 {
		return p, nil
	}
	if p.file, err = source.Read(name, data); err != nil {
		_, message, hint := finding.Parts(err)
		return nil, &exit{exitUsage, message, hint}
	}
	root, _ := members(p.file.JSON())
	for _, key := range slices.Sorted(maps.Keys(root)) {
		read, ok := configKeys[key]
		at := p.file.Position(jsontext.Pointer("").AppendToken(key))
		if !ok {
			valid := slices.Sorted(maps.Keys(configKeys))
			return nil, usage(finding.Meant(key, valid, "valid are "+strings.Join(valid, ", ")), "%s:%d:%d: %s: is no setting", name, at.Line, at.Column, key)
		}
		if err := read(p, root[key]); err != nil {
			_, message, hint := finding.Parts(err)
			return nil, usage(hint, "%s:%d:%d: %s: %s", name, at.Line, at.Column, key, message)
		}
	}
	return p, nil
}

// texts reads a text or a list of them.
func texts(v jsontext.Value) ([]string, error) {
	if v.Kind() == '"' {
		return []string{unquote(v)}, nil
	}
	var out []string
	if v.Kind() != '[' {
		return nil, errors.New("wants a text or a list of texts")
	}
	err := elements(v, func(item jsontext.Value) error {
		if item.Kind() != '"' {
			return errors.New("wants a list of texts")
		}
		out = append(out, unquote(item))
		return nil
	})
	return out, err
}

func putText(to *string, v jsontext.Value) error {
	text, ok := scalar(v)
	if !ok {
		return errors.New("wants a text")
	}
	*to = text
	return nil
}

func putBool(to *bool, v jsontext.Value) error {
	switch v.Kind() {
	case 't', 'f':
		*to = v.Kind() == 't'
		return nil
	}
	return errors.New("wants true or false")
}

func (p *config) readIgnore(v jsontext.Value) error {
	if v.Kind() != '[' {
		return errors.New("wants a list of {reason, at}")
	}
	var names []string
	for _, r := range report.Reasons() {
		names = append(names, r.Name)
	}
	i := 0
	return elements(v, func(item jsontext.Value) error {
		i++
		m, err := members(item)
		if err != nil {
			return fmt.Errorf("item %d: wants {reason, at}", i)
		}
		x := &report.Ignore{Pointer: jsontext.Pointer("/ignore").AppendToken(fmt.Sprint(i - 1))}
		for _, key := range slices.Sorted(maps.Keys(m)) {
			var to *string
			switch key {
			case "reason":
				to = &x.Reason
			case "at":
				to = &x.At
			default:
				return finding.Errorf("", finding.Meant(key, []string{"reason", "at"}, ""), "item %d: %s is neither reason nor at", i, key)
			}
			if err := putText(to, m[key]); err != nil {
				return finding.Within(fmt.Sprintf("item %d: %s", i, key), err)
			}
		}
		switch {
		case x.Reason == "":
			return fmt.Errorf("item %d: has no reason", i)
		case !slices.Contains(names, x.Reason):
			return finding.Errorf("", finding.Meant(x.Reason, names, "grantinvoke docs reasons lists them"), "item %d: there is no reason %s", i, x.Reason)
		}
		p.ignore = append(p.ignore, x)
		return nil
	})
}

// readParams reads files of values, or values by name.
func (p *config) readParams(v jsontext.Value) error {
	if v.Kind() == '{' {
		m, err := members(v)
		if err == nil {
			p.values, err = namedParams(m)
		}
		return err
	}
	names, err := texts(v)
	for _, name := range names {
		if !filepath.IsAbs(name) {
			name = filepath.Join(p.dir, name)
		}
		p.params = append(p.params, name)
	}
	return err
}

func (p *config) readOptions(v jsontext.Value) error {
	m, err := members(v)
	if err != nil {
		return errors.New("wants options by name")
	}
	for _, name := range slices.Sorted(maps.Keys(m)) {
		text, ok := scalars(m[name])
		if !ok {
			return fmt.Errorf("%s: wants a plain value", name)
		}
		var h transform.Handler
		if err := h.Defaults.Set(name, text); err != nil {
			return finding.Within(name, err)
		}
		if err := p.options.Set(name + "=" + text); err != nil {
			return finding.Within(name, err)
		}
	}
	return nil
}

// relative returns a file's name as the settings have it: relative to their folder,
// with slashes.
func (p *config) relative(name string) string {
	dir, errDir := filepath.Abs(p.dir)
	full, errFull := filepath.Abs(name)
	if errDir == nil && errFull == nil {
		if short, err := filepath.Rel(dir, full); err == nil {
			name = short
		}
	}
	return filepath.ToSlash(name)
}

// notExcluded returns the inputs without those that the settings exclude. A file that
// an argument names stays.
func (p *config) notExcluded(all []input) []input {
	return slices.DeleteFunc(all, func(in input) bool {
		return in.found && slices.ContainsFunc(p.exclude, func(pattern string) bool { return report.MatchesFile(pattern, p.relative(in.name)) })
	})
}
