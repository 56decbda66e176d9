package apigateway

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/grantinvoke/grantinvoke/macro/internal/policy"
)

// below is the set of routes below a path of depth segments. at is where the next segment
// of their paths begins, foreign how many foreign routes are below, too. The routes of the
// root are below it: stage/*/* matches them.
func (b builder) below(tails []int, depth, at, foreign int) *policy.Set {
	if len(tails) == 1 {
		return policy.Leaf(tails[0])
	}
	groups := partition(tails, func(i, j int) int {
		return strings.Compare(segment(b.tails[i].path, at), segment(b.tails[j].path, at))
	})
	first := b.tails[tails[0]].path
	end := at + len(segment(first, at))
	if len(groups) == 1 && !slices.ContainsFunc(tails, func(i int) bool { return len(b.tails[i].path) == end }) {
		_, under := b.others.at(first[:end])
		return b.below(tails, depth+1, end+1, under) // a pattern further below is narrower, and matches the same routes
	}
	s := policy.NewSet(len(tails))
	for _, next := range groups {
		first := b.tails[next[0]].path
		end := at + len(segment(first, at))
		here, deeper := split(next, func(i int) bool { return len(b.tails[i].path) == end })
		same, under := b.others.at(first[:end])
		if len(here) > 0 {
			s.Add(b.path(here, same))
		}
		if len(deeper) > 0 {
			s.Add(b.below(deeper, depth+1, end+1, under))
		}
	}
	b.widenBelow(s, depth, foreign)
	return s
}

// widenBelow gives a set the pattern of all paths below one, and the choice of one pattern
// for each verb.
func (b builder) widenBelow(s *policy.Set, depth, foreign int) {
	verbs := partition(s.Routes(), func(i, j int) int { return strings.Compare(b.tails[i].verb, b.tails[j].verb) })
	height := 20 - min(depth, 8)
	if len(verbs) == 1 {
		s.Widen(policy.Rung{Level: belowVerb, Keep: int32(depth)}, height-1, foreign)
		return
	}
	s.Widen(policy.Rung{Level: below, Keep: int32(depth)}, height, foreign)
	each, cost := make([]policy.Pattern, len(verbs)), len(verbs)
	for i, v := range verbs {
		each[i].Routes = v
		if len(v) == 1 {
			continue
		}
		if b.tails[v[0]].verb == "*" {
			return // ANY is all verbs already
		}
		each[i].Rung = policy.Rung{Level: belowVerb, Keep: int32(b.sharedDepth(v))}
		cost += len(v)*policy.RouteCost + height - 10
	}
	s.Divide(each, cost+foreign*policy.ForeignCost/2) // about half of the foreign routes have other verbs
}

// sharedDepth is how many segments all paths have in common, each with more behind
// them.
func (b builder) sharedDepth(tails []int) int {
	shared := b.tails[tails[0]].path
	for _, i := range tails {
		path := b.tails[i].path
		shared = shared[:strings.LastIndexByte(shared, '/')+1]
		for !strings.HasPrefix(path, shared) {
			shared = shared[:strings.LastIndexByte(shared[:len(shared)-1], '/')+1]
		}
	}
	return strings.Count(shared, "/")
}

// path is the set of one path with its verbs.
func (b builder) path(tails []int, foreign int) *policy.Set {
	if len(tails) == 1 {
		return policy.Leaf(tails[0])
	}
	s := policy.NewSet(len(tails))
	for _, i := range tails {
		s.Add(policy.Leaf(i))
	}
	s.Widen(policy.Rung{Level: everyVerb}, 1, foreign)
	return s
}

// keys is the set of keys that have their first at bytes in common.
func (b builder) keys(tails []int, at int) *policy.Set {
	if len(tails) == 1 {
		return policy.Leaf(tails[0])
	}
	first := b.tails[tails[0]].path
	for at < len(first) && !slices.ContainsFunc(tails, func(i int) bool { p := b.tails[i].path; return at >= len(p) || p[at] != first[at] }) {
		at++
	}
	next := func(i int) string {
		return b.tails[i].path[min(at, len(b.tails[i].path)):min(at+1, len(b.tails[i].path))]
	}
	s := policy.NewSet(len(tails))
	for _, group := range partition(tails, func(i, j int) int { return strings.Compare(next(i), next(j)) }) {
		if next(group[0]) == "" { // all keys of the group are the same
			for _, i := range group {
				s.Add(policy.Leaf(i))
			}
			continue
		}
		s.Add(b.keys(group, at+1))
	}
	for at > 0 && at < len(first) && !utf8.RuneStart(first[at]) {
		at-- // a pattern holds whole characters
	}
	if at > 0 {
		s.Widen(policy.Rung{Level: keysBegin, Keep: int32(at)}, 15-min(at, 10), 0)
	}
	return s
}

// segment returns the segment of a path that begins at an index.
func segment(path string, at int) string {
	path = path[at:]
	if end := strings.IndexByte(path, '/'); end >= 0 {
		return path[:end]
	}
	return path
}
