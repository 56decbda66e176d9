package caller

import (
	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/function"
	"github.com/grantinvoke/grantinvoke/macro/internal/sam"
	"github.com/grantinvoke/grantinvoke/macro/internal/stack"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// What SAM itself adds, as of translator 1.110, is told as [Given], so that it
// isn't added twice. Everything here exists only where the macro runs before
// AWS::Serverless-2016-10-31.

var samBody = Finder{
	Name:  "sam-body",
	Doc:   "x-amazon-apigateway-integration and -authorizer in the DefinitionBody of an AWS::Serverless::Api or HttpApi",
	Types: []string{"AWS::Serverless::Api", "AWS::Serverless::HttpApi"},
	Find: func(s *Scope, r template.Resource) {
		s.findBody(r, r.Properties().Get("DefinitionBody"), s.SAMProperty(r, "DefinitionUri"), template.Value{})
	},
}

var samAuthorizer = Finder{
	Name:  "sam-authorizer",
	Doc:   "Auth.Authorizers.*.FunctionArn of an AWS::Serverless::Api or HttpApi, Globals included",
	Types: []string{"AWS::Serverless::Api", "AWS::Serverless::HttpApi"},
	Find:  findSAMAuthorizers,
}

var samEvent = Finder{
	Name:  "sam-event",
	Doc:   "Events of type Api and HttpApi of an AWS::Serverless::Function, which SAM permits itself",
	Types: []string{"AWS::Serverless::Function"},
	Find:  findSAMEvents,
}

func findSAMAuthorizers(s *Scope, r template.Resource) {
	own := r.Properties().Path("Auth", "Authorizers")
	api := s.ownAPI(r)
	s.samAuthorizers(r, api, own, template.Value{}, false)
	s.samAuthorizers(r, api, sam.Global(s.t, r.Type).Path("Auth", "Authorizers"), own, true)
}

// samAuthorizers reads the authorizers that aren't among those nearer by. What
// stands in Globals belongs to several APIs, so no role is written there.
func (s *Scope) samAuthorizers(r template.Resource, api *API, authorizers, nearer template.Value, global bool) {
	for when, set := range authorizers.Branches {
		for name, v := range set.Members() {
			if nearer.Get(name).Exists() {
				continue
			}
			for inner, a := range v.Branches {
				both, ok := when.And(inner)
				if !ok || !a.Get("FunctionArn").Exists() {
					continue
				}
				w := &wiring{resource: r, own: api, uri: a.Get("FunctionArn"), when: both, holder: a, credentials: "FunctionInvokeRole",
					bare: true, arn: true, fixed: global,
					source: authorizerSource(template.Literal("*"), name)}
				s.connect(w)
				if sam.Permits(r.Type, a) {
					s.give(w, "SAM, for the authorizer "+name+" of "+r.ID, template.Literal("authorizers/*"))
					s.samFails(w, sam.Switch(r.Type))
				}
			}
		}
	}
}

// samFails tells of the permissions that SAM adds for functions of other accounts
// and Regions, which can't be made. hint is how SAM is kept from it.
func (s *Scope) samFails(w *wiring, hint string) {
	for _, x := range w.uri.Variants() {
		t, problem := s.Function(x.Text)
		when, ok := template.All(w.when, w.resource.Condition(), x.When)
		if problem == nil && ok && !x.Absent && t.Elsewhere() && s.t.PossibleHere(when) {
			s.found.Problems = append(s.found.Problems, finding.Finding{Reason: SAMFails, At: w.uri.Pointer(), Hint: hint})
		}
	}
}

// give records what SAM grants to the functions of a wiring.
func (s *Scope) give(w *wiring, by string, tail template.Text) {
	for _, x := range w.uri.Variants() {
		t, problem := s.Function(x.Text)
		when, ok := template.All(w.when, w.resource.Condition(), x.When)
		if problem != nil || !ok || x.Absent {
			continue
		}
		for _, one := range t.Each() {
			if when, ok := when.And(one.When); ok {
				s.found.Given = append(s.found.Given, Given{By: by, API: w.own, Tail: tail, Target: one, When: when})
			}
		}
	}
}

// findSAMEvents tells both the calls of a function's events and SAM's grants
// for them: on the alias where AutoPublishAlias makes one.
func findSAMEvents(s *Scope, r template.Resource) {
	for name, event := range r.Properties().Get("Events").Members() {
		typ, _ := event.Get("Type").Text()
		protocol, idName, implicit := REST, "RestApiId", "ServerlessRestApi"
		switch typ {
		case "Api":
		case "HttpApi":
			protocol, idName, implicit = HTTP, "ApiId", "ServerlessHttpApi"
		default:
			continue
		}
		p := event.Get("Properties")
		api := &API{ID: implicit, Key: stack.Key(implicit), Name: template.RefTo(implicit), Protocol: protocol}
		given := api // whom SAM's permission is for
		var notes []finding.Finding
		if id := p.Get(idName); id.Exists() {
			x, _ := id.One()
			var ok bool
			if api, ok = s.API(x); !ok {
				continue
			}
			given = api
			if own, ok := s.wiredByText(x); ok {
				api, notes = own, []finding.Finding{{Reason: function.TextIsID, At: id.Pointer(), Detail: own.ID}}
			}
		}
		src, tail := s.eventSource(p, protocol)
		target := s.EventTarget(r)
		s.add(&Call{Resource: r.ID, place: event, Via: []string{r.ID}, API: api, Source: src, Target: &target, When: r.Condition(), Notes: notes})
		s.found.Given = append(s.found.Given, Given{By: "SAM, for the event " + name + " of " + r.ID, API: given, Tail: tail,
			Target: target, When: r.Condition()})
	}
}

// wiredByText is the API that an event names by its logical id without a Ref. SAM
// puts the route into it all the same, but leaves the text in its permission, which
// then matches nothing (https://github.com/aws/serverless-application-model/issues/3393).
func (s *Scope) wiredByText(x template.Text) (*API, bool) {
	id, plain := x.Plain()
	if r, ok := s.t.Resource(id); plain && ok && sam.Is(r.Type) && apiTypes[r.Type] != AnyProtocol {
		return s.ownAPI(r), true
	}
	return nil, false
}

func (s *Scope) eventSource(p template.Value, protocol Protocol) (Source, template.Text) {
	path, hasPath := p.Get("Path").One()
	method, _ := p.Get("Method").One()
	if protocol == HTTP && (!hasPath || path.String() == "$default") {
		return Source{Form: Key, Route: template.Literal("$default"), Label: "$default"}, template.Literal("*/*")
	}
	src := s.methodSource(verbOf(method), path, protocol)
	return src, src.Tail(nil)
}
