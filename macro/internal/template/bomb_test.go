package template_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/grantinvoke/grantinvoke/macro/internal/template"
	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/hostile"
)

// nested is n expressions in one another.
func nested(n int, before, inner, after string) string {
	return strings.Repeat(before, n) + inner + strings.Repeat(after, n)
}

// ifs is a tree of Fn::If with 2^depth leaves, each condition its own.
func ifs(depth int) string {
	n := 0
	var write func(int) string
	write = func(d int) string {
		n++
		if d == 0 {
			return strconv.Itoa(n)
		}
		return fmt.Sprintf(`{"Fn::If":["C%d",%s,%s]}`, n, write(d-1), write(d-1))
	}
	return write(depth)
}

// sameIfs is a Join of n Fn::If, each with its own condition: 2^n variants.
func joinedIfs(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `,{"Fn::If":["C%d","a","b"]}`, i)
	}
	return `{"Fn::Join":["",[` + b.String()[1:] + `]]}`
}

// laughs is a Sub in a Sub's map, n deep, each using the one inside ten times.
func laughs(n int) string {
	return nested(n, `{"Fn::Sub":["`+strings.Repeat("${a}", 10)+`",{"a":`, `"haha"`, `}]}`)
}

var bombs = map[string]string{
	"100,000 references":            `{"Fn::Sub":"` + strings.Repeat("${x}", 100_000) + `"}`,
	"100,000 escapes":               `{"Fn::Sub":"` + strings.Repeat("${!x}", 100_000) + `"}`,
	"100,000 unclosed":              `{"Fn::Sub":"` + strings.Repeat("${", 100_000) + `"}`,
	"100,000 variables":             `{"Fn::Sub":["` + strings.Repeat("${x}", 100_000) + `",{"x":"y"}]}`,
	"20,000 times a long variable":  `{"Fn::Sub":["` + strings.Repeat("${x}", 20_000) + `",{"x":"` + strings.Repeat("y", 500_000) + `"}]}`,
	"a billion laughs":              laughs(9),
	"laughs behind a reference":     strings.ReplaceAll(laughs(9), `"haha"`, `{"Ref":"H"}`),
	"2^16 branches":                 ifs(16),
	"2^24 combinations":             joinedIfs(24),
	"2^2000 combinations":           joinedIfs(2000),
	"4,900 ifs in one another":      nested(4900, `{"Fn::If":["C","a",`, `"b"`, `]}`),
	"2,500 different ifs":           deepIfs(2500),
	"3,000 joins in one another":    nested(3000, `{"Fn::Join":["",["a",`, `"b"`, `]]}`),
	"2,000 subs in one another":     nested(2000, `{"Fn::Sub":["a${x}",{"x":`, `"b"`, `}]}`),
	"2,000 selects in one another":  nested(2000, `{"Fn::Select":[0,[`, `"b"`, `]]}`),
	"100,000 elements":              `{"Fn::Join":["-",["` + strings.Repeat(`a","`, 100_000) + `b"]]}`,
	"100,000 split elements":        `{"Fn::Join":["-",{"Fn::Split":[",","` + strings.Repeat("a,", 100_000) + `"]}]}`,
	"select of a long split":        `{"Fn::Select":[99999,{"Fn::Split":[",","` + strings.Repeat("a,", 100_000) + `"]}]}`,
	"a split in a split in a split": nested(60, `{"Fn::Select":[0,{"Fn::Split":[",",`, `"`+strings.Repeat("a,", 10_000)+`"`, `]}]}`),
}

func deepIfs(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `{"Fn::If":["C%d","a",`, i)
	}
	return b.String() + `"b"` + strings.Repeat("]}", n)
}

// The results of any expression are bounded, for every way to read it.
func TestBombs(t *testing.T) {
	for name, text := range bombs {
		t.Run(name, func(t *testing.T) {
			v := expression(t, text)
			hostile.Within(t, 10*time.Second, 1024, func() {
				for _, x := range v.Variants() {
					_ = x.Text.JSON()
					_ = x.Text.Key()
				}
			})
			hostile.Within(t, 10*time.Second, 1024, func() {
				n := 0
				for range v.Branches {
					n++
				}
			})
			hostile.Within(t, 10*time.Second, 1024, func() {
				for range v.References() {
				}
			})
		})
	}
}

// Pointers of deep values, and values at deep pointers.
func TestDeepPointer(t *testing.T) {
	doc := parse(t, nested(4900, `{"a~/":[0,`, `1`, `]}`))
	hostile.Within(t, 10*time.Second, 1024, func() {
		v := doc.Root()
		for v.Kind() != template.Number {
			if v.Kind() == template.Object {
				v = v.Get("a~/")
			} else {
				v = v.Item(1)
			}
		}
		if doc.At(v.Pointer()) != v {
			t.Error("the pointer leads elsewhere")
		}
		_ = doc.GuardAt(v.Pointer())
	})
}
