package statement

import (
	"github.com/grantinvoke/grantinvoke/macro/internal/function"
	"github.com/grantinvoke/grantinvoke/macro/internal/policy"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// A Rule is the whole policy of a function and qualifier: one or more
// AWS::Lambda::ResourcePolicy of the template, of which conditions choose one. Such a
// policy removes what permissions have added, and a permission may remove the policy,
// so that a function with a rule gets no permission, also where the rule's condition is
// false
// (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-resourcepolicy.html).
type Rule struct {
	By         []template.Resource
	statements []ruled
	resource   string // the ARN of the function, see [Speller]
	size       Size
	values     int // how many texts the statements have
}

// rules are those of a template, by function and qualifier, see [function.Target.ID].
type rules map[string]*Rule

// A ruled is a statement of a rule.
type ruled struct {
	policy.Statement
	By   string         // logical id of the policy
	Name string         // of the statement, for people
	Why  string         // why it can't be read; "" where it is read
	When template.Guard // when it is there
}

// maxValues is how many texts of a rule's statements are read at most: more than fit
// into its 20,480 characters.
const maxValues = 1000

// readRules reads the policies of the template.
func readRules(v *View) rules {
	var all rules
	reader := Speller{View: v}
	for _, r := range v.Scope.Resources("AWS::Lambda::ResourcePolicy") {
		statements := reader.statements(r)
		for _, fn := range r.Properties().Get("ResourceArn").Variants() {
			target, problem := v.Scope.Function(fn.Text)
			when, ok := r.Condition().And(fn.When)
			if problem != nil || fn.Absent || !ok {
				continue
			}
			for _, one := range target.Each() {
				id := one.ID()
				if all == nil {
					all = rules{}
				}
				if all[id] == nil {
					all[id] = &Rule{resource: reader.Function(target)}
				}
				all[id].add(r, statements, when, Lengths{View: v}.document(r.Properties().Get("PolicyDocument")))
			}
		}
	}
	return all
}

// add adds the statements of a policy to the rule.
func (u *Rule) add(r template.Resource, statements []ruled, when template.Guard, size Size) {
	u.By = append(u.By, r)
	u.size.Statements, u.size.Bytes = max(u.size.Statements, size.Statements), max(u.size.Bytes, size.Bytes) // no two are there at once
	for _, st := range statements {
		both, ok := st.When.And(when)
		if u.values += st.values(); u.values > maxValues {
			u.statements = []ruled{unread(r, nil, "it has more than Lambda takes")}
			return
		}
		if ok {
			st.When = both
			u.statements = append(u.statements, st)
		}
	}
}

// unread is a statement that isn't understood, for one that can't be read.
func unread(r template.Resource, when template.Guard, why string) ruled {
	return ruled{Statement: policy.Statement{Unclear: []string{"Statement"}}, By: r.ID, When: when, Why: why}
}

// values is how many texts of the statement are compared with a request.
func (st ruled) values() int {
	n := 1 + len(st.Principals) + len(st.Actions) + len(st.Resources)
	for _, c := range st.Conditions {
		n += len(c.Values)
	}
	return n
}

// Of returns the rule of a target; nil where there is none.
func (rules rules) Of(t *function.Target) *Rule {
	if len(rules) == 0 {
		return nil
	}
	for _, one := range t.Each() {
		if u := rules[one.ID()]; u != nil {
			return u
		}
	}
	return nil
}
