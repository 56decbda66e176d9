// Package audit holds the calls that are deployed in an account against the
// statements that are deployed: which statement allows each call, which are
// needed by none, and what to do about it. It asks nobody: everything comes
// from an [account.Account], and what that doesn't know stays unknown.
package audit

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/account"
	"github.com/grantinvoke/grantinvoke/macro/internal/policy"
)

// A Verdict is what becomes of a call.
type Verdict string

// The verdicts.
const (
	Allowed   Verdict = "allowed"   // a statement of the function's policy allows it
	ByRole    Verdict = "role"      // the role in the credentials allows it
	ByCaller  Verdict = "caller"    // the caller's own rights decide
	Missing   Verdict = "missing"   // nothing allows it
	Partly    Verdict = "partly"    // some verbs are allowed, others aren't
	Denied    Verdict = "denied"    // a Deny statement matches
	Refused   Verdict = "refused"   // the role doesn't allow it
	Gone      Verdict = "gone"      // the function, alias or version isn't there
	Unknown   Verdict = "unknown"   // that can't be told
	Elsewhere Verdict = "elsewhere" // another account or Region has the function
)

// Fails reports whether calls with the verdict fail.
func (v Verdict) Fails() bool {
	return v == Missing || v == Partly || v == Denied || v == Refused || v == Gone
}

// Open reports whether nobody can tell.
func (v Verdict) Open() bool { return v == Unknown || v == Elsewhere }

// A Call is a function being invoked from one deployed place.
type Call struct {
	Service  string // "apigateway", "events", "sns" ...
	Origin   string // the API's id, or the ARN of another service's resource
	Name     string // the API's name
	Protocol string
	Stage    string
	Route    string // "GET /pets", "$default", "authorizer NAME"
	Function string // ARN with the qualifier, as it is called
	Verdict  Verdict
	By       []string // what allows it: names of statements, or the role's ARN
	Why      string
	Near     []Near // statements that were meant to, perhaps
	Note     string

	principal string
	needs     []need
	role      string
	grant     string // the source ARN to allow where nothing does
}

// A need is one form of the source ARN that a statement has to match.
type need struct {
	pattern string // with * for what isn't fixed
	literal string // as the route is written
}

// A Near is a statement that allows something like the call.
type Near struct{ Statement, Why string }

// A Class is what a statement is worth.
type Class string

// The classes.
const (
	Needed   Class = "needed"
	Repeated Class = "repeated"
	Stale    Class = "stale"
	Unjudged Class = "unjudged" // what it is for can't be seen
)

// A Statement is one of a function's policy.
type Statement struct {
	Name   string // Sid, or its place
	Sid    string
	Owner  Owner
	Class  Class
	Why    string // of the class
	Twin   string // Repeated: the statement that says as much
	Wide   string // how far it goes beyond its calls; "" where it doesn't
	Public bool
	Source string // of what, as it is written
	Bytes  int    // with the comma
	Calls  int    // that it allows
	Raw    string

	read policy.Statement
}

// Needless reports whether the policy says as much without the statement.
func (s Statement) Needless() bool { return s.Class == Repeated || s.Class == Stale }

// A Function is a function, alias or version with its policy.
type Function struct {
	ARN, Name, Qualifier string
	Statements           []Statement
	Bytes                int // of the policy, of [policy.MaxBytes]
	Needless             int // of them, in statements that aren't needed
	Revision             string
	Unread               bool
	Calls                int
}

// A Report is what there is to tell about an account.
type Report struct {
	Account   account.Account // without its lists
	Calls     []Call
	Functions []Function
	Unread    []account.Unread
	Blind     int // APIs and stages that were asked for and could not be read, so that their calls aren't here

	hidden   []Call // of working copies, which keep statements from being stale
	policies map[string]*Function
	exists   map[string]bool // functions, aliases and versions that are there and whose policy is known
}

// Judge holds the calls against the statements. Hand are patterns of the Sids
// that the asker has made by hand.
func Judge(a account.Account, hand []string) *Report {
	j := newJudge(a, hand)
	j.findCalls()
	j.readPolicies()
	j.decide()
	j.classify()
	return j.report()
}

// A judge is the state of one.
type judge struct {
	account   account.Account
	hand      []string
	apis      map[string]*account.API
	functions map[string]*account.Function // by name
	roles     map[string]*account.Role
	owners    map[string]Owner // by Sid
	calls     []Call
	hidden    []Call
	policies  map[string]*Function // by ARN with the qualifier
	order     []string
	byName    map[string][]*Call // by the function's name
}

func newJudge(a account.Account, hand []string) *judge {
	j := &judge{account: a, hand: hand, apis: map[string]*account.API{}, functions: map[string]*account.Function{}, roles: map[string]*account.Role{},
		policies: map[string]*Function{}}
	for i := range a.APIs {
		j.apis[a.APIs[i].ID] = &a.APIs[i]
	}
	for i := range a.Functions {
		j.functions[a.Functions[i].Name] = &a.Functions[i]
	}
	for i := range a.Roles {
		j.roles[a.Roles[i].ARN] = &a.Roles[i]
	}
	j.owners = owners(a.Stacks)
	return j
}

