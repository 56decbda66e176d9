package invoke_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/stack"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// bells is a made-up service: a value is all that a service needs.
var bells = invoke.Service{
	Name: "bells", Title: "Bells", Word: "Bell", Principal: "bells.example.com",
	Kinds: []invoke.Kind{{
		Name: "bell", Doc: "Rings[].Function of an Example::Bell", Types: []string{"Example::Bell"}, Before: true,
		Find: func(f *invoke.Finder, r template.Resource) {
			for when, ring := range r.Properties().Get("Rings").Elements {
				f.Wire(invoke.Wire{Resource: r, Function: ring.Get("Function"), When: when, Label: "bell " + r.ID, Takes: invoke.Takes{Holder: ring, Name: "Role", None: "NOBODY"},
					Source: invoke.SourceARN{Exact: template.AttOf(r.ID, "Arn")}})
			}
		},
	}},
	Spells: map[string]invoke.Spells{"Example::Bell": func(n *invoke.Names, r template.Resource, attribute string) (template.Text, bool) {
		name, _ := n.NameOf(r, "Name")
		return invoke.OwnARN("bells", template.Literal("bell/"), name), attribute == "Arn"
	}},
}

// find looks for calls in a template with a bell, a function and more resources.
func find(t *testing.T, rings, more string) invoke.Found {
	t.Helper()
	doc, err := template.Parse([]byte(`{"Parameters":{"P":{"Type":"String"}},"Conditions":{"C":{"Fn::Equals":[{"Ref":"P"},"x"]}},"Resources":{` + more +
		`"Fn":{"Type":"AWS::Lambda::Function"},"Bell":{"Type":"Example::Bell","Properties":{"Name":"big","Rings":` + rings + `}}}}`))
	if err != nil {
		t.Fatal(err)
	}
	return invoke.Find(doc, invoke.Environment{Services: invoke.NewCatalog(&bells), Facts: stack.Facts{Region: "us-east-1", Account: "111122223333"}})
}

// A property makes a call of each function that it can name, under the condition of
// each, and with the credentials beside it.
func TestWire(t *testing.T) {
	const arn = `{"Fn::GetAtt":["Fn","Arn"]}`
	for name, tt := range map[string]struct {
		rings, more string
		want        []string
	}{
		"a function":         {`[{"Function":` + arn + `}]`, "", []string{"Bell /Resources/Bell/Properties/Rings/0/Function: ${Fn.Arn} from ${Bell.Arn} as 0"}},
		"a name":             {`[{"Function":{"Ref":"Fn"}}]`, "", []string{"Bell /Resources/Bell/Properties/Rings/0/Function: ${Fn.Arn} from ${Bell.Arn} as 0 +not-arn"}},
		"either of two":      {`[{"Function":{"Fn::If":["C",` + arn + `,{"Fn::GetAtt":["Other","Arn"]}]}}]`, `"Other":{"Type":"AWS::Lambda::Function"},`, []string{"Bell /Resources/Bell/Properties/Rings/0/Function: ${Fn.Arn} from ${Bell.Arn} if C as 0", "Bell /Resources/Bell/Properties/Rings/0/Function: ${Other.Arn} from ${Bell.Arn} if not C as 0"}},
		"by a role":          {`[{"Function":` + arn + `,"Role":"arn:aws:iam::111122223333:role/r"}]`, "", []string{"Bell /Resources/Bell/Properties/Rings/0/Function: ${Fn.Arn} from ${Bell.Arn} as 1"}},
		"the word for none":  {`[{"Function":` + arn + `,"Role":"NOBODY"}]`, "", []string{"Bell /Resources/Bell/Properties/Rings/0/Function: ${Fn.Arn} from ${Bell.Arn} as 0"}},
		"something else":     {`[{"Function":{"Fn::GetAtt":["Queue","Arn"]}}]`, `"Queue":{"Type":"AWS::SQS::Queue"},`, nil},
		"nobody can know":    {`[{"Function":{"Fn::ImportValue":"x"}}]`, "", []string{"maybe-function at /Resources/Bell/Properties/Rings/0/Function"}},
		"nowhere":            {`[{"Function":{"Fn::Sub":"arn:aws:lambda:us-east-1:111122223333:function:${Nothing}"}}]`, "", []string{"Bell /Resources/Bell/Properties/Rings/0/Function:  from ${Bell.Arn} as 0 !dangling"}},
		"under a condition":  {`{"Fn::If":["C",[{"Function":` + arn + `}],{"Ref":"AWS::NoValue"}]}`, "", []string{"Bell /Resources/Bell/Properties/Rings/Fn::If/1/0/Function: ${Fn.Arn} from ${Bell.Arn} if C as 0"}},
		"of another account": {`[{"Function":"arn:aws:lambda:us-east-1:999999999999:function:f"}]`, "", []string{"Bell /Resources/Bell/Properties/Rings/0/Function: arn:aws:lambda:us-east-1:999999999999:function:f from ${Bell.Arn} as 0"}},
	} {
		t.Run(name, func(t *testing.T) {
			found := find(t, tt.rings, tt.more)
			var got []string
			for _, c := range found.Calls {
				if c.Kind.Name != "bell" || !c.Kind.Before || c.Principal != "bells.example.com" || c.Origin.ID != "Bell" {
					t.Errorf("a call of %s, of %s as %s", c.Kind.Name, c.Origin.ID, c.Principal)
				}
				s := fmt.Sprintf("%s %s: %s from %s", c.Resource, c.At(), c.Target.Name, c.Source.Tail(nil))
				if len(c.When) > 0 {
					s += " if " + c.When.String()
				}
				s += fmt.Sprintf(" as %d", c.Identity)
				if c.Problem != nil {
					s += " !" + c.Problem.Name
				}
				for _, n := range c.Notes {
					s += " +" + n.Name
				}
				got = append(got, s)
			}
			for _, p := range found.Problems {
				got = append(got, p.Name+" at "+string(p.At))
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Source ARNs can be compared however they are spelled.
func TestSpells(t *testing.T) {
	names := find(t, `[]`, "").Names
	if got := names.Canonical(template.AttOf("Bell", "Arn")).String(); !strings.HasSuffix(got, ":bell/big") {
		t.Errorf("the bell is spelled %s", got)
	}
	if got := names.Canonical(template.AttOf("Fn", "Arn")).String(); got != "${Fn.Arn}" {
		t.Errorf("the function is spelled %s", got)
	}
}
