package source

import (
	"github.com/go-json-experiment/json/jsontext"
	"go.yaml.in/yaml/v4"

	"github.com/grantinvoke/grantinvoke/macro/internal/mapping"
)

// entries returns the entries of a mapping.
func (c *converter) entries(n *yaml.Node) ([]mapping.Entry, error) {
	r := mapping.Reader{Name: c.keyText, Open: c.open, Fail: c.fail, Twice: c.duplicate, Visit: c.spend}
	return r.Entries(n)
}

// duplicate warns, once, of a key that a mapping has twice.
func (c *converter) duplicate(name string, first, _ *yaml.Node) error {
	if c.duplicates[first] {
		return nil // seen before, through an alias
	}
	c.duplicates[first] = true
	at := jsontext.Pointer("")
	for _, step := range c.path {
		at = at.AppendToken(step)
	}
	c.file.warnings = append(c.file.warnings, Warning{at.AppendToken(name), first.Line})
	return nil
}

// keyText returns the text of a key of any YAML type, so that 200, on and null stay what
// the author wrote.
func (c *converter) keyText(key *yaml.Node) (string, error) {
	n := mapping.Target(key)
	if n.Kind != yaml.ScalarNode || function(n) != "" {
		return "", c.fail(key, "a key must be plain text", "remove the brackets or the tag, or put the key in quotes")
	}
	return n.Value, nil
}
