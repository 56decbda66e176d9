package report

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"

	"github.com/grantinvoke/grantinvoke/macro/internal/engine"
	"github.com/grantinvoke/grantinvoke/macro/internal/function"
	"github.com/grantinvoke/grantinvoke/macro/internal/grant"
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/option"
	"github.com/grantinvoke/grantinvoke/macro/internal/policy"
	"github.com/grantinvoke/grantinvoke/macro/internal/service"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// decided returns the report on a template as the command makes it; a place is
// its byte in the text, so that the order of findings is the order there.
func decided(t testing.TB, src string, macro bool) Template {
	t.Helper()
	parsed, err := template.Parse([]byte(src))
	if err != nil {
		t.Fatal(err)
	}
	result, err := engine.Decide(parsed, invoke.Environment{Services: service.All()}, option.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return New("a b/api.json", result, nil, macro, func(p jsontext.Pointer) Place {
		for ; p != ""; p = p.Parent() {
			if v := parsed.At(p); v.Exists() {
				return Place{File: "a b/api.json", Line: strings.Index(src, v.Raw()) + 1, Column: 1, Text: hostile}
			}
		}
		return Place{File: "a b/api.json", Line: 1, Column: 1}
	})
}

// hostile is a path that would break out of careless output.
const hostile = "</script><img src=x onerror=alert(1)>\\\"'`#&|[]{}()*_~\\\\\\n\\u2028\\u001b[31m"

// sample has a call of every kind of state: missing, allowed but wide, unknown,
// by a role, of an authorizer, and one with a hostile path.
var sample = strings.NewReplacer("$HOSTILE", hostile, "$URI(", `{"Fn::Sub":"arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${`,
	")URI", `}/invocations"}`).Replace(`{"Resources":{
"F":{"Type":"AWS::Lambda::Function"},"G":{"Type":"AWS::Lambda::Function"},
"Api":{"Type":"AWS::ApiGateway::RestApi","Properties":{"Body":{"openapi":"3.0.1","paths":{
"/a":{"get":{"x-amazon-apigateway-integration":{"type":"aws_proxy","uri":$URI(F.Arn)URI}}},
"/b":{"get":{"x-amazon-apigateway-integration":{"type":"aws_proxy","uri":$URI(G.Arn)URI}}},
"/c":{"get":{"x-amazon-apigateway-integration":{"type":"aws_proxy","uri":{"Fn::ImportValue":"x"}}}},
"/d":{"get":{"x-amazon-apigateway-integration":{"type":"aws_proxy","uri":$URI(F.Arn)URI,"credentials":{"Fn::GetAtt":["Role","Arn"]}}}},
"/$HOSTILE":{"get":{"x-amazon-apigateway-integration":{"type":"aws_proxy","uri":$URI(F.Arn)URI}}}},
"components":{"securitySchemes":{"guard":{"x-amazon-apigateway-authorizer":{"type":"token","authorizerUri":$URI(G.Arn)URI}}}}}}},
"Role":{"Type":"AWS::IAM::Role"},
"Wide":{"Type":"AWS::Lambda::Permission","Properties":{"FunctionName":{"Ref":"G"},"Action":"lambda:InvokeFunction","Principal":"apigateway.amazonaws.com"}}}}`)

// rows are the sample's calls in a few words.
func rows(t Template) []string {
	var out []string
	for _, d := range t.Result.Decisions {
		out = append(out, strings.Join([]string{functionName(d.Call.Target), t.verdict(d), t.allowed(d), t.state(d)}, " | "))
	}
	return out
}

func TestVerdicts(t *testing.T) {
	x := decided(t, sample, false)
	hidden := x.Result.Grants()[0].ID
	got := rows(x)
	want := []string{
		"F | missing | nothing allows it | missing",
		"G | allowed | Wide | allowed",
		"? | unknown | opaque-uri | unknown",
		"F | role | ${Role.Arn} | role",
		"F | unknown | malformed | unknown",
		"G | allowed | Wide | allowed",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if !x.Failed() || !x.Warned() {
		t.Errorf("failed %v, warned %v", x.Failed(), x.Warned())
	}
	with := decided(t, sample, true)
	if got := rows(with)[0]; !strings.HasPrefix(got, "F | added | ") || strings.Contains(strings.Join(rows(with), "\n"), "missing") {
		t.Errorf("with the macro: %s (%s)", got, hidden)
	}
	if !with.Failed() {
		t.Error("an unknown call is no failure with the macro")
	}
}

// Every finding has a known reason, and the findings stand in order.
func TestFindings(t *testing.T) {
	x := decided(t, sample, false)
	known := map[string]bool{}
	for _, r := range Reasons() {
		if known[r.Name] {
			t.Errorf("two reasons are called %s", r.Name)
		}
		known[r.Name] = true
	}
	var got []string
	last := 0
	for _, f := range x.Findings {
		got = append(got, f.Name)
		if !known[f.Name] {
			t.Errorf("%s is not among the reasons", f.Name)
		}
		if f.Line < last {
			t.Errorf("%s stands before line %d", f.Name, last)
		}
		last = f.Line
		if strings.Contains(f.Message(), "; hint: ") || f.Advice() == "" {
			t.Errorf("%s: %q, hint %q", f.Name, f.Message(), f.Advice())
		}
	}
	want := []string{"missing", "malformed", "opaque-uri", "no-source-arn", "role-right", "not-post", "not-post", "not-post", "not-post", "not-post"}
	if diff := cmp.Diff(want, got, cmp.Transformer("sorted", sorted)); diff != "" {
		t.Error(diff)
	}
}

func sorted(in []string) map[string]int {
	out := map[string]int{}
	for _, s := range in {
		out[s]++
	}
	return out
}

// A macro that fails is a finding; a file that can't be read is none.
func TestFailure(t *testing.T) {
	macro := Failure("x.yaml", errors.New("Transform.Parameters.Scop: unknown option; hint: valid options are Grant"), true, nil)
	file := Failure("y.yaml", errors.New("y.yaml: no such file"), false, nil)
	if !macro.Failed() || file.Failed() {
		t.Errorf("failed %v, %v", macro.Failed(), file.Failed())
	}
	for name, format := range map[string]func(io.Writer, []Template, Options) error{"text": Text, "json": JSON, "sarif": SARIF} {
		var b bytes.Buffer
		if err := format(&b, []Template{macro, file}, Options{}); err != nil {
			t.Error(err)
		}
		if !strings.Contains(b.String(), "unknown option") {
			t.Errorf("%s doesn't tell why: %s", name, b.String())
		}
	}
}

// What an author wrote breaks neither a line nor a terminal.
func TestTextIsClean(t *testing.T) {
	var b bytes.Buffer
	if err := Text(&b, []Template{decided(t, sample, false)}, Options{Table: true}); err != nil {
		t.Fatal(err)
	}
	for _, r := range b.String() {
		if r < ' ' && r != '\n' || r == 0x2028 {
			t.Fatalf("%q in the text", r)
		}
	}
	table, _, _ := strings.Cut(b.String(), "a b/api.json:")
	header := strings.Fields(table)
	if diff := cmp.Diff([]string{"PLACE", "ORIGIN", "ROUTE", "FUNCTION", "VERDICT", "REASON"}, header); diff != "" {
		t.Error(diff)
	}
}

func TestSmallTexts(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 20480: "20,480", 1234567: "1,234,567"} {
		if got := thousands(n); got != want {
			t.Errorf("thousands(%d) = %s", n, got)
		}
	}
	if got := clip("äöüß", 3); got != "äö…" {
		t.Errorf("clip: %s", got)
	}
	if got := functionName(&function.Target{Function: "F", Qualifier: "\x01Alias\x02"}); got != "F:${Alias}" {
		t.Errorf("functionName: %s", got)
	}
	if got := functionName(&function.Target{Function: "F", Qualifier: "@Version"}); got != "F:Version" {
		t.Errorf("functionName: %s", got)
	}
	if got := functionName(&function.Target{Key: "x", Name: template.Literal("other")}); got != "other" {
		t.Errorf("functionName: %s", got)
	}
}

// A policy near its limit is a warning, one over it a failure.
func TestLimits(t *testing.T) {
	for bytes, want := range map[int]string{100: "", 18432: "policy-near", 20480: "policy-near", 20481: "policy-over"} {
		x := decided(t, sample, true)
		x.Result.Policies = []grant.Estimate{{Function: "F", Statements: 1, Bytes: bytes}}
		got := ""
		for _, f := range New("x", x.Result, nil, true, x.place).Findings {
			if strings.HasPrefix(f.Name, "policy-") {
				got = f.Name
				if f.Fails != (bytes > policy.MaxBytes) {
					t.Errorf("%d bytes: fails %v", bytes, f.Fails)
				}
			}
		}
		if got != want {
			t.Errorf("%d bytes: %q, want %q", bytes, got, want)
		}
	}
}

// The tables document all options, reasons and kinds, and nothing else.
func TestTables(t *testing.T) {
	for _, name := range option.Names() {
		doc, ok := optionDocs[name]
		if !ok || doc.meaning == "" {
			t.Errorf("option %s is not explained", name)
			continue
		}
		valid := ""
		if err := new(option.Options).Set(name, "\x00"); err != nil {
			_, valid, _ = strings.Cut(err.Error(), "valid values are ")
		}
		if strings.Contains(doc.values, ", ") && doc.values != valid {
			t.Errorf("option %s: values %q, but it takes %q", name, doc.values, valid)
		}
	}
	if len(optionDocs) != len(option.Names()) {
		t.Errorf("%d options are explained, and there are %d", len(optionDocs), len(option.Names()))
	}
	for _, v := range grant.Verdicts() {
		if meanings[v] == "" {
			t.Errorf("verdict %s is not explained", v)
		}
	}
	for name, write := range map[string]func(io.Writer){"kinds": Kinds, "verdicts": Verdicts, "reasons": ReasonTable, "options": OptionTable} {
		var b bytes.Buffer
		write(&b)
		lines := strings.Split(strings.TrimSpace(b.String()), "\n")
		columns := strings.Count(lines[0], "|")
		for _, line := range lines {
			if strings.Count(strings.ReplaceAll(line, `\|`, ""), "|") != columns || strings.Contains(line, "|  |") {
				t.Errorf("%s: %s", name, line)
			}
		}
	}
}
