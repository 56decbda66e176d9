package grant

import (
	"github.com/grantinvoke/grantinvoke/macro/internal/function"
	"github.com/grantinvoke/grantinvoke/macro/internal/policy"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// A rule is the whole policy of a function and qualifier, as one or more
// AWS::Lambda::ResourcePolicy of the template have it. Such a policy replaces
// what a permission has added, and a permission beside it is lost or destroys
// it, so that a function with a rule gets none, whatever the rule's condition
// (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-resourcepolicy.html).
type rule struct {
	by         []template.Resource
	statements []ruled
	resource   string // the ARN of the function, as statements name it
	size       there
	values     int // texts in the statements
}

// rules are those of a template, by function and qualifier.
type rules map[string]*rule

// A ruled is a statement of a rule, under the condition that it is there.
type ruled struct {
	policy.Statement
	by   string // logical id of the policy
	name string // of the statement, for people
	why  string // it stands for what can't be read
	when template.Guard
}

// maxValues is how many texts the statements of a policy are read with: more
// than fit into its 20,480 characters.
const maxValues = 1000

// readRules reads the policies of the template.
func readRules(v *View) rules {
	var all rules
	reader := ruleReader{v}
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
					all[id] = &rule{resource: reader.function(target)}
				}
				all[id].add(r, statements, when, sizer{v}.document(r.Properties().Get("PolicyDocument")))
			}
		}
	}
	return all
}

func (u *rule) add(r template.Resource, statements []ruled, when template.Guard, size there) {
	u.by = append(u.by, r)
	u.size.statements, u.size.bytes = max(u.size.statements, size.statements), max(u.size.bytes, size.bytes) // no two are there at once
	for _, st := range statements {
		both, ok := st.when.And(when)
		if u.values += st.values(); u.values > maxValues {
			u.statements = []ruled{unread(r, nil, "it has more than Lambda takes")}
			return
		}
		if ok {
			st.when = both
			u.statements = append(u.statements, st)
		}
	}
}

// unread is the statement that stands for what can't be read.
func unread(r template.Resource, when template.Guard, why string) ruled {
	return ruled{Statement: policy.Statement{Unclear: []string{"Statement"}}, by: r.ID, when: when, why: why}
}

// values is how many texts there are to compare.
func (st ruled) values() int {
	n := 1 + len(st.Principals) + len(st.Actions) + len(st.Resources)
	for _, c := range st.Conditions {
		n += len(c.Values)
	}
	return n
}

// of is the rule of a target, nil where there is none.
func (rules rules) of(t *function.Target) *rule {
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