// readPolicies takes the policies apart.
func (j *judge) readPolicies() {
	for _, f := range j.account.Functions {
		for _, p := range f.Policies {
			x := &Function{ARN: f.Arn(p.Qualifier), Name: f.Name, Qualifier: p.Qualifier, Bytes: len(p.Document), Revision: p.Revision}
			var doc struct{ Statement json.RawMessage }
			var list []json.RawMessage
			if err := json.Unmarshal([]byte(p.Document), &doc); err != nil {
				x.Unread = true
			} else if json.Unmarshal(doc.Statement, &list) != nil {
				list = []json.RawMessage{doc.Statement}
			}
			for i, raw := range list {
				read := policy.ReadStatement(raw)
				st := Statement{Name: read.Name(i + 1), Sid: read.ID, Raw: string(raw), Bytes: len(raw) + 1, read: read, Source: sourceOf(read)}
				st.Owner = j.owner(read.ID, x.ARN)
				st.Public = isPublic(read)
				x.Statements = append(x.Statements, st)
			}
			j.policies[x.ARN] = x
			j.order = append(j.order, x.ARN)
		}
		for _, q := range f.Unread {
			if !strings.HasPrefix(q, "?") {
				arn := f.Arn(q)
				j.policies[arn] = &Function{ARN: arn, Name: f.Name, Qualifier: q, Unread: true}
				j.order = append(j.order, arn)
			}
		}
	}
}

// document is the policy as a whole.
func (f *Function) document() policy.Document {
	var d policy.Document
	for _, s := range f.Statements {
		d.Statements = append(d.Statements, s.read)
	}
	return d
}

func sourceOf(s policy.Statement) string {
	var all []string
	for _, c := range s.Conditions {
		if strings.EqualFold(c.Key, policy.SourceArn) {
			all = append(all, c.Values...)
		}
	}
	return strings.Join(all, " ")
}

// isPublic reports whether the statement lets everybody in, whoever sends the
// call: a source or an organization in a condition narrows it.
func isPublic(s policy.Statement) bool {
	if s.Effect != policy.Allow || !slices.Contains(s.Principals, policy.Everybody) {
		return false
	}
	for _, c := range s.Conditions {
		switch strings.ToLower(c.Key) {
		case policy.SourceArn, policy.SourceAccount, "aws:principalorgid", "aws:principalaccount", "lambda:eventsourcetoken", "aws:sourceip", "aws:sourcevpc", "aws:sourcevpce":
			return false
		case "lambda:functionurlauthtype":
			if slices.Contains(c.Values, "AWS_IAM") {
				return false
			}
		}
	}
	return true
}

func (j *judge) report() *Report {
	r := &Report{Account: j.account, Calls: j.calls, Unread: j.account.Unread, hidden: j.hidden, policies: j.policies, exists: j.existing()}
	r.Account.Functions, r.Account.APIs, r.Account.Roles, r.Account.Stacks, r.Account.Origins = nil, nil, nil, nil, nil
	j.unread(r)
	called := map[string]int{}
	for _, c := range j.calls {
		called[c.Function]++
	}
	for _, arn := range j.order {
		f := j.policies[arn]
		f.Calls = called[arn]
		for _, s := range f.Statements {
			if s.Needless() {
				f.Needless += s.Bytes
			}
		}
		r.Functions = append(r.Functions, *f)
	}
	slices.SortStableFunc(r.Calls, func(x, y Call) int {
		return cmp.Or(strings.Compare(x.Service, y.Service), strings.Compare(x.Origin, y.Origin), strings.Compare(x.Stage, y.Stage),
			strings.Compare(x.Route, y.Route), strings.Compare(x.Function, y.Function))
	})
	return r
}

// unread adds what could not be read of single APIs.
func (j *judge) unread(r *Report) {
	r.Unread = slices.Clone(r.Unread)
	tell := func(what, why string, blind bool) {
		r.Unread = append(r.Unread, account.Unread{What: what, Why: why})
		if blind {
			r.Blind++
		}
	}
	for _, a := range j.account.APIs {
		blind := false
		for _, u := range a.Unread {
			operation, _, _ := strings.Cut(u, ": ")
			ofCopy := a.Protocol == account.REST && (operation == "GetResources" || operation == "GetAuthorizers")
			tell("the API "+a.ID, u, a.Asked && !ofCopy && !blind)
			blind = blind || !ofCopy
		}
		for _, st := range a.Stages {
			if st.Unread != "" {
				failed := strings.HasPrefix(st.Unread, "GetExport: ") || strings.HasPrefix(st.Unread, "ExportApi: ")
				tell("the API "+a.ID+", stage "+st.Name, st.Unread, a.Asked && failed)
			}
		}
	}
}
