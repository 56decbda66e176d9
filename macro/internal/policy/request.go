package policy

import (
	"slices"
	"strings"
)

// An Answer says whether something matches. What can't be known, or isn't
// understood, is Perhaps: it neither allows a call nor leaves it unaffected.
type Answer uint8

// The answers, so that the least of several is the answer to all together.
const (
	No      Answer = iota
	Partly         // some of what the request stands for
	Perhaps        // that can't be known
	Yes
)

// not is the answer to the negated question.
func (a Answer) not() Answer {
	switch a {
	case No:
		return Yes
	case Yes:
		return No
	}
	return a
}

// A Request is a call of a function as a policy sees it. Its texts may be patterns,
// for many calls at once: a * is text that isn't known, an [AnySegment] such text
// without a slash.
type Request struct {
	Principal Principal
	Action    string
	Resource  string            // ARN of the function with its qualifier; "": that of any statement
	Keys      map[string]string // what is known of the condition keys, which are in lower case
	Absent    []string          // condition keys that such a call doesn't have, in lower case
}

// The condition keys that calls of services have
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html).
const (
	SourceArn     = "aws:sourcearn"
	SourceAccount = "aws:sourceaccount"
)

// NewRequest returns the request of a service that invokes a function for one of its
// resources. An empty sourceArn or sourceAccount isn't known.
func NewRequest(service, resource, sourceArn, sourceAccount string) Request {
	r := Request{
		Principal: Principal{"Service", service},
		Action:    "lambda:InvokeFunction",
		Resource:  resource,
		Keys:      map[string]string{"aws:principalisawsservice": "true", "aws:principalservicename": service},
		// The keys of calls by function URLs and by Alexa.
		Absent: []string{"lambda:functionurlauthtype", "lambda:invokedviafunctionurl", "lambda:eventsourcetoken"},
	}
	if sourceArn != "" {
		r.Keys[SourceArn] = sourceArn
	}
	if sourceAccount != "" {
		r.Keys[SourceAccount] = sourceAccount
	}
	return r
}

// Outcome is what a policy makes of a request.
type Outcome uint8

// The outcomes.
const (
	Lacking Outcome = iota // no statement allows it
	Unclear                // it depends on a statement that isn't understood, or on what isn't known
	Denied                 // a Deny matches
	Allowed                // an Allow matches, and no Deny can
)

// Decide evaluates the policy as IAM does: what any Deny matches is denied,
// else what any Allow matches is allowed
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html).
// It also returns the indexes of the statements that decide.
func (d Document) Decide(r Request) (Outcome, []int) {
	by := map[Outcome][]int{}
	for i, s := range d.Statements {
		outcome := s.outcome(r)
		by[outcome] = append(by[outcome], i)
	}
	for _, outcome := range []Outcome{Denied, Unclear, Allowed} {
		if outcome == Unclear && len(by[Allowed]) > 0 && !slices.ContainsFunc(by[Unclear], func(i int) bool { return d.Statements[i].Effect != Allow }) {
			continue // another Allow is certain
		}
		if len(by[outcome]) > 0 {
			return outcome, by[outcome]
		}
	}
	return Lacking, nil
}

// outcome is that of a policy with this statement alone.
func (s Statement) outcome(r Request) Outcome {
	switch answer := s.Matches(r); {
	case answer == No:
		return Lacking
	case answer == Partly && s.Effect == Allow:
		return Lacking
	case answer != Yes || s.Effect == "":
		return Unclear
	case s.Effect == Deny:
		return Denied
	}
	return Allowed
}

// Matches reports whether the statement, an Allow or a Deny, is about the request:
// about all calls that it stands for, about some or none of them, or whether that
// can't be known.
func (s Statement) Matches(r Request) Answer {
	answer := Yes
	if len(s.Unclear) > 0 {
		answer = Perhaps
	}
	if len(s.Principals) > 0 {
		answer = min(answer, best(s.Principals, r.principal))
	}
	if len(s.Actions) > 0 {
		answer = min(answer, best(s.Actions, func(x string) Answer { return compare(strings.ToLower(x), strings.ToLower(r.Action)) }))
	}
	if len(s.Resources) > 0 && r.Resource != "" {
		answer = min(answer, best(s.Resources, func(x string) Answer { return compare(x, r.Resource) }))
	}
	for _, c := range s.Conditions {
		answer = min(answer, c.holds(r))
	}
	return answer
}

// best is the greatest of the answers to alternatives.
func best[T any](list []T, ask func(T) Answer) Answer {
	answer := No
	for _, x := range list {
		if answer = max(answer, ask(x)); answer == Yes {
			break
		}
	}
	return answer
}

// principal reports whether a principal of a statement is the request's.
func (r Request) principal(p Principal) Answer {
	switch {
	case p == Everybody:
		return Yes
	case p.Kind != r.Principal.Kind:
		return No // a service is the identity of no account
	case p.Kind == "Service":
		return compare(strings.ToLower(p.Name), strings.ToLower(r.Principal.Name))
	}
	return Perhaps // an account stands for all its identities, a role for all its sessions
}

// compare reports whether a pattern matches what a text stands for. The values of
// policy variables are known only to IAM.
func compare(pattern, text string) Answer {
	switch {
	case strings.Contains(pattern, "${"):
		return Perhaps
	case disjoint(pattern, text):
		return No
	case Covers(pattern, text):
		return Yes
	case !Overlaps(pattern, text):
		return No
	case hasUnknown(pattern) || hasUnknown(text):
		return Perhaps
	}
	return Partly
}
