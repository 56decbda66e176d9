package template_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/grantinvoke/grantinvoke/macro/internal/template"
	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/hostile"
)

// guard reads "A !B": A and not B.
func guard(text string) template.Guard {
	var g template.Guard
	for _, word := range strings.Fields(text) {
		name, not := strings.CutPrefix(word, "!")
		g, _ = g.And(template.When(name, not))
	}
	return g
}

func guards(texts ...string) []template.Guard {
	out := make([]template.Guard, len(texts))
	for i, x := range texts {
		out[i] = guard(x)
	}
	return out
}

const switches = `{"Conditions":{
	"Prod":{"Fn::Equals":[{"Ref":"Env"},"prod"]}, "Dev":{"Fn::Equals":["dev",{"Ref":"Env"}]}, "NotProd":{"Fn::Not":[{"Condition":"Prod"}]},
	"SameAsProd":{"Fn::Equals":[{"Ref":"Env"},"prod"]}, "East":{"Fn::Equals":[{"Ref":"AWS::Region"},"us-east-1"]},
	"ProdEast":{"Fn::And":[{"Condition":"Prod"},{"Condition":"East"}]}, "Either":{"Fn::Or":[{"Condition":"Prod"},{"Condition":"Dev"}]},
	"Off":{"Fn::Equals":["a","b"]}, "On":{"Fn::Equals":["a","a"]},
	"Loop":{"Fn::And":[{"Condition":"Pool"},{"Condition":"Prod"}]}, "Pool":{"Fn::Not":[{"Condition":"Loop"}]}, "Self":{"Condition":"Self"},
	"Odd":{"Fn::And":"x"}, "Odder":[], "Rules":{"Fn::Contains":[["a"],{"Ref":"Env"}]}}}`

func TestCovered(t *testing.T) {
	doc := parse(t, switches)
	tests := []struct {
		need string
		by   []string
		want bool
	}{
		{"", nil, false},
		{"Prod", nil, false},
		{"", []string{""}, true},
		{"Prod", []string{""}, true},
		{"", []string{"Prod"}, false},
		{"Prod", []string{"Prod"}, true},
		{"Prod East", []string{"Prod"}, true},
		{"Prod", []string{"Prod East"}, false},
		{"ProdEast", []string{"East"}, true},
		{"Prod East", []string{"ProdEast"}, true},
		{"Prod", []string{"!Dev"}, true}, // one parameter has one value
		{"!Prod", []string{"NotProd"}, true},
		{"NotProd", []string{"!Prod"}, true},
		{"Dev", []string{"NotProd"}, true},
		{"NotProd", []string{"Dev"}, false},
		{"Prod", []string{"SameAsProd"}, true},
		{"Either", []string{"Prod", "Dev"}, true},
		{"Either", []string{"Prod"}, false},
		{"", []string{"Prod", "!Prod"}, true},
		{"", []string{"Prod", "Dev"}, false},
		{"", []string{"Prod East", "Prod !East", "NotProd"}, true},
		{"", []string{"Prod East", "Prod !East", "Dev"}, false},
		{"Off", []string{"On"}, false}, // what is switched by hand can be anything
		{"On", []string{"Off"}, false},
		{"Unknown", []string{"Unknown"}, true},
		{"Unknown", []string{"Prod"}, false},
		{"Unknown", []string{"Odd", "!Odd"}, true},
		{"Rules", []string{"Prod"}, false},
		{"Loop", []string{"Self"}, false},
	}
	for _, tt := range tests {
		if got := doc.Covered(guard(tt.need), guards(tt.by...)); got != tt.want {
			t.Errorf("%q by %q: %v, want %v", tt.need, tt.by, got, tt.want)
		}
		if len(tt.by) == 1 && doc.Implies(guard(tt.need), guard(tt.by[0])) != tt.want {
			t.Errorf("%q implies %q: %v", tt.need, tt.by[0], !tt.want)
		}
	}
}

