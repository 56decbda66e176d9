package source

import (
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"

	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// Texts that were edited wrongly, or not at all, at some time.
func TestApplyRegressions(t *testing.T) {
	tests := []struct{ name, text, edits, want string }{
		{"a key that begins with a colon is no colon", "? a\n:b: 1\n", "add /c 2", "? a\n:b: 1\nc: 2\n"},
		{"an empty key with an anchor", "&x: 1\nb: 2\n", "replace / 3", "&x: 3\nb: 2\n"},
		{"an empty key has no text to rename", "&x: 1\n", "rename / a", `t:1:1: "": the key is empty and cannot be renamed; hint: write it as "":`},
		{"a replaced block scalar keeps no header", "a:\n  b: |\n    x", "replace /a/b 1;add /a/c 2", "a:\n  b: 1\n  c: 2"},
		{"a header gets its minus once", "a:\n  b:\n    c: >2+\n       x", "add /a/b/d 1;add /a/e 2;add /f 3", "a:\n  b:\n    c: >2-\n       x\n    d: 1\n  e: 2\nf: 3"},
		{"a block scalar as a key is cut off too", "a: 1\n? |\n b", "add /c 2", "a: 1\n? |-\n b\nc: 2"},
		{"a scalar leaves the column of its key", "a:\n  # c\n- x\n- y\nb: 1\n", "replace /a 2", "a: 2\n  # c\nb: 1\n"},
		{"a short tag over a list in the column of its key", "a: # c\n- x\nb: !Ref c\n", `replace /a {"Fn::Join":["",[]]}`, "a: !Join # c\n- ''\n- []\nb: !Ref c\n"},
		{"a mapping inside a list in brackets", "a: [{b: 1}, {c: 2}]\n", `add /a/0/d 3;add /a/1/e 4;add /a/- 5`, "a: [{b: 1, d: 3}, {c: 2, e: 4}, 5]\n"},
		{"text that ends in what looks like a comment", "a: b#c\nd: 'e # f' # g\n", "replace /a 1;replace /d 2", "a: 1\nd: 2 # g\n"},
		{"a tag without a value", "a: !Sub\nb: !GetAtt # c\n", `replace /a/Fn::Sub "x";replace /b 1`, "a: !Sub x\nb: 1 # c\n"},
		{"two parts of one attribute", "a: !GetAtt B.C # d\n", `replace /a/Fn::GetAtt/0 "E";replace /a/Fn::GetAtt/1 "F.G"`, "a: !GetAtt E.F.G # d\n"},
		{"an attribute that becomes a function", "a: !GetAtt B.C\n", `replace /a/Fn::GetAtt/1 {"Ref":"D"}`, "a:\n  Fn::GetAtt:\n    - B\n    - !Ref D\n"},
		{"a function named as no function", "a: !Ref b\n", `add /c {"Fn::Ref":"d"}`, "a: !Ref b\nc:\n  Fn::Ref: d\n"},
		{"an argument in brackets with nothing in them", "a: !Transform {}\n", `add /a/Fn::Transform/Name "x"`, "a: !Transform\n  Name: x\n"},
		{"what an alias stands for", "a: &x !Ref b\nc: *x\n", `replace /c/Ref "d"`, "a: &x !Ref b\nc: !Ref d\n"},
		{"a merged member beside an own one", "a: &x {b: 1}\nc:\n  <<: *x\n", "add /c/d 2", "a: &x {b: 1}\nc:\n  <<: *x\n  d: 2\n"},
		{"a number that YAML 1.1 takes for text", "a: 1\n", "add /b 1e3;replace /a 2E-7", "a: 2.0e-7\nb: 1.0e+3\n"},
		{"a comment that looks like a bracket", "a: {b: 1 # }\n  }\n", "add /a/c 2", "a: {b: 1, c: 2 # }\n  }\n"},
		{"no space before a value in brackets", "a: {\"b\":1,\"c\":}\n", "replace /a/c 2;add /a/d 3", "a: {\"b\":1,\"c\": 2, \"d\": 3}\n"},
		{"a line that is blank but for spaces", "a:\n  b: 1\n   \nc: 2\n", "add /a/d 3", "a:\n  b: 1\n  d: 3\n   \nc: 2\n"},
		{"a line that is blank but for a block's indentation", "a:\n  b: |\n    x\n    \nc: 2\n", "add /a/d 3", "a:\n  b: |\n    x\n  d: 3\n    \nc: 2\n"},
		{"a line of a block that is blank but for more", "a:\n  b: |\n    x\n     \nc: 2\n", "add /a/d 3", "a:\n  b: |\n    x\n     \n  d: 3\nc: 2\n"},
		{"a key in brackets without a colon", "a: {b, c: d}\n", "replace /a/b 1", "a: {b: 1, c: d}\n"},
		{"a wide character before the value", "a: {ü: é, b: ö}\n", "replace /a/b 1;rename /a/ü u", "a: {u: é, b: 1}\n"},
		{"a key that stands twice", "a:\n  b: 1\n  c: 2\n  b: 3\nd: 4\n", "replace /a/b 5;add /a/e 6", "a:\n  b: 1\n  c: 2\n  b: 5\n  e: 6\nd: 4\n"},
		{"a name that stands twice", `{"a": {"b": 1, "c": 2, "b": 3}}`, "replace /a/b 5;add /a/e 6", `{"a": {"b": 1, "c": 2, "b": 5, "e": 6}}`},
		{"a key that stands twice and is renamed", "a: 1\na: 3\n", "rename /a b", "t:2:1: a: the key stands twice, and the first would count without the last; hint: remove one of the two"},
		{"a dash that is text", "a: [-, b] # [-]\nc: !Join [-, [d]]\n", "add /a/- 1;replace /c/Fn::Join/1/0 2", "a: [-, b, 1] # [-]\nc: !Join [-, [2]]\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f, err := Read("t", []byte(tt.text))
			if err != nil {
				t.Fatal(err)
			}
			list := parseEdits(t, tt.edits, ";")
			got, err := f.Apply(list)
			if err != nil {
				got = []byte(err.Error())
			} else {
				checkMeaning(t, f, list, got)
			}
			if diff := cmp.Diff(tt.want, string(got)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// A file keeps its encoding.
func TestApplyEncoding(t *testing.T) {
	for _, e := range []encoding{utf8Plain, utf8Mark, utf16Little, utf16LittleMark, utf16Big, utf16BigMark} {
		f, err := Read("t", e.encode([]byte("a: ü😀\n")))
		if err != nil {
			t.Fatal(err)
		}
		got, err := f.Apply([]template.Edit{{Op: template.Add, At: "/b", Value: jsontext.Value(`"o"`)}})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(e.encode([]byte("a: ü😀\nb: o\n"))), string(got)); diff != "" {
			t.Errorf("encoding %d (-want +got):\n%s", e, diff)
		}
	}
}
