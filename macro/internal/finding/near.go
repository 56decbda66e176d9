package finding

import "strings"

// Nearest returns the word of a list that somebody who wrote word most likely
// meant: it differs by the case of letters, or by a slip or two. It is "" where
// none is near, and the first of those that are equally near.
func Nearest(word string, among []string) string {
	best, least := "", slips(word)+1
	word = strings.ToLower(word)
	for _, x := range among {
		if n := distance(word, strings.ToLower(x), least-1); n < least {
			best, least = x, n
		}
	}
	return best
}

// Meant returns a hint: "did you mean x?", where one of the words is near, followed
// by otherwise, which may be empty.
func Meant(word string, among []string, otherwise string) string {
	near := Nearest(word, among)
	switch {
	case near == "":
		return otherwise
	case otherwise == "":
		return "did you mean " + near + "?"
	}
	return "did you mean " + near + "? " + otherwise
}

// slips returns how many slips are likely in a word of that length.
func slips(word string) int {
	switch n := len(word); {
	case n < 3:
		return 0
	case n < 6:
		return 1
	case n < 12:
		return 2
	}
	return 3
}

// distance returns how many letters have to be inserted, removed, replaced or
// swapped with their neighbour to make one word of another, or limit+1 where that
// is more than limit: it computes only the band of the table that limit reaches.
func distance(a, b string, limit int) int {
	if limit < 0 || len(a)-len(b) > limit || len(b)-len(a) > limit {
		return limit + 1
	}
	var last, row, next = make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		from, to := max(1, i-limit), min(len(b), i+limit)
		for j := range next {
			next[j] = limit + 1
		}
		if from == 1 {
			next[0] = i
		}
		for j := from; j <= to; j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			next[j] = min(row[j-1]+cost, row[j]+1, next[j-1]+1)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				next[j] = min(next[j], last[j-2]+1)
			}
		}
		last, row, next = row, next, last
	}
	return min(row[len(b)], limit+1)
}
