// Package account describes what an account has deployed, as plain values:
// functions with their resource policies, APIs with their stages as deployed,
// the roles in credentials, what stacks own, and what other services are wired
// to. Package [live] fills it in, package [audit] judges it, and between the two
// it may be kept in a file. Once it is read, it isn't changed.
//
// [live]: https://pkg.go.dev/github.com/grantinvoke/grantinvoke/macro/internal/live
// [audit]: https://pkg.go.dev/github.com/grantinvoke/grantinvoke/macro/internal/audit
package account

import "strings"

// Format is the version of the file that [Account.Save] writes. It changes when a
// member is removed or comes to mean something else, not when one is added.
const Format = 1

// An Account is what one Region of an account holds, as far as it was asked for.
type Account struct {
	Format    int    `json:"format"`
	ID        string `json:"account"`
	Region    string `json:"region"`
	Partition string `json:"partition"`
	Taken     string `json:"taken"` // RFC 3339, UTC

	// AllAPIs says that APIs has every API of the Region: an id that isn't in it
	// is the id of no API. AllStacks and AllFunctions say the same of Stacks, with
	// their resources, and of Functions.
	AllAPIs      bool `json:"allApis"`
	AllStacks    bool `json:"allStacks"`
	AllFunctions bool `json:"allFunctions"`

	Functions []Function `json:"functions"`
	APIs      []API      `json:"apis"`
	Roles     []Role     `json:"roles,omitempty"`
	Stacks    []Stack    `json:"stacks,omitempty"`
	Origins   []Origin   `json:"origins,omitempty"`
	Unread    []Unread   `json:"unread,omitempty"`
}

// A Function is one Lambda function. Policies holds the policies that exist and
// could be read.
type Function struct {
	Name     string   `json:"name"`
	ARN      string   `json:"arn"`            // unqualified
	Gone     bool     `json:"gone,omitempty"` // there is no function of that name
	Aliases  []Alias  `json:"aliases,omitempty"`
	Versions []string `json:"versions,omitempty"` // published; read only where a call names one
	Policies []Policy `json:"policies,omitempty"`

	// Unread holds the qualifiers whose policies could not be read, "" for the
	// function itself, and "?aliases" or "?versions" where that list could not.
	Unread []string `json:"unread,omitempty"`
}

// An Alias is a name for a published version.
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
	Gone        bool         `json:"gone,omitempty"`  // there is no API with that id
	Stages      []Stage      `json:"stages"`
	Routes      []Route      `json:"routes"`           // the working copy, which the next deployment deploys
	Authorizers []Authorizer `json:"authorizers"`      // of the working copy
	Unread      []string     `json:"unread,omitempty"` // what could not be read, "<operation>: <why>"
}

// A Stage is a stage of an API, with the routes and authorizers that are
// deployed to it.
type Stage struct {
	Name        string            `json:"name"`
	Variables   map[string]string `json:"variables,omitempty"`
	Canary      map[string]string `json:"canary,omitempty"` // stage variables that a canary overrides
	Routes      []Route           `json:"routes"`
	Authorizers []Authorizer      `json:"authorizers,omitempty"`
	Unread      string            `json:"unread,omitempty"` // why not all of its calls are known, "<operation>: <why>"
}

// A Route is a method with a path, or a route key, and the integration that it
// calls.
type Route struct {
	Key         string `json:"key"`                   // "GET /pets", "ANY /{proxy+}", "$default", "$connect", "sendmessage"
	URI         string `json:"uri,omitempty"`         // of the integration, as written: it may hold stage variables
	Credentials string `json:"credentials,omitempty"` // a role's ARN, or that of the caller's own identity
	Authorizer  string `json:"authorizer,omitempty"`  // its name; in a working copy its id
}

// An Authorizer is one whose URI may name a function.
type Authorizer struct {
	ID          string `json:"id,omitempty"` // "" where only the name is known
	Name        string `json:"name"`
	URI         string `json:"uri,omitempty"`
	Credentials string `json:"credentials,omitempty"`
}

// A Role is a role that an integration or authorizer names in its credentials.
type Role struct {
	ARN    string          `json:"arn"`
	Gone   bool            `json:"gone,omitempty"`
	Trust  string          `json:"trust,omitempty"`  // its trust policy, JSON: who may assume it
	Allows map[string]bool `json:"allows,omitempty"` // by function ARN with its qualifier: whether the role may invoke it
	Unread string          `json:"unread,omitempty"` // what could not be read, and why
}

// A Stack is a CloudFormation stack with those of its resources that matter here:
// what types those are, package live decides.
type Stack struct {
	Name      string     `json:"name"`
	Resources []Resource `json:"resources"`
	Unread    string     `json:"unread,omitempty"`
}

// A Resource is one of a stack.
type Resource struct {
	ID       string `json:"id"` // the logical id
	Type     string `json:"type"`
	Physical string `json:"physical"` // the physical id
}

// An Origin is a resource of another service that a statement names as its
// source (a rule, a topic, a bucket), and the functions it is wired to.
type Origin struct {
	ARN     string   `json:"arn"`
	Gone    bool     `json:"gone,omitempty"`
	Targets []string `json:"targets,omitempty"` // function ARNs as they are wired, with qualifiers
	Unread  string   `json:"unread,omitempty"`  // why the targets aren't known
}

// An Unread is a call of AWS that failed, so that a whole list is missing or
// incomplete.
type Unread struct {
	What string `json:"what"` // the operation, such as lambda:ListFunctions
	Why  string `json:"why"`
}

// Arn returns the ARN of the function with a qualifier, or without one where
// qualifier is "".
func (f Function) Arn(qualifier string) string {
	if qualifier == "" {
		return f.ARN
	}
	return f.ARN + ":" + qualifier
}

// Split takes the ARN of a function apart; qualifier is "" where it has none. ok
// is false for any other text.
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
