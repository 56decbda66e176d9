// Package repository finds the files of this repository for tests, from whichever
// package they run in.
package repository

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// Path returns the absolute path of a file or folder of the repository, "" for its
// top: the folder of go.mod above the working directory.
func Path(t testing.TB, name string) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return filepath.Join(dir, filepath.FromSlash(name))
		}
		above := filepath.Dir(dir)
		if above == dir {
			t.Fatal("no go.mod above the working directory")
		}
		dir = above
	}
}

// Corpus returns the lines of a file of real templates in the folder $CORPUS; none, and a
// line in the test's log, where that isn't set.
func Corpus(t testing.TB, name string) [][]byte {
	t.Helper()
	dir := os.Getenv("CORPUS")
	if dir == "" {
		t.Logf("without a corpus; hint: set CORPUS to a folder with %s", name)
		return nil
	}
	text, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return slices.Collect(bytes.Lines(text))
}
