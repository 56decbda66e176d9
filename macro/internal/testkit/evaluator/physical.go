package evaluator

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
)

// ref is what Ref returns: a parameter's value, a pseudo parameter's, or the
// physical id of a resource.
func (d *Deployment) ref(name string) (string, error) {
	switch name {
	case "AWS::Region":
		return d.Region, nil
	case "AWS::AccountId":
		return d.Account, nil
	case "AWS::Partition":
		return d.Partition, nil
	case "AWS::StackName":
		return d.Stack, nil
	case "AWS::URLSuffix":
		if d.Partition == "aws-cn" {
			return "amazonaws.com.cn", nil
		}
		return "amazonaws.com", nil
	}
	if _, ok := section(d.template, "Parameters")[name]; ok {
		if d.Hidden[name] {
			return unknown(d.Parameters[name]), nil
		}
		return d.Parameters[name], nil
	}
	r, err := d.resource(name)
	if err != nil {
		return "", err
	}
	return d.physical(name, r)
}

// resource returns a resource that exists in this world.
func (d *Deployment) resource(id string) (any, error) {
	if r, ok := d.raw[id]; ok {
		d.need(id)
		return r, nil
	}
	if _, ok := section(d.template, "Resources")[id]; ok {
		return nil, fmt.Errorf("%s is referred to, and its condition is false", id)
	}
	return nil, fmt.Errorf("%s is referred to, and the template doesn't have it", id)
}

// property resolves one property of a resource, for its names.
func (d *Deployment) property(id string, r any, name string) (string, error) {
	if d.asking[id+"."+name] {
		return "", fmt.Errorf("%s.%s depends on itself", id, name)
	}
	d.asking[id+"."+name] = true
	current := d.current
	d.current = ""
	defer func() {
		d.current = current
		delete(d.asking, id+"."+name)
	}()
	v, err := d.resolve(member(r, "Properties", name))
	s, _ := text(v)
	return s, err
}

// physical is the physical id of a resource.
func (d *Deployment) physical(id string, r any) (string, error) {
	typ, _ := member(r, "Type").(string)
	switch typ {
	case "AWS::Lambda::Function":
		if name, err := d.property(id, r, "FunctionName"); name != "" || err != nil {
			return name, err
		}
		return d.Stack + "-" + id + "-" + d.code(id, 12), nil
	case "AWS::Lambda::Alias":
		return d.qualified(id, r, "Name")
	case "AWS::Lambda::Version":
		return d.qualified(id, r, "")
	case "AWS::ApiGateway::Stage", "AWS::ApiGatewayV2::Stage":
		return d.property(id, r, "StageName")
	case "AWS::ApiGateway::RestApi", "AWS::ApiGatewayV2::Api":
		return d.code(id, 10), nil
	case "AWS::ApiGateway::Authorizer", "AWS::ApiGateway::Resource", "AWS::ApiGatewayV2::Authorizer",
		"AWS::ApiGatewayV2::Integration", "AWS::ApiGatewayV2::Route", "AWS::ApiGateway::Deployment":
		return d.code(id, 6), nil
	}
	switch typ {
	case "AWS::SNS::Topic", "AWS::SecretsManager::Secret", "AWS::ElasticLoadBalancingV2::TargetGroup":
		arn, _ := d.serviceARN(id, typ, r)
		return arn, nil
	}
	if name, given := d.serviceName(id, typ, r); given {
		return name, nil
	}
	return d.Stack + "-" + id + "-" + d.code(id, 12), nil
}

// qualified is the ARN of an alias or version.
func (d *Deployment) qualified(id string, r any, name string) (string, error) {
	fn, err := d.property(id, r, "FunctionName")
	if err != nil {
		return "", err
	}
	arn, ok := d.functionARN(fn)
	if !ok {
		return "", fmt.Errorf("%s is of no function", id)
	}
	qualifier := d.version(id)
	if name != "" {
		if qualifier, err = d.property(id, r, name); err != nil {
			return "", err
		}
	}
	return arn + ":" + qualifier, nil
}

// version is the number of a version.
func (d *Deployment) version(id string) string {
	sum := sha256.Sum256([]byte(id))
	return strconv.Itoa(int(sum[0]) + 1)
}

// code is an id that AWS generates: other for each stack and resource, and
// never a text that a template could hold.
func (d *Deployment) code(id string, n int) string {
	sum := sha256.Sum256([]byte(d.Stack + "/" + id))
	return ("z" + hex.EncodeToString(sum[:]))[:n]
}

// attribute is what Fn::GetAtt returns for Resource.Attribute.
func (d *Deployment) attribute(s string) (string, error) {
	id, name, _ := strings.Cut(s, ".")
	r, err := d.resource(id)
	if err != nil {
		return "", err
	}
	typ, _ := member(r, "Type").(string)
	own, err := d.physical(id, r)
	if err != nil {
		return "", err
	}
	switch typ + "." + name {
	case "AWS::Lambda::Function.Arn":
		return d.arn("lambda", "function:"+own), nil
	case "AWS::Lambda::Alias.AliasArn", "AWS::Lambda::Version.FunctionArn", "AWS::ApiGateway::RestApi.RestApiId", "AWS::ApiGatewayV2::Api.ApiId",
		"AWS::ApiGateway::Authorizer.AuthorizerId", "AWS::ApiGatewayV2::Authorizer.AuthorizerId", "AWS::ApiGatewayV2::Integration.IntegrationId":
		return own, nil
	case "AWS::Lambda::Version.Version":
		return d.version(id), nil
	case "AWS::ApiGateway::RestApi.RootResourceId":
		return d.code(id+"/root", 6), nil
	case "AWS::IAM::Role.Arn":
		return "arn:" + d.Partition + ":iam::" + d.Account + ":role/" + own, nil
	}
	if arn, ok := d.serviceARN(id, typ, r); ok && strings.HasSuffix(name, "Arn") {
		return arn, nil
	}
	if strings.HasPrefix(typ, "AWS::Lambda::") || strings.HasPrefix(typ, "AWS::ApiGateway") {
		return "", fmt.Errorf("%s has no attribute %s", id, name)
	}
	if value, ok := d.Imports[s]; ok {
		return unknown(value), nil // an output of a nested stack or of a custom resource
	}
	return unknown(s), nil
}

func (d *Deployment) arn(service, rest string) string {
	return "arn:" + d.Partition + ":" + service + ":" + d.Region + ":" + d.Account + ":" + rest
}
