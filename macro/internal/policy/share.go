package policy

// Share divides at most limit statements among plans, so that the sum of their costs
// is least. It returns how many each plan gets; ok is false where even the widest
// patterns take more.
func Share(plans []*Plan, limit int) (counts []int, ok bool) {
	if Least(plans) > limit {
		return nil, false
	}
	best := []int{0}                   // the least cost of the plans so far, by number of statements
	gives := make([][]int, len(plans)) // by plan: how many statements it gets for each total so far
	for at, p := range plans {
		next, give := make([]int, limit+1), make([]int, limit+1)
		for i := range next {
			next[i] = impossible
		}
		for i, cost := range best {
			if cost >= impossible {
				continue
			}
			for n := 1; n <= p.limit && i+n <= limit; n++ {
				if c, possible := p.Cost(n); possible && cost+c < next[i+n] {
					next[i+n], give[i+n] = cost+c, n
				}
			}
		}
		best, gives[at] = next, give
	}
	left := 0
	for i, cost := range best {
		if cost < best[left] || best[left] >= impossible {
			left = i
		}
	}
	counts = make([]int, len(plans))
	for at := len(plans) - 1; at >= 0; at-- {
		counts[at] = gives[at][left]
		left -= counts[at]
	}
	return counts, true
}

// Least is the smallest number of statements that the plans can do with.
func Least(plans []*Plan) int {
	total := 0
	for _, p := range plans {
		total += len(p.groups)
	}
	return total
}
