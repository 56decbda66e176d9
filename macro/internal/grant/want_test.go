package grant_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/grantinvoke/grantinvoke/macro/internal/grant"
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/option"
	"github.com/grantinvoke/grantinvoke/macro/internal/policy"
	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/steps"
)

// The wants, by option.
func TestWanted(t *testing.T) {
	const stages = `,"Dev":{"Type":"AWS::ApiGateway::Stage","Properties":{"RestApiId":{"Ref":"Api"},"StageName":"dev"}},"Prod":{"Type":"AWS::ApiGateway::Stage","Condition":"C","Properties":{"RestApiId":{"Ref":"Api"},"StageName":"prod"}}`
	const topic = `"Topic":{"Type":"AWS::SNS::Topic"},` +
		`"S1":{"Type":"AWS::SNS::Subscription","Properties":{"Protocol":"lambda","TopicArn":{"Ref":"Topic"},"Endpoint":{"Fn::GetAtt":["Fn","Arn"]}}},` +
		`"S2":{"Type":"AWS::SNS::Subscription","Properties":{"Protocol":"lambda","TopicArn":{"Ref":"Topic"},"Endpoint":{"Fn::GetAtt":["Fn","Arn"]}}}`
	conditional := strings.Replace(steps.Method("Get", steps.URI(own), "", ""), `"Get":{`, `"Get":{"Condition":"C",`, 1)
	for _, tt := range []struct {
		name, resources string
		options         option.Options
		want            []string
	}{
		{"a route", base + steps.Method("Get", steps.URI(own), "", ""), option.Options{}, []string{"*/GET/ for 1"}},
		{"with the account", base + steps.Method("Get", steps.URI(own), "", ""), option.Options{SourceAccount: true}, []string{"*/GET/ for 1 +account"}},
		{"the API", base + steps.Method("Get", steps.URI(own), "", ""), option.Options{Scope: option.API}, []string{"* for 1"}},
		{"declared stages", base + steps.Method("Get", steps.URI(own), "", "") + stages, option.Options{Stages: option.Declared}, []string{"dev/GET/ for 1", "prod/GET/ for 1"}},
		{"declared stages of the API", base + steps.Method("Get", steps.URI(own), "", "") + stages, option.Options{Stages: option.Declared, Scope: option.API}, []string{"dev/* for 1", "prod/* for 1"}},
		{"no declared stage", base + steps.Method("Get", steps.URI(own), "", ""), option.Options{Stages: option.Declared}, []string{"*/GET/ for 1"}},
		{"under a condition", base + conditional, option.Options{}, []string{"*/GET/ for 1 if C"}},
		{"twice the same", named + topic, option.Options{}, []string{"${Topic} for 2"}},
		{"a role", base + steps.Method("Get", steps.URI(own), "", ""), option.Options{Grant: option.Role}, nil},
		{"nothing", base + steps.Method("Get", steps.URI(own), "", "") + permits, option.Options{}, nil},
	} {
		_, docs, err := fitted(t, tt.resources, tt.options)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
		}
		var got []string
		for _, doc := range docs {
			for _, w := range doc.Wants {
				line := fmt.Sprintf("%s for %d", w.Tail, len(w.Decisions))
				if w.SourceAccount {
					line += " +account"
				}
				if w.Condition != "" {
					line += " if " + w.Condition
				}
				got = append(got, line)
			}
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

// A whole policy is written where the template makes the function and nothing else
// adds to its policy; in one statement, exact routes fit of which there are too many
// for permissions.
func TestWhole(t *testing.T) {
	whole := option.Options{Grant: option.Policy}
	foreign := `"Topic":{"Type":"AWS::SNS::Topic","Properties":{"Subscription":[{"Protocol":"lambda","Endpoint":"arn:aws:lambda:us-east-1:111122223333:function:elsewhere"}]}}`
	for _, tt := range []struct {
		name, resources string
		want            bool
		problems        string
		change          func(*invoke.Environment)
	}{
		{"of the template", named + routes("Api", "Fn", 3), true, "", nil},
		{"many routes", named + routes("Api", "Fn", 150), true, "", nil},
		{"more than fit", named + routes("Api", "Fn", 400), true, "", nil},
		{"a permission beside", named + routes("Api", "Fn", 3) + strings.Replace(permits, "GET/", "PUT/", 1), false, "mixed", nil},
		{"somebody else's function", foreign, false, "not-own", nil},
		{"a part of a template", named + routes("Api", "Fn", 3), false, "", func(env *invoke.Environment) { env.Partial = true }},
	} {
		x, all := judged(t, tt.resources, whole, tt.change)
		docs, problems, err := x.Fit(all)
		if err != nil || len(docs) != 1 {
			t.Errorf("%s: %d policies, %v", tt.name, len(docs), err)
			continue
		}
		if docs[0].Whole != tt.want || steps.Reasons(problems) != tt.problems {
			t.Errorf("%s: %v, problems %q", tt.name, docs[0].Whole, steps.Reasons(problems))
		}
		if n, why := widened(docs); tt.want && (n > 0) != (tt.name == "more than fit") {
			t.Errorf("%s: %d widened: %s", tt.name, n, why)
		}
		if p := grant.Estimates(x.Existing, docs)[0]; p.Whole != tt.want || p.Bytes > policy.MaxBytes || tt.want && p.Statements != 1 {
			t.Errorf("%s: %+v", tt.name, p)
		}
	}
}
