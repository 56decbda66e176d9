package invoke_test

import (
	"testing"

	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/policy"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// A whole source ARN is widened as its service says, or only to the folder that all
// have in common.
func TestWidenARNs(t *testing.T) {
	wide := invoke.OwnARN("logs", template.Literal("log-group:*"))
	group := func(name string) invoke.SourceARN {
		return invoke.SourceARN{Exact: invoke.OwnARN("logs", template.Literal("log-group:"+name)), Wide: wide}
	}
	const start = "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:"
	for _, tt := range []struct {
		name string
		arns []invoke.SourceARN
		want string
	}{
		{"nothing in common", []invoke.SourceARN{group("/a/x"), group("b")}, start + "*"},
		{"a folder", []invoke.SourceARN{group("/app/a/x"), group("/app/a/y"), group("/app/b")}, start + "/app/*"},
		{"a folder and its name", []invoke.SourceARN{group("/app/a"), group("/app/")}, start + "/app/*"},
		{"another spelling", []invoke.SourceARN{group("/app/a"), {Exact: template.AttOf("Group", "Arn"), Wide: wide}}, start + "*"},
		{"any of the account", []invoke.SourceARN{{AnySource: true}, {AnySource: true}}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			wanted := make([]*invoke.Wanted, len(tt.arns))
			sizes := make([]int, len(tt.arns))
			for i := range tt.arns {
				wanted[i] = &invoke.Wanted{Call: &invoke.Call{Source: invoke.Source{ARN: &tt.arns[i]}}, Tail: tt.arns[i].Exact}
			}
			l := (&invoke.Service{}).Widener(nil)(wanted, false)
			patterns := policy.NewPlan([]policy.Group{{Set: l.Set, Sizes: sizes}}, len(wanted)).Patterns(1)
			if len(patterns) != 1 || patterns[0].Exact() {
				t.Fatalf("%+v, want one that is wider", patterns)
			}
			if got := l.Tail(patterns[0]).String(); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}
