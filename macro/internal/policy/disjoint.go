package policy

// disjoint reports whether two patterns begin or end with different characters, so
// that no text matches both. It is a quick test: where it is false, they may be
// disjoint all the same.
func disjoint(a, b string) bool {
	for i := 0; ; i++ {
		switch {
		case i == len(a) && i == len(b):
			return false
		case i == len(a):
			return plain(b[i]) || disjointEnds(a, b)
		case i == len(b):
			return plain(a[i]) || disjointEnds(a, b)
		case !plain(a[i]) || !plain(b[i]):
			return disjointEnds(a[i:], b[i:])
		case a[i] != b[i]:
			return true
		}
	}
}

// disjointEnds reports whether they differ behind the last wildcard or symbol of
// either.
func disjointEnds(a, b string) bool {
	for len(a) > 0 && len(b) > 0 {
		x, y := a[len(a)-1], b[len(b)-1]
		if !plain(x) || !plain(y) {
			return false
		}
		if x != y {
			return true
		}
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	return false
}

// plain reports whether a character is neither a wildcard nor the end of a symbol.
func plain(c byte) bool { return c != '*' && c != '?' && c != '\x01' && c != '\x02' }
