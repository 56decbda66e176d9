package transform

import (
	"context"
	"log/slog"
	"time"

	"github.com/grantinvoke/grantinvoke/macro/internal/body"
	"github.com/grantinvoke/grantinvoke/macro/internal/caller"
	"github.com/grantinvoke/grantinvoke/macro/internal/grant"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// Documents fetches API definitions that lie outside of the template: those it
// can read, and for the others the reason.
type Documents func(context.Context, []caller.Location) (map[caller.Location]*template.Template, map[caller.Location]caller.Unread)

// From returns the documents that a loader reads.
func From(l *body.Loader) Documents {
	return func(ctx context.Context, wanted []caller.Location) (map[caller.Location]*template.Template, map[caller.Location]caller.Unread) {
		locations := make([]body.Location, len(wanted))
		for i, w := range wanted {
			locations[i] = location(w)
		}
		read, unread := map[caller.Location]*template.Template{}, map[caller.Location]caller.Unread{}
		results := l.Load(ctx, locations)
		for _, w := range wanted {
			if r := results[location(w)]; r.Err != nil {
				unread[w] = caller.Unread{Reason: string(r.Err.Reason), Detail: r.Err.Detail + "; hint: " + r.Err.Hint}
			} else {
				read[w] = template.Index(r.JSON)
			}
		}
		return read, unread
	}
}

func location(w caller.Location) body.Location {
	l := body.Location{Bucket: w.Bucket, Key: w.Key, Version: w.Version, ETag: w.ETag, Path: w.Path}
	if w.Snippet {
		l.Kind = body.Snippet
	}
	return l
}

func (h Handler) decide(ctx context.Context, t *template.Template, e Event, o grant.Options, partial bool) (*grant.Result, error) {
	env := caller.Environment{Region: e.Region, Account: e.AccountID, Parameters: e.Parameters, Partial: partial}
	if h.Documents != nil {
		if outside := caller.Locations(t, env); len(outside) > 0 {
			env.Documents, env.Unreadable = h.Documents(ctx, outside)
		}
	}
	return grant.Decide(t, env, o)
}

// log writes one line for an invocation: sizes and counts, nothing of the
// template's content and no parameter's value.
func (h Handler) log(ctx context.Context, e Event, in, out int, r *grant.Result, err error, took time.Duration) {
	if h.Log == nil {
		return
	}
	attrs := []slog.Attr{slog.String("transformId", e.TransformID), slog.Int("bytesIn", in), slog.Int("bytesOut", out),
		slog.Duration("took", took)}
	if err != nil {
		h.Log.LogAttrs(ctx, slog.LevelError, "failed", append(attrs, slog.String("error", err.Error()))...)
		return
	}
	counts := map[grant.Verdict]int{}
	for _, d := range r.Decisions {
		counts[d.Verdict]++
		if d.Problem != nil {
			h.Log.LogAttrs(ctx, slog.LevelWarn, d.Problem.Name, slog.String("call", grant.Message(*d.Problem)))
		}
	}
	for _, v := range grant.Verdicts() {
		attrs = append(attrs, slog.Int(string(v), counts[v]))
	}
	h.Log.LogAttrs(ctx, slog.LevelInfo, "done", append(attrs, slog.Int("grants", len(r.Grants)))...)
}
