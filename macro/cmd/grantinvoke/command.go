package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/grantinvoke/grantinvoke/macro/internal/transform"
)

// The exit statuses.
const (
	exitOK = iota
	exitFindings
	exitUsage
	exitUnreadable
)

// A Command is one run of the tool.
type Command struct {
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	Getenv         func(string) string
}

// Main runs the command that the arguments name and returns its exit status.
func (c Command) Main(args []string) int {
	if len(args) == 1 && args[0] == "event" {
		return c.event()
	}
	fmt.Fprintln(c.Stderr, "grantinvoke: usage: grantinvoke event")
	return exitUsage
}

// event answers macro events, a line each. One bad line is one failure answer.
func (c Command) event() int {
	h := transform.FromEnvironment(c.Getenv, io.Discard)
	in, out := bufio.NewReaderSize(c.Stdin, 1<<20), bufio.NewWriter(c.Stdout)
	for {
		line, err := in.ReadBytes('\n')
		if line = bytes.TrimSpace(line); len(line) > 0 {
			answer, _ := h.Invoke(context.Background(), line)
			out.Write(append(answer, '\n'))
			if out.Flush() != nil {
				return exitUnreadable
			}
		}
		if errors.Is(err, io.EOF) {
			return exitOK
		}
		if err != nil {
			fmt.Fprintln(c.Stderr, "grantinvoke: event:", err)
			return exitUnreadable
		}
	}
}
