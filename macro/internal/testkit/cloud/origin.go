package cloud

import (
	"encoding/json"
	"encoding/xml"
	"net/http"
	"slices"
	"strings"
)

// RuleArn returns the ARN of a rule.
func (w *World) RuleArn(bus, name string) string {
	if bus != "" && bus != "default" {
		name = bus + "/" + name
	}
	return "arn:aws:events:" + w.Region + ":" + w.Account + ":rule/" + name
}

func fields(body []byte) map[string]string {
	var in map[string]any
	out := map[string]string{}
	if json.Unmarshal(body, &in) == nil {
		for k, v := range in {
			if s, ok := v.(string); ok {
				out[k] = s
			}
		}
	}
	return out
}

func busOf(name string) string {
	if name == "" {
		return "default"
	}
	return name
}

func listTargets(s *Server, q request) (answer, error) {
	in := fields(q.body)
	for _, r := range s.World.Rules {
		if r.Name != in["Rule"] || busOf(r.Bus) != busOf(in["EventBusName"]) {
			continue
		}
		from, to, next := s.page(len(r.Targets), 100, in["NextToken"])
		list := []object{}
		for i, arn := range r.Targets[from:to] {
			x := object{"Id": idOf(arn), "Arn": arn}
			if from+i < len(r.Roles) && r.Roles[from+i] != "" {
				x["RoleArn"] = r.Roles[from+i]
			}
			list = append(list, x)
		}
		return answer{json: paged(object{"Targets": list}, "NextToken", next)}, nil
	}
	return answer{}, &fault{http.StatusBadRequest, "ResourceNotFoundException", "Rule " + in["Rule"] + " does not exist on EventBus " + busOf(in["EventBusName"]) + "."}
}

func listRuleNames(s *Server, q request) (answer, error) {
	in := fields(q.body)
	names := []string{}
	for _, r := range s.World.Rules {
		if busOf(r.Bus) == busOf(in["EventBusName"]) && slices.Contains(r.Targets, in["TargetArn"]) {
			names = append(names, r.Name)
		}
	}
	return answer{json: object{"RuleNames": names}}, nil
}

func describeFilters(s *Server, q request) (answer, error) {
	in := fields(q.body)
	for _, g := range s.World.LogGroups {
		if g.Name == in["logGroupName"] {
			list := []object{}
			for _, arn := range g.Functions {
				list = append(list, object{"filterName": idOf(arn), "destinationArn": arn, "logGroupName": g.Name})
			}
			return answer{json: object{"subscriptionFilters": list}}, nil
		}
	}
	return answer{}, &fault{http.StatusBadRequest, "ResourceNotFoundException", "The specified log group does not exist."}
}

// TopicArn returns the ARN of a topic.
func (w *World) TopicArn(name string) string {
	return "arn:aws:sns:" + w.Region + ":" + w.Account + ":" + name
}

func listSubscriptions(s *Server, q request) (answer, error) {
	arn := q.query("TopicArn")
	for _, t := range s.World.Topics {
		if s.World.TopicArn(t.Name) != arn {
			continue
		}
		type subscription struct{ TopicArn, Protocol, SubscriptionArn, Owner, Endpoint string }
		from, to, next := s.page(len(t.Subscribers), 100, q.query("NextToken"))
		var list []subscription
		for _, fn := range t.Subscribers[from:to] {
			list = append(list, subscription{arn, "lambda", arn + ":" + idOf(fn), s.World.Account, fn})
		}
		return answer{xml: struct {
			XMLName       xml.Name       `xml:"ListSubscriptionsByTopicResult"`
			Subscriptions []subscription `xml:"Subscriptions>member"`
			NextToken     string         `xml:",omitempty"`
		}{Subscriptions: list, NextToken: next}}, nil
	}
	return answer{}, &fault{http.StatusNotFound, "NotFound", "Topic does not exist"}
}

func getNotification(s *Server, q request) (answer, error) {
	name := strings.Trim(q.path[0], "/")
	for _, b := range s.World.Buckets {
		if b.Name != name {
			continue
		}
		type configuration struct {
			Id            string
			CloudFunction string
			Event         string
		}
		var list []configuration
		for _, fn := range b.Functions {
			list = append(list, configuration{idOf(fn), fn, "s3:ObjectCreated:*"})
		}
		return answer{xml: struct {
			XMLName                    xml.Name        `xml:"NotificationConfiguration"`
			CloudFunctionConfiguration []configuration `xml:"CloudFunctionConfiguration"`
		}{CloudFunctionConfiguration: list}}, nil
	}
	return answer{}, &fault{http.StatusNotFound, "NoSuchBucket", "The specified bucket does not exist"}
}
