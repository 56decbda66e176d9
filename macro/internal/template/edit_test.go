package template_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"

	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

func parse(t testing.TB, text string) *template.Template {
	t.Helper()
	doc, err := template.Parse([]byte(text))
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return doc
}

func pointer(p string) jsontext.Pointer { return jsontext.Pointer(p) }

func add(at, value string) template.Edit {
	return template.Edit{Op: template.Add, At: pointer(at), Value: jsontext.Value(value)}
}

func replace(at, value string) template.Edit {
	return template.Edit{Op: template.Replace, At: pointer(at), Value: jsontext.Value(value)}
}

func rename(at, name string) template.Edit {
	return template.Edit{Op: template.Rename, At: pointer(at), Name: name}
}

func TestApply(t *testing.T) {
	tests := []struct {
		name, in string
		edits    []template.Edit
		want     string
	}{
		{"nothing", ` {"a": 1} `, nil, ` {"a": 1} `},
		{"add to an empty object", `{ }`, []template.Edit{add("/a", "1")}, `{ "a":1}`},
		{"add to an object", `{"a": 1.0 }`, []template.Edit{add("/b", "2")}, `{"a": 1.0 ,"b":2}`},
		{"add in order", `{"x":{}}`, []template.Edit{add("/x/b", "1"), add("/x/a", "2")}, `{"x":{"b":1,"a":2}}`},
		{"add to a list", `{"x":[ 1 ]}`, []template.Edit{add("/x/-", "2"), add("/x/-", "2")}, `{"x":[ 1 ,2,2]}`},
		{"add to an empty list", `[]`, []template.Edit{add("/-", `"a"`), add("/-", `"a"`)}, `["a","a"]`},
		{"add a member named -", `{}`, []template.Edit{add("/-", `1`)}, `{"-":1}`},
		{"add an escaped name", `{"a/b":{}}`, []template.Edit{add("/a~1b/c~0\"", "1")}, `{"a/b":{"c~\"":1}}`},
		{"add inside and outside", `{"x":{}}`, []template.Edit{add("/y", "1"), add("/x/z", "2")}, `{"x":{"z":2},"y":1}`},
		{"replace", `{"a" : [1, 2],"b":3}`, []template.Edit{replace("/a", `"x"`)}, `{"a" : "x","b":3}`},
		{"replace a part", `{"a" : [1, 2],"b":3}`, []template.Edit{replace("/a/1", `{}`)}, `{"a" : [1, {}],"b":3}`},
		{"replace the root", ` [1] `, []template.Edit{replace("", `{}`)}, ` {} `},
		{"rename", `{"a": 1,"b":{"a":2}}`, []template.Edit{rename("/b/a", `x"`)}, `{"a": 1,"b":{"x\"":2}}`},
		{"rename an escaped name", `{"\u0061" : 1}`, []template.Edit{rename("/a", "b")}, `{"b" : 1}`},
		{"rename and replace", `{"a":{"b":1}}`, []template.Edit{replace("/a/b", "2"), rename("/a", "c"), rename("/a/b", "d")}, `{"c":{"d":2}}`},
		{"rename and add", `{"a":{}}`, []template.Edit{add("/a/b", "2"), rename("/a", "c")}, `{"c":{"b":2}}`},
		{"swap", `{"a":1,"b":2}`, []template.Edit{rename("/a", "c"), replace("/b", "3"), add("/d", "4")}, `{"c":1,"b":3,"d":4}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := parse(t, tt.in).Apply(tt.edits)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, string(got)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestApplyErrors(t *testing.T) {
	const doc = `{"a":{"b":1},"l":[1],"s":"x"}`
	tests := map[string][]template.Edit{
		"add what is there":             {add("/a", "1")},
		"add what is there, escaped":    {add("/a/b", "1")},
		"add the same twice":            {add("/a/c", "1"), add("/a/c", "2")},
		"add to nothing":                {add("/x/y", "1")},
		"add to a string":               {add("/s/y", "1")},
		"add to a list by index":        {add("/l/1", "1")},
		"replace nothing":               {replace("/x", "1")},
		"replace beyond the list":       {replace("/l/1", "1")},
		"replace twice":                 {replace("/a", "1"), replace("/a", "2")},
		"replace inside of a replaced":  {replace("/a", "1"), replace("/a/b", "2")},
		"replace around a replaced":     {replace("/a/b", "2"), replace("/a", "1")},
		"add inside of a replaced":      {replace("/a", "1"), add("/a/c", "2")},
		"rename inside of a replaced":   {rename("/a/b", "c"), replace("/a", "1")},
		"rename nothing":                {rename("/x", "y")},
		"rename an element":             {rename("/l/0", "y")},
		"rename the root":               {rename("", "y")},
		"rename twice":                  {rename("/a", "y"), rename("/a", "z")},
		"replace the root and a member": {replace("", "1"), replace("/s", "2")},
	}
	for name, edits := range tests {
		t.Run(name, func(t *testing.T) {
			if out, err := parse(t, doc).Apply(edits); err == nil {
				t.Errorf("gives %s", out)
			}
		})
	}
}

// Whatever is applied to whatever, the result is JSON in which the edits can
// be found, and everything else is there byte for byte.
func TestApplyProperty(t *testing.T) {
	applied := 0
	for seed := range uint64(3000) {
		text := randomJSON(seed)
		if out, ok := checkEdits(t, text, seed); ok && len(out) > 0 {
			applied++
		}
	}
	if applied < 1000 {
		t.Errorf("only %d of the random edits could be applied", applied)
	}
}

// checkEdits applies random edits. ok is false where they were refused.
func checkEdits(t *testing.T, text []byte, seed uint64) (out []byte, ok bool) {
	t.Helper()
	doc, err := template.Parse(text)
	if err != nil {
		return nil, false
	}
	edits := randomEdits(doc, rand.New(rand.NewPCG(seed, 2)))
	out, err = doc.Apply(edits)
	if err != nil {
		if string(doc.Bytes()) != string(text) {
			t.Fatalf("a refused edit changed the template: %s", doc.Bytes())
		}
		return nil, false
	}
	after, err := template.Parse(out)
	if err != nil {
		t.Fatalf("%s\nwith %v\ngives no JSON: %v\n%s", text, edits, err, out)
	}
	checkKept(t, text, out, edits)
	for _, e := range edits {
		if e.Op == template.Add && !strings.HasSuffix(string(e.At), "/-") {
			if got := after.At(renamed(e.At, edits)).Raw(); got != string(e.Value) {
				t.Fatalf("%s: added %s, found %q in\n%s", e.At, e.Value, got, out)
			}
		}
	}
	return out, true
}

// checkKept takes the edits' texts out of the result, from left to right, and
// wants what is between them to be the original's, in its order.
func checkKept(t *testing.T, text, out []byte, edits []template.Edit) {
	t.Helper()
	gone := 0
	doc := template.Index(text)
	more := 0
	for _, e := range edits {
		switch e.Op {
		case template.Add:
			more += len(e.Value)
		case template.Replace:
			gone += len(doc.At(e.At).Raw())
			more += len(e.Value)
		case template.Rename:
			gone += len(template.Quote(e.At.LastToken())) * 6 // as long as it can be spelled
		}
	}
	if kept := common(text, out); kept < len(text)-gone {
		t.Fatalf("%d of %d bytes kept, %d edited away\n%s\n%s", kept, len(text), gone, text, out)
	}
	if len(out) < len(text)-gone+more {
		t.Fatalf("%d bytes became %d with %d more and %d less", len(text), len(out), more, gone)
	}
}

// common is how many bytes of a stand in b in the same order, greedily.
func common(a, b []byte) int {
	prefix := 0
	for prefix < len(a) && prefix < len(b) && a[prefix] == b[prefix] {
		prefix++
	}
	// What lies between edits is found from left to right.
	n, at := prefix, prefix
	for _, c := range a[prefix:] {
		for i := at; i < len(b); i++ {
			if b[i] == c {
				n, at = n+1, i+1
				break
			}
		}
	}
	return n
}

// renamed is where a pointer leads after the renames.
func renamed(p jsontext.Pointer, edits []template.Edit) jsontext.Pointer {
	var out jsontext.Pointer
	var at jsontext.Pointer
	for token := range p.Tokens() {
		at = at.AppendToken(token)
		for _, e := range edits {
			if e.Op == template.Rename && e.At == at {
				token = e.Name
			}
		}
		out = out.AppendToken(token)
	}
	return out
}

// randomEdits makes up to four edits of values that are there.
func randomEdits(doc *template.Template, r *rand.Rand) []template.Edit {
	var all []template.Value
	var collect func(template.Value)
	collect = func(v template.Value) {
		all = append(all, v)
		for _, m := range v.Members() {
			collect(m)
		}
		for m := range v.Items() {
			collect(m)
		}
	}
	collect(doc.Root())
	var edits []template.Edit
	for n := range 1 + r.IntN(4) {
		v := all[r.IntN(len(all))]
		value := fmt.Sprintf(`{"edit":[%d]}`, n)
		switch kind := v.Kind(); {
		case kind == template.Object && r.IntN(3) > 0:
			edits = append(edits, add(string(v.Pointer().AppendToken(fmt.Sprintf("new/%d", n))), value))
		case kind == template.Array && r.IntN(3) > 0:
			edits = append(edits, add(string(v.Pointer().AppendToken("-")), value))
		case v.Pointer() != "" && doc.At(v.Pointer().Parent()).Kind() == template.Object && r.IntN(2) == 0:
			edits = append(edits, rename(string(v.Pointer()), fmt.Sprintf("renamed %d", n)))
		default:
			edits = append(edits, replace(string(v.Pointer()), value))
		}
	}
	return edits
}

func FuzzApply(f *testing.F) {
	for seed := range uint64(20) {
		f.Add(randomJSON(seed), seed)
	}
	f.Fuzz(func(t *testing.T, text []byte, seed uint64) {
		if len(text) < 1<<12 {
			checkEdits(t, text, seed)
		}
	})
}

// FuzzPlace applies one edit at any pointer.
func FuzzPlace(f *testing.F) {
	f.Add([]byte(`{"a":[1,{"b":null}]}`), byte(1), "/a/-", "x")
	f.Add([]byte(`{"a":[1,{"b":null}]}`), byte(2), "/a/1/b", "x")
	f.Add([]byte(`{"a":[1,{"b":null}]}`), byte(3), "/a", "")
	f.Add([]byte(`[]`), byte(3), "", "")
	f.Add([]byte(`{}`), byte(0), "a", "")
	f.Fuzz(func(t *testing.T, text []byte, op byte, at, name string) {
		doc, err := template.Parse(text)
		if err != nil {
			return
		}
		out, err := doc.Apply([]template.Edit{{Op: template.Op(op), At: pointer(at), Name: name, Value: jsontext.Value("0")}})
		if err == nil && !json.Valid(out) {
			t.Fatalf("%s: %q at %q gives %s", text, op, at, out)
		}
	})
}
