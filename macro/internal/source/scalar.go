package source

import (
	"encoding/base64"
	"math/big"
	"regexp"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// The plain scalars that YAML 1.1 takes for something other than text
// (https://yaml.org/type/), as PyYAML reads them, which the AWS CLI and SAM use.
// Timestamps are left out: CloudFormation keeps 2010-09-09 as text. So are y and n,
// 0o17, and 1e3, which lacks the dot and the sign.
var (
	yamlBool  = regexp.MustCompile(`^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$`)
	yamlNull  = regexp.MustCompile(`^(?:~|null|Null|NULL|)$`)
	yamlInt   = regexp.MustCompile(`^[-+]?(?:0b[0-1_]+|0[0-7_]+|0|[1-9][0-9_]*|0x[0-9a-fA-F_]+|[1-9][0-9_]*(?::[0-5]?[0-9])+)$`)
	yamlFloat = regexp.MustCompile(`^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*)$`)

	jsonNumber = regexp.MustCompile(`^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?$`)
	anyFloat   = regexp.MustCompile(`^([-+]?)([0-9]*)(?:\.([0-9]*))?([eE][-+]?[0-9]+)?$`)
)

// plainScalar returns the kind of an untagged plain scalar and its JSON text.
// Infinity and not-a-number, for which JSON has no number, stay text.
func plainScalar(s string) (jsontext.Kind, string) {
	switch {
	case yamlNull.MatchString(s):
		return null, "null"
	case yamlBool.MatchString(s):
		return boolean, boolText(s)
	case yamlInt.MatchString(s):
		if n, ok := intText(s); ok {
			return number, n
		}
	case yamlFloat.MatchString(s):
		if n, ok := floatText(s); ok {
			return number, n
		}
	}
	return str, quote(s)
}

func boolText(s string) string {
	switch strings.ToLower(s) {
	case "yes", "true", "on":
		return "true"
	}
	return "false"
}

// intText writes a YAML 1.1 integer as JSON does: binary, octal, hexadecimal
// and base 60 become decimal, a decimal keeps its digits.
func intText(s string) (string, bool) {
	if jsonNumber.MatchString(s) {
		return s, true
	}
	s = strings.ReplaceAll(s, "_", "")
	digits := strings.TrimLeft(s, "+-")
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign = "-"
	}
	var n *big.Int
	ok := true
	switch {
	case strings.Contains(digits, ":"):
		n, ok = base60(digits)
	case strings.HasPrefix(digits, "0b"):
		n, ok = new(big.Int).SetString(digits[2:], 2)
	case strings.HasPrefix(digits, "0x"):
		n, ok = new(big.Int).SetString(digits[2:], 16)
	case strings.HasPrefix(digits, "0"):
		n, ok = new(big.Int).SetString(digits, 8)
	default:
		return sign + digits, digits != ""
	}
	if !ok {
		return "", false
	}
	return sign + n.String(), true
}

func base60(s string) (*big.Int, bool) {
	n, sixty := new(big.Int), big.NewInt(60)
	for part := range strings.SplitSeq(s, ":") {
		digit, ok := new(big.Int).SetString(part, 10)
		if !ok {
			return nil, false
		}
		n.Add(n.Mul(n, sixty), digit)
	}
	return n, true
}

// floatText writes a YAML 1.1 float as JSON does, without a change to its
// digits where JSON can hold them.
func floatText(s string) (string, bool) {
	if jsonNumber.MatchString(s) {
		return s, true
	}
	s = strings.ReplaceAll(s, "_", "")
	if i := strings.LastIndexByte(s, ':'); i >= 0 {
		whole, fraction, _ := strings.Cut(s, ".")
		n, ok := intText(whole)
		return n + "." + atLeastOne(fraction), ok
	}
	m := anyFloat.FindStringSubmatch(s)
	if m == nil || m[2]+m[3] == "" {
		return "", false
	}
	sign := strings.TrimPrefix(m[1], "+")
	return sign + atLeastOne(strings.TrimLeft(m[2], "0")) + "." + atLeastOne(m[3]) + m[4], true
}

func atLeastOne(digits string) string {
	if digits == "" {
		return "0"
	}
	return digits
}

// taggedScalar returns the kind of a scalar with a standard tag and its JSON text; ok
// is false where the tag doesn't fit the text.
func taggedScalar(tag, s string) (kind jsontext.Kind, raw string, ok bool) {
	switch tag {
	case "!!str", "!!timestamp":
		return str, quote(s), true
	case "!!null":
		return null, "null", true
	case "!!bool":
		return boolean, boolText(s), yamlBool.MatchString(s)
	case "!!int":
		if yamlInt.MatchString(s) {
			raw, ok = intText(s)
		}
		return number, raw, ok
	case "!!float":
		if s == "" {
			return number, "", false
		}
		if yamlInt.MatchString(s) && !strings.HasPrefix(strings.TrimLeft(s, "+-"), "0") {
			raw, ok = intText(s)
			return number, raw + ".0", ok
		}
		raw, ok = floatText(s)
		return number, raw, ok
	case "!!binary":
		b, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(s), ""))
		return str, quote(string(b)), err == nil && strings.ToValidUTF8(string(b), "\ufffd") == string(b)
	}
	return 0, "", false
}
