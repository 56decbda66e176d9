package house

import (
	"fmt"
	"go/ast"
	"go/doc"
	"go/parser"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const housePage = "docs/house.md"

var houseBlock = regexp.MustCompile(`(?s)(<!-- house: (\w+) -->\n)(.*?)(<!-- end -->\n)`)

// docs/house.md shows the packages as they are: the picture is drawn from the imports, the
// table has the first sentences of the package comments. UPDATE=1 rewrites both.
func TestHouse(t *testing.T) {
	text, err := os.ReadFile(housePage)
	if err != nil {
		t.Fatal(err)
	}
	blocks := map[string]string{"picture": picture(readRooms(t)), "rooms": roomTable(t)}
	want := houseBlock.ReplaceAllStringFunc(string(text), func(s string) string {
		m := houseBlock.FindStringSubmatch(s)
		block := blocks[m[2]]
		delete(blocks, m[2])
		return m[1] + block + m[4]
	})
	if len(blocks) > 0 {
		t.Fatalf("%s: has no place for %v", housePage, slices.Sorted(maps.Keys(blocks)))
	}
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(housePage, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(string(text), want); diff != "" {
		t.Errorf("%s (-is +should be); make docs rewrites it\n%s", housePage, diff)
	}
}

// shown reports whether a package stands in the picture and the table: those of
// the two programs, not of the tests.
func shown(dir string) bool {
	return dir == "." || dir == "cmd/grantinvoke" || strings.HasPrefix(dir, "internal/") && !strings.HasPrefix(dir, "internal/testkit/")
}

// picture draws the rooms in Mermaid, with an arrow from each to those that it
// imports and that it doesn't reach by another way.
func picture(found map[string]room) string {
	imports := map[string][]string{}
	for dir, r := range found {
		for _, i := range r.imports {
			if own, ok := strings.CutPrefix(i, module+"/"); ok && shown(dir) && shown(own) && !slices.Contains(imports[dir], own) {
				imports[dir] = append(imports[dir], own)
			}
		}
	}
	lambda := reached(imports, ".")
	var b strings.Builder
	b.WriteString("```mermaid\nflowchart TD\n")
	group := func(title string, has func(dir string) bool) {
		fmt.Fprintf(&b, "  subgraph %q\n", title)
		for _, dir := range slices.Sorted(maps.Keys(found)) {
			if shown(dir) && has(dir) {
				fmt.Fprintf(&b, "    %s\n", node(dir))
			}
		}
		b.WriteString("  end\n")
	}
	group("the local tool's alone", func(dir string) bool { return dir != "." && !lambda[dir] })
	group("the macro's, and the tool's", func(dir string) bool { return dir == "." || lambda[dir] })
	for _, from := range slices.Sorted(maps.Keys(imports)) {
		for _, to := range slices.Sorted(slices.Values(imports[from])) {
			if !slices.ContainsFunc(imports[from], func(other string) bool { return reached(imports, other)[to] }) {
				fmt.Fprintf(&b, "  %s --> %s\n", name(from), name(to))
			}
		}
	}
	b.WriteString("```\n")
	return b.String()
}

// reached returns what a package imports, and what that imports, and so on.
func reached(imports map[string][]string, dir string) map[string]bool {
	all := map[string]bool{}
	var visit func(dir string)
	visit = func(dir string) {
		for _, i := range imports[dir] {
			if !all[i] {
				all[i] = true
				visit(i)
			}
		}
	}
	visit(dir)
	return all
}

func name(dir string) string {
	if dir == "." {
		return "macro"
	}
	return strings.NewReplacer("internal/", "", "cmd/", "", "/", "_").Replace(dir)
}

func node(dir string) string {
	switch {
	case dir == ".":
		return `macro(["macro/main.go: the Lambda function"])`
	case strings.HasPrefix(dir, "cmd/"):
		return fmt.Sprintf(`%s(["macro/%s: the local tool"])`, name(dir), dir)
	}
	return fmt.Sprintf("%s[%s]", name(dir), strings.TrimPrefix(dir, "internal/"))
}

// roomTable says of each room what its package comment says in the first sentence.
func roomTable(t *testing.T) string {
	comments := map[string]string{}
	sources(t, parser.PackageClauseOnly|parser.ParseComments, func(dir, _ string, source *ast.File) {
		if source.Doc != nil {
			comments[dir] = new(doc.Package).Synopsis(source.Doc.Text())
		}
	})
	var b strings.Builder
	b.WriteString("| room | what it does |\n| --- | --- |\n")
	for _, dir := range slices.Sorted(maps.Keys(comments)) {
		room, ok := strings.CutPrefix(dir, "internal/")
		if !ok {
			continue
		}
		words, ok := strings.CutPrefix(comments[dir], "Package "+room[strings.LastIndex(room, "/")+1:]+" ")
		if !ok {
			t.Errorf("%s: the comment of the package begins with %q", dir, comments[dir])
		}
		fmt.Fprintf(&b, "| `%s` | %s |\n", room, strings.TrimSuffix(words, "."))
	}
	return b.String()
}

// An arrow that follows from others isn't drawn, and the tool's own rooms stand
// apart.
func TestPicture(t *testing.T) {
	at := func(dirs ...string) (r room) {
		for _, d := range dirs {
			r.imports = append(r.imports, module+"/"+d, "strings")
		}
		return r
	}
	got := picture(map[string]room{
		".":                       at("internal/a"),
		"cmd/grantinvoke":         at("internal/a", "internal/b", "internal/c"),
		"internal/a":              at("internal/b"),
		"internal/b":              at(),
		"internal/c":              at("internal/b"),
		"internal/testkit/golden": at("internal/a"),
	})
	want := "```mermaid\nflowchart TD\n" + `  subgraph "the local tool's alone"
    grantinvoke(["macro/cmd/grantinvoke: the local tool"])
    c[c]
  end
  subgraph "the macro's, and the tool's"
    macro(["macro/main.go: the Lambda function"])
    a[a]
    b[b]
  end
  macro --> a
  grantinvoke --> a
  grantinvoke --> c
  a --> b
  c --> b
` + "```\n"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
