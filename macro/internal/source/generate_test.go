package source

import (
	"bytes"
	"math/rand/v2"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// values are what generated edits write: the shapes that the macro adds, and
// what is hard to write in YAML.
var values = []string{
	`"plain"`, `"AWS::Lambda::Permission"`, `"lambda:InvokeFunction"`, `"*/GET"`, `"a: b"`, `"a #b"`, `""`, `" lead"`, `"trail "`,
	`"yes"`, `"n"`, `"012"`, `"1e3"`, `"2010-09-09"`, `"null"`, `"~"`, `"'"`, `"\""`, `"\\ \" '"`, `"line\nbreak\ttab"`, `"\u0001\u0085\u2028\ufeff"`,
	`"é ☺ 😀"`, `"{a}"`, `"[a, b]"`, `"a, b"`, `"- a"`, `"? a"`, `"key:"`, `"%a"`, `"@a"`, `"!a"`, `"<<"`, `"="`, `"---"`, `"a:b"`,
	`1`, `-1`, `0`, `-0`, `1.5`, `1e3`, `-1.5E-7`, `12345678901234567890123`, `true`, `false`, `null`, `{}`, `[]`,
	`{"Ref":"X"}`, `{"Ref":"AWS::NoValue"}`, `{"Condition":"C"}`, `{"Fn::GetAtt":["F","Arn"]}`, `{"Fn::GetAtt":["F",{"Ref":"A"}]}`,
	`{"Fn::GetAtt":"F.Arn"}`, `{"Fn::GetAtt":["a.b","c"]}`, `{"Fn::GetAtt":["F"]}`, `{"Fn::GetAtt":[]}`, `{"Fn::Sub":"arn:${AWS::Partition}:x"}`,
	`{"Fn::Sub":["${a}",{"a":{"Ref":"B"}}]}`, `{"Fn::Join":["",["a",{"Ref":"B"},{"Fn::Sub":"c"}]]}`, `{"Fn::Base64":{"Fn::Sub":"x"}}`,
	`{"Fn::If":["C",{"Ref":"A"},{"Fn::If":["D",[],{}]}]}`, `{"Fn::Select":[0,{"Fn::Split":[",",{"Ref":"L"}]}]}`, `{"Ref":1}`, `{"Ref":["a"]}`,
	`{"Fn::Ref":"a"}`, `{"Fn::Transform":{"Name":"AWS::Include","Parameters":{"Location":"s3://b/k"}}}`, `{"Fn::Length":5}`, `{"Fn::":"x"}`,
	`{"Type":"AWS::Lambda::Permission","Properties":{"Action":"lambda:InvokeFunction","FunctionName":{"Ref":"F"},"SourceArn":{"Fn::Sub":"arn:${Api}/*/GET/pets"}}}`,
	`{"a":{"b":{"c":[1,[2,[3,{"d":null}]]]}}}`, `[[],[[]],{},[{}],[{"a":1,"b":2}]]`, `[{"Ref":"A"},"b"]`, `{"":"","a b":"c","200":{"on":"off"}}`,
}

var names = []string{"Zzz", "Conditions", "Metadata", "200", "on", "a b", "*/GET", "a: b", "", "é", "Fn::Sub", "Ref", "<<", "#x", "key:", "~x/y", "null"}

// edits makes up to n random edits that fit the template.
func edits(r *rand.Rand, root *node, n int) []template.Edit {
	var all []*node
	var walk func(*node)
	walk = func(n *node) {
		all = append(all, n)
		for _, child := range n.children {
			walk(child)
		}
	}
	walk(root)
	var out []template.Edit
	for range n {
		on := all[r.IntN(len(all))]
		value := jsontext.Value(values[r.IntN(len(values))])
		name := names[r.IntN(len(names))]
		switch op := r.IntN(8); {
		case op == 0 && on.up != nil && on.up.kind == object:
			out = append(out, template.Edit{Op: template.Rename, At: on.pointer(), Name: name})
		case op < 3 && on.up != nil:
			out = append(out, template.Edit{Op: template.Replace, At: on.pointer(), Value: value})
		case on.kind == array:
			out = append(out, template.Edit{Op: template.Add, At: on.pointer() + "/-", Value: value})
		case on.kind == object || on.kind == null && on.up != nil:
			out = append(out, template.Edit{Op: template.Add, At: on.pointer().AppendToken(name), Value: value})
		}
	}
	return out
}

// byHand applies edits to JSON with package template, an implementation that
// this package shares nothing with; an addition to null becomes a replacement,
// since template knows no other way.
func byHand(json []byte, root *node, list []template.Edit) ([]byte, error) {
	t, err := template.Parse(json)
	if err != nil {
		return nil, err
	}
	fill := map[jsontext.Pointer]int{}
	var out []template.Edit
	for _, e := range list {
		at := e.At.Parent()
		if on, _ := root.find(at); e.Op != template.Add || on.kind != null {
			out = append(out, e)
			continue
		}
		member := quote(e.At.LastToken()) + ":" + string(e.Value)
		if i, ok := fill[at]; ok {
			v := bytes.TrimSuffix(out[i].Value, []byte("}"))
			out[i].Value = jsontext.Value(string(v) + "," + member + "}")
			continue
		}
		fill[at] = len(out)
		out = append(out, template.Edit{Op: template.Replace, At: at, Value: jsontext.Value("{" + member + "}")})
	}
	return t.Apply(out)
}

// sameJSON reports whether two JSON texts mean the same.
func sameJSON(a, b []byte) bool {
	x, errX := index(a)
	y, errY := index(b)
	return errX == nil && errY == nil && differ(x, y) == nil
}

// lost returns the first line of old that is not in its turn in new. In JSON a
// line may have gained a comma.
func lost(old, new []byte, json bool) (string, bool) {
	lines := strings.Split(string(new), "\n")
	at := 0
	for line := range strings.SplitSeq(string(old), "\n") {
		for at < len(lines) && lines[at] != line && !(json && sameButComma(lines[at], line)) {
			at++
		}
		if at == len(lines) {
			return line, true
		}
		at++
	}
	return "", false
}

func sameButComma(got, want string) bool {
	cr := strings.HasSuffix(want, "\r")
	want = strings.TrimSuffix(want, "\r") + ","
	if cr {
		want += "\r"
	}
	return got == want
}
