package apigateway_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// calls lists the calls of a method with the URI, their targets whole.
func calls(t *testing.T, uri string) (out []string) {
	t.Helper()
	f := invoke.Find(parse(t, resources(method(uri), more, stage("S", `"s"`, `,"Variables":{"alias":"live","x":"f"}`))), here)
	for _, c := range f.Calls {
		out = append(out, fmt.Sprintf("%s %q %s %s %s", line(c), c.Target.ID(), c.Target.Function, c.Target.ARN, c.Source.Stage))
	}
	return out
}

// sameAsFlattened checks that a URI leads to the same in unusual spellings: with variables
// that aren't used, or within another Fn::Join.
func sameAsFlattened(t *testing.T, name, arg string) {
	t.Helper()
	way, unusual := `{"`+name+`":`+arg+`}`, `{"Fn::Sub":[`+arg+`,{}]}`
	if name == "Fn::Join" {
		unusual = `{"Fn::Join":["",[` + way + `]]}`
	}
	if diff := cmp.Diff(calls(t, unusual), calls(t, way)); diff != "" {
		t.Errorf("%s (-flattened +read at once)\n%s", way, diff)
	}
}

func TestUsualInvocations(t *testing.T) {
	for _, text := range []string{before + "${Fn.Arn}" + after, before + "${Fn}" + after, before + "${Live.AliasArn}" + after, before + "${Fn.Arn}:live" + after,
		before + "${Fn.Arn}/x" + after, before + "${Nobody.Arn}" + after, before + "${Fn.Arn}" + after + "/", before + "${Fn.Arn}" + after + after,
		before + "${ Fn.Arn }" + after, before + "${!Fn.Arn}" + after, before + "${Fn.Arn" + after, before + "${}" + after, before + "${Fn.Arn}${Fn.Arn}" + after,
		"${" + before + "${Fn.Arn}" + after, "${x" + before + "${Fn.Arn}" + after, "${!stageVariables.x}" + before + "${Fn.Arn}" + after, before + "f/functions/${Fn.Arn}" + after,
		":lambda:path/x" + before + "${Fn.Arn}" + after, ":lambda:path/${v}/functions/${Fn.Arn}" + after, ":lambda:path/functions/${Fn.Arn}" + after,
		":lambda:path//functions/${Fn.Arn}" + after, strings.Repeat("x", 600) + before + "${Fn.Arn}" + after, before + "${Fn.Arn}/invoke-async", before + "${Role.Arn}" + after,
		// Found by fuzzing: these are refused when they are read whole, for the brace and for the character.
		"arn:AWS::artition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Fn.Arn}/invocations", before + "${Fn.c\x01Arn}" + after} {
		sameAsFlattened(t, "Fn::Sub", template.Quote(text))
	}
	pieces := []string{`"arn:"`, `{"Ref":"AWS::Partition"}`, `":apigateway:"`, `{"Ref":"AWS::Region"}`, `":lambda:path/2015-03-31/functions/"`,
		`{"Fn::GetAtt":["Fn","Arn"]}`, `"/invocations"`}
	join := func(pieces []string) {
		t.Helper()
		sameAsFlattened(t, "Fn::Join", `["",[`+strings.Join(pieces, ",")+`]]`)
	}
	join(pieces)
	for i := range pieces {
		join(slices.Delete(slices.Clone(pieces), i, i+1))
		for _, x := range []string{`""`, `"x"`, `"/functions/"`, `":lambda:path/"`, `"/invocations"`, `{"Ref":"Fn"}`, `{"Fn::GetAtt":"Live.AliasArn"}`, `{"Ref":"AWS::NoValue"}`,
			`"${stageVariables.x}"`, `":lambda:path/2015-03-31/functions/"`, `["y"]`, `7`, `null`} {
			join(slices.Insert(slices.Clone(pieces), i, x))
			join(slices.Replace(slices.Clone(pieces), i, i+1, x))
		}
	}
	for _, arg := range []string{`["",[]]`, `[":",["a",":lambda:path/x/functions/",{"Fn::GetAtt":["Fn","Arn"]},"/invocations"]]`, `[""]`, `{}`, `["",":lambda:path/x/functions/"]`} {
		sameAsFlattened(t, "Fn::Join", arg)
	}
}
