package statement

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

// proofread records what is wrong with a permission for a service with origins as it is
// written: malformed names, and texts where a reference was meant.
func (all Existing) proofread(s *invoke.Names, service *invoke.Service, r template.Resource, wrong []finding.Finding, functions, sources []template.Variant) {
	tell := func(p finding.Finding) {
		p.At = r.Pointer()
		all.Findings[r.ID] = append(all.Findings[r.ID], p)
	}
	for _, p := range wrong {
		tell(p)
	}
	for _, fn := range functions {
		id, is := s.FunctionAsText(fn.Text)
		if !is {
			continue
		}
		if t, problem := s.Function(fn.Text); problem == nil && len(t.Each()) == 1 && t.Function == "" {
			tell(finding.Finding{Reason: function.TextIsID, Detail: id})
		}
	}
	for _, src := range sources {
		if _, _, usual := usualSource(service, src.Text); usual {
			continue // a reference
		}
		if id, is := s.OriginAsText(sourceOrigin(src.Text)); is {
			tell(finding.Finding{Reason: function.TextIsID, Detail: id})
		}
	}
}

// proofreadSources records the source ARNs of a permission that Lambda refuses. service
// is that of its principal, nil for everybody.
func (all Existing) proofreadSources(v *View, r template.Resource, service *invoke.Service, sources []template.Variant) {
	if composed := v.Env.Catalog().WithOrigins(); service == nil && len(composed) > 0 {
		service = composed[0]
	}
	for _, src := range sources {
		if wrong, hint := wrongSource(service, src.Text); wrong != "" {
			all.Findings[r.ID] = append(all.Findings[r.ID], finding.Finding{Reason: function.Malformed, At: r.Pointer(), Detail: "its SourceArn: " + wrong, Hint: hint})
		}
	}
}

// proofreadPrincipal records a principal that never calls, or is misspelled.
func (all Existing) proofreadPrincipal(r template.Resource, principal template.Text, env invoke.Environment) {
	name := strings.ToLower(ownPrincipal(principal, env))
	because, silent := env.Catalog().IsSilent(name)
	switch nearly := env.Catalog().Nearly(name); {
	case silent:
		all.Findings[r.ID] = append(all.Findings[r.ID], finding.Finding{Reason: neverCalls, At: r.Pointer(), Detail: name + ": " + because})
	case nearly != nil:
		all.Findings[r.ID] = append(all.Findings[r.ID], finding.Finding{Reason: wrongPrincipal, At: r.Pointer(), Detail: name + " is not " + nearly.Principal})
	}
}

// arnParts are the components of an ARN, by their index, and what Lambda takes in the
// SourceArn of a permission
// (https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html).
var arnParts = [...]struct {
	name  string
	takes func() *regexp.Regexp
}{1: {"partition", once(`^aws[a-zA-Z0-9-]*$`)}, 2: {"service", once(`^[a-zA-Z0-9-]+$`)}, 3: {"Region", once(`^([a-z]{2,4}(-[a-z]+)+-[0-9]+)?$`)},
	4: {"account", once(`^([0-9]{12})?$`)}}

// once returns a function that compiles an expression at its first call.
func once(text string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(text) })
}

// wrongSource returns why Lambda refuses a SourceArn, as far as it is literal, and a
// hint; "" where it doesn't.
func wrongSource(service *invoke.Service, x template.Text) (wrong, hint string) {
	if wrong, hint := function.WrongText(x); wrong != "" || len(x) == 0 {
		return wrong, hint
	}
	if service != nil && service.HasOrigins() {
		if _, _, usual := usualSource(service, x); usual {
			return "", ""
		}
	}
	parts := x.SplitN(":", 6)
	if plain, ok := x.Visible().Plain(); ok && (len(parts) < 6 || !Is(parts[0], "arn")) {
		return fmt.Sprintf("%q is no ARN", plain), sourceHint(service)
	}
	for i, part := range parts[:min(len(parts), len(arnParts))] {
		plain, ok := part.Visible().Plain()
		if takes := arnParts[i].takes; ok && takes != nil && len(parts) == 6 && !takes().MatchString(plain) {
			return fmt.Sprintf("%q is no %s", plain, arnParts[i].name), "write the stack's own, by ${AWS::Partition}, ${AWS::Region} and ${AWS::AccountId}"
		}
	}
	return "", ""
}

// sourceHint is what to write for a text that is no ARN.
func sourceHint(service *invoke.Service) string {
	if service == nil || !service.HasOrigins() {
		return "write the ARN of what calls, such as !GetAtt Resource.Arn"
	}
	return "write " + service.Origins.ARN.String() + "${" + service.Word + "}/* in Fn::Sub"
}

// IsFor reports whether a statement that is listed by a function's id is for calls of
// the target.
func (st Statement) IsFor(id string, t *function.Target) bool {
	if t.ID() == id {
		return true
	}
	mine, others := st.knownID, t.KnownID
	if mine == "" {
		mine = id
	}
	if others == "" {
		others = t.ID()
	}
	return mine == others && (st.assumed == "" || t.Assumed == "" || st.assumed == t.Assumed)
}

// Perhaps returns the permissions, sorted, that allow what a call needs if they name its
// function, which is known only at deployment.
func (all Existing) Perhaps(v *View, c *invoke.Call, needs []Need) (by []string) {
	if c.Target.Function != "" {
		return nil
	}
	for id, list := range all.ByTarget {
		for _, st := range list {
			if st.At.Exists() && (st.Unsure || Unsure(c.Target)) && !st.Copy && !v.isOwn(id) && v.allows(st, c, needs) {
				by = append(by, st.By)
			}
		}
	}
	slices.Sort(by)
	return slices.Compact(by)
}

// isOwn reports whether an id is that of a function of the template.
func (v *View) isOwn(id string) bool {
	inner, ok := strings.CutPrefix(id, "\x01")
	name, _, _ := strings.Cut(inner, "\x02")
	r, found := v.Template.Resource(name)
	return ok && found && function.Is(r.Type)
}

// allows reports whether a statement alone allows all needs of a call.
func (v *View) allows(st Statement, c *invoke.Call, needs []Need) bool {
	for _, n := range needs {
		if n.Pattern == "" {
			n = NewNeed(c, n.Stage)
		}
		if _, _, ok := allowOne(v.Template, []Statement{st}, c, n); !ok {
			return false
		}
	}
	return len(needs) > 0
}
