package main

import (
	"cmp"
	"flag"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/transform"
)

// settings has what is known besides the templates, from flags that several
// subcommands have.
type settings struct {
	given           pairs
	files           words
	options         pairs
	region, account string
	partition       string
	macro           string
	settled         bool   // the report is only about these values of parameters
	environment     string // of samconfig.toml
	file            string // of the project's settings
	config          *config

	handler transform.Handler // with the platform team's defaults
	values  map[string]string // parameter values
}

func (s *settings) flags(fs *flag.FlagSet) {
	fs.Var(&s.given, "p", "`Name=Value` of a parameter; may be repeated")
	fs.Var(&s.files, "params", "a `FILE` of values: samconfig.toml, JSON, YAML, Name=Value")
	fs.StringVar(&s.environment, "config-env", "", "the `NAME` of samconfig.toml's environment, if not default")
	fs.Var(&s.options, "o", "`Option=Value` of the macro (docs options); may be repeated")
	fs.StringVar(&s.region, "region", "", "the stack's `REGION`; left out, any is the stack's")
	fs.StringVar(&s.account, "account", "", "the stack's `ACCOUNT`; left out, any is the stack's")
	fs.StringVar(&s.partition, "partition", "", "the stack's `PARTITION`, if not the Region's")
	fs.StringVar(&s.macro, "macro", "", "the `NAME` of the macro in templates, if not GrantInvoke")
	fs.StringVar(&s.file, "settings", "", "a `FILE` instead of .grantinvoke.yaml; none for none")
}

var (
	accountForm   = regexp.MustCompile(`^[0-9]{12}$`)
	regionForm    = regexp.MustCompile(`^[a-z]{2,4}(-[a-z]+)+-[0-9]+$`)
	partitionForm = regexp.MustCompile(`^aws(-[a-z]+)*$`)
)

// prepare reads the parameter files and checks the flags.
func (s *settings) prepare(c Command) error {
	if err := s.join(c); err != nil {
		return err
	}
	switch {
	case s.account != "" && !accountForm.MatchString(s.account):
		return usage("such as 123456789012", "-account: wants twelve digits")
	case s.region != "" && !regionForm.MatchString(s.region):
		return usage("such as eu-west-1", "-region: is no Region")
	case s.partition != "" && !partitionForm.MatchString(s.partition):
		return usage("such as aws, aws-cn or aws-us-gov", "-partition: is no partition")
	}
	s.handler = transform.FromEnvironment(c.Getenv, io.Discard)
	if s.handler.Setup != nil {
		return &exit{status: exitUsage, message: s.handler.Setup.Error()}
	}
	if _, err := s.configure(nil, nil); err != nil {
		return &exit{status: exitUsage, message: err.Error()}
	}
	values, err := c.loadParams(append(slices.Clone(s.config.params), s.files...), s.environment, s.given)
	for name, v := range s.config.values {
		if _, ok := values[name]; !ok && values != nil {
			values[name] = v
		}
	}
	s.values = values
	return err
}

// join adds the project's settings to those of the command line, which win.
func (s *settings) join(c Command) (err error) {
	if s.config, err = c.loadConfig(s.file); err != nil {
		return err
	}
	p := s.config
	s.region, s.account, s.partition = cmp.Or(s.region, p.region), cmp.Or(s.account, p.account), cmp.Or(s.partition, p.partition)
	s.macro = cmp.Or(s.macro, p.macro, "GrantInvoke")
	s.environment = cmp.Or(s.environment, p.environment, "default")
	given := s.options
	s.options = pairs{}
	for _, o := range []pairs{p.options, given} {
		for _, name := range o.names {
			if err := s.options.Set(name + "=" + o.values[name]); err != nil {
				return err
			}
		}
	}
	return nil
}

// configure returns the handler for one template. Its options are the defaults, those
// of the transform's Parameters, and those of the command line; the latter win.
func (s *settings) configure(all []mention, values map[string]string) (transform.Handler, error) {
	h := s.handler
	for _, m := range all {
		if m.inner {
			continue
		}
		names := make([]string, 0, len(m.params))
		for name := range m.params {
			names = append(names, name)
		}
		slices.Sort(names)
		for _, name := range names {
			if _, given := s.options.values[name]; given {
				continue
			}
			text, err := s.resolve(m.params[name], values)
			if err == nil {
				err = h.Defaults.Set(name, text)
			}
			if err != nil {
				return h, finding.Within("Transform.Parameters."+name, err)
			}
		}
		break
	}
	for _, name := range s.options.names {
		if err := h.Defaults.Set(name, s.options.values[name]); err != nil {
			return h, finding.Within("-o "+name, err)
		}
	}
	return h, nil
}

// resolve returns the value of an entry of a transform's Parameters that CloudFormation
// would pass to the macro: it resolves a Ref to a parameter.
func (s *settings) resolve(v jsontext.Value, values map[string]string) (string, error) {
	if text, ok := scalars(v); ok {
		return text, nil
	}
	m, err := members(v)
	ref := m["Ref"]
	if err != nil || len(m) != 1 || ref.Kind() != '"' {
		return "", finding.Errorf("", "give it with -o", "is an expression, whose value is not known here")
	}
	name := unquote(ref)
	text, known := values[name]
	switch name {
	case "AWS::NoValue":
		return "", nil
	case "AWS::Region":
		text, known = s.region, s.region != ""
	case "AWS::AccountId":
		text, known = s.account, s.account != ""
	}
	if !known {
		return "", finding.Errorf("", "give it with -p "+name+"=…", "the value of %s is not known here", name)
	}
	return text, nil
}

// parameters returns the known values of a template's parameters, and the names of
// all. What the parent of a nested stack gives wins. The Default of a parameter of an
// SSM type isn't its value.
func (s *settings) parameters(src []byte, parent map[string]string) (values map[string]string, names []string) {
	values = map[string]string{}
	section, _ := members(lookup(src, "/Parameters"))
	for name, v := range section {
		names = append(names, name)
		if given, ok := parent[name]; ok {
			values[name] = given
			continue
		}
		if given, ok := s.values[name]; ok {
			values[name] = given
			continue
		}
		p, _ := members(v)
		if strings.HasPrefix(string(p["Type"]), `"AWS::SSM::Parameter::`) {
			continue
		}
		if text, ok := scalars(p["Default"]); ok {
			values[name] = text
		}
	}
	slices.Sort(names)
	return values, names
}

// unused returns an error where a -p names no parameter of any template.
func (s *settings) unused(names []string) error {
	for _, name := range s.given.names {
		if !slices.Contains(names, name) {
			hint := "the template has no parameters"
			if len(names) > 0 {
				slices.Sort(names)
				hint = finding.Meant(name, names, "its parameters are "+strings.Join(slices.Compact(names), ", "))
			}
			return usage(hint, "-p %s: the template has no such parameter", name)
		}
	}
	return nil
}