// Formulas that are too large for a truth table are compared by their definitions.
func TestCoveredByDefinition(t *testing.T) {
	large := func(parameter string) string {
		var b strings.Builder
		for i := range 10 {
			fmt.Fprintf(&b, `,{"Fn::Equals":[{"Ref":"%s%d"},"x"]}`, parameter, i)
		}
		return `{"Fn::Or":[` + b.String()[1:] + `]}`
	}
	doc := parse(t, `{"Conditions":{"A":`+large("A")+`,"B":`+large("B")+`,"C":`+large("C")+`,"Both":{"Fn::And":[{"Condition":"A"},{"Condition":"B"}]},
		"NotBoth":{"Fn::Not":[{"Condition":"Both"}]},"Any":{"Fn::Or":[{"Condition":"C"},{"Condition":"Both"}]},"Neither":{"Fn::And":[{"Fn::Not":[{"Condition":"A"}]},{"Fn::Not":[{"Condition":"B"}]}]},
		"Loop":{"Fn::Or":[{"Condition":"Loop"},{"Condition":"Both"}]},"Empty":{"Fn::And":[]}}}`)
	for _, tt := range []struct {
		need string
		by   []string
		want bool
	}{
		{"A B", []string{"Both"}, true}, {"A", []string{"Both"}, false}, {"A B", []string{"Any"}, true}, {"C", []string{"Any"}, true}, {"A B", []string{"C", "Both"}, true},
		{"!A", []string{"NotBoth"}, true}, {"!B C", []string{"NotBoth"}, true}, {"A B", []string{"NotBoth"}, false}, {"!A !B", []string{"Neither"}, true}, {"!A", []string{"Neither"}, false},
		{"A", []string{"!Neither"}, true}, {"A B", []string{"Loop"}, true}, {"A C", []string{"Loop"}, false}, {"A B", []string{"Both C"}, false}, {"A B C", []string{"Both C"}, true},
		{"A B C", []string{"Empty"}, false}, {"A B C", []string{"Unknown"}, false}, {"!A !C", []string{"!Any"}, true}, {"!A", []string{"!Any"}, false},
	} {
		if got := doc.Covered(guard(tt.need), guards(tt.by...)); got != tt.want {
			t.Errorf("%q by %q: %v, want %v", tt.need, tt.by, got, tt.want)
		}
	}
}

func TestPossible(t *testing.T) {
	doc := parse(t, switches)
	for g, want := range map[string]bool{
		"": true, "Prod": true, "Prod East": true, "Prod Dev": false, "Prod NotProd": false, "ProdEast NotProd": false, "Either !Prod": true,
		"Either !Prod !Dev": false, "Prod !SameAsProd": false, "Off On": true, "Loop Pool": true, "Self !Odd Odder Unknown": true,
	} {
		if got := doc.Possible(guard(g)); got != want {
			t.Errorf("%q: %v, want %v", g, got, want)
		}
	}
}

func TestSimplify(t *testing.T) {
	doc := parse(t, switches)
	for g, want := range map[string]string{
		"": "", "Prod": "Prod", "Prod East": "East and Prod", "Prod ProdEast East": "ProdEast", "NotProd !Prod": "not Prod",
		"Prod Either":     "Prod",                // Either is made of Prod
		"Prod SameAsProd": "Prod and SameAsProd", // the same comparison twice: both stay
		"Dev NotProd":     "Dev and NotProd",     // the comparisons aren't looked at
		"Unknown Odd":     "Odd and Unknown",
	} {
		got := doc.Simplify(guard(g)).String()
		if got != want && !(g == "NotProd !Prod" && got == "NotProd") {
			t.Errorf("%q: %q, want %q", g, got, want)
		}
	}
}

