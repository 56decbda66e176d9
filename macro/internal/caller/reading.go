package caller

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws/arn"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// A reading is one function that a URI can lead to.
type reading struct {
	target  Target
	stage   template.Text // set where the function depends on the stage's variables
	when    template.Guard
	problem *finding.Finding
	notes   []finding.Finding
}

// accept says what a place takes beside an invocation URI.
type accept struct {
	bare   bool // a function's ARN
	opaque bool // an expression, which is then taken for a function's ARN
	proxy  bool // nothing but an invocation: another action of Lambda is a mistake
}

// A uri is a URI as the template spells it, and what its place accepts. Where it
// has no stage variable and nothing is wrong with it, it always leads to the same.
type uri struct {
	text string
	accept
}

// read resolves the URI at v for an API: one reading for every Fn::If branch
// and, where the URI has stage variables, for every stage.
func (s *Scope) read(v template.Value, a *API, accepts accept) (out []reading) {
	key, same := uri{v.Raw(), accepts}, v.Template() == s.t
	if known, ok := s.readings[key]; ok && same {
		return known
	}
	if fn, ok := invocation(v); ok {
		if target, problem := s.Function(template.Text{fn}); problem == nil {
			out = s.spread(nil, reading{target: target})
			s.remember(key, same, out)
			return out
		}
	}
	for _, x := range v.Variants() {
		if x.Absent || isURL(x.Text) {
			continue
		}
		if variableIn(x.Text) == "" {
			out = s.resolve(out, reading{when: x.When}, x.Text, accepts)
			continue
		}
		same = false
		if _, kind := s.readURI(x.Text); kind == notLambda || kind == controls && !accepts.proxy {
			continue // whatever the stages set
		}
		for _, y := range s.perStage(x.Text, a) {
			if when, ok := x.When.And(y.when); ok {
				y.when = when
				out = s.resolve(out, y.reading, y.text, accepts)
			}
		}
	}
	out = mergeSame(out)
	for _, y := range out {
		same = same && y.problem == nil
	}
	s.remember(key, same, out)
	return out
}

// remember keeps what a URI leads to, where that is always the same.
func (s *Scope) remember(key uri, same bool, out []reading) {
	if !same {
		return
	}
	if s.readings == nil {
		s.readings = make(map[uri][]reading, len(s.Resources("AWS::Lambda::Function")))
	}
	s.readings[key] = out
}

func nonEmpty(x, y template.Text) template.Text {
	if len(x) > 0 {
		return x
	}
	return y
}

// resolve appends the reading of a text, or nothing where it leads to no function.
func (s *Scope) resolve(out []reading, y reading, text template.Text, accepts accept) []reading {
	if y.problem == nil {
		fn, kind := s.readURI(text)
		switch wrong, hint := s.wrongURI(text, kind); {
		case wrong != "":
			y.problem = &finding.Finding{Reason: Malformed, Detail: wrong, Hint: hint}
		case kind == notLambda || kind == controls && !accepts.proxy:
			return out
		default:
			s.identify(&y, fn, kind, text, accepts)
		}
	}
	y.target.ARN = nonEmpty(y.target.ARN, text)
	return s.spread(out, y)
}

// spread appends a reading for each function that its target can be.
func (s *Scope) spread(out []reading, y reading) []reading {
	s.t.Budget().Spend(1 + callSteps*len(y.target.among))
	if y.problem != nil {
		return append(out, y)
	}
	for _, t := range y.target.Each() {
		one := y
		one.target = t
		one.target.ARN = y.target.ARN
		out = append(out, one) // its condition comes with the target
	}
	return out
}

