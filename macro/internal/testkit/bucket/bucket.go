// Package bucket plays Amazon S3 for tests of the Lambda executable: a bucket on
// 127.0.0.1, and templates with APIs whose definitions are in it.
package bucket

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

	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/program"
	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/runtimeapi"
)

// A Store is an S3 server on 127.0.0.1 with one bucket. A test can answer some requests
// itself.
type Store struct {
	t       *testing.T
	backend *s3mem.Backend
	url     string

	mu       sync.Mutex
	requests []string // path and query
	answer   func(w http.ResponseWriter, r *http.Request) bool
}

const name = "definitions" // of the bucket

// New starts a server, which ends with the test. Its bucket is named definitions.
func New(t *testing.T) *Store {
	t.Helper()
	s := &Store{t: t, backend: s3mem.New()}
	if err := s.backend.CreateBucket(name); err != nil {
		t.Fatal(err)
	}
	if err := s.backend.SetVersioningConfiguration(name, gofakes3.VersioningConfiguration{Status: gofakes3.VersioningEnabled}); err != nil {
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

// Put stores an object and returns its version.
func (s *Store) Put(key, content string) string {
	s.t.Helper()
	r, err := s.backend.PutObject(name, key, map[string]string{}, strings.NewReader(content), int64(len(content)), nil)
	if err != nil {
		s.t.Fatal(err)
	}
	return string(r.VersionID)
}

// URL is where the server listens.
func (s *Store) URL() string { return s.url }

// Asked returns what was asked for since the last time, paths with queries.
func (s *Store) Asked() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := s.requests
	s.requests = nil
	return all
}

// Answers lets f answer from now on, and the server where f returns false. nil is for the
// server only.
func (s *Store) Answers(f func(w http.ResponseWriter, r *http.Request) bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answer = f
}

// Refuse answers with S3's error document, and returns true.
func Refuse(w http.ResponseWriter, status int, code string) bool {
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(status)
	io.WriteString(w, `<?xml version="1.0" encoding="UTF-8"?><Error><Code>`+code+`</Code><Message>m</Message></Error>`)
	return true
}

// Env is the environment of a function that may read the bucket.
func (s *Store) Env() []string {
	return []string{
		"AWS_ENDPOINT_URL_S3=" + s.url,
		"AWS_ACCESS_KEY_ID=AKIDEXAMPLE",
		"AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI",
		"AWS_EC2_METADATA_DISABLED=true",
		"GRANTINVOKE_BUCKETS=" + name,
	}
}

// Start starts the Lambda executable in that environment, with env over it.
func (s *Store) Start(env ...string) *runtimeapi.Process {
	s.t.Helper()
	return program.Start(s.t, append(s.Env(), env...)...)
}

// Tag is the ETag that S3 gives an object of one part.
func Tag(content string) string {
	sum := md5.Sum([]byte(content))
	return hex.EncodeToString(sum[:])
}
