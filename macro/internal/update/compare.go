package update

import (
	"fmt"
	"slices"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/policy"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// compare adds what becomes of one policy, and findings about it.
func (c *comparison) compare(l *live) {
	if l.function == "" {
		c.tell(noFunction, "", l.ARN)
	}
	if w := c.whole[l.function+":"+l.qualifier]; w != nil && l.function != "" {
		c.replace(l, w)
		return
	}
	deleted := c.deletes(l)
	x := Policy{ARN: l.ARN, Function: l.function, Now: len(l.statements), Bytes: len(l.Document)}
	var mine []*planned
	for _, p := range c.planned {
		if l.function != "" && p.function == l.function && p.qualifier == l.qualifier {
			mine = append(mine, p)
		}
	}
	kept := map[*planned]bool{}
	grown, shrunk := 0, 0
	for _, s := range l.statements {
		switch {
		case s.own != nil && (c.matches(s, s.own) || (s.own.more || s.own.given != nil) && c.unchanged(s, s.own)):
			kept[s.own] = true
			x.Own++
		case s.own != nil || deleted || c.formerly(s.ID):
			x.Own++
			x.Gone++
			shrunk += len(s.raw) + 1
		default:
			x.Foreign++
			x.Others += len(s.raw) + 1
			if l.function != "" {
				c.foreign(l, s, mine)
			}
		}
	}
	for _, p := range mine {
		if _, made := c.deployed.Physical[p.id]; made && !p.there {
			continue // it was removed by something else: CloudFormation doesn't add it again
		}
		if !kept[p] && !p.without {
			x.New++
			grown += c.size(p, l.ARN) + 1
		}
	}
	x.Peak, x.After = x.Bytes+grown, x.Bytes+grown-shrunk
	c.policies = append(c.policies, x)
	if !x.Fits() {
		c.tell(noRoom, l.function, fmt.Sprintf("%d bytes now, %d with %s, of %d", x.Bytes, x.Peak, count(x.New, "new statement"), policy.MaxBytes))
	}
}

func count(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return fmt.Sprintf("%d %s", n, what)
}

// formerly reports whether the stack has made a statement that the template no
// longer has.
func (c *comparison) formerly(sid string) bool {
	return (c.deployed.Physical != nil || c.prefix != "") && c.logicalOf(sid) != ""
}

// where names a statement of a policy, in words.
func where(l *live, s statement) string {
	out := l.ARN[strings.LastIndex(l.ARN, "function:")+1:]
	out = strings.TrimPrefix(out, "unction:") + " " + s.Name(slices.IndexFunc(l.statements, func(x statement) bool { return x.raw == s.raw })+1)
	if source := s.source(); source != "" {
		out += " for " + source
	}
	return out
}

// foreign adds a finding about a statement that isn't the stack's. mine are the
// permissions of the template for the same function.
func (c *comparison) foreign(l *live, s statement, mine []*planned) {
	where := where(l, s)
	if s.Effect != policy.Allow && c.denied(l, s, mine, where) {
		return
	}
	for _, p := range mine {
		if !c.matches(s, p) {
			continue
		}
		switch {
		case p.without:
			c.tell(byHand, p.function, where)
		case c.deployed.Own[p.id]:
			c.tell(twice, p.id, where)
		case p.given != nil:
			c.tell(twice, p.function, where+", beside that of "+p.given.By)
		default: // a permission that the macro adds has no line in the author's file
			c.tell(twice, p.function, where+", as "+p.id+" says")
		}
		return
	}
	c.tell(foreign, l.function, where)
}

// denied adds a finding about a statement that denies, or may deny, what permissions
// of the template allow, and reports whether there is one.
func (c *comparison) denied(l *live, s statement, mine []*planned, where string) (told bool) {
	for _, p := range mine {
		if p.without {
			continue
		}
		at := p.id
		if !c.deployed.Own[p.id] {
			at = p.function
		}
		switch s.Matches(policy.NewRequest(p.principal, l.ARN, c.starred(p.source), c.known["AWS::AccountId"])) {
		case policy.Yes:
			c.tell(denies, at, where)
			told = true
		case policy.Perhaps, policy.Partly:
			c.tell(mayDeny, at, where)
			told = true
		}
	}
	return told
}

// starred returns a text with * for the parts that aren't known.
func (c *comparison) starred(x template.Text) string {
	var b strings.Builder
	for _, part := range x {
		v, ok := c.part(part)
		if !ok {
			v = "*"
		}
		b.WriteString(v)
	}
	return b.String()
}

// sidLength is how many random letters end a Sid that CloudFormation makes.
const sidLength = 12

// size returns how many bytes the statement of a permission will have.
func (c *comparison) size(p *planned, arn string) int {
	size := policy.Lengths{Principal: len(p.principal), Function: len(arn), Source: c.lengthOf(p.source), Account: len(p.account) > 0}.Size()
	if c.prefix != "" {
		id := p.id
		if p.given != nil {
			id = p.given.IDPrefix
		}
		size -= policy.MaxSid - min(policy.MaxSid, len(c.prefix)+len(id)+2+sidLength)
	}
	return size
}

// lengthOf returns about how many bytes a text will have.
func (c *comparison) lengthOf(x template.Text) (n int) {
	for _, part := range x {
		v, ok := part.Text, part.Kind == template.Lit
		if !ok {
			if v, ok = c.value(part.Text); !ok && part.Kind == template.Att {
				v = longARN
			} else if !ok {
				v = "abcdefghij" // as long as the id of an API
			}
		}
		n += len(v)
	}
	return n
}

// longARN is as long as that of a resource with a generated name.
const longARN = "arn:aws:events:eu-central-1:123456789012:rule/stack-Resource-AbCdEfGhIjKl"
