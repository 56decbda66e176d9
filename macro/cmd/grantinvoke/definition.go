package main

import (
	"bytes"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// localDefinition reports whether a template names an API definition by path,
// as it may until sam package or aws cloudformation package uploads the file.
func localDefinition(src []byte) bool {
	if !bytes.Contains(src, []byte(`"DefinitionUri"`)) && !bytes.Contains(src, []byte(`"BodyS3Location"`)) && !bytes.Contains(src, []byte(`"Location"`)) {
		return false
	}
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
		case "Key": // of an object that may still be a local file
			switch d.StackPointer().Parent().LastToken() {
			case "DefinitionUri", "BodyS3Location":
				return true
			}
		}
	}
}
