package service

import (
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/stack"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// sns is SNS, which delivers to subscribed functions. The permission isn't tried when the
// subscription is created
// (https://docs.aws.amazon.com/sns/latest/dg/lambda-console.html).
var sns = invoke.Service{
	Name: "sns", Title: "Amazon SNS", Word: "SNS", Principal: "sns.amazonaws.com",
	Kinds: []invoke.Kind{{
		Name:  "sns-subscription",
		Doc:   "Endpoint of an AWS::SNS::Subscription with Protocol lambda",
		Types: []string{"AWS::SNS::Subscription"},
		Find: func(s *invoke.Finder, r template.Resource) {
			p := r.Properties()
			findSubscription(s, r, p, nil, p.Get("TopicArn"), p.Get("Region"))
		},
	}, {
		Name:  "sns-topic",
		Doc:   "Subscription[].Endpoint of an AWS::SNS::Topic with Protocol lambda",
		Types: []string{"AWS::SNS::Topic"},
		Find: func(s *invoke.Finder, r template.Resource) {
			for when, subscription := range r.Properties().Get("Subscription").Elements {
				findSubscription(s, r, subscription, when, template.Value{}, template.Value{})
			}
		},
	}, eventKind("sns", samTopic, "SNS"), connectorKind("sns", "AWS::SNS::Topic", func(r template.Resource) template.Text { return template.RefTo(r.ID) })},
	Spells: map[string]invoke.Spells{"AWS::SNS::Topic": spellTopic},
	OtherPrincipal: func(principal string, _ stack.Facts) (string, bool) {
		region, isSNS := strings.CutPrefix(principal, "sns.")
		region, isAWS := strings.CutSuffix(region, ".amazonaws.com")
		return principal, isSNS && isAWS && region != ""
	},
	Advice: invoke.Advice{
		Reasons: []finding.Reason{unknownProtocol, fifoTopic, newRegion},
		Without: invoke.Trouble{
			Text:  "SNS: a message is published and the function isn't called",
			Match: []string{`numberofnotificationsfailed`},
			Means: "Nothing is checked when a function is subscribed. A message that may not be delivered is dropped, unless the subscription has a dead-letter queue. A topic in a Region that accounts opt into calls as sns.REGION.amazonaws.com.",
			See:   "the topic's metric NumberOfNotificationsFailed; its delivery status logs name the reason.",
			Do:    []string{"name the macro, which adds a permission for the topic", "give the subscription a RedrivePolicy, so that nothing is lost meanwhile"},
		},
	},
}

// samTopic is the samSource of an SNS event: its topic. SAM grants nothing where a queue
// subscribes.
func samTopic(s *invoke.Finder, e invoke.Event) (all []invoke.Permitted) {
	if queue := e.Properties.Get("SqsSubscription"); queue.Exists() && queue.Raw() != "false" {
		return nil
	}
	for _, topic := range e.Properties.Get("Topic").Variants() {
		if own, is := topicResource(s, topic.Text); is && isFIFO(s, own) {
			s.Tell(fifoTopic, e.Value.Pointer(), own.ID)
		}
		if topic.Absent {
			continue
		}
		x := invoke.Permitted{When: topic.When, Origin: s.OriginWithID(e.ResourceID()), Label: "topic " + lastPart(topic.Text), ARN: invoke.SourceARN{Exact: topic.Text}}
		x.Principal, x.Notes = callsAs(s, topic.Text, e.Properties.Get("Region")) // SAM permits the usual principal in any case
		for i := range x.Notes {
			x.Notes[i].At = e.Value.Pointer()
		}
		all = append(all, x)
	}
	return all
}

// unknownProtocol is for a subscription that may be a function's.
var unknownProtocol = finding.Reason{Name: "unknown-protocol", Severity: finding.Warning,
	Sentence: "the subscription's protocol is not known: nothing is granted, whether it is lambda or not",
	Hint:     "write Protocol: lambda, or give the parameter a value"}

// fifoTopic is for a subscription that SNS refuses
// (https://docs.aws.amazon.com/sns/latest/dg/fifo-topic-message-delivery.html).
var fifoTopic = finding.Reason{Name: "fifo-topic", Severity: finding.Warning,
	Sentence: "a FIFO topic delivers to no function",
	Hint:     "let a queue subscribe to it, and the function read the queue"}

// newRegion is for a topic in a Region that may be opt-in, see isOptIn.
var newRegion = finding.Reason{Name: "opt-in-region", Severity: finding.Info,
	Sentence: "the topic is in a Region that accounts opt into: it calls as a principal of its own",
	Hint:     "nothing, where the account has opted in"}

func findSubscription(s *invoke.Finder, r template.Resource, subscription template.Value, when template.Guard, topic, region template.Value) {
	for inner, protocol := range subscription.Get("Protocol").Branches {
		word, known := s.Known(protocol)
		both, ok := when.And(inner)
		switch {
		case !ok || known && word != "" && word != "lambda":
			continue
		case !known || word == "": // a parameter's empty value isn't the one of the deployment
			s.Tell(unknownProtocol, subscription.Get("Protocol").Pointer(), "")
			continue
		}
		if !topic.Exists() && isFIFO(s, r) {
			s.Tell(fifoTopic, subscription.Get("Endpoint").Pointer(), r.ID)
			continue
		}
		if !topic.Exists() {
			s.Wire(subscriptionOf(s, r, subscription, both, template.RefTo(r.ID), region))
			continue
		}
		for _, x := range topic.Variants() {
			if own, is := topicResource(s, x.Text); is && isFIFO(s, own) {
				s.Tell(fifoTopic, subscription.Get("Endpoint").Pointer(), own.ID)
			} else if all, ok := both.And(x.When); ok && !x.Absent {
				s.Wire(subscriptionOf(s, r, subscription, all, x.Text, region))
			}
		}
	}
}

var (
	ownTopic = invoke.OwnARN("sns")
	anyTopic = invoke.OwnARN("sns", template.Literal("*"))
)

func subscriptionOf(s *invoke.Finder, r template.Resource, subscription template.Value, when template.Guard, topic template.Text, region template.Value) invoke.Wire {
	w := invoke.Wire{Resource: r, Function: subscription.Get("Endpoint"), When: when, Always: true, Label: "topic " + lastPart(topic),
		Source: invoke.SourceARN{Exact: topic}}
	if own, is := topicResource(s, topic); is {
		w.Source = invoke.SourceARN{Exact: template.RefTo(own.ID), Wide: anyTopic}
	}
	w.As.Principal, w.Notes = callsAs(s, topic, region)
	return w
}

// callsAs is the principal as which a topic calls, where that isn't the service's: that of
// its Region.
func callsAs(s *invoke.Finder, topic template.Text, region template.Value) (principal string, notes []finding.Finding) {
	if from, known := topicRegion(s, topic, region); known && isOptIn(from) && !isOptIn(s.Environment().Region) {
		return "sns." + from + ".amazonaws.com", []finding.Finding{{Reason: newRegion, Detail: from}}
	}
	return "", nil
}

// topicResource is the topic of the template that a text refers to.
func topicResource(s *invoke.Finder, topic template.Text) (template.Resource, bool) {
	p, ok := topic.Single()
	id, _, _ := strings.Cut(p.Text, ".")
	own, found := s.Template().Resource(id)
	return own, ok && p.Kind != template.Opaque && found && own.Type == "AWS::SNS::Topic"
}

// isFIFO reports whether a topic keeps the order of its messages.
func isFIFO(s *invoke.Finder, topic template.Resource) bool {
	word, known := s.Known(topic.Properties().Get("FifoTopic"))
	return known && word == "true"
}

// lastPart is a resource for people: the last part of its ARN, or the reference to it.
func lastPart(topic template.Text) string {
	parts := topic.Split(":")
	if len(parts) == 6 {
		return parts[5].String()
	}
	if p, ok := topic.Single(); ok {
		id, _, _ := strings.Cut(p.Text, ".")
		return id
	}
	return topic.String()
}

// topicRegion is the Region of a topic where the template spells it out.
func topicRegion(s *invoke.Finder, topic template.Text, region template.Value) (string, bool) {
	if word, known := s.Known(region); known && word != "" {
		return word, true
	}
	if parts := topic.Split(":"); len(parts) == 6 {
		word, plain := parts[3].Plain()
		return word, plain && word != ""
	}
	return "", false
}

// isOptIn reports whether accounts have to opt in to a Region: to all that were opened
// after March 2019. Topics there call functions of other Regions as another principal
// (https://docs.aws.amazon.com/sns/latest/dg/sns-cross-region-delivery.html).
func isOptIn(region string) bool {
	switch region {
	case "us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1", "sa-east-1", "eu-west-1", "eu-west-2", "eu-west-3",
		"eu-central-1", "eu-north-1", "ap-south-1", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-southeast-1", "ap-southeast-2":
		return false
	}
	return strings.Count(region, "-") >= 2 && !strings.HasPrefix(region, "cn-") && !strings.HasPrefix(region, "us-gov-") && !strings.HasPrefix(region, "us-iso")
}

func spellTopic(s *invoke.Names, r template.Resource, attribute string) (template.Text, bool) {
	name, given := r.Properties().Get("TopicName").One()
	if !given || len(name) == 0 { // Ref is the ARN
		name = template.AttOf(r.ID, "TopicName")
	}
	switch attribute {
	case "", "TopicArn":
		return template.Join(ownTopic, name), true
	case "TopicName":
		return name, true
	}
	return nil, false
}
