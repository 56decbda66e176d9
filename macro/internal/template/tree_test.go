package template_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"

	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// decoded lists the tokens of JSON text as encoding/json reads them, numbers
// by their text.
func decoded(text []byte) ([]string, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var out []string
	for {
		token, err := d.Token()
		if err == io.EOF {
			return out, nil
		}
		if err != nil {
			return out, err
		}
		switch x := token.(type) {
		case json.Delim:
			out = append(out, x.String())
		case string:
			out = append(out, strconv.Quote(x))
		case nil:
			out = append(out, "null")
		default:
			out = append(out, fmt.Sprint(x))
		}
	}
}

// walked lists the same tokens by walking a value.
func walked(v template.Value, out []string) []string {
	switch v.Kind() {
	case template.Object:
		out = append(out, "{")
		for name, m := range v.Members() {
			out = walked(m, append(out, strconv.Quote(name)))
		}
		return append(out, "}")
	case template.Array:
		out = append(out, "[")
		for m := range v.Items() {
			out = walked(m, out)
		}
		return append(out, "]")
	case template.String:
		s, _ := v.Text()
		return append(out, strconv.Quote(s))
	case template.Number, template.Bool:
		s, _ := v.Scalar()
		return append(out, s)
	case template.Null:
		return append(out, "null")
	}
	return append(out, "absent")
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

// space is white space around a template.
const space = " \n\r\t"

func checkValue(t *testing.T, text []byte, doc *template.Template) {
	t.Helper()
	want, err := decoded(text)
	if err != nil {
		t.Fatalf("encoding/json refuses what Parse takes: %v\n%s", err, text)
	}
	if got := walked(doc.Root(), nil); !slices.Equal(want, got) {
		t.Fatalf("%.2000s\n(-encoding/json +Value)\n%s", text, cmp.Diff(want, got))
	}
	if got := string(doc.Bytes()); strings.Trim(got, space) != strings.Trim(string(text), space) || doc.Size() != len(got) {
		t.Fatalf("Bytes gives %q of %q", got, text)
	}
	checkPlaces(t, doc, doc.Root(), 0)
}

// checkPlaces checks v and all values below: its pointer leads back to it, raw and compact
// text have the same value.
func checkPlaces(t *testing.T, doc *template.Template, v template.Value, depth int) {
	t.Helper()
	if back := doc.At(v.Pointer()); (depth < 50 || depth%97 == 0) && back != v {
		t.Fatalf("At(%q) leads to %q, want %q", v.Pointer(), back.Raw(), v.Raw())
	}
	if depth < 3 || v.Len() == 0 { // what is between is part of it
		var want bytes.Buffer
		if err := json.Compact(&want, []byte(v.Raw())); err != nil || want.String() != v.Compact() {
			t.Fatalf("Compact of %q: %q, want %q (%v)", v.Pointer(), v.Compact(), want.String(), err)
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

func FuzzParse(f *testing.F) {
	for seed := range uint64(20) {
		f.Add(randomJSON(seed))
	}
	f.Add([]byte(`{"Resources":{"A\u0042":{"Type":"AWS::Lambda::Function","Properties":{}},"Fn::ForEach::X":[]}}`))
	f.Add([]byte(`{"a":1,"\u0061":2}`))
	f.Add([]byte("\ufeff{}"))
	f.Add([]byte(`["\ud83d\ude00","\ud83dx","\udc00","\u00e9","é\/","` + "\xf0\x9f\x98\x80\xed\xa0\x80" + `",-0.5e+10,1.,01,tru,nul]`))
	f.Add([]byte(`{"a":1` + strings.Repeat(`,"b":2`, 2) + `}`))
	many := `{"n0":0`
	for i := range 40 {
		many += fmt.Sprintf(`,"n%d":0`, i+1)
	}
	f.Add([]byte(many + `,"n7":1}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		doc, err := template.Parse(text)
		if valid := jsontext.Value(text).IsValid(); valid != (err == nil) {
			t.Fatalf("jsontext finds %q valid: %v; Parse: %v", text, valid, err)
		}
		if err != nil {
			return
		}
		if len(text) < 1<<12 {
			checkValue(t, text, doc)
		}
	})
}
