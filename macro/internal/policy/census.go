package policy

// A Census counts the routes of an API by their paths, so that nobody has to
// go through them to know how many a pattern matches. The zero Census is empty.
type Census struct {
	all     int              // routes of any kind
	methods int              // those with a path
	paths   map[string]count // by path, and by what paths begin with
}

// A count is how many routes have a path, and how many of them and longer ones
// there are.
type count struct{ here, total int32 }

// Add counts a route.
func (c *Census) Add(r Route) {
	c.all++
	if r.Kind != Method {
		return
	}
	c.methods++
	if c.paths == nil {
		c.paths = map[string]count{}
	}
	for at := 0; at <= len(r.Path); at++ { // from slash to slash
		at += len(segment(r.Path, at))
		n := c.paths[r.Path[:at]]
		if n.total++; at == len(r.Path) {
			n.here++
		}
		c.paths[r.Path[:at]] = n
	}
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

// methods is how many routes with a path are foreign.
func (f Foreign) methods() int {
	if f.All == nil {
		return 0
	}
	return f.All.methods - f.Own.methods
}

// at returns how many foreign routes have the path, and how many begin with it.
func (f Foreign) at(path string) (here, below int) {
	if f.All == nil {
		return 0, 0
	}
	all, own := f.All.paths[path], f.Own.paths[path]
	here = int(all.here - own.here)
	return here, int(all.total-own.total) - here
}
