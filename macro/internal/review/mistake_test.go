package review

import (
	"testing"

	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// What a policy document allows, as far as it can be read; an expression can have any
// value.
func TestAllows(t *testing.T) {
	for document, want := range map[string]ternary{
		`{"Statement":{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"Service":"x.amazonaws.com"}}}`:                                       yes,
		`{"Statement":[{"Effect":"Allow","Action":["sts:TagSession","sts:Assume*"],"Principal":{"Service":["y.amazonaws.com","x.amazonaws.com"]}}]}`: yes,
		`{"Statement":[{"Effect":"Allow","Action":"*","Principal":"*"}]}`:                                                                            yes,
		`{"Statement":[{"Effect":"Allow","Action":"STS:ASSUMEROLE","Principal":{"AWS":"*"}}]}`:                                                       yes,
		`{"Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"Service":"lambda.amazonaws.com"}}]}`:                                no,
		`{"Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"AWS":"111122223333"}}]}`:                                            no,
		`{"Statement":[{"Effect":"Deny","Action":"sts:AssumeRole","Principal":{"Service":"x.amazonaws.com"}}]}`:                                      no,
		`{"Statement":[{"Effect":"Allow","Action":"sts:TagSession","Principal":{"Service":"x.amazonaws.com"}}]}`:                                     no,
		`{"Statement":[]}`: no,
		`{"Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"Service":{"Fn::Sub":"x.${AWS::URLSuffix}"}}}]}`: perhaps,
		`{"Statement":[{"Effect":"Allow","NotAction":"iam:*","Principal":{"Service":"x.amazonaws.com"}}]}`:                       perhaps,
		`{"Statement":[{"Fn::If":["C",{"Effect":"Allow","Action":"*","Principal":"*"},{"Ref":"AWS::NoValue"}]}]}`:                perhaps,
		`{"Fn::If":["C",{},{}]}`: perhaps,
		`"text"`:                 perhaps,
	} {
		if got := allows(template.Index(document).Root(), "sts:assumerole", "x.amazonaws.com"); got != want {
			t.Errorf("%s: %d, want %d", document, got, want)
		}
	}
}
