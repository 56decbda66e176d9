package evaluator

import (
	"maps"
	"slices"
	"strings"
)

// A caller is a type of resources by which a service calls functions, with the requests to
// the functions' policies. Another service is another line.
type caller struct {
	principal string
	functions func(p object) []any                            // ARNs, or objects with a role beside one
	source    func(d *Deployment, id string, p object) string // the source ARN that the service presents
	before    bool                                            // the service tries the permission while the resource is created
}

// callers are the services with one call for each function, by resource type. The facts
// come from each service's own documentation.
var callers = map[string]caller{
	"AWS::Events::Rule": {"events.amazonaws.com", func(p object) []any { return list(p["Targets"]) }, attributeOf("Arn"), false},
	"AWS::SNS::Subscription": {"sns.amazonaws.com", func(p object) []any {
		if p["Protocol"] != "lambda" {
			return nil
		}
		return []any{p["Endpoint"]}
	}, func(_ *Deployment, _ string, p object) string { return str(p["TopicArn"]) }, false},
	"AWS::SNS::Topic": {"sns.amazonaws.com", func(p object) []any {
		var out []any
		for _, s := range list(p["Subscription"]) {
			if member(s, "Protocol") == "lambda" {
				out = append(out, member(s, "Endpoint"))
			}
		}
		return out
	}, attributeOf("TopicArn"), false},
	"AWS::S3::Bucket": {"s3.amazonaws.com", func(p object) []any {
		var out []any
		for _, c := range list(member(p["NotificationConfiguration"], "LambdaConfigurations")) {
			out = append(out, member(c, "Function"))
		}
		return out
	}, attributeOf("Arn"), true},
	"AWS::Logs::SubscriptionFilter": {"logs.amazonaws.com", func(p object) []any { return []any{p["DestinationArn"]} },
		func(d *Deployment, _ string, p object) string {
			return d.arn("logs", "log-group:"+plain(str(p["LogGroupName"]))+":*")
		}, true},
	"AWS::CloudWatch::Alarm": {"lambda.alarms.cloudwatch.amazonaws.com", func(p object) []any {
		return slices.Concat(list(p["AlarmActions"]), list(p["OKActions"]), list(p["InsufficientDataActions"]))
	}, attributeOf("Arn"), false},
	"AWS::Cognito::UserPool": {"cognito-idp.amazonaws.com", func(p object) []any {
		config, _ := p["LambdaConfig"].(object)
		var out []any
		for _, name := range slices.Sorted(maps.Keys(config)) {
			if arn := member(config[name], "LambdaArn"); arn != nil {
				out = append(out, arn)
			} else if name != "KMSKeyID" {
				out = append(out, config[name])
			}
		}
		return out
	}, attributeOf("Arn"), false},
	"AWS::IoT::TopicRule": {"iot.amazonaws.com", func(p object) []any {
		out := []any{member(p["TopicRulePayload"], "ErrorAction", "Lambda", "FunctionArn")}
		for _, a := range list(member(p["TopicRulePayload"], "Actions")) {
			out = append(out, member(a, "Lambda", "FunctionArn"))
		}
		return out
	}, attributeOf("Arn"), false},
	"AWS::Config::ConfigRule": {"config.amazonaws.com", func(p object) []any {
		if member(p["Source"], "Owner") != "CUSTOM_LAMBDA" {
			return nil
		}
		return []any{member(p["Source"], "SourceIdentifier")}
	}, attributeOf("Arn"), true},
	"AWS::SecretsManager::RotationSchedule": {"secretsmanager.amazonaws.com", func(p object) []any { return []any{p["RotationLambdaARN"]} },
		func(_ *Deployment, _ string, p object) string { return str(p["SecretId"]) }, true},
	"AWS::ElasticLoadBalancingV2::TargetGroup": {"elasticloadbalancing.amazonaws.com", func(p object) []any {
		var out []any
		for _, t := range list(p["Targets"]) {
			if p["TargetType"] == "lambda" {
				out = append(out, member(t, "Id"))
			}
		}
		return out
	}, attributeOf("TargetGroupArn"), true},
}

