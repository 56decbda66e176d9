package grant

import (
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/option"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// A madeRole is one role that is created: for one API, unless its policy
// would be too long.
type madeRole struct {
	id        string
	options   option.Options
	api       *invoke.Origin
	principal string                      // that may assume it
	functions []string                    // keys
	items     map[string][]template.Guard // ARN as JSON -> when its function is called
	when      []template.Guard
	size      int
	routes    []string
}

// writeRoles sets the credentials of all slots that want a role and creates
// the roles that no RoleArn names.
func (d *writer) writeRoles(wanting []*slot) (made bool, err error) {
	if len(wanting) == 0 {
		return false, nil
	}
	roles, err := d.rolesFor(wanting)
	if err != nil {
		return false, err
	}
	for _, r := range roles {
		condition := d.conds.name(r.when)
		d.edit("Resources", r.id, d.role(r, condition))
		slices.Sort(r.routes)
		slices.Sort(r.functions)
		d.others = append(d.others, Grant{ID: r.id, Type: "AWS::IAM::Role",
			Function: strings.Join(slices.Compact(r.functions), ", "), API: r.api.Key, Routes: slices.Compact(r.routes)})
		d.problems = append(d.problems, finding.Finding{Reason: roleCreated, At: d.apiPlace(r.api), Detail: r.id})
	}
	changed := map[string][]string{} // API -> its new credentials
	for _, s := range wanting {
		value := s.options.RoleArn
		guards := s.when
		if s.role != "" {
			value = `{"Fn::GetAtt":[` + template.Quote(s.role) + `,"Arn"]}`
			guards = d.roleGuards(roles, s.role)
		}
		if !d.Template.Covered(d.Template.GuardAt(s.at), s.when) {
			guards = s.when // in some branches the URI leads to no function
		}
		if !d.Template.Covered(d.Template.GuardAt(s.at), guards) {
			value = `{"Fn::If":[` + template.Quote(d.conds.name(guards)) + `,` + value + `,{"Ref":"AWS::NoValue"}]}`
		}
		op := template.Add
		if s.vacant {
			op = template.Replace
		}
		d.edits = append(d.edits, template.Edit{Op: op, At: s.at, Value: jsontext.Value(value)})
		changed[s.api.Key] = append(changed[s.api.Key], string(s.at)+"="+value)
	}
	d.redeploy(changed)
	return len(roles) > 0, nil
}

func (d *writer) apiPlace(a *invoke.Origin) jsontext.Pointer {
	r, _ := d.Template.Resource(a.ID)
	return r.Pointer()
}

func (d *writer) roleGuards(roles []*madeRole, id string) []template.Guard {
	for _, r := range roles {
		if r.id == id {
			return r.when
		}
	}
	return nil
}

// rolesFor distributes the slots without RoleArn over roles: one for each API,
// and further ones where a policy would be longer than IAM takes.
func (d *writer) rolesFor(slots []*slot) ([]*madeRole, error) {
	var roles []*madeRole
	last := map[string]*madeRole{}
	count := map[string]int{}
	sorted := slices.Clone(slots)
	slices.SortStableFunc(sorted, func(a, b *slot) int {
		return strings.Compare(d.slotKey(a), d.slotKey(b))
	})
	for _, s := range sorted {
		for _, i := range s.calls {
			dec := &d.decisions[i]
			dec.Verdict, dec.Problem = RoleAdded, nil
			if s.options.RoleArn != "" {
				dec.By = []string{"RoleArn"}
			}
		}
		if s.options.RoleArn != "" {
			continue
		}
		r := last[s.api.Key]
		if r == nil || r.size+d.slotSize(s, r) > maxRolePolicy {
			r = &madeRole{id: d.roleID(s.api, count[s.api.Key]), api: s.api, principal: d.decisions[s.calls[0]].Call.Principal, options: s.options, items: map[string][]template.Guard{}, size: policyFrame}
			count[s.api.Key]++
			last[s.api.Key] = r
			roles = append(roles, r)
		}
		if r.size += d.slotSize(s, r); r.size > maxRolePolicy {
			return nil, finding.Errorf(finding.Place(s.at), "use Grant: permission there",
				"needs a role for functions whose ARNs take more than the %d characters of a role's policy", maxRolePolicy)
		}
		d.assign(s, r)
	}
	return roles, nil
}

func (d *writer) assign(s *slot, r *madeRole) {
	s.role = r.id
	for _, i := range s.calls {
		dec := &d.decisions[i]
		c := dec.Call
		dec.By = []string{r.id}
		for _, arn := range resourceARNs(c.Target) {
			r.items[arn] = append(r.items[arn], c.When)
		}
		r.functions = append(r.functions, d.plain(c.Target.ID()))
		r.when = append(r.when, c.When)
		r.routes = append(r.routes, c.Source.Label)
	}
}

// slotKey sorts slots by the functions they call, so that a role's policy
// depends on nothing else.
func (d *writer) slotKey(s *slot) string {
	var keys []string
	for _, i := range s.calls {
		keys = append(keys, d.decisions[i].Call.Target.ID())
	}
	slices.Sort(keys)
	return strings.Join(keys, "\n") + "\n" + string(s.at)
}

func (d *writer) roleID(a *invoke.Origin, n int) string {
	parts := []string{"role", a.Mark()}
	if n > 0 {
		parts = append(parts, fmt.Sprint(n))
	}
	for {
		id := word(a.ID, "Api") + "InvokeRole" + hash(parts...)
		if !d.Template.Taken(id) {
			return id
		}
		parts = append(parts, "+")
	}
}
