package template_test

import (
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
		{"nothing", `{"a": 1 }`, nil, `{"a": 1 }`},
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
		{"replace the root", `[1]`, []template.Edit{replace("", `{}`)}, `{}`},
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
