package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"
)

// A template that an editor or PowerShell wrote as UTF-16 is read, found in a
// folder too, and written back as it came.
func TestUTF16(t *testing.T) {
	t.Chdir(t.TempDir())
	data := []byte("\xff\xfe")
	for _, unit := range utf16.Encode([]rune(exampleFiles["template.yaml"])) {
		data = append(data, byte(unit), byte(unit>>8))
	}
	if err := os.WriteFile("t.yaml", data, 0o644); err != nil {
		t.Fatal(err)
	}
	run := func(line string) string {
		var stdout, stderr bytes.Buffer
		c := Command{strings.NewReader(""), &stdout, &stderr, silent}
		c.Main(strings.Fields(line))
		return stdout.String() + stderr.String()
	}
	if got := run("check ."); !strings.Contains(got, "1 template, ") || !strings.Contains(got, "[missing]") {
		t.Errorf("check: %s", got)
	}
	if got := run("preview -w t.yaml"); got != "" {
		t.Errorf("preview: %s", got)
	}
	after, err := os.ReadFile(filepath.Clean("t.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.HasPrefix(after, data[:20]) || len(after) <= len(data) || len(after)%2 != 0 {
		t.Errorf("%d bytes became %d: %x", len(data), len(after), after[:20])
	}
	var stdout bytes.Buffer
	if status := (Command{strings.NewReader(""), &stdout, io.Discard, silent}).Main([]string{"check", "t.yaml"}); status != exitOK {
		t.Errorf("status %d: %s", status, stdout.String())
	}
}

// Parameters that PowerShell wrote are read.
func TestUTF16Parameters(t *testing.T) {
	for name, text := range map[string]string{"a.json": `{"N": "x"}`, "a.txt": "N=x\r\n", "a.yaml": "N: x\n", "a.toml": "[default.deploy.parameters]\nparameter_overrides = \"N=x\"\n"} {
		data := []byte("\xff\xfe")
		for _, unit := range utf16.Encode([]rune(text)) {
			data = append(data, byte(unit), byte(unit>>8))
		}
		if got, err := readParamFile(name, data, "default"); err != nil || got["N"] != "x" {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}

// A policy that PowerShell wrote is read too: in UTF-16, or with a byte order mark.
func TestUTF16Policy(t *testing.T) {
	t.Chdir(t.TempDir())
	policy := `{"Policy": "{\"Statement\":[{\"Sid\":\"a\",\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"lambda:InvokeFunction\",\"Resource\":\"arn:aws:lambda:us-east-1:111122223333:function:other\"}]}"}`
	wide := []byte("\xff\xfe")
	for _, unit := range utf16.Encode([]rune(policy)) {
		wide = append(wide, byte(unit), byte(unit>>8))
	}
	for name, data := range map[string][]byte{"t.yaml": []byte(exampleFiles["template.yaml"]), "wide.json": wide, "marked.json": []byte("\ufeff" + policy)} {
		if err := os.WriteFile(name, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"wide.json", "marked.json"} {
		var stdout, stderr bytes.Buffer
		(Command{strings.NewReader(""), &stdout, &stderr, silent}).Main([]string{"check", "-live", name, "t.yaml"})
		if !strings.Contains(stdout.String(), "[live-function]") {
			t.Errorf("%s: %s%s", name, stdout.String(), stderr.String())
		}
	}
}
