package jsonindex

// members describes the members, so far, of an object that is being read.
type members struct {
	of   int32  // the object's node
	open int    // where their fingerprints begin in indexer.fingerprints
	seen uint64 // the bits that nameSet.add has returned for them
	many *table // has them, if they are more than fewNames
}

// name sets the name of member c, the node n: length bytes at p, not unquoted. It
// reports false where an earlier member has the same name.
func (x *indexer) name(m *members, c int32, n *node, p, length int, backslash bool) bool {
	n.key, n.named = int32(p), uint16(min(length, longName))
	var fingerprint uint64
	if backslash {
		n.flags, n.named = escapedKey, longName
		fingerprint = fingerprintOf(nameIn(x.text, n))
	} else {
		fingerprint = load(x.src, p)
		if length < 8 {
			fingerprint &= 1<<(8*length) - 1
		}
		fingerprint ^= uint64(length) << 56
	}
	bit := x.names.add(fingerprint)
	if m.many != nil {
		return m.many.insert(x, c)
	}
	if m.seen&bit != 0 && x.repeats(m, c, fingerprint) {
		return false
	}
	m.seen |= bit
	if x.fingerprints = append(x.fingerprints, fingerprint); len(x.fingerprints)-m.open > fewNames {
		m.many = x.moveToTable(m.of)
		x.fingerprints = x.fingerprints[:m.open]
	}
	return true
}

// repeats reports whether an earlier member has the name of c.
func (x *indexer) repeats(m *members, c int32, fingerprint uint64) bool {
	at := m.of + 1
	for _, earlier := range x.fingerprints[m.open:] {
		if earlier == fingerprint && nameIn(x.text, &x.nodes[at]) == nameIn(x.text, &x.nodes[c]) {
			return true
		}
		at = x.nodes[at].next
	}
	return false
}

// fingerprintOf returns a number that is the same for equal names, and seldom for others:
// their first eight bytes, the last of them mixed with the length.
func fingerprintOf(name string) uint64 {
	return load(bytesOf(name), 0) ^ uint64(len(name))<<56
}

// A nameSet is a set of names that tells for certain only which names it hasn't: a
// Bloom filter with one hash.
type nameSet [16]uint64

// add adds a name by its fingerprint. It returns a word with one bit set, the same for
// equal names.
func (s *nameSet) add(fingerprint uint64) uint64 {
	word, bit := bitOf(fingerprint)
	s[word] |= bit
	return bit
}

// mayHave reports whether the name may be in the set.
func (s *nameSet) mayHave(name string) bool {
	word, bit := bitOf(fingerprintOf(name))
	return s[word]&bit != 0
}

// bitOf returns where the bit of a fingerprint is in a nameSet.
func bitOf(fingerprint uint64) (word, bit uint64) {
	h := fingerprint * 0x9e3779b97f4a7c15 // 2^64 over the golden ratio
	return h >> 60, 1 << (h >> 54 & 63)
}