// identify fills in the target of a reading, or the problem with it.
func (s *Scope) identify(y *reading, fn template.Text, kind uriKind, text template.Text, accepts accept) {
	switch kind {
	case hidden:
		y.problem = &finding.Finding{Reason: OpaqueURI}
		return
	case controls:
		y.target, _ = s.Function(fn)
		y.problem = &finding.Finding{Reason: NotInvoked}
		return
	case unclear:
		var ok bool
		if fn, ok = s.readValue(text); !ok && (!accepts.opaque || len(fn) == 0) {
			y.problem = &finding.Finding{Reason: OpaqueURI}
			if _, plain := text.Visible().Plain(); plain && variableIn(text) == "" {
				y.problem = &finding.Finding{Reason: Malformed, Detail: "it is neither an ARN nor a URL"}
			}
			return
		}
	case functionID:
		if !accepts.bare {
			y.target, _ = s.Function(fn)
			y.problem = &finding.Finding{Reason: BareARN}
			return
		}
	}
	y.target, y.problem = s.Function(fn)
	if kind == invokesURI && y.problem == nil {
		s.reach(y, fn, text)
	}
	if _, async := withoutSlash(text).TrimSuffix("/invoke-async"); async {
		y.notes = append(y.notes, finding.Finding{Reason: AsyncURI})
	}
	if len(y.target.Name) > 0 && y.target.Name[0].Kind == template.Lit && strings.HasPrefix(y.target.Name[0].Text, "{{resolve:") {
		y.notes = append(y.notes, finding.Finding{Reason: DynamicReference})
	}
}

// reach tells of an invocation URI whose Region isn't the function's: Lambda then
// answers "Functions from 'us-west-2' are not reachable in this region".
func (s *Scope) reach(y *reading, fn, text template.Text) {
	parts := text.Split(":")
	if len(parts) < 5 {
		return
	}
	of := splitARN(fn).region
	if y.target.Function != "" && len(of) == 0 {
		of = template.RefTo("AWS::Region")
	}
	uri, byParameter := s.region(parts[3])
	function, too := s.region(of)
	if !regionPattern().MatchString(uri) || !regionPattern().MatchString(function) || uri == function {
		return
	}
	problem := finding.Finding{Reason: Unreachable}
	if y.target.Elsewhere() || byParameter || too { // a parameter has another value another time
		y.notes = append(y.notes, problem)
		return
	}
	y.problem = &problem
}

// region is the value of a Region in an ARN, as far as it is known, and whether a
// parameter has it.
func (s *Scope) region(x template.Text) (value string, byParameter bool) {
	k := s.known(x)
	return k.text, k.parameter
}

// readValue decides about a URI that is a parameter as a whole by the value
// that the event gives: an ARN is passed on as it is; of an invocation URI the
// function is selected by an expression, so that the value isn't written out.
func (s *Scope) readValue(x template.Text) (fn template.Text, ok bool) {
	p, single := x.Single()
	if !single {
		return x, false
	}
	value, given := s.env.Parameter(s.t, p.Text)
	if p.Kind != template.Ref || !given || value == "" { // an empty one tells nothing of the next deployment
		return x, false
	}
	a, err := arn.Parse(value)
	switch {
	case err == nil && a.Service == "lambda" && strings.HasPrefix(a.Resource, "function:"):
		return x, true
	case strings.Contains(value, ":lambda:path/") && strings.Contains(value, "/functions/") && strings.HasSuffix(value, "/invocations"):
		expr := `{"Fn::Select":[0,{"Fn::Split":["/invocations",{"Fn::Select":[1,{"Fn::Split":["/functions/",` + x.JSON() + `]}]}]}]}`
		v := template.Index(expr).Root()
		return template.Text{{Kind: template.Opaque, Text: expr, Expr: v}}, true
	}
	return nil, false
}

// mergeSame makes one reading of branches that lead to the same function when
// one of them is always taken.
func mergeSame(rs []reading) []reading {
	if len(rs) != 2 || rs[0].problem != nil || rs[1].problem != nil || len(rs[0].when) != 1 || len(rs[1].when) != 1 {
		return rs
	}
	a, b := rs[0], rs[1]
	if a.when[0].Cond == b.when[0].Cond && a.target.ID() == b.target.ID() && a.stage.Key() == b.stage.Key() {
		a.when = nil
		return []reading{a}
	}
	return rs
}
