package grant_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/grantinvoke/grantinvoke/macro/internal/grant"
	"github.com/grantinvoke/grantinvoke/macro/internal/option"
	"github.com/grantinvoke/grantinvoke/macro/internal/policy"
	"github.com/grantinvoke/grantinvoke/macro/internal/statement"
	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/steps"
)

// routes are n routes of the REST API, which call a function.
func routes(api, function string, n int) string {
	var paths []string
	for i := range n {
		paths = append(paths, fmt.Sprintf(`"/shop/item%03d":{"get":{"x-amazon-apigateway-integration":{"type":"aws_proxy","httpMethod":"POST","uri":%s}}}`, i, steps.URI("${"+function+".Arn}")))
	}
	return `"` + api + `":{"Type":"AWS::ApiGateway::RestApi","Properties":{"Body":{"openapi":"3.0.1","paths":{` + strings.Join(paths, ",") + `}}}}`
}

const named = `"Fn":{"Type":"AWS::Lambda::Function","Properties":{"FunctionName":"fn"}},`

// statementOf is the statement that Lambda makes of a permission for a route, with
// the longest statement id.
func statementOf(route string, account bool) string {
	condition := ""
	if account {
		condition = `,"StringEquals":{"AWS:SourceAccount":"111122223333"}`
	}
	return `{"Sid":"` + strings.Repeat("x", 100) + `","Effect":"Allow","Principal":{"Service":"apigateway.amazonaws.com"},"Action":"lambda:InvokeFunction",` +
		`"Resource":"arn:aws:lambda:us-east-1:111122223333:function:fn","Condition":{"ArnLike":{"AWS:SourceArn":"arn:aws:execute-api:us-east-1:111122223333:abcdefghij/*/` + route + `"}` + condition + `}}`
}

// fitted makes what a template wants fit, and checks what must always hold: each call is
// allowed by what it gets, and no statement is needless.
func fitted(t *testing.T, resources string, o option.Options) (steps.Template, []*grant.Policy, error) {
	t.Helper()
	x, all := judged(t, resources, o, nil)
	docs, _, err := x.Fit(all)
	if err != nil {
		return x, docs, err
	}
	served := map[int]bool{}
	for _, doc := range docs {
		for _, w := range doc.Wants {
			if w.Widened != "" && len(w.Decisions) < 2 {
				t.Errorf("%s is widened for one call: %s", w.Tail, w.Widened)
			}
			for _, i := range w.Decisions {
				c := all.Decisions[i].Call
				if c.Target.ID() != doc.ID {
					t.Errorf("%s is for a call of %s", doc.ID, c.Target.ID())
				}
				if c.Source.ARN == nil && len(c.Stages()) == 0 && !statement.Covers(statement.OriginPattern(c.Origin.Key, w.Tail), statement.NewNeed(c, nil).Pattern) && o.Scope != option.API {
					t.Errorf("%s doesn't match %s", w.Tail, c.Source.Label)
				}
				served[i] = true
			}
		}
	}
	for i, d := range all.Decisions {
		if d.Verdict == grant.Added && !served[i] && o.Grant != option.Role {
			t.Errorf("%s gets nothing", d.Call.Source.Label)
		}
	}
	for _, p := range grant.Estimates(x.Existing, docs) {
		if p.Bytes > policy.MaxBytes {
			t.Errorf("the policy of %s has %d bytes in %d statements", p.Function, p.Bytes, p.Statements)
		}
	}
	return x, docs, nil
}

func widened(docs []*grant.Policy) (n int, why string) {
	for _, doc := range docs {
		for _, w := range doc.Wants {
			if w.Widened != "" {
				n, why = n+1, w.Widened
			}
		}
	}
	return n, why
}

