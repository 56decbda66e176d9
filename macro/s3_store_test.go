package main

import (
	"crypto/md5"
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/runtimeapi"
)

// A store is an S3 server on 127.0.0.1 with one bucket, and a place before it
// where a test can answer in its stead.
type store struct {
	t       *testing.T
	backend *s3mem.Backend
	url     string

	mu       sync.Mutex
	requests []string // path and query
	answer   func(w http.ResponseWriter, r *http.Request) bool
}

const bucket = "definitions"

func newStore(t *testing.T) *store {
	t.Helper()
	s := &store{t: t, backend: s3mem.New()}
	if err := s.backend.CreateBucket(bucket); err != nil {
		t.Fatal(err)
	}
	if err := s.backend.SetVersioningConfiguration(bucket, gofakes3.VersioningConfiguration{Status: gofakes3.VersioningEnabled}); err != nil {
		t.Fatal(err)
	}
	behind := gofakes3.New(s.backend).Server()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.requests = append(s.requests, r.URL.RequestURI())
		answer := s.answer
		s.mu.Unlock()
		if answer == nil || !answer(w, r) {
			behind.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(server.Close)
	s.url = server.URL
	return s
}

// put stores an object and returns its version.
func (s *store) put(key, content string) string {
	s.t.Helper()
	r, err := s.backend.PutObject(bucket, key, map[string]string{}, strings.NewReader(content), int64(len(content)), nil)
	if err != nil {
		s.t.Fatal(err)
	}
	return string(r.VersionID)
}

// asked returns what was asked for since the last time.
func (s *store) asked() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := s.requests
	s.requests = nil
	return all
}

func (s *store) answers(f func(w http.ResponseWriter, r *http.Request) bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answer = f
}

// refusal answers with S3's error document.
func refusal(w http.ResponseWriter, status int, code string) bool {
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(status)
	io.WriteString(w, `<?xml version="1.0" encoding="UTF-8"?><Error><Code>`+code+`</Code><Message>m</Message></Error>`)
	return true
}

// env is the environment of a function that may read the bucket.
func (s *store) env() []string {
	return []string{
		"AWS_ENDPOINT_URL_S3=" + s.url,
		"AWS_ACCESS_KEY_ID=AKIDEXAMPLE",
		"AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI",
		"AWS_EC2_METADATA_DISABLED=true",
		"GRANTINVOKE_BUCKETS=" + bucket,
	}
}

func (s *store) start(env ...string) *runtimeapi.Process {
	s.t.Helper()
	return start(s.t, append(s.env(), env...)...)
}

// tagOf is the ETag that S3 gives an object of one part.
func tagOf(content string) string {
	sum := md5.Sum([]byte(content))
	return hex.EncodeToString(sum[:])
}
