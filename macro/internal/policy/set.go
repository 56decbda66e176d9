package policy

// A Rung is how far a pattern is widened. Only the service whose routes it is for
// knows what its numbers mean; the zero Rung is the exact pattern.
type Rung struct {
	Level uint8
	Keep  int32 // how much is kept of what its routes have in common
}

// A Pattern is one statement of a plan: the routes that it is for, and how it
// is made from any of them.
type Pattern struct {
	Group  int   // of the plan
	Routes []int // indexes into the group, one at least; not to be changed
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

// Top is the height of the widest pattern of a ladder.
const Top = 40

// A Set is a set of routes that may share statements. Its parts are sets, too, down
// to leaves of one route, so that the cheapest choice of patterns is found from the
// leaves up.
type Set struct {
	routes      []int // of all parts
	parts       []*Set
	own         *Pattern  // covers exactly the routes; nil: there is none
	several     []Pattern // narrower patterns that cover the routes together; nil: there are none
	ownCost     int
	severalCost int
	table       []choice // by number of statements, from 1; filled by plan
	splits      [][]int  // by part: how many statements it gets for each total so far
}

// NewSet returns a set without routes, for about as many as capacity says.
func NewSet(capacity int) *Set { return &Set{routes: make([]int, 0, capacity)} }

// Leaf returns the set of one route, which has its exact pattern.
func Leaf(route int) *Set {
	l := &leaf{route: [1]int{route}}
	l.routes, l.own, l.table = l.route[:], &l.exact, oneExact
	l.exact.Routes = l.route[:]
	return &l.Set
}

// A leaf is the set of one route, allocated together with its pattern.
type leaf struct {
	Set
	exact Pattern
	route [1]int
}

// oneExact is the table of a leaf: one statement, which costs nothing.
var oneExact = []choice{{0, own}}

// Add adds a part, whose routes no other part has.
func (s *Set) Add(part *Set) {
	if len(part.routes) > 0 {
		s.parts = append(s.parts, part)
		s.routes = append(s.routes, part.routes...)
	}
}

// Routes returns the routes of all parts, in the order in which they were added. The
// caller doesn't change the list.
func (s *Set) Routes() []int { return s.routes }

// Widen gives a set, whose parts have all been added, a pattern over its routes; it
// does nothing for a single route. height is from 1 to [Top], foreign the number of
// foreign routes that the pattern matches.
func (s *Set) Widen(to Rung, height, foreign int) {
	if len(s.routes) > 1 {
		s.own = &Pattern{Routes: s.routes, Rung: to}
		s.ownCost = foreign*ForeignCost + len(s.routes)*RouteCost + height
	}
}

// Divide offers, for a set that has a pattern of its own, several narrower patterns
// instead, which cover its routes together at a cost.
func (s *Set) Divide(several []Pattern, cost int) { s.several, s.severalCost = several, cost }
