package grant

// A slab hands out parts of larger pieces of memory, for what there is much of
// and what lives as long as the decider.
type slab[T any] struct{ free []T }

// slabSize is how many elements are allocated at once.
const slabSize = 64

// take returns n elements, all zero.
func (s *slab[T]) take(n int) []T {
	if n > len(s.free) {
		s.free = make([]T, max(n, slabSize))
	}
	taken := s.free[:n:n]
	s.free = s.free[n:]
	return taken
}
