package template_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// A tree is a JSON value with its members in order, as encoding/json's
// tokens or a Value tell it.
type tree struct {
	Kind    string
	Text    string // of a string; the literal of a number or boolean
	Names   []string
	Members []tree
}

// decoded reads text by the tokens of encoding/json.
func decoded(text []byte) (tree, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	return next(d)
}

func next(d *json.Decoder) (tree, error) {
	token, err := d.Token()
	if err != nil {
		return tree{}, err
	}
	switch x := token.(type) {
	case json.Delim:
		out := tree{Kind: "array"}
		if x == '{' {
			out.Kind = "object"
		}
		for d.More() {
			if x == '{' {
				name, err := d.Token()
				if err != nil {
					return tree{}, err
				}
				out.Names = append(out.Names, name.(string))
			}
			m, err := next(d)
			if err != nil {
				return tree{}, err
			}
			out.Members = append(out.Members, m)
		}
		_, err := d.Token()
		return out, err
	case string:
		return tree{Kind: "string", Text: x}, nil
	case json.Number:
		return tree{Kind: "number", Text: x.String()}, nil
	case bool:
		return tree{Kind: "bool", Text: strconv.FormatBool(x)}, nil
	}
	return tree{Kind: "null"}, nil
}

var kinds = map[template.Kind]string{template.Null: "null", template.Bool: "bool", template.Number: "number",
	template.String: "string", template.Array: "array", template.Object: "object"}

// walked reads a value by walking it.
func walked(v template.Value) tree {
	out := tree{Kind: kinds[v.Kind()]}
	out.Text, _ = v.Scalar()
	for name, m := range v.Members() {
		out.Names = append(out.Names, name)
		out.Members = append(out.Members, walked(m))
	}
	for m := range v.Items() {
		out.Members = append(out.Members, walked(m))
	}
	return out
}

