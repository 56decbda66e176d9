package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"flag"
	"io"

	"github.com/grantinvoke/grantinvoke/macro/internal/transform"
)

var eventCommand = subcommand{
	name:  "event",
	short: "answer macro events, a line of JSON each",
	long: `
Reads macro events as JSON lines on standard input and writes the macro's
responses as JSON lines on standard output, in their order. One bad line is one
failure answer, not the end: an event that is written over several lines has to
be made one first, as jq -c does. The variables GRANTINVOKE_* of the Lambda
function set the same defaults here.`,
	examples: []example{{"what the Lambda function would answer", "grantinvoke event < event.json"}},
	make:     func() task { return event{} },
}

type event struct{}

func (event) flags(*flag.FlagSet) {}

// run answers macro events, a line each.
func (event) run(c Command, args []string) error {
	if len(args) > 0 {
		return usage("the events come on standard input", "takes no arguments")
	}
	h := transform.FromEnvironment(c.Getenv, io.Discard)
	in, out := bufio.NewReaderSize(c.Stdin, 1<<20), bufio.NewWriter(c.Stdout)
	for {
		line, err := in.ReadBytes('\n')
		if line = bytes.TrimSpace(line); len(line) > 0 {
			answer, _ := h.Invoke(context.Background(), line)
			out.Write(append(answer, '\n'))
			if err := out.Flush(); err != nil {
				return unreadable(err)
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return unreadable(err)
		}
	}
}
