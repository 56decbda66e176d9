package option

import (
	"slices"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

const templatePlace = "Metadata.GrantInvoke"

// Levels are the options of a template's places, the nearest winning.
type Levels struct {
	Template Options // of the whole template
	Roles    bool    // Grant: role may stand somewhere

	byID map[string]template.Value // resources with options of their own
	seen map[string]*Options
}

// Read reads the options of a template over those that don't come from it. The
// error names the place, the option and the valid ones.
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
			return nil, err // also where no call asks for it
		}
		l.Roles = l.Roles || own.Grant == Role
		l.byID[r.ID] = v
	}
	return l, nil
}

// Of returns the options for a call: those of the template, of the function,
// of the API, and of the resources that wire it, each over the ones before.
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
		o.Grant = Policy // a policy is the function's as a whole, so that its wish counts for all calls
	}
	l.seen[key] = &o
	return &o, nil
}
