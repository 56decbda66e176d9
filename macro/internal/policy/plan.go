package policy

// A Plan is the ladder over the routes of one function and qualifier, with the
// cheapest choice of patterns for every number of statements up to a limit.
//
// The choice is optimal over the ladder: its sets are nested, so that a set is
// either covered by its own pattern or by the best choices for its parts. It
// takes time in proportion to routes times limit.
type Plan struct {
	routes []Route
	root   *node
	limit  int
}

// NewPlan plans for at most limit statements. others are the routes of the
// same groups that belong to other functions.
func NewPlan(routes, others []Route, limit int) *Plan {
	foreign := map[string]Foreign{}
	for _, o := range others {
		if foreign[o.Group].All == nil {
			foreign[o.Group] = Foreign{All: &Census{}, Own: &Census{}}
		}
		foreign[o.Group].All.Add(o)
	}
	return NewPlanAmong(routes, foreign, limit)
}

// NewPlanAmong is NewPlan with the foreign routes counted already, by group.
func NewPlanAmong(routes []Route, foreign map[string]Foreign, limit int) *Plan {
	p := &Plan{routes: routes, root: build(routes, foreign)}
	p.limit = max(min(limit, len(routes)), len(p.root.children)) // a group takes one at least
	p.root.plan(p.limit)
	return p
}

// Cost is what the cheapest choice with n statements allows beyond the routes;
// ok is false where n statements don't do.
func (p *Plan) Cost(n int) (cost int, ok bool) {
	if n < 1 || n > len(p.root.table) || p.root.table[n-1].how == 0 {
		return 0, false
	}
	return p.root.table[n-1].cost, true
}

// Patterns is the cheapest choice with n statements.
func (p *Plan) Patterns(n int) []Pattern { return p.root.choose(n, nil) }

// Size is how many bytes the statements of a choice take.
func (p *Plan) Size(patterns []Pattern) int {
	total := 0
	for _, x := range patterns {
		longest := 0
		for _, i := range x.Routes {
			longest = max(longest, p.routes[i].Size)
		}
		total += longest + 1 // and a comma
	}
	return total
}

// Fit returns the cheapest choice with at most limit statements and budget
// bytes; ok is false where even the widest takes more, and the widest is then
// returned.
func (p *Plan) Fit(limit, budget int) (patterns []Pattern, ok bool) {
	for n := max(min(limit, p.limit), len(p.root.children)); n >= 1; n-- {
		if _, possible := p.Cost(n); !possible {
			continue
		}
		patterns = p.Patterns(n)
		if p.Size(patterns) <= budget {
			return patterns, true
		}
	}
	return patterns, false
}

const impossible = 1 << 40

// plan fills the table of the node: the cost with 1, 2, … limit statements.
func (n *node) plan(limit int) {
	if len(n.children) == 0 {
		return // a leaf has one choice
	}
	for _, c := range n.children {
		c.plan(limit)
	}
	split := n.split(limit)
	size := min(limit, len(n.routes))
	n.table = make([]choice, size)
	for i := range n.table {
		best := choice{impossible, 0}
		if n.own != nil {
			best = choice{n.ownCost, 'o'}
		}
		if n.byVerb != nil && i+1 >= len(n.byVerb) && n.verbCost < best.cost {
			best = choice{n.verbCost, 'v'}
		}
		if i < len(split) && split[i] < best.cost {
			best = choice{split[i], 's'}
		}
		n.table[i] = best
	}
}

// split is the cost of covering each child by itself: by number of statements,
// from 1. It remembers how many each child gets.
func (n *node) split(limit int) []int {
	if len(n.children) > limit {
		return nil
	}
	most := min(limit, len(n.routes))
	n.splits = make([][]int, len(n.children))
	given := make([]int, most*len(n.children))
	costs := make([]int, 2*most)
	total, spare := costs[:0:most], costs[most:most]
	for at, c := range n.children {
		size := min(most, len(total)+len(c.table))
		next, give := spare[:size], given[at*most:at*most+size]
		n.splits[at] = give
		if at == 0 {
			for i, x := range c.table[:size] {
				next[i], give[i] = x.price(), i+1
			}
		} else {
			convolve(next, give, total, c.table)
		}
		total, spare = next, total[:0]
	}
	for i := range total {
		if total[i] >= impossible {
			total[i] = impossible
		}
	}
	return total
}

// convolve is the cost of covering two sets by 1, 2, … statements together, of
// which the second gets what give says.
func convolve(next, give, first []int, second []choice) {
	for i := range next {
		next[i], give[i] = impossible, 0
	}
	for i, a := range first {
		for j, b := range second {
			k := i + j + 1
			if k < len(next) && a+b.price() < next[k] {
				next[k], give[k] = a+b.price(), j+1
			}
		}
	}
}

func (c choice) price() int {
	if c.how == 0 {
		return impossible
	}
	return c.cost
}

// choose collects the patterns of the best choice with count statements.
func (n *node) choose(count int, out []Pattern) []Pattern {
	if len(n.children) == 0 {
		return append(out, *n.own)
	}
	switch n.table[count-1].how {
	case 'o':
		return append(out, *n.own)
	case 'v':
		for _, p := range n.byVerb {
			out = append(out, *p)
		}
		return out
	}
	for at := len(n.children) - 1; at >= 0; at-- {
		give := n.splits[at][count-1]
		out = n.children[at].choose(give, out)
		count -= give
	}
	return out
}
