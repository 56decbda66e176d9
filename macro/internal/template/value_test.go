package template_test

import (
	"testing"

	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

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

// Reading from an absent value gives absent values, at any depth.
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
