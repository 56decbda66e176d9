package review

import (
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/statement"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// What no service of the catalog calls may be used all the same.

// readWaiting notes which resources others wait for, and what is passed on.
func (a *audit) readWaiting() {
	for i, r := range a.Template.Resources() {
		for _, id := range r.DependsOn() {
			a.awaited[id] = true
		}
		if !strings.HasPrefix(r.Type, "Custom::") && !strings.HasPrefix(r.Type, "AWS::CloudFormation::") && r.Type != "AWS::Serverless::Application" {
			continue
		}
		for ref := range r.Properties().References() {
			if a.passed[ref.ID] == nil {
				a.passed[ref.ID] = map[int]bool{}
			}
			a.passed[ref.ID][i] = true
		}
	}
}

// passedOn reports whether a custom resource or a nested stack gets both the function of
// a permission's statements and their source, so that it may make the one call the other.
func (a *audit) passedOn(list []statement.Statement) bool {
	function := a.named(list[0].At.Path("Properties", "FunctionName"))
	source := a.named(list[0].At.Path("Properties", "SourceArn"))
	for i := range a.passed[function] {
		if a.passed[source][i] {
			return true
		}
	}
	return false
}

// named is the first resource of the template that a value refers to; "" where it refers
// to none.
func (a *audit) named(v template.Value) string {
	for ref := range v.References() {
		if _, own := a.Template.Resource(ref.ID); own {
			return ref.ID
		}
	}
	return ""
}
