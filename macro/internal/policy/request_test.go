package policy

import (
	"slices"
	"testing"
)

// Each kind of statement against one call: any stage of GET /pets of an API,
// by the unqualified function.
func TestMatches(t *testing.T) {
	const fn = "arn:aws:lambda:us-east-1:123456789012:function:f"
	api, other := Symbol("Api"), Symbol("Other")
	need := NewRequest("apigateway.amazonaws.com", fn, apiArn(api, AnySegment+"/GET/pets"), "123456789012")
	like := func(values ...string) []Condition { return []Condition{{"ArnLike", "AWS:SourceArn", values}} }
	on := func(operator, key string, values ...string) []Condition { return []Condition{{operator, key, values}} }
	plain := Statement{Effect: Allow, Principals: []Principal{{"Service", "apigateway.amazonaws.com"}}, Actions: []string{"lambda:InvokeFunction"}, Resources: []string{fn}}
	who := func(kind, name string) func(*Statement) {
		return func(s *Statement) { s.Principals = []Principal{{kind, name}} }
	}
	actions := func(a ...string) func(*Statement) { return func(s *Statement) { s.Actions = a } }
	resources := func(a ...string) func(*Statement) { return func(s *Statement) { s.Resources = a } }
	when := func(c ...Condition) func(*Statement) { return func(s *Statement) { s.Conditions = c } }
	tests := []struct {
		name   string
		change func(*Statement)
		want   Answer
	}{
		{"as it is", func(*Statement) {}, Yes},
		{"everybody", who("AWS", "*"), Yes},
		{"another service", who("Service", "s3.amazonaws.com"), No},
		{"an account", who("AWS", "123456789012"), No},
		{"a service by a suffix", who("Service", "apigateway."+Unknown("AWS::URLSuffix")), Perhaps},
		{"upper case", who("Service", "ApiGateway.amazonaws.com"), Yes},
		{"two services", func(s *Statement) { s.Principals = append(s.Principals, Principal{"Service", "s3.amazonaws.com"}) }, Yes},

		{"action in another case", actions("Lambda:invokefunction"), Yes},
		{"lambda:*", actions("lambda:*"), Yes},
		{"lambda:Invoke*", actions("lambda:Get*", "lambda:Invoke*"), Yes},
		{"lambda:InvokeFunctionUrl", actions("lambda:InvokeFunctionUrl"), No},
		{"an unknown action", actions(Unknown("Action")), Perhaps},

		{"no resource", resources(), Yes},
		{"all resources", resources("*"), Yes},
		{"its qualifiers", resources(fn + ":*"), No},
		{"another function", resources("arn:aws:lambda:us-east-1:123456789012:function:g"), No},
		{"functions that begin so", resources("arn:aws:lambda:*:*:function:f*"), Yes},
		{"an unknown resource", resources(Unknown("P")), Perhaps},

		{"the route", when(like(apiArn(api, "*/GET/pets"))...), Yes},
		{"the API", when(like(apiArn(api, "*"))...), Yes},
		{"one of two", when(like(apiArn(other, "*"), apiArn(api, "*/GET/*"))...), Yes},
		{"one stage", when(like(apiArn(api, "prod/GET/pets"))...), Partly},
		{"a stage and more before the verb", when(like(apiArn(api, "*/*/GET/pets"))...), No},
		{"some paths", when(like(apiArn(api, "*/GET/pe?s"))...), Yes},
		{"another verb", when(like(apiArn(api, "*/PUT/pets"))...), No},
		{"another API", when(like(apiArn(other, "*"))...), No},
		{"an API by its id", when(like(apiArn("abcdefghij", "*"))...), No},
		{"an API whose id isn't known", when(like(apiArn(Unknown("Id"), "*"))...), Perhaps},
		{"any API", when(like("arn:aws:execute-api:us-east-1:123456789012:*")...), Yes},
		{"any ARN", when(like("*")...), Yes},
		{"any Region", when(like("arn:aws:execute-api:*:123456789012:" + api + "/*")...), Yes},
		{"a star that would have to reach over a colon", when(like("arn:aws:*:" + api + "/*")...), Perhaps},
		{"another Region", when(like("arn:aws:execute-api:eu-west-1:123456789012:*")...), No},
		{"no Region", when(like("arn:aws:execute-api::123456789012:*")...), No},
		{"ArnEquals is ArnLike", when(on("ArnEquals", "aws:sourcearn", apiArn(api, "*/*/pets"))...), Yes},
		{"StringLike", when(on("StringLike", "aws:SourceArn", "arn:aws:*"+api+"/*")...), Yes},
		{"StringEquals has no wildcards", when(on("StringEquals", "aws:SourceArn", apiArn(api, "*/GET/pets"))...), No},
		{"StringEquals of one stage", when(on("StringEquals", "aws:SourceArn", apiArn(api, "prod/GET/pets"))...), Partly},
		{"StringEquals of another route", when(on("StringEquals", "aws:SourceArn", apiArn(api, "prod/GET/toys"))...), No},
		{"all but another API", when(on("ArnNotLike", "aws:SourceArn", apiArn(other, "*"))...), Yes},
		{"all but this API", when(on("ArnNotLike", "aws:SourceArn", apiArn(other, "*"), apiArn(api, "*"))...), No},
		{"all but one stage", when(on("ArnNotLike", "aws:SourceArn", apiArn(api, "test/*"))...), Partly},

		{"the account", when(append(like("*"), on("StringEquals", "aws:sourceACCOUNT", "123456789012")...)...), Yes},
		{"another account", when(append(like("*"), on("StringEquals", "aws:SourceAccount", "999999999999")...)...), No},
		{"one of the accounts", when(on("StringEquals", "aws:SourceAccount", "999999999999", "123456789012")...), Yes},
		{"an account that isn't known", when(on("StringEquals", "aws:SourceAccount", Unknown("Account"))...), Perhaps},
		{"accounts by a pattern", when(on("StringLike", "aws:SourceAccount", "1234*")...), Yes},
		{"not that account", when(on("StringNotEquals", "aws:SourceAccount", "123456789012")...), No},
		{"ignoring case", when(on("StringEqualsIgnoreCase", "aws:PrincipalServiceName", "APIGATEWAY.amazonaws.com")...), Yes},
		{"IfExists of what is there", when(on("ArnLikeIfExists", "aws:SourceArn", apiArn(other, "*"))...), No},
		{"Null false of what is there", when(on("Null", "aws:SourceArn", "false")...), Yes},
		{"Null true of what is there", when(on("Null", "aws:SourceArn", "true")...), No},

		{"a URL's key", when(on("StringEquals", "lambda:FunctionUrlAuthType", "NONE")...), No},
		{"a URL's key, if it is there", when(on("StringEqualsIfExists", "lambda:FunctionUrlAuthType", "NONE")...), Yes},
		{"without a URL's key", when(on("Null", "lambda:FunctionUrlAuthType", "true")...), Yes},
		{"via a URL", when(on("Bool", "lambda:InvokedViaFunctionUrl", "true")...), No},
		{"a token", when(on("StringEquals", "lambda:EventSourceToken", "x")...), No},
		{"no service", when(on("Bool", "aws:PrincipalIsAWSService", "false")...), No},
		{"a service", when(on("Bool", "aws:PrincipalIsAWSService", "True")...), Yes},
	}
	for _, tt := range tests {
		s := plain
		s.Principals, s.Actions = slices.Clone(s.Principals), slices.Clone(s.Actions)
		tt.change(&s)
		if got := s.Matches(need); got != tt.want {
			t.Errorf("%s: %d, want %d", tt.name, got, tt.want)
		}
	}
}

