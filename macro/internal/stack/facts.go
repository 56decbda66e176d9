package stack

import (
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// Facts is what is known beside the template. Parameter values may decide
// something but are never written out.
type Facts struct {
	Region, Account string            // of the stack; empty: unknown
	Partition       string            // the Region's; empty: unknown
	Parameters      map[string]string // templateParameterValues
	Settled         bool              // their values are those of the one deployment in question, not of one of many
	Partial         bool              // the template is a part of one: what it names may be elsewhere
	Elements        []Element         // of the loop that is being read
}

// pseudo is what is known of pseudo parameters.
func (f Facts) pseudo() map[string]string {
	var known map[string]string
	for name, value := range map[string]string{"AWS::Region": f.Region, "AWS::AccountId": f.Account, "AWS::Partition": f.Partition} {
		if value != "" {
			if known == nil {
				known = make(map[string]string, 3)
			}
			known[name] = value
		}
	}
	return known
}

// ParameterOf returns the value of a parameter of the template. What comes with the
// type of an SSM parameter can be its key, and of a secret asterisks: neither is
// the value.
func (f Facts) ParameterOf(t *template.Template, name string) (string, bool) {
	v, ok := f.Parameters[name]
	if !ok {
		return "", false
	}
	declared := t.Section("Parameters").Get(name)
	if typ, _ := declared.Get("Type").Text(); strings.HasPrefix(typ, "AWS::SSM::Parameter::Value") {
		return "", false
	}
	if isTrue(declared.Get("NoEcho")) && v != "" && strings.Trim(v, "*") == "" {
		return "", false
	}
	return v, true
}

// An Element is the value of a loop that is not expanded yet, while the loop is
// read: a word that stands for it in the text, and what it can be.
type Element struct {
	Word   string
	Values []string // none where they aren't known
}

// Every reports whether all that the value can be is so; false where that isn't
// known.
func (e Element) Every(is func(string) bool) bool {
	for _, v := range e.Values {
		if !is(v) {
			return false
		}
	}
	return len(e.Values) > 0
}
