package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/cloud"
)

// exampleFiles are what the examples of the help are about.
var exampleFiles = map[string]string{
	"template.yaml": `Parameters:
  Stage: {Type: String, Default: dev}
Resources:
  Fn: {Type: AWS::Lambda::Function}
  Api:
    Type: AWS::ApiGatewayV2::Api
    Properties: {ProtocolType: HTTP, Name: n, Target: !GetAtt Fn.Arn}
`,
	"prod.json":  `{"Stage": "prod"}`,
	"event.json": `{"requestId": "1", "fragment": {"Resources": {}}}` + "\n",
	"policy.json": `{"Policy": "{\"Version\":\"2012-10-17\",\"Id\":\"default\",\"Statement\":[{\"Sid\":\"a\",\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"s3.amazonaws.com\"},` +
		`\"Action\":\"lambda:InvokeFunction\",\"Resource\":\"arn:aws:lambda:eu-west-1:111122223333:function:x-Fn-ABCDEFGHIJKL\"}]}"}`,
	"deploy.log":         "Requires capabilities : [CAPABILITY_AUTO_EXPAND]\n",
	"stacks/topic.yaml":  "Resources:\n  T: {Type: AWS::SNS::Topic}\n",
	"stacks/values.yaml": "replicas: 1\n",
}

// shellLine is a command line taken apart: its words, and where its input and
// output come from and go to. It knows quotes, < and >.
type shellLine struct {
	words   []string
	in, out string
}

func splitLine(t *testing.T, line string) shellLine {
	t.Helper()
	var all []string
	var word strings.Builder
	quote, open := rune(0), false
	for _, r := range line + " " {
		switch {
		case quote != 0 && r == quote:
			quote = 0
		case quote != 0:
			word.WriteRune(r)
		case r == '\'' || r == '"':
			quote, open = r, true
		case r == ' ':
			if open || word.Len() > 0 {
				all = append(all, word.String())
			}
			word.Reset()
			open = false
		case strings.ContainsRune("|&;$`\\", r):
			t.Fatalf("%s: this test doesn't know %q", line, r)
		default:
			word.WriteRune(r)
		}
	}
	var s shellLine
	for i := 0; i < len(all); i++ {
		switch all[i] {
		case "<":
			i++
			s.in = all[i]
		case ">":
			i++
			s.out = all[i]
		default:
			s.words = append(s.words, all[i])
		}
	}
	return s
}

// Every example of the help works as it stands there, and says something.
func TestExamples(t *testing.T) {
	for _, s := range subcommands() {
		if len(s.examples) == 0 {
			t.Errorf("%s has no example", s.name)
		}
		for _, x := range s.examples {
			t.Run(x.line, func(t *testing.T) {
				t.Chdir(t.TempDir())
				startCloud(t, &cloud.Server{World: cloud.Stories()["shop"]()})
				for name, text := range exampleFiles {
					if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
						t.Fatal(err)
					}
					if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
						t.Fatal(err)
					}
				}
				line := splitLine(t, x.line)
				if line.words[0] != "grantinvoke" || line.words[1] != s.name {
					t.Fatalf("an example of %s", s.name)
				}
				stdin, err := os.ReadFile(line.in)
				if line.in != "" && err != nil {
					t.Fatal(err)
				}
				var stdout, stderr bytes.Buffer
				c := Command{bytes.NewReader(stdin), &stdout, &stderr, func(string) string { return "" }}
				before, _ := os.ReadFile("template.yaml")
				if status := c.Main(line.words[1:]); status > exitFindings || stderr.Len() > 0 {
					t.Errorf("status %d: %s", status, stderr.String())
				}
				after, _ := os.ReadFile("template.yaml")
				if stdout.Len() == 0 && bytes.Equal(before, after) {
					t.Error("nothing came of it")
				}
			})
		}
	}
}

// Help is fit for a terminal: no line is wider than it, and every flag says
// what it is for.
func TestHelpIsNarrow(t *testing.T) {
	for _, s := range subcommands() {
		if strings.HasSuffix(s.short, ".") || s.short != strings.ToLower(s.short[:1])+s.short[1:] || len(s.short) > 60 {
			t.Errorf("%s: %q", s.name, s.short)
		}
		var b bytes.Buffer
		fs := flag.NewFlagSet(s.name, flag.ContinueOnError)
		s.make().flags(fs)
		s.help(&b, fs)
		for line := range strings.SplitSeq(b.String(), "\n") {
			if len([]rune(line)) > 90 {
				t.Errorf("%s: %d characters: %s", s.name, len(line), line)
			}
		}
		fs.VisitAll(func(f *flag.Flag) {
			if f.Usage == "" {
				t.Errorf("%s: -%s is not explained", s.name, f.Name)
			}
		})
	}
}

