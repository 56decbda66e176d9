package policy

// disjoint reports at a glance that two patterns have no text in common: they
// begin or end with different characters. False says nothing.
func disjoint(a, b string) bool {
	for i := 0; ; i++ {
		switch {
		case i == len(a) && i == len(b):
			return false
		case i == len(a):
			return plain(b[i])
		case i == len(b):
			return plain(a[i])
		case !plain(a[i]) || !plain(b[i]):
			return disjointEnds(a[i:], b[i:])
		case a[i] != b[i]:
			return true
		}
	}
}

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

func plain(c byte) bool { return c != '*' && c != '?' && c != '\x01' && c != '\x02' }
