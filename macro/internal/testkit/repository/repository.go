// Package repository finds the files of this repository for tests, from whichever
// package they run in.
package repository

import (
	"os"
	"path/filepath"
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
