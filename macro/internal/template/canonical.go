package template

import (
	"slices"
	"strings"
)

// Canonical returns the value's JSON with the members of every object in the
// order of their names and without white space: equal for values that differ
// in the order of keys alone, which CloudFormation does not keep.
func (v Value) Canonical() string {
	var b strings.Builder
	v.canonical(&b)
	return b.String()
}

func (v Value) canonical(b *strings.Builder) {
	switch v.Kind() {
	case Object:
		type member struct {
			name string
			Value
		}
		var members []member
		for name, m := range v.Members() {
			members = append(members, member{name, m})
		}
		slices.SortFunc(members, func(x, y member) int { return strings.Compare(x.name, y.name) })
		b.WriteByte('{')
		for i, m := range members {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(Quote(m.name) + ":")
			m.canonical(b)
		}
		b.WriteByte('}')
	case Array:
		b.WriteByte('[')
		first := true
		for item := range v.Items() {
			if !first {
				b.WriteByte(',')
			}
			first = false
			item.canonical(b)
		}
		b.WriteByte(']')
	default:
		b.WriteString(v.Raw())
	}
}
