package policy

import (
	"encoding/json"
	"strings"
	"testing"
)

// A statement as Lambda keeps it, and the document around.
type (
	lambdaStatement struct {
		Sid, Effect string
		Principal   map[string]string
		Action      string
		Resource    string
		Condition   map[string]map[string]string `json:",omitempty"`
	}
	lambdaPolicy struct {
		Version   string
		ID        string `json:"Id"`
		Statement []lambdaStatement
	}
)

func length(t *testing.T, v any) int {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return len(b)
}

// Size is the length of the statement in compact JSON, with the longest Sid.
func TestStatementSize(t *testing.T) {
	const fn = "arn:aws:lambda:us-east-1:123456789012:function:name:live"
	const source = "arn:aws:execute-api:us-east-1:123456789012:abcdefghij/*/GET/pets"
	like := map[string]map[string]string{"ArnLike": {"AWS:SourceArn": source}}
	account := map[string]map[string]string{"StringEquals": {"AWS:SourceAccount": "123456789012"}}
	both := map[string]map[string]string{"ArnLike": like["ArnLike"], "StringEquals": account["StringEquals"]}
	tests := []struct {
		name      string
		size      Lengths
		condition map[string]map[string]string
	}{
		{"source", Lengths{Source: len(source)}, like},
		{"none", Lengths{}, nil},
		{"account", Lengths{Account: true}, account},
		{"source and account", Lengths{Source: len(source), Account: true}, both},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			st := lambdaStatement{Sid: strings.Repeat("s", 100), Effect: "Allow", Principal: map[string]string{"Service": "apigateway.amazonaws.com"},
				Action: "lambda:InvokeFunction", Resource: fn, Condition: tt.condition}
			tt.size.Principal, tt.size.Function = len("apigateway.amazonaws.com"), len(fn)
			if got, want := tt.size.Size(), length(t, st); got != want {
				t.Errorf("%d bytes, want %d", got, want)
			}
			for n := 1; n < 4; n++ {
				p := lambdaPolicy{Version: "2012-10-17", ID: "default"}
				for range n {
					p.Statement = append(p.Statement, st)
				}
				if got, want := Bytes(n*tt.size.Size(), n), length(t, p); got != want {
					t.Errorf("%d statements: %d bytes, want %d", n, got, want)
				}
			}
		})
	}
	if Bytes(0, 0) != 0 {
		t.Error("no statements, but a policy")
	}
	if got := (Lengths{Principal: 1, Function: 1, More: 7}).Size() - (Lengths{Principal: 1, Function: 1}).Size(); got != 7 {
		t.Errorf("More adds %d", got)
	}
}

// While CloudFormation replaces statements, old and new ones stand in the
// policy together: whatever was within the budget and whatever comes.
func TestBudget(t *testing.T) {
	for _, there := range []int{0, 500, 10_000, 20_000} {
		b := Budget(there)
		if transient := Bytes(there+2*b, 1); transient > MaxBytes {
			t.Errorf("with %d bytes there, a budget of %d comes to %d", there, b, transient)
		}
		if there < 20_000 && b <= 0 {
			t.Errorf("with %d bytes there, the budget is %d", there, b)
		}
	}
}
