package apigateway

import (
	"iter"

	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/policy"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// widen is how an API's sources are widened: to all verbs of a path, all paths below one,
// keys that begin alike, a stage, the API. The foreign routes that a pattern matches are
// counted among all calls of the template.
func widen(calls iter.Seq[*invoke.Call]) invoke.Widener {
	routes := registerOf(calls)
	return func(wanted []*invoke.Wanted, listed bool) invoke.Ladder {
		b := builder{make([]tail, len(wanted)), routes.besides(wanted[0].Call)}
		for i, w := range wanted {
			b.tails[i] = tailOfWanted(w, listed)
		}
		return invoke.Ladder{Set: b.api(), Tail: func(p policy.Pattern) template.Text { return wider(wanted[p.Routes[0]], p.Rung) }}
	}
}

// wider is the tail of a wanted source widened to a rung.
func wider(w *invoke.Wanted, to policy.Rung) template.Text {
	stage := w.Stage
	if len(stage) == 0 {
		stage = template.Literal("*")
	}
	verb, path, _ := w.Call.Source.Route.Cut("/")
	switch to.Level {
	case everyVerb:
		return template.Join(stage, template.Literal("/*/"), path)
	case below, belowVerb:
		if to.Level == below {
			verb = template.Literal("*")
		}
		tail := template.Join(stage, template.Literal("/"), verb, template.Literal("/"))
		for _, segment := range path.Split("/")[:to.Keep] {
			tail = template.Join(tail, segment, template.Literal("/"))
		}
		return template.Join(tail, template.Literal("*"))
	case keysBegin:
		key, _ := w.Call.Source.Route.Plain()
		return template.Join(stage, template.Literal("/"+key[:to.Keep]+"*"))
	case wholeStage:
		return template.Join(stage, template.Literal("/*"))
	}
	return template.Literal("*")
}
