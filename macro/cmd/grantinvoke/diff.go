package main

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
)

// A block is one difference: lines [a0, a1) of the old text became lines [b0, b1) of
// the new one.
type block struct{ a0, a1, b0, b1 int }

// around is how many equal lines a diff shows around a block.
const around = 3

// unified returns the difference of two texts as a unified diff, nothing where
// they are equal.
func unified(nameA, nameB string, textA, textB []byte) []byte {
	a, b := lines(textA), lines(textB)
	all := blocks(a, b)
	if len(all) == 0 {
		return nil
	}
	var out bytes.Buffer
	fmt.Fprintf(&out, "--- %s\n+++ %s\n", nameA, nameB)
	for len(all) > 0 {
		n := 1
		for n < len(all) && all[n].a0-all[n-1].a1 <= 2*around {
			n++
		}
		hunk(&out, a, b, all[:n])
		all = all[n:]
	}
	return out.Bytes()
}

// lines divides a text after its line breaks.
func lines(text []byte) []string {
	all := strings.SplitAfter(string(text), "\n")
	if all[len(all)-1] == "" {
		all = all[:len(all)-1]
	}
	return all
}

func hunk(out *bytes.Buffer, a, b []string, all []block) {
	first, last := all[0], all[len(all)-1]
	lead, tail := min(around, first.a0), min(around, len(a)-last.a1)
	a0, a1, b0, b1 := first.a0-lead, last.a1+tail, first.b0-lead, last.b1+tail
	fmt.Fprintf(out, "@@ -%s +%s @@\n", extent(a0, a1), extent(b0, b1))
	at := a0
	for _, x := range all {
		write(out, ' ', a[at:x.a0])
		write(out, '-', a[x.a0:x.a1])
		write(out, '+', b[x.b0:x.b1])
		at = x.a1
	}
	write(out, ' ', a[at:a1])
}

// extent returns a range of lines as diffs have it: counted from 1, an empty range by
// the line before it.
func extent(from, to int) string {
	if from == to {
		return fmt.Sprintf("%d,0", from)
	}
	if to == from+1 {
		return fmt.Sprint(to)
	}
	return fmt.Sprintf("%d,%d", from+1, to-from)
}

func write(out *bytes.Buffer, mark byte, all []string) {
	for _, line := range all {
		out.WriteByte(mark)
		out.WriteString(line)
		if !strings.HasSuffix(line, "\n") {
			out.WriteString("\n\\ No newline at end of file\n")
		}
	}
}

// blocks finds the differences between lines that occur once in each text, in the same
// order. So it needs hardly more than linear time and memory, and added lines are
// shown as those that were added.
func blocks(a, b []string) []block {
	var out []block
	atA, atB := 0, 0
	flush := func(toA, toB int) {
		for atA < toA && atB < toB && a[atA] == b[atB] {
			atA, atB = atA+1, atB+1
		}
		endA, endB := toA, toB
		for endA > atA && endB > atB && a[endA-1] == b[endB-1] {
			endA, endB = endA-1, endB-1
		}
		if endA > atA || endB > atB {
			out = append(out, block{atA, endA, atB, endB})
		}
		atA, atB = toA, toB
	}
	for _, x := range anchors(a, b) {
		if x[0] < atA || x[1] < atB {
			continue
		}
		flush(x[0], x[1])
	}
	flush(len(a), len(b))
	return out
}

// anchors returns the pairs of equal lines that occur once in each text: the longest
// sequence that increases in both.
func anchors(a, b []string) [][2]int {
	type seen struct{ nA, nB, iA, iB int }
	count := map[string]*seen{}
	at := func(line string) *seen {
		s := count[line]
		if s == nil {
			s = &seen{}
			count[line] = s
		}
		return s
	}
	for i, line := range a {
		s := at(line)
		s.nA, s.iA = s.nA+1, i
	}
	for i, line := range b {
		s := at(line)
		s.nB, s.iB = s.nB+1, i
	}
	var pairs [][2]int
	for i, line := range a {
		if s := count[line]; s.nA == 1 && s.nB == 1 {
			pairs = append(pairs, [2]int{i, s.iB})
		}
	}
	return increasing(pairs)
}

// increasing returns the longest subsequence whose second numbers increase,
// by patience sorting.
func increasing(pairs [][2]int) [][2]int {
	var tails []int // indexes of the pairs that end the best sequence of each length
	before := make([]int, len(pairs))
	for i, p := range pairs {
		n, _ := slices.BinarySearchFunc(tails, p[1], func(j, want int) int { return pairs[j][1] - want })
		before[i] = -1
		if n > 0 {
			before[i] = tails[n-1]
		}
		if n == len(tails) {
			tails = append(tails, i)
		} else {
			tails[n] = i
		}
	}
	out := make([][2]int, len(tails))
	if len(tails) == 0 {
		return out
	}
	for n, i := len(tails)-1, tails[len(tails)-1]; n >= 0; n, i = n-1, before[i] {
		out[n] = pairs[i]
	}
	return out
}

// paint colours a diff.
func paint(diff []byte, coloured bool) []byte {
	if !coloured {
		return diff
	}
	var out bytes.Buffer
	for _, line := range lines(diff) {
		text, end := strings.CutSuffix(line, "\n")
		code := ""
		switch {
		case strings.HasPrefix(line, "---"), strings.HasPrefix(line, "+++"):
			code = "1"
		case line[0] == '+':
			code = "32"
		case line[0] == '-':
			code = "31"
		case line[0] == '@':
			code = "36"
		}
		if code != "" {
			text = "\x1b[" + code + "m" + text + "\x1b[m"
		}
		out.WriteString(text)
		if end {
			out.WriteByte('\n')
		}
	}
	return out.Bytes()
}
