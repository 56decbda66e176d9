package bucket_test

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/bucket"
	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/golden"
)

// A definition that can't be read is reported, or with OnUnknown: fail an
// error, and nothing else of the template is left undone.
func TestDefinitionUnread(t *testing.T) {
	const object = `{"Bucket":"definitions","Key":"api.yaml"}`
	denied := func(w http.ResponseWriter, _ *http.Request) bool { return bucket.Refuse(w, 403, "AccessDenied") }
	huge := func(w http.ResponseWriter, _ *http.Request) bool {
		w.Header().Set("Content-Length", "6291457")
		w.WriteHeader(http.StatusOK)
		return true
	}
	for _, tt := range []struct {
		name, location string
		answer         func(http.ResponseWriter, *http.Request) bool
		asked          int
		report         string
	}{
		{"unlisted", `{"Bucket":"of-another-team","Key":"api.yaml"}`, nil, 0, "not-listed: is in no bucket that may be read"},
		{"no bucket", `{"Bucket":"Not_A_Bucket","Key":"api.yaml"}`, nil, 0, "bad-location: no bucket can have the name"},
		{"unknown", `{"Bucket":{"Ref":"Users"},"Key":"api.yaml"}`, nil, 0, "its location is an expression whose value is not known"},
		{"denied", object, denied, 1, "denied: may not be read by the macro); hint: add to the role {"},
		{"missing", `{"Bucket":"definitions","Key":"none.yaml"}`, nil, 1, "missing: does not exist"},
		{"wrong tag", `{"Bucket":"definitions","Key":"api.yaml","ETag":"0123456789abcdef0123456789abcdef"}`, nil, 1, "changed: is another object"},
		{"huge", object, huge, 1, "too-large: has more than 6291456 bytes"},
		{"no definition", `{"Bucket":"definitions","Key":"none.txt"}`, nil, 1, "not-a-definition: holds no object"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := bucket.New(t)
			s.Put("api.yaml", bucket.Definition)
			s.Put("none.txt", "nothing")
			s.Answers(tt.answer)
			p := s.Start()
			fragment := bucket.Beside(t, tt.location)
			out := golden.Send(t, p, fragment, `{}`, nil)
			if out.Err != nil {
				t.Fatal(out.Err)
			}
			if report := out.Told(t); !strings.Contains(report, "external-body: Api.Properties.BodyS3Location") || !strings.Contains(report, tt.report) {
				t.Errorf("report %s\nwant in it %s", report, tt.report)
			}
			if n := strings.Count(out.Added(t, fragment), `"AWS::Lambda::Permission"`); n != 3 {
				t.Errorf("%d permissions for the API inside", n)
			}
			if asked := s.Asked(); len(asked) != tt.asked {
				t.Errorf("asked for %q", asked)
			}
			if again := golden.Send(t, p, string(out.Fragment), `{}`, nil); again.Differs(golden.Outcome{Fragment: out.Fragment}) {
				t.Errorf("a second pass changes the output: %.300s", again)
			}
			failed := golden.Send(t, p, fragment, `{"OnUnknown":"fail"}`, nil)
			if failed.Err == nil || !strings.HasPrefix(failed.Err.Error(), "Api.Properties.BodyS3Location: ") || !strings.Contains(failed.Err.Error(), tt.report) {
				t.Errorf("with OnUnknown: fail: %.300s", failed)
			}
		})
	}
}

// A temporary error fails the deployment with any OnUnknown: without the definition, the
// permissions of the last deployment would be removed.
func TestDefinitionInterrupted(t *testing.T) {
	stall := func(_ http.ResponseWriter, r *http.Request) bool { <-r.Context().Done(); return true }
	for name, tt := range map[string]struct {
		answer func(http.ResponseWriter, *http.Request) bool
		want   string
	}{
		"slow": {stall, "timeout: did not arrive in time"},
		"half, then slow": {func(w http.ResponseWriter, r *http.Request) bool {
			w.Header().Set("Content-Length", "1000")
			io.WriteString(w, bucket.Definition[:200])
			w.(http.Flusher).Flush()
			return stall(w, r)
		}, "timeout: did not arrive in time"},
		"cut off": {func(w http.ResponseWriter, _ *http.Request) bool {
			w.Header().Set("Content-Length", "1000")
			io.WriteString(w, bucket.Definition[:200])
			return true
		}, "unavailable: came incomplete or damaged"},
		"throttled": {func(w http.ResponseWriter, _ *http.Request) bool { return bucket.Refuse(w, 503, "SlowDown") },
			"throttled: cannot be had now"},
		"broken": {func(w http.ResponseWriter, _ *http.Request) bool { return bucket.Refuse(w, 400, "InvalidRequest") },
			"unavailable: cannot be had"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel() // they wait
			s := bucket.New(t)
			s.Put("api.yaml", bucket.Definition)
			s.Answers(tt.answer)
			p := s.Start()
			p.Timeout = 3 * time.Second
			out := golden.Send(t, p, bucket.Beside(t, `{"Bucket":"definitions","Key":"api.yaml"}`), `{}`, nil)
			if out.Err == nil {
				t.Fatalf("went on without the definition: %s", out.Told(t))
			}
			const prefix, suffix = "Api.Properties.BodyS3Location: the API definition could not be read now (", "; hint: deploy again"
			if text := out.Err.Error(); !strings.HasPrefix(text, prefix+tt.want) || !strings.HasSuffix(text, suffix) {
				t.Errorf("answered %q", text)
			}
			// the next event is a new attempt
			s.Answers(nil)
			again := golden.Send(t, p, bucket.Beside(t, `{"Bucket":"definitions","Key":"api.yaml"}`), `{}`, nil)
			if again.Err != nil || again.Told(t) != "" {
				t.Errorf("afterwards: %.300s", again)
			}
		})
	}
}

