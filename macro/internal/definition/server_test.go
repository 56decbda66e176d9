package definition

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"
)

// A store is an S3 server on 127.0.0.1. A test may answer requests in its place.
type store struct {
	t       *testing.T
	backend *s3mem.Backend
	url     string

	mu       sync.Mutex
	requests []string // method, path and query, in the order of arrival
	// fault answers a request itself and reports true, or leaves it
	fault func(n int, w http.ResponseWriter, r *http.Request) bool
}

const bucket = "definitions"

func newStore(t *testing.T) *store {
	t.Helper()
	s := &store{t: t, backend: s3mem.New()}
	if err := s.backend.CreateBucket(bucket); err != nil {
		t.Fatal(err)
	}
	behind := gofakes3.New(s.backend).Server()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.requests = append(s.requests, r.Method+" "+r.URL.RequestURI())
		n, fault := len(s.requests), s.fault
		s.mu.Unlock()
		if fault == nil || !fault(n, w, r) {
			behind.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(srv.Close)
	s.url = srv.URL
	environment(t, srv.URL)
	return s
}

// environment sets the variables that the Lambda function has, with S3 at url.
func environment(t *testing.T, url string) {
	t.Helper()
	for name, value := range map[string]string{
		"AWS_ENDPOINT_URL_S3":         url,
		"AWS_ENDPOINT_URL":            "",
		"AWS_ACCESS_KEY_ID":           "AKIDEXAMPLE",
		"AWS_SECRET_ACCESS_KEY":       "wJalrXUtnFEMI",
		"AWS_SESSION_TOKEN":           "",
		"AWS_REGION":                  "eu-central-1",
		"AWS_PROFILE":                 "",
		"AWS_CONFIG_FILE":             t.TempDir() + "/config",
		"AWS_SHARED_CREDENTIALS_FILE": t.TempDir() + "/credentials",
		"AWS_EC2_METADATA_DISABLED":   "true",
		"AWS_CA_BUNDLE":               "",
		"HTTP_PROXY":                  "",
		"NO_PROXY":                    "127.0.0.1",
	} {
		t.Setenv(name, value)
	}
}

// put stores an object and returns its version id.
func (s *store) put(key, content string) string {
	s.t.Helper()
	r, err := s.backend.PutObject(bucket, key, map[string]string{}, strings.NewReader(content), int64(len(content)), nil)
	if err != nil {
		s.t.Fatal(err)
	}
	return string(r.VersionID)
}

func (s *store) seen() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.requests...)
}

// denial answers with S3's error document.
func denial(w http.ResponseWriter, status int, code, message string) bool {
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(status)
	io.WriteString(w, `<?xml version="1.0" encoding="UTF-8"?><Error><Code>`+code+`</Code><Message>`+message+
		`</Message><RequestId>4442587FB7D0A2F9</RequestId></Error>`)
	return true
}

// storeLoader makes a loader that may read the store's bucket, through the SDK.
func storeLoader(o Options) *Loader {
	if o.Buckets == nil {
		o.Buckets = []string{bucket}
	}
	return New(o)
}

// countedClient makes the SDK's client and counts how often.
func countedClient(made *int) func(context.Context) (Getter, error) {
	var mu sync.Mutex
	return func(ctx context.Context) (Getter, error) {
		mu.Lock()
		defer mu.Unlock()
		*made++
		return dial(ctx, "")
	}
}

var _ Getter = (*s3.Client)(nil)

func one(t *testing.T, l *Loader, loc Location) Result {
	t.Helper()
	return in(t.Context(), t, l, loc)
}

func in(ctx context.Context, t *testing.T, l *Loader, loc Location) Result {
	t.Helper()
	got := l.Load(ctx, []Location{loc})
	r, ok := got[loc]
	if len(got) != 1 || !ok {
		t.Fatalf("%d results for one location: %v", len(got), got)
	}
	if (r.JSON == nil) == (r.Err == nil) {
		t.Fatalf("a result needs either JSON or an error: %+v", r)
	}
	return r
}

func wantReason(t *testing.T, r Result, want Reason) {
	t.Helper()
	if r.Err == nil {
		t.Fatalf("read %q, want the reason %s", r.JSON, want)
	}
	if r.Err.Reason != want {
		t.Fatalf("reason %s, want %s: %v (%v)", r.Err.Reason, want, r.Err, r.Err.Unwrap())
	}
}