func TestEquivalent(t *testing.T) {
	doc := parse(t, switches)
	for _, tt := range []struct {
		guards []string
		want   string
	}{
		{[]string{"Prod East"}, "ProdEast"}, {[]string{"!Prod"}, "NotProd"}, {[]string{"Prod", "Dev"}, "Either"}, {[]string{"Dev", "East"}, ""},
		{[]string{"Prod"}, "Prod"}, {[]string{"!Dev"}, ""}, {[]string{"Prod East", "Prod !East"}, "Prod"},
	} {
		got, ok := doc.Equivalent(guards(tt.guards...))
		if got != tt.want || ok != (tt.want != "") {
			t.Errorf("%q: %q, %v, want %q", tt.guards, got, ok, tt.want)
		}
	}
	if name, ok := doc.DefinedAs(`{"Fn::Equals":[{"Ref":"Env"},"prod"]}`); name != "Prod" || !ok {
		t.Errorf("DefinedAs: %q, %v", name, ok)
	}
	if name, ok := doc.DefinedAs(`{"Fn::Not":[{"Condition":"Dev"}]}`); name != "" || ok {
		t.Errorf("DefinedAs: %q, %v", name, ok)
	}
}

func TestGuardAnd(t *testing.T) {
	for _, tt := range []struct {
		a, b, want string
		ok         bool
	}{
		{"", "", "", true}, {"A", "", "A", true}, {"", "A", "A", true}, {"A", "A", "A", true}, {"B", "A", "A and B", true},
		{"A C", "B", "A and B and C", true}, {"A !C", "!C B", "A and B and not C", true}, {"A", "!A", "", false}, {"A B C", "!B", "", false},
	} {
		a, b := guard(tt.a), guard(tt.b)
		got, ok := a.And(b)
		if got.String() != tt.want || ok != tt.ok {
			t.Errorf("%q and %q: %q, %v", tt.a, tt.b, got, ok)
		}
		if a.String() != guard(tt.a).String() || b.String() != guard(tt.b).String() {
			t.Errorf("%q and %q became %q and %q", tt.a, tt.b, a, b)
		}
	}
	if guard("A B").Key() == guard("A !B").Key() || guard("A").Key() == guard("A B").Key() || guard("B A").Key() != guard("A B").Key() {
		t.Error("keys")
	}
	if !guard("A !B").Has(template.Term{Cond: "B", Not: true}) || guard("A !B").Has(template.Term{Cond: "B"}) {
		t.Error("Has")
	}
}

// No conditions make the solver work for long: neither many comparisons, nor formulas that
// share parts, nor definitions that need themselves.
func TestConditionBombs(t *testing.T) {
	shared := func(n int, last string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, `"C%d":{"Fn::And":[{"Condition":"C%d"},{"Condition":"C%d"}]},`, i, i+1, i+1)
		}
		return `{"Conditions":{` + b.String() + fmt.Sprintf(`"C%d":%s}}`, n, last)
	}
	many := func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, `,"C%d":{"Fn::Or":[{"Fn::Equals":[{"Ref":"P%d"},"a"]},{"Fn::Equals":[{"Ref":"P%d"},"b"]}]}`, i, i, (i+1)%n)
		}
		return `{"Conditions":{` + b.String()[1:] + `}}`
	}
	for name, text := range map[string]string{
		"a chain of 3,000 that share":   shared(3000, `{"Fn::Equals":[{"Ref":"P"},"a"]}`),
		"3,000 that need one another":   shared(3000, `{"Condition":"C0"}`),
		"12 parameters":                 many(12),
		"13 parameters":                 many(13),
		"3,000 parameters":              many(3000),
		"4,000 in one another":          `{"Conditions":{"C0":` + nested(4000, `{"Fn::Not":[`, `{"Condition":"C1"}`, `]}`) + `,"C1":{"Condition":"C0"}}}`,
		"an Or of 100,000 that are one": `{"Conditions":{"C0":{"Fn::Or":[` + strings.Repeat(`{"Condition":"C1"},`, 100_000) + `{"Condition":"C1"}]}}}`,
	} {
		t.Run(name, func(t *testing.T) {
			doc := parse(t, text)
			hostile.Within(t, 10*time.Second, 1024, func() {
				for i := range 50 {
					g := guard(fmt.Sprintf("C%d !C%d", i, i+1))
					doc.Possible(g)
					doc.Covered(g, guards("C0 C2", "!C1 C3"))
					doc.Simplify(g)
				}
				doc.Equivalent(guards("C0 !C1", "C2"))
			})
		})
	}
}
