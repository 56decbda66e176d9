package grant

import (
	"slices"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/caller"
	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// Options say how calls are allowed. The zero value means the defaults.
type Options struct {
	Grant               string // permission, role or none
	RoleArn             string // JSON of the ARN or the expression for it; "" creates a role
	Scope               string // route or api
	Stages              string // any or declared
	SourceAccount       bool
	Order               bool   // the stages of APIs wait for the permissions
	OnUnknown           string // report or fail
	GuardParameters     bool   // a condition on permissions for functions that parameters name
	RolePath            string
	PermissionsBoundary string // JSON
	Services            string // whose calls are granted: names with commas around each; "" is all but those that make functions public
}

// servicesOption is the name of the option whose values are services.
const servicesOption = "Services"

// allServices is its value for all services but those that are public.
const allServices = "all"

// checkServices is the error of a name that is no service's.
func (o *Options) checkServices(c *caller.Catalog, place string) error {
	for name := range strings.SplitSeq(strings.Trim(o.Services, ","), ",") {
		if _, ok := c.Named(name); !ok && name != allServices && name != "" {
			valid := []string{allServices}
			for _, s := range c.Services {
				if s.Granted() {
					valid = append(valid, s.Name)
				}
			}
			return finding.Errorf(strings.TrimPrefix(place+"."+servicesOption, "."), "valid values are "+strings.Join(valid, ", "), "%q is no service", name)
		}
	}
	return nil
}

// Grants reports whether the calls of a service are granted.
func (o *Options) Grants(s *caller.Service) bool {
	return o.Services == "" && !s.Public || strings.Contains(o.Services, ","+s.Name+",") || !s.Public && strings.Contains(o.Services, ","+allServices+",")
}

// An option is one row of the table that users know.
type option struct {
	name   string
	values []string // the valid ones; nil: any text
	set    func(*Options, string)
	expr   func(*Options, string) // takes the JSON of any expression instead
	list   bool                   // takes several of the values: a list, or text with commas; set gets them with commas around each
}

// optionTable is the table of options; its order is that of the documentation.
var optionTable = []option{
	{name: servicesOption, list: true, set: func(o *Options, v string) { o.Services = v }},
	{name: "Grant", values: []string{"permission", "policy", "role", "none"}, set: func(o *Options, v string) { o.Grant = v }},
	{name: "RoleArn", expr: func(o *Options, v string) { o.RoleArn = v }},
	{name: "Scope", values: []string{"route", "api"}, set: func(o *Options, v string) { o.Scope = v }},
	{name: "Stages", values: []string{"any", "declared"}, set: func(o *Options, v string) { o.Stages = v }},
	{name: "SourceAccount", values: []string{"false", "true"}, set: func(o *Options, v string) { o.SourceAccount = v == "true" }},
	{name: "Order", values: []string{"false", "true"}, set: func(o *Options, v string) { o.Order = v == "true" }},
	{name: "OnUnknown", values: []string{"report", "fail"}, set: func(o *Options, v string) { o.OnUnknown = v }},
	{name: "GuardParameters", values: []string{"false", "true"}, set: func(o *Options, v string) { o.GuardParameters = v == "true" }},
	{name: "RolePath", set: func(o *Options, v string) { o.RolePath = v }},
	{name: "PermissionsBoundary", expr: func(o *Options, v string) { o.PermissionsBoundary = v }},
}

// OptionNames returns the names of all options.
func OptionNames() []string {
	names := make([]string, len(optionTable))
	for i, o := range optionTable {
		names[i] = o.name
	}
	return names
}

func validOptions() string { return "valid options are " + strings.Join(OptionNames(), ", ") }

// reportMember is the member of the template's Metadata.GrantInvoke that the
// macro writes; it is no option.
const reportMember = "Report"

// ignoreMember is the member of a Metadata.GrantInvoke with which an author
// tells the local tool what not to tell; it is no option.
const ignoreMember = "Ignore"

// With returns the options with those of a settings object on top: the
// transform's Parameters, or a Metadata.GrantInvoke. The error names the place,
// the option and the valid ones.
func (o Options) With(settings template.Value, place string) (Options, error) {
	if !settings.Exists() {
		return o, nil
	}
	return o.with(settings, place)
}

// Refer returns the options with references to parameters in place of the values
// that came from them: CloudFormation hands the transform's Parameters over with
// every Ref replaced, and no value is written into a template. values are the
// parameters' by name; base are the options that don't come from the template.
func (o Options) Refer(values map[string]string, base Options) Options {
	names := make([]string, 0, len(values))
	for name := range values {
		names = append(names, name)
	}
	slices.Sort(names)
	refer := func(expression *string, own string) {
		for _, name := range names {
			if *expression != own && values[name] != "" && *expression == template.Quote(values[name]) {
				*expression = template.RefTo(name).JSON()
			}
		}
	}
	refer(&o.RoleArn, base.RoleArn)
	refer(&o.PermissionsBoundary, base.PermissionsBoundary)
	return o
}

func (o Options) with(settings template.Value, place string) (Options, error) {
	if settings.Kind() != template.Object {
		return o, finding.Errorf(place, validOptions(), "wants options as an object")
	}
	for name, v := range settings.Members() {
		if name == reportMember && place == templatePlace || name == ignoreMember && strings.HasSuffix(place, templatePlace) {
			continue
		}
		if err := o.put(name, v); err != nil {
			return o, finding.Within(place+"."+name, err)
		}
	}
	return o, nil
}

// Set sets one option from text, as an environment variable has it.
func (o *Options) Set(name, text string) error {
	return o.put(name, template.Index(template.Quote(text)).Root())
}

func (o *Options) put(name string, v template.Value) error {
	i := slices.IndexFunc(optionTable, func(x option) bool { return x.name == name })
	if i < 0 {
		return finding.Errorf("", finding.Meant(name, OptionNames(), validOptions()), "unknown option")
	}
	x := optionTable[i]
	if x.list {
		return x.putList(o, v)
	}
	if v.Kind() == template.Array && v.Len() == 1 { // a list of one, as CloudFormation passes list parameters
		v = v.Item(0)
	}
	if x.expr != nil {
		if s, ok := v.Text(); ok && s == "" || v.Kind() == template.Null {
			return nil
		}
		x.expr(o, v.Compact())
		return nil
	}
	text, ok := v.Scalar()
	if !ok {
		return finding.Errorf("", "", "wants a plain value")
	}
	if text == "" {
		return nil // an unset parameter of the template that passes it on
	}
	if x.values != nil && !slices.Contains(x.values, text) {
		return finding.Errorf("", "valid values are "+strings.Join(x.values, ", "), "%q is no valid value", text)
	}
	x.set(o, text)
	return nil
}

// words are the texts of a list, or of one text with commas (or +, where commas
// separate options) between them.
func words(v template.Value) (all []string, ok bool) {
	if text, ok := v.Scalar(); ok {
		v = template.Index("[" + template.Quote(text) + "]").Root()
	}
	for item := range v.Items() {
		text, ok := item.Scalar()
		if !ok {
			return nil, false
		}
		all = append(all, strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == '+' || r == ' ' })...)
	}
	return all, v.Kind() == template.Array
}

