package main

import (
	_ "embed"
	"strconv"
	"strings"
)

// samples has what the help shows of each subcommand's output: a line "-- NAME LINES
// --", a command line after "$ ", and the first so many lines of its output. A test
// runs all of them and compares; UPDATE=1 rewrites the file.
//
//go:embed samples.txt
var samples string

// A sample is a command line and the beginning of its output.
type sample struct {
	command string
	lines   int    // how many lines of the output are shown
	line    string // the command line
	output  []string
}

func readSamples(text string) []sample {
	var out []sample
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		if head, ok := strings.CutPrefix(line, "-- "); ok {
			command, lines, _ := strings.Cut(strings.TrimSuffix(head, " --"), " ")
			n, _ := strconv.Atoi(lines)
			out = append(out, sample{command: command, lines: n})
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

// sampleOf returns the sample of a subcommand, if it has one.
func sampleOf(command string) (sample, bool) {
	for _, s := range readSamples(samples) {
		if s.command == command {
			return s, true
		}
	}
	return sample{}, false
}
