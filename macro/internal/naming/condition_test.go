package naming

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantinvoke/grantinvoke/macro/internal/template"
	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/deployable"
	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/hostile"
)

// under reads "A !B | C": A and not B, or C.
func under(text string) []template.Guard {
	var out []template.Guard
	for alternative := range strings.SplitSeq(text, "|") {
		var g template.Guard
		for _, word := range strings.Fields(alternative) {
			name, not := strings.CutPrefix(word, "!")
			g, _ = g.And(template.When(name, not))
		}
		out = append(out, g)
	}
	return out
}

const conditional = `{"Conditions":{"A":{"Fn::Equals":[{"Ref":"P"},"a"]},"B":{"Fn::Equals":[{"Ref":"P"},"b"]},"C":{"Fn::Equals":[{"Ref":"Q"},"c"]},
	"D":{"Fn::Equals":[{"Ref":"R"},"d"]},"AandC":{"Fn::And":[{"Condition":"A"},{"Condition":"C"}]},"NotA":{"Fn::Not":[{"Condition":"A"}]}}}`

func TestConditionName(t *testing.T) {
	for _, tt := range []struct{ guards, want string }{
		{"", ""},
		{"A |", ""}, // under A, or always
		{"A", "A"},
		{"A | A C", "A"},
		{"A | !A", ""},
		{"A | B", `{"Fn::Or":[{"Condition":"A"},{"Condition":"B"}]}`},
		{"B | A", `{"Fn::Or":[{"Condition":"A"},{"Condition":"B"}]}`},
		{"A C", "AandC"},
		{"C A", "AandC"},
		{"!A", "NotA"},
		{"!C", `{"Fn::Not":[{"Condition":"C"}]}`},
		{"A D", `{"Fn::And":[{"Condition":"A"},{"Condition":"D"}]}`},
		{"A C | A !C", "A"},
		{"A C | A D", `{"Fn::And":[{"Condition":"A"},{"Condition":"InvokeWhen0"}]} {"Fn::Or":[{"Condition":"C"},{"Condition":"D"}]}`},
		{"A D | C", `{"Fn::Or":[{"Condition":"C"},{"Condition":"InvokeWhen0"}]} {"Fn::And":[{"Condition":"A"},{"Condition":"D"}]}`},
		{"Unknown D", `{"Fn::And":[{"Condition":"D"},{"Condition":"Unknown"}]}`},
	} {
		c := &Conditions{t: parsed(t, conditional), Generated: map[string]string{}}
		name := c.Name(under(tt.guards))
		got := name
		if d, ok := c.Generated[name]; ok {
			got = d
		}
		hashed := regexp.MustCompile(`InvokeWhen[0-9a-f]{8}`)
		got = hashed.ReplaceAllString(got, "InvokeWhen0")
		for other, d := range c.Generated {
			if other != name {
				got += " " + d
			}
		}
		if got != tt.want {
			t.Errorf("%q: %s, want %s", tt.guards, got, tt.want)
		}
		for name := range c.Generated {
			if !hashed.MatchString(name) {
				t.Errorf("%q: the name %q", tt.guards, name)
			}
		}
	}
}

// The same definition has the same name in all releases, and one that the template has
// already is used again.
func TestConditionNameStable(t *testing.T) {
	c := &Conditions{t: parsed(t, conditional), Generated: map[string]string{}}
	name := c.Name(under("A D"))
	if name != "InvokeWhen0c909b1e" || c.Name(under("D A")) != name {
		t.Errorf("names %q and %q", name, c.Name(under("D A")))
	}
	text := strings.Replace(conditional, `"A":`, `"`+name+`":`+c.Generated[name]+`,"A":`, 1)
	again := &Conditions{t: parsed(t, text), Generated: map[string]string{}}
	if got := again.Name(under("A D")); got != name || len(again.Generated) != 0 {
		t.Errorf("%q, generated %v", got, again.Generated)
	}
	taken := strings.Replace(conditional, `"A":`, `"`+name+`":{"Fn::Equals":["x","y"]},"A":`, 1)
	other := &Conditions{t: parsed(t, taken), Generated: map[string]string{}}
	if got := other.Name(under("A D")); got == name || len(other.Generated) != 1 {
		t.Errorf("the name %q is the author's", got)
	}
}

// Fn::And and Fn::Or take ten operands, and more are nested.
func TestConditionOperands(t *testing.T) {
	for _, n := range []int{2, 10, 11, 12, 100, 101, 300} {
		for _, form := range []string{"C%d ", "C%d X|", "!C%d "} {
			var defs, parameters, text strings.Builder
			for i := range n {
				fmt.Fprintf(&parameters, `"P%d":{},`, i)
				fmt.Fprintf(&defs, `"C%d":{"Fn::Equals":[{"Ref":"P%d"},"x"]},`, i, i)
				fmt.Fprintf(&text, form, i)
			}
			doc := `{"Conditions":{` + defs.String() + `"X":{"Fn::Equals":[{"Ref":"P"},"x"]}},"Parameters":{` + parameters.String() + `"P":{}}}`
			c := &Conditions{t: parsed(t, doc), Generated: map[string]string{}}
			name := c.Name(under(strings.TrimSuffix(text.String(), "|")))
			var edits []template.Edit
			for name, d := range c.Generated {
				edits = append(edits, template.Edit{Op: template.Add, At: "/Conditions/" + jsontext.Pointer(name), Value: []byte(d)})
			}
			out, err := c.t.Apply(edits)
			if err != nil {
				t.Fatal(err)
			}
			deployable.Check(t, string(out))
			if !parsed(t, string(out)).Section("Conditions").Get(name).Exists() {
				t.Errorf("%d of %q: no condition %q", n, form, name)
			}
		}
	}
}

// Two definitions with the same hash are two conditions.
func TestConditionTwins(t *testing.T) {
	definition := func(n int) string { return fmt.Sprintf(`{"Fn::Not":[{"Condition":"C%d"}]}`, n) }
	a, b := hostile.Twins(t, func(n int) string { return Hash(definition(n)) })
	c := Conditions{t: parsed(t, `{"Resources":{}}`), Generated: map[string]string{}}
	for _, n := range []int{a, b, a, b} {
		if name := c.Define(definition(n)); c.Generated[name] != definition(n) {
			t.Errorf("%s is %s", name, c.Generated[name])
		}
	}
	if len(c.Generated) != 2 {
		t.Errorf("%v", c.Generated)
	}
}

func parsed(t *testing.T, text string) *template.Template {
	t.Helper()
	doc, err := template.Parse([]byte(text))
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return doc
}
