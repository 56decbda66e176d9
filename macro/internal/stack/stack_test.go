package stack_test

import (
	"strings"
	"testing"

	"github.com/grantinvoke/grantinvoke/macro/internal/stack"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

const doc = `{"Parameters":{"P":{"Type":"String"},"Secret":{"Type":"String","NoEcho":true},"Key":{"Type":"AWS::SSM::Parameter::Value<String>"},"List":{"Type":"CommaDelimitedList"}},
	"Mappings":{"M":{"us-east-1":{"name":"virginia"}}},
	"Resources":{"Fn":{"Type":"AWS::Lambda::Function"},"Sam":{"Type":"AWS::Serverless::Function"},"Other":{"Type":"AWS::SQS::Queue"}}}`

func newStack(t *testing.T, known stack.Facts) *stack.Stack {
	t.Helper()
	parsed, err := template.Parse([]byte(doc))
	if err != nil {
		t.Fatal(err)
	}
	known.Region, known.Account = "us-east-1", "111122223333"
	known.Parameters = map[string]string{"P": "p", "Secret": "hunter2", "Key": "/a/key", "List": "a,b,c"}
	return stack.New(parsed, known, func(typ string) bool { return !strings.Contains(typ, "SQS") })
}

func text(t *testing.T, s string) template.Text {
	t.Helper()
	x, ok := template.Index(s).Root().One()
	if !ok {
		t.Fatalf("%s is no text", s)
	}
	return x
}

// What depends on a parameter has another value another time, a secret is shown to
// nobody, and the value of an SSM parameter is its key.
func TestEvaluate(t *testing.T) {
	for in, want := range map[string]struct {
		value, shown string
		parameter    bool
	}{
		`"plain"`:                           {"plain", "plain", false},
		`{"Fn::Sub":"${AWS::Region}/${P}"}`: {"us-east-1/p", "us-east-1/p", true},
		`{"Ref":"AWS::Partition"}`:          {"aws", "aws", false},
		`{"Ref":"Secret"}`:                  {"hunter2", "<Secret>", true},
		`{"Ref":"Key"}`:                     {"", "<Key>", false},
		`{"Ref":"Fn"}`:                      {"", "<Fn>", false},
		`{"Fn::FindInMap":["M",{"Ref":"AWS::Region"},"name"]}`: {"virginia", "virginia", false},
		`{"Fn::Select":[1,{"Ref":"List"}]}`:                    {"b", "b", true},
	} {
		x := text(t, in)
		s := newStack(t, stack.Facts{Settled: true})
		if k := s.Evaluate(x); k.Text != want.value || k.OK != (want.value != "") || k.Parameter != want.parameter {
			t.Errorf("%s is worth %+v", in, k)
		}
		if got := s.Shown(x); got != want.shown {
			t.Errorf("%s is shown as %s, want %s", in, got, want.shown)
		}
		if _, ok := newStack(t, stack.Facts{}).Value(x); ok != (want.value != "" && !want.parameter) {
			t.Errorf("%s counts where parameters may change: %v", in, ok)
		}
	}
}

// A reference to a resource that SAM makes doesn't dangle: its name begins with the id of a
// resource of SAM's.
func TestDangling(t *testing.T) {
	for in, want := range map[string]string{
		`{"Ref":"Fn"}`: "", `{"Ref":"P"}`: "", `{"Ref":"AWS::StackName"}`: "", `{"Ref":"SamAliasprod"}`: "", `{"Ref":"ServerlessRestApi"}`: "",
		`{"Ref":"Nothing"}`: "Nothing", `{"Fn::Sub":"${Fn}-${Fnn.Arn}"}`: "Fnn",
	} {
		if got, _ := newStack(t, stack.Facts{}).Dangling(text(t, in)); got != want {
			t.Errorf("in %s dangles %q, want %q", in, got, want)
		}
		if got, lost := newStack(t, stack.Facts{Partial: true}).Dangling(text(t, in)); lost {
			t.Errorf("in %s of a part dangles %q", in, got)
		}
	}
}

func TestResources(t *testing.T) {
	s := newStack(t, stack.Facts{})
	var ids []string
	for r := range s.Each {
		ids = append(ids, r.ID)
	}
	if got := strings.Join(ids, " "); got != "Fn Sam" {
		t.Errorf("read %s", got)
	}
	if all := s.Resources("AWS::Lambda::Function"); len(all) != 1 || all[0].ID != "Fn" {
		t.Errorf("functions %v", all)
	}
	if all := s.Resources("AWS::SQS::Queue"); len(all) != 0 {
		t.Errorf("nobody reads queues, and here are %v", all)
	}
}
