package main

import (
	"context"
	"errors"
)

// one studies the single template that a command takes.
func (s *settings) one(c Command, args []string, installed bool) (*subject, error) {
	switch {
	case len(args) == 0:
		return nil, usage("name a file, or - for standard input", "no template")
	case len(args) > 1:
		return nil, usage("name one", "more than one template")
	}
	if err := s.prepare(c); err != nil {
		return nil, err
	}
	x := s.study(context.Background(), c, input{name: args[0]}, installed || s.config.macroInstalled)
	if x.err != nil && x.report.Result == nil {
		return nil, x.failure()
	}
	return x, s.unused(x.names)
}

func statusOf(err error) int {
	var e *exit
	if errors.As(err, &e) {
		return e.status
	}
	return exitUnreadable
}