// Routes get a statement each as long as these take half of what the policy has
// left, since CloudFormation makes new ones before it deletes old ones. One more, and
// some share a statement; the whole still fits.
func TestFitPolicy(t *testing.T) {
	there := func(n int) (text string, bytes int) {
		for i := range n {
			text += fmt.Sprintf(`"P%d":{"Type":"AWS::Lambda::Permission","Properties":{"Action":"lambda:InvokeFunction","FunctionName":{"Ref":"Fn"},"Principal":"apigateway.amazonaws.com","SourceArn":`+
				`{"Fn::Sub":"arn:aws:execute-api:us-east-1:111122223333:${Api}/*/PUT/other%03d"}}},`, i, i)
			bytes += len(statementOf(fmt.Sprintf("PUT/other%03d", i), false))
		}
		return text, bytes
	}
	for _, tt := range []struct {
		before  int
		account bool
	}{{0, false}, {0, true}, {10, false}, {40, false}} {
		before := tt.before
		permissions, taken := there(before)
		one := len(statementOf("GET/shop/item000,", tt.account))
		most := (policy.MaxBytes - len(`{"Version":"2012-10-17","Id":"default","Statement":[]}`) - taken) / 2 / one
		for n := most - 2; n <= most+3; n++ {
			x, docs, err := fitted(t, named+permissions+routes("Api", "Fn", n), option.Options{SourceAccount: tt.account})
			if err != nil || len(docs) != 1 {
				t.Fatalf("%d routes beside %d permissions: %d policies, %v", n, before, len(docs), err)
			}
			if p, all := grant.Estimates(x.Existing, docs)[0], policy.Bytes(taken+n*(one-1), before+n); n <= most && (p.Statements != before+n || p.Bytes != all) {
				t.Errorf("%d routes beside %d permissions: %+v, want %d bytes", n, before, p, all)
			}
			wider, why := widened(docs)
			switch statements := len(docs[0].Wants); {
			case n <= most && (wider > 0 || statements != n):
				t.Errorf("%d routes beside %d permissions: %d statements, widened %s", n, before, statements, why)
			case n > most && (wider == 0 || statements >= n || !strings.Contains(why, "the policy of Fn has 20480 bytes")):
				t.Errorf("%d routes beside %d permissions: %d statements, widened %q", n, before, statements, why)
			}
		}
	}
	for _, n := range []int{200, 1000} {
		if _, docs, err := fitted(t, named+routes("Api", "Fn", n), option.Options{}); err != nil || len(docs[0].Wants) > 40 {
			t.Errorf("%d routes: %v", n, err)
		}
	}
}

// Routes share a statement if they have a folder for themselves; where another function has
// routes there, too, each keeps its own.
func TestFitKeeps(t *testing.T) {
	for _, tt := range []struct {
		grant        option.Grant
		shared, free int
	}{{option.Permission, 24, 8}, {option.Policy, 220, 60}} {
		var paths []string
		add := func(path, function string) {
			paths = append(paths, fmt.Sprintf(`"%s":{"get":{"x-amazon-apigateway-integration":{"type":"aws_proxy","httpMethod":"POST","uri":%s}}}`, path, steps.URI("${"+function+".Arn}")))
		}
		for i := range tt.shared {
			add(fmt.Sprintf("/shared/d%03d/mine", i), "Fn")
			add(fmt.Sprintf("/shared/d%03d/theirs", i), "G")
		}
		for i := range tt.free {
			add(fmt.Sprintf("/free/item%d", i), "Fn")
		}
		_, docs, err := fitted(t, named+`"G":{"Type":"AWS::Lambda::Function","Properties":{"FunctionName":"g"}},"Api":{"Type":"AWS::ApiGateway::RestApi","Properties":{"Body":{"openapi":"3.0.1","paths":{`+
			strings.Join(paths, ",")+`}}}}`, option.Options{Grant: tt.grant})
		if err != nil || len(docs) != 2 {
			t.Fatalf("%s: %d policies, %v", tt.grant, len(docs), err)
		}
		var wide []string
		for _, w := range docs[0].Wants {
			if w.Widened != "" {
				wide = append(wide, w.Tail.String())
			}
		}
		if len(docs[0].Wants) != tt.shared+1 || !slices.Equal(wide, []string{"*/GET/free/*"}) {
			t.Errorf("%s: %d statements, of which are widened %q", tt.grant, len(docs[0].Wants), wide)
		}
	}
}

