package main

import (
	"path/filepath"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// An other is a kind of file that people take for a template, or from which a tool
// makes one.
type other struct {
	names   []string // patterns of its file names
	members []string // or the members that such a file has, all of them
	is      string   // what it is, after the file's name
	hint    string   // what to do instead
}

var others = []other{
	{[]string{"serverless.yml", "serverless.yaml", "serverless.json", "serverless.ts", "serverless.js"}, []string{"service", "provider"},
		"is a service of the Serverless Framework", "check what serverless package writes into .serverless"},
	{[]string{"cdk.json"}, []string{"app", "context"}, "is the settings of the CDK", "run cdk synth, and check cdk.out"},
	{[]string{"*.assets.json"}, []string{"files", "dockerImages"}, "is a list of the CDK's assets", "check the folder that it is in"},
	{[]string{"tree.json"}, []string{"tree", "version"}, "is the CDK's tree of constructs", "check the folder that it is in"},
	{[]string{"samconfig.toml", "samconfig.yaml", "samconfig.yml"}, nil, "is the settings of SAM", "check the template, and give this file with -params"},
	{[]string{"*.tf", "*.tf.json"}, []string{"terraform_version"}, "is Terraform", "this tool reads CloudFormation templates alone"},
	{[]string{"*.ts", "*.js", "*.py", "*.go", "*.java", "*.cs"}, nil, "is a program", "run what makes a template of it, such as cdk synth, and check that"},
	{nil, []string{"openapi", "paths"}, "is an API definition", "check the template that names it"},
	{nil, []string{"swagger", "paths"}, "is an API definition", "check the template that names it"},
	{nil, []string{"fragment", "requestId"}, "is an event of a macro", "grantinvoke event answers it"},
	{nil, []string{"TemplateBody"}, "is an answer of get-template", "take the template out of it, with --query TemplateBody"},
	{nil, []string{"apiVersion", "kind"}, "is a manifest of Kubernetes", "this tool reads CloudFormation templates alone"},
	{nil, []string{"services"}, "is a file of Compose", "this tool reads CloudFormation templates alone"},
}

// foreign returns an error that tells what a file is, where that isn't a template. src
// is its long-form JSON, nil where it can't be read.
func foreign(name string, src []byte) *exit {
	root, _ := members(src)
	for _, o := range others {
		if o.named(name) || src != nil && o.has(root) {
			return &exit{exitUnreadable, name + ": " + o.is + ", not a CloudFormation template", o.hint}
		}
	}
	if src == nil {
		return nil
	}
	return &exit{exitUnreadable, name + ": is no CloudFormation template", "a template has a Resources section"}
}

func (o other) named(name string) bool {
	for _, pattern := range o.names {
		if ok, _ := filepath.Match(pattern, strings.ToLower(filepath.Base(name))); ok {
			return true
		}
	}
	return false
}

func (o other) has(root map[string]jsontext.Value) bool {
	for _, member := range o.members {
		if root[member] == nil {
			return false
		}
	}
	return len(o.members) > 0
}
