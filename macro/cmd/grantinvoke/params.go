package main

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"strings"
	"unicode"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
)

// readParams reads a file of parameter values in one of the forms that AWS's
// tools take:
//
//   - a list of {"ParameterKey": …, "ParameterValue": …}, or of "Name=Value"
//     (aws cloudformation create-stack, deploy --parameter-overrides)
//   - {"Parameters": {Name: Value}} (CodePipeline's template configuration)
//   - {Name: Value}
//   - words Name=Value or ParameterKey=Name,ParameterValue=Value, in quotes
//     where the value has spaces, and comments behind # (sam deploy
//     --parameter-overrides)
//
// A value is a scalar, or a list of scalars, which are joined by commas. No
// error holds a value: it may be secret.
func readParams(data []byte) (map[string]string, error) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if text := bytes.TrimSpace(data); len(text) > 0 && !bytes.ContainsAny(text[:1], `[{"`) {
		return wordParams(string(data))
	}
	d := jsontext.NewDecoder(bytes.NewBuffer(data))
	v, err := d.ReadValue()
	if err != nil {
		return nil, notJSON(err)
	}
	if _, err := d.ReadToken(); !errors.Is(err, io.EOF) {
		return nil, errors.New("holds more than one JSON value")
	}
	switch v.Kind() {
	case '[':
		return listedParams(v)
	case '{':
		members, err := members(v)
		if err != nil {
			return nil, err
		}
		if inner, ok := members["Parameters"]; ok && inner.Kind() == '{' {
			return readParams(inner)
		}
		return namedParams(members)
	}
	return nil, errors.New(`wants [{"ParameterKey": …, "ParameterValue": …}], {"Parameters": {…}}, {Name: Value} or words Name=Value`)
}

// paramWord matches the next word: a comment, or a name and a value, plain or in
// quotes.
var paramWord = regexp.MustCompile(`^(?:#[^\n]*|(?:ParameterKey=([^\s=,#"']+),ParameterValue|([^\s=#"']+))=("(?:[^"\\]|\\.)*"|'[^']*'|[^\s"']*)(?:\s|$))`)

func wordParams(text string) (map[string]string, error) {
	out := map[string]string{}
	for rest := strings.TrimLeftFunc(text, unicode.IsSpace); rest != ""; {
		m := paramWord.FindStringSubmatch(rest)
		if m == nil {
			return nil, fmt.Errorf("line %d: wants Name=Value", 1+strings.Count(text[:len(text)-len(rest)], "\n"))
		}
		if name := m[1] + m[2]; name != "" {
			out[name] = unquoteWord(m[3])
		}
		rest = strings.TrimLeftFunc(rest[len(m[0]):], unicode.IsSpace)
	}
	return out, nil
}

// unquoteWord removes the quotes from a value.
func unquoteWord(s string) string {
	switch {
	case strings.HasPrefix(s, `"`):
		return strings.NewReplacer(`\"`, `"`, `\\`, `\`).Replace(s[1 : len(s)-1])
	case strings.HasPrefix(s, "'"):
		return s[1 : len(s)-1]
	}
	return s
}

func listedParams(v jsontext.Value) (map[string]string, error) {
	out := map[string]string{}
	i := 0
	err := elements(v, func(item jsontext.Value) error {
		i++
		if item.Kind() == '"' {
			name, value, ok := strings.Cut(unquote(item), "=")
			if !ok || name == "" {
				return fmt.Errorf("item %d: wants Name=Value", i)
			}
			out[name] = value
			return nil
		}
		m, err := members(item)
		if err != nil {
			return fmt.Errorf("item %d: wants ParameterKey and ParameterValue", i)
		}
		key, value := m["ParameterKey"], m["ParameterValue"]
		if key.Kind() != '"' {
			return fmt.Errorf("item %d: has no ParameterKey", i)
		}
		if value == nil {
			return nil // UsePreviousValue: the value is not here
		}
		return putParam(out, unquote(key), value)
	})
	return out, err
}

func namedParams(m map[string]jsontext.Value) (map[string]string, error) {
	out := map[string]string{}
	for name, value := range m {
		if err := putParam(out, name, value); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func putParam(out map[string]string, name string, v jsontext.Value) error {
	text, ok := scalars(v)
	if !ok {
		return fmt.Errorf("%s: wants a text, number or boolean, or a list of them", name)
	}
	out[name] = text
	return nil
}

// scalars returns a scalar's text, or the texts of a list of scalars joined by
// commas, as CloudFormation writes a list parameter.
func scalars(v jsontext.Value) (string, bool) {
	if v.Kind() != '[' {
		return scalar(v)
	}
	var all []string
	ok := true
	elements(v, func(item jsontext.Value) error {
		s, isScalar := scalar(item)
		all, ok = append(all, s), ok && isScalar
		return nil
	})
	return strings.Join(all, ","), ok
}

func scalar(v jsontext.Value) (string, bool) {
	switch v.Kind() {
	case '"':
		return unquote(v), true
	case '0', 't', 'f':
		return string(v), true
	}
	return "", false
}

// loadParams returns the values of the parameter files and of the command line. Later
// files win over earlier ones, and the command line over all.
func (c Command) loadParams(files []string, environment string, given pairs) (map[string]string, error) {
	out := map[string]string{}
	for _, name := range files {
		data, err := c.read(name)
		if err != nil {
			return nil, err
		}
		more, err := readParamFile(name, data, environment)
		if err != nil {
			_, message, hint := finding.Parts(err)
			return nil, &exit{exitUnreadable, name + ": " + message, cmp.Or(hint, "grantinvoke check -h names the forms of a parameter file")}
		}
		maps.Copy(out, more)
	}
	maps.Copy(out, given.values)
	return out, nil
}
