// Command archive packs an executable of this module for a release: with the files that
// are named, and with NOTICE, the licences of everything that is linked into it. The same
// executable always gives the same bytes:
//
//	go run ./macro/cmd/archive -o dist/grantinvoke-linux-amd64.tar.gz bin/linux-amd64/grantinvoke LICENSE README.md
//
// It writes a gzipped tar, or a zip where the name ends in .zip.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	out := flag.String("o", "", "the archive to write: a `file` .tar.gz or .zip")
	flag.Parse()
	if *out == "" || flag.NArg() == 0 {
		fmt.Fprintln(os.Stderr, "usage: archive -o FILE.tar.gz|FILE.zip EXECUTABLE [FILE ...]")
		os.Exit(2)
	}
	if err := pack(*out, flag.Arg(0), flag.Args()[1:]); err != nil {
		fmt.Fprintf(os.Stderr, "archive: %v\n", err)
		os.Exit(1)
	}
}

// pack writes the archive. After an error there is no file.
func pack(out, executable string, beside []string) error {
	program, err := os.ReadFile(executable)
	if err != nil {
		return err
	}
	members := []member{{filepath.Base(executable), 0o755, program}}
	for _, name := range beside {
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		members = append(members, member{filepath.Base(name), 0o644, text})
	}
	linked, err := linkedInto(executable)
	if err != nil {
		return fmt.Errorf("%s: %w", executable, err)
	}
	notice, err := noticeOf(linked)
	if err != nil {
		return fmt.Errorf("%s: %w", executable, err)
	}
	members = append(members, member{"NOTICE", 0o644, notice})
	packed, err := archived(out, members)
	if err != nil {
		return err
	}
	if err := os.WriteFile(out, packed, 0o644); err != nil {
		return errors.Join(err, os.Remove(out))
	}
	return nil
}
