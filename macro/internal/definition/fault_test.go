package definition

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/johannesboyne/gofakes3"
)

var versioned = gofakes3.VersioningConfiguration{Status: gofakes3.VersioningEnabled}

var api = Location{Bucket: bucket, Key: "api.json"}

func TestLoadMissing(t *testing.T) {
	newStore(t)
	r := one(t, storeLoader(Options{}), Location{Bucket: bucket, Key: "none.json"})
	wantReason(t, r, Missing)
	if diff := cmp.Diff("s3://definitions/none.json: does not exist; hint: upload it first", r.Err.Error()); diff != "" {
		t.Error(diff)
	}
	r = one(t, storeLoader(Options{Buckets: []string{"no-such-bucket"}}), Location{Bucket: "no-such-bucket", Key: "k"})
	wantReason(t, r, Missing)
	if !strings.Contains(r.Err.Detail, "no such bucket") {
		t.Error(r.Err)
	}
}

// What S3 answers, and what becomes of it. The texts are S3's own; none of
// them may show in ours.
func TestLoadAnswers(t *testing.T) {
	const caller = "User: arn:aws:sts::123456789012:assumed-role/macro/x"
	for _, tt := range []struct {
		name    string
		status  int
		code    string
		message string
		want    Reason
		hint    string
	}{
		{"denied", 403, "AccessDenied", caller + " is not authorized to perform: s3:GetObject on resource", Denied,
			`{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::definitions/api.json"}`},
		{"key", 403, "AccessDenied", caller + " is not authorized to perform: kms:Decrypt on resource: arn:aws:kms:eu-central-1:123456789012:key/1", Denied, "kms:Decrypt"},
		{"key is off", 400, "KMS.DisabledException", "arn:aws:kms:eu-central-1:123456789012:key/1 is disabled.", Denied, "key policy"},
		{"archived", 403, "InvalidObjectState", "The operation is not valid for the object's storage class", Unavailable, "restore it"},
		{"old token", 400, "ExpiredToken", "The provided token has expired.", Denied, "sign in"},
		{"unknown key id", 403, "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist", Denied, "sign in"},
		{"delete marker", 405, "MethodNotAllowed", "The specified method is not allowed", Missing, "upload it"},
		{"other Region", 400, "AuthorizationHeaderMalformed", "the region 'eu-central-1' is wrong", Unavailable, "this one is in ap-southeast-2"},
		{"changed", 412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold", Changed, "ETag"},
		{"odd request", 400, "InvalidRequest", "Missing required header for this request", Unavailable, "try again"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newStore(t)
			s.put("api.json", smallAPI)
			s.fault = func(_ int, w http.ResponseWriter, _ *http.Request) bool {
				w.Header().Set("X-Amz-Bucket-Region", "ap-southeast-2")
				return denial(w, tt.status, tt.code, tt.message)
			}
			r := one(t, storeLoader(Options{}), api)
			wantReason(t, r, tt.want)
			if !strings.Contains(r.Err.Hint, tt.hint) {
				t.Errorf("hint %q, want in it %q", r.Err.Hint, tt.hint)
			}
			if text := r.Err.Error(); strings.Contains(text, "123456789012") || strings.Contains(text, tt.message) {
				t.Errorf("S3's words in %q", text)
			}
			if n := len(s.seen()); n != 1 {
				t.Errorf("%d requests, want 1", n)
			}
		})
	}
}

func TestLoadDeniedVersion(t *testing.T) {
	s := newStore(t)
	s.fault = func(_ int, w http.ResponseWriter, _ *http.Request) bool {
		return denial(w, 403, "AccessDenied", "Access Denied")
	}
	r := one(t, storeLoader(Options{Owner: "123456789012"}), Location{Bucket: bucket, Key: `a"b.json`, Version: "v1"})
	wantReason(t, r, Denied)
	for _, want := range []string{`"Action":"s3:GetObjectVersion"`, `"arn:aws:s3:::definitions/a\"b.json"`, "GRANTINVOKE_BUCKET_OWNER"} {
		if !strings.Contains(r.Err.Hint, want) {
			t.Errorf("hint %q lacks %q", r.Err.Hint, want)
		}
	}
}

