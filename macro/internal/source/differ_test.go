package source

import "testing"

func TestDiffer(t *testing.T) {
	tests := []struct{ want, got, at string }{
		{`{"a":1,"b":[true,null,"x"]}`, `{ "b": [true, null, "\u0078"], "a": 1.0 }`, ""},
		{`{"a":{"b":1}}`, `{"a":{"b":2}}`, "/a/b"},
		{`{"a":1,"b":1}`, `{"a":1,"c":1}`, "/b"},
		{`{"a":1}`, `{"a":1,"b":1}`, "root"},
		{`{"a":[1,2]}`, `{"a":[2,1]}`, "/a/0"},
		{`{"a":[1]}`, `{"a":[1,2]}`, "/a"},
		{`{"a":"1"}`, `{"a":1}`, "/a"},
		{`{"a":true}`, `{"a":false}`, "/a"},
		{`{"a":"x"}`, `{"a":"X"}`, "/a"},
	}
	for _, tt := range tests {
		want, err := index([]byte(tt.want))
		if err != nil {
			t.Fatal(err)
		}
		got, err := index([]byte(tt.got))
		if err != nil {
			t.Fatal(err)
		}
		at := ""
		if n := differ(want, got); n == want {
			at = "root"
		} else if n != nil {
			at = string(n.pointer())
		}
		if at != tt.at {
			t.Errorf("%s and %s: differ at %q, want %q", tt.want, tt.got, at, tt.at)
		}
	}
}
