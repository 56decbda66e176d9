package live

import (
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	logstypes "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	eventtypes "github.com/aws/aws-sdk-go-v2/service/eventbridge/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	snstypes "github.com/aws/aws-sdk-go-v2/service/sns/types"

	"github.com/grantinvoke/grantinvoke/macro/internal/account"
)

// readOrigins reads, of each resource of another service that a statement names as
// its source, which functions it is wired to.
func (s *session) readOrigins() {
	arns := map[string]bool{}
	for _, f := range s.functions {
		for _, p := range f.Policies {
			for _, arn := range sources(p.Document) {
				if originReader(arn) != nil && !strings.ContainsAny(arn, "?") {
					arns[arn] = true
				}
			}
		}
	}
	each(s.workers, slices.Sorted(maps.Keys(arns)), func(arn string) {
		o := account.Origin{ARN: arn}
		part := strings.SplitN(arn, ":", 6)
		if part[4] != "" && part[4] != s.out.ID || part[3] != "" && part[3] != s.region {
			o.Unread = "of another account or Region"
		} else if targets, err := originReader(arn)(s, part[5]); isGone(err) {
			o.Gone = true
		} else if err != nil {
			o.Unread = why(err)
		} else {
			slices.Sort(targets)
			o.Targets = slices.Compact(targets)
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		s.out.Origins = append(s.out.Origins, o)
	})
}

// originReader returns the function that reads which functions a resource is wired
// to, by the form of its ARN; nil where no single operation tells that.
func originReader(arn string) func(s *session, resource string) ([]string, error) {
	part := strings.SplitN(arn, ":", 6)
	if len(part) < 6 {
		return nil
	}
	resource := strings.TrimSuffix(part[5], ":*")
	if strings.Contains(resource, "*") {
		return nil
	}
	switch {
	case part[2] == "events" && strings.HasPrefix(resource, "rule/"):
		return (*session).ruleTargets
	case part[2] == "sns":
		return func(s *session, _ string) ([]string, error) { return s.subscribers(arn) }
	case part[2] == "s3" && !strings.Contains(resource, "/"):
		return (*session).notified
	case part[2] == "logs" && strings.HasPrefix(resource, "log-group:"):
		return (*session).filters
	}
	return nil
}

// ruleTargets returns the targets of an EventBridge rule that are called without a
// role.
func (s *session) ruleTargets(resource string) ([]string, error) {
	name, bus := strings.TrimPrefix(resource, "rule/"), "default"
	if i := strings.LastIndexByte(name, '/'); i >= 0 {
		bus, name = name[:i], name[i+1:]
	}
	all, err := pages(func(token *string) ([]eventtypes.Target, *string, error) {
		out, err := s.events.ListTargetsByRule(s.ctx, &eventbridge.ListTargetsByRuleInput{Rule: &name, EventBusName: &bus, NextToken: token})
		if err != nil {
			return nil, nil, err
		}
		return out.Targets, out.NextToken, nil
	})
	var arns []string
	for _, t := range all {
		if aws.ToString(t.RoleArn) == "" {
			arns = append(arns, aws.ToString(t.Arn))
		}
	}
	return arns, err
}

// subscribers returns the functions that are subscribed to a topic.
func (s *session) subscribers(topic string) ([]string, error) {
	all, err := pages(func(token *string) ([]snstypes.Subscription, *string, error) {
		out, err := s.sns.ListSubscriptionsByTopic(s.ctx, &sns.ListSubscriptionsByTopicInput{TopicArn: &topic, NextToken: token})
		if err != nil {
			return nil, nil, err
		}
		return out.Subscriptions, out.NextToken, nil
	})
	var arns []string
	for _, x := range all {
		if aws.ToString(x.Protocol) == "lambda" {
			arns = append(arns, aws.ToString(x.Endpoint))
		}
	}
	return arns, err
}

// notified returns the functions that a bucket notifies.
func (s *session) notified(bucket string) ([]string, error) {
	out, err := s.s3.GetBucketNotificationConfiguration(s.ctx, &s3.GetBucketNotificationConfigurationInput{Bucket: &bucket})
	if err != nil {
		return nil, err
	}
	var arns []string
	for _, x := range out.LambdaFunctionConfigurations {
		arns = append(arns, aws.ToString(x.LambdaFunctionArn))
	}
	return arns, nil
}

// filters returns the destinations of a log group's subscription filters.
func (s *session) filters(resource string) ([]string, error) {
	group := strings.TrimSuffix(strings.TrimPrefix(resource, "log-group:"), ":*")
	all, err := pages(func(token *string) ([]logstypes.SubscriptionFilter, *string, error) {
		out, err := s.logs.DescribeSubscriptionFilters(s.ctx, &cloudwatchlogs.DescribeSubscriptionFiltersInput{LogGroupName: &group, NextToken: token})
		if err != nil {
			return nil, nil, err
		}
		return out.SubscriptionFilters, out.NextToken, nil
	})
	var arns []string
	for _, x := range all {
		arns = append(arns, aws.ToString(x.DestinationArn))
	}
	return arns, err
}
