// Package account is what an account has deployed, as plain values: functions
// with their resource policies, APIs with their stages as deployed, the roles
// in credentials, what stacks own, and what other services are wired to. It is
// read by [live], judged by [audit], and kept in a file between the two.
//
// [live]: https://pkg.go.dev/github.com/grantinvoke/grantinvoke/macro/internal/live
// [audit]: https://pkg.go.dev/github.com/grantinvoke/grantinvoke/macro/internal/audit
package account

import "strings"

// Format is the version of the file that Save writes: a member that goes, or
// means something else, is a new one.
const Format = 1

// An Account is one Region of an account, as far as it was asked for.
type Account struct {
	Format    int    `json:"format"`
	ID        string `json:"account"`
	Region    string `json:"region"`
	Partition string `json:"partition"`
	Taken     string `json:"taken"` // RFC 3339, UTC

	// AllAPIs says that every API of the Region is here, so that an id which
	// isn't has no API. AllStacks says the same of stacks and their resources.
	AllAPIs   bool `json:"allApis"`
	AllStacks bool `json:"allStacks"`
	// AllFunctions says that every function of the Region is here.
	AllFunctions bool `json:"allFunctions"`

	Functions []Function `json:"functions"`
	APIs      []API      `json:"apis"`
	Roles     []Role     `json:"roles,omitempty"`
	Stacks    []Stack    `json:"stacks,omitempty"`
	Origins   []Origin   `json:"origins,omitempty"`
	Unread    []Unread   `json:"unread,omitempty"`
}

// A Function is one Lambda function. Policies holds those that exist and could
// be read; Unread those that could not.
type Function struct {
	Name     string   `json:"name"`
	ARN      string   `json:"arn"` // unqualified
	Gone     bool     `json:"gone,omitempty"`
	Aliases  []Alias  `json:"aliases,omitempty"`
	Versions []string `json:"versions,omitempty"` // published; read only where a call names one
	Policies []Policy `json:"policies,omitempty"`
	Unread   []string `json:"unread,omitempty"` // qualifiers, "" for the function itself; "aliases", "versions" as "?aliases", "?versions"
}

// An Alias is a name for a version.
type Alias struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

// A Policy is the resource policy of a function, alias or version. Each has
// its own (https://docs.aws.amazon.com/lambda/latest/dg/versioning-aliases-permissions.html).
type Policy struct {
	Qualifier string `json:"qualifier,omitempty"`
	Document  string `json:"document"` // as Lambda has it
	Revision  string `json:"revision"`
}

// The protocols of APIs.
const (
	REST      = "REST"
	HTTP      = "HTTP"
	WebSocket = "WEBSOCKET"
)

// An API is a REST, HTTP or WebSocket API.
type API struct {
	ID          string       `json:"id"`
	Name        string       `json:"name"`
	Protocol    string       `json:"protocol"`
	Asked       bool         `json:"asked,omitempty"` // it was asked for, and not only named by a statement
	Gone        bool         `json:"gone,omitempty"`
	Stages      []Stage      `json:"stages"`
	Routes      []Route      `json:"routes"`      // the working copy, which the next deployment deploys
	Authorizers []Authorizer `json:"authorizers"` // of the working copy
	Unread      []string     `json:"unread,omitempty"`
}

// A Stage is a deployed state of an API.
type Stage struct {
	Name        string            `json:"name"`
	Variables   map[string]string `json:"variables,omitempty"`
	Canary      map[string]string `json:"canary,omitempty"` // stage variables that a canary overrides
	Routes      []Route           `json:"routes"`
	Authorizers []Authorizer      `json:"authorizers,omitempty"`
	Unread      string            `json:"unread,omitempty"` // why not all of its calls are known
}

// A Route is a method with a path, or a route key, and what it calls.
type Route struct {
	Key         string `json:"key"` // "GET /pets", "ANY /{proxy+}", "$default", "$connect", "sendmessage"
	URI         string `json:"uri,omitempty"`
	Credentials string `json:"credentials,omitempty"`
	Authorizer  string `json:"authorizer,omitempty"` // its name; in a working copy its id
}

// An Authorizer is one that may call a function.
type Authorizer struct {
	ID          string `json:"id,omitempty"` // "" where only the name is known
	Name        string `json:"name"`
	URI         string `json:"uri,omitempty"`
	Credentials string `json:"credentials,omitempty"`
}

// A Role is one that an integration names in its credentials.
type Role struct {
	ARN    string          `json:"arn"`
	Gone   bool            `json:"gone,omitempty"`
	Trust  string          `json:"trust,omitempty"`  // the policy document of who may take it
	Allows map[string]bool `json:"allows,omitempty"` // by function ARN with its qualifier: whether it may invoke it
	Unread string          `json:"unread,omitempty"`
}

// A Stack is a CloudFormation stack and what it owns of what concerns us.
type Stack struct {
	Name      string     `json:"name"`
	Resources []Resource `json:"resources"`
	Unread    string     `json:"unread,omitempty"`
}

// A Resource of a stack.
type Resource struct {
	ID       string `json:"id"`
	Type     string `json:"type"`
	Physical string `json:"physical"`
}

// An Origin is what a statement of another service names as its source: a
// rule, a topic, a bucket, and the functions it is wired to.
type Origin struct {
	ARN     string   `json:"arn"`
	Gone    bool     `json:"gone,omitempty"`
	Targets []string `json:"targets,omitempty"` // function ARNs as they are wired, with qualifiers
	Unread  string   `json:"unread,omitempty"`
}

// An Unread is a read that failed for all: a list that isn't complete.
type Unread struct {
	What string `json:"what"` // the operation, such as lambda:ListFunctions
	Why  string `json:"why"`
}

// Arn returns the ARN of a function or qualifier.
func (f Function) Arn(qualifier string) string {
	if qualifier == "" {
		return f.ARN
	}
	return f.ARN + ":" + qualifier
}

// Split takes a function's ARN apart; ok is false where it is none.
func Split(arn string) (region, account, name, qualifier string, ok bool) {
	part := strings.Split(arn, ":")
	if len(part) < 7 || len(part) > 8 || part[0] != "arn" || part[2] != "lambda" || part[5] != "function" {
		return "", "", "", "", false
	}
	if len(part) == 8 {
		qualifier = part[7]
	}
	return part[3], part[4], part[6], qualifier, true
}
