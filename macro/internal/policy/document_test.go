package policy

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What Lambda returns, what people write, and what isn't understood.
func TestRead(t *testing.T) {
	service := []Principal{{"Service", "apigateway.amazonaws.com"}}
	invoke := []string{"lambda:InvokeFunction"}
	tests := []struct {
		name, statement string
		want            Statement
	}{
		{"AddPermission", `{"Sid":"s","Effect":"Allow","Principal":{"Service":"apigateway.amazonaws.com"},"Action":"lambda:InvokeFunction","Resource":"arn:f","Condition":{"ArnLike":{"AWS:SourceArn":"arn:a"},"StringEquals":{"AWS:SourceAccount":"1"}}}`,
			Statement{ID: "s", Effect: Allow, Principals: service, Actions: invoke, Resources: []string{"arn:f"},
				Conditions: []Condition{{"ArnLike", "AWS:SourceArn", []string{"arn:a"}}, {"StringEquals", "AWS:SourceAccount", []string{"1"}}}}},
		{"lists", `{"Effect":"Deny","Principal":{"Service":["a","b"],"AWS":"*"},"Action":["x","y"],"Resource":["*"],"Condition":{"ArnLike":{"aws:SourceArn":["1","2"]}}}`,
			Statement{Effect: Deny, Principals: []Principal{{"AWS", "*"}, {"Service", "a"}, {"Service", "b"}}, Actions: []string{"x", "y"}, Resources: []string{"*"},
				Conditions: []Condition{{"ArnLike", "aws:SourceArn", []string{"1", "2"}}}}},
		{"everybody", `{"Effect":"Allow","Principal":"*","Action":"*"}`, Statement{Effect: Allow, Principals: []Principal{Everybody}, Actions: []string{"*"}}},
		{"symbols, numbers, booleans", `{"Effect":"Allow","Principal":"*","Action":"*","Resource":"\u0001Fn\u0002","Condition":{"Bool":{"k":true},"NumericEquals":{"n":[1.50]}}}`,
			Statement{Effect: Allow, Principals: []Principal{Everybody}, Actions: []string{"*"}, Resources: []string{Symbol("Fn")},
				Conditions: []Condition{{"Bool", "k", []string{"true"}}, {"NumericEquals", "n", []string{"1.50"}}}}},
		{"Not elements", `{"Effect":"Deny","NotPrincipal":{"AWS":"1"},"NotAction":"x","NotResource":"y"}`,
			Statement{Effect: Deny, Unclear: []string{"NotAction", "NotPrincipal", "NotResource"}}},
		{"missing elements", `{}`, Statement{Unclear: []string{"Action", "Effect", "Principal"}}},
		{"odd values", `{"Effect":"allow","Principal":"apigateway.amazonaws.com","Action":[],"Resource":{"Ref":"X"},"Condition":[],"Extra":1}`,
			Statement{Principals: []Principal{Everybody}, Unclear: []string{"Action", "Condition", "Effect", "Extra", "Principal", "Resource"}}},
		{"an operator without keys", `{"Effect":"Allow","Principal":"*","Action":"*","Condition":{"ArnLike":{}}}`,
			Statement{Effect: Allow, Principals: []Principal{Everybody}, Actions: []string{"*"}, Unclear: []string{"Condition"}}},
		{"no statement", `"x"`, Statement{Unclear: []string{"Statement"}}},
	}
	for _, tt := range tests {
		for _, list := range []string{tt.statement, "[" + tt.statement + "]"} {
			d, err := Read([]byte(`{"Version":"2012-10-17","Statement":` + list + `}`))
			if err != nil || len(d.Statements) != 1 {
				t.Fatalf("%s: %v, %v", tt.name, d, err)
			}
			if diff := cmp.Diff(tt.want, d.Statements[0]); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tt.name, diff)
			}
		}
	}
	for _, bad := range []string{``, `null`, `[]`, `"x"`, `{}`, `{"Statement":null}`, `{"Statement":`} {
		if d, err := Read([]byte(bad)); err == nil {
			t.Errorf("%s: %v", bad, d)
		}
	}
}

// A statement that isn't understood neither allows nor is of no effect.
func TestUnclear(t *testing.T) {
	r := NewRequest("apigateway.amazonaws.com", "arn:f", apiArn("api", "*/GET/pets"), "123456789012")
	for _, odd := range []string{`"NotAction":"x"`, `"Extra":1`, `"Condition":{"NumericLessThan":{"aws:x":1}}`, `"Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-1"}}`,
		`"Condition":{"StringEqualsIfExists":{"aws:PrincipalOrgID":"o-1"}}`, `"Condition":{"StringNotEquals":{"aws:PrincipalOrgID":"o-1"}}`,
		`"Condition":{"Sometimes":{"aws:SourceArn":"*"}}`, `"Condition":{"ForAnyValue:StringEquals":{"aws:SourceAccount":"123456789012"}}`,
		`"Condition":{"ArnLike":{"aws:SourceArn":"${aws:x}"}}`, `"Condition":{"ArnLike":{"aws:SourceArn":"arn:aws:execute-api:*"}}`,
		`"Condition":{"StringEquals":{"aws:SourceVpc":"vpc-1"}}`, `"Condition":{"Null":{"aws:SourceVpc":"true"}}`} {
		for _, effect := range []string{"Allow", "Deny"} {
			s := ReadStatement([]byte(`{"Effect":"` + effect + `","Principal":"*","Action":"*","Resource":"*",` + odd + `}`))
			if got := s.Matches(r); got != Perhaps {
				t.Errorf("%s %s: %d", effect, odd, got)
			}
			if got, _ := (Document{[]Statement{s}}).Decide(r); got != Unclear {
				t.Errorf("%s %s: decided %d", effect, odd, got)
			}
		}
	}
}

func apiArn(api, tail string) string {
	return "arn:aws:execute-api:us-east-1:123456789012:" + api + "/" + tail
}