// checkTree compares a template with what encoding/json reads of the same
// text, and every value of it with the ways that lead to it.
func checkTree(t *testing.T, text []byte) {
	t.Helper()
	doc, err := template.Parse(text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	checkValue(t, text, doc)
	checkValue(t, text, template.Index(text))
}

func checkValue(t *testing.T, text []byte, doc *template.Template) {
	t.Helper()
	want, err := decoded(text)
	if err != nil {
		t.Fatalf("encoding/json refuses what Parse takes: %v\n%s", err, text)
	}
	if diff := cmp.Diff(want, walked(doc.Root())); diff != "" {
		t.Fatalf("%s\n(-encoding/json +Value)\n%s", text, diff)
	}
	if got := string(doc.Bytes()); got != string(text) || doc.Size() != len(text) {
		t.Fatalf("Bytes gives %q of %q", got, text)
	}
	checkPlaces(t, doc, doc.Root(), 0)
}

// checkPlaces checks the places of v and all below: the pointer leads back,
// raw and compact text say the same.
func checkPlaces(t *testing.T, doc *template.Template, v template.Value, depth int) {
	t.Helper()
	if back := doc.At(v.Pointer()); back != v {
		t.Fatalf("At(%q) leads to %q, want %q", v.Pointer(), back.Raw(), v.Raw())
	}
	if !json.Valid([]byte(v.Raw())) {
		t.Fatalf("Raw of %q is no JSON: %q", v.Pointer(), v.Raw())
	}
	if depth < 3 { // what is below is part of it
		var want bytes.Buffer
		if err := json.Compact(&want, []byte(v.Raw())); err != nil || want.String() != v.Compact() {
			t.Fatalf("Compact of %q: %q, want %q", v.Pointer(), v.Compact(), want.String())
		}
	}
	n := 0
	for name, m := range v.Members() {
		if v.Get(name) != m {
			t.Fatalf("Get(%q) of %s is not the member", name, v.Raw())
		}
		checkPlaces(t, doc, m, depth+1)
		n++
	}
	for m := range v.Items() {
		if v.Item(n) != m {
			t.Fatalf("Item(%d) of %s is not the element", n, v.Raw())
		}
		checkPlaces(t, doc, m, depth+1)
		n++
	}
	if v.Len() != n {
		t.Fatalf("Len of %s: %d, want %d", v.Raw(), v.Len(), n)
	}
	if v.Get("no such member").Exists() || v.Item(n).Exists() || v.Item(-1).Exists() {
		t.Fatalf("%s has what is not there", v.Raw())
	}
}

// A writer makes random JSON text.
type writer struct {
	*rand.Rand
	b strings.Builder
}

func randomJSON(seed uint64) []byte {
	w := &writer{Rand: rand.New(rand.NewPCG(seed, 1))}
	w.space()
	w.value(0)
	w.space()
	return []byte(w.b.String())
}

func (w *writer) space() {
	for w.IntN(3) == 0 {
		w.b.WriteByte(" \n\r\t"[w.IntN(4)])
	}
}

func (w *writer) value(depth int) {
	n := w.IntN(8)
	if depth > 6 {
		n = w.IntN(5)
	}
	switch n {
	case 0, 1:
		w.str()
	case 2:
		w.number()
	case 3:
		w.b.WriteString([]string{"true", "false"}[w.IntN(2)])
	case 4:
		w.b.WriteString("null")
	case 5:
		w.list('[', ']', func(int) { w.value(depth + 1) })
	default:
		w.list('{', '}', func(i int) {
			w.name(i)
			w.space()
			w.b.WriteByte(':')
			w.space()
			w.value(depth + 1)
		})
	}
}

func (w *writer) list(begin, end byte, element func(int)) {
	w.b.WriteByte(begin)
	w.space()
	for i := range w.IntN(5) {
		if i > 0 {
			w.b.WriteByte(',')
			w.space()
		}
		element(i)
		w.space()
	}
	w.b.WriteByte(end)
}

// name writes the i-th name of an object, different from those before it. The
// first letter decides between names that CloudFormation knows and odd ones.
func (w *writer) name(i int) {
	known := []string{"Resources", "Type", "Properties", "Fn::If", "Ref"}
	if w.IntN(2) == 0 {
		w.b.WriteString(`"` + known[i%len(known)] + `"`)
		return
	}
	fmt.Fprintf(&w.b, `"%d`, i)
	w.chars()
	w.b.WriteByte('"')
}

func (w *writer) str() {
	w.b.WriteByte('"')
	w.chars()
	w.b.WriteByte('"')
}

func (w *writer) chars() {
	pieces := []string{"a", "}", "{", "]", ",", ":", `\"`, `\\`, `\/`, `\n`, `\u0041`, `\u0000`, `\u2028`, `\ud83d\ude00`, "é", "😀", " ", "~", "/", "~1",
		strings.Repeat("long", 12), "\u007f"}
	for w.IntN(4) > 0 {
		w.b.WriteString(pieces[w.IntN(len(pieces))])
	}
}

func (w *writer) number() {
	numbers := []string{"0", "-0", "1", "-1.5", "2.0", "1e5", "1E+05", "-0.1e-7", "12345678901234567890", "9007199254740993", "1" + strings.Repeat("0", 400)}
	w.b.WriteString(numbers[w.IntN(len(numbers))])
}

func TestTreeProperty(t *testing.T) {
	for seed := range uint64(3000) {
		checkTree(t, randomJSON(seed))
	}
}

func TestTree(t *testing.T) {
	deep := func(open, inner, end string, n int) string {
		return strings.Repeat(open, n) + inner + strings.Repeat(end, n)
	}
	tests := map[string]string{
		"empty object":        `{}`,
		"empty array":         `[]`,
		"scalar":              ` 12 `,
		"empty string":        `""`,
		"empty inside":        `{"a":{},"b":[],"c":"","":0}`,
		"white space":         "\t{\r\n \"a\" :\n[ 1 ,\t2 , { } , [ ] ]\r\n}\n ",
		"escaped keys":        `{"\u0052esources":{"\"":{"T\u0079pe":"X"},"a\\":1,"b\/c":2}}`,
		"backslashes":         `{"a":"\\","b":"\\\\\"","c":"\"}","d\\":"x\\"}`,
		"brackets in strings": `{"}":"]","[":["{","}"],",":":"}`,
		"long number":         `[` + strings.Repeat("9", 1000) + `,-0.` + strings.Repeat("1", 1000) + `e-1]`,
		"nested arrays":       deep("[", "", "]", 5000),
		"nested objects":      deep(`{"a":`, "null", "}", 5000),
		"nested with spaces":  deep("[ ", "{ }", " ]", 300),
		"long string":         `{"a":"` + strings.Repeat("x", 100_000) + `\"","b":"` + strings.Repeat(`\\`, 50_000) + `"}`,
		"resources":           `{"Resources":{"A":{"Type":"T"},"B":[1],"C":{"Type":{"Ref":"X"}},"D":null,"E":"x","F":{}}}`,
		"resources, a list":   `{"Resources":[{"Type":"T"}]}`,
		"resources inside":    `{"a":{"Resources":{"A":{"Type":"T","Resources":{"B":{"Type":"T"}}}}}}`,
	}
	for name, text := range tests {
		t.Run(name, func(t *testing.T) { checkTree(t, []byte(text)) })
	}
}

func TestParseErrors(t *testing.T) {
	tests := map[string]string{
		"nothing":              ``,
		"space":                "  ",
		"cut off":              `{"a":`,
		"cut off in a string":  `{"a":"b`,
		"two values":           `{}{}`,
		"a word behind":        `{} x`,
		"a comma too many":     `{"a":1,}`,
		"a duplicate":          `{"a":1,"a":2}`,
		"an escaped duplicate": `{"a":1,"\u0061":2}`,
		"a duplicate below":    `{"Resources":{"A":{"Type":"T"},"A":{}}}`,
		"a duplicate deeper":   `{"Resources":{"A":{"Type":"T","Properties":{"x":1,"x":2}}}}`,
		"invalid UTF-8":        "{\"a\":\"\xff\"}",
		"half a surrogate":     `{"a":"\ud800"}`,
		"a control character":  "{\"a\":\"\x01\"}",
		"a bad escape":         `{"a":"\x"}`,
		"a single quote":       `{'a':1}`,
		"a leading zero":       `[01]`,
		"YAML":                 "Resources:\n  A: 1\n",
		"a byte order mark":    "\ufeff{}",
		"too deep":             strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000),
	}
	for name, text := range tests {
		t.Run(name, func(t *testing.T) {
			if _, err := template.Parse([]byte(text)); err == nil {
				t.Errorf("Parse takes %.60q", text)
			}
		})
	}
}

