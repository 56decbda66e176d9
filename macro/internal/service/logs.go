package service

import (
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/stack"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// logs is CloudWatch Logs, which sends a test message when a filter is made. The
// ARN of a log group ends in :*, and one without it matches nothing
// (https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html).
var logs = invoke.Service{
	Name: "logs", Title: "Amazon CloudWatch Logs", Word: "Logs", Principal: "logs.amazonaws.com",
	Kinds: []invoke.Kind{{
		Name:   "logs-filter",
		Doc:    "DestinationArn of an AWS::Logs::SubscriptionFilter",
		Types:  []string{"AWS::Logs::SubscriptionFilter"},
		Find:   findFilter,
		Before: true,
	}, {
		Name:   "logs-account-policy",
		Doc:    "DestinationArn in the PolicyDocument of an AWS::Logs::AccountPolicy of type SUBSCRIPTION_FILTER_POLICY",
		Types:  []string{"AWS::Logs::AccountPolicy"},
		Find:   findAccountPolicy,
		Before: true,
	}, eventKind("logs", samLogGroup, "CloudWatchLogs")},
	Spells: map[string]invoke.Spells{"AWS::Logs::LogGroup": spellLogGroup},

	// The principal with the Region is the older form, which still works outside of
	// China.
	OtherPrincipal: func(principal string, env stack.Facts) (string, bool) {
		region, isLogs := strings.CutPrefix(principal, "logs.")
		region, isAWS := strings.CutSuffix(region, ".amazonaws.com")
		return "logs.amazonaws.com", isLogs && isAWS && region != "" && env.Partition != "aws-cn" && !strings.HasPrefix(region, "cn-") &&
			(env.Region == "" || region == env.Region)
	},
	Advice: invoke.Advice{
		Without: invoke.Trouble{
			Text:  "CloudWatch Logs: a log entry matches and the function isn't called",
			Means: "A subscription filter isn't made where CloudWatch Logs may not call its function (logs-destination). A permission that is taken away later stops the entries without an error. The source is the log group's ARN with :* at its end.",
			See:   "the metrics DeliveryErrors and ForwardedLogEvents of the log group.",
			Do:    []string{"name the macro: it adds the permission and lets the filter wait for it"},
		},
	},
}

// samLogGroup is the samSource of a CloudWatchLogs event: its log group.
func samLogGroup(s *invoke.Finder, e invoke.Event) (all []invoke.Permitted) {
	for _, name := range e.Properties.Get("LogGroupName").Variants() {
		if !name.Absent {
			all = append(all, invoke.Permitted{When: name.When, Origin: s.OriginWithID(e.ResourceID()), Label: "log group " + lastPart(name.Text), ARN: invoke.SourceARN{Exact: logGroupARN(name.Text)}})
		}
	}
	return all
}

func findFilter(s *invoke.Finder, r template.Resource) {
	p := r.Properties()
	for _, name := range p.Get("LogGroupName").Variants() {
		if !name.Absent {
			s.Wire(invoke.Wire{Resource: r, Function: p.Get("DestinationArn"), When: name.When, Label: "log group " + lastPart(name.Text),
				Source: invoke.SourceARN{Exact: logGroupARN(name.Text), Wide: anyLogGroup, Account: invoke.AccountSent,
					Mistaken: func() []template.Text { return []template.Text{template.Join(logGroup, name.Text)} }}})
		}
	}
}

// logGroupARN is the ARN with which a log group of that name calls.
func logGroupARN(name template.Text) template.Text {
	return template.Join(logGroup, name, template.Literal(":*"))
}

var logGroup = invoke.OwnARN("logs", template.Literal("log-group:"))

var anyLogGroup = invoke.OwnARN("logs", template.Literal("log-group:*"))

func spellLogGroup(s *invoke.Names, r template.Resource, attribute string) (template.Text, bool) {
	name, _ := s.NameOf(r, "LogGroupName")
	switch attribute {
	case "":
		return name, true
	case "Arn":
		return logGroupARN(name), true
	}
	return nil, false
}

// findAccountPolicy reads the destination out of the policy's document, which
// is JSON text, or an Fn::ToJsonString that AWS::LanguageExtensions hasn't processed yet.
// Its SelectionCriteria don't narrow the source.
func findAccountPolicy(s *invoke.Finder, r template.Resource) {
	document := r.Properties().Get("PolicyDocument")
	for typed := range whenWord(s, r.Properties().Get("PolicyType"), "SUBSCRIPTION_FILTER_POLICY") {
		wire := func(inner template.Guard, fn, place template.Value) {
			if when, ok := typed.And(inner); ok {
				s.Wire(invoke.Wire{Resource: r, Function: fn, At: place, When: when,
					Label: "all log groups", Source: invoke.SourceARN{Exact: anyLogGroup, Account: invoke.AccountAlways}})
			}
		}
		for _, x := range document.Variants() {
			if destination, found := jsonMember(x.Text, "DestinationArn"); found {
				wire(x.When, template.Index(destination.JSON()).Root(), document)
			}
		}
		for outer, object := range document.Branches {
			if name, of, ok := object.Intrinsic(); ok && name == "Fn::ToJsonString" {
				object = of
			}
			for inner, fn := range at(object, "DestinationArn") {
				if when, ok := outer.And(inner); ok {
					wire(when, fn, fn)
				}
			}
		}
	}
}

// jsonMember returns the text of a member of an object in JSON text, whose values may
// have expressions.
func jsonMember(x template.Text, name string) (template.Text, bool) {
	_, after, found := x.Cut(`"` + name + `"`)
	if !found {
		return nil, false
	}
	colon, after, found := after.Cut(`"`)
	if word, plain := colon.Plain(); !found || !plain || strings.TrimSpace(word) != ":" {
		return nil, false
	}
	value, _, found := after.Cut(`"`)
	return value, found
}
