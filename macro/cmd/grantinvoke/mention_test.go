package main

import (
	"bytes"
	"slices"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"

	"github.com/grantinvoke/grantinvoke/macro/internal/source"
)

func TestMentions(t *testing.T) {
	type found struct {
		At     jsontext.Pointer
		Inner  bool
		Params []string
	}
	tests := []struct {
		name, text string
		want       []found
	}{
		{"single", `{"Transform":"M"}`, []found{{At: "/Transform"}}},
		{"list", `{"Transform":["X","M"]}`, []found{{At: "/Transform/1"}}},
		{"object", `{"Transform":{"Name":"M","Parameters":{"A":1}}}`, []found{{At: "/Transform", Params: []string{"A"}}}},
		{"object in a list", `{"Transform":["X",{"Parameters":{"A":1,"B":2},"Name":"M"}]}`, []found{{At: "/Transform/1", Params: []string{"A", "B"}}}},
		{"among the resources", `{"Resources":{"Fn::Transform":{"Name":"M"}}}`, []found{{At: "/Resources/Fn::Transform"}}},
		{"in a list there", `{"Resources":{"Fn::Transform":[{"Name":"X"},{"Name":"M"}]}}`, []found{{At: "/Resources/Fn::Transform/1"}}},
		{"inside", `{"Resources":{"A":{"Properties":{"Fn::Transform":"M"}}}}`, []found{{At: "/Resources/A/Properties/Fn::Transform", Inner: true}}},
		{"other places", `{"Metadata":{"M":"M","Name":"M"},"Resources":{"M":{"Type":"M"}},"Outputs":{"Transform":"M"}}`, nil},
		{"another", `{"Transform":"Ms"}`, nil},
		{"escaped", `{"Transform":"\u004d"}`, nil}, // nobody writes that, and the search for the name is what makes it fast
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []found
			for _, m := range mentions([]byte(tt.text), "M") {
				f := found{At: m.at, Inner: m.inner}
				for name := range m.params {
					f.Params = append(f.Params, name)
				}
				slices.Sort(f.Params)
				got = append(got, f)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Whatever names the macro can be taken out, and then nothing does.
func FuzzMentions(f *testing.F) {
	for _, s := range []string{"Transform: M\nA: 1\n", "Transform: [X, {Name: M}]\nA: 1\n", "A: 1\nTransform:\n- M\n- Name: M\n",
		"Resources:\n  Fn::Transform: [M]\n  A: {Fn::Transform: {Name: M, Parameters: {P: !Ref Q}}}\n"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := source.Read("t.yaml", data)
		if err != nil {
			return
		}
		var at []jsontext.Pointer
		for _, m := range mentions(file.JSON(), "M") {
			if v := lookup(file.JSON(), m.at); !bytes.Contains(v, []byte("M")) {
				t.Fatalf("%q: nothing at %s", data, m.at)
			}
			at = append(at, m.at)
		}
		out, err := file.Remove(at...)
		if err != nil || len(at) == 0 {
			return
		}
		without, err := source.Read("t.yaml", out)
		if err != nil {
			t.Fatal(err)
		}
		if left := mentions(without.JSON(), "M"); len(left) > 0 {
			t.Fatalf("%q: left %v of %q", out, left, data)
		}
	})
}

func TestLookup(t *testing.T) {
	src := []byte(`{"a":[{"b/c":1},2],"d":null}`)
	for p, want := range map[jsontext.Pointer]string{"": string(src), "/a/0/b~1c": "1", "/a/1": "2", "/a/2": "", "/a/x": "", "/d": "null", "/d/e": "", "/z": ""} {
		if got := lookup(src, p); string(got) != want {
			t.Errorf("lookup %q = %s, want %s", p, got, want)
		}
	}
}

func TestLocalDefinition(t *testing.T) {
	for text, want := range map[string]bool{
		`{"Resources":{"A":{"Properties":{"DefinitionUri":"./api.yaml"}}}}`:                      true,
		`{"Resources":{"A":{"Properties":{"DefinitionUri":"s3://b/k"}}}}`:                        false,
		`{"Resources":{"A":{"Properties":{"DefinitionUri":{"Bucket":"b"}}}}}`:                    false,
		`{"A":{"Fn::Transform":{"Name":"AWS::Include","Parameters":{"Location":"api.yaml"}}}}`:   true,
		`{"A":{"Fn::Transform":{"Name":"AWS::Include","Parameters":{"Location":"s3://b/api"}}}}`: false,
		`{"A":["DefinitionUri","x"]}`: false,
	} {
		if got := localDefinition([]byte(text)); got != want {
			t.Errorf("%s: %v", text, got)
		}
	}
}
