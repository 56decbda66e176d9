package jsonindex_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantinvoke/grantinvoke/macro/internal/jsonindex"
)

// decoded is a value as encoding/json would decode it.
func decoded(x *jsonindex.Index, n jsonindex.Node) any {
	switch x.Kind(n) {
	case jsonindex.Object:
		m := map[string]any{}
		for c := x.First(n); c != 0; c = x.Next(c) {
			m[x.Name(c)] = decoded(x, c)
		}
		return m
	case jsonindex.Array:
		list := []any{}
		for c := x.First(n); c != 0; c = x.Next(c) {
			list = append(list, decoded(x, c))
		}
		return list
	case jsonindex.String:
		return x.Text(n)
	case jsonindex.Number:
		return json.Number(x.Raw(n))
	case jsonindex.Bool:
		return x.Raw(n) == "true"
	}
	return nil
}

// links checks what else the index says of a value and those in it.
func links(t *testing.T, x *jsonindex.Index, n jsonindex.Node) {
	t.Helper()
	from, to := x.Span(n)
	if x.Slice(from, to) != x.Raw(n) {
		t.Fatalf("%s stands at %d to %d, where %s is", x.Raw(n), from, to, x.Slice(from, to))
	}
	for c := x.First(n); c != 0; c = x.Next(c) {
		if x.Parent(c) != n {
			t.Fatalf("%s: not in %s", x.Raw(c), x.Raw(n))
		}
		from, to, named := x.NameSpan(c)
		if named != (x.Kind(n) == jsonindex.Object) {
			t.Fatalf("%s in %s: has a name: %v", x.Raw(c), x.Raw(n), named)
		}
		if named {
			var name string
			if err := json.Unmarshal([]byte(x.Slice(from, to)), &name); err != nil || name != x.Name(c) {
				t.Fatalf("the name %q stands as %s", x.Name(c), x.Slice(from, to))
			}
			if x.Member(n, name) != c || !x.MayName(name) {
				t.Fatalf("%q is not found", name)
			}
		}
		links(t, x, c)
	}
	if x.Kind(n) == jsonindex.Object && x.Member(n, "no such member") != 0 {
		t.Fatalf("%s has what is not there", x.Raw(n))
	}
}

func check(t *testing.T, text string) {
	t.Helper()
	x, err := jsonindex.Parse([]byte(text))
	if err != nil {
		t.Fatalf("%.200s: %v", text, err)
	}
	var want any
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&want); err != nil {
		t.Fatalf("encoding/json refuses what Parse takes: %v\n%.200s", err, text)
	}
	if got := decoded(&x, jsonindex.Root); !reflect.DeepEqual(got, want) {
		t.Fatalf("%.2000s\nis %v, want %v", text, got, want)
	}
	links(t, &x, jsonindex.Root)
}

// members is an object with n members.
func members(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `,"member %d":{"n":%d}`, i, i)
	}
	return "{" + strings.TrimPrefix(b.String(), ",") + "}"
}

func TestParse(t *testing.T) {
	for name, text := range map[string]string{
		"scalar":           ` 12 `,
		"empty":            `[{},[],"",{"":0}]`,
		"white space":      "\t{\r\n \"a\" :\n[ 1 ,\t2 , { } , [ ] ]\r\n}\n ",
		"words":            `[true,false,null]`,
		"numbers":          `[0,-0,1.5e+10,-12.25E-3,` + strings.Repeat("9", 1000) + `]`,
		"escaped names":    `{"\u0052esources":1,"\"":2,"a\\":3,"b\/c":4}`,
		"escapes":          `["\"\\\/\b\f\n\r\t","\u00e9\ud83d\ude00é😀"]`,
		"a long name":      `{"` + strings.Repeat("x", 70_000) + `":1,"y":2}`,
		"a few members":    members(24),
		"many members":     members(25),
		"thousands":        members(3000),
		"alike in 8 bytes": `{"resource":1,"resources":2,"resourced":3,"resource\u0073x":4}`,
	} {
		t.Run(name, func(t *testing.T) { check(t, text) })
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
		"one among many":       strings.TrimSuffix(members(100), "}") + `,"member 50":0}`,
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
			if _, err := jsonindex.Parse([]byte(text)); err == nil {
				t.Errorf("Parse takes %.60q", text)
			}
		})
	}
}

// Released memory is used by the next index, and never by two at the same time.
func TestRelease(t *testing.T) {
	text := members(400)
	if len(text) < 4<<10 {
		t.Fatal("too short to be kept")
	}
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 100 {
				x, err := jsonindex.Parse([]byte(text))
				if err != nil {
					t.Error(err)
					return
				}
				for i := range 400 {
					if got := x.Raw(x.Member(jsonindex.Root, fmt.Sprintf("member %d", i))); got != fmt.Sprintf(`{"n":%d}`, i) {
						t.Errorf("member %d is %s", i, got)
						return
					}
				}
				x.Release()
			}
		})
	}
	all.Wait()
}

func TestBuffer(t *testing.T) {
	for _, n := range []int{0, 1, 100, 1 << 20} {
		b := jsonindex.Buffer(n)
		if len(b) != 0 || cap(b) < n {
			t.Errorf("Buffer(%d): %d bytes of %d", n, len(b), cap(b))
		}
		b = append(b, strings.Repeat("x", n)...)
		if string(b) != strings.Repeat("x", n) {
			t.Errorf("Buffer(%d) holds something else", n)
		}
	}
}

// Parse takes what jsontext takes, and nothing else.
func FuzzParse(f *testing.F) {
	for _, text := range []string{members(30), `["\ud83d\ude00","\ud83dx","\udc00",-0.5e+10,1.,01,tru,nul]`, `{"a":1,"\u0061":2}`, "\ufeff{}", "[1]]"} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		_, err := jsonindex.Parse(text)
		if valid := jsontext.Value(text).IsValid(); valid != (err == nil) {
			t.Fatalf("jsontext finds %q valid: %v; Parse: %v", text, valid, err)
		}
		if err == nil && len(text) < 1<<12 {
			check(t, string(text))
		}
	})
}

// Bytes are one index's alone until it is released.
func TestBytes(t *testing.T) {
	var all sync.WaitGroup
	for who := range 8 {
		all.Go(func() {
			for i := range 100 {
				x, _ := jsonindex.Read([]string{`{}`, members(400)}[i%2]) // one too short to be kept
				text := strings.Repeat(string(rune('a'+who)), 10+i)
				first, second := x.Bytes(len(text)), x.Bytes(3)
				if len(first) != 0 || cap(first) < len(text) || len(second) != 0 || cap(second) < 3 {
					t.Errorf("%d bytes of %d", len(first), cap(first))
				}
				first, second = append(first, text...), append(second, "xyz, and more"...)
				if string(first) != text || string(second) != "xyz, and more" {
					t.Errorf("%s and %s are another's", first, second)
				}
				x.Release()
			}
		})
	}
	all.Wait()
}