// Each function and qualifier has a policy of its own.
func TestFitApart(t *testing.T) {
	second := func(id, function string) string {
		return "," + strings.Replace(steps.Method("Get", steps.URI(function), "", ""), `"Get"`, `"`+id+`"`, 1)
	}
	_, docs, err := fitted(t, named+`"G":{"Type":"AWS::Lambda::Function","Properties":{"FunctionName":"g"}},"Api":{"Type":"AWS::ApiGateway::RestApi"},`+
		steps.Method("Get", steps.URI("${Fn.Arn}:live"), "", "")+second("Get2", "${Fn.Arn}")+second("Get3", "${G.Arn}"), option.Options{})
	if err != nil || len(docs) != 3 {
		t.Fatalf("%d policies, %v", len(docs), err)
	}
	if !slices.IsSortedFunc(docs, func(a, b *grant.Policy) int { return strings.Compare(a.ID, b.ID) }) {
		t.Error("the policies are in no order")
	}
}

func filler(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `"F%d":{"Type":"AWS::SNS::Topic"},`, i)
	}
	return b.String()
}

// Permissions are resources, of which a template has 500: where they don't all fit, those
// are widened that cost least, and the reason says why.
func TestFitResources(t *testing.T) {
	const functions, count = 2, 20
	two := named + `"G":{"Type":"AWS::Lambda::Function","Properties":{"FunctionName":"g"}},` + routes("Api", "Fn", count/functions) + `,` + routes("Api2", "G", count/functions)
	const there = 4
	for _, tt := range []struct {
		room  int
		want  int // statements at most
		error string
	}{
		{21, 20, ""},
		{20, 20, ""},
		{19, 19, ""},
		{2, 2, ""},
		{1, 0, "template: needs 2 permissions at least, and has room for 1, since a template may have 500 resources"},
		{0, 0, "template: needs 2 permissions at least, and has room for 0"},
	} {
		_, docs, err := fitted(t, filler(policy.MaxResources-there-tt.room)+two, option.Options{})
		if tt.error != "" {
			if err == nil || !strings.HasPrefix(err.Error(), tt.error) {
				t.Errorf("room for %d: %v", tt.room, err)
			}
			continue
		}
		if err != nil {
			t.Errorf("room for %d: %v", tt.room, err)
			continue
		}
		n := 0
		for _, doc := range docs {
			n += len(doc.Wants)
		}
		wider, why := widened(docs)
		if n > tt.want || (wider > 0) != (tt.room < count) || wider > 0 && !strings.HasSuffix(why, "a template may have 500 resources") {
			t.Errorf("room for %d: %d statements, %d widened: %s", tt.room, n, wider, why)
		}
	}
}

// A template in S3 has a million bytes.
func TestFitBytes(t *testing.T) {
	for _, tt := range []struct {
		left int
		wide bool
	}{{20_000, false}, {5_000, true}} {
		text := named + routes("Api", "Fn", 20)
		text += `,"Big":{"Type":"AWS::SSM::Parameter","Properties":{"Type":"String","Value":"` + strings.Repeat("x", policy.MaxTemplate-tt.left-len(text)-300) + `"}}`
		x, docs, err := fitted(t, text, option.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if left := policy.MaxTemplate - x.Template.Size(); left < tt.left-500 || left > tt.left+500 {
			t.Fatalf("%d bytes are left", left)
		}
		if n, why := widened(docs); (n > 0) != tt.wide || tt.wide && !strings.HasSuffix(why, "a template may have 1000000 bytes") {
			t.Errorf("%d bytes left: %d widened: %s", tt.left, n, why)
		}
	}
}
