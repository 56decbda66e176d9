package emit

import (
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/grant"
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/naming"
	"github.com/grantinvoke/grantinvoke/macro/internal/option"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// A madeRole is one role that is created: for one API, or for a part of its calls where
// the policy would be too long.
type madeRole struct {
	id        string // logical id
	options   option.Options
	origin    *invoke.Origin
	principal string                      // that may assume it
	functions []string                    // see [statement.View.Plain]
	items     map[string][]template.Guard // by ARN as JSON: when its function is called
	when      []template.Guard            // when one of its calls exists
	size      int                         // of its policy, in characters
	routes    []string                    // labels of its calls
}

// writeRoles sets the credentials of the slots, and adds a role for those without
// RoleArn. It reports whether roles were added.
func (d *writer) writeRoles(wanting []*grant.Slot) (made bool, err error) {
	if len(wanting) == 0 {
		return false, nil
	}
	roles, err := d.rolesFor(wanting)
	if err != nil {
		return false, err
	}
	for _, r := range roles {
		condition := d.conds.Name(r.when)
		d.edit("Resources", r.id, d.role(r, condition))
		slices.Sort(r.routes)
		slices.Sort(r.functions)
		d.Others = append(d.Others, Grant{ID: r.id, Type: "AWS::IAM::Role",
			Function: strings.Join(slices.Compact(r.functions), ", "), Caller: r.origin.Key, Routes: slices.Compact(r.routes)})
		d.Problems = append(d.Problems, finding.Finding{Reason: roleCreated, At: d.originPlace(r.origin), Detail: r.id})
	}
	changed := map[string][]string{} // API -> its new credentials
	for _, s := range wanting {
		value := s.Options.RoleArn
		guards := s.When
		if s.Role != "" {
			value = `{"Fn::GetAtt":[` + template.Quote(s.Role) + `,"Arn"]}`
			guards = d.roleGuards(roles, s.Role)
		}
		if !d.Template.Covered(d.Template.GuardAt(s.At), s.When) {
			guards = s.When // in some branches the URI names no function
		}
		if !d.Template.Covered(d.Template.GuardAt(s.At), guards) {
			value = `{"Fn::If":[` + template.Quote(d.conds.Name(guards)) + `,` + value + `,{"Ref":"AWS::NoValue"}]}`
		}
		op := template.Add
		if s.Vacant {
			op = template.Replace
		}
		d.Edits = append(d.Edits, template.Edit{Op: op, At: s.At, Value: jsontext.Value(value)})
		changed[s.Origin.Key] = append(changed[s.Origin.Key], string(s.At)+"="+value)
	}
	d.redeploy(changed)
	return len(roles) > 0, nil
}

// originPlace is the pointer of an origin's resource.
func (d *writer) originPlace(a *invoke.Origin) jsontext.Pointer {
	r, _ := d.Template.Resource(a.ID)
	return r.Pointer()
}

// roleGuards returns when a role exists.
func (d *writer) roleGuards(roles []*madeRole, id string) []template.Guard {
	for _, r := range roles {
		if r.id == id {
			return r.when
		}
	}
	return nil
}

// rolesFor divides the slots without RoleArn among roles: one for each API, and further
// ones where a policy would be longer than IAM takes. It completes the decisions of all
// slots. An error is a slot whose functions don't fit into one role.
func (d *writer) rolesFor(slots []*grant.Slot) ([]*madeRole, error) {
	var roles []*madeRole
	last := map[string]*madeRole{}
	count := map[string]int{}
	sorted := slices.Clone(slots)
	slices.SortStableFunc(sorted, func(a, b *grant.Slot) int {
		return strings.Compare(d.slotKey(a), d.slotKey(b))
	})
	for _, s := range sorted {
		for _, i := range s.Calls {
			dec := &d.decisions[i]
			dec.Verdict, dec.Problem = grant.RoleAdded, nil
			if s.Options.RoleArn != "" {
				dec.By = []string{"RoleArn"}
			}
		}
		if s.Options.RoleArn != "" {
			continue
		}
		r := last[s.Origin.Key]
		if r == nil || r.size+d.slotSize(s, r) > maxRolePolicy {
			r = &madeRole{id: d.roleID(s.Origin, count[s.Origin.Key]), origin: s.Origin, principal: d.decisions[s.Calls[0]].Call.Principal, options: s.Options, items: map[string][]template.Guard{}, size: policyFrame}
			count[s.Origin.Key]++
			last[s.Origin.Key] = r
			roles = append(roles, r)
		}
		if r.size += d.slotSize(s, r); r.size > maxRolePolicy {
			return nil, finding.Errorf(finding.Place(s.At), "use Grant: permission there",
				"needs a role for functions whose ARNs take more than the %d characters of a role's policy", maxRolePolicy)
		}
		d.assign(s, r)
	}
	return roles, nil
}

// assign lets the calls of a slot be made with a role.
func (d *writer) assign(s *grant.Slot, r *madeRole) {
	s.Role = r.id
	for _, i := range s.Calls {
		dec := &d.decisions[i]
		c := dec.Call
		dec.By = []string{r.id}
		for _, arn := range resourceARNs(c.Target) {
			r.items[arn] = append(r.items[arn], c.When)
		}
		r.functions = append(r.functions, d.Plain(c.Target.ID()))
		r.when = append(r.when, c.When)
		r.routes = append(r.routes, c.Source.Label)
	}
}

// slotKey is what slots are sorted by: the functions that they call, so that roles don't
// depend on the order of the template.
func (d *writer) slotKey(s *grant.Slot) string {
	var keys []string
	for _, i := range s.Calls {
		keys = append(keys, d.decisions[i].Call.Target.ID())
	}
	slices.Sort(keys)
	return strings.Join(keys, "\n") + "\n" + string(s.At)
}

// roleID is the logical id of role n of an origin, counted from 0.
func (d *writer) roleID(a *invoke.Origin, n int) string {
	parts := []string{"role", a.Mark()}
	if n > 0 {
		parts = append(parts, fmt.Sprint(n))
	}
	for {
		id := word(a.ID, "Api") + "InvokeRole" + naming.Hash(parts...)
		if !d.Template.Taken(id) {
			return id
		}
		parts = append(parts, "+")
	}
}
