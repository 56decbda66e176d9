// Command cloud serves an account for the checks in Python: a story by its
// name, or one that is generated from a number. It prints where, and ends when
// its standard input does; then it prints every call as a line of JSON.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strconv"

	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/cloud"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "cloud:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 1 {
		return fmt.Errorf("usage: cloud STORY|SEED")
	}
	s := &cloud.Server{}
	if seed, err := strconv.ParseUint(args[0], 10, 64); err == nil {
		s.World = cloud.Generate(seed)
	} else if story := cloud.Stories()[args[0]]; story != nil {
		s.World = story()
	} else {
		return fmt.Errorf("no story %s; there are %v", args[0], cloud.StoryNames())
	}
	url, stop, err := s.Start()
	if err != nil {
		return err
	}
	defer stop()
	fmt.Println(url)
	if _, err := io.Copy(io.Discard, os.Stdin); err != nil {
		return err
	}
	e := json.NewEncoder(os.Stdout)
	for _, c := range s.Log() {
		if err := e.Encode(c); err != nil {
			return err
		}
	}
	return nil
}
