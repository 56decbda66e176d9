package policy

// A Census counts the routes of an API by their paths, so that nobody has to
// go through them to know how many a pattern matches. The zero Census is empty.
type Census struct {
	all     int // routes of any kind
	methods branch
}

// A branch is a path with what lies below it.
type branch struct {
	here, total int // routes that end here; these and the longer ones
	next        map[string]*branch
}

// Add counts a route.
func (c *Census) Add(r Route) {
	c.all++
	if r.Kind != Method {
		return
	}
	b := &c.methods
	b.total++
	for depth := 0; depth < max(len(r.Path), 1); depth++ {
		b = b.grow(segment(&r, depth)) // the root's own routes are below the root
		b.total++
	}
	b.here++
}

func (b *branch) grow(segment string) *branch {
	next := b.next[segment]
	if next == nil {
		if b.next == nil {
			b.next = map[string]*branch{}
		}
		next = &branch{}
		b.next[segment] = next
	}
	return next
}

// Foreign are the routes of a census that aren't in another: those of an API
// that belong to other functions. The zero Foreign has none.
type Foreign struct{ All, Own *Census }

func (f Foreign) len() int {
	if f.All == nil {
		return 0
	}
	return f.All.all - f.Own.all
}

func (f Foreign) methods() trail {
	if f.All == nil {
		return trail{}
	}
	return trail{&f.All.methods, &f.Own.methods}
}

// A trail is the same path in both; nil where nothing is there.
type trail struct{ all, own *branch }

func (t trail) next(segment string) trail {
	var n trail
	if t.all != nil {
		n.all = t.all.next[segment]
	}
	if t.own != nil {
		n.own = t.own.next[segment]
	}
	return n
}

// count returns how many foreign routes end at the path, and how many below it.
func (t trail) count() (here, below int) {
	if t.all == nil {
		return 0, 0
	}
	here, below = t.all.here, t.all.total-t.all.here
	if t.own != nil {
		here, below = here-t.own.here, below-(t.own.total-t.own.here)
	}
	return here, below
}
