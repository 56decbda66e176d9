package evaluator_test

import (
	"encoding/json"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/author"
	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/evaluator"
)

// notYet are the parts of templates that are known to be answered wrongly, each with what is
// wrong: they are left out until that is mended. At the moment there are none.
var notYet = author.Skip{}

// EVALUATE=100000 evaluates so many templates, EVALUATE_FROM the first seed.
func number(name string, otherwise int) int {
	if n, err := strconv.Atoi(os.Getenv(name)); err == nil {
		return n
	}
	return otherwise
}

// The macro's answers to generated templates agree with the evaluator: what it says is
// allowed is allowed, what it adds deploys and allows, nothing is needless, and unknown is
// only what can't be known.
func TestEvaluate(t *testing.T) { evaluate(t, "") }

// The same with one policy for each function: what is documented of policies
// decides, instead of what is documented of permissions.
func TestEvaluatePolicies(t *testing.T) { evaluate(t, "policy") }

// evaluate compares the answers to generated templates with the evaluator; form is the
// option Grant, "" for none.
func evaluate(t *testing.T, form string) {
	few := 2000
	if testing.Short() {
		few = 200
	}
	first, n, wrong := number("EVALUATE_FROM", 0), number("EVALUATE", few), 0
	if form != "" {
		n /= 4
	}
	for seed := first; seed < first+n; seed++ {
		x := author.Write(uint64(seed), notYet)
		if form != "" {
			x.Options["Grant"] = form
		}
		input, err := evaluator.Read(x.JSON)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := ask(t, x)
		if err != nil {
			t.Errorf("seed %d: %v", seed, err)
			continue
		}
		lines := evaluator.Judge(input, worlds(x), answer)
		if len(lines) == 0 {
			continue
		}
		for _, line := range lines {
			t.Errorf("seed %d: %s", seed, line)
		}
		if os.Getenv("EVALUATE_SHOW") != "" {
			t.Logf("options %v, values %v, verdicts %v, reports %v\n%s%s%s", x.Options, x.Values, answer.Verdicts, answer.Reports, show(t, "template", of(input, "Resources"), nil),
				show(t, "added", of(answer.Output, "Resources"), of(input, "Resources")), show(t, "conditions", of(answer.Output, "Conditions"), of(input, "Conditions")))
		}
		if wrong++; wrong == 20 {
			t.Fatalf("seed %d is the twentieth that is answered wrongly", seed)
		}
	}
}

func worlds(x author.Template) []evaluator.World {
	var out []evaluator.World
	for _, values := range x.Worlds(12) {
		out = append(out, evaluator.World{Stack: "stack", Region: author.Region, Account: author.Account, Partition: author.Partition,
			Parameters: values, Hidden: x.Hidden, Imports: x.Imports})
	}
	return out
}

// show returns the resources of a template, each on a line.
func show(t *testing.T, title string, resources map[string]any, without map[string]any) string {
	t.Helper()
	var b strings.Builder
	b.WriteString(title + "\n")
	for _, id := range slices.Sorted(maps.Keys(resources)) {
		if without[id] != nil {
			continue
		}
		line, err := json.Marshal(resources[id])
		if err != nil {
			t.Fatal(err)
		}
		b.WriteString("  " + id + " " + string(line) + "\n")
	}
	return b.String()
}

func of(template map[string]any, section string) map[string]any {
	o, _ := template[section].(map[string]any)
	return o
}
