package definition

import (
	"context"
	"fmt"
	"testing"
	"time"

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
