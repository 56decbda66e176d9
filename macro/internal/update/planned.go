package update

import (
	"cmp"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// plan reads the permissions and whole policies of the template.
func (c *comparison) plan() {
	c.whole = map[string]*resourcePolicy{}
	for _, r := range c.t.Resources() {
		switch r.Type {
		case "AWS::Lambda::Permission":
			p := &planned{id: r.ID, without: !c.deployed.Macro && !c.deployed.Own[r.ID]}
			props := r.Properties()
			p.function, p.qualifier = c.target(first(props.Get("FunctionName")), 0)
			p.who = first(props.Get("Principal"))
			p.principal = c.policyPrincipal(p.who)
			p.action = c.text(first(props.Get("Action")))
			p.source = first(props.Get("SourceArn"))
			p.account = first(props.Get("SourceAccount"))
			p.more = len(first(props.Get("EventSourceToken"))) > 0 || props.Get("PrincipalOrgID").Exists() || props.Get("FunctionUrlAuthType").Exists() || props.Get("InvokedViaFunctionUrl").Exists()
			c.planned = append(c.planned, p)
		case "AWS::Lambda::ResourcePolicy":
			c.readWhole(r)
		}
	}
}

// planGiven adds the given statements.
func (c *comparison) planGiven() {
	for i := range c.deployed.Given {
		g := &c.deployed.Given[i]
		c.planned = append(c.planned, &planned{given: g, function: g.Function, qualifier: c.text(g.Qualifier), principal: g.Principal, action: g.Action, source: g.Source})
	}
}

// policyPrincipal is a permission's principal as a policy has it: an account by its root.
func (c *comparison) policyPrincipal(x template.Text) string {
	name := c.text(x)
	if len(name) == 12 && strings.Trim(name, "0123456789") == "" {
		return "arn:" + cmp.Or(c.known["AWS::Partition"], c.values["AWS::Partition"], "aws") + ":iam::" + name + ":root"
	}
	return name
}

// first returns the first value that an expression may have.
func first(v template.Value) template.Text {
	for _, x := range v.Variants() {
		if !x.Absent {
			return x.Text
		}
	}
	return nil
}

// target returns the function that a text names, as planned has it, and the
// qualifier: "version" for any version of the template.
func (c *comparison) target(x template.Text, depth int) (function, qualifier string) {
	if len(x) == 0 || depth > 4 {
		return "", ""
	}
	if s, ok := x.Plain(); ok {
		name, q := nameOf(s)
		return c.byName(name), q
	}
	last := x[len(x)-1]
	if last.Kind == template.Lit && len(x) > 1 && strings.HasPrefix(last.Text, ":") {
		function, _ = c.target(x[:len(x)-1], depth+1)
		return function, last.Text[1:]
	}
	if last.Kind == template.Lit { // arn:…:function:name
		name, q := nameOf(last.Text[strings.LastIndex(last.Text, "function:")+1:])
		return c.byName(strings.TrimPrefix(name, "unction:")), q
	}
	id, _, _ := strings.Cut(last.Text, ".")
	r, ok := c.t.Resource(id)
	if !ok {
		if v, given := c.values[id]; given {
			name, q := nameOf(v)
			return c.byName(name), q
		}
		return "", ""
	}
	switch r.Type {
	case "AWS::Lambda::Alias":
		function, _ = c.target(first(r.Properties().Get("FunctionName")), depth+1)
		return function, c.text(first(r.Properties().Get("Name")))
	case "AWS::Lambda::Version":
		function, _ = c.target(first(r.Properties().Get("FunctionName")), depth+1)
		return function, "version"
	}
	return id, ""
}

// nameOf splits a name, or any form of an ARN, into the name and the qualifier.
func nameOf(s string) (name, qualifier string) {
	if i := strings.LastIndex(s, "function:"); i >= 0 {
		s = s[i+len("function:"):]
	}
	name, qualifier, _ = strings.Cut(s, ":")
	return name, qualifier
}

// byName returns the logical id of the function that has the name, or the name where
// the template has none.
func (c *comparison) byName(name string) string {
	for _, r := range c.t.Resources() {
		if r.Type != "AWS::Lambda::Function" && r.Type != "AWS::Serverless::Function" {
			continue
		}
		if x := c.text(first(r.Properties().Get("FunctionName"))); x != "" && x == name || c.known[r.ID] == name && name != "" {
			return r.ID
		}
	}
	return name
}

// text returns the value of a text where it is known, or "".
func (c *comparison) text(x template.Text) string {
	var b strings.Builder
	for _, p := range x {
		v, ok := c.part(p)
		if !ok {
			return ""
		}
		b.WriteString(v)
	}
	return b.String()
}

// part returns the value of a part of a text, where it is known.
func (c *comparison) part(p template.Part) (string, bool) {
	if p.Kind == template.Ref {
		return c.value(p.Text)
	}
	return p.Text, p.Kind == template.Lit
}

// value returns the value of a parameter, a pseudo parameter or a reference, where it
// is known.
func (c *comparison) value(name string) (string, bool) {
	if v, ok := c.values[name]; ok {
		return v, true
	}
	if name == "AWS::StackName" && c.prefix != "" {
		return c.prefix, true
	}
	if name == "AWS::URLSuffix" {
		partition, _ := c.value("AWS::Partition")
		return template.URLSuffix(partition)
	}
	v, ok := c.known[name]
	return v, ok
}
