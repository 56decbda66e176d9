package grant

import (
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantinvoke/grantinvoke/macro/internal/caller"
	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// A slot is a place for credentials that a role goes into. Several calls may
// share one: the routes of an integration, the functions of a stage variable.
type slot struct {
	at      jsontext.Pointer
	vacant  bool
	api     *caller.API
	options Options
	calls   []int            // indexes of the decisions
	wants   bool             // one of the calls is to be allowed by a role
	when    []template.Guard // when the URI leads to a function
	role    string           // logical id of the role made for it; "" where one is given
}

// offer notes that a call may be allowed by the role in its slot.
func (d *decider) offer(index int, c *caller.Call, o *Options, wants bool) {
	s := d.slots[c.Slot]
	if s == nil {
		s = &slot{at: c.Slot.Pointer(), vacant: c.Slot.Vacant(), api: c.API, options: *o}
		if d.slots == nil {
			d.slots = map[caller.Slot]*slot{}
		}
		d.slots[c.Slot] = s
		d.slotOrder = append(d.slotOrder, s)
	}
	if wants && !s.wants {
		s.wants, s.options = true, *o
	}
	s.calls = append(s.calls, index)
	s.when = append(s.when, c.When)
}

// A madeRole is one role that is created: for one API, unless its policy
// would be too long.
type madeRole struct {
	id        string
	options   Options
	api       *caller.API
	principal string                      // that may assume it
	functions []string                    // keys
	items     map[string][]template.Guard // ARN as JSON -> when its function is called
	when      []template.Guard
	size      int
	routes    []string
}

// writeRoles sets the credentials of all slots that want a role and creates
// the roles that no RoleArn names.
func (d *decider) writeRoles(conds *conditions) error {
	var wanting []*slot
	for _, s := range d.slotOrder {
		if s.wants {
			wanting = append(wanting, s)
		}
	}
	if len(wanting) == 0 {
		return nil
	}
	roles, err := d.rolesFor(wanting)
	if err != nil {
		return err
	}
	for _, r := range roles {
		condition := conds.name(r.when)
		d.edit("Resources", r.id, d.role(r, condition, conds))
		slices.Sort(r.routes)
		slices.Sort(r.functions)
		d.result.others = append(d.result.others, Grant{ID: r.id, Type: "AWS::IAM::Role",
			Function: strings.Join(slices.Compact(r.functions), ", "), API: r.api.Key, Routes: slices.Compact(r.routes)})
		d.result.Problems = append(d.result.Problems, finding.Finding{Reason: roleCreated, At: d.apiPlace(r.api), Detail: r.id})
	}
	changed := map[string][]string{} // API -> its new credentials
	for _, s := range wanting {
		value := s.options.RoleArn
		guards := s.when
		if s.role != "" {
			value = `{"Fn::GetAtt":[` + template.Quote(s.role) + `,"Arn"]}`
			guards = d.roleGuards(roles, s.role)
		}
		if !d.t.Covered(d.t.GuardAt(s.at), s.when) {
			guards = s.when // in some branches the URI leads to no function
		}
		if !d.t.Covered(d.t.GuardAt(s.at), guards) {
			value = `{"Fn::If":[` + template.Quote(conds.name(guards)) + `,` + value + `,{"Ref":"AWS::NoValue"}]}`
		}
		op := template.Add
		if s.vacant {
			op = template.Replace
		}
		d.result.Edits = append(d.result.Edits, template.Edit{Op: op, At: s.at, Value: jsontext.Value(value)})
		changed[s.api.Key] = append(changed[s.api.Key], string(s.at)+"="+value)
	}
	d.redeploy(changed)
	d.rolesMade = len(roles) > 0
	return nil
}

func (d *decider) apiPlace(a *caller.API) jsontext.Pointer {
	r, _ := d.t.Resource(a.ID)
	return r.Pointer()
}

// rolesWanted is how many roles there will be at most: one for each API.
func (d *decider) rolesWanted() int {
	apis := map[string]bool{}
	for _, s := range d.slotOrder {
		if s.wants && s.options.RoleArn == "" {
			apis[s.api.Key] = true
		}
	}
	return len(apis)
}

func (d *decider) roleGuards(roles []*madeRole, id string) []template.Guard {
	for _, r := range roles {
		if r.id == id {
			return r.when
		}
	}
	return nil
}

// rolesFor distributes the slots without RoleArn over roles: one for each API,
// and further ones where a policy would be longer than IAM takes.
func (d *decider) rolesFor(slots []*slot) ([]*madeRole, error) {
	var roles []*madeRole
	last := map[string]*madeRole{}
	count := map[string]int{}
	sorted := slices.Clone(slots)
	slices.SortStableFunc(sorted, func(a, b *slot) int {
		return strings.Compare(d.slotKey(a), d.slotKey(b))
	})
	for _, s := range sorted {
		for _, i := range s.calls {
			dec := &d.result.Decisions[i]
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
			r = &madeRole{id: d.roleID(s.api, count[s.api.Key]), api: s.api, principal: d.result.Decisions[s.calls[0]].Call.Principal, options: s.options, items: map[string][]template.Guard{}, size: policyFrame}
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

func (d *decider) assign(s *slot, r *madeRole) {
	s.role = r.id
	for _, i := range s.calls {
		dec := &d.result.Decisions[i]
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
func (d *decider) slotKey(s *slot) string {
	var keys []string
	for _, i := range s.calls {
		keys = append(keys, d.result.Decisions[i].Call.Target.ID())
	}
	slices.Sort(keys)
	return strings.Join(keys, "\n") + "\n" + string(s.at)
}

func (d *decider) roleID(a *caller.API, n int) string {
	parts := []string{"role", a.Mark()}
	if n > 0 {
		parts = append(parts, fmt.Sprint(n))
	}
	for {
		id := word(a.ID, "Api") + "InvokeRole" + hash(parts...)
		if !d.t.Taken(id) {
			return id
		}
		parts = append(parts, "+")
	}
}
