package main

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/grantinvoke/grantinvoke/macro/internal/source"
)

// ownTemplate is the template of the macro's own stack.
func ownTemplate(t *testing.T) map[string]map[string]json.RawMessage {
	t.Helper()
	text, err := os.ReadFile("../template.yaml")
	if err != nil {
		t.Fatal(err)
	}
	f, err := source.Read("template.yaml", text)
	if err != nil {
		t.Fatal(err)
	}
	var sections map[string]json.RawMessage
	if err := json.Unmarshal(f.JSON(), &sections); err != nil {
		t.Fatal(err)
	}
	all := map[string]map[string]json.RawMessage{}
	for name, section := range sections {
		var members map[string]json.RawMessage
		if json.Unmarshal(section, &members) == nil {
			all[name] = members
		}
	}
	return all
}

func resourceOf(t *testing.T, id string) json.RawMessage {
	t.Helper()
	r := ownTemplate(t)["Resources"][id]
	if r == nil {
		t.Fatalf("template.yaml has no %s", id)
	}
	return r
}
