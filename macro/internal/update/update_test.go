package update

import (
	"fmt"
	"strings"
	"testing"

	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

const head = "arn:aws:lambda:eu-west-1:111122223333:function:"

// statement is one as Lambda has it.
func text(sid, principal, function, source string) string {
	condition := ""
	if source != "" {
		condition = fmt.Sprintf(`,"Condition":{"ArnLike":{"AWS:SourceArn":%q}}`, source)
	}
	return fmt.Sprintf(`{"Sid":%q,"Effect":"Allow","Principal":{"Service":%q},"Action":"lambda:InvokeFunction","Resource":%q%s}`, sid, principal, head+function, condition)
}

func policyOf(function string, statements ...string) Live {
	return Live{ARN: head + function, Document: `{"Version":"2012-10-17","Id":"default","Statement":[` + strings.Join(statements, ",") + `]}`}
}

const permission = `"Type":"AWS::Lambda::Permission","Properties":{"Action":"lambda:InvokeFunction","Principal":"apigateway.amazonaws.com"`

// How a policy finds its function, and a statement its permission.
func TestCompare(t *testing.T) {
	const source = `{"Fn::Sub":"arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/*/GET/x"}`
	const live = "arn:aws:execute-api:eu-west-1:111122223333:abc/*/GET/x"
	const service = "apigateway.amazonaws.com"
	fn := `"Fn":{"Type":"AWS::Lambda::Function"}`
	named := `"Fn":{"Type":"AWS::Lambda::Function","Properties":{"FunctionName":{"Fn::Sub":"${Stage}-orders"}}}`
	alias := `"Live":{"Type":"AWS::Lambda::Alias","Properties":{"Name":"live","FunctionName":{"Ref":"Fn"}}}`
	on := func(function string) string {
		return `"P":{` + permission + `,"FunctionName":` + function + `,"SourceArn":` + source + `}}`
	}
	fromRule := strings.Replace(on(`{"Ref":"Fn"}`), source, `{"Fn::GetAtt":["R","Arn"]}`, 1) + `,"R":{"Type":"AWS::Events::Rule"}`
	whole := `"P":{"Type":"AWS::Lambda::ResourcePolicy","Properties":{"ResourceArn":{"Fn::GetAtt":["Fn","Arn"]},"PolicyDocument":{"Version":"2012-10-17","Statement":[{"Effect":"Allow",` +
		`"Principal":{"Service":"` + service + `"},"Action":"lambda:InvokeFunction","Resource":{"Fn::GetAtt":["Fn","Arn"]},"Condition":{"ArnLike":{"aws:SourceArn":[` + source + `]}}}]}}}`
	given := func(id, event string) []Given {
		return []Given{{By: "SAM, for the event " + event + " of Fn", IDPrefix: id, Function: "Fn", Principal: service, Action: "lambda:InvokeFunction", Source: first(template.Index(source).Root())}}
	}
	ofAccount := []Given{{By: "SAM, for the event E of Fn", IDPrefix: "FnEPermission", Function: "Fn", Principal: "s3.amazonaws.com", Action: "lambda:InvokeFunction"}}
	byAccount := func(sid, account string) string {
		return strings.Replace(text(sid, "s3.amazonaws.com", "x", ""), `"Resource":`, `"Condition":{"StringEquals":{"AWS:SourceAccount":"`+account+`"}},"Resource":`, 1)
	}
	token := strings.Replace(on(`{"Ref":"Fn"}`), `"Principal"`, `"EventSourceToken":"t","Principal"`, 1)
	bare := func(statement string) string { return strings.Replace(statement, `"Sid":"",`, "", 1) }
	tests := []struct {
		name      string
		resources string
		deployed  Deployed
		want      string // function own foreign new gone; reasons
	}{
		{"by the form of the id", fn + "," + on(`{"Ref":"Fn"}`), Deployed{Policies: []Live{policyOf("st-Fn-AbCdEfGhIjKl", text("st-P-ABCDEFGHIJKL", service, "x", live))}}, "Fn 1 0 0 0"},
		{"of another stack", fn + "," + on(`{"Ref":"Fn"}`), Deployed{Stack: "st", Policies: []Live{policyOf("st-Fn-AbCdEfGhIjKl", text("other-P-ABCDEFGHIJKL", service, "x", live))}}, "Fn 0 1 1 0 live-twice"},
		{"changed", fn + "," + on(`{"Ref":"Fn"}`), Deployed{Policies: []Live{policyOf("st-Fn-AbCdEfGhIjKl", text("st-P-ABCDEFGHIJKL", service, "x", strings.Replace(live, "GET", "PUT", 1)))}}, "Fn 1 0 1 1"},
		{"by the function's name", named + "," + on(`{"Fn::GetAtt":["Fn","Arn"]}`), Deployed{Policies: []Live{policyOf("prod-orders", text("hand", service, "x", live))}}, "Fn 0 1 1 0 live-twice"},
		{"by physical ids", fn + "," + on(`{"Ref":"Fn"}`), Deployed{Stack: "st", Physical: map[string]string{"Fn": "f", "P": "f|sid1"}, Policies: []Live{policyOf("f", text("sid1", service, "x", live))}}, "Fn 1 0 0 0"},
		{"lost", fn + "," + on(`{"Ref":"Fn"}`), Deployed{Stack: "st", Physical: map[string]string{"Fn": "f", "P": "sid1", "Api": "abc"}, Policies: []Live{policyOf("f", text("sid2", service, "x", live))}}, "Fn 0 1 0 0 live-lost live-twice"},
		{"an alias has a policy of its own", fn + "," + alias + "," + on(`{"Ref":"Live"}`), Deployed{Policies: []Live{policyOf("st-Fn-AbCdEfGhIjKl:live", text("st-P-ABCDEFGHIJKL", service, "x", live)), policyOf("st-Fn-AbCdEfGhIjKl", text("hand", service, "x", live))}}, "Fn 1 0 0 0; Fn 0 1 0 0 live-foreign"},
		{"a qualifier behind the ARN", fn + "," + alias + "," + on(`{"Fn::Sub":"${Fn.Arn}:live"}`), Deployed{Policies: []Live{policyOf("st-Fn-AbCdEfGhIjKl:live", text("hand", service, "x", live))}}, "Fn 0 1 1 0 live-twice"},
		{"nobody's", fn + "," + on(`{"Ref":"Fn"}`), Deployed{Policies: []Live{policyOf("elsewhere", text("hand", service, "x", live))}}, " 0 1 0 0 live-function"},
		{"somebody else's service", fn + "," + on(`{"Ref":"Fn"}`), Deployed{Policies: []Live{policyOf("st-Fn-AbCdEfGhIjKl", text("hand", "s3.amazonaws.com", "x", live))}}, "Fn 0 1 1 0 live-foreign"},
		{"without a source it says more", fn + "," + on(`{"Ref":"Fn"}`), Deployed{Policies: []Live{policyOf("st-Fn-AbCdEfGhIjKl", text("hand", service, "x", ""))}}, "Fn 0 1 1 0 live-foreign"},
		{"a rule by its ARN", fn + "," + fromRule, Deployed{Policies: []Live{policyOf("st-Fn-AbCdEfGhIjKl", text("st-P-ABCDEFGHIJKL", service, "x", "arn:aws:events:eu-west-1:111122223333:rule/st-R-AbCdEfGhIjKl"))}}, "Fn 1 0 0 0"},
		{"another rule by its ARN", fn + "," + fromRule, Deployed{Stack: "st", Physical: map[string]string{"Fn": "f", "P": "sid1", "R": "st-R-AbCdEfGhIjKl"}, Policies: []Live{policyOf("f", text("sid1", service, "x", "arn:aws:events:eu-west-1:111122223333:rule/other"))}}, "Fn 1 0 1 1"},
		{"the whole policy, kept", fn + "," + whole, Deployed{Policies: []Live{policyOf("st-Fn-AbCdEfGhIjKl", bare(text("", service, "st-Fn-AbCdEfGhIjKl", live)))}}, "Fn 1 0 0 0"},
		{"the whole policy with a statement by hand", fn + "," + whole, Deployed{Policies: []Live{policyOf("st-Fn-AbCdEfGhIjKl", bare(text("", service, "st-Fn-AbCdEfGhIjKl", live)), text("hand", "s3.amazonaws.com", "st-Fn-AbCdEfGhIjKl", ""))}}, "Fn 1 1 0 1 live-replaced"},
		{"a route more in the whole policy", fn + "," + whole, Deployed{Policies: []Live{policyOf("st-Fn-AbCdEfGhIjKl", bare(text("", service, "st-Fn-AbCdEfGhIjKl", strings.Replace(live, "x", "y", 1))))}}, "Fn 0 1 1 1 live-replaced"},
		{"from permissions to the whole policy", fn + "," + whole, Deployed{Policies: []Live{policyOf("st-Fn-AbCdEfGhIjKl", text("st-P-ABCDEFGHIJKL", service, "st-Fn-AbCdEfGhIjKl", live), text("st-Q-ABCDEFGHIJKL", "s3.amazonaws.com", "st-Fn-AbCdEfGhIjKl", ""))}}, "Fn 2 0 0 1"},
		{"from the whole policy to permissions", fn + "," + on(`{"Ref":"Fn"}`), Deployed{Stack: "st", Physical: map[string]string{"Fn": "st-Fn-AbCdEfGhIjKl"}, Whole: map[string]string{"W": head + "st-Fn-AbCdEfGhIjKl"}, Policies: []Live{policyOf("st-Fn-AbCdEfGhIjKl", bare(text("", service, "st-Fn-AbCdEfGhIjKl", live)))}}, "Fn 1 0 1 1 live-whole"},
		{"SAM's", fn, Deployed{Given: given("FnEPermission", "E"), Policies: []Live{policyOf("st-Fn-AbCdEfGhIjKl", text("st-FnEPermission-ABCDEFGHIJKL", service, "x", live))}}, "Fn 1 0 0 0"},
		{"SAM's by physical ids", fn, Deployed{Given: given("FnEPermission", "E"), Stack: "st", Physical: map[string]string{"Fn": "f", "FnEPermission": "f|sid1", "Api": "abc"}, Policies: []Live{policyOf("f", text("sid1", service, "x", live))}}, "Fn 1 0 0 0"},
		{"SAM's for another route", fn, Deployed{Given: given("FnEPermission", "E"), Policies: []Live{policyOf("st-Fn-AbCdEfGhIjKl", text("st-FnEPermission-ABCDEFGHIJKL", service, "x", strings.Replace(live, "GET", "PUT", 1)))}}, "Fn 1 0 1 1"},
		{"SAM's for an event of another name", fn, Deployed{Given: given("FnEPermission", "E"), Policies: []Live{policyOf("st-Fn-AbCdEfGhIjKl", text("st-FnDPermission-ABCDEFGHIJKL", service, "x", live))}}, "Fn 1 0 1 1"},
		{"SAM's, not deployed yet", fn, Deployed{Given: given("FnEPermission", "E"), Policies: []Live{policyOf("st-Fn-AbCdEfGhIjKl")}}, "Fn 0 0 1 0"},
		{"SAM's, said by hand too", fn, Deployed{Given: given("FnEPermission", "E"), Policies: []Live{policyOf("st-Fn-AbCdEfGhIjKl", text("st-FnEPermission-ABCDEFGHIJKL", service, "x", live), text("hand", service, "x", live))}}, "Fn 1 1 0 0 live-twice"},
		{"SAM's without a source", fn, Deployed{Given: ofAccount, Policies: []Live{policyOf("st-Fn-AbCdEfGhIjKl", byAccount("st-FnEPermission-ABCDEFGHIJKL", "111122223333"))}}, "Fn 1 0 0 0"},
		{"SAM's without a source, said by hand too", fn, Deployed{Given: ofAccount, Policies: []Live{policyOf("st-Fn-AbCdEfGhIjKl", byAccount("hand", "111122223333"))}}, "Fn 0 1 1 0 live-twice"},
		{"another account's, without a source", fn, Deployed{Given: ofAccount, Policies: []Live{policyOf("st-Fn-AbCdEfGhIjKl", byAccount("hand", "999999999999"))}}, "Fn 0 1 1 0 live-foreign"},
		{"somebody's with an id like a stack's", named, Deployed{Given: ofAccount, Policies: []Live{policyOf("prod-orders", byAccount("lambda-0d9a64b2-5a4e7d3d1f07", "999999999999"), byAccount("AllowS3Invoke", "999999999999"))}}, "Fn 0 2 1 0 live-foreign live-foreign"},
		{"an id with nothing in it", fn, Deployed{Given: ofAccount, Policies: []Live{policyOf("st-Fn-AbCdEfGhIjKl", text("my--ABCDEFGHIJ", "sqs.amazonaws.com", "x", ""))}}, "Fn 0 1 1 0 live-foreign"},
		{"the service's own", fn, Deployed{Given: given("", ""), Policies: []Live{policyOf("st-Fn-AbCdEfGhIjKl", text("0d9a64b2", service, "x", live))}}, "Fn 1 0 0 0"},
		{"with a key that isn't looked at", fn + "," + token, Deployed{Policies: []Live{policyOf("st-Fn-AbCdEfGhIjKl", text("st-P-ABCDEFGHIJKL", service, "x", live))}}, "Fn 1 0 0 0"},
		{"with such a key, changed", fn + "," + token, Deployed{Policies: []Live{policyOf("st-Fn-AbCdEfGhIjKl", text("st-P-ABCDEFGHIJKL", "s3.amazonaws.com", "x", live))}}, "Fn 1 0 1 1"},
		{"of another account than the template's", fn + "," + strings.Replace(on(`{"Ref":"Fn"}`), `,"SourceArn":`+source, `,"SourceAccount":{"Ref":"AWS::AccountId"}`, 1),
			Deployed{Policies: []Live{policyOf("st-Fn-AbCdEfGhIjKl", strings.Replace(byAccount("st-P-ABCDEFGHIJKL", "999999999999"), "s3.amazonaws.com", service, 1))}}, "Fn 1 0 1 1"},
		{"of the same foreign account", fn + "," + strings.Replace(on(`{"Ref":"Fn"}`), `,"SourceArn":`+source, `,"SourceAccount":"999999999999"`, 1),
			Deployed{Policies: []Live{policyOf("st-Fn-AbCdEfGhIjKl", strings.Replace(byAccount("st-P-ABCDEFGHIJKL", "999999999999"), "s3.amazonaws.com", service, 1))}}, "Fn 1 0 0 0"},
		{"of a principal and an action that parameters name", fn + "," + strings.NewReplacer(`"`+service+`"`, `{"Ref":"Who"}`, `"lambda:InvokeFunction"`, `{"Ref":"What"}`).Replace(on(`{"Ref":"Fn"}`)),
			Deployed{Policies: []Live{policyOf("st-Fn-AbCdEfGhIjKl", text("st-P-ABCDEFGHIJKL", service, "x", live))}}, "Fn 1 0 0 0"},
		{"of a principal with the suffix", fn + "," + strings.Replace(on(`{"Ref":"Fn"}`), `"`+service+`"`, `{"Fn::Sub":"apigateway.${AWS::URLSuffix}"}`, 1),
			Deployed{Policies: []Live{policyOf("st-Fn-AbCdEfGhIjKl", text("st-P-ABCDEFGHIJKL", service, "x", live))}}, "Fn 1 0 0 0"},
		{"of another action, with a key that isn't looked at", fn + "," + strings.Replace(token, "lambda:InvokeFunction", "lambda:GetFunction", 1), Deployed{Policies: []Live{policyOf("st-Fn-AbCdEfGhIjKl", text("st-P-ABCDEFGHIJKL", service, "x", live))}}, "Fn 1 0 1 1"},
		{"of another action", fn + "," + on(`{"Ref":"Fn"}`), Deployed{Policies: []Live{policyOf("st-Fn-AbCdEfGhIjKl", strings.Replace(text("hand", service, "x", live), "lambda:InvokeFunction", "lambda:GetFunction", 1))}}, "Fn 0 1 1 0 live-foreign"},
		{"of an account", fn + "," + strings.Replace(strings.Replace(on(`{"Ref":"Fn"}`), `,"SourceArn":`+source, "", 1), service, "222233334444", 1),
			Deployed{Policies: []Live{policyOf("st-Fn-AbCdEfGhIjKl", strings.Replace(text("st-P-ABCDEFGHIJKL", "", "x", ""), `{"Service":""}`, `{"AWS":"arn:aws:iam::222233334444:root"}`, 1))}}, "Fn 1 0 0 0"},
		{"of a principal with the Region", fn + "," + strings.Replace(strings.Replace(on(`{"Ref":"Fn"}`), `,"SourceArn":`+source, "", 1), `"`+service+`"`, `{"Fn::Sub":"logs.${AWS::Region}.amazonaws.com"}`, 1),
			Deployed{Policies: []Live{policyOf("st-Fn-AbCdEfGhIjKl", text("st-P-ABCDEFGHIJKL", "logs.eu-west-1.amazonaws.com", "x", ""))}}, "Fn 1 0 0 0"},
		{"by a function's URL", fn + "," + strings.Replace(strings.Replace(on(`{"Ref":"Fn"}`), `,"SourceArn":`+source, `,"InvokedViaFunctionUrl":true`, 1), service, "*", 1),
			Deployed{Policies: []Live{policyOf("st-Fn-AbCdEfGhIjKl", strings.Replace(text("st-P-ABCDEFGHIJKL", "", "x", ""), `{"Service":""}`, `"*","Condition":{"Bool":{"lambda:InvokedViaFunctionUrl":"true"}}`, 1))}}, "Fn 1 0 0 0"},
		{"on an alias that a parameter names", fn + "," + strings.Replace(alias, `"live"`, `{"Ref":"Stage"}`, 1) + "," + on(`{"Ref":"Live"}`), Deployed{Policies: []Live{policyOf("st-Fn-AbCdEfGhIjKl:prod", text("st-P-ABCDEFGHIJKL", service, "x", live))}}, "Fn 1 0 0 0"},
		{"no longer in the template", fn, Deployed{Stack: "st", Policies: []Live{policyOf("st-Fn-AbCdEfGhIjKl", text("st-P-ABCDEFGHIJKL", service, "x", live))}}, "Fn 1 0 0 1"},
	}
	for _, tt := range tests {
		tt.deployed.Macro = true
		tt.deployed.Own = map[string]bool{"P": true, "Fn": true}
		policies, told, err := Compare([]byte(`{"Resources":{`+tt.resources+`}}`), map[string]string{"Stage": "prod"}, tt.deployed)
		if err != nil {
			t.Fatal(err)
		}
		var lines []string
		for _, p := range policies {
			lines = append(lines, fmt.Sprintf("%s %d %d %d %d", p.Function, p.Own, p.Foreign, p.New, p.Gone))
			if p.After > p.Peak || p.Peak < p.Bytes {
				t.Errorf("%s: %d bytes, %d meanwhile, %d then", tt.name, p.Bytes, p.Peak, p.After)
			}
		}
		got := strings.Join(lines, "; ")
		reasons := map[string]bool{}
		for _, f := range told {
			reasons[f.Name] = true
		}
		for _, r := range Reasons() {
			if reasons[r.Name] != strings.Contains(tt.want, r.Name) {
				t.Errorf("%s: told %v, want %s", tt.name, told, tt.want)
			}
		}
		if want, _, _ := strings.Cut(tt.want, " live-"); got != want {
			t.Errorf("%s: %s, want %s", tt.name, got, want)
		}
	}
}

// Bytes are those that Lambda will count: a new statement is as long as it says.
func TestSize(t *testing.T) {
	const source = "arn:aws:execute-api:eu-west-1:111122223333:abcdefghij/*/GET/x"
	resources := `{"Resources":{"Fn":{"Type":"AWS::Lambda::Function"},"P":{` + permission + `,"FunctionName":{"Ref":"Fn"},"SourceArn":"` + source + `"}}}}`
	policies, _, err := Compare([]byte(resources), nil, Deployed{Stack: "st", Macro: true, Policies: []Live{policyOf("st-Fn-AbCdEfGhIjKl", text("x", "s3.amazonaws.com", "x", ""))}})
	if err != nil {
		t.Fatal(err)
	}
	added := len(text("st-P-ABCDEFGHIJKL", "apigateway.amazonaws.com", "st-Fn-AbCdEfGhIjKl", source)) + 1
	if p := policies[0]; p.Peak != p.Bytes+added || p.After != p.Peak {
		t.Errorf("%d bytes, %d meanwhile; the statement has %d", p.Bytes, p.Peak, added)
	}
}
