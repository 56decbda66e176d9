// Package audit holds the calls that are deployed in an account against the
// statements that are deployed: which statement allows each call, which are
// needed by none, and what to do about it. It calls no service: everything comes
// from an [account.Account], and what isn't known there stays unknown.
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
	Unknown   Verdict = "unknown"   // what would decide it could not be read or understood
	Elsewhere Verdict = "elsewhere" // the function is in another account or Region
)

// Fails reports whether a call with the verdict fails, always or for some verbs.
func (v Verdict) Fails() bool {
	return v == Missing || v == Partly || v == Denied || v == Refused || v == Gone
}

// Open reports whether the verdict leaves open if the call is allowed.
func (v Verdict) Open() bool { return v == Unknown || v == Elsewhere }

// A Call is the invocation of a function from one deployed place: a route or an
// authorizer of a stage, or a resource of another service.
type Call struct {
	Service  string // as in an ARN: "apigateway", "events", "sns" ...
	Origin   string // the API's id, or the ARN of another service's resource
	Name     string // the API's name; "" for other services, like Protocol and Stage
	Protocol string // account.REST ...
	Stage    string
	Route    string // "GET /pets", "$default", "authorizer NAME"; for other services the last part of the ARN
	Function string // ARN with the qualifier, as it is called
	Verdict  Verdict
	By       []string // what allows it: names of statements, or the role's ARN
	Why      string   // the reason of the verdict; "" where the verdict says it all
	Near     []Near   // of a missing call: statements that miss it by one detail
	Note     string   // what else there is to know; "" for nothing

	principal string // of the service that calls
	needs     []need // a statement or more must match each of them
	role      string // in the credentials; "" for none
	grant     string // the source ARN to allow where nothing does
}

// A need is a source ARN that a statement has to match, in two forms.
type need struct {
	pattern string // with * for each parameter of the path
	literal string // as the route is written
}

// A Near is a statement that nearly allows a call, and what keeps it from that.
type Near struct{ Statement, Why string }

// A Class tells whether a statement is needed.
type Class string

// The classes.
const (
	Needed   Class = "needed"   // a call needs it, or perhaps does
	Repeated Class = "repeated" // another statement of the policy allows all that it allows
	Stale    Class = "stale"    // there is no call that it could be for
	Unjudged Class = "unjudged" // what it is for can't be seen
)

// A Statement is one statement of a function's policy.
type Statement struct {
	Name   string // the Sid, or the statement's number where it has none
	Sid    string
	Owner  Owner
	Class  Class
	Why    string // the reason of the class
	Twin   string // Repeated: the name of the statement that allows as much
	Wide   string // how far it goes beyond one API, in words; "" where it doesn't
	Public bool   // everybody may invoke by it
	Source string // the source ARNs of its conditions, as written, a space between
	Bytes  int    // of its JSON and the comma after it
	Calls  int    // how many calls it allows
	Raw    string // its JSON

	read policy.Statement
}

// Needless reports whether no call would lose anything without the statement.
func (s Statement) Needless() bool { return s.Class == Repeated || s.Class == Stale }

// A Function is a function, alias or version with its own policy.
type Function struct {
	ARN, Name, Qualifier string
	Statements           []Statement
	Bytes                int    // of the policy, of the [policy.MaxBytes] that it may have
	Needless             int    // how many of these bytes are in needless statements
	Revision             string // of the policy, as Lambda numbers it
	Unread               bool   // the policy could not be read
	Calls                int    // how many calls invoke exactly this
}

// A Report is what an audit has found. It is read only: its plan refers to it.
type Report struct {
	Account   account.Account // without its lists
	Calls     []Call
	Functions []Function
	Unread    []account.Unread
	Blind     int // how many APIs and stages that were asked for could not be read, so that their calls aren't here

	hidden   []Call               // of working copies: not reported, but statements for them aren't stale
	policies map[string]*Function // by ARN with the qualifier
	exists   map[string]bool      // ARNs of functions, aliases and versions that are there and whose policy is known
}

// Judge holds the calls of an account against its statements. hand has patterns
// (as of [path.Match]) of the Sids that the user says were made by hand.
func Judge(a account.Account, hand []string) *Report {
	j := newJudge(a, hand)
	j.findCalls()
	j.readPolicies()
	j.decide()
	j.classify()
	return j.report()
}

// A judge is an audit at work. Its steps run in the order of [Judge].
type judge struct {
	account   account.Account
	hand      []string
	apis      map[string]*account.API
	functions map[string]*account.Function // by name
	roles     map[string]*account.Role
	owners    map[string]Owner // by Sid
	calls     []Call
	hidden    []Call               // see Report
	policies  map[string]*Function // by ARN with the qualifier
	order     []string             // the keys of policies, in the account's order
	byName    map[string][]*Call   // by the function's name
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

// readPolicies reads the statements of all policies.
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

// sourceOf returns the source ARNs of a statement's conditions, a space between.
func sourceOf(s policy.Statement) string {
	var all []string
	for _, c := range s.Conditions {
		if strings.EqualFold(c.Key, policy.SourceArn) {
			all = append(all, c.Values...)
		}
	}
	return strings.Join(all, " ")
}

// isPublic reports whether a statement allows everybody: its principal is "*",
// and no condition narrows that to a source, an account, an organization or a
// network.
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

// unread adds to a report what could not be read of single APIs and stages, and
// counts those whose calls are therefore not known. A REST API's working copy
// (GetResources, GetAuthorizers) has no part in that: its stages are read from
// their exports.
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
