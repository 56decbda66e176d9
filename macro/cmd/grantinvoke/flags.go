package main

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// A choice is a flag with a few valid values, of which the first is the default.
type choice struct {
	valid []string
	value string
}

func choices(valid ...string) *choice { return &choice{valid, valid[0]} }

func (c *choice) String() string { return c.value }

// Set implements flag.Value.
func (c *choice) Set(s string) error {
	if !slices.Contains(c.valid, s) {
		return fmt.Errorf("valid values are %s", strings.Join(c.valid, ", "))
	}
	c.value = s
	return nil
}

// pairs are the values of a repeatable flag, Name=Value each. No message
// holds a value: it may be secret.
type pairs struct {
	names  []string
	values map[string]string
}

func (p *pairs) String() string { return "" }

// Set implements flag.Value.
func (p *pairs) Set(s string) error {
	name, value, ok := strings.Cut(s, "=")
	if !ok || name == "" {
		return errors.New("wants Name=Value")
	}
	if p.values == nil {
		p.values = map[string]string{}
	}
	if _, twice := p.values[name]; !twice {
		p.names = append(p.names, name)
	}
	p.values[name] = value
	return nil
}

// words are the values of a repeatable flag.
type words []string

func (w *words) String() string { return "" }

// Set implements flag.Value.
func (w *words) Set(s string) error {
	if s == "" {
		return errors.New("wants a value")
	}
	*w = append(*w, s)
	return nil
}

// A toggle is a flag that is on, off, or not given.
type toggle struct{ given, on bool }

func (t *toggle) String() string { return "" }

// IsBoolFlag tells package flag that the flag needs no value.
func (t *toggle) IsBoolFlag() bool { return true }

// Set implements flag.Value.
func (t *toggle) Set(s string) error {
	on, err := strconv.ParseBool(s)
	if err != nil {
		return errors.New("wants true or false")
	}
	t.given, t.on = true, on
	return nil
}
