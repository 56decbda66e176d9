package template

import "testing"

func TestCanonical(t *testing.T) {
	const want = `{"a":[{"b":1,"c":{"x":null,"y":"2"}},true],"z":""}`
	for _, text := range []string{want,
		`{"z": "", "a": [{"c": {"y": "2", "x": null}, "b": 1}, true]}`,
		`{"a":[{"b":1,"c":{"y":"2","x":null}},true],"z":""}`} {
		if got := Index(text).Root().Canonical(); got != want {
			t.Errorf("Canonical of %s: %s", text, got)
		}
	}
	if got := Index(`{"a":[2,1]}`).Root().Canonical(); got != `{"a":[2,1]}` {
		t.Errorf("the order of a list counts: %s", got)
	}
}
