package house

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The tests look at the tree from macro/ on.
func TestMain(m *testing.M) {
	if err := os.Chdir("../../.."); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

// A room is what the tests know of one package: its imports, tests aside, and whether it
// has a package comment.
type room struct {
	imports    []string // import paths
	documented bool
}

// sources parses every Go file under macro/, tests aside, and hands it over with
// the path of its directory.
func sources(t *testing.T, mode parser.Mode, visit func(dir, file string, source *ast.File)) {
	t.Helper()
	err := filepath.WalkDir(".", func(file string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && d.Name() == "testdata":
			return fs.SkipDir
		case d.IsDir() || !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go"):
			return nil
		}
		source, err := parser.ParseFile(token.NewFileSet(), file, nil, mode)
		if err == nil {
			visit(filepath.ToSlash(filepath.Dir(file)), file, source)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// readRooms reads every directory under macro/ that has Go code, by its path.
func readRooms(t *testing.T) map[string]room {
	t.Helper()
	found := map[string]room{}
	sources(t, parser.ImportsOnly|parser.ParseComments, func(dir, _ string, source *ast.File) {
		r := found[dir]
		r.documented = r.documented || source.Doc != nil
		r.imports = append(r.imports, importPaths(source)...)
		found[dir] = r
	})
	return found
}

func importPaths(source *ast.File) []string {
	var all []string
	for _, i := range source.Imports {
		all = append(all, strings.Trim(i.Path.Value, `"`))
	}
	return all
}
