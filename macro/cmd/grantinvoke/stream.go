package main

import (
	"bufio"
	"bytes"
	"errors"
	"io"

	"github.com/go-json-experiment/json/jsontext"
)

// A stream reads JSON objects one after the other, each in one line or in several. A
// text that isn't JSON ends with its line, so that the events after a bad one are
// read.
type stream struct {
	in    *bufio.Reader
	lines [][]byte // read ahead: the lines after one that began a value without an end
}

// next returns the next object, or a line that doesn't begin one; io.EOF in the end.
func (s *stream) next() ([]byte, error) {
	first, err := s.line()
	for err == nil && len(bytes.TrimSpace(first)) == 0 {
		first, err = s.line()
	}
	if err != nil {
		return nil, err
	}
	if bytes.TrimSpace(first)[0] != '{' {
		return first, nil
	}
	value, rest, n := first, [][]byte(nil), nesting{}
	for !n.ended(value[n.at:]) {
		line, err := s.line()
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, err
		}
		if err != nil || isEvent(line) { // it never ends, or another one begins
			if err == nil {
				rest = append(rest, line)
			}
			s.lines = append(rest, s.lines...)
			return first, nil
		}
		rest = append(rest, line)
		value = append(value, line...)
	}
	if after := value[n.at:]; len(bytes.TrimSpace(after)) > 0 {
		s.lines = append([][]byte{after}, s.lines...)
	}
	return value[:n.at], nil
}

// line returns the next line with its end.
func (s *stream) line() ([]byte, error) {
	if len(s.lines) > 0 {
		line := s.lines[0]
		s.lines = s.lines[1:]
		return line, nil
	}
	line, err := s.in.ReadBytes('\n')
	if len(line) > 0 && errors.Is(err, io.EOF) {
		err = nil
	}
	return line, err
}

// isEvent reports whether a line is a whole event: no line within an event is.
func isEvent(line []byte) bool {
	return line[0] == '{' && bytes.Contains(line, []byte(`"requestId"`)) && jsontext.Value(line).IsValid()
}

// A nesting finds the end of a JSON object.
type nesting struct {
	at      int // how much of the text it has seen
	depth   int
	text    bool // inside of a string
	escaped bool
}

// ended reads on and reports whether the object has ended, at n.at.
func (n *nesting) ended(more []byte) bool {
	for _, c := range more {
		n.at++
		switch {
		case n.escaped:
			n.escaped = false
		case n.text:
			n.escaped, n.text = c == '\\', c != '"'
		case c == '"':
			n.text = true
		case c == '{':
			n.depth++
		case c == '}':
			if n.depth--; n.depth == 0 {
				return true
			}
		}
	}
	return false
}
