package golden_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/grantinvoke/grantinvoke/macro/internal/grant"
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/option"
	"github.com/grantinvoke/grantinvoke/macro/internal/service"
	"github.com/grantinvoke/grantinvoke/macro/internal/service/apigateway"
	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/golden"
	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/program"
)

// Every golden, through the engine, as a macro event, and through the built
// Lambda executable. UPDATE=1 rewrites what is expected, but want.txt, which says what has
// to be granted and is written by hand only.
func TestGoldens(t *testing.T) {
	p := program.Start(t)
	for _, g := range golden.All(t) {
		t.Run(strings.TrimSuffix(filepath.Base(g.Name), ".txtar"), func(t *testing.T) {
			out := g.Transform(t, g.Event.Fragment)
			if got := g.Invoke(t); got.Differs(out) {
				t.Errorf("the handler answers\n%s\nthe engine\n%s", got, out)
			}
			if got := g.Run(t, p); got.Differs(out) {
				t.Errorf("the executable answers\n%s\nthe engine\n%s", got, out)
			}
			g.Check(t, out)
		})
	}
}

// tables are the tables of the reference whose rows have goldens: those of the
// domain, and those of services other than API Gateway.
var tables = map[string]int{"row": 101, "service": 114}

// Each case of the reference's tables has a golden, and says what it wants.
func TestGoldenRows(t *testing.T) {
	row := regexp.MustCompile(`/(row|service)-(\d{3})(-[a-z0-9-]+)?\.txtar$`)
	seen := map[string]bool{}
	for _, g := range golden.All(t) {
		file := filepath.ToSlash(g.Name)
		m := row.FindStringSubmatch(file)
		if m == nil {
			if strings.Contains(file, "/row-") || strings.Contains(file, "/service-") {
				t.Errorf("%s: hint: row-NNN.txtar or row-NNN-word.txtar, service-NNN-word.txtar", file)
			}
			continue
		}
		n, _ := strconv.Atoi(m[2])
		seen[m[1]+m[2]] = true
		if n < 1 || n > tables[m[1]] {
			t.Errorf("%s: the table has no row %d", file, n)
		}
		if g.Section("want.txt") == "" {
			t.Errorf("%s: has no want.txt", file)
		}
	}
	for table, rows := range tables {
		for n := 1; n <= rows; n++ {
			if !seen[fmt.Sprintf("%s%03d", table, n)] {
				t.Errorf("row %d of the table %s has no golden", n, table)
			}
		}
	}
}

// Each kind of caller has a golden of its own; each reason, each verdict and
// each option appears in one.
func TestGoldenKinds(t *testing.T) {
	var reports, written strings.Builder
	for _, g := range golden.All(t) {
		reports.WriteString("\n" + g.Section("report.txt"))
		written.WriteString(string(g.Event.Params) + string(g.Event.Fragment))
	}
	for _, f := range apigateway.Service.Kinds {
		if _, err := os.Stat(filepath.Join(golden.Dir(t), "kind-"+f.Name+".txtar")); err != nil {
			t.Errorf("the caller %s has no golden: %v", f.Name, err)
		}
	}
	reasons := invoke.Reasons()
	for _, s := range service.All().Services {
		reasons = append(reasons, s.Advice.Reasons...)
	}
	for _, r := range reasons {
		if !strings.Contains(reports.String(), fmt.Sprintf("\n%s %s: ", r.Severity, r.Name)) {
			t.Errorf("the reason %s is in no golden's report", r.Name)
		}
	}
	for _, s := range service.All().Services[1:] {
		for _, f := range s.Kinds {
			if !f.Watched && !strings.Contains(f.Name, "sam") && !strings.Contains(reports.String(), " "+f.Name+" ") {
				t.Errorf("no golden has a call of the kind %s", f.Name)
			}
		}
	}
	for _, v := range grant.Verdicts() {
		if !strings.Contains(reports.String(), "\n"+string(v)+" ") {
			t.Errorf("the verdict %s is in no golden's report", v)
		}
	}
	for _, o := range option.Names() {
		if !strings.Contains(written.String(), `"`+o+`"`) {
			t.Errorf("the option %s is in no golden", o)
		}
	}
}

// What a line of want.txt may begin with is explained beside the goldens.
func TestGoldenGrammar(t *testing.T) {
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range golden.All(t) {
		for line := range strings.Lines(g.Section("want.txt")) {
			word, _, _ := strings.Cut(strings.TrimSpace(line), " ")
			if word != "" && !strings.Contains(string(text), "\n| `"+word) {
				t.Errorf("%s: %s is not explained in README.md", g.Name, word)
			}
		}
	}
}
