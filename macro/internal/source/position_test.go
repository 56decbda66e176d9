package source

import (
	"fmt"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"
)

func TestPosition(t *testing.T) {
	const yamlText = `# ü
Base: &base
  Key: v
Resources:
  "A":
    Uri: !Sub x
    Att: !GetAtt B.Arn
    Ä: {ö: 1, p: [a, *base]}
    L:
      - !Ref X
      - k: v
        l: w
    Long:
      Fn::Sub: y
    <<: *base
  ? B
  : C
`
	const jsonText = "{\n  \"A\": {\"ä\": 1, \"B\": [\n\t1, {\"C\": null}]}\r\n, \"D\": 2}"
	tests := []struct {
		name, text string
		at         jsontext.Pointer
		want       Position
	}{
		{"root", yamlText, "", Position{2, 1}},
		{"section", yamlText, "/Resources", Position{4, 1}},
		{"quoted key", yamlText, "/Resources/A", Position{5, 3}},
		{"value with a tag", yamlText, "/Resources/A/Uri", Position{6, 5}},
		{"argument of a tag", yamlText, "/Resources/A/Uri/Fn::Sub", Position{6, 5}},
		{"part of an attribute", yamlText, "/Resources/A/Att/Fn::GetAtt/1", Position{7, 5}},
		{"key in brackets", yamlText, "/Resources/A/Ä/ö", Position{8, 9}},
		{"behind a wide character", yamlText, "/Resources/A/Ä/p", Position{8, 15}},
		{"alias", yamlText, "/Resources/A/Ä/p/1", Position{8, 22}},
		{"behind an alias", yamlText, "/Resources/A/Ä/p/1/Key", Position{3, 3}},
		{"element with a tag", yamlText, "/Resources/A/L/0", Position{10, 9}},
		{"element that is a mapping", yamlText, "/Resources/A/L/1", Position{11, 9}},
		{"argument of an element's tag", yamlText, "/Resources/A/L/0/Ref", Position{10, 9}},
		{"member of an element", yamlText, "/Resources/A/L/1/l", Position{12, 9}},
		{"long name", yamlText, "/Resources/A/Long/Fn::Sub", Position{14, 7}},
		{"merged", yamlText, "/Resources/A/Key", Position{3, 3}},
		{"explicit key", yamlText, "/Resources/B", Position{16, 5}},
		{"not there: the nearest above", yamlText, "/Resources/A/Uri/none/of/it", Position{6, 5}},
		{"no such element", yamlText, "/Resources/A/L/7", Position{9, 5}},
		{"not an index", yamlText, "/Resources/A/L/01", Position{9, 5}},
		{"json root", jsonText, "", Position{1, 1}},
		{"json member", jsonText, "/A", Position{2, 3}},
		{"json wide", jsonText, "/A/B", Position{2, 17}},
		{"json element", jsonText, "/A/B/1", Position{3, 5}},
		{"json deep", jsonText, "/A/B/1/C", Position{3, 6}},
		{"json after crlf", jsonText, "/D", Position{4, 3}},
		{"crlf", "a: 1\r\nb:\r\n  c: 1\r\n", "/b/c", Position{3, 3}},
		{"old mac", "a: 1\rb: 2", "/b", Position{2, 1}},
		{"byte order mark", "\ufeffa: 1", "/a", Position{1, 1}},
		{"escaped pointer", "a/b:\n  c~d: 1", "/a~1b/c~0d", Position{2, 3}},
		{"document start", "--- # c\na: 1", "/a", Position{2, 1}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f, err := Read("t", []byte(tt.text))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, f.Position(tt.at)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// A pointer that leads out of the template is followed as far as it goes.
func TestReach(t *testing.T) {
	f, err := Read("t", []byte("a:\n  b: [c, {d/e: f}]\n"))
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range [][3]string{{"", "", ""}, {"/a/b/1/d~1e", "/a/b/1/d~1e", ""}, {"/a/b/1/d~1e/f~1g/h", "/a/b/1/d~1e", "/f~1g/h"}, {"/a/x", "/a", "/x"}, {"/y/z", "", "/y/z"}} {
		if there, rest := f.Reach(jsontext.Pointer(tt[0])); string(there) != tt[1] || string(rest) != tt[2] {
			t.Errorf("%s: %s and %s", tt[0], there, rest)
		}
	}
	if text, ok := f.Text("/a/b/1/d~1e"); text != "f" || !ok {
		t.Errorf("the text is %q, %v", text, ok)
	}
	if _, ok := f.Text("/a/b"); ok {
		t.Error("a list has a text")
	}
}

// The first short form is named, the one behind an alias too.
func TestShortTag(t *testing.T) {
	for text, want := range map[string]string{"a: {Fn::Sub: b}\n": "", "a: b\nc: [d, !Sub e]\n": "!Sub 2:8", `{"a": 1}`: "", "a: !GetAtt b.c\n": "!GetAtt 1:1"} {
		f, err := Read("t", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if tag, at := f.ShortTag(); tag != "" {
			got = fmt.Sprintf("%s %d:%d", tag, at.Line, at.Column)
		}
		if got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
