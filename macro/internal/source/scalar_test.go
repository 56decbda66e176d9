package source

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// YAML 1.1 as PyYAML reads it, and so the AWS CLI and SAM.
func TestPlainScalar(t *testing.T) {
	tests := []struct{ text, want string }{
		{"", "null"}, {"~", "null"}, {"null", "null"}, {"Null", "null"}, {"nULL", `"nULL"`},
		{"yes", "true"}, {"On", "true"}, {"TRUE", "true"}, {"tRUE", `"tRUE"`}, {"no", "false"}, {"OFF", "false"}, {"False", "false"},
		{"y", `"y"`}, {"n", `"n"`},
		{"0", "0"}, {"12", "12"}, {"-12", "-12"}, {"+12", "12"}, {"-0", "-0"}, {"1_000", "1000"}, {"1__0_", "10"}, {"+1_0", "10"},
		{"12345678901234567890123", "12345678901234567890123"},
		{"017", "15"}, {"-017", "-15"}, {"00", "0"}, {"0_7", "7"}, {"0o17", `"0o17"`},
		{"012345670123", "1402433619"}, {"012345678901", `"012345678901"`}, {"08", `"08"`},
		{"0x1F", "31"}, {"-0x1f", "-31"}, {"0x_", `"0x_"`}, {"0xg", `"0xg"`}, {"0b101", "5"}, {"0b_", `"0b_"`}, {"0b2", `"0b2"`},
		{"190:20:30", "685230"}, {"-1:30", "-90"}, {"1:60", `"1:60"`}, {"0:30", `"0:30"`}, {"22:22", "1342"},
		{"1.10", "1.10"}, {"-1.5", "-1.5"}, {"2.0", "2.0"}, {"+1.5", "1.5"}, {"01.5", "1.5"}, {"1.", "1.0"}, {".5", "0.5"}, {"-.5", `"-.5"`},
		{"1_0.0_5", "10.05"}, {"0.0", "0.0"}, {"00.0", "0.0"}, {".", `"."`}, {"1.2.3", `"1.2.3"`},
		{"1.0e+3", "1.0e+3"}, {"1.5E-7", "1.5E-7"}, {"1.e+3", "1.0e+3"}, {".5e-1", "0.5e-1"}, {"1.0e3", `"1.0e3"`}, {"1e3", `"1e3"`}, {"12e03", `"12e03"`},
		{"190:20:30.15", "685230.15"}, {"-1:30.5", "-90.5"}, {"1:30.", "90.0"},
		{".inf", `".inf"`}, {"-.INF", `"-.INF"`}, {".NaN", `".NaN"`},
		{"2010-09-09", `"2010-09-09"`}, {"2001-12-14t21:59:43.10-05:00", `"2001-12-14t21:59:43.10-05:00"`},
		{"=", `"="`}, {"<<", `"<<"`}, {"-", `"-"`}, {"+", `"+"`}, {"python3.12", `"python3.12"`}, {"1,000", `"1,000"`},
	}
	for _, tt := range tests {
		if _, got := plainScalar(tt.text); got != tt.want {
			t.Errorf("%q: got %s, want %s", tt.text, got, tt.want)
		}
	}
}

func TestTaggedScalar(t *testing.T) {
	tests := []struct{ tag, text, want string }{
		{"!!str", "12", `"12"`}, {"!!str", "", `""`}, {"!!timestamp", "2010-09-09", `"2010-09-09"`}, {"!!null", "x", "null"},
		{"!!bool", "Yes", "true"}, {"!!bool", "maybe", ""},
		{"!!int", "0x1F", "31"}, {"!!int", "1.5", ""}, {"!!int", "", ""}, {"!!int", "0b_", ""},
		{"!!float", "1", "1.0"}, {"!!float", "1e3", "1e3"}, {"!!float", "+.5e3", "0.5e3"}, {"!!float", "1_0", "10.0"}, {"!!float", "-1", "-1.0"},
		{"!!float", "", ""}, {"!!float", "-", ""}, {"!!float", "x", ""},
		{"!!binary", "aGVs\n bG8=", `"hello"`}, {"!!binary", "/w==", ""}, {"!!binary", "?", ""},
		{"!!python/name", "x", ""}, {"tag:x:y", "x", ""},
	}
	for _, tt := range tests {
		_, got, ok := taggedScalar(tt.tag, tt.text)
		if ok != (tt.want != "") || ok && got != tt.want {
			t.Errorf("%s %q: got %s %v, want %q", tt.tag, tt.text, got, ok, tt.want)
		}
	}
}

// A number is the same however it is written, at any size.
func TestNumeral(t *testing.T) {
	tests := []struct{ raw, want string }{
		{"0", "0"}, {"-0", "0"}, {"0.00e9", "0"}, {"1", "1e0"}, {"1.0", "1e0"}, {"100", "1e2"}, {"1e2", "1e2"}, {"0.1e3", "1e2"},
		{"-1.50", "-15e-1"}, {"1E-7", "1e-7"}, {"1e999999", "1e999999"}, {"12345678901234567890.5", "123456789012345678905e-1"},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, numeral(tt.raw)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.raw, diff)
		}
	}
}
