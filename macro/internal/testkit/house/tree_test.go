package house

import (
	"bytes"
	"go/ast"
	"go/parser"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const (
	maxLines  = 300 // of a file
	maxFields = 12  // of a struct: some ten
)

// large lists the structs that have more fields than is allowed, and how many: none may get
// more.
var large = map[string]int{
	"cmd/grantinvoke.config":     15, // a row for each setting of the configuration file
	"cmd/grantinvoke.settings":   13,
	"internal/account.Account":   14, // a list for each kind of resource
	"internal/audit.Call":        16, // what is known of one call
	"internal/audit.Statement":   13, // what is known of one statement
	"internal/review.permission": 13, // the parts of a permission as they are written
	"internal/live.Reader":       13,
	"internal/report.auditCall":  13, // members of the report
	"internal/report.jsonCall":   16, // members of the report
}

// Files and structs stay small.
func TestSizes(t *testing.T) {
	seen := map[string]int{}
	sources(t, parser.SkipObjectResolution, func(dir, _ string, source *ast.File) {
		if strings.HasPrefix(dir, "internal/testkit/") {
			return
		}
		ast.Inspect(source, func(n ast.Node) bool {
			spec, ok := n.(*ast.TypeSpec)
			if !ok {
				return true
			}
			if s, ok := spec.Type.(*ast.StructType); ok {
				name, fields := dir+"."+spec.Name.Name, s.Fields.NumFields()
				seen[name] = fields
				if most := max(maxFields, large[name]); fields > most {
					t.Errorf("%s has %d fields, more than %d; hint: put what belongs together into a type of its own", name, fields, most)
				}
			}
			return true
		})
	})
	for name := range large {
		if seen[name] <= maxFields {
			t.Errorf("%s has %d fields, and is listed as a large one", name, seen[name])
		}
	}
	err := filepath.WalkDir(".", func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(file, ".go") {
			return err
		}
		text, err := os.ReadFile(file)
		if lines := bytes.Count(text, []byte("\n")); lines > maxLines {
			t.Errorf("%s has %d lines, more than %d; hint: divide it by what it is about", file, lines, maxLines)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Every exported identifier has a comment.
func TestDocComments(t *testing.T) {
	sources(t, parser.ParseComments|parser.SkipObjectResolution, func(_, file string, source *ast.File) {
		for _, decl := range source.Decls {
			switch d := decl.(type) {
			case *ast.FuncDecl:
				if d.Name.IsExported() && d.Doc == nil && exportedReceiver(d) && !isPlain(d) {
					t.Errorf("%s: %s has no comment", file, d.Name.Name)
				}
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					if s, ok := spec.(*ast.TypeSpec); ok && s.Name.IsExported() && d.Doc == nil && s.Doc == nil && s.Comment == nil {
						t.Errorf("%s: %s has no comment", file, s.Name.Name)
					}
				}
			}
		}
	})
}

func exportedReceiver(d *ast.FuncDecl) bool {
	if d.Recv == nil {
		return true
	}
	typ := d.Recv.List[0].Type
	for {
		switch x := typ.(type) {
		case *ast.StarExpr:
			typ = x.X
		case *ast.IndexExpr:
			typ = x.X
		case *ast.Ident:
			return x.IsExported()
		default:
			return false
		}
	}
}

// isPlain reports whether a method is one that its name explains: of error,
// fmt.Stringer, or what package errors looks for.
func isPlain(d *ast.FuncDecl) bool {
	switch d.Name.Name {
	case "Error", "String", "Unwrap", "Is", "As":
		return d.Recv != nil
	}
	return false
}

// The top level is fixed, and so is that of macro/.
func TestTopLevel(t *testing.T) {
	for dir, want := range map[string][]string{
		"..": {".ci", ".github", ".gitignore", "LICENSE", "Makefile", "README.md", "events", "go.mod", "go.sum", "macro", "template.yaml"},
		".":  {"check", "cmd", "docs", "internal", "main.go", "main_test.go"},
	} {
		made := []string{"bin", "dist"} // by make; hidden ones come from git, sam and editors
		entries, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range want {
			if _, err := os.Stat(path.Join(dir, name)); err != nil {
				t.Errorf("%s is missing", name)
			}
		}
		for _, e := range entries {
			if name := e.Name(); !strings.HasPrefix(name, ".") && !slices.Contains(want, name) && !(dir == ".." && slices.Contains(made, name)) {
				t.Errorf("%s does not belong to %s", name, dir)
			}
		}
	}
}

// The Lambda executable links nothing of the rooms that read accounts.
func TestBootstrap(t *testing.T) {
	found := readRooms(t)
	linked := map[string]bool{}
	var link func(dir string)
	link = func(dir string) {
		if linked[dir] {
			return
		}
		linked[dir] = true
		for _, i := range found[dir].imports {
			if own, ok := strings.CutPrefix(i, module+"/"); ok {
				link(own)
			} else if strings.HasPrefix(i, "github.com/aws/aws-sdk-go-v2/service/") && i != "github.com/aws/aws-sdk-go-v2/service/s3" {
				t.Errorf("%s imports %s, and the bootstrap links it", dir, i)
			}
		}
	}
	link(".")
	for _, room := range []string{"internal/live", "internal/audit", "internal/account", "internal/update", "internal/report", "internal/testkit/cloud"} {
		if linked[room] {
			t.Errorf("the bootstrap links %s", room)
		}
	}
	if !linked["internal/emit"] {
		t.Error("the links of the bootstrap are not found")
	}
}
