package option

import (
	"slices"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// templatePlace is where a template, or a resource, has its options.
const templatePlace = "Metadata.GrantInvoke"

// Levels holds the options of a template and of its resources.
type Levels struct {
	Template Options // of the whole template
	Roles    bool    // Grant is Role on some level

	byID map[string]template.Value // the options of resources, by logical id
	seen map[string]*Options       // what Of has returned, by the ids that it looked at
}

// Read reads the options of a template and of its resources. base has the options
// that don't come from the template; those of the template replace them. An error
// names the place, the option and the valid values.
func Read(t *template.Template, c *invoke.Catalog, base Options) (*Levels, error) {
	if err := base.checkServices(c, ""); err != nil {
		return nil, err
	}
	o, err := base.With(t.Section("Metadata").Get("GrantInvoke"), templatePlace)
	if err == nil {
		err = o.checkServices(c, templatePlace)
	}
	if err != nil {
		return nil, err
	}
	l := &Levels{Template: o, Roles: o.Grant == Role}
	if !t.MayHave("GrantInvoke") {
		return l, nil
	}
	l.byID, l.seen = map[string]template.Value{}, map[string]*Options{}
	for _, r := range t.Resources() {
		if !r.Mentions("GrantInvoke") {
			continue
		}
		v := r.Get("Metadata").Get("GrantInvoke")
		if !v.Exists() || r.Type == "AWS::Lambda::Permission" || r.Type == "AWS::IAM::Role" || r.Type == "AWS::Lambda::ResourcePolicy" {
			continue
		}
		if v.Get("OnUnknown").Exists() {
			return nil, finding.Errorf(r.ID+".Metadata.GrantInvoke.OnUnknown", "", "is an option of the whole template")
		}
		own, err := o.With(v, r.ID+".Metadata.GrantInvoke")
		if err == nil {
			err = own.checkServices(c, r.ID+".Metadata.GrantInvoke")
		}
		if err != nil {
			return nil, err // even if no call has this resource on its way
		}
		l.Roles = l.Roles || own.Grant == Role
		l.byID[r.ID] = v
	}
	return l, nil
}

// Of returns the options for a call: those of the template, the function, the API,
// and the resources that wire it, each replacing what precede. The result is
// shared: callers don't change it.
func (l *Levels) Of(c *invoke.Call) (*Options, error) {
	if len(l.byID) == 0 {
		return &l.Template, nil
	}
	ids := append([]string{c.Target.Function, c.Origin.ID}, c.Via...)
	if n := len(c.Via); n > 1 {
		slices.Reverse(ids[2:])
	}
	key := strings.Join(ids, "\n")
	if o, ok := l.seen[key]; ok {
		return o, nil
	}
	o := l.Template
	for _, id := range ids {
		v, ok := l.byID[id]
		if !ok {
			continue
		}
		var err error
		if o, err = o.With(v, id+".Metadata.GrantInvoke"); err != nil {
			return nil, err
		}
	}
	if whole, _ := l.byID[c.Target.Function].Get("Grant").Text(); Grant(whole) == Policy && o.Grant != None {
		o.Grant = Policy // the policy is one for the whole function, so its own option counts for all calls of it
	}
	l.seen[key] = &o
	return &o, nil
}
