package apigateway

import (
	"slices"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/policy"
)

// The levels of the ladder beyond exact sources, from narrow to wide.
const (
	_          uint8 = iota
	everyVerb        // of one path: stage/*/path
	below            // all paths below one, every verb: stage/*/a/*; Keep: how many segments
	belowVerb        // the same of one verb: stage/VERB/a/*
	keysBegin        // keys that begin alike: stage/order*; Keep: how many bytes
	wholeStage       // stage/*
	wholeAPI         // *
)

// A tail is what follows the API's id in a source ARN, for the ladder: text in which
// symbols have no slash.
type tail struct {
	form  *invoke.Form
	stage string // "" for any
	verb  string // Method: "*" for ANY
	path  string // Method: segments separated by slashes, without a leading one; Key: the key, where keys that begin alike may share a pattern
}

// tailOf is the tail of a call, without its stage.
func tailOf(src *invoke.Source) tail {
	t := tail{form: src.Form}
	if src.Form != Method {
		return t
	}
	if _, plain := src.Route.Plain(); plain {
		t.verb, t.path, _ = strings.Cut(src.Route.Key(), "/")
		return t
	}
	verb, path, _ := src.Route.Cut("/")
	t.verb = verb.Key()
	for i, segment := range path.Split("/") {
		if i > 0 {
			t.path += "/" // also before an empty one: /a/ is another route than /a
		}
		t.path += strings.ReplaceAll(segment.Key(), "/", "\x03")
	}
	return t
}

// tailOfWanted is the tail of a wanted source. Keys share patterns only where one statement
// lists all sources.
func tailOfWanted(w *invoke.Wanted, listed bool) tail {
	t := tail{form: invoke.AnyRoute}
	if !w.Whole {
		t = tailOf(&w.Call.Source)
	}
	if t.form == Authorizer {
		return t
	}
	t.stage = w.Stage.Key()
	if key, plain := w.Call.Source.Route.Verbatim(); listed && plain && t.form == Key && !strings.HasPrefix(key, "$") {
		t.path = key
	}
	return t
}

// A builder makes the ladder of one API and function.
type builder struct {
	tails  []tail
	others foreign
}

// api is the set of all wanted sources of the API.
func (b builder) api() *policy.Set {
	if len(b.tails) == 1 {
		return policy.Leaf(0)
	}
	s := policy.NewSet(len(b.tails))
	all := make([]int, len(b.tails))
	for i := range all {
		all[i] = i
	}
	for _, stage := range partition(all, b.compareStages) {
		if !b.staged(stage[0]) {
			for _, i := range stage {
				s.Add(policy.Leaf(i))
			}
			continue
		}
		s.Add(b.stage(stage))
	}
	s.Widen(policy.Rung{Level: wholeAPI}, policy.Top, b.others.len())
	return s
}

// compareStages orders sources by stage, after those without one: authorizers and whole
// APIs.
func (b builder) compareStages(i, j int) int {
	switch c := strings.Compare(b.tails[i].stage, b.tails[j].stage); {
	case c != 0 || b.staged(i) == b.staged(j):
		return c
	case b.staged(i):
		return 1
	}
	return -1
}

func (b builder) staged(i int) bool {
	return b.tails[i].form != Authorizer && b.tails[i].form != invoke.AnyRoute
}

// stage is the set of sources of one stage.
func (b builder) stage(tails []int) *policy.Set {
	s := policy.NewSet(len(tails))
	var methods, keys []int
	for _, i := range tails {
		switch t := b.tails[i]; {
		case t.form == Method:
			methods = append(methods, i)
		case t.path != "":
			keys = append(keys, i)
		default:
			s.Add(policy.Leaf(i))
		}
	}
	if len(keys) > 0 {
		s.Add(b.keys(keys, 0))
	}
	if len(methods) > 0 {
		s.Add(b.below(methods, 0, 0, b.others.methods()))
	}
	if b.tails[tails[0]].stage != "" {
		s.Widen(policy.Rung{Level: wholeStage}, 30, b.others.len())
	}
	return s
}

// partition returns indexes in groups that compare as equal, the groups in order.
func partition(of []int, compare func(i, j int) int) [][]int {
	sorted := of
	if !slices.IsSortedFunc(of, compare) {
		sorted = slices.Clone(of)
		slices.SortStableFunc(sorted, compare)
	}
	count := 0
	for at := range sorted {
		if at == 0 || compare(sorted[at-1], sorted[at]) != 0 {
			count++
		}
	}
	groups := make([][]int, 0, count)
	for from, at := 0, 1; from < len(sorted); at++ {
		if at == len(sorted) || compare(sorted[at-1], sorted[at]) != 0 {
			groups = append(groups, sorted[from:at:at])
			from = at
		}
	}
	return groups
}

// split returns the indexes that are first, and the others. It may return the list itself.
func split(list []int, first func(int) bool) (yes, no []int) {
	count := 0
	for _, x := range list {
		if first(x) {
			count++
		}
	}
	switch count {
	case 0:
		return nil, list
	case len(list):
		return list, nil
	}
	yes, no = make([]int, 0, count), make([]int, 0, len(list)-count)
	for _, x := range list {
		if first(x) {
			yes = append(yes, x)
		} else {
			no = append(no, x)
		}
	}
	return yes, no
}
