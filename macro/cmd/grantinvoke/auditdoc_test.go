package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/cloud"
)

// A block of the page is a story and what a shell shows about it.
var docBlock = regexp.MustCompile("(?s)<!-- cloud: ([a-z-]+) -->\n```console\n(.*?)```")

// Every example of the page is run, in a shell, against its story; UPDATE=1
// writes what they show.
func TestAuditPage(t *testing.T) {
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("no sh")
	}
	const page = "../../docs/audit.md"
	src, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	tool := filepath.Join(t.TempDir(), "grantinvoke")
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(self, tool); err != nil {
		t.Skip(err)
	}
	blocks := 0
	out := docBlock.ReplaceAllFunc(src, func(block []byte) []byte {
		blocks++
		m := docBlock.FindSubmatch(block)
		story := cloud.Stories()[string(m[1])]
		if story == nil {
			t.Fatalf("no story %s", m[1])
		}
		return []byte("<!-- cloud: " + string(m[1]) + " -->\n```console\n" + runBlock(t, tool, story(), string(m[2])) + "```")
	})
	if blocks < 5 {
		t.Errorf("only %d examples", blocks)
	}
	if bytes.Equal(out, src) {
		return
	}
	if os.Getenv("UPDATE") == "" {
		t.Fatalf("the examples show something else; hint: UPDATE=1\n%s", out)
	}
	if err := os.WriteFile(page, out, 0o644); err != nil {
		t.Fatal(err)
	}
}

// runBlock runs the lines of a block that begin with "$ " and returns the block
// as it should be.
func runBlock(t *testing.T, tool string, w *cloud.World, block string) string {
	t.Helper()
	s := &cloud.Server{World: w}
	url, stop, err := s.Start()
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	dir := t.TempDir()
	var b strings.Builder
	for _, line := range strings.Split(block, "\n") {
		command, ok := strings.CutPrefix(line, "$ ")
		if !ok {
			continue
		}
		cmd := exec.Command("sh", "-c", command)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "PATH="+filepath.Dir(tool)+string(os.PathListSeparator)+os.Getenv("PATH"), "NO_COLOR=1")
		for name, value := range awsEnvironment(url) {
			cmd.Env = append(cmd.Env, name+"="+value)
		}
		shown, err := cmd.Output()
		if err != nil {
			t.Fatalf("%s: %v", command, err)
		}
		b.WriteString(line + "\n" + string(shown))
	}
	for _, c := range s.Log() {
		if !c.Read {
			t.Errorf("%s is no read", c.Operation)
		}
	}
	return b.String()
}
