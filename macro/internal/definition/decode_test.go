package definition

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func decoded(kind Kind, text string) Result {
	return New(Options{}).decode(context.Background(), request{path: "x"}, []byte(text), kind, &budget{})
}

func TestDecode(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"JSON stays", "{ \"openapi\" : \"3.0\",\n \"n\": [1.0, 1e400, 12345678901234567890, -0] }\n", "{ \"openapi\" : \"3.0\",\n \"n\": [1.0, 1e400, 12345678901234567890, -0] }\n"},
		{"byte order mark", "\ufeff{\"swagger\":2.0}", `{"swagger":2.0}`},
		{"paths alone", `{"info":{"openapi":"no"},"paths":{}}`, `{"info":{"openapi":"no"},"paths":{}}`},
		{"YAML numbers", "openapi: 3.0.1\nn: [1.0, 1e400, 12345678901234567890, -0, 007, 0x1f, 1_000, .5, +1, .inf, 012345678901, 0o17]\n",
			`{"openapi":"3.0.1","n":[1.0,1e400,12345678901234567890,-0,"007","0x1f","1_000",".5","+1",".inf","012345678901","0o17"]}`},
		{"YAML scalars", "swagger: '2.0'\na: [yes, True, false, ~, null, 2024-01-01, 'true', \"1\", !!str 1, ! 2, !!int '3']\nb:\nc: |\n  x\n  y\n",
			`{"swagger":"2.0","a":["yes",true,false,null,null,"2024-01-01","true","1","1","2",3],"b":null,"c":"x\ny\n"}`},
		{"names", "paths:\n  /a:\n    200: {}\n    on: 1\n    ~: 2\n    2024-01-01: 3\n", `{"paths":{"/a":{"200":{},"on":1,"~":2,"2024-01-01":3}}}`},
		{"aliases and merges", "openapi: &v '3'\nx: &x {a: 1, b: 1}\ny: &y {b: 2, c: 2}\nz:\n  c: 3\n  <<: [*x, *y]\n  d: *v\nw: {<<: *x, a: 0}\n",
			`{"openapi":"3","x":{"a":1,"b":1},"y":{"b":2,"c":2},"z":{"b":1,"c":3,"a":1,"d":"3"},"w":{"a":0,"b":1}}`},
		{"flow YAML with a comment", "{openapi: '3', # c\n a: [1,],}", `{"openapi":"3","a":[1]}`},
		{"one document with its marks", "%YAML 1.2\n---\nopenapi: '3'\n...\n", `{"openapi":"3"}`},
		{"UTF-16", "\xff\xfes\x00w\x00a\x00g\x00g\x00e\x00r\x00:\x00 \x002\x00", `{"swagger":2}`},
		{"escapes", "openapi: \"\\u00e9\\x01\\\"\\U0001F600\"\n", `{"openapi":"é\u0001\"😀"}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := decoded(Definition, tt.in)
			if r.Err != nil {
				t.Fatal(r.Err)
			}
			if diff := cmp.Diff(tt.want, string(r.JSON)); diff != "" {
				t.Errorf("JSON (-want +got):\n%s", diff)
			}
		})
	}
}

func TestDecodeRefuses(t *testing.T) {
	for _, tt := range []struct {
		name, in string
		want     Reason
		detail   string
	}{
		{"nothing", "", NotDefinition, "it is empty"},
		{"a comment", "# openapi\n", NotDefinition, "it is empty"},
		{"text", "openapi", NotDefinition, "holds no object"},
		{"a list", `[{"openapi":"3"}]`, NotDefinition, "holds no object"},
		{"another object", `{"info":{"openapi":"3"},"paths":[{}]}`, NotDefinition, "neither openapi"},
		{"openapi is no text", `{"openapi":{},"swagger":null}`, NotDefinition, "neither openapi"},
		{"a web page", "<!doctype html>\n<p>no</p>", NotDefinition, "holds no object"},
		{"broken JSON", "{\"openapi\":\"3\",\n\"a\":[1}", NotDefinition, "line 2"},
		{"a name twice in JSON", "{\"openapi\":\"3\",\n\"a\":1,\n\"a\":2}", NotDefinition, `line 3: the name "a" is there twice`},
		{"a name twice in YAML", "paths:\n  200: 1\n  '200': 2\n", NotDefinition, `line 3: the name "200" is there twice`},
		{"more JSON", `{"openapi":"3"}{"openapi":"3"}`, NotDefinition, "neither JSON nor YAML"},
		{"more YAML", "openapi: 3\n---\nopenapi: 3\n", NotDefinition, "more than one document"},
		{"bad UTF-8", "{\"openapi\":\"\xff\"}", NotDefinition, "neither JSON nor YAML"},
		{"binary", "\x1f\x8b\x08\x00\x00", NotDefinition, "neither JSON nor YAML"},
		{"a tag", "openapi: '3'\nx:\n  uri: !Sub 'arn:x'\n", NotDefinition, "line 3: nothing evaluates the tag !Sub"},
		{"a tag on a list", "openapi: '3'\nx: !Join ['', [a]]\n", NotDefinition, "the tag !Join"},
		{"a tag on a mapping", "openapi: '3'\nx: !Foo {a: 1}\n", NotDefinition, "the tag !Foo"},
		{"a tag on a name", "openapi: '3'\n!Foo x: 1\n", NotDefinition, "the tag !Foo"},
		{"a tag in a merge", "openapi: '3'\nx: {<<: !Foo {a: 1}}\n", NotDefinition, "the tag !Foo"},
		{"a set", "openapi: '3'\nx: !!set {a}\n", NotDefinition, "the tag !!set"},
		{"a name that is a list", "openapi: '3'\n? [a]\n: 1\n", NotDefinition, "a name has to be text"},
		{"a merge of text", "openapi: '3'\n<<: x\n", NotDefinition, "a merge key takes mappings only"},
		{"a merge of a list of text", "openapi: '3'\n<<: [x]\n", NotDefinition, "a merge key takes mappings only"},
		{"no such anchor", "openapi: *x\n", NotDefinition, "line 1: unknown anchor"},
		{"an alias of itself", "openapi: '3'\na: &a [*a]\n", NotDefinition, "deeper than 500"},
		{"a merge of itself", "openapi: '3'\na: &a {<<: *a}\n", NotDefinition, "line 2: a merge key merges a mapping into itself"},
		{"deep JSON", `{"openapi":` + strings.Repeat("[", 600) + strings.Repeat("]", 600) + "}", NotDefinition, "deeper than 500"},
		{"deep YAML", "openapi: " + strings.Repeat("- ", 600) + "x", NotDefinition, "block sequence"},
		{"deep YAML in flow", "openapi: " + strings.Repeat("[", 600), NotDefinition, "deeper than 500"},
		{"deep YAML in blocks", deepBlocks(600), NotDefinition, "deeper than 500"},
		{"alias bomb", bomb("[%s]", "*a%d"), TooLarge, "expand to more than"},
		{"merge bomb", bomb("{<<: [%s], k%[2]d: 1}", "*a%d"), TooLarge, "expand to more than"},
		{"long alias", "openapi: &a \"" + strings.Repeat(`\0`, 500000) + "\"\nb: [" + strings.Repeat("*a,", 1000) + "]", TooLarge, "expand to more than"},
		{"YAML of 3 MB", "openapi: '3'\n" + strings.Repeat("# comment\n", 300000), TooLarge, "give it as JSON"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			start := time.Now()
			r := decoded(Definition, tt.in)
			wantReason(t, r, tt.want)
			if text := r.Err.Error(); !strings.Contains(text, tt.detail) || !printable(text) || len(text) > 500 {
				t.Errorf("error %q, want %q", text, tt.detail)
			}
			if took := time.Since(start); took > 2*time.Minute {
				t.Errorf("took %v", took)
			}
		})
	}
}

// bomb nests nine levels of nine aliases each.
func bomb(level, alias string) string {
	var b strings.Builder
	b.WriteString("openapi: '3'\nx0: &a0 {k: v}\n")
	for i := 1; i < 10; i++ {
		list := strings.TrimSuffix(strings.Repeat(fmt.Sprintf(alias, i-1)+",", 9), ",")
		if strings.Contains(level, "[2]") {
			fmt.Fprintf(&b, "x%d: &a%d "+level+"\n", i, i, list, i)
			continue
		}
		fmt.Fprintf(&b, "x%d: &a%d "+level+"\n", i, i, list)
	}
	return b.String()
}

func deepBlocks(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.Repeat(" ", i) + "paths:\n")
	}
	return b.String()
}

// The hint depends on who reads the file: API Gateway or AWS::Include.
func TestDecodeTagHint(t *testing.T) {
	const text = "openapi: '3'\nx: !Sub y\n"
	if r := decoded(Definition, text); !strings.Contains(r.Err.Hint, "API Gateway fills in ${AWS::Partition}") {
		t.Error(r.Err)
	}
	if r := decoded(Snippet, text); !strings.Contains(r.Err.Hint, "Fn::Sub instead of !Sub") {
		t.Error(r.Err)
	}
}

func TestDecodeSnippet(t *testing.T) {
	for in, want := range map[string]string{
		"{}":                      "{}",
		"a: 1\n":                  `{"a":1}`,
		`{"Fn::Sub":"${A}-${B}"}`: `{"Fn::Sub":"${A}-${B}"}`,
	} {
		if r := decoded(Snippet, in); string(r.JSON) != want {
			t.Errorf("%q: %q %v", in, r.JSON, r.Err)
		}
	}
	wantReason(t, decoded(Snippet, "- a\n"), NotDefinition)
}

// JSON may be as large as the loader takes; only YAML is kept smaller.
func TestDecodeLargeJSON(t *testing.T) {
	text := `{"openapi":"3","x":[` + strings.TrimSuffix(strings.Repeat(`{"a":1},`, 600000), ",") + `]}`
	if r := decoded(Definition, text); r.Err != nil || len(r.JSON) != len(text) {
		t.Error(r.Err)
	}
	wantReason(t, decoded(Definition, text[:len(text)-1]), NotDefinition)
}

func FuzzDecode(f *testing.F) {
	for _, s := range []string{
		`{"openapi":"3.0.1","paths":{}}`, "swagger: 2.0\nx: &a {b: 1}\ny: {<<: *a}\n", "a: !Sub b", "- 1", "{\"a\":1,\"a\":2}",
		"? [x]\n: y", "&a [*a]", "{<<: [{a: 1}, {a: 2}]}", "openapi: |\n x\n", "paths: {200: ~, 0x1: .5}", "\xff\xfea\x00", "a: \"\\ud800\"",
	} {
		f.Add(s, false)
		f.Add(s, true)
	}
	l := New(Options{MaxBytes: 1 << 20})
	f.Fuzz(func(t *testing.T, text string, snippet bool) {
		kind := Definition
		if snippet {
			kind = Snippet
		}
		r := l.decode(t.Context(), request{path: "x"}, []byte(text), kind, &budget{})
		if (r.JSON == nil) == (r.Err == nil) {
			t.Fatalf("%q: neither or both of %q and %v", text, r.JSON, r.Err)
		}
		if r.Err != nil {
			if r.Err.Detail == "" || !printable(r.Err.Error()) {
				t.Fatalf("%q: error %q", text, r.Err)
			}
			return
		}
		var object map[string]any
		if err := json.Unmarshal(r.JSON, &object); err != nil || object == nil {
			t.Fatalf("%q: no JSON object: %q: %v", text, r.JSON, err)
		}
		again := l.decode(t.Context(), request{path: "x"}, r.JSON, kind, &budget{})
		if string(again.JSON) != string(r.JSON) {
			t.Fatalf("%q: %q, read again %q %v", text, r.JSON, again.JSON, again.Err)
		}
		if strings.HasPrefix(text, "{") && json.Valid([]byte(text)) && string(r.JSON) != text && !strings.Contains(text, `\u`) {
			t.Fatalf("JSON was changed: %q to %q", text, r.JSON)
		}
	})
}

// The error about a file that is no API definition has no name from it: it may have
// secrets.
func TestWithoutNames(t *testing.T) {
	for text, want := range map[string]string{
		"hunter2: 1\nhunter2: 2\n":                     "line 2",
		"password: *hunter2\n":                         "line 1",
		"{\"hunter2\":1,\n\"hunter2\":2}":              "line 2",
		"- hunter2: x\n  hunter2: y\n":                 "line 2",
		"a: !hunter2 {b: c}\n":                         "line 1",
		"hunter2: {a: 1\n":                             "line",
		"hunter2: 1\n":                                 "neither openapi",
		"hunter2: \t@x\n":                              "line",
		"a: &hunter2 {b: *hunter2, c: *hunter3}\n":     "line 1",
		"x: |\n  some text\nhunter2: 'is not closed\n": "line",
	} {
		r := decoded(Definition, text)
		if r.Err == nil || strings.Contains(r.Err.Detail+r.Err.Hint, "hunter") || !strings.Contains(r.Err.Detail, want) {
			t.Errorf("%q: %v", text, r.Err)
		}
	}
	r := decoded(Definition, "openapi: 3.0.1\npaths:\n  /pets: 1\n  /pets: 2\n")
	if r.Err == nil || !strings.Contains(r.Err.Detail, "/pets") {
		t.Errorf("the name that a definition has twice: %v", r.Err)
	}
}
