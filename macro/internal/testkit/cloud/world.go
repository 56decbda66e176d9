// Package cloud plays the services of an account for tests: Lambda, API Gateway,
// CloudFormation, IAM, STS, and all others that are read, over HTTP on 127.0.0.1. It does
// what no emulator does: it refuses a wrong revision and a policy of more than 20,480
// bytes, lists have pages, quotas are enforced, and a stage may differ from the working
// copy. It logs every call.
package cloud

import (
	"encoding/json"
	"fmt"
	"sync"
)

// A World is the account that a Server plays.
type World struct {
	Account, Region string
	Functions       []*Function
	APIs            []*API
	Roles           []*Role
	Stacks          []*Stack
	Rules           []*Rule   // EventBridge
	Topics          []*Topic  // SNS
	Buckets         []*Bucket // S3
	LogGroups       []*LogGroup

	mu       sync.Mutex
	revision int
}

// A Function with its policies, by qualifier.
type Function struct {
	Name     string
	Aliases  []Alias
	Versions []string
	Policies map[string]*Policy
}

// An Alias of a function.
type Alias struct{ Name, Version string }

// A Policy is a list of statements as JSON, and its revision.
type Policy struct {
	Statements []json.RawMessage
	Revision   string
}

// An API of any protocol. Of an HTTP API, Working is what GetRoutes shows; a
// stage with AutoDeploy has nothing else.
type API struct {
	ID, Name, Protocol string // REST, HTTP, WEBSOCKET
	Working            Definition
	Stages             []*Stage
}

// A Definition is what a deployment is a snapshot of.
type Definition struct {
	Routes      []Route
	Authorizers []Authorizer
}

// A Stage of an API.
type Stage struct {
	Name             string
	Variables        map[string]string
	AutoDeploy       bool
	Deployed         Definition        // REST, and others without AutoDeploy
	Canary           map[string]string // stage variables that the canary overrides
	CanaryDeployment string            // "": that of the stage
}

// A Route is one route of an API, such as "GET /pets" or "$default".
type Route struct {
	Key, Type, URI, Credentials string
	Authorizer                  string // name
}

// An Authorizer is one of an API. Its Type is TOKEN, REQUEST, JWT or COGNITO_USER_POOLS.
type Authorizer struct{ ID, Name, Type, URI, Credentials string }

// A Role is one of IAM. Invokes are the ARNs that it may invoke, which may end in a star.
type Role struct {
	Name, Trust string
	Invokes     []string
}

// A Stack with its resources.
type Stack struct {
	Name      string
	Resources []Resource
}

// A Resource of a stack.
type Resource struct{ ID, Type, Physical string }

// A Rule of EventBridge and the ARNs of its targets.
type Rule struct {
	Name, Bus string
	Targets   []string
	Roles     []string // of each target; may be shorter
}

// A Topic of SNS and the functions that are subscribed.
type Topic struct {
	Name        string
	Subscribers []string
}

// A Bucket of S3 and the functions that it notifies.
type Bucket struct {
	Name      string
	Functions []string
}

// A LogGroup and the functions that its subscription filters name.
type LogGroup struct {
	Name      string
	Functions []string
}

// Arn returns the ARN of the function, or of one of its qualifiers.
func (w *World) Arn(name, qualifier string) string {
	arn := fmt.Sprintf("arn:aws:lambda:%s:%s:function:%s", w.Region, w.Account, name)
	if qualifier != "" {
		arn += ":" + qualifier
	}
	return arn
}

// URI returns the invocation URI of a function, as integrations have it.
func (w *World) URI(name, qualifier string) string {
	return "arn:aws:apigateway:" + w.Region + ":lambda:path/2015-03-31/functions/" + w.Arn(name, qualifier) + "/invocations"
}

// Source returns the source ARN of an API's tail.
func (w *World) Source(api, tail string) string {
	return "arn:aws:execute-api:" + w.Region + ":" + w.Account + ":" + api + "/" + tail
}

// Allow adds a statement for a service to the policy of a function, as AddPermission
// writes it, but of any size.
func (w *World) Allow(name, qualifier, sid, principal, source string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	f := w.function(name)
	w.put(f, qualifier, statement(sid, principal, "lambda:InvokeFunction", w.Arn(name, qualifier), map[string]string{"SourceArn": source}))
}

// Put replaces a function's policy, as PutResourcePolicy does.
func (w *World) Put(name, qualifier string, statements ...string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	f := w.function(name)
	if f.Policies == nil {
		f.Policies = map[string]*Policy{}
	}
	f.Policies[qualifier] = &Policy{Revision: w.next()}
	for _, s := range statements {
		f.Policies[qualifier].Statements = append(f.Policies[qualifier].Statements, json.RawMessage(s))
	}
}

func (w *World) function(name string) *Function {
	for _, f := range w.Functions {
		if f.Name == name {
			return f
		}
	}
	return nil
}

func (w *World) api(id string) *API {
	for _, a := range w.APIs {
		if a.ID == id {
			return a
		}
	}
	return nil
}

func (w *World) put(f *Function, qualifier string, st json.RawMessage) {
	if f.Policies == nil {
		f.Policies = map[string]*Policy{}
	}
	p := f.Policies[qualifier]
	if p == nil {
		p = &Policy{}
		f.Policies[qualifier] = p
	}
	p.Statements, p.Revision = append(p.Statements, st), w.next()
}

func (w *World) next() string {
	w.revision++
	return fmt.Sprintf("00000000-0000-4000-8000-%012d", w.revision)
}

// statement writes one as AddPermission does. Absent conditions are "".
func statement(sid, principal, action, resource string, conditions map[string]string) json.RawMessage {
	type object = map[string]any
	who := any(object{"Service": principal})
	if principal == "*" {
		who = "*"
	} else if len(principal) == 12 {
		who = object{"AWS": "arn:aws:iam::" + principal + ":root"}
	}
	condition := object{}
	if v := conditions["SourceArn"]; v != "" {
		condition["ArnLike"] = object{"AWS:SourceArn": v}
	}
	equals := object{}
	for _, key := range [][2]string{{"SourceAccount", "AWS:SourceAccount"}, {"PrincipalOrgID", "aws:PrincipalOrgID"},
		{"FunctionUrlAuthType", "lambda:FunctionUrlAuthType"}, {"EventSourceToken", "lambda:EventSourceToken"}} {
		if v := conditions[key[0]]; v != "" {
			equals[key[1]] = v
		}
	}
	if len(equals) > 0 {
		condition["StringEquals"] = equals
	}
	s := struct {
		Sid       string
		Effect    string
		Principal any
		Action    string
		Resource  string
		Condition object `json:",omitempty"`
	}{sid, "Allow", who, action, resource, condition}
	out, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return out
}

// document is a policy as GetPolicy returns it.
func (p *Policy) document() string {
	out, err := json.Marshal(struct {
		Version   string
		Id        string
		Statement []json.RawMessage
	}{"2012-10-17", "default", p.Statements})
	if err != nil {
		panic(err)
	}
	return string(out)
}
