package source

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// What CloudFormation makes of each notation.
func TestReadJSON(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"ref", "k: !Ref AWS::Region", `{"k":{"Ref":"AWS::Region"}}`},
		{"ref of a number is text", "k: !Ref 12", `{"k":{"Ref":"12"}}`},
		{"condition", "k: !Condition C", `{"k":{"Condition":"C"}}`},
		{"getatt splits at the first dot", "k: !GetAtt A.B.C", `{"k":{"Fn::GetAtt":["A","B.C"]}}`},
		{"getatt without a dot", "k: !GetAtt A", `{"k":{"Fn::GetAtt":["A"]}}`},
		{"getatt list", "k: !GetAtt [A, !Ref B]", `{"k":{"Fn::GetAtt":["A",{"Ref":"B"}]}}`},
		{"long getatt stays text", "k: {'Fn::GetAtt': A.B}", `{"k":{"Fn::GetAtt":"A.B"}}`},
		{"sub", "k: !Sub 'a${b}'", `{"k":{"Fn::Sub":"a${b}"}}`},
		{"sub without a value", "k: !Sub", `{"k":{"Fn::Sub":""}}`},
		{"sub list", "k: !Sub ['${a}', {a: !Ref B}]", `{"k":{"Fn::Sub":["${a}",{"a":{"Ref":"B"}}]}}`},
		{"sub block", "k: !Sub |\n  a\n  ${b}\n", `{"k":{"Fn::Sub":"a\n${b}\n"}}`},
		{"tags to any depth", "k: !If [C, !Join ['', [!Select [0, !GetAZs '']]], !Ref AWS::NoValue]",
			`{"k":{"Fn::If":["C",{"Fn::Join":["",[{"Fn::Select":[0,{"Fn::GetAZs":""}]}]]},{"Ref":"AWS::NoValue"}]}}`},
		{"mapping", "k: !Transform {Name: N, Parameters: {a: !Ref b}}", `{"k":{"Fn::Transform":{"Name":"N","Parameters":{"a":{"Ref":"b"}}}}}`},
		{"tag over long name", "k: !Base64\n  Fn::Sub: x", `{"k":{"Fn::Base64":{"Fn::Sub":"x"}}}`},
		{"any other tag", "k: !ToJsonString {a: 1}", `{"k":{"Fn::ToJsonString":{"a":1}}}`},
		{"verbatim tag", "k: !<!Sub> x", `{"k":{"Fn::Sub":"x"}}`},
		{"tag on its own line", "k:\n  !Join\n  - ''\n  - [a]", `{"k":{"Fn::Join":["",["a"]]}}`},
		{"version date", "k: 2010-09-09", `{"k":"2010-09-09"}`},
		{"types", "k: [yes, Off, TRUE, ~, null, '', 1, 1.50, abc, '1']", `{"k":[true,false,true,null,null,"",1,1.50,"abc","1"]}`},
		{"standard tags", "k: [!!str 1, !!int '0x1F', !!float 1, !!float 1e3, !!bool on, !!null x, !!binary aGk=, !!timestamp 2010-09-09, !!seq [1], !!map {a: 1}]",
			`{"k":["1",31,1.0,1e3,true,null,"hi","2010-09-09",[1],{"a":1}]}`},
		{"keys are text", "200: a\non: b\nnull: c\n~: d\n1.10: e\n2010-09-09: f\n", `{"200":"a","on":"b","null":"c","~":"d","1.10":"e","2010-09-09":"f"}`},
		{"empty values", "a:\nb: # c\nc: {}\nd: []\n", `{"a":null,"b":null,"c":{},"d":[]}`},
		{"alias", "a: &x {b: !Ref c}\nd: *x", `{"a":{"b":{"Ref":"c"}},"d":{"b":{"Ref":"c"}}}`},
		{"alias of a tag", "a: &x !GetAtt B.C\nd: [*x]", `{"a":{"Fn::GetAtt":["B","C"]},"d":[{"Fn::GetAtt":["B","C"]}]}`},
		{"alias as a key", "a: &x k\n*x : 1", `{"a":"k","k":1}`},
		{"merge", "a: &x {b: 1, c: 2}\nd:\n  c: 3\n  <<: *x\n  e: 4", `{"a":{"b":1,"c":2},"d":{"b":1,"c":3,"e":4}}`},
		{"merge list", "a: &x {b: 1}\nc: &y {b: 2, d: 3}\ne: {<<: [*x, *y]}", `{"a":{"b":1},"c":{"b":2,"d":3},"e":{"b":1,"d":3}}`},
		{"quoted merge key is a key", "'<<': 1", `{"\u003c\u003c":1}`},
		{"block scalars", "a: |\n  x\n   y\n\nb: >-\n  x\n  y\n\n  z\nc: |+\n  x\n\n", `{"a":"x\n y\n","b":"x y\nz","c":"x\n\n"}`},
		{"explicit keys", "? a\n: 1\n? |\n  b\n: 2\n? c", `{"a":1,"b\n":2,"c":null}`},
		{"first document", "%YAML 1.1\n---\na: 1\n...\n---\nb: [", `{"a":1}`},
		{"byte order mark", "\ufeffa: 1", `{"a":1}`},
		{"crlf", "a: |\r\n  x\r\n  y\r\nb: 1\r\n", `{"a":"x\ny\n","b":1}`},
		{"tab in a value", "a: b\tc\nd: \"\te\"", `{"a":"b\tc","d":"\te"}`},
		{"escapes", `a: "\x41\u263a\U0001F600\n\/"`, `{"a":"A☺😀\n/"}`},
		{"brackets", "{a: 1, 'b': [1, {c: d}], \"e\":2, f: }", `{"a":1,"b":[1,{"c":"d"}],"e":2,"f":null}`},
		{"pair in a list", "a: [b: c, d]", `{"a":[{"b":"c"},"d"]}`},
		{"json keeps its bytes", " {\"a\" : 1.50e3, \"b\": \"\\u0041\"}\n", " {\"a\" : 1.50e3, \"b\": \"\\u0041\"}\n"},
		{"json loses its byte order mark", "\ufeff{\"a\":1}", `{"a":1}`},
		{"key twice", "a: 1\nb: 2\na: {c: 3}\nd: 4\n", `{"b":2,"a":{"c":3},"d":4}`},
		{"json name twice", `{"a": 1, "b": {"c": 2, "c": 3}, "a": 4}`, `{"b": {"c": 3}, "a": 4}`},
		{"json name three times", `{"a": {"x": 1, "x": 2}, "a": 2, "a": 3, "b": 4}`, `{"a": 3, "b": 4}`},
		{"dash in a list", "a: !Join [-, [-, -]]\nb: {c: -, d: -}\n", `{"a":{"Fn::Join":["-",["-","-"]]},"b":{"c":"-","d":"-"}}`},
		{"dash and text that looks alike", "a: [-]\nb: 'x [-, -]'\nc: |\n  [-]\n'k [-]': 1 # [-]\n", `{"a":["-"],"b":"x [-, -]","c":"[-]\n","k [-]":1}`},
		{"dash beside a character of private use", "a: [-, \ue000]\nb: ' -,'\n", "{\"a\":[\"-\",\"\ue000\"],\"b\":\" -,\"}"},
		{"utf-16", "\xff\xfea\x00:\x00 \x00\xfc\x00\n\x00", `{"a":"ü"}`},
		{"utf-16, the other way", "\xfe\xff\x00a\x00:\x00 \xd8\x3d\xde\x00", `{"a":"😀"}`},
		{"utf-16 without a byte order mark", "{\x00\"\x00a\x00\"\x00:\x001\x00}\x00", `{"a":1}`},
		{"json with a comment is yaml", "{\"a\": 1, # c\n}", `{"a":1}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f, err := Read("t", []byte(tt.text))
			if err != nil {
				t.Fatal(err)
			}
			got := string(f.JSON())
			if tt.name == "quoted merge key is a key" {
				tt.want = `{"<<":1}`
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestReadErrors(t *testing.T) {
	tests := []struct{ name, file, text, want string }{
		{"empty", "t.yaml", " \n", "t.yaml:1:1: the file is empty; hint: a template needs at least a Resources section"},
		{"comments only", "t.yaml", "# c\n", "t.yaml:1:1: the file holds no YAML document; hint: a template needs at least a Resources section"},
		{"list", "t.yaml", "# c\n- a\n", "t.yaml:2:1: a template is a mapping of sections, and this is a list; hint: start with a section such as Resources"},
		{"json list", "t.json", " [1]", "t.json:1:2: a template is a mapping of sections, and this is a list; hint: start with a section such as Resources"},
		{"text", "t.yaml", "hello", "t.yaml:1:1: a template is a mapping of sections, and this is a text; hint: start with a section such as Resources"},
		{"utf-32", "t.yaml", "\xff\xfe\x00\x00a\x00\x00\x00", "t.yaml:1:1: the file is UTF-32; hint: save it as UTF-8"},
		{"half a character of utf-16", "t.yaml", "\xff\xfea\x00\n", "t.yaml:1:2: the file is not valid UTF-8 or UTF-16; hint: save it as UTF-8"},
		{"lone surrogate", "t.yaml", "\xfe\xff\x00a\xd8\x00\x00b", "t.yaml:1:2: the file is not valid UTF-8 or UTF-16; hint: save it as UTF-8"},
		{"latin-1", "t.yaml", "a: 1\nb: \xfc\n", "t.yaml:2:4: the file is not valid UTF-8 or UTF-16; hint: save it as UTF-8"},
		{"control character", "t.yaml", "a: \x07\n", "t.yaml:1:4: a control character stands here; hint: remove it, or write it as an escape in double quotes"},
		{"forbidden character", "t.yaml", "a: ü\ufffe\n", "t.yaml:1:5: this character is not allowed in YAML; hint: write it as an escape in double quotes"},
		{"tab", "t.yaml", "a:\n\tb: 1\n", "t.yaml:2:1: not valid YAML: found character that cannot start any token, while scanning for the next token that starts in line 2; hint: indent with spaces; YAML allows no tabs there"},
		{"at sign", "t.yaml", "a: @b\n", "t.yaml:1:4: not valid YAML: found character that cannot start any token, while scanning for the next token that starts in line 1; hint: put the value in quotes"},
		{"colon", "t.yaml", "a: b: c\n", "t.yaml:1:5: not valid YAML: mapping values are not allowed in this context; hint: put a value that holds a colon and a space in quotes, or check the indentation"},
		{"open quote", "t.yaml", "a: 1\nb: 'x\nc: d\n", "t.yaml:2:4: not valid YAML: found unexpected end of stream, while scanning a quoted scalar that starts in line 2; hint: close the quote that opens here"},
		{"indentation", "t.yaml", "a:\n  b: 1\n c: 2\n", "t.yaml:3:2: not valid YAML: did not find expected key, while parsing a block mapping that starts in line 1; hint: check the indentation and the quotes here and in the line before"},
		{"unknown anchor", "t.yaml", "a: *b\n", "t.yaml:1:4: not valid YAML: unknown anchor 'b' referenced; hint: define the anchor with & before the alias"},
		{"list as a key", "t.yaml", "Resources:\n  [a]: 1\n", "t.yaml:2:3: Resources: a key must be plain text; hint: remove the brackets or the tag, or put the key in quotes"},
		{"function as a key", "t.yaml", "!Ref a: 1\n", "t.yaml:1:1: template: a key must be plain text; hint: remove the brackets or the tag, or put the key in quotes"},
		{"unknown tag", "t.yaml", "Resources:\n  A:\n    P: !!python/name x\n", "t.yaml:3:8: A.P: the tag !!python/name is unknown or does not fit this value; hint: remove the tag, or write the value in quotes"},
		{"wrong tag", "t.yaml", "a: !!int b\n", "t.yaml:1:4: a: the tag !!int is unknown or does not fit this value; hint: remove the tag, or write the value in quotes"},
		{"wrong tag on a list", "t.yaml", "a: [!!map [1]]\n", "t.yaml:1:5: a.0: the tag !!map is unknown or does not fit this value; hint: remove the tag, or write the value in quotes"},
		{"handle of a foreign tag", "t.yaml", "%TAG ! tag:x,2000:\n---\na: !Sub b\n", "t.yaml:3:4: a: the tag tag:x,2000:Sub is unknown or does not fit this value; hint: remove the tag, or write the value in quotes"},
		{"merge of a text", "t.yaml", "a:\n  <<: b\n", "t.yaml:2:7: a: a merge key takes mappings only; hint: merge a mapping, or a list of mappings"},
		{"merge of a list of texts", "t.yaml", "a:\n  <<: [{b: 1}, c]\n", "t.yaml:2:16: a: a merge key takes mappings only; hint: merge a mapping, or a list of mappings"},
		{"alias of itself", "t.yaml", "a: &x [1, *x]\n", "t.yaml:1:11: a.1: the alias *x repeats a value that holds the alias itself; hint: write the value out instead"},
		{"merge of itself", "t.yaml", "a: &x\n  <<: *x\n", "t.yaml:2:7: a: a merge key merges a mapping into itself; hint: write the members out instead"},
		{"json syntax", "t.json", "{\n  \"a\": 1\n  \"b\": 2\n}", "t.json:3:3: not valid JSON: invalid character '\"' after object value (expecting ',' or '}'); hint: look for a missing or trailing comma, quote or bracket here or just before"},
		{"json by its looks", "template", "{ \"a\": 1 ", "template:1:10: not valid JSON: unexpected EOF; hint: look for a missing or trailing comma, quote or bracket here or just before"},
		{"dash and a fault", "t.yaml", "a: [-, b]\nc: @\n", "t.yaml:2:4: not valid YAML: found character that cannot start any token, while scanning for the next token that starts in line 2; hint: put the value in quotes"},
		{"dash alone in a block", "t.yaml", "a: -\n", "t.yaml:1:4: not valid YAML: block sequence entries are not allowed in this context; hint: check the indentation and the quotes here and in the line before"},
		{"dash before a space", "t.yaml", "a: [ - , b]\n", "t.yaml:1:6: not valid YAML: did not find expected node content, while parsing a flow node that starts in line 1; hint: check the indentation and the quotes here and in the line before"},
		{"json goes on", "t.json", "{\"a\": 1}\n}", "t.json:2:1: the JSON goes on after its end; hint: check the brackets"},
		{"json twice", "t.json", "{\"a\": 1} {}", "t.json:1:10: the JSON goes on after its end; hint: check the brackets"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f, err := Read(tt.file, []byte(tt.text))
			if err == nil {
				t.Fatalf("no error, but %s", f.JSON())
			}
			if diff := cmp.Diff(tt.want, err.Error()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// A hostile template costs little time and no more memory than the limits.
func TestReadLimits(t *testing.T) {
	var laughs, merges strings.Builder
	laughs.WriteString("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n")
	merges.WriteString("a0: &a0 {k: v}\n")
	for i := 1; i < 30; i++ {
		fmt.Fprintf(&laughs, "a%d: &a%d [%s*a%d]\n", i, i, strings.Repeat(fmt.Sprintf("*a%d, ", i-1), 9), i-1)
		fmt.Fprintf(&merges, "a%d: &a%d {<<: [%s*a%d]}\n", i, i, strings.Repeat(fmt.Sprintf("*a%d, ", i-1), 9), i-1)
	}
	long := "a: &a " + strings.Repeat("x", 1<<20) + "\nb: [" + strings.Repeat("*a, ", 100) + "]\n"
	tests := []struct{ name, text, want string }{
		{"aliases of aliases", laughs.String(), "grows too large"},
		{"merges of merges", merges.String(), "grows too large"},
		{"long text repeated", long, "grows too large"},
		{"deep brackets", "a: " + strings.Repeat("[", 5000) + strings.Repeat("]", 5000), "max depth"},
		{"deep blocks", deepBlocks(1000), "max depth"},
		{"deep json", strings.Repeat(`{"a":`, 5000) + "1" + strings.Repeat("}", 5000), "too deeply"},
		{"deep aliases", deepAliases(200), "too deeply"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			start := time.Now()
			_, err := Read("t", []byte(tt.text))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want an error with %q", err, tt.want)
			}
			if took := time.Since(start); took > 2*time.Minute {
				t.Errorf("took %v", took)
			}
		})
	}
}

func deepBlocks(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	return b.String()
}

// deepAliases nests by reference what is flat as text.
func deepAliases(n int) string {
	var b strings.Builder
	b.WriteString("a0: &a0 [[[x]]]\n")
	for i := 1; i < n; i++ {
		fmt.Fprintf(&b, "a%d: &a%d [[[*a%d]]]\n", i, i, i-1)
	}
	return b.String()
}

// A key that stands twice is warned of at the place that counts, once.
func TestWarnings(t *testing.T) {
	tests := []struct {
		name, text string
		want       []string
	}{
		{"none", "a: 1\nb: {a: 2}\n", nil},
		{"yaml", "a:\n  b: 1\n  c: 2\n  b: 3\n  b: 4\n", []string{
			"5:3 /a/b 2",
			"5:3 /a/b 4"}},
		{"behind an alias", "a: &x\n  b: 1\n  b: 3\nc: *x\nd: {<<: *x}\n", []string{"3:3 /a/b 2"}},
		{"own and merged", "a: &x {b: 1}\nc: {b: 2, <<: *x}\n", nil},
		{"json", "{\"a\": {\"b\": 1,\n\"b\": 2}}", []string{"2:1 /a/b 1"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f, err := Read("t", []byte(tt.text))
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, w := range f.Warnings() {
				at := f.Position(w.At)
				got = append(got, fmt.Sprintf("%d:%d %s %d", at.Line, at.Column, w.At, w.First))
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
