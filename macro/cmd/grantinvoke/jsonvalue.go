package main

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/go-json-experiment/json/jsontext"
)

// members returns the members of a JSON object.
func members(v jsontext.Value) (map[string]jsontext.Value, error) {
	out := map[string]jsontext.Value{}
	d := jsontext.NewDecoder(bytes.NewBuffer(v))
	if d.PeekKind() != '{' {
		return nil, errors.New("is no object")
	}
	if _, err := d.ReadToken(); err != nil {
		return nil, notJSON(err)
	}
	for d.PeekKind() != '}' {
		name, err := d.ReadToken()
		if err != nil {
			return nil, notJSON(err)
		}
		key := name.String()
		value, err := d.ReadValue()
		if err != nil {
			return nil, notJSON(err)
		}
		out[key] = value // not a copy: the decoder reads from v itself
	}
	return out, nil
}

// elements calls f for each element of a JSON array until it fails.
func elements(v jsontext.Value, f func(jsontext.Value) error) error {
	d := jsontext.NewDecoder(bytes.NewBuffer(v))
	if d.PeekKind() != '[' {
		return errors.New("is no list")
	}
	if _, err := d.ReadToken(); err != nil {
		return notJSON(err)
	}
	for d.PeekKind() != ']' {
		item, err := d.ReadValue()
		if err != nil {
			return notJSON(err)
		}
		if err := f(item); err != nil {
			return err
		}
	}
	return nil
}

// unquote returns the text of a valid JSON string.
func unquote(v jsontext.Value) string {
	b, _ := jsontext.AppendUnquote(nil, v)
	return string(b)
}

// notJSON returns an error that tells where a text isn't JSON, without the text.
func notJSON(err error) error {
	var syntax *jsontext.SyntacticError
	if !errors.As(err, &syntax) {
		return errors.New("is no JSON")
	}
	if errors.Is(err, jsontext.ErrDuplicateName) {
		return fmt.Errorf("a name stands twice in the object at byte %d", syntax.ByteOffset)
	}
	return fmt.Errorf("no valid JSON at byte %d", syntax.ByteOffset)
}

// plain returns a JSON value as maps, slices and texts.
func plain(v jsontext.Value) any {
	switch v.Kind() {
	case '{':
		out := map[string]any{}
		all, _ := members(v)
		for name, item := range all {
			out[name] = plain(item)
		}
		return out
	case '[':
		var out []any
		elements(v, func(item jsontext.Value) error {
			out = append(out, plain(item))
			return nil
		})
		return out
	}
	text, _ := scalar(v)
	return text
}
