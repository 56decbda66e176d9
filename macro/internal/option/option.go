// Package option reads the options that platform teams and authors set: their
// names, their values, and the levels of a template that have some, of which the
// nearest to a call wins.
package option

import (
	"slices"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// Options tell how calls are allowed. The zero value has the defaults.
type Options struct {
	Grant               Grant
	RoleArn             string // JSON of the ARN, or of an expression; "": a role is created
	Scope               Scope
	Stages              Stages
	SourceAccount       bool // permissions name the stack's account also where they needn't
	Order               bool // the stages of APIs wait for the permissions
	OnUnknown           OnUnknown
	GuardParameters     bool   // permissions for functions that parameters name get a condition
	RolePath            string // of roles that are created
	PermissionsBoundary string // of roles that are created: JSON of the ARN, or of an expression
	Services            string // whose calls are granted: names with a comma before and after each; "": all except those that make functions public
}

// Grant tells how a call is allowed.
type Grant string

// The values of the option Grant; "" is Permission.
const (
	Permission Grant = "permission" // one for each route or source
	Policy     Grant = "policy"     // one for each function: its whole policy
	Role       Grant = "role"       // where the service takes one, else a permission
	None       Grant = "none"       // the call is left alone
)

// Scope tells how wide the permission of an API's route is.
type Scope string

// The values of the option Scope; "" is Route.
const (
	Route Scope = "route"
	API   Scope = "api" // all of the API in one statement
)

// Stages tells from which stages a permission allows a route.
type Stages string

// The values of the option Stages; "" is Any.
const (
	Any      Stages = "any"      // whatever stages there will be, and the console's Test button
	Declared Stages = "declared" // the stages that the template declares
)

// OnUnknown tells what becomes of calls that can't be known, or can't be granted
// from this stack.
type OnUnknown string

// The values of the option OnUnknown; "" is Report.
const (
	Report OnUnknown = "report"
	Fail   OnUnknown = "fail" // the deployment fails
)

// servicesOption is the option whose values are the names of services.
const servicesOption = "Services"

// allServices is its value for all services except those that make functions public.
const allServices = "all"

// checkServices returns an error where Services has a name that is no service's.
func (o *Options) checkServices(c *invoke.Catalog, place string) error {
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

// Grants reports whether the option Services has a service.
func (o *Options) Grants(s *invoke.Service) bool {
	return o.Services == "" && !s.Public || strings.Contains(o.Services, ","+s.Name+",") || !s.Public && strings.Contains(o.Services, ","+allServices+",")
}

// An option is one option by its name, with what it takes: a text, an expression,
// or a list.
type option struct {
	name   string
	values []string               // the valid texts; nil: any
	set    func(*Options, string) // takes a text
	expr   func(*Options, string) // in place of set: takes the JSON of any expression
	list   bool                   // set takes a list, as Options.Services has it
}

// table has all options, in the order of the documentation.
var table = []option{
	{name: servicesOption, list: true, set: func(o *Options, v string) { o.Services = v }},
	{name: "Grant", values: words(Permission, Policy, Role, None), set: func(o *Options, v string) { o.Grant = Grant(v) }},
	{name: "RoleArn", expr: func(o *Options, v string) { o.RoleArn = v }},
	{name: "Scope", values: words(Route, API), set: func(o *Options, v string) { o.Scope = Scope(v) }},
	{name: "Stages", values: words(Any, Declared), set: func(o *Options, v string) { o.Stages = Stages(v) }},
	{name: "SourceAccount", values: []string{"false", "true"}, set: func(o *Options, v string) { o.SourceAccount = v == "true" }},
	{name: "Order", values: []string{"false", "true"}, set: func(o *Options, v string) { o.Order = v == "true" }},
	{name: "OnUnknown", values: words(Report, Fail), set: func(o *Options, v string) { o.OnUnknown = OnUnknown(v) }},
	{name: "GuardParameters", values: []string{"false", "true"}, set: func(o *Options, v string) { o.GuardParameters = v == "true" }},
	{name: "RolePath", set: func(o *Options, v string) { o.RolePath = v }},
	{name: "PermissionsBoundary", expr: func(o *Options, v string) { o.PermissionsBoundary = v }},
}

// words returns values as texts.
func words[T ~string](values ...T) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = string(v)
	}
	return out
}

// Names returns the names of all options.
func Names() []string {
	names := make([]string, len(table))
	for i, o := range table {
		names[i] = o.name
	}
	return names
}

func validOptions() string { return "valid options are " + strings.Join(Names(), ", ") }

// ReportMember is a member of the template's Metadata.GrantInvoke that is no
// option: the macro writes its report there.
const ReportMember = "Report"

// ignoreMember is a member of a Metadata.GrantInvoke that is no option: the author
// lists there the findings that the local tool shall leave out.
const ignoreMember = "Ignore"

// With returns the options with those of a settings object in place of their own:
// the transform's Parameters, or a Metadata.GrantInvoke. place is where that is; an
// error begins with it, and names the option and the valid values.
func (o Options) With(settings template.Value, place string) (Options, error) {
	if !settings.Exists() || settings.Kind() == template.Object && settings.Len() == 0 {
		return o, nil
	}
	return o.with(settings, place)
}

// Refer returns the options with references to the template's parameters in place of
// their values: CloudFormation passes the transform's Parameters with every Ref
// replaced, and no value of a parameter may be written into a template. values has
// the parameters by name, base the options that don't come from the template.
func (o Options) Refer(values map[string]string, base Options) Options {
	if o.RoleArn == base.RoleArn && o.PermissionsBoundary == base.PermissionsBoundary {
		return o
	}
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
		if name == ReportMember && place == templatePlace || name == ignoreMember && strings.HasSuffix(place, templatePlace) {
			continue
		}
		if err := o.put(name, v); err != nil {
			return o, finding.Within(place+"."+name, err)
		}
	}
	return o, nil
}

// Set sets one option from text, as an environment variable has it. Empty text
// changes nothing.
func (o *Options) Set(name, text string) error {
	return o.put(name, template.Index(template.Quote(text)).Root())
}

func (o *Options) put(name string, v template.Value) error {
	i := slices.IndexFunc(table, func(x option) bool { return x.name == name })
	if i < 0 {
		return finding.Errorf("", finding.Meant(name, Names(), validOptions()), "unknown option")
	}
	x := table[i]
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
		return nil // a parameter of the macro's own stack that isn't set
	}
	if x.values != nil && !slices.Contains(x.values, text) {
		return finding.Errorf("", "valid values are "+strings.Join(x.values, ", "), "%q is no valid value", text)
	}
	x.set(o, text)
	return nil
}

// listed returns the texts of a list, or of one text, separated by commas, blanks,
// or by + where commas separate options already.
func listed(v template.Value) (all []string, ok bool) {
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

// putList sets an option from a list. Its values are checked later, by
// [Options.checkServices], when the services are known.
func (x option) putList(o *Options, v template.Value) error {
	all, ok := listed(v)
	if !ok {
		return finding.Errorf("", "", "wants a plain value or a list of them")
	}
	if len(all) > 0 {
		x.set(o, ","+strings.Join(all, ",")+",")
	}
	return nil
}
