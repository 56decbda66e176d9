package caller

import (
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/function"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

var restMethod = Finder{
	Name:  "rest-method",
	Doc:   "Integration.Uri of an AWS::ApiGateway::Method of type AWS or AWS_PROXY",
	Types: []string{"AWS::ApiGateway::Method"},
	Find:  findRestMethod,
}

func findRestMethod(s *Scope, r template.Resource) {
	p := r.Properties()
	for when, integration := range p.Get("Integration").Branches {
		uri, typ := integration.Get("Uri"), integration.Get("Type")
		if integration.Get("Fn::Transform").Exists() {
			s.problem(OpaqueBody, integration.Pointer(), "Fn::Transform")
		}
		if !uri.Exists() {
			continue
		}
		for _, may := range mayInvoke(typ) {
			both, ok := when.And(may)
			if !ok {
				continue
			}
			for source, on := range s.restSources(p) {
				s.connect(&wiring{resource: r, api: p.Get("RestApiId"), uri: uri, when: both, holder: integration, credentials: "Credentials",
					proxy: isProxy(typ), source: source, sourceWhen: on})
			}
		}
	}
}

// A wiring is a property that names a function, and what belongs to it.
type wiring struct {
	resource    template.Resource
	api         template.Value // RestApiId or ApiId; absent where own is set
	own         *API
	uri         template.Value
	when        template.Guard   // of the Fn::If branches around it
	holder      template.Value   // the object that credentials go into
	credentials string           // the name of that member; "" where there is none
	bare        bool             // a function's ARN is accepted as well as an invocation URI
	arn         bool             // nothing but a function's ARN is meant
	proxy       bool             // nothing but an invocation is meant
	at          template.Value   // the property as it stands, where uri is a reading of it
	base        jsontext.Pointer // where the text or document stands that at is in; "": the template itself
	via         []string
	fixed       bool // credentials can't be written: the text isn't the template's own
	source      Source
	sourceWhen  template.Guard // of what makes the source: an API's resources, a route
	route       *route         // instead of source: how a route's key is read depends on the API
	notes       []finding.Finding
}

// connect turns a wiring into calls: one for each API, function and kind of
// credentials that the conditions allow.
func (s *Scope) connect(w *wiring) {
	if s.found.Full {
		return
	}
	var (
		oneAPI        [1]apiVariant // nearly always there is one of each
		oneCredential [1]credentialVariant
	)
	apis := oneAPI[:0]
	if w.own != nil {
		apis = append(apis, apiVariant{API: w.own, ok: true})
	} else {
		apis = s.apis(apis, w.api)
	}
	credentials := s.credentials(oneCredential[:0], w)
	for _, a := range apis {
		s.t.Budget().Spend(len(credentials))
		a.API = ofType(a.API, w.resource.Type)
		source := w.source
		if w.route != nil {
			source = s.routeSource(w.route.key, a.Protocol)
		}
		accepts := function.Accepts{Proxy: w.proxy, Bare: w.bare && a.Protocol != REST || w.arn, Opaque: w.bare && a.Protocol != REST && a.Protocol != WebSocket || w.arn}
		readings := s.Names.Read(w.uri, accepts, func(x template.Text) []function.Staged { return s.perStage(x, a.API) })
		for i := range readings {
			y := &readings[i]
			for _, c := range credentials {
				s.t.Budget().Spend(1 + len(c.when) + len(y.When))
				when, ok := template.All(w.when, w.resource.Condition(), a.when, w.sourceWhen, y.When, c.when)
				if !ok {
					continue
				}
				call := s.calls.New()
				*call = Call{Resource: w.resource.ID, place: w.place(), API: a.API,
					Source: source, Target: &y.Target, When: when, Credential: c.Credential, Problem: y.Problem, Notes: slices.Clone(w.notes)}
				if w.base != "" {
					call.moved = w.base + w.at.Pointer()
				}
				call.Via = append(append(call.via[:0], w.via...), w.resource.ID)
				for _, note := range y.Notes {
					note.At = call.At()
					call.Notes = append(call.Notes, note)
				}
				if call.Problem != nil && call.Problem.At == "" {
					call.Problem.At = call.At()
				}
				if source.Form != Authorizer {
					call.Source.Stage = y.Stage
				}
				if source.Open {
					call.Notes = append(call.Notes, finding.Finding{Reason: UnknownPath, At: call.At()})
				}
				if source.Form == Key && s.readsAsPattern(source.Route) {
					call.Notes = append(call.Notes, finding.Finding{Reason: KeyPattern, At: call.At()})
				}
				if call.Problem == nil {
					call.Problem = w.unfit(a, &call.Source)
					s.nameAPI(call.Problem, a)
				}
				if wrong, hint := wrongCredentials(c.Given); wrong != "" {
					call.Notes = append(call.Notes, finding.Finding{Reason: function.Malformed, At: c.Slot.Pointer(), Detail: "its credentials: " + wrong, Hint: hint})
				}
				if id, ok := s.APIAsText(a.Name); ok && a.ID == "" {
					call.Notes = append(call.Notes, finding.Finding{Reason: function.TextIsID, At: w.api.Pointer(), Detail: id})
				}
				if id, ok := s.FunctionAsText(y.Target.Name); ok && y.Target.Function == "" {
					call.Notes = append(call.Notes, finding.Finding{Reason: function.TextIsID, At: call.At(), Detail: id})
				}
				s.add(call)
			}
		}
	}
}

// unfit tells why no permission can be for the call, whatever its function is.
func (w *wiring) unfit(a apiVariant, src *Source) *finding.Finding {
	if !a.ok {
		return &finding.Finding{Reason: NoAPI, At: w.resource.Pointer(), Detail: wrongAPI(a.Name)}
	}
	size := 0
	for _, p := range src.Route {
		if p.Kind != template.Lit {
			continue
		}
		if size += len(p.Text); strings.ContainsAny(p.Text, "\n\r") {
			return &finding.Finding{Reason: function.Malformed, At: w.resource.Pointer(), Detail: "its route has a line break", Hint: "write it in one line"}
		}
	}
	if size > longestTail {
		return &finding.Finding{Reason: function.Malformed, At: w.resource.Pointer(), Detail: fmt.Sprintf("its route has %d characters, too many for a source ARN", size),
			Hint: "shorten the path"}
	}
	return nil
}

// longestTail is what may stand behind an API's id in a SourceArn of up to 1,024
// characters, the stage left out
// (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-permission.html).
const longestTail = 800

// APIAsText returns the logical id of the API that a literal text is the same as:
// the text is no reference, and an API's id never is so.
func (s *Scope) APIAsText(x template.Text) (string, bool) {
	return s.TextIsID(x, func(typ string) bool { return apiTypes[typ] != AnyProtocol })
}

// place is where the function is named, as far as the template shows it.
func (w *wiring) place() template.Value {
	switch {
	case w.base != "":
		return w.resource.Value // and the call is moved
	case w.at.Exists():
		return w.at
	}
	return w.uri
}

type credentialVariant struct {
	Credential
	when template.Guard
}

// credentials appends the identities of a wiring: one variant for each Fn::If branch.
func (s *Scope) credentials(out []credentialVariant, w *wiring) []credentialVariant {
	if w.credentials == "" || w.fixed {
		v := w.holder.Get(w.credentials)
		if w.credentials == "" || !v.Exists() {
			return append(out, credentialVariant{})
		}
	}
	v := w.holder.Get(w.credentials)
	if !v.Exists() {
		return append(out, credentialVariant{Credential: Credential{Slot: Slot{holder: w.holder, name: w.credentials}}})
	}
	for _, leaf := range leaves(v, nil) {
		for _, x := range leaf.value.Variants() {
			when, ok := leaf.when.And(x.When)
			if !ok {
				continue
			}
			c := Credential{Slot: Slot{w.holder, w.credentials, leaf.value}, Given: x.Text}
			text := x.Text.String()
			if k := s.Evaluate(x.Text); k.OK {
				text = k.Text
			}
			switch {
			case !x.Absent && text == "" && len(x.Text) > 0: // an expression, which can have another value another time
				c = Credential{}
			case x.Absent || text == "" || text == "NONE" && w.credentials == "FunctionInvokeRole":
				c.Given = nil
			case isPassThrough(text):
				c.Identity = PassThrough
			default:
				c.Identity = Role
			}
			if w.fixed {
				c.Slot = Slot{}
			}
			out = append(out, credentialVariant{c, when})
		}
	}
	return out
}

// A leaf is what stands at the end of nested Fn::If, AWS::NoValue included.
type leaf struct {
	value template.Value
	when  template.Guard
}

func leaves(v template.Value, when template.Guard) []leaf {
	fn, arg, ok := v.Intrinsic()
	cond, isText := arg.Item(0).Text()
	if !ok || fn != "Fn::If" || arg.Len() != 3 || !isText {
		return []leaf{{v, when}}
	}
	var out []leaf
	for i, not := range []bool{false, true} {
		if inner, ok := when.And(template.When(cond, not)); ok {
			out = append(out, leaves(arg.Item(i+1), inner)...)
		}
	}
	return out
}

// isPassThrough recognizes arn:P:iam::*:user/*, with which API Gateway calls
// with the identity of its own caller. The documentation prints it escaped too.
func isPassThrough(text string) bool {
	text = strings.ReplaceAll(text, `\`, "")
	return strings.HasPrefix(text, "arn:") && strings.HasSuffix(text, ":iam::*:user/*")
}

// wrongCredentials tells of credentials that are no role's ARN, as far as they are
// literal. API Gateway's own variables may stand in them.
func wrongCredentials(x template.Text) (wrong, hint string) {
	for _, p := range x {
		if p.Kind == template.Lit && (strings.Contains(p.Text, "AWS::NoValue") || strings.ContainsAny(p.Text, " \n\r\t")) {
			return function.WrongText(x)
		}
	}
	return "", ""
}