// What pipelines run is a command with flags that there are.
func TestPipelines(t *testing.T) {
	for name, key := range map[string]string{"../../../.pre-commit-hooks.yaml": "entry", "../../docs/tool.md": "- run"} {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		found := 0
		for line := range strings.SplitSeq(string(text), "\n") {
			command, ok := strings.CutPrefix(strings.TrimSpace(line), key+": grantinvoke ")
			if !ok {
				continue
			}
			found++
			words := splitLine(t, command).words
			i := slices.IndexFunc(subcommands(), func(s subcommand) bool { return s.name == words[0] })
			if i < 0 {
				t.Fatalf("%s: no command %s", name, words[0])
			}
			fs := flag.NewFlagSet(words[0], flag.ContinueOnError)
			subcommands()[i].make().flags(fs)
			if _, err := parse(fs, words[1:]); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		if found == 0 {
			t.Errorf("%s runs nothing", name)
		}
	}
}

// What the help shows as output is what the commands write; UPDATE=1 rewrites it.
func TestSamples(t *testing.T) {
	all := readSamples(samples)
	var written strings.Builder
	for _, s := range all {
		var stdout, stderr bytes.Buffer
		line := splitLine(t, s.line)
		t.Run(s.line, func(t *testing.T) {
			t.Chdir(t.TempDir())
			for name, text := range exampleFiles {
				if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			startCloud(t, &cloud.Server{World: cloud.Stories()["shop"]()})
			stdin, _ := os.ReadFile(line.in)
			c := Command{bytes.NewReader(stdin), &stdout, &stderr, func(string) string { return "" }}
			if status := c.Main(line.words[1:]); status > exitFindings || line.words[1] != s.command {
				t.Errorf("status %d: %s", status, stderr.String())
			}
		})
		got := s.shorten(stdout.String())
		written.WriteString("-- " + s.command + " " + fmt.Sprint(s.lines) + " --\n$ " + s.line + "\n" + strings.Join(got, "\n") + "\n")
		if os.Getenv("UPDATE") == "" && !slices.Equal(got, s.output) {
			t.Errorf("%s: the help shows\n%s\nand it writes\n%s", s.line, strings.Join(s.output, "\n"), strings.Join(got, "\n"))
		}
	}
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile("samples.txt", []byte(written.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, s := range subcommands() {
		if _, ok := sampleOf(s.name); !ok && s.name != versionCommand.name {
			t.Errorf("%s: the help shows no output", s.name)
		}
	}
}

// screen is how many lines a terminal shows at once, at least.
const screen = 48

var (
	helpFlag     = regexp.MustCompile(`(?:^|[\s(])-([a-z][a-z-]*)`)
	helpVariable = regexp.MustCompile(`\b(?:GRANTINVOKE_[A-Z_*]+|NO_COLOR)\b`)
)

// The page of each command fits a screen, and what it names exists: flags, and
// variables of the environment.
func TestHelpIsTrue(t *testing.T) {
	code, err := os.ReadFile("../../internal/transform/environment.go")
	if err != nil {
		t.Fatal(err)
	}
	pool, err := os.ReadFile("pool.go")
	if err != nil {
		t.Fatal(err)
	}
	var general bytes.Buffer
	Command{}.help(&general)
	pages := map[string]string{"": general.String()}
	flags := map[string]*flag.FlagSet{}
	for _, s := range subcommands() {
		fs := flag.NewFlagSet(s.name, flag.ContinueOnError)
		s.make().flags(fs)
		var b bytes.Buffer
		s.help(&b, fs)
		pages[s.name], flags[s.name] = b.String(), fs
	}
	for name, page := range pages {
		if n := strings.Count(page, "\n"); n > screen {
			t.Errorf("%s: %d lines", name, n)
		}
		for _, variable := range helpVariable.FindAllString(page, -1) {
			if !strings.Contains(string(code)+string(pool), `"`+variable+`"`) {
				t.Errorf("%s: nothing reads %s", name, variable)
			}
		}
		inSample := false
		for line := range strings.SplitSeq(page, "\n") {
			inSample = inSample && line != "" || strings.HasPrefix(line, "  $ ")
			of := name
			if words := strings.Fields(strings.TrimPrefix(strings.TrimSpace(line), "$ ")); len(words) > 1 && words[0] == "grantinvoke" {
				of = words[1]
			} else if inSample {
				continue
			}
			for _, m := range helpFlag.FindAllStringSubmatch(line, -1) {
				if m[1] != "h" && flags[of] != nil && flags[of].Lookup(m[1]) == nil {
					t.Errorf("%s: %s has no flag -%s: %s", name, of, m[1], line)
				}
			}
		}
	}
}

// sampleWidth is how wide a line of a sample may be.
const sampleWidth = 84

// shorten returns the first lines of an output that a sample shows, each clipped.
func (s sample) shorten(output string) []string {
	var out []string
	for line := range strings.Lines(output) {
		if len(out) == s.lines {
			out[len(out)-1] = "…"
			break
		}
		text := []rune(strings.TrimRight(line, " \n"))
		if len(text) > sampleWidth {
			text = append(text[:sampleWidth-1], '…')
		}
		out = append(out, string(text))
	}
	return out
}
