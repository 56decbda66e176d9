package report

import (
	"bytes"
	"encoding/xml"
	"errors"
	"strings"
	"testing"
)

// Whatever an author wrote, each finding is one command of GitHub's, and JUnit's
// XML is well-formed.
func TestHostilePipelines(t *testing.T) {
	all := []Template{decided(t, sample, false), Failure("a,b:c%\nd.yaml", errors.New("a\nb"), true, nil)}
	var b bytes.Buffer
	if err := GitHub(&b, all, Options{}); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(b.String()), "\n")
	want := len(all[0].Findings) + len(all[1].Findings) + 1
	if len(lines) != want {
		t.Errorf("%d lines, want %d:\n%s", len(lines), want, b.String())
	}
	for _, line := range lines[:len(lines)-1] {
		if !strings.HasPrefix(line, "::error file=") && !strings.HasPrefix(line, "::warning file=") {
			t.Errorf("%s is no command", line)
		}
	}
	if !strings.Contains(b.String(), "file=a%2Cb%3Ac%25 d.yaml,") && !strings.Contains(b.String(), "file=a%2Cb%3Ac%25%0Ad.yaml,") {
		t.Error(b.String())
	}
	b.Reset()
	if err := JUnit(&b, all, Options{}); err != nil {
		t.Fatal(err)
	}
	var read junitSuites
	if err := xml.Unmarshal(b.Bytes(), &read); err != nil {
		t.Fatal(err)
	}
	fails := 0
	for _, s := range read.Suites {
		for _, c := range s.Cases {
			if c.Failure != nil {
				fails++
			}
		}
	}
	if read.Failures != fails || fails == 0 || read.Tests < len(all[0].Result.Decisions) {
		t.Errorf("%d failures, %d counted; %d tests", fails, read.Failures, read.Tests)
	}
}

// What an author wrote is text in a pull request too: no markup, no mention of
// somebody, no end of a cell or of code.
func TestInline(t *testing.T) {
	if got := inline("a|b <img> @team #1 `x` [y](z) \n_i_"); got != `a\|b \<img\> \@team \#1 \`+"`x\\`"+` \[y\](z)  \_i\_` {
		t.Error(got)
	}
	if got := code("a`b|c"); got != "`a'b\\|c`" {
		t.Error(got)
	}
}
