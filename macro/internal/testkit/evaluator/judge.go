package evaluator

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// An Answer is what the macro says about a template.
type Answer struct {
	Output   map[string]any
	Verdicts []Verdict
	Reports  map[string]bool // resources that something is reported about
}

// A Verdict is the macro's verdict on one call.
type Verdict struct {
	Wired, Route string // as a Call has them
	Word         string
}

// The macro's verdicts that concern the judge.
const (
	Allowed   = "allowed"
	Added     = "added"
	Unknown   = "unknown"
	Elsewhere = "elsewhere"
)

// Judge compares an answer with what happens in each of the worlds. Each line that it
// returns is one disagreement.
func Judge(input map[string]any, worlds []World, a Answer) []string {
	j := &judge{input: input, answer: a, needed: map[string]bool{}, doubted: map[string]bool{}, present: map[string]bool{}, lines: map[string]bool{}}
	for id := range section(a.Output, "Resources") {
		if section(input, "Resources")[id] == nil {
			j.added = append(j.added, id)
		}
	}
	slices.Sort(j.added)
	j.harmless()
	for _, w := range worlds {
		j.world(w)
	}
	if j.worlds < len(worlds) { // a grant may be needed in a world in which the author's stack fails
		return slices.Sorted(maps.Keys(j.lines))
	}
	for _, id := range j.added {
		if j.present[id] && !j.needed[id] {
			j.say("%s is needless: what it allows is allowed without it, or isn't called", id)
		}
	}
	for _, v := range a.Verdicts {
		if v.Word == Unknown && !j.doubted[v.Wired] {
			j.say("%s %s is called unknown, and all is known", v.Wired, v.Route)
		}
	}
	return slices.Sorted(maps.Keys(j.lines))
}

type judge struct {
	input   map[string]any
	answer  Answer
	added   []string
	worlds  int             // that could be judged
	present map[string]bool // added resources that exist in some world
	needed  map[string]bool // added resources that allow what nothing else does
	doubted map[string]bool // resources of which it can't be known whom they call
	lines   map[string]bool
}

func (j *judge) say(format string, args ...any) { j.lines[fmt.Sprintf(format, args...)] = true }

// harmless checks that the output has what the author wrote.
func (j *judge) harmless() {
	for name, v := range j.input {
		want, isSection := v.(object)
		have, _ := j.answer.Output[name].(object)
		if !isSection {
			if !reflect.DeepEqual(v, j.answer.Output[name]) {
				j.say("section %s has changed", name)
			}
			continue
		}
		for id, x := range want {
			y := have[id]
			if name == "Resources" && callers[str(member(x, "Type"))].before {
				x, y = unordered(x), unordered(y)
			}
			if !reflect.DeepEqual(x, y) {
				j.say("%s.%s has changed", name, id)
			}
		}
	}
}

// unordered is a resource without what makes it wait for another: DependsOn, and
// its properties, which are compared once they are resolved.
func unordered(r any) any {
	o, ok := r.(object)
	if !ok {
		return r
	}
	o = maps.Clone(o)
	delete(o, "DependsOn")
	delete(o, "Properties")
	return o
}

func (j *judge) world(w World) {
	before := Deploy(w, j.input)
	for id := range before.Doubts {
		j.doubted[id] = true
	}
	for id := range before.Refused {
		if member(section(j.input, "Resources")[id], "Type") != "AWS::Lambda::Permission" {
			return // the author's stack fails without the macro, too
		}
	}
	j.worlds++
	after := Deploy(w, j.answer.Output)
	for id, why := range after.Refused {
		if before.Refused[id] == "" {
			j.say("%s fails the stack: %s", id, why)
		}
	}
	for id, p := range before.properties {
		if !reflect.DeepEqual(p, after.properties[id]) {
			j.say("the properties of %s are others than the author's", id)
		}
	}
	for id, why := range after.Early {
		if before.Early[id] == "" { // the author's own were made at another time, or not
			j.say("%s", why)
		}
	}
	for _, c := range after.Calls {
		j.call(before, after, c)
	}
	for _, id := range j.added {
		if after.raw[id] != nil && member(after.raw[id], "Type") == "AWS::Lambda::Permission" {
			j.permission(before, after, id)
		}
	}
}

// call compares the macro's verdict on a call with the policies.
func (j *judge) call(before, after *Deployment, c Call) {
	words := j.words(c)
	if c.Identity != "" {
		return
	}
	reported := slices.Contains(words, Unknown) || slices.Contains(words, Elsewhere) || j.answer.Reports[c.Wired]
	if !after.isOwn(c.Function) {
		if !reported {
			j.say("%s %s calls %s of elsewhere, and is called %v", c.Wired, c.Route, c.Function, words)
		}
		return
	}
	if !after.allows(c) && !reported {
		j.say("%s %s fails at run time: nothing lets it call %s, and it is called %v", c.Wired, c.Route, c.Function, words)
	}
	if len(words) > 0 && !j.answer.Reports[c.Wired] && !slices.ContainsFunc(words, func(w string) bool { return w != Allowed }) && !before.allows(late(c)) {
		j.say("%s %s is called allowed, and nothing lets it call %s", c.Wired, c.Route, c.Function)
	}
}

// words are the macro's verdicts on a call. A route that is written with an
// expression has a label of its own, so that all of its resource's count.
func (j *judge) words(c Call) []string {
	var out []string
	for _, v := range j.answer.Verdicts {
		if v.Wired == c.Wired && (c.Service != apiGateway || v.Route == c.Route || strings.Contains(v.Route, "${") || strings.HasSuffix(c.Route, "?") ||
			c.Route == "authorizer" && strings.HasPrefix(v.Route, "authorizer ")) {
			out = append(out, v.Word)
		}
	}
	return out
}

// late is a call without regard to what is created first, since the macro may have
// corrected that.
func late(c Call) Call {
	c.Before = false
	return c
}

// allows reports whether the policies let a call through: from wherever it can
// come, or at least from each stage that the template declares.
func (d *Deployment) allows(c Call) bool {
	all, declared, some := true, true, false
	policy := d.policies[c.Function]
	if c.Before {
		policy = slices.DeleteFunc(slices.Clone(policy), func(s Statement) bool { return !d.after(c.Wired, s.By) })
	}
	for _, s := range c.Sources {
		ok := allowed(policy, d.request(c, s))
		all = all && ok
		if s.Declared {
			declared, some = declared && ok, true
		}
	}
	return all || some && declared
}

func (d *Deployment) request(c Call, s Source) request {
	return request{principal: c.Service, function: c.Function, keys: map[string]string{"aws:sourcearn": s.ARN, "aws:sourceaccount": d.Account}}
}

// permission records in what an added permission is needed in one world.
func (j *judge) permission(before, after *Deployment, id string) {
	j.present[id] = true
	own := map[string][]Statement{}
	for arn, all := range after.policies {
		for _, s := range all {
			if s.By == id {
				own[arn] = append(own[arn], s)
			}
		}
	}
	used := false
	for _, c := range after.Calls {
		for _, s := range c.Sources {
			if r := after.request(c, s); c.Identity == "" && allowed(own[c.Function], r) {
				used = true
				if !before.allows(c) {
					j.needed[id] = true
				}
			}
		}
	}
	if !used && after.Refused[id] == "" {
		j.say("%s is needless in %v: no call of that world is allowed by it", id, after.Parameters)
	}
}
