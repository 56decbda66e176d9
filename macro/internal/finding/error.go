package finding

import (
	"errors"
	"fmt"
	"strings"
)

// An Error tells why something failed. It reads as a finding does, "at: what;
// hint: hint"; its parts stay apart for reports that need them so.
type Error struct {
	At   string // the place, as people read it: "Metadata.GrantInvoke.Scope"; may be empty
	What string // what is wrong: lower case, no full stop
	Hint string // may be empty

	cause error
}

// Errorf returns an [*Error]: at and hint may be empty, and the rest makes What.
func Errorf(at, hint, format string, args ...any) error {
	return &Error{At: at, What: fmt.Sprintf(format, args...), Hint: hint}
}

// Within returns an error as one at the place at. Where it has a place of its own,
// that follows: "at: own place: what".
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

// Message returns the error without its hint.
func (e *Error) Message() string {
	if e.At == "" {
		return e.What
	}
	return e.At + ": " + e.What
}

func (e *Error) Error() string { return withHint(e.Message(), e.Hint) }

func (e *Error) Unwrap() error { return e.cause }

// Errors are findings that together are an error. It must not be empty.
type Errors []Finding

// maxShown is how many findings an error shows; the others it only counts.
const maxShown = 5

func (e Errors) Error() string {
	var all []string
	for _, f := range e[:min(len(e), maxShown)] {
		all = append(all, f.String())
	}
	if n := len(e); n > maxShown {
		all = append(all, fmt.Sprintf("and %d more", n-maxShown))
	}
	return strings.Join(all, "; ")
}

// Parts takes an error apart that is, or wraps, one of this package: at is the
// place, message what is wrong, with the place and whatever wraps it, hint what to
// do. Of several findings, at is the place of the first, and each hint stays in the
// message. Any other error is all message.
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
