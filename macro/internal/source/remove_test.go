package source

import (
	"errors"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"
)

func TestRemove(t *testing.T) {
	tests := []struct {
		name, text string
		at         string
		want       string // an error where it begins with "error: "
	}{
		{"scalar", "A: 1\nTransform: M # why\n\nB: 2\n", "/Transform", "A: 1\n\nB: 2\n"},
		{"first", "# top\nTransform: M\nB: 2\n", "/Transform", "# top\nB: 2\n"},
		{"last without a line break", "A: 1\nTransform: M", "/Transform", "A: 1\n"},
		{"crlf", "A: 1\r\nTransform: M\r\nB: 2\r\n", "/Transform", "A: 1\r\nB: 2\r\n"},
		{"block list", "Transform:\n  - X\n  - M # ours\n  # below\nB: 2\n", "/Transform/1", "Transform:\n  - X\n  # below\nB: 2\n"},
		{"indentless list", "Transform:\n- M\n- X\nB: 2\n", "/Transform/0", "Transform:\n- X\nB: 2\n"},
		{"object in a list", "Transform:\n  - X\n  - Name: M\n    Parameters:\n      Scope: api\n\nB: 2\n", "/Transform/1", "Transform:\n  - X\n\nB: 2\n"},
		{"dash alone", "Transform:\n  - X\n  -\n    Name: M\n    Parameters: {}\nB: 2\n", "/Transform/1", "Transform:\n  - X\nB: 2\n"},
		{"the only one of a list", "Transform:\n  - M\nB: 2\n", "/Transform/0", "B: 2\n"},
		{"the only one in brackets", "Transform: [M]\nB: 2\n", "/Transform/0", "B: 2\n"},
		{"object", "Transform:\n  Name: M\n  Parameters:\n    Scope: api\nB: 2\n", "/Transform", "B: 2\n"},
		{"brackets, last", "Transform: [X, M]\nB: 2\n", "/Transform/1", "Transform: [X]\nB: 2\n"},
		{"brackets, first", "Transform: [M, X] # both\nB: 2\n", "/Transform/0", "Transform: [X] # both\nB: 2\n"},
		{"brackets, between", "Transform: [X, {Name: M}, Y]\nB: 2\n", "/Transform/1", "Transform: [X, Y]\nB: 2\n"},
		{"brackets over lines", "Transform: [\n  X,\n  M,\n]\nB: 2\n", "/Transform/1", "Transform: [\n  X,\n]\nB: 2\n"},
		{"comment in brackets", "Transform: [X, # sam\n  M]\nB: 2\n", "/Transform/1", "Transform: [X # sam\n  ]\nB: 2\n"},
		{"root in brackets", "{Transform: M, B: 2}\n", "/Transform", "{B: 2}\n"},
		{"among resources", "Resources:\n  Fn::Transform: {Name: M}\n  A: {Type: T}\n", "/Resources/Fn::Transform", "Resources:\n  A: {Type: T}\n"},
		{"json", "{\n  \"A\": 1,\n  \"Transform\": \"M\",\n  \"B\": 2\n}\n", "/Transform", "{\n  \"A\": 1,\n  \"B\": 2\n}\n"},
		{"json, first", "{\n  \"Transform\": [\"M\"],\n  \"B\": 2\n}\n", "/Transform/0", "{\n  \"B\": 2\n}\n"},
		{"json, last", "{\"A\": 1, \"Transform\": \"M\"}", "/Transform", "{\"A\": 1}"},
		{"json list", "{\"Transform\":[\"X\",\"M\"],\"B\":2}", "/Transform/1", "{\"Transform\":[\"X\"],\"B\":2}"},
		{"byte order mark", "\ufeffTransform: M\nB: 2\n", "/Transform", "\ufeffB: 2\n"},
		{"alias", "A: &a [M, X]\nB: *a\n", "/B/0", "error: stands behind the alias"},
		{"anchor in use", "A: &a M\nB: *a\n", "/A", "error: t.yaml"},
		{"merged", "A: &a {M: 1, X: 2}\nB:\n  <<: *a\n  C: 3\n", "/B/M", "error: merge key"},
		{"in a short tag", "B: !Sub [x, {V: 1, W: 2}]\n", "/B/Fn::Sub", "error: nothing would be left"},
		{"no such place", "B: 2\nC: 3\n", "/Transform", "error: nothing at"},
		{"all of it", "Transform: M\n", "/Transform", "error: nothing would be left"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f, err := Read("t.yaml", []byte(tt.text))
			if err != nil {
				t.Fatal(err)
			}
			out, err := f.Remove(jsontext.Pointer(tt.at))
			if message, fails := strings.CutPrefix(tt.want, "error: "); fails {
				var e *Error
				if !errors.As(err, &e) || !strings.Contains(err.Error(), message) {
					t.Fatalf("error %v, want one with %q", err, message)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, string(out)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Several at once, neighbours too.
func TestRemoveSeveral(t *testing.T) {
	for _, text := range []string{
		"Transform:\n  - X\n  - M\n  - M\n  - Y\nB: 2\n",
		"Transform: [X, M, M, Y]\nB: 2\n",
		"{\"Transform\": [\"X\", \"M\", \"M\", \"Y\"], \"B\": 2}",
		"Transform: [M, M, X, Y]\nB: 2\n",
		"Transform: [X, Y, M, M]\nB: 2\n",
		"Transform:\n  - [M, M]\n  - X\n  - Y\nB: 2\n",
	} {
		f, err := Read("t.yaml", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		var at []jsontext.Pointer
		var walk func(*node)
		walk = func(n *node) {
			if n.kind == str && n.string() == "M" {
				at = append(at, n.pointer())
			}
			for _, child := range n.children {
				walk(child)
			}
		}
		walk(f.root)
		out, err := f.Remove(at...)
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		got, err := Read("t.yaml", out)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(`{"Transform":["X","Y"],"B":2}`, strings.ReplaceAll(string(got.JSON()), " ", "")); diff != "" {
			t.Errorf("%q: %s", text, diff)
		}
	}
}

// Whatever is removed, what comes out means the rest, and in block style every
// line of it is a line that was there.
func FuzzRemove(f *testing.F) {
	for _, seed := range []string{
		"A: 1\nTransform:\n  - X\n  - M # c\nB: {C: [1, 2], D: !Sub x}\n",
		"{\"A\": [1, {\"B\": 2}], \"C\": null}",
		"a:\n- b: 1\n  c: 2\n-\n  - d\n  - e\n? f\n: g\nh: |\n  x\n\n  y\ni:\n",
		"a: &x {b: 1}\nc: *x\nd:\n  <<: *x\n  e: 1\n",
	} {
		for pick := range byte(8) {
			f.Add([]byte(seed), pick)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte, pick byte) {
		file, err := Read("t.yaml", data)
		if err != nil {
			return
		}
		var all []*node
		var walk func(*node)
		walk = func(n *node) {
			all = append(all, n)
			for _, child := range n.children {
				walk(child)
			}
		}
		walk(file.root)
		n := all[int(pick)%len(all)]
		out, err := file.Remove(n.pointer())
		if err != nil {
			return // the text was read again before it would be returned
		}
		if _, err := Read("t.yaml", out); err != nil {
			t.Fatalf("%q without %s: %v\n%q", data, n.pointer(), err, out)
		}
		if len(out) >= len(data) {
			t.Fatalf("%q without %s is not shorter: %q", data, n.pointer(), out)
		}
	})
}
