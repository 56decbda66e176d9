package caller

import (
	"slices"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/function"
	"github.com/grantinvoke/grantinvoke/macro/internal/stack"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// A Stage is one that the template declares for an API.
type Stage struct {
	Name      template.Text
	When      template.Guard // when it has that name; a condition of its own isn't among it
	variables []variableSet  // those of the stage, then the overrides of a canary
}

// A variableSet is an object of variables, and when it is the stage's.
type variableSet struct {
	template.Value
	when template.Guard
}

// Stages returns the stages of an API that the template declares, one for
// each name and condition of it, sorted by the name.
func (s *Scope) Stages(a *API) []Stage {
	if s.stages == nil {
		s.stages = map[string][]Stage{}
		s.readStages()
		for key, list := range s.stages {
			slices.SortStableFunc(list, func(x, y Stage) int { return strings.Compare(x.Name.Key(), y.Name.Key()) })
			s.stages[key] = list
		}
	}
	return s.stages[a.Key]
}

func (s *Scope) readStages() {
	for _, r := range s.Resources("AWS::ApiGateway::Stage") {
		p := r.Properties()
		s.addStage(p.Get("RestApiId"), p.Get("StageName"), p.Get("Variables"), p.Path("CanarySetting", "StageVariableOverrides"))
	}
	for _, r := range s.Resources("AWS::ApiGateway::Deployment") {
		p := r.Properties()
		if !p.Get("StageName").Exists() || isSAMStage(r) {
			continue
		}
		s.addStage(p.Get("RestApiId"), p.Get("StageName"), p.Path("StageDescription", "Variables"),
			p.Path("StageDescription", "CanarySetting", "StageVariableOverrides"), p.Path("DeploymentCanarySettings", "StageVariableOverrides"))
	}
	for _, r := range s.Resources("AWS::ApiGatewayV2::Stage") {
		p := r.Properties()
		s.addStage(p.Get("ApiId"), p.Get("StageName"), p.Get("StageVariables"))
	}
	for _, r := range s.Resources("AWS::ApiGatewayV2::Deployment") {
		if p := r.Properties(); p.Get("StageName").Exists() {
			s.addStage(p.Get("ApiId"), p.Get("StageName"))
		}
	}
	for _, r := range s.Resources("AWS::ApiGatewayV2::Api") {
		if r.Properties().Get("Target").Exists() { // quick create makes the stage $default
			s.putStage(stack.Key(r.ID), template.Variant{Text: template.Literal("$default")})
		}
	}
	s.readSAMStages()
}

// isSAMStage reports whether a deployment makes the stage named Stage that SAM
// gives every AWS::Serverless::Api beside its own: no author asked for it, and it
// has none of the API's variables
// (https://github.com/aws/serverless-application-model/issues/191).
func isSAMStage(deployment template.Resource) bool {
	p := deployment.Properties()
	name, _ := p.Get("StageName").Text()
	about, _ := p.Get("Description").Text()
	return name == "Stage" && strings.HasPrefix(about, "RestApi deployment id: ") && !p.Get("StageDescription").Exists()
}

func (s *Scope) readSAMStages() {
	for _, r := range s.Resources("AWS::Serverless::Api") {
		for _, x := range s.SAMProperty(r, "StageName").Variants() {
			if !x.Absent {
				s.putStage(stack.Key(r.ID), x, s.SAMProperty(r, "Variables"), s.SAMProperty(r, "CanarySetting").Get("StageVariableOverrides"))
			}
		}
	}
	for _, r := range s.Resources("AWS::Serverless::HttpApi") {
		s.putSAMStages(r, "$default")
	}
	for _, r := range s.Resources("AWS::Serverless::WebSocketApi") {
		s.putSAMStages(r, "default")
	}
}

func (s *Scope) putSAMStages(r template.Resource, otherwise string) {
	for _, name := range s.SAMProperty(r, "StageName").Variants() {
		if name.Absent {
			name.Text = template.Literal(otherwise)
		}
		s.putStage(stack.Key(r.ID), name, s.SAMProperty(r, "StageVariables"))
	}
}

func (s *Scope) addStage(api, name template.Value, variables ...template.Value) {
	for _, a := range s.apis(nil, api) {
		for _, n := range name.Variants() {
			if !n.Absent && a.Key != "" {
				s.putStage(a.Key, n, variables...)
			}
		}
	}
}

func (s *Scope) putStage(api string, name template.Variant, variables ...template.Value) {
	list := s.stages[api]
	at := slices.IndexFunc(list, func(x Stage) bool { return x.Name.Key() == name.Text.Key() && x.When.Key() == name.When.Key() })
	if at < 0 {
		list = append(list, Stage{Name: name.Text, When: name.When})
		at = len(list) - 1
	}
	for _, v := range variables {
		if text, ok := v.Text(); ok { // AWS::ApiGatewayV2::Stage takes a JSON string as well
			if inner, err := template.Parse([]byte(text)); err == nil {
				v = inner.Root()
			}
		}
		for when, branch := range v.Branches {
			if branch.Kind() == template.Object {
				list[at].variables = append(list[at].variables, variableSet{branch, when})
			}
		}
	}
	s.stages[api] = list
}

// values returns what a variable can be on the stage: its value, and that of
// a canary, both of which are live at once.
func (x Stage) values(name string) []template.Variant {
	var out []template.Variant
	for _, set := range x.variables {
		for _, v := range set.Get(name).Variants() {
			when, ok := set.when.And(v.When)
			if v.When = when; ok && !v.Absent && isValue(v.Text) && !slices.ContainsFunc(out, func(o template.Variant) bool {
				return o.Text.Key() == v.Text.Key() && o.When.Key() == v.When.Key()
			}) {
				out = append(out, v)
			}
		}
	}
	return out
}

// isValue reports whether a variable can have the value: up to 512 characters,
// and no other variable among them
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/aws-api-gateway-stage-variables-reference.html).
func isValue(x template.Text) bool {
	size := 0
	for _, p := range x {
		if p.Kind == template.Lit {
			size += len(p.Text)
		}
	}
	return size <= 512 && function.Variable(x) == ""
}

