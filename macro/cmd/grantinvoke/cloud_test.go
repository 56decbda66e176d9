package main

import (
	"strings"
	"sync"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/cloud"
)

// running are the servers of the scripts, by their folders.
var running sync.Map

// cloudCommand STORY [denied=OPERATION] [throttle=N] [page=N] starts an account and leads
// what the script runs to it.
func cloudCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 || cloud.Stories()[args[0]] == nil {
		ts.Fatalf("usage: cloud STORY [denied=OPERATION] [throttle=N] [page=N]; stories are %s", strings.Join(cloud.StoryNames(), ", "))
	}
	s := &cloud.Server{World: cloud.Stories()[args[0]](), Denied: map[string]bool{}}
	for _, arg := range args[1:] {
		switch name, value, _ := strings.Cut(arg, "="); name {
		case "denied":
			s.Denied[value] = true
		case "throttle":
			s.Throttle = len(value)
		case "page":
			s.Page = len(value)
		default:
			ts.Fatalf("no %s", name)
		}
	}
	url, stop, err := s.Start()
	ts.Check(err)
	ts.Defer(stop)
	for name, value := range awsEnvironment(url) {
		ts.Setenv(name, value)
	}
	running.Store(ts.Getenv("WORK"), s)
}

// reads checks that every call was a read, and that there were some.
func reads(ts *testscript.TestScript, neg bool, args []string) {
	x, ok := running.Load(ts.Getenv("WORK"))
	if !ok || neg {
		ts.Fatalf("no cloud")
	}
	log := x.(*cloud.Server).Log()
	for _, c := range log {
		if !c.Read || c.Status == 501 {
			ts.Fatalf("%s %s: no read, or one that the server doesn't know", c.Operation, c.Path)
		}
	}
	if len(log) == 0 {
		ts.Fatalf("nothing was asked")
	}
}

// awsEnvironment leads the SDK to a server, and away from this machine's own
// configuration.
func awsEnvironment(url string) map[string]string {
	return map[string]string{"AWS_ENDPOINT_URL": url, "AWS_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret",
		"AWS_SESSION_TOKEN": "", "AWS_PROFILE": "", "AWS_CONFIG_FILE": "/nonexistent", "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent", "AWS_EC2_METADATA_DISABLED": "true"}
}

// startCloud leads the test's own process to an account.
func startCloud(t *testing.T, s *cloud.Server) {
	t.Helper()
	url, stop, err := s.Start()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	for name, value := range awsEnvironment(url) {
		t.Setenv(name, value)
	}
}
