// Command process stands in for CloudFormation in the checks: it plays
// CloudFormation's side of the macro contract with macros that are commands.
//
//	process -macro GrantInvoke='bin/grantinvoke event' <deployments.jsonl >processed.jsonl
//
// A macro's command reads one event a line and answers one response a line, as
// grantinvoke event does. A deployment is a line too,
//
//	{"template": {...}, "parameters": {"Stage": "v1"}, "name": ..., "account": ..., "region": ...}
//
// where all but the template may be absent. The answer is a line too: the
// {"template": ...} that would be deployed, or the {"error": ...} that is shown.
package main

import (
	"bufio"
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/cloudformation"
)

type deployment struct {
	Template   jsontext.Value    `json:"template"`
	Parameters map[string]string `json:"parameters"`
	Name       string            `json:"name"`
	Account    string            `json:"account"`
	Region     string            `json:"region"`
}

type outcome struct {
	Template jsontext.Value `json:"template,omitempty"`
	Error    string         `json:"error,omitempty"`
}

func main() {
	macros := map[string]cloudformation.Macro{}
	flag.Func("macro", "`NAME=COMMAND`: what answers the events of a macro; may be repeated", func(s string) error {
		name, command, ok := strings.Cut(s, "=")
		if !ok || len(strings.Fields(command)) == 0 {
			return errors.New("not NAME=COMMAND")
		}
		macro, err := start(strings.Fields(command))
		macros[name] = macro
		return err
	})
	flag.Parse()
	if err := process(os.Stdin, os.Stdout, macros); err != nil {
		fmt.Fprintln(os.Stderr, "process:", err)
		os.Exit(1)
	}
}

// start runs a macro's command and returns the macro that calls it.
func start(command []string) (cloudformation.Macro, error) {
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	answers := bufio.NewReader(out)
	return func(event []byte) ([]byte, error) {
		v := jsontext.Value(bytes.Clone(event))
		if err := v.Compact(); err != nil { // one line
			return nil, err
		}
		if _, err := in.Write(append(v, '\n')); err != nil {
			return nil, err
		}
		return answers.ReadBytes('\n')
	}, nil
}

// process answers deployments, a line each, in order.
func process(in io.Reader, out io.Writer, macros map[string]cloudformation.Macro) error {
	lines := bufio.NewReader(in)
	for {
		line, err := lines.ReadBytes('\n')
		if len(bytes.TrimSpace(line)) > 0 {
			if err := answer(line, out, macros); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func answer(line []byte, out io.Writer, macros map[string]cloudformation.Macro) error {
	var d deployment
	if err := json.Unmarshal(line, &d); err != nil {
		return fmt.Errorf("deployment: %w", err)
	}
	stack := cloudformation.Stack{Name: d.Name, Account: d.Account, Region: d.Region, Parameters: d.Parameters, Macros: macros}
	var o outcome
	processed, err := stack.Process(d.Template)
	if o.Template = processed; err != nil {
		o = outcome{Error: err.Error()}
	}
	b, err := json.Marshal(o)
	if err != nil {
		return err
	}
	_, err = out.Write(append(b, '\n'))
	return err
}
