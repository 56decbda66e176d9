package review

import (
	"slices"

	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// tooEarly tells of the permissions that name an alias by text and wait for it in
// no way: CloudFormation may make them before it
// (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-dependson.html).
func (a *audit) tooEarly() {
	for _, r := range a.Scope.Resources("AWS::Lambda::Permission") {
		for _, fn := range r.Properties().Get("FunctionName").Variants() {
			for _, alias := range a.aliasesByText(fn.Text) {
				depends := r.Get("DependsOn") // SAM's alias is there by its name alone
				if a.Dependencies().Path(r.ID, alias) == nil && !depends.Mentions(template.Quote(alias)) {
					a.say(tooEarly, r, alias)
				}
			}
		}
	}
}

// aliasesByText are the aliases that a FunctionName needs to be there: those of
// the template, and the one that SAM makes for AutoPublishAlias, which has the
// ids of function and alias as its own.
func (a *audit) aliasesByText(x template.Text) []string {
	t, problem := a.Scope.Function(x)
	if problem != nil || t.Qualifier == "" || t.Function == "" {
		return nil
	}
	id := t.Function + ".Alias"
	if t.Name.Key() != template.RefTo(id).Key() {
		return t.DependsOn
	}
	if slices.ContainsFunc(x, func(p template.Part) bool { return p.Text == id }) {
		return nil
	}
	return []string{t.Function + "Alias" + t.Qualifier}
}
