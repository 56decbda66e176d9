package definition

import (
	"bytes"
	"context"
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

const smallAPI = `{"openapi":"3.0.1","paths":{}}`

func TestLoadReads(t *testing.T) {
	s := newStore(t)
	old := s.put("api.json", smallAPI)
	s.put("dir with space/ä+%2F$.yaml", "swagger: 2.0\npaths:\n  /a:\n    get: {}\n")
	s.put("parts.yaml", "Type: AWS::Lambda::Function\n")
	tag := `9f1ee8b0c8b2ce3f0dee4b0a4fdde36a`
	if obj, err := s.backend.HeadObject(bucket, "api.json"); err != nil {
		t.Fatal(err)
	} else {
		tag = fmt.Sprintf("%x", obj.Hash)
	}
	for _, tt := range []struct {
		name string
		loc  Location
		want string
	}{
		{"JSON", Location{Bucket: bucket, Key: "api.json"}, smallAPI},
		{"ETag", Location{Bucket: bucket, Key: "api.json", ETag: tag}, smallAPI},
		{"ETag in quotes", Location{Bucket: bucket, Key: "api.json", ETag: `"` + tag + `"`}, smallAPI},
		{"YAML and a key to escape", Location{Bucket: bucket, Key: "dir with space/ä+%2F$.yaml"}, `{"swagger":2.0,"paths":{"/a":{"get":{}}}}`},
		{"snippet", Location{Bucket: bucket, Key: "parts.yaml", Kind: Snippet}, `{"Type":"AWS::Lambda::Function"}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := one(t, storeLoader(Options{}), tt.loc)
			if r.Err != nil {
				t.Fatalf("%v (%v)", r.Err, r.Err.Unwrap())
			}
			if diff := cmp.Diff(tt.want, string(r.JSON)); diff != "" {
				t.Errorf("document (-want +got):\n%s", diff)
			}
		})
	}
	if old != "" {
		t.Errorf("the bucket keeps versions already: %q", old)
	}
}

func TestLoadVersion(t *testing.T) {
	s := newStore(t)
	if err := s.backend.SetVersioningConfiguration(bucket, versioned); err != nil {
		t.Fatal(err)
	}
	first := s.put("api.json", `{"openapi":"first"}`)
	s.put("api.json", `{"openapi":"second"}`)
	newest := Location{Bucket: bucket, Key: "api.json"}
	older := Location{Bucket: bucket, Key: "api.json", Version: first}
	got := storeLoader(Options{}).Load(t.Context(), []Location{newest, older})
	for loc, want := range map[Location]string{newest: `{"openapi":"second"}`, older: `{"openapi":"first"}`} {
		if string(got[loc].JSON) != want {
			t.Errorf("%s: %q, want %q (%v)", loc, got[loc].JSON, want, got[loc].Err)
		}
	}
	if n := len(s.seen()); n != 2 {
		t.Errorf("%d requests, want one for each version", n)
	}
	none := Location{Bucket: bucket, Key: "api.json", Version: "3/nothing"}
	wantReason(t, one(t, storeLoader(Options{}), none), Missing)
}

// Several locations of one object are one request, and each still gets the
// verdict on its own ETag and kind.
func TestLoadOnce(t *testing.T) {
	s := newStore(t)
	s.put("api.json", `{"Resources":{}}`)
	a := Location{Bucket: bucket, Key: "api.json"}
	b := Location{Bucket: bucket, Key: "api.json", Kind: Snippet}
	c := Location{Bucket: bucket, Key: "api.json", Kind: Snippet, ETag: "other"}
	got := storeLoader(Options{}).Load(t.Context(), []Location{a, b, a, c, b})
	if len(got) != 3 {
		t.Fatalf("%d results, want 3", len(got))
	}
	wantReason(t, got[a], NotDefinition)
	wantReason(t, got[c], Changed)
	if got[c].Err.Location != c {
		t.Errorf("the error is for %+v, want %+v", got[c].Err.Location, c)
	}
	if string(got[b].JSON) != `{"Resources":{}}` {
		t.Errorf("snippet: %+v", got[b])
	}
	if diff := cmp.Diff([]string{"GET /definitions/api.json?x-id=GetObject"}, s.seen()); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
}

func TestLoadAsksForNothingUnlisted(t *testing.T) {
	s := newStore(t)
	s.put("api.json", smallAPI)
	s.put("team/api.json", smallAPI)
	for _, tt := range []struct {
		name    string
		buckets []string
		key     string
	}{
		{"no buckets", []string{}, "api.json"},
		{"empty entries", []string{"", " "}, "api.json"},
		{"another bucket", []string{"definitions-2", "definition"}, "api.json"},
		{"another prefix", []string{"definitions/team"}, "api.json"},
		{"a prefix is a folder", []string{"definitions/tea"}, "team/api.json"},
		{"no wildcards", []string{"*", "defin*", "definitions/*"}, "api.json"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			made := 0
			l := New(Options{Buckets: tt.buckets, Client: countedClient(&made)})
			r := one(t, l, Location{Bucket: bucket, Key: tt.key})
			wantReason(t, r, NotListed)
			want := "s3://definitions/" + tt.key + ": is in no bucket that may be read; hint: add definitions to DefinitionBuckets, a parameter of the macro's stack," +
				` which allows its role {"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::definitions/` + tt.key + `"}`
			if diff := cmp.Diff(want, r.Err.Error()); diff != "" {
				t.Errorf("error (-want +got):\n%s", diff)
			}
			if made != 0 || len(s.seen()) != 0 {
				t.Errorf("%d clients made, requests %q", made, s.seen())
			}
		})
	}
}

func TestLoadPrefix(t *testing.T) {
	s := newStore(t)
	s.put("team/v1/api.json", smallAPI)
	for _, entry := range []string{"definitions/team", "definitions/team/", " definitions/team/v1 ", "definitions/"} {
		l := storeLoader(Options{Buckets: []string{entry}})
		if r := one(t, l, Location{Bucket: bucket, Key: "team/v1/api.json"}); r.Err != nil {
			t.Errorf("%q: %v", entry, r.Err)
		}
	}
}

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

func TestLoadNothing(t *testing.T) {
	if got := New(Options{}).Load(t.Context(), nil); len(got) != 0 {
		t.Errorf("%v", got)
	}
}

func TestTimeLimit(t *testing.T) {
	now := time.Now()
	for _, tt := range []struct{ left, want time.Duration }{
		{10 * time.Minute, 30 * time.Second},
		{30 * time.Second, 28 * time.Second},
		{10 * time.Second, 9 * time.Second},
		{500 * time.Millisecond, 400 * time.Millisecond},
		{50 * time.Millisecond, -50 * time.Millisecond},
	} {
		ctx, stop := context.WithDeadline(t.Context(), now.Add(tt.left))
		if got := timeLimit(ctx, now); got != tt.want {
			t.Errorf("%v left: %v, want %v", tt.left, got, tt.want)
		}
		stop()
	}
	if got := timeLimit(t.Context(), now); got != 30*time.Second {
		t.Errorf("without a deadline: %v", got)
	}
}
