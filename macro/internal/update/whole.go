package update

import (
	"slices"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/policy"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// An AWS::Lambda::ResourcePolicy replaces whatever a function's policy holds, and
// takes all of it away when it is deleted
// (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-resourcepolicy.html).

// A resourcePolicy is such a resource of the template.
type resourcePolicy struct {
	id         string
	documents  []template.Value // one, or one for each branch of an Fn::If
	statements []declared
}

// A declared is a statement of its document.
type declared struct {
	effect              string
	principals, actions []template.Text
	conditions          []declaredCondition
}

// A declaredCondition is one key of a statement's conditions, with its alternative
// values.
type declaredCondition struct {
	key    string
	values []template.Text
}

// readWhole reads an AWS::Lambda::ResourcePolicy, unless it won't be deployed.
func (c *comparison) readWhole(r template.Resource) {
	if !c.deployed.Macro && !c.deployed.Own[r.ID] {
		return
	}
	w := &resourcePolicy{id: r.ID}
	for _, doc := range r.Properties().Get("PolicyDocument").Embedded {
		w.documents = append(w.documents, doc)
		for _, st := range doc.Get("Statement").Elements {
			w.statements = append(w.statements, readDeclared(st))
		}
		if st := doc.Get("Statement"); st.Kind() == template.Object {
			w.statements = append(w.statements, readDeclared(st))
		}
	}
	function, qualifier := c.target(first(r.Properties().Get("ResourceArn")), 0)
	c.whole[function+":"+qualifier] = w
}

func readDeclared(st template.Value) declared {
	s := declared{actions: texts(st.Get("Action"))}
	s.effect, _ = st.Get("Effect").Scalar()
	principal := st.Get("Principal")
	if principal.Kind() != template.Object {
		s.principals = texts(principal)
	}
	for _, list := range principal.Members() {
		s.principals = append(s.principals, texts(list)...)
	}
	for _, keys := range st.Get("Condition").Members() {
		for key, values := range keys.Members() {
			s.conditions = append(s.conditions, declaredCondition{key, texts(values)})
		}
	}
	return s
}

// texts returns the values of a list, of all branches, or the one value that is given
// in place of a list.
func texts(v template.Value) (out []template.Text) {
	for _, x := range v.Elements {
		if t := first(x); t != nil {
			out = append(out, t)
		}
	}
	if out == nil && v.Exists() {
		if t := first(v); t != nil {
			out = append(out, t)
		}
	}
	return out
}

// keeps reports whether the document has a statement that says what a deployed one
// says.
func (c *comparison) keeps(w *resourcePolicy, s statement) bool {
	return slices.ContainsFunc(w.statements, func(d declared) bool {
		return len(s.Unclear) == 0 && d.effect == string(s.Effect) && len(d.conditions) == len(s.Conditions) &&
			!slices.ContainsFunc(s.Principals, func(p policy.Principal) bool { return !c.among(d.principals, p.Name) }) &&
			!slices.ContainsFunc(s.Actions, func(a string) bool { return !c.among(d.actions, a) }) &&
			!slices.ContainsFunc(s.Conditions, func(x policy.Condition) bool { return !c.holds(d, x) })
	})
}

// holds reports whether a statement of the document has a condition with all the
// values of another.
func (c *comparison) holds(d declared, x policy.Condition) bool {
	return slices.ContainsFunc(d.conditions, func(w declaredCondition) bool {
		return strings.EqualFold(w.key, x.Key) && !slices.ContainsFunc(x.Values, func(v string) bool { return !c.among(w.values, v) })
	})
}

// among reports whether a value matches one of the texts.
func (c *comparison) among(list []template.Text, value string) bool {
	return slices.ContainsFunc(list, func(x template.Text) bool {
		re, _ := c.regexpOf(x)
		return re != nil && re.MatchString(value)
	})
}

// there reports whether the deployed policy already has what a statement of the
// document says.
func (c *comparison) there(l *live, d declared) bool {
	for _, w := range d.conditions {
		for _, v := range w.values {
			if !slices.ContainsFunc(l.statements, func(s statement) bool {
				return slices.ContainsFunc(s.Conditions, func(x policy.Condition) bool {
					return strings.EqualFold(w.key, x.Key) && slices.ContainsFunc(x.Values, func(value string) bool { return c.among([]template.Text{v}, value) })
				})
			}) {
				return false
			}
		}
	}
	return slices.ContainsFunc(l.statements, func(s statement) bool {
		return len(s.Principals) > 0 && c.among(d.principals, s.Principals[0].Name)
	})
}

// replace adds what becomes of a policy that is replaced as a whole.
func (c *comparison) replace(l *live, w *resourcePolicy) {
	x := Policy{ARN: l.ARN, Function: l.function, Whole: w.id, Now: len(l.statements), Bytes: len(l.Document)}
	for _, doc := range w.documents {
		x.After = max(x.After, c.length(doc))
	}
	x.Peak = max(x.Bytes, x.After)
	for _, s := range l.statements {
		switch {
		case c.keeps(w, s):
			x.Own++
		case s.own != nil || c.formerly(s.ID):
			x.Own++
			x.Gone++
		default:
			x.Foreign++
			x.Gone++
			x.Others += len(s.raw) + 1
			c.tell(replaced, w.id, where(l, s))
		}
	}
	for _, d := range w.statements {
		if !c.there(l, d) {
			x.New++
		}
	}
	c.policies = append(c.policies, x)
}

// deletes adds a finding, and reports true, where the update deletes the stack's
// AWS::Lambda::ResourcePolicy of the function, and with it the whole policy.
func (c *comparison) deletes(l *live) (deleted bool) {
	for id, arn := range c.deployed.Whole {
		if _, stays := c.t.Resource(id); arn == l.ARN && !stays {
			c.tell(withWhole, l.function, id)
			deleted = true
		}
	}
	return deleted
}

// length returns about how many bytes a value will have as compact JSON, with the
// longest branch of each Fn::If.
func (c *comparison) length(v template.Value) int {
	size := len(`{}`)
	switch name, _, call := v.Intrinsic(); {
	case call && name == "Fn::If":
		for _, x := range v.Branches {
			size = max(size, c.length(x))
		}
		return size
	case call, v.Kind() == template.String:
		return c.lengthOf(first(v)) + len(`""`)
	case v.Kind() == template.Object:
		for name, x := range v.Members() {
			size += len(template.Quote(name)) + len(`:,`) + c.length(x)
		}
		return max(size-1, len(`{}`))
	case v.Kind() == template.Array:
		for x := range v.Items() {
			size += len(`,`) + c.length(x)
		}
		return max(size-1, len(`[]`))
	}
	return size
}
