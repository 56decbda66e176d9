package grant

// A slab hands out parts of a larger piece of memory, for what there is much of
// and what lives as long as the decider.
type slab[T any] struct {
	free []T
	size int // how many elements are allocated at once
}

// take returns n elements, all zero.
func (s *slab[T]) take(n int) []T {
	if n > len(s.free) {
		s.free = make([]T, max(n, s.size))
	}
	taken := s.free[:n:n]
	s.free = s.free[n:]
	return taken
}
