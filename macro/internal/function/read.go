package function

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws/arn"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// A Reading is one function that a property may name, or the problem with it.
type Reading struct {
	Target  Target
	Stage   template.Text // set where the function depends on the variables of a stage
	When    template.Guard
	Problem *finding.Finding
	Notes   []finding.Finding
}

// A Staged is the text of a property on one stage, with its variables filled in.
type Staged struct {
	Reading
	Text template.Text
}

// PerStage returns a text for each stage of an API, with the stage's variables
// filled in.
type PerStage func(x template.Text) []Staged

// Accepts tells what a property takes besides an invocation URI.
type Accepts struct {
	Bare   bool // a function's ARN
	Opaque bool // an expression of unknown value, which is taken for a function's ARN
	Proxy  bool // only an invocation: another action of Lambda is a mistake
	Named  bool // only a function, so that a parameter whose value is a name is one
}

// A property is a property as the template spells it, and what it accepts. Without
// a stage variable or a problem, equal ones always have the same readings.
type property struct {
	text string
	Accepts
}

// Read resolves the property at v: one reading for every Fn::If branch and, where
// it has stage variables, for every stage. perStage is nil where there are none.
func (s *Names) Read(v template.Value, accepts Accepts, perStage PerStage) (out []Reading) {
	key, same := property{v.Raw(), accepts}, v.Template() == s.t
	if known, ok := s.read[key]; ok && same {
		return known
	}
	if target, ok := s.usual(v, accepts); ok {
		out = s.spread(nil, Reading{Target: target})
		s.remember(key, same, out)
		return out
	}
	for _, x := range v.Variants() {
		if x.Absent || isURL(x.Text) {
			continue
		}
		if Variable(x.Text) == "" {
			out = s.resolve(out, Reading{When: x.When}, x.Text, accepts)
			continue
		}
		same = false
		if _, kind := s.readURI(x.Text); kind == notLambda || kind == controls && !accepts.Proxy {
			continue // whatever the stages set
		}
		for _, y := range s.staged(x.Text, perStage) {
			if when, ok := x.When.And(y.When); ok {
				y.When = when
				out = s.resolve(out, y.Reading, y.Text, accepts)
			}
		}
	}
	out = mergeSame(out)
	for _, y := range out {
		same = same && y.Problem == nil
	}
	s.remember(key, same, out)
	return out
}

// remember keeps the readings of a property, where these are always the same.
func (s *Names) remember(key property, same bool, out []Reading) {
	if !same {
		return
	}
	if s.read == nil {
		s.read = make(map[property][]Reading, s.Count("AWS::Lambda::Function"))
	}
	s.read[key] = out
}

// resolve appends the reading of a text, or nothing where it leads to no function.
func (s *Names) resolve(out []Reading, y Reading, text template.Text, accepts Accepts) []Reading {
	if y.Problem == nil {
		fn, kind := s.readURI(text)
		switch wrong, hint := s.wrongURI(text, kind); {
		case wrong != "":
			y.Problem = &finding.Finding{Reason: Malformed, Detail: wrong, Hint: hint}
		case kind == notLambda || kind == controls && !accepts.Proxy:
			return out
		default:
			s.identify(&y, fn, kind, text, accepts)
		}
	}
	y.Target.ARN = y.Target.ARN.Or(text)
	return s.spread(out, y)
}

// stepsEach is how many steps of the budget each function costs that a name may mean.
const stepsEach = 20

// spread appends a reading for each function that the target of y may be.
func (s *Names) spread(out []Reading, y Reading) []Reading {
	s.t.Budget().Spend(1 + stepsEach*len(y.Target.alternatives))
	if y.Problem != nil || len(y.Target.alternatives)+len(y.Target.absentWhen) == 0 {
		return append(out, y)
	}
	for _, t := range y.Target.Each() {
		one := y
		one.Target = t
		one.Target.ARN = y.Target.ARN
		out = append(out, one) // the target has its own condition
	}
	for _, g := range y.Target.absentWhen {
		if when, ok := y.When.And(g); ok {
			out = append(out, Reading{Target: Target{Key: y.Target.ARN.Key(), Name: y.Target.ARN, ARN: y.Target.ARN}, Stage: y.Stage, When: when,
				Problem: &finding.Finding{Reason: NotAlways}})
		}
	}
	return out
}

