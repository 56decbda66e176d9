package policy

// A Group is the routes that may share statements with each other, and with no
// others: those of one origin under one condition.
type Group struct {
	Set   *Set  // with a pattern over all routes, where there are several
	Sizes []int // by route, the bytes of its statement; a wider pattern of it takes no more
}

// A Plan is the cheapest choice of patterns for the routes of one function and
// qualifier, for every number of statements up to a limit.
//
// The choice is optimal over what the sets of the groups offer: they are nested, so
// that a set is either covered by its own patterns or by the best choices for its
// parts. It takes time in proportion to routes times limit.
type Plan struct {
	groups []Group
	root   Set
	limit  int
}

// NewPlan plans for at most limit statements, or for one for each group where that
// is more. The caller doesn't use the sets afterwards.
func NewPlan(groups []Group, limit int) *Plan {
	p := &Plan{groups: groups}
	for _, g := range groups {
		p.root.Add(g.Set)
	}
	p.limit = max(min(limit, len(p.root.routes)), len(groups))
	p.root.plan(p.limit)
	return p
}

// Cost is that of the cheapest choice with n statements, see [ForeignCost]; ok is
// false where there is none.
func (p *Plan) Cost(n int) (cost int, ok bool) {
	if n < 1 || n > len(p.root.table) || p.root.table[n-1].how == none {
		return 0, false
	}
	return p.root.table[n-1].cost, true
}

// Patterns is the cheapest choice with n statements, for which Cost must be ok.
func (p *Plan) Patterns(n int) []Pattern {
	var out []Pattern
	for at := len(p.groups) - 1; at >= 0; at-- {
		first, give := len(out), p.root.splits[at][n-1]
		out = p.groups[at].Set.choose(give, out)
		for i := range out[first:] {
			out[first+i].Group = at
		}
		n -= give
	}
	return out
}

// Size is how many bytes the statements of a choice take.
func (p *Plan) Size(patterns []Pattern) int {
	total := 0
	for _, x := range patterns {
		longest := 0
		for _, i := range x.Routes {
			longest = max(longest, p.groups[x.Group].Sizes[i])
		}
		total += longest + 1 // and a comma
	}
	return total
}

// Fit returns the cheapest choice with at most limit statements and budget bytes.
// Where even the widest takes more, it returns the widest, and ok is false.
func (p *Plan) Fit(limit, budget int) (patterns []Pattern, ok bool) {
	for n := max(min(limit, p.limit), len(p.groups)); n >= 1; n-- {
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

// A choice is how a set is covered by some number of statements, and what that
// costs.
type choice struct {
	cost int
	how  how
}

type how uint8

const (
	none    how = iota // not at all
	own                // by its own pattern
	several            // by those of Divide
	apart              // each part by itself
)

const impossible = 1 << 40

// plan fills the tables of the set and its parts: the best choice with 1, 2, …
// limit statements.
func (s *Set) plan(limit int) {
	if len(s.parts) == 0 {
		return // a leaf has one choice
	}
	for _, c := range s.parts {
		c.plan(limit)
	}
	split := s.split(limit)
	size := min(limit, len(s.routes))
	s.table = make([]choice, size)
	for i := range s.table {
		best := choice{impossible, none}
		if s.own != nil {
			best = choice{s.ownCost, own}
		}
		if s.several != nil && i+1 >= len(s.several) && s.severalCost < best.cost {
			best = choice{s.severalCost, several}
		}
		if i < len(split) && split[i] < best.cost {
			best = choice{split[i], apart}
		}
		s.table[i] = best
	}
}

// split returns the cost of covering each part by itself: by number of statements,
// from 1; nil where there are more parts than statements. It remembers in splits how
// many each part gets.
func (s *Set) split(limit int) []int {
	if len(s.parts) > limit {
		return nil
	}
	most := min(limit, len(s.routes))
	s.splits = make([][]int, len(s.parts))
	given := make([]int, most*len(s.parts))
	costs := make([]int, 2*most)
	total, spare := costs[:0:most], costs[most:most]
	for at, c := range s.parts {
		size := min(most, len(total)+len(c.table))
		next, give := spare[:size], given[at*most:at*most+size]
		s.splits[at] = give
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

// convolve writes into next the cost of covering two sets by 1, 2, … statements
// together, and into give how many of them the second set gets.
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

// price is the cost, also where the choice is none.
func (c choice) price() int {
	if c.how == none {
		return impossible
	}
	return c.cost
}

// choose appends the patterns of the best choice with count statements.
func (s *Set) choose(count int, out []Pattern) []Pattern {
	if len(s.parts) == 0 {
		return append(out, *s.own)
	}
	switch s.table[count-1].how {
	case own:
		return append(out, *s.own)
	case several:
		return append(out, s.several...)
	}
	for at := len(s.parts) - 1; at >= 0; at-- {
		give := s.splits[at][count-1]
		out = s.parts[at].choose(give, out)
		count -= give
	}
	return out
}
