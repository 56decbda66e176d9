package jsonindex

// members are the members of an object that is being read.
type members struct {
	of   int32
	open int    // where the sketches of their names begin
	seen uint64 // a bit for each, see names
	many *table // holds them where they are more than fewNames
}

// name gives member c its name, which is length bytes long as it stands at p. It
// reports false where an earlier member has the same.
func (x *indexer) name(m *members, c int32, p, length int, backslash bool) bool {
	n := &x.nodes[c]
	n.key, n.named = int32(p), uint16(min(length, longName))
	var sketch uint64
	if backslash {
		n.flags, n.named = escapedKey, longName
		sketch = sketchOf(nameIn(x.text, n))
	} else {
		sketch = load(x.src, p)
		if length < 8 {
			sketch &= 1<<(8*length) - 1
		}
		sketch ^= uint64(length) << 56
	}
	bit := x.heard.add(sketch)
	if m.many != nil {
		return m.many.insert(x, c)
	}
	if m.seen&bit != 0 && x.repeats(m, c, sketch) {
		return false
	}
	m.seen |= bit
	if x.sketches = append(x.sketches, sketch); len(x.sketches)-m.open > fewNames {
		m.many = x.crowd(m.of)
		x.sketches = x.sketches[:m.open]
	}
	return true
}

// repeats reports whether an earlier member has the name of c.
func (x *indexer) repeats(m *members, c int32, sketch uint64) bool {
	at := m.of + 1
	for _, earlier := range x.sketches[m.open:] {
		if earlier == sketch && nameIn(x.text, &x.nodes[at]) == nameIn(x.text, &x.nodes[c]) {
			return true
		}
		at = x.nodes[at].next
	}
	return false
}

// sketchOf is a number that equal names have in common, and others hardly: the
// first eight bytes, and the length.
func sketchOf(name string) uint64 {
	return load(bytesOf(name), 0) ^ uint64(len(name))<<56
}

// names is a set of names that tells for sure which are not among them: a
// Bloom filter with one hash.
type names [16]uint64

// add adds the name with the sketch, and returns a bit that is the same for
// equal names.
func (s *names) add(sketch uint64) uint64 {
	word, bit := bitOf(sketch)
	s[word] |= bit
	return bit
}

func (s *names) may(name string) bool {
	word, bit := bitOf(sketchOf(name))
	return s[word]&bit != 0
}

func bitOf(sketch uint64) (word, bit uint64) {
	h := sketch * 0x9e3779b97f4a7c15 // 2^64 over the golden ratio
	return h >> 60, 1 << (h >> 54 & 63)
}
