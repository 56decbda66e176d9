package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/grantinvoke/grantinvoke/macro/internal/source"
)

// A composite is what a test needs to know of an action.
type composite struct {
	Inputs map[string]struct{ Default string }
	Runs   struct {
		Using string
		Steps []step
	}
}

type step struct {
	ID, Uses, Run, Shell string
	Env                  map[string]string
}

var workflowExpression = regexp.MustCompile(`\$\{\{\s*inputs\.(\w+)\s*\}\}`)

// The steps of the composite action, run as a runner does: bash with the
// action's inputs in the environment. What they write are GitHub's commands, a
// summary, SARIF, and the status.
func TestAction(t *testing.T) {
	if _, err := exec.LookPath("bash"); err != nil {
		t.Skip("no bash")
	}
	path, err := filepath.Abs("../../../.github/actions/check")
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(path, "action.yml"))
	if err != nil {
		t.Fatal(err)
	}
	file, err := source.Read("action.yml", text)
	if err != nil {
		t.Fatal(err)
	}
	var action composite
	if err := json.Unmarshal(file.JSON(), &action); err != nil || action.Runs.Using != "composite" || len(action.Runs.Steps) != 3 {
		t.Fatalf("%v, using %s", err, action.Runs.Using)
	}
	if strings.Contains(regexp.MustCompile(`(?m)^\s+run: \|\n((\s{8}.*\n)+)`).FindString(string(text)), "${{") {
		t.Error("an input is pasted into a script")
	}
	temp := t.TempDir()
	for i, tt := range []struct {
		name       string
		inputs     map[string]string
		status     string
		out, notes string // what stands in the log and in the summary
	}{
		{"missing", map[string]string{"templates": "template.yaml", "sarif": "out.sarif"}, "1", "::error file=template.yaml,line=7,col=47,title=missing::", "### ❌ GrantInvoke: 1 template, 1 call: 1 missing"},
		{"clean", map[string]string{"templates": "stacks\ntemplate.yaml", "flags": "-macro-installed"}, "0", "2 templates, 1 call: 0 missing, 1 added by the macro\n", "### ✅ GrantInvoke"},
		{"pattern", map[string]string{"templates": "stacks/*.yaml"}, "0", "1 template, 0 calls: 0 missing\n", "### ✅"},
		{"wrong flag", map[string]string{"flags": "-regoin x"}, "2", "did you mean -region?", ""},
		{"unreadable", map[string]string{"templates": "nothing.yaml"}, "3", "nothing.yaml: no such file", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			for _, name := range []string{"template.yaml", "stacks/topic.yaml", "stacks/values.yaml"} {
				if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(filepath.Join(dir, name), []byte(exampleFiles[name]), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			steps := action.Runs.Steps
			if i > 0 {
				steps = steps[2:] // what is built for one is the same for the others
			}
			log, status := action.run(t, steps, path, dir, temp, tt.inputs)
			if status != tt.status || !strings.Contains(log, tt.out) {
				t.Errorf("status %s, log\n%s", status, log)
			}
			summary, _ := os.ReadFile(filepath.Join(dir, "summary"))
			if !strings.HasPrefix(string(summary), tt.notes) {
				t.Errorf("summary %s", summary)
			}
			if name := tt.inputs["sarif"]; name != "" {
				written, err := os.ReadFile(filepath.Join(dir, name))
				if err != nil || !json.Valid(written) {
					t.Errorf("%s: %v", name, err)
				}
			}
		})
	}
}

// run runs the steps that are scripts in a folder and returns their log and the
// output "status".
func (a composite) run(t *testing.T, steps []step, path, dir, temp string, inputs map[string]string) (log, status string) {
	t.Helper()
	for _, step := range steps {
		if step.Uses != "" {
			continue
		}
		env := append(os.Environ(), "GITHUB_ACTION_PATH="+path, "RUNNER_TEMP="+temp, "GITHUB_OUTPUT="+filepath.Join(dir, "output"),
			"GITHUB_STEP_SUMMARY="+filepath.Join(dir, "summary"))
		for name, v := range step.Env {
			env = append(env, name+"="+workflowExpression.ReplaceAllStringFunc(v, func(s string) string {
				input := workflowExpression.FindStringSubmatch(s)[1]
				declared, ok := a.Inputs[input]
				if !ok {
					t.Errorf("no input %s", input)
				}
				if given, ok := inputs[input]; ok {
					return given
				}
				return declared.Default
			}))
		}
		cmd := exec.Command("bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", step.Run)
		cmd.Dir, cmd.Env = dir, env
		out, err := cmd.CombinedOutput()
		log += string(out)
		if err != nil {
			break
		}
	}
	output, _ := os.ReadFile(filepath.Join(dir, "output"))
	return log, strings.TrimSpace(strings.TrimPrefix(string(output), "status="))
}
