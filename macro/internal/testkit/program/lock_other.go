//go:build !unix

package program

// lock does nothing: two test binaries may build a program at the same time.
func lock(string) (unlock func(), err error) { return func() {}, nil }
