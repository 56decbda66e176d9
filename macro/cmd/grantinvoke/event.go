package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"flag"
	"io"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantinvoke/grantinvoke/macro/internal/transform"
)

var eventCommand = subcommand{
	name:  "event",
	short: "answer macro events as the Lambda function does",
	long: `
Reads macro events on standard input, JSON one behind the other, each in a line
or in many, and writes a response in a line for each, in their order. What is no
JSON is one failure, not the end. The variables GRANTINVOKE_* of the Lambda
function set the same defaults here.`,
	examples: []example{{"what the Lambda function would answer", "grantinvoke event < event.json"}},
	make:     func() task { return event{} },
}

type event struct{}

func (event) flags(*flag.FlagSet) {}

// run answers macro events, a line for each.
func (event) run(c Command, args []string) error {
	if len(args) > 0 {
		return usage("the events come on standard input", "takes no arguments")
	}
	h := transform.FromEnvironment(c.Getenv, io.Discard)
	in, out := stream{in: bufio.NewReaderSize(c.Stdin, 1<<20)}, bufio.NewWriter(c.Stdout)
	for {
		payload, err := in.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return unreadable(err)
		}
		answer, _ := h.Invoke(context.Background(), oneLine(payload))
		out.Write(append(answer, '\n'))
		if err := out.Flush(); err != nil {
			return unreadable(err)
		}
	}
}

// oneLine removes the line breaks from an event: the answer has the event's fragment
// as it is, and has to be one line. A text that isn't JSON stays.
func oneLine(payload []byte) []byte {
	v := jsontext.Value(bytes.TrimSpace(payload))
	if bytes.ContainsAny(v, "\r\n") {
		if c := v.Clone(); c.Compact() == nil {
			return c
		}
	}
	return v
}
