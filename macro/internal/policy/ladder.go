package policy

import (
	"cmp"
	"slices"
	"strings"
)

// Kind tells the forms of a source apart.
type Kind uint8

// The kinds of routes.
const (
	Method     Kind = iota // stage/VERB/path
	Key                    // stage/key
	Authorizer             // authorizers/id
	Whole                  // everything of the API
)

// A Route is one exact grant that a function needs.
type Route struct {
	Group string // what is never merged with anything else: the API and the condition
	Stage string // "" for any
	Kind  Kind
	Verb  string // Method: "*" for ANY
	Path  string // Method: segments with slashes between, none in front; a symbol has no slash. Key: the key, where keys that begin alike may share a pattern
	Size  int    // bytes of its statement; a wider pattern of it is no longer
}

// Level is a rung of the ladder.
type Level uint8

// The rungs, from exact to widest.
const (
	Exact  Level = iota
	Verbs        // every verb of one path: */*/path
	Prefix       // what is below a path: */VERB/a/* or */*/a/*
	Keys         // keys that begin alike: */order*
	Stage        // stage/*
	API          // *
)

// A Pattern is one statement of a plan: the routes that it is for, and how it
// is made from any of them.
type Pattern struct {
	Routes []int
	Level  Level
	Verb   string // Prefix: "*" or the one verb of all routes
	Depth  int    // Prefix: how many segments are kept; Keys: how many bytes of the key
}

// The cost of a pattern, in what it allows beyond its routes. A route of the
// same API that belongs to another function weighs most, then each route that
// is no longer exact, then how high on the ladder the pattern is.
const (
	foreignCost = 100
	routeCost   = 10
)

// A node of the ladder is a set of routes with the pattern that covers exactly
// the routes below it. The sets are nested, so that the cheapest choice of
// patterns is found from the leaves up.
type node struct {
	routes   []int // all below
	children []*node
	own      *Pattern   // nil: there is no such pattern
	byVerb   []*Pattern // the same with one pattern for each verb; nil: as own
	ownCost  int
	verbCost int
	table    []choice // by number of statements, from 1; filled by plan
	splits   [][]int  // by child: how many statements it gets for each total so far
}

type choice struct {
	cost int
	how  byte // 'o' own, 'v' by verb, 's' split; 0 impossible
}

// build returns the ladder over routes. foreign are the routes of each group
// that are not granted: they count where a pattern would cover them.
func build(routes []Route, foreign map[string]Foreign) *node {
	root := &node{}
	groups := partition(indexes(routes), func(i, j int) int { return strings.Compare(routes[i].Group, routes[j].Group) })
	for _, g := range groups {
		root.add(builder{routes}.api(g, foreign[routes[g[0]].Group]))
	}
	return root
}

type builder struct{ routes []Route }

func (n *node) add(child *node) {
	if len(child.routes) > 0 {
		n.children = append(n.children, child)
		n.routes = append(n.routes, child.routes...)
	}
}

func (b builder) leaf(i int) *node {
	l := &leaf{route: [1]int{i}}
	l.routes, l.own, l.table = l.route[:], &l.exact, oneExact
	l.exact.Routes = l.route[:]
	return &l.node
}

// A leaf is the node of one route with what belongs to it.
type leaf struct {
	node
	exact Pattern
	route [1]int
}

// oneExact is the table of a leaf.
var oneExact = []choice{{0, 'o'}}

func (b builder) api(routes []int, others Foreign) *node {
	n := &node{}
	for _, stage := range partition(routes, b.compareStages) {
		if b.scope(stage[0]) == "" {
			for _, i := range stage {
				n.add(b.leaf(i))
			}
			continue
		}
		n.add(b.stage(stage, others))
	}
	n.widen(Pattern{Level: API}, 40, others.len())
	return n
}

func (b builder) compareStages(i, j int) int {
	return cmp.Or(strings.Compare(b.routes[i].Stage, b.routes[j].Stage), strings.Compare(b.scope(i), b.scope(j)))
}

// scope is "" for the routes that no stage has: authorizers and whole APIs.
func (b builder) scope(i int) string {
	if k := b.routes[i].Kind; k == Authorizer || k == Whole {
		return ""
	}
	return "stage"
}

func (b builder) stage(routes []int, others Foreign) *node {
	n := &node{}
	var methods, keys []int
	for _, i := range routes {
		switch r := b.routes[i]; {
		case r.Kind == Method:
			methods = append(methods, i)
		case r.Path != "":
			keys = append(keys, i)
		default:
			n.add(b.leaf(i))
		}
	}
	if len(keys) > 0 {
		n.add(b.keys(keys, 0))
	}
	if len(methods) > 0 {
		n.add(b.below(methods, others, 0, 0, others.methods()))
	}
	if b.routes[routes[0]].Stage != "" {
		n.widen(Pattern{Level: Stage}, 30, others.len())
	}
	return n
}

// below is the node of what lies below a path of depth segments; what follows
// begins at, and foreign routes of others lie there too. The root's own routes
// are below the root: stage/*/* matches them.
func (b builder) below(routes []int, others Foreign, depth, at, foreign int) *node {
	if len(routes) == 1 {
		return b.leaf(routes[0])
	}
	n := &node{routes: make([]int, 0, len(routes))}
	for _, next := range partition(routes, func(i, j int) int {
		return strings.Compare(segment(b.routes[i].Path, at), segment(b.routes[j].Path, at))
	}) {
		first := b.routes[next[0]].Path
		end := at + len(segment(first, at))
		here, deeper := split(next, func(i int) bool { return len(b.routes[i].Path) == end })
		same, under := others.at(first[:end])
		if len(here) > 0 {
			n.add(b.path(here, same))
		}
		if len(deeper) > 0 {
			n.add(b.below(deeper, others, depth+1, end+1, under))
		}
	}
	n.widen(Pattern{Level: Prefix, Verb: "*", Depth: depth}, 20-min(depth, 8), foreign)
	b.splitVerbs(n, depth, foreign)
	return n
}

func indexes(routes []Route) []int {
	all := make([]int, len(routes))
	for i := range all {
		all[i] = i
	}
	return all
}

// partition groups indexes that compare as equal, the groups in order.
func partition(of []int, compare func(i, j int) int) [][]int {
	sorted := of
	if !slices.IsSortedFunc(of, compare) {
		sorted = slices.Clone(of)
		slices.SortStableFunc(sorted, compare)
	}
	count := 0
	for at := range sorted {
		if at == 0 || compare(sorted[at-1], sorted[at]) != 0 {
			count++
		}
	}
	groups := make([][]int, 0, count)
	for from, at := 0, 1; from < len(sorted); at++ {
		if at == len(sorted) || compare(sorted[at-1], sorted[at]) != 0 {
			groups = append(groups, sorted[from:at:at])
			from = at
		}
	}
	return groups
}
