package grant

import (
	"cmp"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/function"
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/naming"
	"github.com/grantinvoke/grantinvoke/macro/internal/policy"
	"github.com/grantinvoke/grantinvoke/macro/internal/statement"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// With Grant: policy the whole policy of a function and qualifier is one
// AWS::Lambda::ResourcePolicy, in which one statement lists all sources of a
// principal. It replaces the function's policy, so that it is written only where the
// template makes the function and nothing in it adds a permission
// (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-resourcepolicy.html).

// makeWhole decides which documents become a whole policy. Where one call of a
// function asks for that, it is for all its calls.
func (d *fitter) makeWhole(docs []*Policy) {
	for _, doc := range docs {
		w := doc.Exact[0]
		i := slices.IndexFunc(doc.Exact, func(w *Want) bool { return w.inPolicy })
		if i < 0 || d.Env.Partial {
			continue
		}
		at := w.Call.At()
		if beside := d.existing.AddedBy[doc.ID]; len(beside) > 0 {
			d.tell(mixed, at, strings.Join(beside, ", "))
		} else if d.Env.Catalog().Loops(d.Template) {
			d.tell(mixed, at, "a Fn::ForEach that isn't expanded may hold one")
		} else if _, own := PolicyARN(d.View, w.Call.Target); !own {
			d.tell(notOwn, at, doc.ID)
		} else if path := d.wholeCycle(doc); path != nil {
			d.tell(mixed, at, "in one resource the sources would make a circular dependency: "+strings.Join(path, " -> "))
		} else {
			doc.Whole = true
		}
	}
}

// wholeCycle returns the path of dependencies by which a policy that must come before
// a calling resource would wait for that resource, since another of its sources does;
// nil where there is none.
func (d *fitter) wholeCycle(doc *Policy) []string {
	for _, before := range doc.Exact {
		if !before.Call.Kind.Before {
			continue
		}
		for _, w := range doc.Exact {
			source := w.Call.Origin.Name
			if a := w.Call.Source.ARN; a != nil {
				source = a.Exact
			}
			for id := range template.Join(source, w.Call.Target.Name).Names {
				if path := d.Dependencies().Path(id, before.Call.Resource); path != nil {
					return path
				}
			}
		}
	}
	return nil
}

// tell records a finding.
func (d *fitter) tell(reason finding.Reason, at jsontext.Pointer, detail string) {
	d.problems = append(d.problems, finding.Finding{Reason: reason, At: at, Detail: detail})
}

// PolicyARN is the ARN of a function, version or alias of the template, for a
// ResourceArn. Its spelling is the same in all releases: a changed ResourceArn would
// replace the policy. own is false where the template doesn't make the function,
// version or alias.
func PolicyARN(d *statement.View, t *function.Target) (arn template.Text, own bool) {
	fn, found := d.Template.Resource(t.Function)
	if !found || !function.Is(fn.Type) || t.Elsewhere() {
		return nil, false
	}
	if t.Qualifier == "" {
		return template.AttOf(t.Function, "Arn"), true
	}
	if len(t.DependsOn) == 1 {
		return template.RefTo(t.DependsOn[0]), true
	}
	if p, ok := t.Name.Single(); ok && p.Kind == template.Ref && p.Text != t.Function {
		return t.Name, true // a version, or what SAM makes for AutoPublishAlias
	}
	return nil, false
}

// fitWhole makes the sources of a whole policy fit its bytes, all of them: an update
// changes the policy in place, so that old and new need not fit together.
func (d *fitter) fitWhole(doc *Policy) {
	size, frames := sizes{Lengths: statement.Lengths{View: d.View}}, len(PolicyStart+PolicyEnd)
	for _, s := range StatementsOf(doc.Exact) {
		frames += s.frame(size.FunctionARN(doc.Exact[0].Call.Target))
	}
	total := func() int {
		n := frames
		for _, w := range doc.Wants {
			w.size = len(`"",`) + size.source(w)
			n += w.size
		}
		return n
	}
	doc.budget = policy.MaxBytes - frames
	if over := total() - policy.MaxBytes; over > 0 { // first leave out what other sources match: that widens nothing
		doc.Exact = d.unmatched(doc.Exact, over)
		doc.Wants = doc.Exact
	}
	if doc.fits = total() <= policy.MaxBytes; !doc.fits {
		d.widen(doc, len(doc.Wants))
		doc.Wants = d.unmatched(doc.Wants, policy.MaxBytes)
	}
	doc.bytes = total()
}

// maxCompared bounds how many sources are compared with one another.
const maxCompared = 1000

// unmatched leaves out wants whose source another want of the same statement matches
// wherever it is needed, the last ones first, until that saves so many bytes.
func (d *fitter) unmatched(wants []*Want, bytes int) []*Want {
	if len(wants) > maxCompared {
		return wants
	}
	dropped := map[*Want]bool{}
	for _, s := range StatementsOf(wants) {
		for _, w := range slices.Backward(s.Wants) {
			for _, by := range s.Wants {
				if bytes > 0 && w != by && !dropped[by] && d.matchedBy(w, by) {
					dropped[w] = true
					bytes -= w.size
					by.join(w)
					break
				}
			}
		}
	}
	return slices.DeleteFunc(slices.Clone(wants), func(w *Want) bool { return dropped[w] })
}

// matchedBy reports whether the source of one want matches all that another's
// does, wherever that is needed.
func (d *fitter) matchedBy(w, by *Want) bool {
	if (w.Call.Source.ARN != nil) != (by.Call.Source.ARN != nil) {
		return false
	}
	return statement.Covers(sourceText(by), sourceText(w)) && naming.Everywhere(d.Template, d.when(w), d.when(by))
}

// sourceText is the pattern of a want's source, to be compared.
func sourceText(w *Want) string {
	if w.Call.Source.ARN != nil {
		return w.spelled.Pattern
	}
	return statement.OriginPattern(w.Caller, w.Tail)
}

// A PolicyStatement is one statement of a whole policy: for all wants with the same
// principal, access and condition keys.
type PolicyStatement struct {
	principal string
	access    invoke.Access
	account   bool // with SourceAccount
	source    bool // with sources; else the account alone restricts it
	Wants     []*Want
}

// StatementsOf groups wants into statements, in an order that doesn't depend on that of
// the wants.
func StatementsOf(wants []*Want) []*PolicyStatement {
	var all []*PolicyStatement
	for _, w := range wants {
		one := PolicyStatement{w.Call.Principal, w.Call.Access, w.SourceAccount, w.Call.Source.ARN == nil || len(w.Tail) > 0, nil}
		i := slices.IndexFunc(all, func(s *PolicyStatement) bool {
			return s.principal == one.principal && s.access == one.access && s.account == one.account && s.source == one.source
		})
		if i < 0 {
			i, all = len(all), append(all, &one)
		}
		all[i].Wants = append(all[i].Wants, w)
	}
	bit := map[bool]int{true: 1}
	slices.SortFunc(all, func(a, b *PolicyStatement) int {
		return cmp.Or(strings.Compare(a.principal, b.principal), int(a.access)-int(b.access), bit[a.account]-bit[b.account], bit[a.source]-bit[b.source])
	})
	return all
}

// What a policy document begins and ends with, around its statements.
const (
	PolicyStart = `{"Version":"2012-10-17","Statement":[`
	PolicyEnd   = `]}`
)

// frame is how many bytes the statement takes without its sources; each of those takes
// quotes and a comma, too. arn is the length of the function's ARN.
func (s *PolicyStatement) frame(arn int) int {
	return len(s.JSON(strings.Repeat("x", arn+len(`""`)), `"123456789012"`, ""))
}

// JSON is the statement as JSON. arn, account and sources are JSON, too; sources are
// separated by commas.
func (s *PolicyStatement) JSON(arn, account, sources string) string {
	x := statement.AllowStatement{Principal: s.principal, Access: s.access, Resource: arn}
	if s.source && s.principal != statement.Everybody {
		x.Source = "[" + sources + "]"
	}
	if s.account {
		x.Account = account
	}
	return x.JSON()
}
