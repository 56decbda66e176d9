package golden

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

// onlyAdds: without what is added and changed, the output is the input byte for byte.
func (g *File) onlyAdds(t *testing.T, out Outcome) {
	t.Helper()
	c := compare(plant(t, g.Event.Fragment), plant(t, out.Fragment))
	for _, place := range c.lost {
		t.Errorf("lost: %s", place)
	}
	if got := c.restored(out.Fragment); !bytes.Equal(got, g.Event.Fragment) {
		t.Errorf("bytes that no addition has are not the author's (-input +restored):\n%s", cmp.Diff(string(g.Event.Fragment), string(got)))
	}
}

// twice: a second pass changes nothing.
func (g *File) twice(t *testing.T, out Outcome) {
	t.Helper()
	if again := g.Transform(t, out.Fragment); again.Differs(Outcome{Fragment: out.Fragment}) {
		t.Errorf("a second pass changes the output (-once +twice):\n%s", cmp.Diff(out.String(), again.String()))
	}
}

// shuffled: another order of the resources gives the same additions.
func (g *File) shuffled(t *testing.T, out Outcome) {
	t.Helper()
	random := rand.New(rand.NewPCG(1, 2))
	want := differences(t, g.Event.Fragment, out.Fragment)
	for range 3 {
		fragment := shuffle(t, g.Event.Fragment, random)
		got := g.Transform(t, fragment)
		if got.Err != nil {
			t.Fatalf("with its resources in another order: %v", got.Err)
		}
		if diff := cmp.Diff(want, differences(t, fragment, got.Fragment)); diff != "" {
			t.Fatalf("with its resources in another order (-first +shuffled):\n%s", diff)
		}
	}
}

// differences lists what an output has more or different, by place; several additions to
// one place stay in their order.
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

// deploys: a template that CloudFormation accepts, it accepts with what the macro adds.
func (g *File) deploys(t *testing.T, out Outcome) {
	t.Helper()
	stack := cloudformation.Stack{Region: g.Event.Region, Account: g.Event.AccountID, Parameters: g.parameters(t)}
	if json.Unmarshal(g.Event.TemplateParameterValues, &stack.Parameters) != nil {
		return // a list among the values: it has no text to deploy with
	}
	if _, err := stack.Process(g.Event.Fragment); err != nil {
		return
	}
	if _, err := stack.Process(out.Fragment); err != nil {
		t.Errorf("the processed template does not deploy: %v", err)
	}
}
