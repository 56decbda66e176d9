package golden

import (
	"bytes"
	"encoding/json"
	"testing"
)

// A Resource is a resource of a processed template.
type Resource struct {
	Type       string
	Properties map[string]any
	Condition  string
	Metadata   any
}

// Exists reports whether there is one: a map of resources has none for other ids.
func (r Resource) Exists() bool { return r.Type != "" }

// Text is a part of the resource, Properties or Metadata, as JSON with sorted names.
func (r Resource) Text(part string) string {
	b, err := json.Marshal(map[string]any{"Properties": r.Properties, "Metadata": r.Metadata}[part])
	if err != nil {
		return err.Error()
	}
	return string(b)
}

// Resources returns the resources of a template by their logical ids.
func Resources(t *testing.T, template []byte) map[string]Resource {
	t.Helper()
	var all struct{ Resources map[string]Resource }
	d := json.NewDecoder(bytes.NewReader(template))
	d.UseNumber()
	if err := d.Decode(&all); err != nil {
		t.Fatal(err)
	}
	return all.Resources
}
