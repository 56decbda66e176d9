package finding

import (
	"errors"
	"fmt"
	"strings"
)

// An Error is why there is no answer. It reads as a finding does, "at: what;
// hint: hint", and its parts stay apart for whoever writes them elsewhere.
type Error struct {
	At   string // as people read it: "Metadata.GrantInvoke.Scope"; may be empty
	What string
	Hint string // may be empty

	cause error
}

// Errorf returns the error that something is wrong at a place.
func Errorf(at, hint, format string, args ...any) error {
	return &Error{At: at, What: fmt.Sprintf(format, args...), Hint: hint}
}

// Within returns the error as one at a place that its own, if any, is a part of.
func Within(at string, err error) error {
	e := &Error{At: at, What: err.Error(), cause: err}
	if inner, ok := err.(*Error); ok {
		e.What, e.Hint = inner.What, inner.Hint
		if inner.At != "" {
			e.At += ": " + inner.At
		}
	}
	return e
}

// Message is the error without its hint.
func (e *Error) Message() string {
	if e.At == "" {
		return e.What
	}
	return e.At + ": " + e.What
}

func (e *Error) Error() string { return withHint(e.Message(), e.Hint) }

func (e *Error) Unwrap() error { return e.cause }

// Errors are findings that together are the reason of a failure.
type Errors []Finding

// told is how many findings one error tells; of the others it has the number.
const told = 5

func (e Errors) Error() string {
	var all []string
	for _, f := range e[:min(len(e), told)] {
		all = append(all, f.String())
	}
	if n := len(e); n > told {
		all = append(all, fmt.Sprintf("and %d more", n-told))
	}
	return strings.Join(all, "; ")
}

// Parts takes an error apart that is, or wraps, one of this package: where it is,
// what is wrong, the place included, and what to do. Of several findings the
// place is the first one's, and each hint stays with its own in the message.
// Another error is all message.
func Parts(err error) (at, message, hint string) {
	var one *Error
	var all Errors
	switch {
	case errors.As(err, &one):
		at, hint = one.At, one.Hint
	case errors.As(err, &all) && len(all) == 1:
		at, hint = all[0].Place(), all[0].Advice()
	case len(all) > 0:
		at = all[0].Place()
	}
	return at, strings.TrimSuffix(err.Error(), withHint("", hint)), hint
}
