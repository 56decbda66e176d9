package service

import (
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// alarms is CloudWatch's alarms, whose actions may be functions. The principal
// is neither CloudWatch's nor EventBridge's
// (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-actions-Lambda.html).
var alarms = invoke.Service{
	Name: "alarms", Title: "Amazon CloudWatch alarms", Word: "Alarm", Principal: "lambda.alarms.cloudwatch.amazonaws.com",
	Kinds: []invoke.Kind{{
		Name:  "alarm",
		Doc:   "AlarmActions[], OKActions[] and InsufficientDataActions[] of an AWS::CloudWatch::Alarm, CompositeAlarm or LogAlarm",
		Types: []string{"AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm", "AWS::CloudWatch::LogAlarm"},
		Find:  findAlarm,
	}},
	Spells: map[string]invoke.Spells{"AWS::CloudWatch::Alarm": spellAlarm, "AWS::CloudWatch::CompositeAlarm": spellAlarm, "AWS::CloudWatch::LogAlarm": spellAlarm},
	Advice: invoke.Advice{
		Without: invoke.Trouble{
			Text:  "CloudWatch alarms: Failed to execute action arn:…:lambda:…",
			Match: []string{`failed to execute action arn:[^ ]*:lambda:`},
			Means: "Nothing is checked when an alarm gets its actions. Alarms call as lambda.alarms.cloudwatch.amazonaws.com, neither as cloudwatch nor as events. Where that may not call, the alarm changes its state and its history says so; it isn't tried again.",
			See:   "`aws cloudwatch describe-alarm-history --alarm-name NAME --history-item-type Action`.",
			Do:    []string{"name the macro, or add a permission with this principal, the alarm's ARN and SourceAccount"},
		},
	},
}

var (
	ownAlarm = invoke.OwnARN("cloudwatch", template.Literal("alarm:"))
	anyAlarm = invoke.OwnARN("cloudwatch", template.Literal("alarm:*"))
)

func findAlarm(s *invoke.Finder, r template.Resource) {
	for _, actions := range []string{"AlarmActions", "OKActions", "InsufficientDataActions"} {
		for when, action := range r.Properties().Get(actions).Elements {
			s.Wire(invoke.Wire{Resource: r, Function: action, When: when, Label: "alarm " + r.ID, Event: actions,
				Source: invoke.SourceARN{Exact: template.AttOf(r.ID, "Arn"), Wide: anyAlarm, Account: invoke.AccountAlways}})
		}
	}
}

func spellAlarm(s *invoke.Names, r template.Resource, attribute string) (template.Text, bool) {
	name, _ := s.NameOf(r, "AlarmName")
	switch attribute {
	case "":
		return name, true
	case "Arn":
		return template.Join(ownAlarm, name), true
	}
	return nil, false
}
