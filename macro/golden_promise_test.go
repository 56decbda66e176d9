package main

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/cloudformation"
)

// onlyAdds: taking back what is added and changed gives the input's bytes.
func (g *golden) onlyAdds(t *testing.T, out outcome) {
	t.Helper()
	c := compare(plant(t, g.event.Fragment), plant(t, out.fragment))
	for _, place := range c.lost {
		t.Errorf("lost: %s", place)
	}
	if got := c.restored(out.fragment); !bytes.Equal(got, g.event.Fragment) {
		t.Errorf("bytes that no addition has are not the author's (-input +restored):\n%s", cmp.Diff(string(g.event.Fragment), string(got)))
	}
}

// twice: the output fed back comes out as it is.
func (g *golden) twice(t *testing.T, out outcome) {
	t.Helper()
	if again := g.transform(t, out.fragment); again.differs(outcome{fragment: out.fragment}) {
		t.Errorf("a second pass changes the output (-once +twice):\n%s", cmp.Diff(out.String(), again.String()))
	}
}

// shuffled: another order of the resources gives the same additions.
func (g *golden) shuffled(t *testing.T, out outcome) {
	t.Helper()
	random := rand.New(rand.NewPCG(1, 2))
	want := differences(t, g.event.Fragment, out.fragment)
	for range 3 {
		fragment := shuffle(t, g.event.Fragment, random)
		got := g.transform(t, fragment)
		if got.err != nil {
			t.Fatalf("with its resources in another order: %v", got.err)
		}
		if diff := cmp.Diff(want, differences(t, fragment, got.fragment)); diff != "" {
			t.Fatalf("with its resources in another order (-first +shuffled):\n%s", diff)
		}
	}
}

// differences lists what an output has more and else, by place; what was added
// to the same place stays in its order.
func differences(t *testing.T, in, out []byte) []string {
	t.Helper()
	c := compare(plant(t, in), plant(t, out))
	slices.SortStableFunc(c.new, func(a, b change) int { return strings.Compare(string(a.at.Parent()), string(b.at.Parent())) })
	slices.SortFunc(c.changed, func(a, b change) int { return strings.Compare(string(a.at), string(b.at)) })
	var lines []string
	for _, x := range slices.Concat(c.new, c.changed) {
		lines = append(lines, x.String())
	}
	return lines
}

// shuffle puts the resources of a fragment into another order.
func shuffle(t *testing.T, fragment []byte, random *rand.Rand) []byte {
	t.Helper()
	resources := plant(t, fragment).get("Resources")
	if resources == nil || len(resources.members) < 2 {
		return fragment
	}
	var parts []string
	for _, m := range resources.members {
		parts = append(parts, resources.text[m.at:m.value.to])
	}
	random.Shuffle(len(parts), func(i, j int) { parts[i], parts[j] = parts[j], parts[i] })
	return slices.Concat(fragment[:resources.from], []byte("{"+strings.Join(parts, ",")+"}"), fragment[resources.to:])
}

// deploys: what CloudFormation takes without the macro, it takes with it.
func (g *golden) deploys(t *testing.T, out outcome) {
	t.Helper()
	stack := cloudformation.Stack{Region: g.event.Region, Account: g.event.AccountID, Parameters: g.parameters(t)}
	if json.Unmarshal(g.event.TemplateParameterValues, &stack.Parameters) != nil {
		return // a list among the values: it has no text to deploy with
	}
	if _, err := stack.Process(g.event.Fragment); err != nil {
		return
	}
	if _, err := stack.Process(out.fragment); err != nil {
		t.Errorf("the processed template does not deploy: %v", err)
	}
}
