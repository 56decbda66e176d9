package main

import "errors"

func statusOf(err error) int {
	var e *exit
	if errors.As(err, &e) {
		return e.status
	}
	return exitUnreadable
}
