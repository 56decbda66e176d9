package transform

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"
)

// units are those of CloudWatch's API, the ones that a metric here may have
// (https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDatum.html).
var units = []string{"Seconds", "Microseconds", "Milliseconds", "Bytes", "Kilobytes", "Megabytes", "Percent", "Count", "None"}

// checkMetrics checks a line by the rules of the embedded metric format
// (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html),
// which CloudWatch applies in silence: a line that breaks one has no metrics.
func checkMetrics(t *testing.T, l line) []string {
	t.Helper()
	var doc struct {
		AWS struct {
			Timestamp         int64
			CloudWatchMetrics []struct {
				Namespace  string
				Dimensions [][]string
				Metrics    []struct{ Name, Unit string }
			}
		} `json:"_aws"`
	}
	text, err := json.Marshal(l)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &doc); err != nil {
		t.Fatal(err)
	}
	if len(text) > 256<<10 {
		t.Errorf("the line has %d bytes", len(text))
	}
	if at := time.UnixMilli(doc.AWS.Timestamp); time.Since(at).Abs() > time.Minute {
		t.Errorf("the timestamp is %v", at)
	}
	if len(doc.AWS.CloudWatchMetrics) == 0 {
		t.Error("no directive")
	}
	var names []string
	for _, d := range doc.AWS.CloudWatchMetrics {
		if d.Namespace == "" || len(d.Namespace) > 255 || strings.HasPrefix(d.Namespace, "AWS/") {
			t.Errorf("namespace %q", d.Namespace)
		}
		if len(d.Dimensions) == 0 || len(d.Metrics) == 0 || len(d.Metrics) > 100 {
			t.Errorf("%d sets of dimensions, %d metrics", len(d.Dimensions), len(d.Metrics))
		}
		for _, set := range d.Dimensions {
			for _, name := range set {
				if value, ok := l[name].(string); !ok || value == "" || len(value) > 1024 || len(set) > 30 {
					t.Errorf("the dimension %s is %v", name, l[name])
				}
			}
		}
		for _, m := range d.Metrics {
			names = append(names, m.Name)
			if value, ok := l[m.Name].(float64); !ok || value < 0 {
				t.Errorf("the metric %s is %v", m.Name, l[m.Name])
			}
			if !slices.Contains(units, m.Unit) {
				t.Errorf("the metric %s has the unit %q", m.Name, m.Unit)
			}
		}
	}
	slices.Sort(names)
	if len(slices.Compact(slices.Clone(names))) != len(names) {
		t.Errorf("a metric stands twice: %v", names)
	}
	return names
}

func TestMetrics(t *testing.T) {
	all := []string{"Added", "AlreadyAllowed", "Bytes", "Calls", "Duration", "Failures", "Unknown"}
	for payload, want := range map[string][]string{
		three(`{}`):                   all,
		three(`{"Grant":"role"}`):     all,
		three(`{"OnUnknown":"fail"}`): {"Bytes", "Duration", "Failures"},
		`nonsense`:                    {"Bytes", "Duration", "Failures"},
	} {
		_, log := invokeWith(t, Handler{}, payload)
		for i, l := range log {
			if last := i == len(log)-1; last != (l["_aws"] != nil) {
				t.Fatalf("metrics are in the line %v", l)
			}
		}
		if got := checkMetrics(t, log[len(log)-1]); !slices.Equal(got, want) {
			t.Errorf("metrics %v, want %v", got, want)
		}
	}
}

// No dimension has a value that the sender of an event can choose, since each value costs
// money. The one dimension is the name of the macro's own function.
func TestMetricsDimension(t *testing.T) {
	for name, want := range map[string]string{
		"GrantInvoke":            "GrantInvoke",
		"Grant-Invoke_2":         "Grant-Invoke_2",
		"":                       "unknown",
		"hunter2 is it":          "unknown",
		strings.Repeat("x", 141): "unknown",
	} {
		var b bytes.Buffer
		getenv := func(key string) string { return map[string]string{"AWS_LAMBDA_FUNCTION_NAME": name}[key] }
		FromEnvironment(getenv, &b).Invoke(t.Context(), []byte(`{"transformId":"123456789012::Another","fragment":{"Resources":{}}}`))
		log := read(t, &b)
		checkMetrics(t, log[0])
		if got := log[0]["Transform"]; got != want {
			t.Errorf("%q has the dimension %v, want %s", name, got, want)
		}
	}
}