// identify fills in the target of a reading, or the problem with it.
func (s *Names) identify(y *Reading, fn template.Text, kind uriKind, text template.Text, accepts Accepts) {
	switch kind {
	case hidden:
		y.Problem = &finding.Finding{Reason: OpaqueURI}
		return
	case controls:
		y.Target, _ = s.Function(fn)
		y.Problem = &finding.Finding{Reason: NotInvoked}
		return
	case unclear:
		var ok bool
		if fn, ok = s.readValue(text); !ok && accepts.Named && s.isName(text) {
			fn, ok = text, true
		}
		if !ok && (!accepts.Opaque || len(fn) == 0) {
			y.Problem = &finding.Finding{Reason: OpaqueURI}
			if _, plain := text.Visible().Plain(); plain && Variable(text) == "" {
				y.Problem = &finding.Finding{Reason: Malformed, Detail: "it is neither an ARN nor a URL"}
			}
			return
		}
	case functionID:
		if !accepts.Bare {
			y.Target, _ = s.Function(fn)
			y.Problem = &finding.Finding{Reason: BareARN}
			return
		}
	}
	y.Target, y.Problem = s.Function(fn)
	if kind == invokesURI && y.Problem == nil {
		s.reach(y, fn, text)
	}
	if kind == invokesURI && !isInvokeVersion(text) {
		y.Notes = append(y.Notes, finding.Finding{Reason: APIVersion})
	}
	if _, async := withoutSlash(text).TrimSuffix("/invoke-async"); async {
		y.Notes = append(y.Notes, finding.Finding{Reason: AsyncURI})
	}
	if len(y.Target.Name) > 0 && y.Target.Name[0].Kind == template.Lit && strings.HasPrefix(y.Target.Name[0].Text, "{{resolve:") {
		y.Notes = append(y.Notes, finding.Finding{Reason: DynamicReference})
	}
}

// reach adds a problem or a note to the reading of an invocation URI whose Region
// isn't the function's: Lambda then answers "Functions from 'us-west-2' are not
// reachable in this region".
func (s *Names) reach(y *Reading, fn, text template.Text) {
	parts := text.Split(":")
	if len(parts) < 5 {
		return
	}
	of := splitARN(fn).region
	if y.Target.Function != "" && len(of) == 0 {
		of = template.RefTo("AWS::Region")
	}
	uri, byParameter := s.region(parts[3])
	function, too := s.region(of)
	if !regionPattern().MatchString(uri) || !regionPattern().MatchString(function) || uri == function {
		return
	}
	problem := finding.Finding{Reason: Unreachable}
	if y.Target.Elsewhere() || byParameter || too { // a parameter has another value another time
		y.Notes = append(y.Notes, problem)
		return
	}
	y.Problem = &problem
}

// region returns the value of a Region in an ARN, "" where it isn't known, and
// whether it comes from a parameter.
func (s *Names) region(x template.Text) (value string, byParameter bool) {
	k := s.Evaluate(x)
	return k.Text, k.Parameter
}

// readValue reads a URI that is a reference to a parameter by the value that the
// event has for it. fn is the reference itself where that is a function's ARN; where
// it is an invocation URI, fn is an expression that selects the function, so that
// the value isn't written into the template.
func (s *Names) readValue(x template.Text) (fn template.Text, ok bool) {
	p, single := x.Single()
	if !single {
		return x, false
	}
	value, given := s.ParameterOf(s.t, p.Text)
	if p.Kind != template.Ref || !given || value == "" { // an empty one says nothing about the next deployment
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

// isName reports whether a text is a parameter whose value is a function's name.
func (s *Names) isName(x template.Text) bool {
	p, single := x.Single()
	value, given := s.ParameterOf(s.t, p.Text)
	_, wrong := wrongCharacter(template.Literal(value))
	return single && p.Kind == template.Ref && given && value != "" && len(value) <= longestName && !wrong
}

// mergeSame makes one reading of the two branches of an Fn::If that lead to the
// same function.
func mergeSame(rs []Reading) []Reading {
	if len(rs) != 2 || rs[0].Problem != nil || rs[1].Problem != nil || len(rs[0].When) != 1 || len(rs[1].When) != 1 {
		return rs
	}
	a, b := rs[0], rs[1]
	if a.When[0].Cond == b.When[0].Cond && a.Target.ID() == b.Target.ID() && a.Stage.Key() == b.Stage.Key() {
		a.When = nil
		return []Reading{a}
	}
	return rs
}
