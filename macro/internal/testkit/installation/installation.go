// Package installation reads the template of the macro's own stack, template.yaml, for
// tests: as it is deployed with given parameters.
package installation

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/grantinvoke/grantinvoke/macro/internal/source"
	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/repository"
)

// ownTemplate is the template of the macro's own stack, by sections.
func ownTemplate(t *testing.T) map[string]any {
	t.Helper()
	text, err := os.ReadFile(repository.Path(t, "template.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	f, err := source.Read("template.yaml", text)
	if err != nil {
		t.Fatal(err)
	}
	var sections map[string]any
	if err := json.Unmarshal(f.JSON(), &sections); err != nil {
		t.Fatal(err)
	}
	return sections
}

// at is a value in a tree, nil where there is none.
func at(v any, names ...string) any {
	for _, name := range names {
		m, _ := v.(map[string]any)
		v = m[name]
	}
	return v
}

// Sizes are the sizes that the stack's parameter allows, the smallest first.
func Sizes(t *testing.T) []string {
	t.Helper()
	var sizes []string
	for _, size := range at(ownTemplate(t), "Parameters", "Size", "AllowedValues").([]any) {
		sizes = append(sizes, size.(string))
	}
	return sizes
}

// ownProperties are what the stack gives the macro's function, with the given
// parameters.
func ownProperties(t *testing.T, given map[string]any) map[string]any {
	t.Helper()
	r := newResolver(ownTemplate(t), given)
	return r.resolve(at(r.template, "Resources", "MacroFunction", "Properties")).(map[string]any)
}

// Function is the macro's function in a size: its memory in megabytes, and its
// environment as KEY=value.
func Function(t *testing.T, size string) (megabytes int, variables []string) {
	t.Helper()
	properties := ownProperties(t, map[string]any{"Size": size})
	for name, v := range at(properties, "Environment", "Variables").(map[string]any) {
		variables = append(variables, name+"="+v.(string))
	}
	return int(at(properties, "MemorySize").(float64)), variables
}
