package main

import (
	_ "embed"
	"strconv"
	"strings"
)

// samples is what the help shows of each command's output: "-- command lines --",
// the command line behind $, and the output, as many lines of it as there is
// room for. A test runs all of them and compares; UPDATE=1 rewrites the file.
//
//go:embed samples.txt
var samples string

// A sample is a command line and the beginning of its output.
type sample struct {
	command string
	room    int // lines
	line    string
	output  []string
}

func readSamples(text string) []sample {
	var out []sample
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		if head, ok := strings.CutPrefix(line, "-- "); ok {
			command, room, _ := strings.Cut(strings.TrimSuffix(head, " --"), " ")
			n, _ := strconv.Atoi(room)
			out = append(out, sample{command: command, room: n})
			continue
		}
		s := &out[len(out)-1]
		if run, ok := strings.CutPrefix(line, "$ "); ok && s.line == "" {
			s.line = run
		} else {
			s.output = append(s.output, line)
		}
	}
	return out
}

// sampleOf is the sample of a command, if it has one.
func sampleOf(command string) (sample, bool) {
	for _, s := range readSamples(samples) {
		if s.command == command {
			return s, true
		}
	}
	return sample{}, false
}
