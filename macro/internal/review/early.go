package review

import (
	"slices"

	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// tooEarly adds findings about the permissions that name an alias by text and don't wait
// for it: CloudFormation may create them before the alias
// (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-dependson.html).
func (a *audit) tooEarly() {
	for _, r := range a.Scope.Resources("AWS::Lambda::Permission") {
		for _, fn := range r.Properties().Get("FunctionName").Variants() {
			for _, alias := range a.aliasesByText(fn.Text) {
				depends := r.Get("DependsOn") // SAM's alias is not in the template yet, but may be named there
				if a.Dependencies().Path(r.ID, alias) == nil && !depends.Mentions(template.Quote(alias)) {
					a.say(tooEarly, r, alias)
				}
			}
		}
	}
}

// aliasesByText returns the logical ids of the aliases that a FunctionName names as text:
// those of the template, and the one that SAM makes for AutoPublishAlias, whose logical id
// is made of the function's and the alias's name.
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
