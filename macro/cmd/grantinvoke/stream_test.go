package main

import (
	"bufio"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestStream(t *testing.T) {
	for _, tt := range []struct {
		name, in string
		want     []string
	}{
		{"lines", "{\"a\":1}\n{\"b\":2}\n", []string{`{"a":1}`, `{"b":2}`}},
		{"no line break", `{"a":1}`, []string{`{"a":1}`}},
		{"several lines", "{\n  \"a\": {\n  }\n}\n{\"b\":2}\n", []string{"{\n  \"a\": {\n  }\n}", `{"b":2}`}},
		{"two in a line", `{"a":1} {"b":2}`, []string{`{"a":1}`, `{"b":2}`}},
		{"carriage returns", "{\r\n\"a\": 1\r\n}\r\n", []string{"{\r\n\"a\": 1\r\n}"}},
		{"brackets in a text", "{\"a\": \"}{\\\"}\",\n\"b\": 1}\n", []string{"{\"a\": \"}{\\\"}\",\n\"b\": 1}"}},
		{"no JSON", "no json\n{\"b\":2}\n", []string{"no json", `{"b":2}`}},
		{"no object", "[1,\n2]\n", []string{"[1,", "2]"}},
		{"a stray bracket", "}\n{\"b\":2}\n", []string{"}", `{"b":2}`}},
		{"cut short before a good one", "{\"a\": {\n{\"requestId\":\"2\"}\n", []string{`{"a": {`, `{"requestId":"2"}`}},
		{"cut short at the end", "{\"b\":2}\n{\"a\": [\n1,\n", []string{`{"b":2}`, `{"a": [`, "1,"}},
		{"cut short before one over lines", "{\"a\": \"\n{\n\"b\": 1\n}\n", []string{`{"a": "`, "{\n\"b\": 1\n}"}},
		{"empty", "\n \n", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := stream{in: bufio.NewReader(strings.NewReader(tt.in))}
			var got []string
			for {
				v, err := s.next()
				if errors.Is(err, io.EOF) {
					break
				}
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, strings.TrimSpace(string(v)))
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// An event over many lines takes as long as its bytes, not as their square.
func TestStreamIsLinear(t *testing.T) {
	text := "{\"a\": [\n" + strings.Repeat("1,\n", 1<<20) + "1]}\n"
	start := time.Now()
	s := stream{in: bufio.NewReader(strings.NewReader(text))}
	v, err := s.next()
	if err != nil || len(v) != len(text)-1 {
		t.Fatalf("%d bytes, %v", len(v), err)
	}
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("%v for %d lines", took, 1<<20)
	}
}
