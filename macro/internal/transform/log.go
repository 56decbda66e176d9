package transform

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"regexp"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/aws/aws-lambda-go/lambdacontext"

	"github.com/grantinvoke/grantinvoke/macro/internal/engine"
	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/grant"
)

// A Log tells the platform team what the macro does: in a line of JSON for every
// invocation, which has the metrics too, and one for every call that stays unknown.
// Of a template it has only logical ids and names of properties. Values, paths and
// messages may be secrets or hold some, and not everybody who may read the log may
// read the template.
//
// The nil Log writes nothing.
type Log struct {
	lines    *slog.Logger
	function string      // the macro's own function, the dimension of the metrics
	warm     atomic.Bool // this process has answered before
}

// NewLog returns a log that writes to w what is of the level or above. level is as
// Lambda names it; INFO where it is empty or unknown. function is the name of the
// macro's own function.
func NewLog(w io.Writer, level, function string) *Log {
	var least slog.Level
	if least.UnmarshalText([]byte(level)) != nil {
		least = slog.LevelInfo
	}
	return &Log{function: functionName(function), lines: slog.New(slog.NewJSONHandler(w, &slog.HandlerOptions{Level: least, ReplaceAttr: lambdacontext.ReplaceAttr}))}
}

// An invocation is what the log tells about one event.
type invocation struct {
	start   time.Time
	event   Event
	in, out int            // bytes
	result  *engine.Result // nil where nothing was decided
	err     error          // why the answer is a failure
}

// maxLines is how many unknown calls of one template get a line.
const maxLines = 100

func (l *Log) invocation(ctx context.Context, i invocation) {
	if l == nil {
		return
	}
	cold := !l.warm.Swap(true)
	about := []slog.Attr{requestID(ctx), slog.String("transformId", transformID(i.event.TransformID))}
	if i.result != nil {
		l.unknown(ctx, about, problemsOf(i.result))
	}
	level, message := slog.LevelInfo, "done"
	attrs := append(about, slog.Bool("cold", cold), slog.Int("bytesIn", i.in), slog.Int("bytesOut", i.out))
	if i.err != nil {
		level, message = slog.LevelError, "failed"
		attrs = append(attrs, slog.String("at", placeOf(i.err)))
	}
	if i.result != nil {
		attrs = append(attrs, verdicts(i.result))
	}
	l.lines.LogAttrs(ctx, level, message, append(attrs, i.metrics(l.function, time.Now())...)...)
}

// unknown writes a line for each problem.
func (l *Log) unknown(ctx context.Context, about []slog.Attr, all []finding.Finding) {
	for n, p := range all {
		if n == maxLines {
			l.lines.LogAttrs(ctx, slog.LevelWarn, "more of them", append(about[:len(about):len(about)], slog.Int("count", len(all)-n))...)
			return
		}
		l.lines.LogAttrs(ctx, slog.LevelWarn, p.Sentence, append(about[:len(about):len(about)],
			slog.String("reason", p.Name), slog.String("at", names(p.Place())))...)
	}
}

// problemsOf returns the findings that somebody should act on: about calls that can't
// be known or can't be allowed by this stack, and about the template.
func problemsOf(r *engine.Result) []finding.Finding {
	var all []finding.Finding
	for _, d := range r.Decisions {
		if d.Problem != nil {
			all = append(all, *d.Problem)
		}
	}
	for _, p := range r.Problems {
		if p.Severity.Matters() {
			all = append(all, p)
		}
	}
	return all
}

// verdicts counts the calls by verdict.
func verdicts(r *engine.Result) slog.Attr {
	counts := map[grant.Verdict]int{}
	for _, d := range r.Decisions {
		counts[d.Verdict]++
	}
	var list []any
	for _, v := range grant.Verdicts() {
		list = append(list, slog.Int(string(v), counts[v]))
	}
	return slog.Group("verdicts", list...)
}

// panicked writes the stack of a panic and the type of its value. It writes the text
// only of the runtime's own errors: any other may hold a part of the template.
func (l *Log) panicked(ctx context.Context, value any) {
	if l == nil {
		return
	}
	text := fmt.Sprintf("%T", value)
	if e, ok := value.(runtime.Error); ok {
		text = e.Error()
	}
	l.lines.LogAttrs(ctx, slog.LevelError, "panic", requestID(ctx), slog.String("panic", text), slog.String("stack", string(debug.Stack())))
}

// requestID returns Lambda's id of the invocation, an empty attribute outside of
// Lambda.
func requestID(ctx context.Context) slog.Attr {
	if c, ok := lambdacontext.FromContext(ctx); ok {
		return slog.String("requestId", c.AwsRequestID)
	}
	return slog.Attr{}
}

var transformForm = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[0-9]{12}::[A-Za-z0-9_-]+$`) })

// transformID returns the event's transform id if it has the form of one, or else
// "unknown", since a caller of the function may send any text.
func transformID(id string) string {
	if len(id) <= len("123456789012::")+128 && transformForm().MatchString(id) {
		return id
	}
	return "unknown"
}

// maxPlace is how many bytes of a place are logged.
const maxPlace = 512

// placeOf returns where an error is, as names.
func placeOf(err error) string {
	at, _, _ := finding.Parts(err)
	at, _, _ = strings.Cut(at, ": ") // "GRANTINVOKE_OPTIONS of the macro's function: Scope"
	if !strings.Contains(at, ".") {
		at, _, _ = strings.Cut(at, " ")
	}
	return names(at)
}

// names returns the beginning of a place that consists of names: logical ids,
// properties, options. It ends before the first part that may be any text, such as
// the path of an API.
func names(where string) string {
	end := 0
	for name := range strings.SplitSeq(where, ".") {
		if next := end + len(name) + 1; isName(name) && next <= maxPlace {
			end = next
			continue
		}
		break
	}
	return where[:max(end-1, 0)]
}

func isName(s string) bool {
	for _, c := range []byte(s) {
		if !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_' || c == ':') {
			return false
		}
	}
	return s != ""
}
