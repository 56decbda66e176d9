package update

import (
	"regexp"
	"slices"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/account"
	"github.com/grantinvoke/grantinvoke/macro/internal/policy"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// learn finds the statements that are the stack's own, and by them the physical
// names of the stack, its functions and its APIs.
func (c *comparison) learn() {
	for _, l := range c.live {
		for i := range l.statements {
			c.own(l, &l.statements[i])
		}
		if l.Function != "" {
			l.function = l.Function
		}
		_, _, name, _, ok := account.Split(l.ARN)
		if l.function == "" && ok {
			l.function = c.functionOf(name)
		}
		if l.function != "" && ok {
			c.known[l.function+".Arn"] = strings.TrimSuffix(l.ARN, ":"+l.qualifier)
		}
	}
	for _, l := range c.live {
		if l.qualifier != "" && strings.Trim(l.qualifier, "0123456789") == "" && slices.ContainsFunc(c.planned, func(p *planned) bool { return p.function == l.function && p.qualifier == "version" }) {
			l.qualifier = "version"
		}
		for _, s := range l.statements {
			if s.own != nil {
				c.bind(s.own.source, s.source())
			}
		}
	}
	c.learnGiven(func(s *statement, p *planned) bool { return c.unchanged(*s, p) })
	c.learnGiven(func(_ *statement, p *planned) bool { return p.given.IDPrefix != "" })
}

// learnGiven finds the statements that were given: SAM's by the logical ids that its
// permissions have
// (https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources.html),
// a service's own, which has none, by its content.
func (c *comparison) learnGiven(is func(*statement, *planned) bool) {
	for _, l := range c.live {
		for i := range l.statements {
			s := &l.statements[i]
			logical := c.logicalOf(s.ID)
			for _, p := range c.planned {
				if s.own == nil && p.given != nil && !p.there && p.function == l.function && p.qualifier == l.qualifier &&
					(p.given.IDPrefix == "" || strings.HasPrefix(logical, p.given.IDPrefix)) && is(s, p) {
					s.own, p.there = p, true
				}
			}
		}
	}
}

// logicalOf returns the logical id of the permission that has made a statement, as far
// as the statement's id tells; "" where it isn't the stack's.
func (c *comparison) logicalOf(sid string) string {
	for id, physical := range c.deployed.Physical {
		if sid != "" && physical[strings.LastIndexByte(physical, '|')+1:] == sid {
			return id
		}
	}
	parts := strings.Split(sid, "-")
	n := len(parts) - 1
	if c.deployed.Physical != nil || n < 2 || !randomSuffix.MatchString(parts[n]) || c.prefix != "" && strings.Join(parts[:n-1], "-") != c.prefix {
		return ""
	}
	return parts[n-1]
}

// own finds the permission that has made a statement, by its physical id or by
// the form in which CloudFormation makes ids: <stack>-<logical id>-<random>.
func (c *comparison) own(l *live, s *statement) {
	if s.ID == "" {
		return
	}
	logical := c.logicalOf(s.ID)
	for _, p := range c.planned {
		if p.given != nil {
			continue
		}
		if c.deployed.Physical != nil {
			if p.id == logical {
				s.own, p.there = p, true
			}
			continue
		}
		stack, ok := stackNameOf(s.ID, p.id)
		if !ok || c.prefix != "" && stack != c.prefix {
			continue
		}
		if c.prefix == "" {
			c.prefix = stack
		}
		s.own, p.there = p, true
		if l.function == "" {
			l.function = p.function
		}
	}
}

// stackNameOf returns the stack's name in a generated id; logical is the logical id in
// it.
func stackNameOf(sid, logical string) (string, bool) {
	i := strings.LastIndexByte(sid, '-')
	if i < 0 || !randomSuffix.MatchString(sid[i+1:]) {
		return "", false
	}
	return strings.CutSuffix(sid[:i], "-"+logical)
}

// randomSuffix matches the last part of an id that CloudFormation makes.
var randomSuffix = regexp.MustCompile(`^[A-Za-z0-9]{8,16}$`)

// functionOf returns the logical id of the function with a physical name, or "".
func (c *comparison) functionOf(name string) string {
	if id := c.byName(name); id != name {
		return id
	}
	found, prefix := "", ""
	for _, r := range c.t.Resources() {
		if r.Type != "AWS::Lambda::Function" && r.Type != "AWS::Serverless::Function" {
			continue
		}
		stack, ok := stackNameOf(name, r.ID)
		if !ok || c.prefix != "" && stack != c.prefix {
			continue
		}
		if found != "" {
			return ""
		}
		found, prefix = r.ID, stack
	}
	if c.prefix == "" && c.deployed.Physical == nil {
		c.prefix = prefix
	}
	return found
}

// regexpOf returns a text as a regular expression, and the names in it whose values
// aren't known: it has a group for each.
func (c *comparison) regexpOf(x template.Text) (*regexp.Regexp, []string) {
	var b strings.Builder
	var names []string
	b.WriteString("^")
	for _, p := range x {
		v, ok := p.Text, p.Kind == template.Lit
		if p.Kind != template.Lit {
			v, ok = c.value(p.Text)
		}
		id, _, _ := strings.Cut(p.Text, ".")
		physical := c.known[id]
		switch {
		case ok:
			b.WriteString(regexp.QuoteMeta(v))
			continue
		case p.Kind == template.Att && physical != "": // an ARN ends in the name, with the bus of a rule before it
			b.WriteString(`(?:.*[:/])?` + regexp.QuoteMeta(strings.ReplaceAll(physical, "|", "/")))
			continue
		case p.Kind == template.Att:
			b.WriteString(`(.+)`)
		default:
			b.WriteString(`([^/]+)`)
		}
		names = append(names, p.Text)
	}
	b.WriteString("$")
	re, err := regexp.Compile(b.String())
	if err != nil {
		return nil, nil
	}
	return re, names
}

// bind sets the values of the names in a text, by the source ARN of a statement that
// was made of it.
func (c *comparison) bind(x template.Text, source string) {
	re, names := c.regexpOf(x)
	if re == nil {
		return
	}
	m := re.FindStringSubmatch(source)
	for i := range names {
		if m != nil {
			c.known[names[i]] = m[i+1]
		}
	}
}

// matches reports whether a statement allows exactly what is planned. Of a given one it
// isn't known whether it has a SourceAccount.
func (c *comparison) matches(s statement, p *planned) bool {
	if p.more || !c.unchanged(s, p) {
		return false
	}
	account := false
	for _, x := range s.Conditions {
		switch {
		case strings.Contains(x.Operator, "Not"):
			return false
		case strings.EqualFold(x.Key, policy.SourceArn):
		case strings.EqualFold(x.Key, policy.SourceAccount) && c.isAccount(x.Values, p):
			account = true
		default:
			return false
		}
	}
	return account || len(p.account) == 0
}

// isAccount reports whether a statement's account may be the one that is planned.
func (c *comparison) isAccount(values []string, p *planned) bool {
	of := p.account
	if p.given != nil {
		of = template.RefTo("AWS::AccountId")
	}
	account := c.text(of)
	return len(of) > 0 && (account == "" || slices.Equal(values, []string{account}))
}

// unchanged reports whether a statement lets the one in who is planned, to do the same,
// from the same source, as far as these are known. Other conditions than the source aren't
// compared.
func (c *comparison) unchanged(s statement, p *planned) bool {
	if s.Effect != policy.Allow || len(s.Unclear) > 0 || len(s.Principals) != 1 || len(s.Actions) != 1 || p.action != "" && !strings.EqualFold(s.Actions[0], p.action) {
		return false
	}
	if p.principal != "" && !strings.EqualFold(s.Principals[0].Name, p.principal) || p.principal == "" && !c.fits(p.who, s.Principals[0].Name) {
		return false
	}
	if len(p.source) == 0 {
		return s.source() == ""
	}
	return c.fits(p.source, s.source())
}

// fits reports whether a text may have a value.
func (c *comparison) fits(x template.Text, value string) bool {
	re, _ := c.regexpOf(x)
	return re != nil && re.MatchString(value)
}
