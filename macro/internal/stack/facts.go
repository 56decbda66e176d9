package stack

import (
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// Facts holds what is known besides the template. Parameter values may decide
// something but are never written out.
type Facts struct {
	Region, Account string            // of the stack; empty: unknown
	Partition       string            // the Region's; empty: unknown
	Parameters      map[string]string // templateParameterValues
	Settled         bool              // only the deployment with these values matters, no later one with others
	Partial         bool              // the template is a part of one: what it refers to may be in the rest
	Elements        []Element         // of the loops that are being read
}

// ParameterOf returns the value of a parameter of the template. ok is false where
// the event has none, or something else in its place: the key of an SSM parameter,
// or asterisks for a secret.
func (f Facts) ParameterOf(t *template.Template, name string) (value string, ok bool) {
	v, ok := f.Parameters[name]
	if !ok {
		return "", false
	}
	declared := t.Section("Parameters").Get(name)
	if isStored(declared) {
		return "", false
	}
	if isTrue(declared.Get("NoEcho")) && v != "" && strings.Trim(v, "*") == "" {
		return "", false
	}
	return v, true
}

// Awaits reports whether a parameter of the template has no value yet, though the event
// of a deployment has one.
func (f Facts) Awaits(t *template.Template, name string) bool {
	declared := t.Section("Parameters").Get(name)
	_, given := f.Parameters[name]
	return declared.Exists() && !given && !isStored(declared)
}

// isStored reports whether a parameter's value is in SSM: an event has its key only.
func isStored(declared template.Value) bool {
	typ, _ := declared.Get("Type").Text()
	return strings.HasPrefix(typ, "AWS::SSM::Parameter::Value")
}

// An Element is the loop variable of an Fn::ForEach that is not expanded yet: a
// word that stands for it in the text while the loop is read, and its values.
type Element struct {
	Word   string
	Values []string // none where they aren't known
}

// Every reports whether all values satisfy a condition; false where they aren't
// known.
func (e Element) Every(is func(string) bool) bool {
	for _, v := range e.Values {
		if !is(v) {
			return false
		}
	}
	return len(e.Values) > 0
}
