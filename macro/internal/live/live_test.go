package live

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/lambda"

	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/cloud"
)

// dial returns a reader of the server.
func dial(t *testing.T, s *cloud.Server) *Reader {
	t.Helper()
	r, err := Dial(context.Background(), Options{HTTP: s, Configure: func() aws.Config {
		return aws.Config{Region: "eu-west-1", BaseEndpoint: aws.String("http://cloud.test"),
			Credentials: credentials.NewStaticCredentialsProvider("AKIDEXAMPLE", "secret", "")}
	}})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// world is an account with one of everything.
func world() *cloud.World {
	w := &cloud.World{Account: "111122223333", Region: "eu-west-1"}
	w.Functions = []*cloud.Function{{Name: "orders", Aliases: []cloud.Alias{{Name: "live", Version: "3"}}, Versions: []string{"1", "2", "3"}}, {Name: "check"}}
	w.APIs = []*cloud.API{
		{ID: "rest1", Name: "shop", Protocol: "REST",
			Working: cloud.Definition{Routes: []cloud.Route{{Key: "GET /pets", URI: w.URI("orders", ""), Authorizer: "auth"}, {Key: "OPTIONS /pets", Type: "MOCK"}},
				Authorizers: []cloud.Authorizer{{ID: "au1", Name: "auth", Type: "TOKEN", URI: w.URI("check", "")}}},
			Stages: []*cloud.Stage{{Name: "prod", Variables: map[string]string{"alias": "live"}, Canary: map[string]string{"alias": "canary"},
				Deployed: cloud.Definition{Routes: []cloud.Route{{Key: "GET /old/{id}", URI: w.URI("orders", "${stageVariables.alias}"), Credentials: w.RoleArn("caller"), Authorizer: "auth"}},
					Authorizers: []cloud.Authorizer{{Name: "auth", Type: "TOKEN", URI: w.URI("check", "")}}}}}},
		{ID: "http1", Name: "web", Protocol: "HTTP", Working: cloud.Definition{Routes: []cloud.Route{{Key: "$default", URI: w.Arn("orders", "")}}},
			Stages: []*cloud.Stage{{Name: "$default", AutoDeploy: true}, {Name: "v1", Deployed: cloud.Definition{Routes: []cloud.Route{{Key: "$default", URI: w.Arn("check", "")}, {Key: "ANY /x", URI: w.Arn("check", "")}}}}}},
		{ID: "ws1", Name: "chat", Protocol: "WEBSOCKET", Working: cloud.Definition{Routes: []cloud.Route{{Key: "$connect", URI: w.URI("orders", "2")}}},
			Stages: []*cloud.Stage{{Name: "live"}}},
	}
	w.Roles = []*cloud.Role{{Name: "caller", Trust: `{"Statement":{"Effect":"Allow","Principal":{"Service":"apigateway.amazonaws.com"},"Action":"sts:AssumeRole"}}`, Invokes: []string{w.Arn("orders", "live")}}}
	w.Rules = []*cloud.Rule{{Name: "nightly", Targets: []string{w.Arn("orders", "")}}}
	w.Topics = []*cloud.Topic{{Name: "news", Subscribers: []string{w.Arn("check", "")}}}
	w.Buckets = []*cloud.Bucket{{Name: "pictures", Functions: []string{w.Arn("check", "")}}}
	w.LogGroups = []*cloud.LogGroup{{Name: "/aws/x", Functions: []string{w.Arn("check", "")}}}
	w.Stacks = []*cloud.Stack{{Name: "shop", Resources: []cloud.Resource{{ID: "P", Type: "AWS::Lambda::Permission", Physical: "shop-P-ABCDEFGHIJKL"},
		{ID: "Orders", Type: "AWS::Lambda::Function", Physical: "orders"}, {ID: "Api", Type: "AWS::ApiGateway::RestApi", Physical: "rest1"}}},
		{Name: "other", Resources: []cloud.Resource{{ID: "F", Type: "AWS::Lambda::Function", Physical: "check"}}}}
	w.Allow("orders", "", "shop-P-ABCDEFGHIJKL", "apigateway.amazonaws.com", w.Source("rest1", "*/GET/pets"))
	w.Allow("orders", "", "0d9a64b2-5d5a-4a8c-8b0a-5a4e7d3d1f00", "apigateway.amazonaws.com", w.Source("lost1", "*/*/*"))
	w.Allow("orders", "", "rule", "events.amazonaws.com", w.RuleArn("", "nightly"))
	w.Allow("orders", "live", "a", "apigateway.amazonaws.com", w.Source("rest1", "*"))
	w.Allow("orders", "2", "b", "apigateway.amazonaws.com", w.Source("ws1", "*/$connect"))
	w.Allow("check", "", "topic", "sns.amazonaws.com", w.TopicArn("news"))
	w.Allow("check", "", "bucket", "s3.amazonaws.com", "arn:aws:s3:::pictures")
	w.Allow("check", "", "logs", "logs.amazonaws.com", "arn:aws:logs:eu-west-1:111122223333:log-group:/aws/x:*")
	w.Allow("check", "", "gone", "sns.amazonaws.com", w.TopicArn("gone"))
	return w
}

// Everything of an account is read, page by page, and nothing but reads is
// sent.
func TestReadAll(t *testing.T) {
	s := &cloud.Server{World: world(), Page: 1}
	a, err := dial(t, s).Read(context.Background(), Ask{All: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range s.Log() {
		if !c.Read || c.Status == http.StatusNotImplemented {
			t.Errorf("%s %s: status %d", c.Operation, c.Path, c.Status)
		}
	}
	if len(a.Unread) > 0 || !a.AllAPIs || !a.AllFunctions || !a.AllStacks {
		t.Errorf("unread %v, all %v %v %v", a.Unread, a.AllAPIs, a.AllFunctions, a.AllStacks)
	}
	got := describe(a)
	want := `function check policies ""
function orders aliases live versions 1,2,3 policies "" "2" "live"
api http1 HTTP web
  route $default arn:aws:lambda:eu-west-1:111122223333:function:orders
  stage $default
    route $default arn:aws:lambda:eu-west-1:111122223333:function:orders
  stage v1
    route $default arn:aws:lambda:eu-west-1:111122223333:function:check
    route ANY /x arn:aws:lambda:eu-west-1:111122223333:function:check
api rest1 REST shop
  route GET /pets URI(orders) by auth
  route OPTIONS /pets
  authorizer au1 auth URI(check)
  stage prod
    route GET /old/{id} URI(orders:${stageVariables.alias}) as arn:aws:iam::111122223333:role/caller by auth
    authorizer au1 auth URI(check)
api ws1 WEBSOCKET chat
  route $connect URI(orders:2)
  stage live (a WebSocket API can't be exported; what is deployed may differ from its routes)
    route $connect URI(orders:2)
role arn:aws:iam::111122223333:role/caller map[arn:aws:lambda:eu-west-1:111122223333:function:orders:canary:false arn:aws:lambda:eu-west-1:111122223333:function:orders:live:true]
stack shop P Orders Api
origin arn:aws:events:eu-west-1:111122223333:rule/nightly [arn:aws:lambda:eu-west-1:111122223333:function:orders]
origin arn:aws:logs:eu-west-1:111122223333:log-group:/aws/x:* [arn:aws:lambda:eu-west-1:111122223333:function:check]
origin arn:aws:s3:::pictures [arn:aws:lambda:eu-west-1:111122223333:function:check]
origin arn:aws:sns:eu-west-1:111122223333:gone gone
origin arn:aws:sns:eu-west-1:111122223333:news [arn:aws:lambda:eu-west-1:111122223333:function:check]
`
	if got != want {
		t.Errorf("read:\n%s\nwant:\n%s", got, want)
	}
	if strings.Contains(got, "hunter2") {
		t.Error("it holds a value of a function's environment")
	}
}

// For a stack, an API or a function all that belongs to it is read, and no more.
func TestReadSome(t *testing.T) {
	tests := []struct {
		ask  Ask
		want string
	}{
		{Ask{Stacks: []string{"shop"}}, "functions check orders; apis lost1(gone) rest1*"},
		{Ask{APIs: []string{"http1"}}, "functions check orders; apis http1* lost1(gone) rest1"},
		{Ask{APIs: []string{"nosuch"}}, "functions; apis nosuch*(gone)"},
		{Ask{Functions: []string{"orders"}, Versions: true}, "functions orders; apis lost1(gone) rest1 ws1"},
		{Ask{Functions: []string{"arn:aws:lambda:eu-west-1:111122223333:function:check:live"}}, "functions check; apis"},
		{Ask{Functions: []string{"nosuch"}}, "functions nosuch(gone); apis"},
	}
	for _, tt := range tests {
		s := &cloud.Server{World: world()}
		a, err := dial(t, s).Read(context.Background(), tt.ask)
		if err != nil {
			t.Fatalf("%+v: %v", tt.ask, err)
		}
		if got := summary(a); got != tt.want {
			t.Errorf("%+v: %s, want %s", tt.ask, got, tt.want)
		}
	}
	for _, ask := range []Ask{{Stacks: []string{"nosuch"}}, {Functions: []string{"arn:aws:lambda:us-east-1:111122223333:function:x"}}} {
		if _, err := dial(t, &cloud.Server{World: world()}).Read(context.Background(), ask); err == nil {
			t.Errorf("%+v: no error", ask)
		}
	}
}

// An operation that isn't in the table of reads is refused before it is sent.
func TestOnlyReads(t *testing.T) {
	s := &cloud.Server{World: world()}
	r := dial(t, s)
	_, err := r.lambda.RemovePermission(context.Background(), &lambda.RemovePermissionInput{FunctionName: aws.String("orders"), StatementId: aws.String("rule")})
	if err == nil || !strings.Contains(err.Error(), "Lambda:RemovePermission: is no read of this tool, and not sent") {
		t.Errorf("error %v", err)
	}
	if log := s.Log(); len(log) > 0 {
		t.Errorf("sent: %v", log)
	}
	for _, x := range reads {
		_, op, _ := strings.Cut(x.name, ":")
		if !strings.HasPrefix(op, "Get") && !strings.HasPrefix(op, "List") && !strings.HasPrefix(op, "Describe") && !strings.HasPrefix(op, "Simulate") && op != "ExportApi" {
			t.Errorf("%s is no read", x.name)
		}
	}
}
