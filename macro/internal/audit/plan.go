package audit

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/account"
	"github.com/grantinvoke/grantinvoke/macro/internal/policy"
)

// A Step is one change of one policy: a statement that is added or removed.
type Step struct {
	Add             bool   // false: removed
	Name, Qualifier string // of the function
	Sid             string
	Principal       string
	Action          string
	Source, Account string // conditions; "" where there is none
	Why             string
	Left            int    // how many statements the policy has afterwards
	raw             string // the statement's JSON
}

// A Target is one policy with its steps, in their order.
type Target struct {
	ARN, Name, Qualifier string
	Revision             string // "" where there is no policy yet
	Before, After        int    // bytes
	Steps                []Step
}

// A Plan mends what an audit has found: it adds missing statements and removes needless
// ones, so that after each step every call that was allowed is allowed.
type Plan struct {
	Account account.Account
	Targets []Target
	NotDone []string // what it leaves to a person, and why
}

// Plan makes the plan that mends what the report has found. It removes only
// statements that were made by hand: what a stack owns would come back, and what
// has no known owner may be another tool's.
func (r *Report) Plan() Plan {
	p := Plan{Account: r.Account}
	wanted := r.wanted(&p)
	seen := map[string]bool{}
	var arns []string
	for _, f := range r.Functions {
		arns, seen[f.ARN] = append(arns, f.ARN), true
	}
	for arn := range wanted {
		if !seen[arn] {
			arns = append(arns, arn)
		}
	}
	slices.Sort(arns)
	for _, arn := range arns {
		d := r.draft(arn, &p)
		d.mend(wanted[arn])
		if len(d.target.Steps) > 0 {
			d.target.After = d.bytes()
			p.Targets = append(p.Targets, d.target)
		}
	}
	slices.Sort(p.NotDone)
	p.NotDone = slices.Compact(p.NotDone)
	return p
}

// existing returns the ARNs of the functions, aliases and versions that are there
// and whose policies are known: a statement can be added to these.
func (j *judge) existing() map[string]bool {
	out := map[string]bool{}
	for _, f := range j.account.Functions {
		if f.Gone {
			continue
		}
		out[f.ARN] = true
		for _, a := range f.Aliases {
			out[f.Arn(a.Name)] = true
		}
		for _, v := range f.Versions {
			out[f.Arn(v)] = true
		}
		for _, q := range f.Unread {
			delete(out, f.Arn(q))
		}
	}
	return out
}

// wanted returns the statements that calls lack, by the function's ARN.
func (r *Report) wanted(p *Plan) map[string][]Step {
	out := map[string][]Step{}
	for _, c := range r.Calls {
		switch {
		case c.Verdict == Denied || c.Verdict == Refused || c.Verdict == Gone:
			p.leave("%s: %s", c.label(), c.Why)
			continue
		case c.Verdict != Missing && c.Verdict != Partly:
			continue
		case !r.exists[c.Function] || c.grant == "":
			p.leave("%s: %s", c.label(), c.Why)
			continue
		}
		step := Step{Add: true, Principal: c.principal, Action: "lambda:InvokeFunction", Source: c.grant, Why: c.label()}
		if c.Service == "s3" {
			step.Account = r.Account.ID
		}
		_, _, step.Name, step.Qualifier, _ = account.Split(c.Function)
		step.name(c.Function)
		if !slices.ContainsFunc(out[c.Function], func(x Step) bool { return x.Sid == step.Sid }) {
			out[c.Function] = append(out[c.Function], step)
		}
	}
	return out
}

// name gives an added statement its Sid, by a hash of what it allows, and its
// JSON as Lambda will write it.
func (s *Step) name(arn string) {
	sum := sha256.Sum256([]byte(arn + "\n" + s.Principal + "\n" + s.Source + "\n" + s.Account))
	s.Sid = "grantinvoke-" + hex.EncodeToString(sum[:6])
	type object = map[string]any
	condition := object{"ArnLike": object{"AWS:SourceArn": s.Source}}
	if s.Account != "" {
		condition["StringEquals"] = object{"AWS:SourceAccount": s.Account}
	}
	raw, _ := json.Marshal(struct { // of plain text, which never fails
		Sid, Effect string
		Principal   object
		Action      string
		Resource    string
		Condition   object
	}{s.Sid, "Allow", object{"Service": s.Principal}, s.Action, arn, condition})
	s.raw = string(raw)
}

func (p *Plan) leave(format string, args ...any) {
	p.NotDone = append(p.NotDone, fmt.Sprintf(format, args...))
}

// label names a call in a plan.
func (c Call) label() string {
	where := c.Origin
	if c.Service == "apigateway" {
		where = c.Origin + "/" + c.Stage + " " + c.Route
	}
	return where + " -> " + short(c.Function)
}

// short returns a function's name with its qualifier.
func short(arn string) string {
	if _, _, name, qualifier, ok := account.Split(arn); ok && qualifier != "" {
		return name + ":" + qualifier
	} else if ok {
		return name
	}
	return arn
}

// removal returns the step that removes a statement; false where the script that
// takes the plan back couldn't add it again, since add-permission has no
// parameters for what it says.
func (s Statement) removal() (Step, bool) {
	out := Step{Sid: s.Sid, raw: s.Raw}
	if s.Sid == "" || s.read.Effect != policy.Allow || len(s.read.Unclear) > 0 || len(s.read.Principals) != 1 || len(s.read.Actions) != 1 || len(s.read.Resources) > 1 {
		return out, false
	}
	if out.Principal, out.Action = s.read.Principals[0].Name, s.read.Actions[0]; s.read.Principals[0].Kind != "Service" {
		return out, false
	}
	for _, c := range s.read.Conditions {
		if len(c.Values) != 1 {
			return out, false
		}
		switch key, operator := strings.ToLower(c.Key), strings.ToLower(c.Operator); {
		case key == policy.SourceArn && operator == "arnlike" && out.Source == "":
			out.Source = c.Values[0]
		case key == policy.SourceAccount && operator == "stringequals" && out.Account == "":
			out.Account = c.Values[0]
		default:
			return out, false
		}
	}
	return out, true
}
