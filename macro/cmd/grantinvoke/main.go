// Command grantinvoke shows on a laptop or in CI, without AWS, what the macro
// will do to a template.
package main

import "os"

func main() {
	c := Command{Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Getenv: os.Getenv}
	os.Exit(c.Main(os.Args[1:]))
}
