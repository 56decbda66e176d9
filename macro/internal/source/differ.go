package source

import (
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// differ returns the first value of want that got doesn't have, or has differently,
// or nil where both mean the same: the order of members and the way a number is
// written don't count.
func differ(want, got *node) *node {
	if want.kind != got.kind || len(want.children) != len(got.children) {
		return want
	}
	switch want.kind {
	case str:
		if want.string() != got.string() {
			return want
		}
	case number:
		if numeral(want.raw) != numeral(got.raw) {
			return want
		}
	case object, array:
		return differChildren(want, got)
	default:
		if want.raw != got.raw {
			return want
		}
	}
	return nil
}

func differChildren(want, got *node) *node {
	names := make(map[string]*node, len(got.children))
	for _, child := range got.children {
		names[child.name] = child
	}
	for i, child := range want.children {
		other := got.children[i]
		if want.kind == object {
			if other = names[child.name]; other == nil {
				return child
			}
		}
		if n := differ(child, other); n != nil {
			return n
		}
	}
	return nil
}

// numeral writes a JSON number in one form for all its spellings: its digits and a
// power of ten. It uses no float, which would lose digits.
func numeral(raw string) string {
	digits, negative := strings.CutPrefix(raw, "-")
	power := 0
	if i := strings.IndexAny(digits, "eE"); i >= 0 {
		n, err := strconv.Atoi(digits[i+1:])
		if err != nil {
			return raw
		}
		digits, power = digits[:i], n
	}
	whole, fraction, _ := strings.Cut(digits, ".")
	digits = whole + fraction
	power -= len(fraction)
	short := strings.TrimRight(digits, "0")
	power += len(digits) - len(short)
	short = strings.TrimLeft(short, "0")
	if short == "" {
		return "0"
	}
	if negative {
		short = "-" + short
	}
	return short + "e" + strconv.Itoa(power)
}

// pointer returns the JSON pointer of the value.
func (n *node) pointer() jsontext.Pointer {
	if n.up == nil {
		return ""
	}
	name := n.name
	if n.up.kind == array {
		name = strconv.Itoa(slices.Index(n.up.children, n))
	}
	return n.up.pointer().AppendToken(name)
}