func attributeOf(name string) func(*Deployment, string, object) string {
	return func(d *Deployment, id string, _ object) string {
		s, _ := d.attribute(id + "." + name)
		return s
	}
}

// readServices makes the calls of services other than API Gateway.
func readServices(d *Deployment) {
	for _, id := range slices.Sorted(maps.Keys(d.raw)) {
		typ, _ := member(d.raw[id], "Type").(string)
		c, ok := callers[typ]
		if !ok {
			continue
		}
		for _, target := range c.functions(d.properties[id]) {
			role := ""
			if o, isObject := target.(object); isObject {
				role, target = plain(str(o["RoleArn"])), o["Arn"]
			}
			arn, isText := text(target)
			if !isText || !strings.HasPrefix(plain(arn), "arn:"+d.Partition+":lambda:") && isKnown(arn) {
				continue // another service's
			}
			function, ok := d.functionARN(arn)
			if !ok || strings.HasSuffix(function, ":$LATEST") {
				d.doubt(id, "no function that can have a policy: "+arn)
				continue
			}
			if !isKnown(arn) {
				d.doubt(id, "the function is not known")
			}
			d.Calls = append(d.Calls, Call{Service: c.principal, Wired: id, Function: function, Identity: role, Before: c.before,
				Sources: []Source{{plain(c.source(d, id, d.properties[id])), true}}})
		}
	}
}

// serviceARNs are the ARNs of resources of other services, by type: what follows the
// account, with % for the resource's name.
var serviceARNs = map[string]struct{ service, rest string }{
	"AWS::Events::Rule":                        {"events", "rule/%"},
	"AWS::SNS::Topic":                          {"sns", "%"},
	"AWS::CloudWatch::Alarm":                   {"cloudwatch", "alarm:%"},
	"AWS::Cognito::UserPool":                   {"cognito-idp", "userpool/%"},
	"AWS::IoT::TopicRule":                      {"iot", "rule/%"},
	"AWS::Config::ConfigRule":                  {"config", "config-rule/%"},
	"AWS::SecretsManager::Secret":              {"secretsmanager", "secret:%"},
	"AWS::ElasticLoadBalancingV2::TargetGroup": {"elasticloadbalancing", "targetgroup/%/0123456789abcdef"},
}

// nameProperties are the properties by which authors name such resources.
var nameProperties = map[string]string{"AWS::Events::Rule": "Name", "AWS::S3::Bucket": "BucketName", "AWS::Logs::LogGroup": "LogGroupName",
	"AWS::ElasticLoadBalancingV2::TargetGroup": "Name", "AWS::SNS::Topic": "TopicName"}

// serviceName is the name of a resource of another service; ok is false where
// the author gives none.
func (d *Deployment) serviceName(id, typ string, r any) (string, bool) {
	property, ok := nameProperties[typ]
	if !ok {
		return "", false
	}
	name, err := d.property(id, r, property)
	return name, err == nil && name != ""
}

// serviceARN is the ARN of such a resource.
func (d *Deployment) serviceARN(id, typ string, r any) (string, bool) {
	form, ok := serviceARNs[typ]
	name, given := d.serviceName(id, typ, r)
	if !given {
		name = d.Stack + "-" + id + "-" + d.code(id, 12)
	}
	if typ == "AWS::S3::Bucket" {
		if !given {
			name = strings.ToLower(name)
		}
		return "arn:" + d.Partition + ":s3:::" + name, true
	}
	if bus, _ := d.property(id, r, "EventBusName"); typ == "AWS::Events::Rule" && bus != "" && bus != "default" {
		name = bus + "/" + name
	}
	return d.arn(form.service, strings.ReplaceAll(form.rest, "%", name)), ok
}
