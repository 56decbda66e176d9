package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantinvoke/grantinvoke/macro/internal/definition"
)

// localDefinition reports whether a template names an API definition by path,
// as it may until sam package or aws cloudformation package uploads the file.
func localDefinition(src []byte) bool {
	d := jsontext.NewDecoder(bytes.NewBuffer(src))
	for {
		token, err := d.ReadToken()
		if err != nil {
			return false
		}
		if kind, n := d.StackIndex(d.StackDepth()); token.Kind() != '"' || kind != '{' || n%2 == 1 {
			continue
		}
		switch d.StackPointer().LastToken() {
		case "DefinitionUri", "BodyS3Location", "Location":
			if value := token.String(); value != "" && !strings.Contains(value, "://") {
				return true
			}
		}
	}
}

// files reads the API definitions that a template names by path: from its
// folder, and not from outside of the folder that the tool runs in, or of its
// own where that lies elsewhere.
func files(name string) *definition.Loader {
	dir := filepath.Dir(name)
	here, err := os.Getwd()
	full, errFull := filepath.Abs(dir)
	if err == nil && errFull == nil && (full == here || strings.HasPrefix(full, here+string(filepath.Separator))) {
		return definition.New(definition.Options{Dir: full, Root: here})
	}
	return definition.Files(dir)
}
