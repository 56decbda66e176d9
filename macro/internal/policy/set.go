package policy

// A Rung is how far a pattern is widened. What its numbers mean is known to the
// service whose routes it is for; the zero Rung is the exact one.
type Rung struct {
	Level uint8
	Keep  int32 // how much is kept of what its routes have in common
}

// A Pattern is one statement of a plan: the routes that it is for, and how it
// is made from any of them.
type Pattern struct {
	Group  int   // of the plan
	Routes []int // indexes into the group, one at least; nobody changes them
	Rung   Rung
}

// Exact reports whether the pattern is that of one route as it is.
func (p Pattern) Exact() bool { return p.Rung == Rung{} }

// The cost of a pattern, in what it allows beyond its routes. A foreign route, one
// of the same origin that belongs to another function, weighs most, then each
// route that is no longer exact, then how high on the ladder the pattern is.
const (
	ForeignCost = 100
	RouteCost   = 10
)

// Top is the height of a pattern that nothing else on its ladder is wider than.
const Top = 40

// A Set is a set of routes that may share statements. Its parts are sets again, so
// that the cheapest choice of patterns is found from the leaves up.
type Set struct {
	routes      []int // of all parts
	parts       []*Set
	own         *Pattern  // covers exactly the routes; nil: there is none
	several     []Pattern // a narrower choice than the own pattern; nil: there is none
	ownCost     int
	severalCost int
	table       []choice // by number of statements, from 1; filled by plan
	splits      [][]int  // by part: how many statements it gets for each total so far
}

// NewSet returns a set that has no routes yet, with room for some.
func NewSet(room int) *Set { return &Set{routes: make([]int, 0, room)} }

// Leaf returns the set of one route, which has its exact pattern.
func Leaf(route int) *Set {
	l := &leaf{route: [1]int{route}}
	l.routes, l.own, l.table = l.route[:], &l.exact, oneExact
	l.exact.Routes = l.route[:]
	return &l.Set
}

// A leaf is the set of one route with what belongs to it.
type leaf struct {
	Set
	exact Pattern
	route [1]int
}

// oneExact is the table of a leaf.
var oneExact = []choice{{0, own}}

// Add adds a part, whose routes no other part has.
func (s *Set) Add(part *Set) {
	if len(part.routes) > 0 {
		s.parts = append(s.parts, part)
		s.routes = append(s.routes, part.routes...)
	}
}

// Routes returns the routes of all parts that were added, in their order. Nobody
// changes them.
func (s *Set) Routes() []int { return s.routes }

// Widen gives a set with all its parts a pattern over its routes; a single route
// needs none. height is how high on the ladder the pattern stands, foreign how many
// foreign routes it matches.
func (s *Set) Widen(to Rung, height, foreign int) {
	if len(s.routes) > 1 {
		s.own = &Pattern{Routes: s.routes, Rung: to}
		s.ownCost = foreign*ForeignCost + len(s.routes)*RouteCost + height
	}
}

// Divide gives a set that has a pattern of its own the choice of several narrower
// ones in its place, which cover its routes together.
func (s *Set) Divide(several []Pattern, cost int) { s.several, s.severalCost = several, cost }
