package audit

import (
	"fmt"
	"slices"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/account"
	"github.com/grantinvoke/grantinvoke/macro/internal/policy"
)

// decide gives every call its verdict.
func (j *judge) decide() {
	for i := range j.calls {
		j.decideCall(&j.calls[i])
	}
	for i := range j.hidden {
		j.decideCall(&j.hidden[i])
	}
}

func (j *judge) decideCall(c *Call) {
	if c.Verdict != "" {
		return
	}
	region, id, name, qualifier, ok := account.Split(c.Function)
	switch {
	case !ok:
		c.Verdict, c.Why = Unknown, "no function's ARN"
		return
	case region != j.account.Region || id != j.account.ID:
		if c.role == "" {
			c.Verdict, c.Why = Elsewhere, "the function is of another account or Region; ask there"
			return
		}
	}
	if f := j.functions[name]; f != nil && region == j.account.Region && id == j.account.ID {
		if why := absent(f, qualifier); why != "" {
			c.Verdict, c.Why = Gone, why
			return
		}
	}
	switch {
	case strings.HasSuffix(c.role, ":user/*") || strings.HasSuffix(c.role, `:user/\*`):
		c.Verdict, c.Why = ByCaller, "the credentials are the caller's own"
	case c.role != "":
		j.byRole(c)
	default:
		j.byPolicy(c, name, qualifier)
	}
}

// absent says that a function or its qualifier isn't there; "" where it is, or
// where that could not be read.
func absent(f *account.Function, qualifier string) string {
	switch {
	case f.Gone:
		return "there is no such function"
	case qualifier == "" || qualifier == "$LATEST":
		return ""
	case strings.Trim(qualifier, "0123456789") == "":
		if !slices.Contains(f.Unread, "?versions") && !slices.Contains(f.Versions, qualifier) {
			return "the function has no version " + qualifier
		}
	case !slices.Contains(f.Unread, "?aliases") && !slices.ContainsFunc(f.Aliases, func(a account.Alias) bool { return a.Name == qualifier }):
		return "the function has no alias " + qualifier
	}
	return ""
}

// byPolicy decides by the policy of the function, alias or version.
func (j *judge) byPolicy(c *Call, name, qualifier string) {
	f := j.policies[c.Function]
	switch {
	case j.functions[name] == nil || f != nil && f.Unread:
		c.Verdict, c.Why = Unknown, "the policy could not be read"
		return
	case qualifier == "$LATEST":
		c.Verdict, c.Why = Missing, "a policy can't allow :$LATEST"
		return
	case f == nil:
		c.Verdict, c.Why = Missing, "the function has no policy"
		if qualifier != "" {
			c.Why = "the " + kindOf(qualifier) + " has no policy of its own"
		}
		c.Near = j.nearInOthers(c, name, qualifier)
		return
	}
	outcomes := map[policy.Outcome]int{}
	var by []int
	doc := documentOf(f.Statements)
	for _, n := range c.needs {
		outcome, which := decideNeed(doc, c, n, j.account.ID)
		outcomes[outcome]++
		by = append(by, which...)
	}
	slices.Sort(by)
	by = slices.Compact(by)
	for _, i := range by {
		c.By = append(c.By, f.Statements[i].Name)
	}
	switch {
	case outcomes[policy.Denied] > 0:
		c.Verdict, c.Why = Denied, "a Deny statement matches"
	case outcomes[policy.Allowed] == len(c.needs):
		c.Verdict = Allowed
	case outcomes[policy.Unclear] > 0:
		c.Verdict, c.Why = Unknown, "it depends on a statement that isn't understood"
	case outcomes[policy.Allowed] > 0:
		c.Verdict, c.Why = Partly, fmt.Sprintf("%d of %d verbs are allowed", outcomes[policy.Allowed], len(c.needs))
	default:
		c.Verdict, c.Why = Missing, "no statement matches"
		c.Near = append(j.near(f, c), j.nearInOthers(c, name, qualifier)...)
	}
}

// kindOf tells whether a qualifier is a version, all digits, or an alias.
func kindOf(qualifier string) string {
	if strings.Trim(qualifier, "0123456789") == "" {
		return "version"
	}
	return "alias"
}

// request is the call as IAM sees it.
func (c *Call) request(source, account string) policy.Request {
	return policy.NewRequest(c.principal, c.Function, source, account)
}

// decideNeed decides by the need's pattern, and where that isn't allowed, by the
// route as it is written: API Gateway sends the path with its braces, as far as
// has been observed. The ints are indexes of the statements that decided.
func decideNeed(doc policy.Document, c *Call, n need, id string) (policy.Outcome, []int) {
	outcome, by := doc.Decide(c.request(n.pattern, id))
	if outcome == policy.Allowed || n.pattern == n.literal {
		return outcome, by
	}
	return doc.Decide(c.request(n.literal, id))
}

// byRole decides by the role in the credentials.
func (j *judge) byRole(c *Call) {
	r := j.roles[c.role]
	if r == nil {
		c.Verdict, c.Why = Unknown, "the role has not been read"
		return
	}
	c.By = []string{r.ARN}
	allows, asked := r.Allows[c.Function]
	switch {
	case r.Gone:
		c.Verdict, c.Why = Refused, "there is no such role"
	case r.Trust == "":
		c.Verdict, c.Why = Unknown, "the role could not be read: "+r.Unread
	case trusts(r.Trust) == policy.Lacking || trusts(r.Trust) == policy.Denied:
		c.Verdict, c.Why = Refused, "the role doesn't trust "+apiGateway
	case asked && !allows:
		c.Verdict, c.Why = Refused, "the role may not invoke the function"
	case !asked:
		c.Verdict, c.Why = Unknown, "whether the role may invoke the function could not be read: "+r.Unread
	case trusts(r.Trust) != policy.Allowed:
		c.Verdict, c.Why = Unknown, "the role's trust has conditions that can't be judged here"
	default:
		c.Verdict = ByRole
	}
}

// trusts decides whether a trust policy lets API Gateway assume the role.
func trusts(document string) policy.Outcome {
	doc, err := policy.Read([]byte(document))
	if err != nil {
		return policy.Unclear
	}
	outcome, _ := doc.Decide(policy.Request{Principal: policy.Principal{Kind: "Service", Name: apiGateway}, Action: "sts:AssumeRole"})
	return outcome
}
