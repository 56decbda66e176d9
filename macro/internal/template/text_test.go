package template_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

func lit(s string) template.Part  { return template.Part{Kind: template.Lit, Text: s} }
func ref(s string) template.Part  { return template.Part{Kind: template.Ref, Text: s} }
func attr(s string) template.Part { return template.Part{Kind: template.Att, Text: s} }

// opaque is a part whose value isn't known.
func opaque(t testing.TB, expr string) template.Part {
	x, ok := expression(t, expr).One()
	if p, single := x.Single(); ok && single {
		return p
	}
	t.Fatalf("%s is not one opaque part", expr)
	return template.Part{}
}

// bare is a text without the values that its parts come from.
func bare(x template.Text) []string {
	kinds := map[template.PartKind]string{template.Lit: "literal ", template.Ref: "ref ", template.Att: "attribute ", template.Opaque: "opaque "}
	out := make([]string, len(x))
	for i, p := range x {
		out[i] = kinds[p.Kind] + p.Text
	}
	return out
}

func TestTextJSON(t *testing.T) {
	imported := opaque(t, `{"Fn::ImportValue":"x"}`)
	tests := []struct {
		name string
		in   template.Text
		want string
	}{
		{"nothing", nil, `""`},
		{"literal", template.Text{lit(`a"b`)}, `"a\"b"`},
		{"literal like a variable", template.Text{lit("${a}")}, `"${a}"`},
		{"ref", template.RefTo("A"), `{"Ref":"A"}`},
		{"attribute", template.AttOf("A", "Arn"), `{"Fn::GetAtt":["A","Arn"]}`},
		{"attribute of a nested stack", template.AttOf("A", "Outputs.B"), `{"Fn::GetAtt":["A","Outputs.B"]}`},
		{"opaque", template.Text{imported}, `{"Fn::ImportValue":"x"}`},
		{"mixed", template.Text{lit("a"), ref("B"), attr("C.Arn")}, `{"Fn::Sub":"a${B}${C.Arn}"}`},
		{"mixed with a literal variable", template.Text{lit("${a}"), ref("B")}, `{"Fn::Sub":"${!a}${B}"}`},
		{"mixed with opaque", template.Text{lit("a"), imported, ref("B"), imported},
			`{"Fn::Sub":["a${V1}${B}${V2}",{"V1":{"Fn::ImportValue":"x"},"V2":{"Fn::ImportValue":"x"}}]}`},
		{"a brace that nothing closes", template.Text{lit("a${"), ref("B")}, `{"Fn::Sub":["a${V1}{${B}",{"V1":"$"}]}`},
		{"a dollar before a variable", template.Text{lit("$"), ref("B")}, `{"Fn::Sub":"$${B}"}`},
		{"connect", template.Text{ref("Api"), lit("/*/$connect")}, `{"Fn::Sub":"${Api}/*/$connect"}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.in.JSON(); got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
			if got := string(tt.in.AppendJSON([]byte("x"))); got != "x"+tt.want {
				t.Errorf("appended: %s", got)
			}
		})
	}
}

// The variables of opaque parts are called V1, V2 ...: not so where the text
// refers to something of that name.
func TestTextJSONVariableClash(t *testing.T) {
	x := template.Text{opaque(t, `{"Fn::ImportValue":"x"}`), lit(":"), ref("V1"), attr("V2.Arn"), opaque(t, `{"Fn::ImportValue":"y"}`)}
	checkRoundTrip(t, x)
}

// A text that is written as JSON is read as the same text.
func TestTextRoundTrip(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	parts := []template.Part{lit("a"), lit("${"), lit("${b}"), lit("}"), lit("!"), lit("$"), lit(`"\`), lit("é\x00"), lit("${!c}"), lit(":"),
		ref("A"), ref("AWS::Region"), ref("V1"), attr("A.Arn"), attr("N.Outputs.X"), attr("V2.Arn"),
		opaque(t, `{"Fn::ImportValue":{"Fn::Sub":"${A}-x"}}`), opaque(t, `["a",1]`), opaque(t, `{"Fn::Select":[0,{"Ref":"L"}]}`)}
	for range 5000 {
		var x template.Text
		for range r.IntN(6) {
			x = template.Join(x, template.Text{parts[r.IntN(len(parts))]})
		}
		checkRoundTrip(t, x)
	}
}

func checkRoundTrip(t *testing.T, x template.Text) {
	t.Helper()
	text := x.JSON()
	back, ok := expression(t, text).One()
	if len(x) == 0 && text == `""` {
		return
	}
	if diff := cmp.Diff(bare(x), bare(back)); !ok || diff != "" {
		t.Fatalf("%q is written as %s and read as %q\n%s", x, text, back, diff)
	}
	if x.Key() != back.Key() {
		t.Fatalf("%q and %q have different keys", x, back)
	}
}

// Keys are equal only for equal texts.
func TestTextKey(t *testing.T) {
	imported := opaque(t, `{"Fn::ImportValue":"A"}`)
	texts := []template.Text{nil, {lit("A")}, {ref("A")}, {attr("A.Arn")}, {ref("A"), lit("A")}, {lit("A"), ref("A")}, {ref("A"), ref("A")},
		{imported}, {lit("\x01A\x02")}, {lit("${A}")}, {ref("AA")}, {lit("=A")}, {ref("=A")}}
	for i, x := range texts {
		for j, y := range texts {
			if (x.Key() == y.Key()) != (i == j) {
				t.Errorf("keys of %q and %q: %q and %q", x, y, x.Key(), y.Key())
			}
		}
	}
	if x := (template.Text{lit("a"), lit("b")}); x.Key() != (template.Text{lit("ab")}).Key() {
		t.Error("the key depends on how literals are cut")
	}
}

func TestTextCut(t *testing.T) {
	x := template.Text{lit("arn:a:"), ref("R"), lit(":b:"), attr("F.Arn")}
	before, after, ok := x.Cut(":")
	if before.String() != "arn" || after.String() != "a:${R}:b:${F.Arn}" || !ok {
		t.Errorf("Cut: %q, %q, %v", before, after, ok)
	}
	before, after, ok = x.CutLast(":")
	if before.String() != "arn:a:${R}:b" || after.String() != "${F.Arn}" || !ok {
		t.Errorf("CutLast: %q, %q, %v", before, after, ok)
	}
	if before, after, ok = x.Cut("R"); before.String() != x.String() || len(after) != 0 || ok {
		t.Errorf("Cut inside of a reference: %q, %q, %v", before, after, ok)
	}
	var words []string
	for _, p := range x.Split(":") {
		words = append(words, p.String())
	}
	if diff := cmp.Diff([]string{"arn", "a", "${R}", "b", "${F.Arn}"}, words); diff != "" {
		t.Errorf("Split (-want +got)\n%s", diff)
	}
	if rest, ok := x.TrimPrefix("arn:"); rest.String() != "a:${R}:b:${F.Arn}" || !ok {
		t.Errorf("TrimPrefix: %q, %v", rest, ok)
	}
	if rest, ok := x.TrimPrefix("arn:a:$"); rest.String() != x.String() || ok {
		t.Errorf("TrimPrefix: %q, %v", rest, ok)
	}
	if rest, ok := x.TrimSuffix("Arn"); rest.String() != x.String() || ok {
		t.Errorf("TrimSuffix: %q, %v", rest, ok)
	}
	if rest, ok := (template.Text{ref("A"), lit("/x/")}).TrimSuffix("/"); rest.String() != "${A}/x" || !ok {
		t.Errorf("TrimSuffix: %q, %v", rest, ok)
	}
	if x.String() != "arn:a:${R}:b:${F.Arn}" {
		t.Errorf("cutting changed the text to %q", x)
	}
}

// On plain text the operations are those of package strings.
func TestTextProperty(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	random := func(n int) string {
		b := make([]byte, r.IntN(n))
		for i := range b {
			b[i] = "ab:/"[r.IntN(4)]
		}
		return string(b)
	}
	for range 5000 {
		s, sep := random(9), ":a"[:1+r.IntN(2)]
		x := template.Literal(s)
		before, after, found := x.Cut(sep)
		wantBefore, wantAfter, want := strings.Cut(s, sep)
		if before.String() != wantBefore || after.String() != wantAfter || found != want {
			t.Fatalf("Cut(%q, %q): %q, %q, %v", s, sep, before, after, found)
		}
		var words []string
		for _, w := range x.Split(sep) {
			words = append(words, w.String())
		}
		if !slices.Equal(words, strings.Split(s, sep)) {
			t.Fatalf("Split(%q, %q): %q", s, sep, words)
		}
		if rest, ok := x.TrimSuffix(sep); rest.String() != strings.TrimSuffix(s, sep) || ok != strings.HasSuffix(s, sep) {
			t.Fatalf("TrimSuffix(%q, %q): %q, %v", s, sep, rest, ok)
		}
		a, b := random(4), random(4)
		if j := template.Join(template.Literal(a), template.Literal(b)); j.String() != a+b || len(j) > 1 {
			t.Fatalf("Join(%q, %q): %q", a, b, j)
		}
		if plain, ok := template.Join(x, template.Literal(a)).Plain(); !ok || plain != s+a {
			t.Fatalf("Plain: %q, %v", plain, ok)
		}
	}
}

func TestNames(t *testing.T) {
	x := template.Text{lit("a"), ref("A"), attr("B.Outputs.X"), opaque(t, `{"Fn::Select":[0,{"Fn::Split":[",",{"Fn::Sub":["${C}${v}${D.Arn}",{"v":{"Ref":"E"}}]}]}]}`)}
	if diff := cmp.Diff([]string{"A", "B", "C", "D", "E"}, slices.Collect(x.Names)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	for range x.Names {
		break
	}
}

func FuzzSub(f *testing.F) {
	for _, s := range []string{"", "${A}", "a${!b}${A.B}", "${", "${}", "${!}", "$${A}", "${ A }", "${A${B}}", "${!${A}}",
		"${ !}"} { // an escape for the search alone, found by fuzzing
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if !utf8.ValidString(s) {
			return // no JSON text
		}
		x, ok := template.Index(`{"Fn::Sub":` + template.Quote(s) + `}`).Root().One()
		if !ok {
			t.Fatalf("%q: not one text", s)
		}
		if len(x) > 200 || len(s) > 10_000 {
			return
		}
		var want []string
		for name := range template.SubNames(s) {
			name, _, _ = strings.Cut(name, ".")
			want = append(want, name)
		}
		if got := slices.Collect(x.Names); !slices.Equal(want, got) {
			t.Fatalf("%q: flattened it names %q, searched %q", s, got, want)
		}
	})
}

// Split and SplitN agree with those of strings, wherever the parts meet.
func TestSplitText(t *testing.T) {
	for _, tt := range []struct {
		x    template.Text
		n    int
		want string
	}{
		{nil, 3, "|"},
		{template.Literal("a:b:c:d"), 3, "a|b|c:d|"},
		{template.Literal(":"), 3, "||"},
		{template.Join(template.Literal("a"), template.RefTo("R"), template.Literal("b:"), template.RefTo("S"), template.Literal(":c:d")), 3, "a${R}b|${S}|c:d|"},
	} {
		got := ""
		for _, p := range tt.x.SplitN(":", tt.n) {
			got += p.String() + "|"
		}
		if got != tt.want {
			t.Errorf("%s: %s, want %s", tt.x, got, tt.want)
		}
		whole := tt.x.SplitN(":", 99)
		if all := tt.x.Split(":"); len(all) != len(whole) {
			t.Errorf("%s: %d and %d parts", tt.x, len(all), len(whole))
		}
	}
}

// The colons of a dynamic reference don't separate parts, also where Fn::Sub has put them
// there.
func TestTextDynamicReference(t *testing.T) {
	name := template.Text{lit("arn:{{resolve:ssm:/"), ref("Env"), lit("/api:2}}/a:{{resolve:ssm:/b}}:c:{{resolve:")}
	var got []string
	for _, x := range name.Split(":") {
		got = append(got, x.String())
	}
	want := []string{"arn", "{{resolve:ssm:/${Env}/api:2}}/a", "{{resolve:ssm:/b}}", "c", "{{resolve", ""}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("split (-want +got)\n%s", diff)
	}
	if before, after, ok := template.Literal("{{resolve:ssm:/a}}:b{{resolve:ssm:/c}}").CutLast(":"); !ok || before.String() != "{{resolve:ssm:/a}}" || after.String() != "b{{resolve:ssm:/c}}" {
		t.Errorf("last: %s, %s, %v", before, after, ok)
	}
	var visible []string
	for _, p := range name.Visible() {
		visible = append(visible, fmt.Sprint(p.Kind, " ", p.Text))
	}
	want = []string{"0 arn:", "3 {{resolve:ssm:/\x01Env\x02/api:2}}", "0 /a:", "3 {{resolve:ssm:/b}}", "0 :c:{{resolve:"}
	if diff := cmp.Diff(want, visible); diff != "" {
		t.Errorf("visible (-want +got)\n%s", diff)
	}
	for text, is := range map[string]bool{"{{resolve:ssm:/a}}": true, "{{resolve:ssm:/a}}:live": false, "{{resolve:ssm:/a": false, "a": false, "": false} {
		if template.Literal(text).IsDynamic() != is {
			t.Errorf("%q is one dynamic reference: not %v", text, is)
		}
	}
}