// Canonical is a text with references to resources replaced by what they stand
// for: a stage by its name, an authorizer's attribute by its Ref, a resource
// of another service as its service tells. So texts can be compared however they
// are spelled.
func (s *Scope) Canonical(x template.Text) template.Text { return s.canonical(x, 0) }

// maxSpelled bounds how often a name is followed to another.
const maxSpelled = 6

func (s *Scope) canonical(x template.Text, depth int) template.Text {
	var out template.Text
	for _, p := range x {
		next := template.Text{p}
		if p.Kind == template.Ref || p.Kind == template.Att {
			id, attribute, _ := strings.Cut(p.Text, ".")
			r, _ := s.t.Resource(id)
			if known, ok := s.spell(r, attribute); ok && depth < maxSpelled {
				if next = known; next.Key() != (template.Text{p}).Key() {
					next = s.canonical(known, depth+1)
				}
			}
		}
		out = template.Join(out, next)
	}
	return out
}

// Tails are what a text behind an API's id can be, in one spelling: one for each
// name that conditions give a stage.
func (s *Scope) Tails(x template.Text) []template.Variant {
	out := []template.Variant{{}}
	for _, p := range x {
		next := s.stageNames(p)
		if len(next) < 2 || len(out)*len(next) > maxStaged {
			next = []template.Variant{{Text: s.Canonical(template.Text{p})}}
		}
		out = template.Combine(out, next)
	}
	return out
}

// stageNames are the names of the stage that a part refers to.
func (s *Scope) stageNames(p template.Part) []template.Variant {
	if p.Kind == template.Lit {
		return nil
	}
	id, attribute, _ := strings.Cut(p.Text, ".")
	r, _ := s.t.Resource(id)
	switch {
	case r.Type == "AWS::ApiGateway::Stage" || r.Type == "AWS::ApiGatewayV2::Stage":
		return r.Properties().Get("StageName").Variants()
	case r.Type == "AWS::Serverless::Api" && attribute == "Stage":
		return s.SAMProperty(r, "StageName").Variants()
	}
	return nil
}

// spell is what Ref or Fn::GetAtt of a resource stands for.
func (s *Scope) spell(r template.Resource, attribute string) (template.Text, bool) {
	switch {
	case r.Type == "":
		return nil, false
	case r.Type == "AWS::ApiGateway::Stage" || r.Type == "AWS::ApiGatewayV2::Stage":
		return r.Properties().Get("StageName").One()
	case r.Type == "AWS::Serverless::Api" && attribute == "Stage":
		return s.SAMProperty(r, "StageName").One()
	case attribute == "AuthorizerId":
		return template.RefTo(r.ID), true
	}
	if f := s.catalog.spells[r.Type]; f != nil {
		return f(s, r, attribute)
	}
	return nil, false
}
