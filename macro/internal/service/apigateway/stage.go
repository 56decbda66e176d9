package apigateway

import (
	"slices"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/function"
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/sam"
	"github.com/grantinvoke/grantinvoke/macro/internal/stack"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// A stage is one that the template declares for an API.
type stage struct {
	invoke.Stage
	variables []variableSet // of the stage, then the overrides of a canary
}

// A stageKey identifies a stage: by its API, its name and its condition.
type stageKey struct{ api, name, when string }

// A variableSet is an object of variables with its condition.
type variableSet struct {
	template.Value
	when template.Guard
}

// stagesOf returns the stages of an API that the template declares, one for
// each name and condition of it, sorted by the name.
func (g *gateway) stagesOf(a *invoke.Origin) []stage {
	if g.stages == nil {
		g.stages, g.places = map[string][]stage{}, map[stageKey]int{}
		g.readStages()
		for key, list := range g.stages {
			slices.SortStableFunc(list, func(x, y stage) int { return strings.Compare(x.Name.Key(), y.Name.Key()) })
			g.stages[key] = list
		}
	}
	return g.stages[a.Key]
}

// declared returns the stages of an API for [invoke.Origin].
func (g *gateway) declared(a *invoke.Origin) []invoke.Stage {
	all := g.stagesOf(a)
	if len(all) == 0 {
		return nil
	}
	out := make([]invoke.Stage, len(all))
	for i := range all {
		out[i] = all[i].Stage
	}
	return out
}

func (g *gateway) readStages() {
	for _, r := range g.Resources("AWS::ApiGateway::Stage") {
		p := r.Properties()
		g.addStage(p.Get("RestApiId"), p.Get("StageName"), p.Get("Variables"), p.Path("CanarySetting", "StageVariableOverrides"))
	}
	for _, r := range g.Resources("AWS::ApiGateway::Deployment") {
		p := r.Properties()
		if !p.Get("StageName").Exists() || isSAMStage(r) {
			continue
		}
		g.addStage(p.Get("RestApiId"), p.Get("StageName"), p.Path("StageDescription", "Variables"),
			p.Path("StageDescription", "CanarySetting", "StageVariableOverrides"), p.Path("DeploymentCanarySettings", "StageVariableOverrides"))
	}
	for _, r := range g.Resources("AWS::ApiGatewayV2::Stage") {
		p := r.Properties()
		g.addStage(p.Get("ApiId"), p.Get("StageName"), p.Get("StageVariables"))
	}
	for _, r := range g.Resources("AWS::ApiGatewayV2::Deployment") {
		if p := r.Properties(); p.Get("StageName").Exists() {
			g.addStage(p.Get("ApiId"), p.Get("StageName"))
		}
	}
	for _, r := range g.Resources("AWS::ApiGatewayV2::Api") {
		if r.Properties().Get("Target").Exists() { // quick create makes the stage $default
			g.putStage(stack.Key(r.ID), template.Variant{Text: template.Literal("$default")})
		}
	}
	g.readSAMStages()
}

// isSAMStage reports whether a deployment makes the stage named Stage that SAM adds to
// every AWS::Serverless::Api beside the author's. It has none of the API's variables
// (https://github.com/aws/serverless-application-model/issues/191).
func isSAMStage(deployment template.Resource) bool {
	p := deployment.Properties()
	name, _ := p.Get("StageName").Text()
	about, _ := p.Get("Description").Text()
	return name == "Stage" && strings.HasPrefix(about, "RestApi deployment id: ") && !p.Get("StageDescription").Exists()
}

func (g *gateway) readSAMStages() {
	for _, r := range g.Resources("AWS::Serverless::Api") {
		for _, x := range g.SAMProperty(r, "StageName").Variants() {
			if !x.Absent {
				g.putStage(stack.Key(r.ID), x, g.SAMProperty(r, "Variables"), g.SAMProperty(r, "CanarySetting").Get("StageVariableOverrides"))
			}
		}
	}
	for _, r := range g.Resources("AWS::Serverless::HttpApi") {
		g.putSAMStages(r, "$default")
	}
	for _, r := range g.Resources("AWS::Serverless::WebSocketApi") {
		g.putSAMStages(r, "default")
	}
}

func (g *gateway) putSAMStages(r template.Resource, otherwise string) {
	for _, name := range g.SAMProperty(r, "StageName").Variants() {
		if name.Absent {
			name.Text = template.Literal(otherwise)
		}
		g.putStage(stack.Key(r.ID), name, g.SAMProperty(r, "StageVariables"))
	}
}

func (g *gateway) addStage(api, name template.Value, variables ...template.Value) {
	for _, a := range g.apis(nil, api) {
		for _, n := range name.Variants() {
			if !n.Absent && a.Key != "" {
				g.putStage(a.Key, n, variables...)
			}
		}
	}
}

func (g *gateway) putStage(api string, name template.Variant, variables ...template.Value) {
	list, key := g.stages[api], stageKey{api, name.Text.Key(), name.When.Key()}
	at, ok := g.places[key]
	if !ok {
		list, at = append(list, stage{Stage: invoke.Stage{Name: name.Text, When: name.When}}), len(list)
		g.places[key] = at
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
	g.stages[api] = list
}

// values returns what a variable can be on the stage: its value, and that of
// a canary, both of which are live at once.
func (x stage) values(name string) []template.Variant {
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

// isValue reports whether a variable can have the value: up to 512 characters, without
// other variables
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

// stageNames returns the names of the stage that a reference names, one for each
// condition.
func stageNames(n *invoke.Names, r template.Resource, attribute string) []template.Variant {
	return stageName(n, r, attribute).Variants()
}

// stageName is the property with the name of the stage that a reference names;
// absent where it names none.
func stageName(n *invoke.Names, r template.Resource, attribute string) template.Value {
	switch {
	case r.Type == "AWS::ApiGateway::Stage" || r.Type == "AWS::ApiGatewayV2::Stage":
		return r.Properties().Get("StageName")
	case r.Type == sam.API && attribute == "Stage":
		return n.SAMProperty(r, "StageName")
	}
	return template.Value{}
}

func spellStage(n *invoke.Names, r template.Resource, attribute string) (template.Text, bool) {
	return stageName(n, r, attribute).One()
}

func spellAuthorizer(_ *invoke.Names, r template.Resource, attribute string) (template.Text, bool) {
	return template.RefTo(r.ID), attribute == "AuthorizerId"
}