// The server may look at If-Match, as S3 does, or not, as this one does.
func TestLoadChanged(t *testing.T) {
	s := newStore(t)
	s.put("api.json", smallAPI)
	loc := Location{Bucket: bucket, Key: "api.json", ETag: "0123456789abcdef0123456789abcdef"}
	wantReason(t, one(t, storeLoader(Options{}), loc), Changed)
	asked := ""
	s.fault = func(_ int, w http.ResponseWriter, r *http.Request) bool {
		asked = r.Header.Get("If-Match")
		w.WriteHeader(http.StatusPreconditionFailed)
		return true
	}
	wantReason(t, one(t, storeLoader(Options{}), loc), Changed)
	if asked != `"0123456789abcdef0123456789abcdef"` {
		t.Errorf("If-Match: %s", asked)
	}
}

func TestLoadThrottled(t *testing.T) {
	slow := func(w http.ResponseWriter) bool {
		return denial(w, 503, "SlowDown", "Please reduce your request rate.")
	}
	t.Run("twice", func(t *testing.T) {
		s := newStore(t)
		s.put("api.json", smallAPI)
		s.fault = func(n int, w http.ResponseWriter, _ *http.Request) bool { return n <= 2 && slow(w) }
		if r := one(t, storeLoader(Options{}), api); r.Err != nil {
			t.Fatal(r.Err)
		}
		if n := len(s.seen()); n != 3 {
			t.Errorf("%d requests, want 3", n)
		}
	})
	t.Run("always", func(t *testing.T) {
		s := newStore(t)
		s.fault = func(_ int, w http.ResponseWriter, _ *http.Request) bool { return slow(w) }
		start := time.Now()
		ctx, stop := context.WithTimeout(t.Context(), 1500*time.Millisecond)
		defer stop()
		wantReason(t, in(ctx, t, storeLoader(Options{}), api), Throttled)
		if n := len(s.seen()); n < 2 {
			t.Errorf("%d requests, want some", n)
		}
		if took := time.Since(start); took >= 5*time.Second {
			t.Errorf("took %v, with a deadline of 1.5 s", took)
		}
	})
	t.Run("the wait is cut short", func(t *testing.T) {
		s := newStore(t)
		s.fault = func(_ int, w http.ResponseWriter, _ *http.Request) bool {
			w.Header().Set("X-Amz-Retry-After", "60000")
			return slow(w)
		}
		ctx, stop := context.WithTimeout(t.Context(), 400*time.Millisecond)
		defer stop()
		wantReason(t, in(ctx, t, storeLoader(Options{}), api), Throttled)
	})
}

func TestLoadTimeout(t *testing.T) {
	for name, stall := range map[string]func(w http.ResponseWriter, r *http.Request){
		"no answer": func(http.ResponseWriter, *http.Request) {},
		"half a body": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
			io.WriteString(w, `{"openapi":`)
			w.(http.Flusher).Flush()
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStore(t)
			s.put("fast.json", smallAPI)
			s.fault = func(_ int, w http.ResponseWriter, r *http.Request) bool {
				if strings.Contains(r.URL.Path, "fast") {
					return false
				}
				stall(w, r)
				<-r.Context().Done()
				return true
			}
			ctx, stop := context.WithTimeout(t.Context(), 600*time.Millisecond)
			defer stop()
			fast := Location{Bucket: bucket, Key: "fast.json"}
			got := storeLoader(Options{}).Load(ctx, []Location{api, fast})
			if err := ctx.Err(); err != nil {
				t.Errorf("no time left to answer: %v", err)
			}
			wantReason(t, got[api], Timeout)
			if got[fast].Err != nil {
				t.Errorf("the other document: %v", got[fast].Err)
			}
		})
	}
}

