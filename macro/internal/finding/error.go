package finding

import (
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

func (e *Error) Error() string { return Line(e.Message(), e.Hint) }

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

// Parts returns the parts of an error of this package: at is the place, message what
// is wrong, with the place, and hint what to do. Of several findings, at is the place
// of the first, and each hint stays in the message. Any other error is all message:
// who wraps one of ours does it with [Within].
func Parts(err error) (at, message, hint string) {
	switch e := err.(type) {
	case *Error:
		return e.At, e.Message(), e.Hint
	case Errors:
		if len(e) == 1 {
			return e[0].Place(), e[0].Message(), e[0].Advice()
		}
		return e[0].Place(), e.Error(), ""
	}
	return "", err.Error(), ""
}
