package policy

// Share divides room statements among plans so that their cost is least in
// all: how many each gets. ok is false where even the widest take more.
func Share(plans []*Plan, room int) (counts []int, ok bool) {
	if Least(plans) > room {
		return nil, false
	}
	best := []int{0} // by number of statements so far
	gives := make([][]int, len(plans))
	for at, p := range plans {
		next, give := make([]int, room+1), make([]int, room+1)
		for i := range next {
			next[i] = impossible
		}
		for i, cost := range best {
			if cost >= impossible {
				continue
			}
			for n := 1; n <= p.limit && i+n <= room; n++ {
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

// Least is how many statements the plans take at least.
func Least(plans []*Plan) int {
	total := 0
	for _, p := range plans {
		total += len(p.groups)
	}
	return total
}
