package grant

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/function"
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

var (
	tooEarly = finding.Reason{Name: "alias-too-early", Severity: finding.Warning,
		Sentence: "the permission names an alias by its text and doesn't wait for it: the first deployment can fail",
		Hint:     "name the alias with !Ref, or list it in DependsOn"}
	sameFunction = finding.Reason{Name: "same-function", Severity: finding.Warning,
		Sentence: "it can't be known whether a permission of the template is for this function, which it names in another way",
		Hint:     "name the function in both places in the same way, or give the values of the parameters"}
)

// proofread notes what is wrong with a permission for API Gateway as it is
// written, whatever it was meant for.
func (all statements) proofread(s *invoke.Names, r template.Resource, wrong []finding.Finding, functions, sources []template.Variant) {
	tell := func(p finding.Finding) {
		p.At = r.Pointer()
		all.told[r.ID] = append(all.told[r.ID], p)
	}
	for _, p := range wrong {
		tell(p)
	}
	for _, fn := range functions {
		id, is := s.FunctionAsText(fn.Text)
		if t, problem := s.Function(fn.Text); is && problem == nil && len(t.Each()) == 1 && t.Function == "" {
			tell(finding.Finding{Reason: function.TextIsID, Detail: id})
		}
	}
	for _, src := range sources {
		if id, is := s.OriginAsText(sourceAPI(src.Text)); is {
			tell(finding.Finding{Reason: function.TextIsID, Detail: id})
		}
	}
}

// proofreadSources notes the source ARNs of a permission that Lambda refuses.
func (all statements) proofreadSources(r template.Resource, sources []template.Variant) {
	for _, src := range sources {
		if wrong, hint := wrongSource(src.Text); wrong != "" {
			all.told[r.ID] = append(all.told[r.ID], finding.Finding{Reason: function.Malformed, At: r.Pointer(), Detail: "its SourceArn: " + wrong, Hint: hint})
		}
	}
}

// arnParts are the components of an ARN, by their places in it, and what Lambda
// takes in the SourceArn of a permission
// (https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html).
var arnParts = [...]struct {
	name  string
	takes func() *regexp.Regexp
}{1: {"partition", once(`^aws[a-zA-Z0-9-]*$`)}, 2: {"service", once(`^[a-zA-Z0-9-]+$`)}, 3: {"Region", once(`^([a-z]{2,4}(-[a-z]+)+-[0-9]+)?$`)},
	4: {"account", once(`^([0-9]{12})?$`)}}

func once(text string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(text) })
}

// wrongSource tells why Lambda takes no such SourceArn, as far as it is literal.
func wrongSource(x template.Text) (wrong, hint string) {
	if wrong, hint := function.WrongText(x); wrong != "" || len(x) == 0 {
		return wrong, hint
	}
	parts := x.SplitN(":", 6)
	if plain, ok := x.Visible().Plain(); ok && (len(parts) < 6 || !is(parts[0], "arn")) {
		return fmt.Sprintf("%q is no ARN", plain), "write arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/* in Fn::Sub"
	}
	for i, part := range parts[:min(len(parts), len(arnParts))] {
		plain, ok := part.Visible().Plain()
		if takes := arnParts[i].takes; ok && takes != nil && len(parts) == 6 && !takes().MatchString(plain) {
			return fmt.Sprintf("%q is no %s", plain, arnParts[i].name), "write the stack's own, by ${AWS::Partition}, ${AWS::Region} and ${AWS::AccountId}"
		}
	}
	return "", ""
}

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

// isFor reports whether a statement, of those for the function with the id, is
// for a call of the target.
func (st statement) isFor(id string, t *function.Target) bool {
	if t.ID() == id {
		return true
	}
	mine, others := st.alike, t.Alike
	if mine == "" {
		mine = id
	}
	if others == "" {
		others = t.ID()
	}
	return mine == others && (st.place == "" || t.Place == "" || st.place == t.Place)
}

// perhaps returns the permissions that allow what a call needs if the function
// that they name is its own, which only the deployment tells.
func (all statements) perhaps(v *View, c *invoke.Call, needs []need) (by []string) {
	if c.Target.Function != "" {
		return nil
	}
	for id, list := range all.byTarget {
		for _, st := range list {
			if st.at.Exists() && (st.unsure || unsure(c.Target)) && !st.copy && !v.isOwn(id) && v.allows(st, c, needs) {
				by = append(by, st.by)
			}
		}
	}
	slices.Sort(by)
	return slices.Compact(by)
}

func (v *View) isOwn(id string) bool {
	inner, ok := strings.CutPrefix(id, "\x01")
	name, _, _ := strings.Cut(inner, "\x02")
	r, found := v.Template.Resource(name)
	return ok && found && function.Is(r.Type)
}

func (v *View) allows(st statement, c *invoke.Call, needs []need) bool {
	for _, n := range needs {
		if n.pattern == "" {
			n = newNeed(c, n.stage)
		}
		if _, _, ok := allowOne(v.Template, []statement{st}, c, n); !ok {
			return false
		}
	}
	return len(needs) > 0
}