// IAM's order: a Deny before any Allow, what can't be known between them.
func TestDecide(t *testing.T) {
	statement := func(effect Effect, source string) Statement {
		return Statement{Effect: effect, Principals: []Principal{Everybody}, Actions: []string{"*"}, Conditions: []Condition{{"ArnLike", SourceArn, []string{source}}}}
	}
	yes, no, perhaps := apiArn("a", "*"), apiArn("b", "*"), apiArn("a", "prod/*")
	unknown := Unknown("P")
	tests := []struct {
		name       string
		statements []Statement
		want       Outcome
		by         []int
	}{
		{"nothing", nil, Lacking, nil},
		{"another's", []Statement{statement(Allow, no)}, Lacking, nil},
		{"allowed", []Statement{statement(Allow, no), statement(Allow, yes)}, Allowed, []int{1}},
		{"denied", []Statement{statement(Allow, yes), statement(Deny, yes), statement(Deny, perhaps)}, Denied, []int{1}},
		{"another's is denied", []Statement{statement(Allow, yes), statement(Deny, no)}, Allowed, []int{0}},
		{"some of it is denied", []Statement{statement(Allow, yes), statement(Deny, perhaps)}, Unclear, []int{1}},
		{"some of it is allowed", []Statement{statement(Allow, perhaps)}, Lacking, nil},
		{"nobody knows what is allowed", []Statement{statement(Allow, unknown)}, Unclear, []int{0}},
		{"nobody knows what is denied", []Statement{statement(Allow, yes), statement(Deny, unknown)}, Unclear, []int{1}},
		{"another Allow settles it", []Statement{statement(Allow, unknown), statement(Allow, yes)}, Allowed, []int{1}},
		{"neither Allow nor Deny", []Statement{statement("", yes), statement(Allow, yes)}, Unclear, []int{0}},
	}
	for _, tt := range tests {
		got, by := (Document{tt.statements}).Decide(NewRequest("apigateway.amazonaws.com", "", apiArn("a", "*/GET/pets"), ""))
		if got != tt.want || !slices.Equal(by, tt.by) {
			t.Errorf("%s: %d by %v, want %d by %v", tt.name, got, by, tt.want, tt.by)
		}
	}
}
