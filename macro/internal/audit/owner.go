package audit

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/account"
)

// An Owner tells who has put a statement into a policy.
type Owner struct {
	Kind  OwnerKind
	Stack string // of Kind Stack: the stack's name
	ID    string // of Kind Stack: the logical id
}

// OwnerKind tells owners apart.
type OwnerKind string

// The kinds of owners.
const (
	Stack  OwnerKind = "stack"
	Hand   OwnerKind = "hand" // made on the console, or with a Sid that the user says was made by hand
	Nobody OwnerKind = ""     // not known: another tool, a script, a stack that can't be seen
)

// consoleSid matches the Sids that the consoles of API Gateway and Lambda give.
var consoleSid = regexp.MustCompile(`^(lambda-)?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)

// String is the owner in words.
func (o Owner) String() string {
	switch o.Kind {
	case Stack:
		if o.ID == "" {
			return "stack " + o.Stack
		}
		return "stack " + o.Stack + " (" + o.ID + ")"
	case Hand:
		return "by hand"
	}
	return "owner unknown"
}

// rank orders owners: a statement of a lower rank is kept before one of a higher.
func (o Owner) rank() int { return slices.Index([]OwnerKind{Stack, Nobody, Hand}, o.Kind) }

// owners tells by Sid which stack owns a statement, and by function ARN which
// owns a whole policy. The physical id of an AWS::Lambda::Permission is the
// Sid, in newer stacks with the function in front.
func owners(stacks []account.Stack) map[string]Owner {
	out := map[string]Owner{}
	for _, st := range stacks {
		for _, r := range st.Resources {
			switch r.Type {
			case "AWS::Lambda::Permission", "AWS::Lambda::ResourcePolicy":
				out[r.Physical[strings.LastIndexByte(r.Physical, '|')+1:]] = Owner{Stack, st.Name, r.ID}
			}
		}
	}
	return out
}

// owner returns who has put the statement sid into the policy of arn.
func (j *judge) owner(sid, arn string) Owner {
	if o, ok := j.owners[sid]; ok && sid != "" {
		return o
	}
	byConsole := consoleSid.MatchString(sid)
	if o, ok := j.owners[arn]; ok && !byConsole {
		return o
	}
	if sid == "" {
		return Owner{}
	}
	if byConsole || slices.ContainsFunc(j.hand, func(p string) bool { ok, err := path.Match(p, sid); return ok && err == nil }) {
		return Owner{Kind: Hand}
	}
	return Owner{}
}
