package main

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
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
	"prod.json":          `{"Stage": "prod"}`,
	"event.json":         `{"requestId": "1", "fragment": {"Resources": {}}}` + "\n",
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
	for name, key := range map[string]string{"../../../.pre-commit-hooks.yaml": "entry", "../../../README.md": "- run"} {
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
