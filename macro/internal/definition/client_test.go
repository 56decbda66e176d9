package definition

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/google/go-cmp/cmp"
)

func TestLoadMakesOneClient(t *testing.T) {
	s := newStore(t)
	var locs []Location
	for i := range 20 {
		s.put(fmt.Sprint(i), smallAPI)
		locs = append(locs, Location{Bucket: bucket, Key: fmt.Sprint(i)})
	}
	var mu sync.Mutex
	now, most := 0, 0
	s.fault = func(int, http.ResponseWriter, *http.Request) bool {
		mu.Lock()
		now++
		most = max(most, now)
		mu.Unlock()
		time.Sleep(5 * time.Millisecond)
		mu.Lock()
		now--
		mu.Unlock()
		return false
	}
	made := 0
	l := storeLoader(Options{Parallel: 3, Client: countedClient(&made)})
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			for loc, r := range l.Load(t.Context(), locs) {
				if r.Err != nil {
					t.Errorf("%s: %v", loc, r.Err)
				}
			}
		})
	}
	wg.Wait()
	if made != 1 {
		t.Errorf("%d clients made, want 1", made)
	}
	if most < 2 || most > 6 {
		t.Errorf("%d requests at once, want 2 to 6 for two loads of three", most)
	}
}

// A client that couldn't be made is tried again by the next Load.
func TestLoadClientAgain(t *testing.T) {
	s := newStore(t)
	s.put("api.json", smallAPI)
	t.Setenv("AWS_ACCESS_KEY_ID", "")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "")
	l := storeLoader(Options{})
	loc := Location{Bucket: bucket, Key: "api.json"}
	r := one(t, l, loc)
	wantReason(t, r, Denied)
	if !strings.Contains(r.Err.Error(), "needs AWS credentials") {
		t.Errorf("error %q", r.Err)
	}
	t.Setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI")
	if r := one(t, l, loc); r.Err != nil {
		t.Error(r.Err)
	}
}

func TestLoadWithoutRegion(t *testing.T) {
	newStore(t)
	t.Setenv("AWS_REGION", "")
	t.Setenv("AWS_DEFAULT_REGION", "")
	r := one(t, storeLoader(Options{}), Location{Bucket: bucket, Key: "api.json"})
	wantReason(t, r, Unavailable)
	if r.Err.Hint != "set AWS_REGION" {
		t.Errorf("hint %q", r.Err.Hint)
	}
}

// What a platform may set for its functions: another endpoint, that of all
// services behind that of S3, endpoints for IPv6 and FIPS.
func TestDial(t *testing.T) {
	tests := []struct {
		name, value string
		wantURL     string
	}{
		{"", "", "https://bucket.s3.eu-central-1.amazonaws.com/k"},
		{"AWS_ENDPOINT_URL", "http://127.0.0.1:1", "http://127.0.0.1:1/bucket/k"},
		{"AWS_ENDPOINT_URL_S3", "http://127.0.0.1:2", "http://127.0.0.1:2/bucket/k"},
		{"AWS_USE_DUALSTACK_ENDPOINT", "true", "https://bucket.s3.dualstack.eu-central-1.amazonaws.com/k"},
		{"AWS_USE_FIPS_ENDPOINT", "TRUE", "https://bucket.s3-fips.eu-central-1.amazonaws.com/k"},
		{"AWS_USE_FIPS_ENDPOINT", "false", "https://bucket.s3.eu-central-1.amazonaws.com/k"},
	}
	for _, tt := range tests {
		t.Run(tt.name+"="+tt.value, func(t *testing.T) {
			environment(t, "")
			t.Setenv("AWS_SESSION_TOKEN", "token")
			if tt.name != "" {
				t.Setenv(tt.name, tt.value)
			}
			client, err := dial(t.Context(), "")
			if err != nil {
				t.Fatal(err)
			}
			// signed and never sent
			request, err := s3.NewPresignClient(client.(*s3.Client)).PresignGetObject(t.Context(), &s3.GetObjectInput{Bucket: aws.String("bucket"), Key: aws.String("k")})
			if err != nil {
				t.Fatal(err)
			}
			address, query, _ := strings.Cut(request.URL, "?")
			if address != tt.wantURL || !strings.Contains(query, "X-Amz-Security-Token=token") {
				t.Errorf("%s, want %s", request.URL, tt.wantURL)
			}
		})
	}
}

func TestFromEnv(t *testing.T) {
	s := newStore(t)
	s.put("api.json", smallAPI)
	var log bytes.Buffer
	env := map[string]string{
		"GRANTINVOKE_BUCKETS": "other-bucket, definitions,UPPER", "GRANTINVOKE_BUCKET_OWNER": "123456789012",
		"AWS_REGION": "cn-north-1",
	}
	l := FromEnv(func(name string) string { return env[name] }, slog.New(slog.NewTextHandler(&log, nil)))
	owner, authorization := "", ""
	s.fault = func(_ int, _ http.ResponseWriter, r *http.Request) bool {
		owner, authorization = r.Header.Get("X-Amz-Expected-Bucket-Owner"), r.Header.Get("Authorization")
		return false
	}
	if r := one(t, l, Location{Bucket: bucket, Key: "api.json"}); r.Err != nil {
		t.Fatal(r.Err)
	}
	if owner != "123456789012" || !strings.Contains(authorization, "/cn-north-1/s3/") {
		t.Errorf("owner %q, authorization %q", owner, authorization)
	}
	r := one(t, l, Location{Bucket: "third", Key: "k"})
	wantReason(t, r, NotListed)
	if !strings.Contains(r.Err.Hint, "arn:aws-cn:s3:::third/k") {
		t.Errorf("hint %q", r.Err.Hint)
	}
	if text := log.String(); !strings.Contains(text, "entries=1") || strings.Contains(text, "definitions") || strings.Contains(text, "api.json") {
		t.Errorf("the log has to count and to name nothing:\n%s", text)
	}
	empty := FromEnv(func(string) string { return "" }, nil)
	wantReason(t, one(t, empty, Location{Bucket: bucket, Key: "api.json"}), NotListed)
}

// With an endpoint of one's own the bucket is in the path, whatever the host's
// name is: buckets have no names in its DNS.
func TestLoadPathStyle(t *testing.T) {
	s := newStore(t)
	s.put("api.json", smallAPI)
	t.Setenv("AWS_ENDPOINT_URL_S3", strings.Replace(s.url, "127.0.0.1", "localhost", 1))
	if r := one(t, storeLoader(Options{}), api); r.Err != nil {
		t.Error(r.Err)
	}
	if diff := cmp.Diff([]string{"GET /definitions/api.json?x-id=GetObject"}, s.seen()); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
}
