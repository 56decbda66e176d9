package policy

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// keys is the node of keys that begin alike, in at bytes at least.
func (b builder) keys(routes []int, at int) *node {
	if len(routes) == 1 {
		return b.leaf(routes[0])
	}
	first := b.routes[routes[0]].Path
	for at < len(first) && !slices.ContainsFunc(routes, func(i int) bool { p := b.routes[i].Path; return at >= len(p) || p[at] != first[at] }) {
		at++
	}
	next := func(i int) string {
		return b.routes[i].Path[min(at, len(b.routes[i].Path)):min(at+1, len(b.routes[i].Path))]
	}
	n := &node{}
	for _, group := range partition(routes, func(i, j int) int { return strings.Compare(next(i), next(j)) }) {
		if next(group[0]) == "" { // they are all the same
			for _, i := range group {
				n.add(b.leaf(i))
			}
			continue
		}
		n.add(b.keys(group, at+1))
	}
	for at > 0 && at < len(first) && !utf8.RuneStart(first[at]) {
		at-- // a pattern holds whole characters
	}
	if at > 0 {
		n.widen(Pattern{Level: Keys, Depth: at}, 15-min(at, 10), 0)
	}
	return n
}

// segment returns the segment of a path that begins at.
func segment(path string, at int) string {
	path = path[at:]
	if end := strings.IndexByte(path, '/'); end >= 0 {
		return path[:end]
	}
	return path
}

func split(list []int, first func(int) bool) (yes, no []int) {
	for _, x := range list {
		if first(x) {
			yes = append(yes, x)
		} else {
			no = append(no, x)
		}
	}
	return yes, no
}

// path is the node of one path with its verbs.
func (b builder) path(routes []int, foreign int) *node {
	if len(routes) == 1 {
		return b.leaf(routes[0])
	}
	n := &node{routes: make([]int, 0, len(routes))}
	for _, i := range routes {
		n.add(b.leaf(i))
	}
	n.widen(Pattern{Level: Verbs}, 1, foreign)
	return n
}

// widen gives the node a pattern over all its routes; a single route needs none.
func (n *node) widen(p Pattern, level, foreign int) {
	if len(n.routes) > 1 {
		p.Routes = n.routes
		n.own, n.ownCost = &p, foreign*foreignCost+len(n.routes)*routeCost+level
	}
}

// splitVerbs adds the narrower choice of one pattern for each verb.
func (b builder) splitVerbs(n *node, depth, foreign int) {
	if n.own == nil {
		return
	}
	verbs := partition(n.routes, func(i, j int) int { return strings.Compare(b.routes[i].Verb, b.routes[j].Verb) })
	if len(verbs) == 1 {
		n.own.Verb = b.routes[n.routes[0]].Verb
		n.ownCost--
		return
	}
	n.verbCost = len(verbs)
	for _, v := range verbs {
		p := &Pattern{Routes: v, Level: Exact}
		if len(v) > 1 {
			p.Level, p.Verb, p.Depth = Prefix, b.routes[v[0]].Verb, depth
			n.verbCost += len(v)*routeCost + 10 - min(depth, 8)
		}
		n.byVerb = append(n.byVerb, p)
	}
	if slices.ContainsFunc(n.byVerb, func(p *Pattern) bool { return p.Verb == "*" }) {
		n.byVerb = nil // ANY is all verbs already
	}
	n.verbCost += foreign * foreignCost / 2 // about half of what is foreign has other verbs
}
