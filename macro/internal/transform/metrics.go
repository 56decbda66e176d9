package transform

import (
	"log/slog"
	"strings"
	"time"

	"github.com/grantinvoke/grantinvoke/macro/internal/grant"
)

// The metrics stand in the invocation's own line, in CloudWatch's embedded
// metric format: CloudWatch reads them off the log, and the function needs no
// right to write metrics
// (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html).
const (
	namespace = "GrantInvoke"
	dimension = "Transform" // the macro's name
)

// A metric is one number and what it counts.
type metric struct {
	Name  string
	Unit  string
	value slog.Value
}

// A directive tells CloudWatch which members of the line are metrics.
type directive struct {
	Namespace  string
	Dimensions [][]string
	Metrics    []metric
}

// metrics returns the members that make the invocation's line a document of
// the embedded metric format. A failure has decided about no call, and says
// nothing of calls.
func (i invocation) metrics(now time.Time) []slog.Attr {
	took := float64(now.Sub(i.start).Microseconds()) / 1000
	list := []metric{
		{"Failures", "Count", slog.IntValue(0)},
		{"Bytes", "Bytes", slog.IntValue(i.in)},
		{"Duration", "Milliseconds", slog.Float64Value(took)},
	}
	if i.err != nil {
		list[0].value = slog.IntValue(1)
	} else if i.result != nil {
		list = append(list, i.calls()...)
	}
	_, name, ok := strings.Cut(transformID(i.event.TransformID), "::")
	if !ok {
		name = "unknown"
	}
	attrs := []slog.Attr{slog.String(dimension, name)}
	for _, m := range list {
		attrs = append(attrs, slog.Attr{Key: m.Name, Value: m.value})
	}
	return append(attrs, slog.Group("_aws", slog.Int64("Timestamp", now.UnixMilli()),
		slog.Any("CloudWatchMetrics", []directive{{namespace, [][]string{{dimension}}, list}})))
}

// calls counts the calls of functions by what has become of them.
func (i invocation) calls() []metric {
	var added, allowed, unknown int
	for _, d := range i.result.Decisions {
		switch d.Verdict {
		case grant.Added, grant.RoleAdded:
			added++
		case grant.Allowed, grant.RoleGiven, grant.AsCaller:
			allowed++
		case grant.Unknown:
			unknown++
		}
	}
	for _, p := range i.result.Problems {
		if p.Severity.Matters() {
			unknown++ // calls may hide there
		}
	}
	return []metric{
		{"Calls", "Count", slog.IntValue(len(i.result.Decisions))},
		{"Added", "Count", slog.IntValue(added)},
		{"AlreadyAllowed", "Count", slog.IntValue(allowed)},
		{"Unknown", "Count", slog.IntValue(unknown)},
	}
}
