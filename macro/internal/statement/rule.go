package statement

import (
	"github.com/grantinvoke/grantinvoke/macro/internal/function"
	"github.com/grantinvoke/grantinvoke/macro/internal/policy"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// A Rule is the whole policy of a function and qualifier, as one or more
// AWS::Lambda::ResourcePolicy of the template have it. Such a policy replaces
// what a permission has added, and a permission beside it is lost or destroys
// it, so that a function with a rule gets none, whatever the rule's condition
// (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-resourcepolicy.html).
type Rule struct {
	By         []template.Resource
	statements []ruled
	resource   string // the ARN of the function, as statements name it
	size       Size
	values     int // texts in the statements
}

// rules are those of a template, by function and qualifier.
type rules map[string]*Rule

// A ruled is a statement of a rule, under the condition that it is there.
type ruled struct {
	policy.Statement
	By   string // logical id of the policy
	Name string // of the statement, for people
	Why  string // it stands for what can't be read
	When template.Guard
}

// maxValues is how many texts the statements of a policy are read with: more
// than fit into its 20,480 characters.
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

// unread is the statement that stands for what can't be read.
func unread(r template.Resource, when template.Guard, why string) ruled {
	return ruled{Statement: policy.Statement{Unclear: []string{"Statement"}}, By: r.ID, When: when, Why: why}
}

// values is how many texts there are to compare.
func (st ruled) values() int {
	n := 1 + len(st.Principals) + len(st.Actions) + len(st.Resources)
	for _, c := range st.Conditions {
		n += len(c.Values)
	}
	return n
}

// Of is the rule of a target, nil where there is none.
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
