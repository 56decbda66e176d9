package source

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v4"
)

func TestScalarText(t *testing.T) {
	tests := []struct{ text, want, double, flow string }{
		{"AWS::Lambda::Permission", "AWS::Lambda::Permission", "", ""},
		{"lambda:InvokeFunction", "lambda:InvokeFunction", "", ""},
		{"GET /pets", "GET /pets", "", ""},
		{"Größe", "Größe", "", ""},
		{"*/GET", `'*/GET'`, `"*/GET"`, `'*/GET'`},
		{"arn:${AWS::Partition}:x", `'arn:${AWS::Partition}:x'`, `"arn:${AWS::Partition}:x"`, `'arn:${AWS::Partition}:x'`},
		{"", `''`, `""`, `''`},
		{"a: b", `'a: b'`, `"a: b"`, `'a: b'`},
		{"a:", `'a:'`, `"a:"`, `'a:'`},
		{"a #b", `'a #b'`, `"a #b"`, `'a #b'`},
		{"a#b", "a#b", "", ""},
		{"a, b", "a, b", "", `'a, b'`},
		{"it's", "it's", "", ""},
		{"'", `''''`, `"'"`, `''''`},
		{`say "x"`, `say "x"`, "", ""},
		{`"x"`, `'"x"'`, `'"x"'`, `'"x"'`},
		{`#\`, `'#\'`, `'#\'`, `'#\'`},
		{" a", `' a'`, `" a"`, `' a'`},
		{"a ", `'a '`, `"a "`, `'a '`},
		{"yes", `'yes'`, `"yes"`, `'yes'`}, {"Off", `'Off'`, `"Off"`, `'Off'`}, {"NULL", `'NULL'`, `"NULL"`, `'NULL'`}, {"y", `'y'`, `"y"`, `'y'`},
		{"012", `'012'`, `"012"`, `'012'`}, {"1e3", `'1e3'`, `"1e3"`, `'1e3'`}, {"2010-09-09", `'2010-09-09'`, `"2010-09-09"`, `'2010-09-09'`},
		{"-", `'-'`, `"-"`, `'-'`}, {"---", `'---'`, `"---"`, `'---'`}, {"~", `'~'`, `"~"`, `'~'`}, {"=", `'='`, `"="`, `'='`}, {"<<", `'<<'`, `"<<"`, `'<<'`},
		{"a\nb\t\x01\u2028\ufeff", `"a\nb\t\u0001\u2028\uFEFF"`, `"a\nb\t\u0001\u2028\uFEFF"`, `"a\nb\t\u0001\u2028\uFEFF"`},
		{"\U000e0001", `"\U000E0001"`, `"\U000E0001"`, `"\U000E0001"`},
		{"☺ 😀", `'☺ 😀'`, `"☺ 😀"`, `'☺ 😀'`},
	}
	for _, tt := range tests {
		if tt.double == "" {
			tt.double = tt.want
		}
		if tt.flow == "" {
			tt.flow = tt.want
		}
		got := []string{style{}.scalar(tt.text, false), style{double: true}.scalar(tt.text, false), style{}.scalar(tt.text, true)}
		if diff := cmp.Diff([]string{tt.want, tt.double, tt.flow}, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", tt.text, diff)
		}
		for _, text := range []string{"k: " + got[0], "- " + got[1], "[" + got[2] + "]", got[0] + ": v"} {
			var v any
			if err := yaml.Unmarshal([]byte(text), &v); err != nil {
				t.Errorf("%s: %v", text, err)
			}
		}
	}
}

func TestWrite(t *testing.T) {
	short := style{step: 2, list: 2, short: true}
	long := style{step: 4, list: 0}
	tests := []struct {
		name  string
		style style
		json  string
		want  string
	}{
		{"ref", short, `{"Ref":"AWS::Region"}`, "k: !Ref AWS::Region"},
		{"ref, long", long, `{"Ref":"AWS::Region"}`, "k:\n    Ref: AWS::Region"},
		{"condition", short, `{"Condition":"C"}`, "k: !Condition C"},
		{"attribute", short, `{"Fn::GetAtt":["F","Arn"]}`, "k: !GetAtt F.Arn"},
		{"attribute with dots", short, `{"Fn::GetAtt":["F","A.B"]}`, "k: !GetAtt F.A.B"},
		{"attribute, long", long, `{"Fn::GetAtt":["F","Arn"]}`, "k:\n    Fn::GetAtt:\n    - F\n    - Arn"},
		{"attribute by a function", short, `{"Fn::GetAtt":["F",{"Ref":"A"}]}`, "k:\n  Fn::GetAtt:\n    - F\n    - !Ref A"},
		{"attribute as one text", short, `{"Fn::GetAtt":"F.Arn"}`, "k:\n  Fn::GetAtt: F.Arn"},
		{"attribute of an id with a dot", short, `{"Fn::GetAtt":["a.b","c"]}`, "k: !GetAtt\n  - a.b\n  - c"},
		{"sub", short, `{"Fn::Sub":"${a}/*"}`, "k: !Sub '${a}/*'"},
		{"sub list", short, `{"Fn::Sub":["${a}",{"a":{"Ref":"B"}}]}`, "k: !Sub\n  - '${a}'\n  - a: !Ref B"},
		{"nested", short, `{"Fn::Select":[0,{"Fn::Split":[",",{"Ref":"L"}]}]}`, "k: !Select\n  - 0\n  - !Split\n    - ','\n    - !Ref L"},
		{"one tag a value", short, `{"Fn::Base64":{"Fn::Sub":"x"}}`, "k:\n  Fn::Base64: !Sub x"},
		{"no tag for a number", short, `{"Fn::Base64":5}`, "k:\n  Fn::Base64: 5"},
		{"no tag for another name", short, `{"Fn::ForEach::X":["a"]}`, "k:\n  Fn::ForEach::X:\n    - a"},
		{"no function", short, `{"Fn::Ref":"a"}`, "k:\n  Fn::Ref: a"},
		{"two members", short, `{"Ref":"a","b":1}`, "k:\n  Ref: a\n  b: 1"},
		{"mapping", short, `{"Fn::Transform":{"Name":"AWS::Include"}}`, "k: !Transform\n  Name: AWS::Include"},
		{"empty", short, `{"a":{},"b":[],"c":null,"d":"","e":{"Fn::Join":[]}}`, "k:\n  a: {}\n  b: []\n  c: null\n  d: ''\n  e: !Join []"},
		{"lists of lists", short, `[[1,[2]],[],{"a":1,"b":[2]}]`, "k:\n  - - 1\n    - - 2\n  - []\n  - a: 1\n    b:\n      - 2"},
		{"lists in the key's column", long, `[[1],{"a":["b"]}]`, "k:\n- - 1\n- a:\n  - b"},
		{"numbers", short, `[1e3,1.5E7,-2e-3,1.0,12345678901234567890]`, "k:\n  - 1.0e+3\n  - 1.5e+7\n  - -2.0e-3\n  - 1.0\n  - 12345678901234567890"},
		{"keys", short, `{"200":1,"on":2,"a b":3,"a: b":4,"/p/{id}":5,"":6}`, "k:\n  '200': 1\n  'on': 2\n  a b: 3\n  'a: b': 4\n  '/p/{id}': 5\n  '': 6"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			v, err := index([]byte(tt.json))
			if err != nil {
				t.Fatal(err)
			}
			got := strings.Join(tt.style.member("k", v), "\n")
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			f, err := Read("t", []byte(got))
			if err != nil || !sameJSON(f.JSON(), []byte(`{"k":`+tt.json+`}`)) {
				t.Errorf("reads back otherwise: %v\n%s", err, f.JSON())
			}
			flow := "k: " + tt.style.flow(v)
			if f, err = Read("t", []byte(flow)); err != nil || !sameJSON(f.JSON(), []byte(`{"k":`+tt.json+`}`)) {
				t.Errorf("in brackets it reads back otherwise: %v\n%s", err, flow)
			}
		})
	}
}
