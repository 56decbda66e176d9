package transform

import (
	"log/slog"
	"regexp"
	"sync"
	"time"

	"github.com/grantinvoke/grantinvoke/macro/internal/grant"
)

// The metrics are part of the invocation's line, in CloudWatch's embedded metric
// format: CloudWatch takes them from the log, and the function needs no right to
// write metrics
// (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html).
const (
	namespace = "GrantInvoke"
	dimension = "Transform" // the name of the macro's function, which is that of the transform
)

var functionForm = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z0-9_-]{1,140}$`) })

// functionName returns a function's name, as Lambda's environment has it, or
// "unknown" for another text. Nothing of the event is a dimension: its sender could make
// any number of metrics, each of which costs money.
func functionName(name string) string {
	if !functionForm().MatchString(name) {
		return "unknown"
	}
	return name
}

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

// metrics returns the members that make the invocation's line one of the embedded
// metric format. That of a failure has no metrics of calls: none was decided.
func (i invocation) metrics(function string, now time.Time) []slog.Attr {
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
	attrs := []slog.Attr{slog.String(dimension, function)}
	for _, m := range list {
		attrs = append(attrs, slog.Attr{Key: m.Name, Value: m.value})
	}
	return append(attrs, slog.Group("_aws", slog.Int64("Timestamp", now.UnixMilli()),
		slog.Any("CloudWatchMetrics", []directive{{namespace, [][]string{{dimension}}, list}})))
}

// calls counts the calls of functions by what was decided.
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
	unknown += len(i.result.Hidden())
	return []metric{
		{"Calls", "Count", slog.IntValue(len(i.result.Decisions))},
		{"Added", "Count", slog.IntValue(added)},
		{"AlreadyAllowed", "Count", slog.IntValue(allowed)},
		{"Unknown", "Count", slog.IntValue(unknown)},
	}
}
