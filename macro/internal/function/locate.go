package function

import (
	"cmp"
	"regexp"
	"strings"
	"sync"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

var (
	accountPattern   = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[0-9]{12}$`) })
	regionPattern    = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[a-z]{2,4}(-[a-z]+)+-[0-9]+$`) })
	partitionPattern = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^aws[a-z-]*$`) })
)

// A component is a part of a function's ARN that tells where the function is: its
// partition, Region or account.
type component struct {
	text        template.Text
	pseudo, own string                // the pseudo parameter for the stack's own, and its value; "" where that isn't known
	pattern     func() *regexp.Regexp // what literal values have to match
}

func (s *Names) components(p *arnText) [3]component {
	return [...]component{
		{p.partition, "AWS::Partition", s.Partition, partitionPattern},
		{p.region, "AWS::Region", s.Region, regionPattern},
		{p.account, "AWS::AccountId", s.Account, accountPattern},
	}
}

// A locality tells how a component compares with the stack's own. A function's ARN
// has the greatest of its components.
type locality uint8

const (
	here     locality = iota // the stack's own
	varies                   // the stack's own, by the value that a parameter has now
	assumed                  // literal, while the stack's own isn't known
	foreign                  // another than the stack's own
	notKnown                 // an expression whose value isn't known
)

// where returns how a component compares with the stack's own, and its value where
// it is assumed or foreign.
func (s *Names) where(c component) (w locality, value string) {
	if p, ok := c.text.Single(); len(c.text) == 0 || ok && p.Text == c.pseudo {
		return here, ""
	}
	k := s.Evaluate(c.text)
	switch {
	case !k.OK || !c.pattern().MatchString(k.Text):
		return notKnown, ""
	case c.own == "":
		if c.pseudo == "AWS::Partition" {
			return here, "" // the Region, which is compared too, decides
		}
		if k.Parameter {
			return notKnown, ""
		}
		return assumed, k.Text
	case k.Text != c.own:
		return foreign, k.Text
	case k.Parameter:
		return varies, ""
	}
	return here, ""
}

// locate sets where a function is, as its ARN tells. Where its account, Region or
// partition may not be the stack's, the permission's FunctionName must be the ARN:
// a name would be that of a function of the stack's own account and Region.
func (s *Names) locate(t *Target, p arnText) {
	if len(p.region) == 0 && len(p.account) == 0 {
		return
	}
	found := here
	for i, c := range s.components(&p) {
		w, value := s.where(c)
		switch {
		case w == foreign:
			*[...]*string{&t.Partition, &t.Region, &t.Account}[i] = value
		case w == assumed:
			t.Assumed += value + ":"
		}
		found = max(found, w)
	}
	arn := p.arn
	if len(arn) == 0 {
		arn = partialARN(p)
	}
	switch own := t.Function != ""; {
	case found == here, found == varies && own, found == assumed && own:
		t.Assumed = ""
	case found == assumed:
		t.KnownID, t.Key, t.Name = t.Key, arn.Key(), arn
	default:
		*t = Target{Key: arn.Key(), Name: arn, ARN: t.ARN, When: t.When, Foreign: t.Foreign}
	}
}

// partialARN returns A:function:N or R:A:function:N, without a qualifier.
func partialARN(p arnText) template.Text {
	colon := template.Literal(":")
	x := template.Join(p.account, template.Literal(":function:"), p.name)
	if len(p.region) > 0 {
		x = template.Join(p.region, colon, x)
	}
	return x
}

// fill resolves the text of a target once more with all known values filled in: the
// function may turn out to be elsewhere, or to be one that other texts name too.
func (s *Names) fill(t *Target, x template.Text, depth int) *finding.Finding {
	if t.Function != "" {
		s.fillQualifier(t, splitARN(x).qualifier)
		return nil
	}
	if t.Elsewhere() || !mayBeFilled(x) {
		return nil
	}
	k := s.Evaluate(x)
	if !k.OK || k.Text == x.String() || k.Text == "" { // an empty value is none
		return nil
	}
	t.IsName = !strings.Contains(k.Text, ":")
	inner, problem := s.function(template.Literal(k.Text), depth+1)
	switch {
	case problem != nil:
		return &finding.Finding{Reason: Malformed, Detail: "by the value that " + x.String() + " has now"}
	case inner.Elsewhere():
		t.Region, t.Account, t.Partition = inner.Region, inner.Account, inner.Partition
	case !k.Parameter || s.Settled:
		if t.KnownID = inner.KnownID; t.KnownID == "" {
			t.KnownID = inner.ID()
		}
		t.Assumed = inner.Assumed
	}
	return nil
}

// fillQualifier is fill for a function of the template and a qualifier.
func (s *Names) fillQualifier(t *Target, qualifier template.Text) {
	if _, plain := qualifier.Plain(); plain {
		return
	}
	if v, ok := s.Value(qualifier); ok && v != "" {
		t.KnownID = t.Key + ":" + v
	}
}

// mayBeFilled reports whether a text has a part, other than pseudo parameters, whose
// value may be known before the deployment, and none whose value can't be.
func mayBeFilled(x template.Text) bool {
	any := false
	for _, p := range x {
		switch p.Kind {
		case template.Att:
			return false
		case template.Ref:
			any = any || !strings.HasPrefix(p.Text, "AWS::")
		case template.Opaque:
			any = true
		}
	}
	return any
}

// Whereabouts returns the partition and Region of a function elsewhere, as its ARN
// has them, to be shown to people; "<region>" for one that isn't known.
func (s *Names) Whereabouts(t *Target) (partition, region string) {
	p := splitARN(t.ARN)
	if len(p.region) > 0 {
		return s.Shown(p.partition), s.Shown(p.region)
	}
	if t.Region == "" {
		return "", cmp.Or(s.Region, "<region>")
	}
	if one, ok := t.ARN.Single(); ok && s.Settled && !s.IsSecret(one) {
		return t.Partition, t.Region
	}
	return "", "<region>"
}
