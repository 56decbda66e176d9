package grant

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/grantinvoke/grantinvoke/macro/internal/option"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
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
		c := &conditions{t: parse(t, conditional), generated: map[string]string{}}
		name := c.name(under(tt.guards))
		got := name
		if d, ok := c.generated[name]; ok {
			got = d
		}
		hashed := regexp.MustCompile(`InvokeWhen[0-9a-f]{8}`)
		got = hashed.ReplaceAllString(got, "InvokeWhen0")
		for other, d := range c.generated {
			if other != name {
				got += " " + d
			}
		}
		if got != tt.want {
			t.Errorf("%q: %s, want %s", tt.guards, got, tt.want)
		}
		for name := range c.generated {
			if !hashed.MatchString(name) {
				t.Errorf("%q: the name %q", tt.guards, name)
			}
		}
	}
}

// The same definition has the same name for ever, and one that the template
// has already is used again.
func TestConditionNameStable(t *testing.T) {
	c := &conditions{t: parse(t, conditional), generated: map[string]string{}}
	name := c.name(under("A D"))
	if name != "InvokeWhen0c909b1e" || c.name(under("D A")) != name {
		t.Errorf("names %q and %q", name, c.name(under("D A")))
	}
	text := strings.Replace(conditional, `"A":`, `"`+name+`":`+c.generated[name]+`,"A":`, 1)
	again := &conditions{t: parse(t, text), generated: map[string]string{}}
	if got := again.name(under("A D")); got != name || len(again.generated) != 0 {
		t.Errorf("%q, generated %v", got, again.generated)
	}
	taken := strings.Replace(conditional, `"A":`, `"`+name+`":{"Fn::Equals":["x","y"]},"A":`, 1)
	other := &conditions{t: parse(t, taken), generated: map[string]string{}}
	if got := other.name(under("A D")); got == name || len(other.generated) != 1 {
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
			c := &conditions{t: parse(t, doc), generated: map[string]string{}}
			name := c.name(under(strings.TrimSuffix(text.String(), "|")))
			var edits []template.Edit
			for name, d := range c.generated {
				edits = append(edits, template.Edit{Op: template.Add, At: "/Conditions/" + jsonPointer(name), Value: []byte(d)})
			}
			out, err := c.t.Apply(edits)
			if err != nil {
				t.Fatal(err)
			}
			checkDeployable(t, string(out))
			if !parse(t, string(out)).Section("Conditions").Get(name).Exists() {
				t.Errorf("%d of %q: no condition %q", n, form, name)
			}
		}
	}
}

// A call that exists under a condition is granted under it, and what is
// impossible isn't granted.
func TestGrantCondition(t *testing.T) {
	doc := func(fn, api, route string) string {
		text := leveled("", "", "", "", "")
		for id, condition := range map[string]string{"Fn": fn, "Api": api, "Route": route} {
			if condition != "" {
				text = strings.Replace(text, `"`+id+`":{`, `"`+id+`":{"Condition":"`+condition+`",`, 1)
			}
		}
		return strings.Replace(text, `{"Resources"`, strings.TrimSuffix(conditional, "}")+`,"Resources"`, 1)
	}
	for _, tt := range []struct{ fn, api, route, want string }{
		{"", "", "", ""}, {"A", "", "", "A"}, {"A", "A", "A", "A"}, {"A", "C", "", "AandC"}, {"C", "", "AandC", "AandC"}, {"A", "", "AandC", "AandC"}, {"", "", "NotA", "NotA"},
	} {
		r, out := grantAll(t, doc(tt.fn, tt.api, tt.route), option.Options{})
		got, _ := parse(t, out).At("/Resources/" + jsonPointer(r.Grants()[0].ID) + "/Condition").Text()
		if len(r.Grants()) != 1 || got != tt.want {
			t.Errorf("%+v: %q", tt, got)
		}
	}
	for _, x := range [][3]string{{"A", "B", ""}, {"A", "", "NotA"}, {"AandC", "NotA", ""}} {
		if r, _ := grantAll(t, doc(x[0], x[1], x[2]), option.Options{}); len(r.Decisions) != 0 || len(r.Grants()) != 0 {
			t.Errorf("%v: %s", x, cmp.Diff(nil, grants(r)))
		}
	}
}

// The output gets nothing more, however many comparisons the conditions are
// made of.
func TestGrantManyComparisons(t *testing.T) {
	text := strings.Replace(leveled("", "", "", "", ""), `"Fn":{`, `"Fn":{"Condition":"A",`, 1)
	text = strings.Replace(text, `"Route":{`, `"Route":{"Condition":"B",`, 1)
	large := func(parameter string) string {
		var b strings.Builder
		for i := range 10 {
			fmt.Fprintf(&b, `,{"Fn::Equals":[{"Ref":"AWS::%s"},"%d"]}`, parameter, i)
		}
		return `{"Fn::Or":[` + b.String()[1:] + `]}`
	}
	text = strings.Replace(text, `{"Resources"`, `{"Conditions":{"A":`+large("AccountId")+`,"B":`+large("Region")+`},"Resources"`, 1)
	checkGrants(t, text, option.Options{})
}
