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

// A component of a function's ARN says where the function is.
type component struct {
	text        template.Text
	pseudo, own string // the pseudo parameter for the stack's own, and its value; "" where that isn't known
	pattern     func() *regexp.Regexp
}

func (s *Names) components(p *arnText) [3]component {
	return [...]component{
		{p.partition, "AWS::Partition", s.Partition, partitionPattern},
		{p.region, "AWS::Region", s.Region, regionPattern},
		{p.account, "AWS::AccountId", s.Account, accountPattern},
	}
}

// A whereabouts is how a component compares with the stack's own.
type whereabouts uint8

const (
	here    whereabouts = iota // the stack's own
	varies                     // the stack's own by the value that a parameter has now
	assumed                    // literal, while the stack's own isn't known
	foreign
	nowhere // not known
)

func (s *Names) where(c component) (w whereabouts, value string) {
	if p, ok := c.text.Single(); len(c.text) == 0 || ok && p.Text == c.pseudo {
		return here, ""
	}
	k := s.Evaluate(c.text)
	switch {
	case !k.OK || !c.pattern().MatchString(k.Text):
		return nowhere, ""
	case c.own == "":
		if c.pseudo == "AWS::Partition" {
			return here, "" // the Region tells, and stands beside it
		}
		if k.Parameter {
			return nowhere, ""
		}
		return assumed, k.Text
	case k.Text != c.own:
		return foreign, k.Text
	case k.Parameter:
		return varies, ""
	}
	return here, ""
}

// place notes where a function is whose ARN says so. A name never stands for the
// ARN of a function whose account, Region or partition may not be the stack's: it
// would be one of the stack's own.
func (s *Names) place(t *Target, p arnText) {
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
			t.Place += value + ":"
		}
		found = max(found, w)
	}
	arn := p.arn
	if len(arn) == 0 {
		arn = partialARN(p)
	}
	switch own := t.Function != ""; {
	case found == here, found == varies && own, found == assumed && own:
		t.Place = ""
	case found == assumed:
		t.Alike, t.Key, t.Name = t.Key, arn.Key(), arn
	default:
		*t = Target{Key: arn.Key(), Name: arn, ARN: t.ARN, When: t.When, Foreign: t.Foreign}
	}
}

// partialARN is A:function:N or R:A:function:N without a qualifier.
func partialARN(p arnText) template.Text {
	colon := template.Literal(":")
	x := template.Join(p.account, template.Literal(":function:"), p.name)
	if len(p.region) > 0 {
		x = template.Join(p.region, colon, x)
	}
	return x
}

// fill looks at a target's text with everything filled in that is known: the
// function can then turn out to be elsewhere, or one that other texts name too.
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
	t.Bare = !strings.Contains(k.Text, ":")
	inner, problem := s.function(template.Literal(k.Text), depth+1)
	switch {
	case problem != nil:
		return &finding.Finding{Reason: Malformed, Detail: "by the value that " + x.String() + " has now"}
	case inner.Elsewhere():
		t.Region, t.Account, t.Partition = inner.Region, inner.Account, inner.Partition
	case !k.Parameter || s.Settled:
		if t.Alike = inner.Alike; t.Alike == "" {
			t.Alike = inner.ID()
		}
		t.Place = inner.Place
	}
	return nil
}

// fillQualifier is fill for a function of the template and a qualifier.
func (s *Names) fillQualifier(t *Target, qualifier template.Text) {
	if _, plain := qualifier.Plain(); plain {
		return
	}
	if v, ok := s.Value(qualifier); ok && v != "" {
		t.Alike = t.Key + ":" + v
	}
}

// mayBeFilled reports whether a text has a part beside the pseudo parameters
// whose value can be known, and none of which nothing is.
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

// Whereabouts returns the partition and Region of a function elsewhere as its ARN
// has them, for people.
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
