package docs

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var declared = regexp.MustCompile(`Reason\{\s*Name:\s*"([^"]+)"`)

// Every reason is in the documentation, so that explain knows it.
func TestReasonsAreDocumented(t *testing.T) {
	page, err := os.ReadFile("docs/reasons.md")
	if err != nil {
		t.Fatal(err)
	}
	count := 0
	err = filepath.WalkDir("internal", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.HasPrefix(path, filepath.Join("internal", "testkit")) ||
			strings.HasPrefix(path, filepath.Join("internal", "audit")) { // audit has a page of its own
			return err
		}
		src, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, m := range declared.FindAllStringSubmatch(string(src), -1) {
			if count++; !strings.Contains(string(page), "| `"+m[1]+"` |") {
				t.Errorf("%s: %s is in no table of the documentation", path, m[1])
			}
		}
		return nil
	})
	if err != nil || count < 50 {
		t.Errorf("%d reasons found: %v", count, err)
	}
}
