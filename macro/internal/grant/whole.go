package grant

import (
	"cmp"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/function"
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/policy"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// With Grant: policy the whole policy of a function and qualifier is one
// AWS::Lambda::ResourcePolicy, in which one statement lists all sources of a
// principal. It takes the place of whatever is there, so that it is written only
// where the template makes the function and nothing in it adds a permission
// (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-resourcepolicy.html).

// The reasons of this file.
var (
	wholePolicy = finding.Reason{Name: "whole-policy", Severity: finding.Info,
		Sentence: "the function's whole policy is written: it replaces what other stacks and hands have put there",
		Hint:     "look at what is deployed with grantinvoke check -live or -stack, or use Grant: permission"}
	mixed = finding.Reason{Name: "mixed", Severity: finding.Info,
		Sentence: "Grant: policy gives permissions here, since a whole policy can't stand beside what else the template has",
		Hint:     "let the macro grant what that permission does and remove it, or nothing where permissions will do"}
	notOwn = finding.Reason{Name: "not-own", Severity: finding.Info,
		Sentence: "Grant: policy gives permissions here, since the template doesn't make the function, version or alias: its whole policy is somebody else's",
		Hint:     "nothing, where permissions will do"}
)

// makeWhole decides which documents become a whole policy. Where some calls of
// a function ask for one, all get it.
func (d *fitter) makeWhole(docs []*document) {
	for _, doc := range docs {
		w := doc.exact[0]
		i := slices.IndexFunc(doc.exact, func(w *want) bool { return w.inPolicy })
		if i < 0 || d.Env.Partial {
			continue
		}
		at := w.call.At()
		if beside := d.existing.makers[doc.id]; len(beside) > 0 {
			d.tell(mixed, at, strings.Join(beside, ", "))
		} else if d.Env.Catalog().Loops(d.Template) {
			d.tell(mixed, at, "a Fn::ForEach that isn't expanded may hold one")
		} else if _, own := d.policyARN(w.call.Target); !own {
			d.tell(notOwn, at, doc.id)
		} else if path := d.wholeCloses(doc); path != nil {
			d.tell(mixed, at, "in one resource the sources would make a circular dependency: "+strings.Join(path, " -> "))
		} else {
			doc.whole = true
		}
	}
}

// wholeCloses reports how the resource of a call that must come after the policy
// is waited for by another source of the same policy; nil where none is.
func (d *fitter) wholeCloses(doc *document) []string {
	for _, before := range doc.exact {
		if !before.call.Kind.Before {
			continue
		}
		for _, w := range doc.exact {
			source := w.call.Origin.Name
			if a := w.call.Source.ARN; a != nil {
				source = a.Exact
			}
			for id := range template.Join(source, w.call.Target.Name).Names {
				if path := d.Dependencies().Path(id, before.call.Resource); path != nil {
					return path
				}
			}
		}
	}
	return nil
}

func (d *fitter) tell(reason finding.Reason, at jsontext.Pointer, detail string) {
	d.problems = append(d.problems, finding.Finding{Reason: reason, At: at, Detail: detail})
}

// policyARN is the ARN of a function, version or alias of the template, in one
// form for ever, since ResourceArn can't be changed; own is false for all that
// the template doesn't make.
func (d *View) policyARN(t *function.Target) (arn template.Text, own bool) {
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

// fitWhole makes the sources of a whole policy fit its bytes: exact as long as
// they do, since the update is in place and nothing stands beside.
func (d *fitter) fitWhole(doc *document) {
	frames := len(policyStart + policyEnd)
	for _, s := range statementsOf(doc.exact) {
		frames += s.frame(sizer{d.View}.functionARN(doc.exact[0].call.Target))
	}
	total := func() int {
		n := frames
		for _, w := range doc.wants {
			w.size = len(`"",`) + sizer{d.View}.sourceOf(w)
			n += w.size
		}
		return n
	}
	doc.budget = policy.MaxBytes - frames
	if over := total() - policy.MaxBytes; over > 0 { // what others match is given up first: nothing gets wider by it
		doc.exact = d.unmatched(doc.exact, over)
		doc.wants = doc.exact
	}
	if doc.fits = total() <= policy.MaxBytes; !doc.fits {
		d.narrow(doc, len(doc.wants))
		doc.wants = d.unmatched(doc.wants, policy.MaxBytes)
	}
	doc.bytes = total()
}

// maxCompared bounds how many sources are compared with one another.
const maxCompared = 1000

// unmatched leaves out wants whose sources another one of the same statement
// matches wherever they are needed, the last ones first, until that saves so
// many bytes.
func (d *fitter) unmatched(wants []*want, bytes int) []*want {
	if len(wants) > maxCompared {
		return wants
	}
	dropped := map[*want]bool{}
	for _, s := range statementsOf(wants) {
		for _, w := range slices.Backward(s.wants) {
			for _, by := range s.wants {
				if bytes > 0 && w != by && !dropped[by] && d.matchedBy(w, by) {
					dropped[w] = true
					bytes -= w.size
					by.join(w)
					break
				}
			}
		}
	}
	return slices.DeleteFunc(slices.Clone(wants), func(w *want) bool { return dropped[w] })
}

// matchedBy reports whether the source of one want matches all that another's
// does, wherever that is needed.
func (d *fitter) matchedBy(w, by *want) bool {
	if (w.call.Source.ARN != nil) != (by.call.Source.ARN != nil) {
		return false
	}
	return covers(d.sourceText(by), d.sourceText(w)) && d.everywhere(d.when(w), d.when(by))
}

// sourceText is a want's source as statements are compared.
func (d *View) sourceText(w *want) string {
	if w.call.Source.ARN != nil {
		return arnPattern(d, w.tail)
	}
	return sourceKey(w.api, w.tail)
}

// A wholeStatement is one statement of a policy: what has principal, access and
// condition keys in common.
type wholeStatement struct {
	principal string
	access    invoke.Access
	account   bool // with SourceAccount
	source    bool // with sources; else the account alone confines it
	wants     []*want
}

// statementsOf groups wants by what one statement can say, in an order that
// depends on nothing else.
func statementsOf(wants []*want) []*wholeStatement {
	var all []*wholeStatement
	for _, w := range wants {
		one := wholeStatement{w.call.Principal, w.call.Access, w.sourceAccount, w.call.Source.ARN == nil || len(w.tail) > 0, nil}
		i := slices.IndexFunc(all, func(s *wholeStatement) bool {
			return s.principal == one.principal && s.access == one.access && s.account == one.account && s.source == one.source
		})
		if i < 0 {
			i, all = len(all), append(all, &one)
		}
		all[i].wants = append(all[i].wants, w)
	}
	bit := map[bool]int{true: 1}
	slices.SortFunc(all, func(a, b *wholeStatement) int {
		return cmp.Or(strings.Compare(a.principal, b.principal), int(a.access)-int(b.access), bit[a.account]-bit[b.account], bit[a.source]-bit[b.source])
	})
	return all
}

const (
	policyStart = `{"Version":"2012-10-17","Statement":[`
	policyEnd   = `]}`
)

// frame is how many bytes the statement takes beside its sources, each with its
// quotes and a comma.
func (s *wholeStatement) frame(arn int) int {
	return len(s.json(strings.Repeat("x", arn+len(`""`)), `"123456789012"`, ""))
}

// json is the statement for the JSON of the function's ARN, the account, and
// the sources.
func (s *wholeStatement) json(arn, account, sources string) string {
	x := statementText{principal: s.principal, access: s.access, resource: arn}
	if s.source && s.principal != everybody {
		x.source = "[" + sources + "]"
	}
	if s.account {
		x.account = account
	}
	return x.json()
}
