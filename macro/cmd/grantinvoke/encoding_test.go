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