// Whatever hangs, even what doesn't look at the context, Load returns.
func TestLoadNeverHangs(t *testing.T) {
	block := make(chan struct{})
	defer close(block)
	l := storeLoader(Options{Client: func(context.Context) (Getter, error) { <-block; return nil, errNoRegion }})
	ctx, stop := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer stop()
	wantReason(t, in(ctx, t, l, api), Timeout)
	if err := ctx.Err(); err != nil {
		t.Errorf("no time left to answer: %v", err)
	}
}

func TestLoadCutOff(t *testing.T) {
	for name, head := range map[string]string{
		"length":  "Content-Length: 1000\r\n\r\n{\"openapi\":",
		"chunked": "Transfer-Encoding: chunked\r\n\r\nb\r\n{\"openapi\":",
	} {
		t.Run(name, func(t *testing.T) {
			s := newStore(t)
			s.fault = func(_ int, w http.ResponseWriter, _ *http.Request) bool {
				conn, _, err := w.(http.Hijacker).Hijack()
				if err != nil {
					t.Error(err)
					return false
				}
				defer conn.Close()
				io.WriteString(conn, "HTTP/1.1 200 OK\r\nETag: \"x\"\r\n"+head)
				return true
			}
			wantReason(t, one(t, storeLoader(Options{}), api), Unavailable)
		})
	}
}

func TestLoadTooLarge(t *testing.T) {
	const most = 64 << 10
	t.Run("as announced", func(t *testing.T) {
		s := newStore(t)
		fits := `{"openapi":"` + strings.Repeat("x", most-14) + `"}`
		s.put("api.json", fits+" ")
		r := one(t, storeLoader(Options{MaxBytes: most}), api)
		wantReason(t, r, TooLarge)
		if diff := cmp.Diff("s3://definitions/api.json: has more than 65536 bytes", r.Err.Error()); diff != "" {
			t.Error(diff)
		}
		s.put("api.json", fits)
		if r := one(t, storeLoader(Options{MaxBytes: most}), api); r.Err != nil || len(r.JSON) != most {
			t.Errorf("a document of exactly the limit: %v", r.Err)
		}
	})
	t.Run("without end", func(t *testing.T) {
		s := newStore(t)
		var sent atomic.Int64
		s.fault = func(_ int, w http.ResponseWriter, r *http.Request) bool {
			part := []byte(strings.Repeat("x", 1024))
			for r.Context().Err() == nil {
				n, err := w.Write(part)
				if err != nil {
					break
				}
				sent.Add(int64(n))
			}
			return true
		}
		wantReason(t, one(t, storeLoader(Options{MaxBytes: most}), api), TooLarge)
		if n := sent.Load(); n > 64<<20 {
			t.Errorf("%d bytes were taken from an endless body", n)
		}
	})
}

// The body isn't held beyond the limit, even when the server gives no length.
func TestDrainHoldsNoMore(t *testing.T) {
	endless := &zeros{}
	if _, err := drain(endless, -1, 1000); err != errTooLarge {
		t.Errorf("error %v", err)
	}
	if endless.read != 1001 {
		t.Errorf("%d bytes read, want the limit and one", endless.read)
	}
	if _, err := drain(strings.NewReader("abc"), 5, 1000); err != errCutOff {
		t.Errorf("short body: %v", err)
	}
}

type zeros struct{ read int }

func (z *zeros) Read(p []byte) (int, error) { z.read += len(p); return len(p), nil }

func TestLoadUnreachable(t *testing.T) {
	s := newStore(t)
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	environment(t, gone.URL)
	ctx, stop := context.WithTimeout(t.Context(), 2*time.Second)
	defer stop()
	wantReason(t, in(ctx, t, storeLoader(Options{}), api), Unavailable)
	if len(s.seen()) != 0 {
		t.Errorf("requests %q", s.seen())
	}
}