// putList puts together what [Options.checkServices] looks at when the services are known.
func (x option) putList(o *Options, v template.Value) error {
	all, ok := words(v)
	if !ok {
		return finding.Errorf("", "", "wants a plain value or a list of them")
	}
	if len(all) > 0 {
		x.set(o, ","+strings.Join(all, ",")+",")
	}
	return nil
}

const templatePlace = "Metadata.GrantInvoke"

// levels are the options of a template's places, the nearest winning.
type levels struct {
	t        *template.Template
	template Options
	byID     map[string]template.Value // resources with options of their own
	seen     map[string]*Options
	roles    bool // Grant: role may stand somewhere
}

func newLevels(t *template.Template, c *caller.Catalog, base Options) (*levels, error) {
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
	l := &levels{t: t, template: o, roles: o.Grant == "role"}
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
		l.roles = l.roles || own.Grant == "role"
		l.byID[r.ID] = v
	}
	return l, nil
}

// of returns the options for a call: those of the template, of the function,
// of the API, and of the resources that wire it, each over the ones before.
func (l *levels) of(c *caller.Call) (*Options, error) {
	if len(l.byID) == 0 {
		return &l.template, nil
	}
	ids := append([]string{c.Target.Function, c.API.ID}, c.Via...)
	if n := len(c.Via); n > 1 {
		slices.Reverse(ids[2:])
	}
	key := strings.Join(ids, "\n")
	if o, ok := l.seen[key]; ok {
		return o, nil
	}
	o := l.template
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
	if whole, _ := l.byID[c.Target.Function].Get("Grant").Text(); whole == "policy" && o.Grant != "none" {
		o.Grant = whole // a policy is the function's as a whole, so that its wish counts for all calls
	}
	l.seen[key] = &o
	return &o, nil
}
