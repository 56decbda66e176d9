package transform

import (
	"cmp"
	"context"

	"github.com/grantinvoke/grantinvoke/macro/internal/budget"
	"github.com/grantinvoke/grantinvoke/macro/internal/definition"
	"github.com/grantinvoke/grantinvoke/macro/internal/engine"
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/option"
	"github.com/grantinvoke/grantinvoke/macro/internal/service"
	"github.com/grantinvoke/grantinvoke/macro/internal/stack"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// Documents reads API definitions outside of the template. It returns those that it
// could read, and for the others the reason.
type Documents func(context.Context, []definition.Location) (map[definition.Location]*template.Template, map[definition.Location]*definition.Error)

// From returns Documents that a loader reads.
func From(l *definition.Loader) Documents {
	return func(ctx context.Context, wanted []definition.Location) (map[definition.Location]*template.Template, map[definition.Location]*definition.Error) {
		read, unread := map[definition.Location]*template.Template{}, map[definition.Location]*definition.Error{}
		results := l.Load(ctx, wanted)
		for _, w := range wanted {
			if r := results[w]; r.Err != nil {
				unread[w] = r.Err
			} else {
				read[w] = template.Index(r.JSON)
			}
		}
		return read, unread
	}
}

// Local returns Documents that a loader reads from files. where returns the file that
// will be uploaded as an object of a bucket, "" for an object that no file becomes:
// such objects are left out.
func Local(l *definition.Loader, where func(bucket, key string) string) Documents {
	read := From(l)
	return func(ctx context.Context, wanted []definition.Location) (map[definition.Location]*template.Template, map[definition.Location]*definition.Error) {
		files := map[definition.Location]definition.Location{}
		var list []definition.Location
		for _, w := range wanted {
			file := w
			if w.Path == "" {
				file = definition.Location{Kind: w.Kind, Path: where(w.Bucket, w.Key)}
			}
			if file.Path != "" {
				files[w], list = file, append(list, file)
			}
		}
		found, missed := read(ctx, list)
		documents, unread := map[definition.Location]*template.Template{}, map[definition.Location]*definition.Error{}
		for w, file := range files {
			if doc, ok := found[file]; ok {
				documents[w] = doc
			} else {
				unread[w] = missed[file]
			}
		}
		return documents, unread
	}
}

func (h Handler) decide(ctx context.Context, t *template.Template, e Event, o option.Options, partial bool) (r *engine.Result, err error) {
	defer budget.Catch(&err)
	t.Limit(budget.New())
	env := invoke.Environment{Services: service.All(), Facts: stack.Facts{
		Region: e.Region, Account: e.AccountID, Partition: cmp.Or(e.Partition, template.Partition(e.Region)), Parameters: e.Parameters, Settled: e.Settled, Partial: partial,
	}}
	if h.Documents != nil {
		if outside := env.Services.Definitions(t, env); len(outside) > 0 {
			env.Documents, env.Unreadable = h.Documents(ctx, outside)
			for _, doc := range env.Documents {
				doc.Limit(t.Budget())
			}
		}
		// Going on without a definition that was there at the last deployment,
		// and will be at the next, would take away the permissions it needs.
		if err := env.Services.Interrupted(t, env); err != nil {
			return nil, err
		}
	}
	return engine.Decide(t, env, o)
}

// Concerns reports whether a resource of the type may make a call or allow one.
func Concerns(typ string) bool { return service.All().Reads(typ) }
