package service

import (
	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// elb is Elastic Load Balancing, which tries the permission when the function is
// registered with its target group, that is while the group is created: the source has
// the group's name, and * for the id that follows it
// (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html).
// The documentation doesn't say that it sends the account.
var elb = invoke.Service{
	Name: "elb", Title: "Elastic Load Balancing", Word: "ELB", Principal: "elasticloadbalancing.amazonaws.com",
	Kinds: []invoke.Kind{{
		Name:   "elb-target-group",
		Doc:    "Targets[].Id of an AWS::ElasticLoadBalancingV2::TargetGroup with TargetType lambda",
		Types:  []string{"AWS::ElasticLoadBalancingV2::TargetGroup"},
		Find:   findTargetGroup,
		Before: true,
	}},
	Spells: map[string]invoke.Spells{"AWS::ElasticLoadBalancingV2::TargetGroup": spellTargetGroup},
	Advice: invoke.Advice{
		Reasons: []finding.Reason{unknownTargetType},
		Without: invoke.Trouble{
			Text:  "Elastic Load Balancing: 502 Bad Gateway, and the function isn't called",
			Match: []string{`lambdaaccessdenied`},
			Means: "A target group isn't made where its function may not be called (target-group). Where the permission is taken away later, callers get status 502.",
			See:   "the load balancer's access log: error_reason is LambdaAccessDenied.",
			Do:    []string{"name the macro: it adds a permission for the group's name, without the id that AWS chooses, and lets the group wait for it"},
		},
	},
}

func targetGroupARN(name, id template.Text) template.Text {
	x := invoke.OwnARN("elasticloadbalancing", template.Literal("targetgroup/"))
	if len(name) > 0 {
		x = template.Join(x, name, template.Literal("/"))
	}
	return template.Join(x, id)
}

func findTargetGroup(s *invoke.Finder, r template.Resource) {
	p := r.Properties()
	for typed, surely := range whenWord(s, p.Get("TargetType"), "lambda") {
		if !surely {
			s.Tell(unknownTargetType, p.Get("TargetType").Pointer(), "")
			continue
		}
		findTargets(s, r, typed)
	}
}

// findTargets reads the functions of a target group of the type lambda.
func findTargets(s *invoke.Finder, r template.Resource, typed template.Guard) {
	any := template.Literal("*")
	for _, name := range s.NamesOf(r, "Name") {
		source := invoke.SourceARN{Exact: targetGroupARN(name.Text, any), Presented: template.RefTo(r.ID), Wide: targetGroupARN(nil, any), Account: invoke.AccountNever}
		if !name.Absent && len(name.When) > 0 {
			source.Presented = targetGroupARN(name.Text, template.AttOf(r.ID, "Id"))
		}
		both, ok := typed.And(name.When)
		for inner, target := range r.Properties().Get("Targets").Elements {
			if when, too := both.And(inner); ok && too {
				s.Wire(invoke.Wire{Resource: r, Function: target.Get("Id"), When: when, Always: true, Label: "target group " + r.ID, Source: source})
			}
		}
	}
}

// unknownTargetType is for a target group that may be of the type lambda.
var unknownTargetType = finding.Reason{Name: "unknown-target-type", Severity: finding.Warning,
	Sentence: "the target group's type is not known: nothing is granted, whether it is lambda or not",
	Hint:     "write TargetType: lambda, or give the parameter a value"}

func spellTargetGroup(s *invoke.Names, r template.Resource, attribute string) (template.Text, bool) {
	name, given := s.NameOf(r, "Name")
	if !given {
		name = template.AttOf(r.ID, "TargetGroupName")
	}
	switch attribute {
	case "", "TargetGroupArn":
		return targetGroupARN(name, template.AttOf(r.ID, "Id")), true // not a real attribute: it stands for the id
	case "TargetGroupName":
		return name, true
	case "TargetGroupFullName":
		return template.Join(template.Literal("targetgroup/"), name, template.Literal("/"), template.AttOf(r.ID, "Id")), true
	}
	return nil, false
}
