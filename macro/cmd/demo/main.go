// Command demo runs the macro's real Lambda executable on this machine, hands
// it macro events as CloudFormation would, and shows what each one got:
//
//	go run ./macro/cmd/demo -bootstrap bin/bootstrap events/*.json
//
// The GRANTINVOKE_ variables of the environment reach the executable, as the
// macro's stack would set them: GRANTINVOKE_OPTIONS=Grant=role shows the other mode.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/runtimeapi"
)

// Exit statuses.
const (
	exitAnswered = 0 // every event got a macro response, which may be a failure
	exitBroken   = 1 // the executable crashed, or its answer is no macro response
	exitUsage    = 2 // wrong arguments, or an event file that can't be read
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	status := command{os.Stdout, os.Stderr}.run(ctx, os.Args[1:])
	stop()
	os.Exit(status)
}

type command struct{ stdout, stderr io.Writer }

func (c command) run(ctx context.Context, args []string) int {
	flags := flag.NewFlagSet("demo", flag.ContinueOnError)
	flags.SetOutput(c.stderr)
	bootstrap := flags.String("bootstrap", "bin/bootstrap", "the Lambda `executable`, built for this machine")
	logs := flags.Bool("logs", false, "show what the executable logs, too")
	flags.Usage = func() {
		fmt.Fprintln(c.stderr, "usage: demo [-bootstrap executable] [-logs] event.json ...")
		flags.PrintDefaults()
	}
	if flags.Parse(args) != nil {
		return exitUsage
	}
	if flags.NArg() == 0 {
		flags.Usage()
		return exitUsage
	}
	p, err := runtimeapi.Start(ctx, *bootstrap, defaults(os.Environ()))
	if err != nil {
		fmt.Fprintf(c.stderr, "demo: %v; hint: make bootstrap builds bin/bootstrap\n", err)
		return exitUsage
	}
	defer p.Stop()
	for _, file := range flags.Args() {
		event, err := os.ReadFile(file)
		if err != nil {
			fmt.Fprintf(c.stderr, "demo: %v\n", err)
			return exitUsage
		}
		said := len(p.Logs())
		outcome, err := invoke(ctx, p, event)
		fmt.Fprintf(c.stdout, "%s\n", file)
		if *logs {
			fmt.Fprint(c.stdout, indent("  | ", p.Logs()[said:]))
		}
		if err != nil {
			fmt.Fprintf(c.stderr, "demo: %s: %v\n%s", file, err, indent("  | ", p.Logs()[said:]))
			return exitBroken
		}
		fmt.Fprintln(c.stdout, indent("  ", outcome))
	}
	return exitAnswered
}

// defaults returns the variables of an environment that are the macro's.
func defaults(environment []string) []string {
	var own []string
	for _, e := range environment {
		if strings.HasPrefix(e, "GRANTINVOKE_") {
			own = append(own, e)
		}
	}
	return own
}

func invoke(ctx context.Context, p *runtimeapi.Process, event []byte) (string, error) {
	answer, err := p.Invoke(ctx, event)
	if err != nil {
		return "", err
	}
	if answer.FunctionError {
		return "", fmt.Errorf("the function failed: %s", answer.Payload)
	}
	return describe(event, answer.Payload)
}

func indent(with, text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		b.WriteString(with + strings.TrimRight(line, "\n") + "\n")
	}
	return b.String()
}
