package template_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// expression returns the value of an expression in a template with mappings.
func expression(t testing.TB, text string) template.Value {
	t.Helper()
	return parse(t, `{"Mappings":{"M":{"a":{"k":"looked up","n":7,"l":["x"]}}},"X":`+text+`}`).Root().Get("X")
}

// shown is what an expression can be, for people: "guard: text" where there is a guard, and
// "-" for what is absent. The JSON of opaque parts is in ${…}.
func shown(v template.Value) []string {
	var out []string
	for _, x := range v.Variants() {
		s := x.Text.String()
		if x.Absent {
			s = "-"
		}
		if len(x.When) > 0 {
			s = x.When.String() + ": " + s
		}
		out = append(out, s)
	}
	return out
}

func TestVariants(t *testing.T) {
	tests := []struct {
		name, in string
		want     []string
	}{
		{"string", `"a"`, []string{"a"}},
		{"empty string", `""`, []string{""}},
		{"number", `1.50`, []string{"1.50"}},
		{"boolean", `true`, []string{"true"}},
		{"null", `null`, []string{"-"}},
		{"no value", `{"Ref":"AWS::NoValue"}`, []string{"-"}},
		{"list", `["a", "b"]`, []string{`${["a","b"]}`}},
		{"object", `{"a": 1, "b": 2}`, []string{`${{"a":1,"b":2}}`}},
		{"unknown function", `{"Fn::ImportValue": "x"}`, []string{`${{"Fn::ImportValue":"x"}}`}},
		{"dynamic reference", `"{{resolve:ssm:/fn:1}}"`, []string{"{{resolve:ssm:/fn:1}}"}},
		{"stage variable", `"${stageVariables.x}"`, []string{"${stageVariables.x}"}},

		{"ref", `{"Ref":"A"}`, []string{"${A}"}},
		{"ref of no text", `{"Ref":["A"]}`, []string{`${{"Ref":["A"]}}`}},
		{"attribute", `{"Fn::GetAtt":["A","Arn"]}`, []string{"${A.Arn}"}},
		{"attribute as text", `{"Fn::GetAtt":"A.Arn"}`, []string{"${A.Arn}"}},
		{"attribute with dots", `{"Fn::GetAtt":["Nested","Outputs.FnArn"]}`, []string{"${Nested.Outputs.FnArn}"}},
		{"attribute of three", `{"Fn::GetAtt":["Nested","Outputs","FnArn"]}`, []string{"${Nested.Outputs.FnArn}"}},
		{"attribute by expression", `{"Fn::GetAtt":["A",{"Ref":"P"}]}`, []string{`${{"Fn::GetAtt":["A",{"Ref":"P"}]}}`}},
		{"attribute alone", `{"Fn::GetAtt":["A"]}`, []string{`${{"Fn::GetAtt":["A"]}}`}},

		{"sub", `{"Fn::Sub":"a${A}b${A.Arn}c"}`, []string{"a${A}b${A.Arn}c"}},
		{"sub without variables", `{"Fn::Sub":"abc"}`, []string{"abc"}},
		{"sub with pseudo parameter", `{"Fn::Sub":"${AWS::Region}"}`, []string{"${AWS::Region}"}},
		{"sub escaped", `{"Fn::Sub":"${!a} $ {b} $${C}"}`, []string{"${a} $ {b} $${C}"}},
		{"sub with dollars", `{"Fn::Sub":"$connect $a{b} 5$"}`, []string{"$connect $a{b} 5$"}},
		{"sub by map", `{"Fn::Sub":["${a}/${B}",{"a":{"Fn::GetAtt":["F","Arn"]},"B":"own"}]}`, []string{"${F.Arn}/own"}},
		{"sub by map with dots", `{"Fn::Sub":["${a.b}",{"a.b":"x"}]}`, []string{"x"}},
		{"sub by map with text like a variable", `{"Fn::Sub":["${a}",{"a":"${B}"}]}`, []string{"${B}"}},
		{"sub in a list of one", `{"Fn::Sub":["${A}"]}`, []string{"${A}"}},
		{"sub of no text", `{"Fn::Sub":{"Ref":"A"}}`, []string{`${{"Fn::Sub":{"Ref":"A"}}}`}},
		{"sub by nested map", `{"Fn::Sub":["${a}",{"a":{"Fn::Sub":["${b}",{"b":{"Fn::Join":["-",["x",{"Ref":"Y"}]]}}]}}]}`, []string{"x-${Y}"}},

		{"join", `{"Fn::Join":["",["a",{"Ref":"B"},"c"]]}`, []string{"a${B}c"}},
		{"join by a separator", `{"Fn::Join":[":",["a",{"Ref":"B"},3,""]]}`, []string{"a:${B}:3:"}},
		{"join of nothing", `{"Fn::Join":[":",[]]}`, []string{""}},
		{"join of a list that is an expression", `{"Fn::Join":[",",{"Ref":"L"}]}`, []string{`${{"Fn::Join":[",",{"Ref":"L"}]}}`}},
		{"join of opaque", `{"Fn::Join":["",["a",{"Fn::ImportValue":"x"}]]}`, []string{`a${{"Fn::ImportValue":"x"}}`}},
		{"join by no text", `{"Fn::Join":[{"Ref":"S"},["a","b"]]}`, []string{`${{"Fn::Join":[{"Ref":"S"},["a","b"]]}}`}},
		{"join of a split", `{"Fn::Join":["-",{"Fn::Split":[":","a:b:c"]}]}`, []string{"a-b-c"}},

		{"select", `{"Fn::Select":[1,["a",{"Ref":"B"}]]}`, []string{"${B}"}},
		{"select by text", `{"Fn::Select":["0",["a","b"]]}`, []string{"a"}},
		{"select of a split", `{"Fn::Select":[3,{"Fn::Split":[":","arn:aws:lambda:us-east-1:1"]}]}`, []string{"us-east-1"}},
		{"select of a split with pseudo parameters", `{"Fn::Select":[1,{"Fn::Split":[":",{"Fn::Sub":"a:${AWS::Region}:b"}]}]}`, []string{"${AWS::Region}"}},
		{"select beyond", `{"Fn::Select":[2,["a","b"]]}`, []string{`${{"Fn::Select":[2,["a","b"]]}}`}},
		{"select below", `{"Fn::Select":[-1,["a","b"]]}`, []string{`${{"Fn::Select":[-1,["a","b"]]}}`}},
		{"select beyond a split", `{"Fn::Select":[2,{"Fn::Split":[":","a:b"]}]}`, []string{`${{"Fn::Select":[2,{"Fn::Split":[":","a:b"]}]}}`}},
		{"select of an attribute", `{"Fn::Select":[3,{"Fn::Split":[":",{"Fn::GetAtt":["F","Arn"]}]}]}`,
			[]string{`${{"Fn::Select":[3,{"Fn::Split":[":",{"Fn::GetAtt":["F","Arn"]}]}]}}`}},
		{"select of a reference that may hold the separator", `{"Fn::Select":[0,{"Fn::Split":["-",{"Fn::Sub":"${AWS::Region}-x"}]}]}`,
			[]string{`${{"Fn::Select":[0,{"Fn::Split":["-",{"Fn::Sub":"${AWS::Region}-x"}]}]}}`}},

		{"map", `{"Fn::FindInMap":["M","a","k"]}`, []string{"looked up"}},
		{"map with a number", `{"Fn::FindInMap":["M","a","n"]}`, []string{"7"}},
		{"map of a list", `{"Fn::FindInMap":["M","a","l"]}`, []string{`${{"Fn::FindInMap":["M","a","l"]}}`}},
		{"map by expression", `{"Fn::FindInMap":["M",{"Ref":"AWS::Region"},"k"]}`, []string{`${{"Fn::FindInMap":["M",{"Ref":"AWS::Region"},"k"]}}`}},
		{"map without the key", `{"Fn::FindInMap":["M","b","k"]}`, []string{`${{"Fn::FindInMap":["M","b","k"]}}`}},

		{"if", `{"Fn::If":["C","a",{"Ref":"B"}]}`, []string{"C: a", "not C: ${B}"}},
		{"if without value", `{"Fn::If":["C","a",{"Ref":"AWS::NoValue"}]}`, []string{"C: a", "not C: -"}},
		{"if in if", `{"Fn::If":["C",{"Fn::If":["D","a","b"]},"c"]}`, []string{"C and D: a", "C and not D: b", "not C: c"}},
		{"if in the same if", `{"Fn::If":["C",{"Fn::If":["C","a","b"]},{"Fn::If":["C","c","d"]}]}`, []string{"C: a", "not C: d"}},
		{"if in sub", `{"Fn::Sub":["x${a}y",{"a":{"Fn::If":["C","1","2"]}}]}`, []string{"C: x1y", "not C: x2y"}},
		{"ifs in join", `{"Fn::Join":["",[{"Fn::If":["C","1","2"]},{"Fn::If":["D","3","4"]}]]}`,
			[]string{"C and D: 13", "C and not D: 14", "D and not C: 23", "not C and not D: 24"}},
		{"the same if twice in join", `{"Fn::Join":["",[{"Fn::If":["C","1","2"]},{"Fn::If":["C","3","4"]}]]}`, []string{"C: 13", "not C: 24"}},
		{"if of no condition", `{"Fn::If":[{"Ref":"C"},"a","b"]}`, []string{`${{"Fn::If":[{"Ref":"C"},"a","b"]}}`}},
		{"if of two", `{"Fn::If":["C","a"]}`, []string{`${{"Fn::If":["C","a"]}}`}},
		{"function with a sibling", `{"Fn::Sub":"a","x":1}`, []string{`${{"Fn::Sub":"a","x":1}}`}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := shown(expression(t, tt.in))
			if tt.name == "ifs in join" {
				for i := range got {
					got[i] = strings.Replace(got[i], "not C and D:", "D and not C:", 1) // a guard is a set
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if x, ok := expression(t, tt.in).One(); ok != (len(tt.want) == 1 && tt.want[0] != "-") || ok && x.String() != tt.want[0] {
				t.Errorf("One gives %q, %v", x, ok)
			}
		})
	}
}

// What was looked up in Mappings is known, and written back as it was.
func TestLookedUp(t *testing.T) {
	x, ok := expression(t, `{"Fn::Sub":["a-${v}",{"v":{"Fn::FindInMap":["M","a","k"]}}]}`).One()
	if s, plain := x.Plain(); !ok || !plain || s != "a-looked up" {
		t.Errorf("flattened to %q", x)
	}
	if want := `{"Fn::Sub":["a-${V1}",{"V1":{"Fn::FindInMap":["M","a","k"]}}]}`; x.JSON() != want {
		t.Errorf("written back as %s", x.JSON())
	}
}

// A list element that is AWS::NoValue isn't there, and no separator either.
func TestJoinDropsNoValue(t *testing.T) {
	for in, want := range map[string][]string{
		`{"Fn::Join":[":",["a",{"Ref":"AWS::NoValue"},"b"]]}`:                  {"a:b"},
		`{"Fn::Join":[":",[{"Ref":"AWS::NoValue"},"b"]]}`:                      {"b"},
		`{"Fn::Join":[":",["a",{"Fn::If":["C","x",{"Ref":"AWS::NoValue"}]}]]}`: {"C: a:x", "not C: a"},
	} {
		if diff := cmp.Diff(want, shown(expression(t, in))); diff != "" {
			t.Errorf("%s (-want +got)\n%s", in, diff)
		}
	}
}

// A definition inside of another document is flattened by that document's own
// mappings and conditions; guards come back whatever the nesting.
func TestBranches(t *testing.T) {
	v := expression(t, `{"Fn::If":["A",{"Fn::If":["B",{"x":1},{"Ref":"AWS::NoValue"}]},{"Fn::If":["A",{"x":2},{"x":3}]}]}`)
	var got []string
	for when, x := range v.Branches {
		got = append(got, fmt.Sprintf("%s: %s", when, x.Raw()))
	}
	want := []string{`A and B: {"x":1}`, `not A: {"x":3}`}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	for range v.Branches {
		break // stops without a panic
	}
	for _, text := range []string{`null`, `{"Ref":"AWS::NoValue"}`} {
		for range expression(t, text).Branches {
			t.Errorf("%s has a branch", text)
		}
	}
}
