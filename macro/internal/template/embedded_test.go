package template

import (
	"strings"
	"testing"
)

// A document in a value, in every way in which it can be written.
func TestEmbedded(t *testing.T) {
	tests := []struct{ name, value, want string }{
		{"an object", `{"A":1}`, `{"A":1}`},
		{"a text", `"{\"A\": [1, null, \"${x}\"]}"`, `{"A": [1, null, "${x}"]}`},
		{"Fn::Sub", `{"Fn::Sub":"{\"A\":\"${F.Arn}:live\",\"B\":\"${!x}\",\"C\":[true,\"${P}\"]}"}`,
			`{"A":{"Fn::Sub":"${F.Arn}:live"},"B":"${x}","C":[true,{"Ref":"P"}]}`},
		{"Fn::Sub with variables", `{"Fn::Sub":["{\"A\":\"${V}/${W}\"}",{"V":{"Ref":"X"},"W":{"Fn::ImportValue":"i"}}]}`,
			`{"A":{"Fn::Sub":["${X}/${V1}",{"V1":{"Fn::ImportValue":"i"}}]}}`},
		{"Fn::Join", `{"Fn::Join":["",["{\"A\":\"",{"Fn::GetAtt":["F","Arn"]},"\"}"]]}`, `{"A":{"Fn::GetAtt":["F","Arn"]}}`},
		{"Fn::ToJsonString", `{"Fn::ToJsonString":{"A":{"Ref":"X"}}}`, `{"A":{"Ref":"X"}}`},
		{"branches", `{"Fn::If":["C",{"A":1},{"Fn::If":["D","{\"B\":2}",{"Ref":"AWS::NoValue"}]}]}`, `C {"A":1}; not C and D {"B":2}`},
		{"a branch in a text", `{"Fn::Sub":["{\"A\":\"${V}\"}",{"V":{"Fn::If":["C","x",{"Ref":"Y"}]}}]}`, `C {"A":"x"}; not C {"A":{"Ref":"Y"}}`},
		{"a reference outside of strings", `{"Fn::Sub":"{\"A\":${N}}"}`, ``},
		{"a reference in a name", `{"Fn::Sub":"{\"${N}\":1}"}`, `null`},
		{"no JSON", `"{"`, ``},
		{"no object", `"[]"`, ``},
		{"an expression", `{"Fn::ImportValue":"i"}`, ``},
	}
	for _, tt := range tests {
		var got []string
		for when, doc := range Index(tt.value).Root().Embedded {
			got = append(got, strings.TrimSpace(when.String()+" "+doc.Raw()))
		}
		if s := strings.Join(got, "; "); s != tt.want {
			t.Errorf("%s:\n got %s\nwant %s", tt.name, s, tt.want)
		}
	}
	for range (Value{}).Embedded {
		t.Error("nothing holds a document")
	}
}
