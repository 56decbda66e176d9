package apigateway

import (
	"iter"

	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
)

// A census counts the routes of an API by their paths, so that it is known how many a
// pattern matches without comparing them. The zero census is empty.
type census struct {
	all     int               // routes of any form
	methods int               // those with a path
	paths   map[string]*count // by path, and by every path above
}

// A count is how many routes have a path, and how many have it or a path below.
type count struct{ here, total int32 }

// add counts a route.
func (c *census) add(t tail) {
	c.all++
	if t.form != Method {
		return
	}
	c.methods++
	if c.paths == nil {
		c.paths = map[string]*count{}
	}
	for at := 0; at <= len(t.path); at++ { // from slash to slash
		at += len(segment(t.path, at))
		n := c.paths[t.path[:at]]
		if n == nil {
			n = new(count)
			c.paths[t.path[:at]] = n
		}
		if n.total++; at == len(t.path) {
			n.here++
		}
	}
}

// at returns the count of a path.
func (c *census) at(path string) count {
	if n := c.paths[path]; n != nil {
		return *n
	}
	return count{}
}

// A censusKey is an API, and a function that it calls; without one, all of them.
type censusKey struct{ api, function string }

// A register has the censuses of a template.
type register map[censusKey]*census

// registerOf counts those of the calls that are API Gateway's.
func registerOf(calls iter.Seq[*invoke.Call]) register {
	r := register{}
	for c := range calls {
		if c.Service.Name != Name {
			continue
		}
		t := tailOf(&c.Source)
		for _, key := range [...]censusKey{{api: c.Origin.Key}, {c.Origin.Key, c.Target.ID()}} {
			if r[key] == nil {
				r[key] = &census{}
			}
			r[key].add(t)
		}
	}
	return r
}

// besides returns the routes of a call's API that call other functions.
func (r register) besides(c *invoke.Call) foreign {
	return foreign{all: r[censusKey{api: c.Origin.Key}], own: r[censusKey{c.Origin.Key, c.Target.ID()}]}
}

// foreign are the routes of a census that aren't in another: those of an API that
// belong to other functions. The zero foreign has none.
type foreign struct{ all, own *census }

func (f foreign) len() int {
	if f.all == nil {
		return 0
	}
	return f.all.all - f.own.all
}

// methods is how many routes with a path are foreign.
func (f foreign) methods() int {
	if f.all == nil {
		return 0
	}
	return f.all.methods - f.own.methods
}

// at returns how many foreign routes have the path, and how many begin with it.
func (f foreign) at(path string) (here, below int) {
	if f.all == nil {
		return 0, 0
	}
	all, own := f.all.at(path), f.own.at(path)
	here = int(all.here - own.here)
	return here, int(all.total-own.total) - here
}