// The same where S3 doesn't answer at all: the error comes in time.
func TestDefinitionDown(t *testing.T) {
	s := bucket.New(t)
	p := s.Start("AWS_ENDPOINT_URL_S3=http://127.0.0.1:1")
	p.Timeout = 15 * time.Second
	out := golden.Send(t, p, bucket.Beside(t, `{"Bucket":"definitions","Key":"api.yaml"}`), `{}`, nil)
	if out.Err == nil || !strings.HasPrefix(out.Err.Error(), "Api.Properties.BodyS3Location: the API definition could not be read now (unavailable: ") {
		t.Errorf("answered %.300s", out)
	}
	if out := golden.Send(t, p, bucket.Fragment("AWS::Lambda::Function", ""), `{}`, nil); out.Err != nil {
		t.Errorf("afterwards, without a definition: %v", out.Err)
	}
}

func TestDefinitionThrottledTwice(t *testing.T) {
	s := bucket.New(t)
	s.Put("api.yaml", bucket.Definition)
	var n atomic.Int32
	s.Answers(func(w http.ResponseWriter, _ *http.Request) bool {
		return n.Add(1) <= 2 && bucket.Refuse(w, 503, "SlowDown")
	})
	out := golden.Send(t, s.Start(), bucket.Beside(t, `{"Bucket":"definitions","Key":"api.yaml"}`), `{}`, nil)
	if out.Err != nil || out.Told(t) != "" {
		t.Errorf("answered %.300s", out)
	}
	if asked := s.Asked(); len(asked) != 3 {
		t.Errorf("asked %d times", len(asked))
	}
}

// Without GRANTINVOKE_BUCKETS nothing is requested, not even credentials.
func TestDefinitionNotOptedIn(t *testing.T) {
	s := bucket.New(t)
	s.Put("api.yaml", bucket.Definition)
	p := s.Start("GRANTINVOKE_BUCKETS=", "AWS_CONTAINER_CREDENTIALS_FULL_URI="+s.URL()+"/credentials", "AWS_ACCESS_KEY_ID=")
	out := golden.Send(t, p, bucket.Beside(t, `{"Bucket":"definitions","Key":"api.yaml"}`), `{}`, nil)
	if out.Err != nil || !strings.Contains(out.Told(t), "Api.Properties.BodyS3Location: the API definition lies outside the template") {
		t.Errorf("answered %.300s", out)
	}
	if asked := s.Asked(); len(asked) != 0 {
		t.Errorf("asked for %q", asked)
	}
}

// Only what is listed is read: of a bucket with a prefix, the keys below it.
func TestDefinitionPrefix(t *testing.T) {
	s := bucket.New(t)
	p := s.Start("GRANTINVOKE_BUCKETS=somewhere-else,definitions/apis")
	for key, want := range map[string]int{"apis/v1.yaml": 1, "apis-of-others/v1.yaml": 0, "v1.yaml": 0} {
		s.Put(key, bucket.Definition)
		golden.Send(t, p, bucket.Beside(t, `{"Bucket":"definitions","Key":"`+key+`"}`), `{}`, nil)
		if asked := s.Asked(); len(asked) != want {
			t.Errorf("%s: asked for %q", key, asked)
		}
	}
}

// A location that comes from a NoEcho parameter appears nowhere.
func TestDefinitionSecret(t *testing.T) {
	s := bucket.New(t)
	p := s.Start()
	values := map[string]string{"Secret": "hunter2-key.yaml"}
	fragment := bucket.Beside(t, `{"Bucket":"definitions","Key":{"Ref":"Secret"}}`)
	for _, answer := range []func(http.ResponseWriter, *http.Request) bool{
		nil, // missing
		func(w http.ResponseWriter, _ *http.Request) bool { return bucket.Refuse(w, 403, "AccessDenied") }, // the hint would name it
		func(w http.ResponseWriter, _ *http.Request) bool { return bucket.Refuse(w, 400, "InvalidRequest") },
	} {
		s.Answers(answer)
		for _, params := range []string{`{}`, `{"OnUnknown":"fail"}`} {
			if out := golden.Send(t, p, fragment, params, values); strings.Contains(out.String(), "hunter2") {
				t.Errorf("answered %.300s", out)
			}
		}
	}
	p.Stop()
	if strings.Contains(p.Logs(), "hunter2") {
		t.Errorf("log %s", p.Logs())
	}
	if asked := s.Asked(); !slices.ContainsFunc(asked, func(r string) bool { return strings.Contains(r, "hunter2") }) {
		t.Errorf("it was not read: %q", asked)
	}
}