// At takes RFC 6901 pointers and finds nothing where they lead nowhere.
func TestAt(t *testing.T) {
	doc := parse(t, `{"a":{"b/c":[10,{"~":"x"}],"":1,"é":2},"0":3}`)
	tests := map[string]string{
		"":                             string(doc.Bytes()),
		"/a/b~1c/0":                    "10",
		"/a/b~1c/1":                    `{"~":"x"}`,
		"/a/b~1c/1/~0":                 `"x"`,
		"/a/":                          "1",
		"/a/é":                         "2",
		"/0":                           "3",
		"/a/b~1c/2":                    "",
		"/a/b~1c/-":                    "",
		"/a/b~1c/-1":                   "",
		"/a/b~1c/18446744073709551616": "",
		"/a/b/c":                       "",
		"/b":                           "",
		"/0/0":                         "",
		"/a/é/x/y":                     "",
	}
	for p, want := range tests {
		v := doc.At(pointer(p))
		if v.Raw() != want || v.Exists() != (want != "") {
			t.Errorf("At(%q): %q, want %q", p, v.Raw(), want)
		}
	}
}

// Reading from what isn't there is harmless, however far.
func TestAbsent(t *testing.T) {
	var v template.Value
	if v.Exists() || v.Kind() != template.Absent || v.Raw() != "" || v.Compact() != "" || v.Len() != 0 || v.Pointer() != "" {
		t.Error("the zero value is there")
	}
	if v.Get("a").Exists() || v.Path("a", "b").Exists() || v.Item(0).Exists() {
		t.Error("the zero value has members")
	}
	for range v.Members() {
		t.Error("the zero value has members")
	}
	for range v.Items() {
		t.Error("the zero value has elements")
	}
	if _, ok := v.Text(); ok {
		t.Error("the zero value has a text")
	}
	if _, _, ok := v.Intrinsic(); ok {
		t.Error("the zero value is an intrinsic")
	}
	if vs := v.Variants(); len(vs) != 1 || !vs[0].Absent {
		t.Errorf("variants of the zero value: %v", vs)
	}
}

func FuzzParse(f *testing.F) {
	for seed := range uint64(20) {
		f.Add(randomJSON(seed))
	}
	f.Add([]byte(`{"Resources":{"A\u0042":{"Type":"AWS::Lambda::Function","Properties":{}},"Fn::ForEach::X":[]}}`))
	f.Add([]byte(`{"a":1,"\u0061":2}`))
	f.Add([]byte("\ufeff{}"))
	f.Fuzz(func(t *testing.T, text []byte) {
		doc, err := template.Parse(text)
		if err != nil {
			if json.Valid(text) && utf8.Valid(text) && !odd(text) {
				t.Fatalf("Parse refuses %q: %v", text, err)
			}
			return
		}
		if len(text) < 1<<12 {
			checkValue(t, text, doc)
		}
	})
}

// odd reports whether JSON text holds what encoding/json takes and RFC 8259
// leaves open: names that stand twice, half surrogates, deep nesting.
func odd(text []byte) bool {
	x, err := decoded(text)
	if err != nil || bytes.Count(text, []byte("["))+bytes.Count(text, []byte("{")) > 9000 {
		return true
	}
	return bytes.Contains(bytes.ToLower(text), []byte(`\ud`)) || repeats(x)
}

func repeats(x tree) bool {
	seen := map[string]bool{}
	for _, n := range x.Names {
		if seen[n] {
			return true
		}
		seen[n] = true
	}
	for _, m := range x.Members {
		if repeats(m) {
			return true
		}
	}
	return false
}
