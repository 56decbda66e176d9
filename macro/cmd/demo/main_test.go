package main

import (
	"bytes"
	"maps"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/program"
)

func run(t *testing.T, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	status = command{&out, &errs}.run(t.Context(), args)
	return status, out.String(), errs.String()
}

// The real executable on every event of the repository.
func TestEvents(t *testing.T) {
	files, err := filepath.Glob("../../../events/*.json")
	if err != nil {
		t.Fatal(err)
	}
	status, stdout, stderr := run(t, append([]string{"-bootstrap", program.Bootstrap(t)}, files...)...)
	if status != exitAnswered || stderr != "" {
		t.Fatalf("status %d\n%s", status, stderr)
	}
	functions, said := summary(stdout)
	wantFunctions := map[string][]string{
		"authorizers.json":         {"DocumentCheck", "Reports", "RequestCheck", "TokenCheck"},
		"http-api.json":            {"Fallback", "Orders"},
		"policy.json":              {"Orders"},
		"rest-api.json":            {"GetUser", "ListUsers"},
		"sam-definition-body.json": {"MyFunction"},
		"services.json":            {"Notify", "SignUp", "Thumbnail", "Watch"},
		"websocket-api.json":       {"Connections", "Messages"},
	}
	if diff := cmp.Diff(wantFunctions, functions); diff != "" {
		t.Errorf("functions that got a permission (-want +got):\n%s\n%s", diff, stdout)
	}
	if got := said["nothing-to-do.json"]; got != "nothing to add: same bytes back\n" {
		t.Errorf("nothing-to-do.json: %q", got)
	}
	if got := said["bad-event.json"]; !strings.HasPrefix(got, "Transform 123456789012::GrantInvoke failed with: ") {
		t.Errorf("bad-event.json: %q", got)
	}
	if len(said) != len(files) {
		t.Errorf("%d of %d events are in the output:\n%s", len(said), len(files), stdout)
	}
}

// summary reads the demo's output: by file, the functions that got a permission, and all
// the text.
func summary(stdout string) (functions map[string][]string, said map[string]string) {
	functions, said = map[string][]string{}, map[string]string{}
	file := ""
	for line := range strings.Lines(stdout) {
		text, inside := strings.CutPrefix(line, "  ")
		switch words := strings.Fields(text); {
		case len(words) == 0:
		case !inside:
			file = filepath.Base(words[0])
		default:
			said[file] += text
			if words[0] == "function" {
				name, _ := strings.CutSuffix(words[1], ".Arn")
				if !slices.Contains(functions[file], name) {
					functions[file] = append(functions[file], name)
				}
			}
		}
	}
	for all := range maps.Values(functions) {
		slices.Sort(all)
	}
	return functions, said
}

// The environment of the demo counts as that of the Lambda function would.
func TestEnvironment(t *testing.T) {
	t.Setenv("GRANTINVOKE_OPTIONS", "Grant=role")
	_, stdout, stderr := run(t, "-bootstrap", program.Bootstrap(t), "../../../events/http-api.json")
	if !strings.Contains(stdout, "AWS::IAM::Role") || strings.Contains(stdout, "AWS::Lambda::Permission") {
		t.Errorf("with GRANTINVOKE_OPTIONS=Grant=role:\n%s%s", stdout, stderr)
	}
}

func TestTrouble(t *testing.T) {
	none := filepath.Join(t.TempDir(), "none")
	dead, err := exec.LookPath("false")
	if err != nil {
		t.Fatal(err)
	}
	const event = "../../../events/nothing-to-do.json"
	tests := []struct {
		name   string
		args   []string
		status int
		want   string
	}{
		{"no event", nil, exitUsage, "usage: demo"},
		{"no such flag", []string{"-x"}, exitUsage, "flag provided but not defined"},
		{"no executable", []string{"-bootstrap", none, event}, exitUsage, "hint: make bootstrap"},
		{"an executable that ends", []string{"-bootstrap", dead, event}, exitBroken, "nothing-to-do.json: the executable has ended: exit status 1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			status, _, stderr := run(t, tt.args...)
			if status != tt.status || !strings.Contains(stderr, tt.want) {
				t.Errorf("status %d, want %d; said %q, want in it %q", status, tt.status, stderr, tt.want)
			}
		})
	}
}
