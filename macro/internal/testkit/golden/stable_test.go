package golden

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/grantinvoke/grantinvoke/macro/internal/template"
	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/repository"
)

// Every property of a permission is create-only, so that another id or another
// property is a replacement in somebody's production stack. Neither the order
// of the resources nor an edit elsewhere may cause one.
func TestShuffledTemplatesKeepTheirGrants(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	edits := []struct {
		name string
		edit func([]byte) []byte
	}{
		{"another order", func(b []byte) []byte { return shuffle(t, b, random) }},
		{"keys the other way round", func(b []byte) []byte { return []byte(backwards(template.Index(b).Root())) }},
		{"a topic more", func(b []byte) []byte { return extend(t, b, `"ZUnrelatedTopic":{"Type":"AWS::SNS::Topic"}`) }},
		{"a description", func(b []byte) []byte { return describe(t, b) }},
		{"a route of another API", func(b []byte) []byte { return extend(t, b, unrelatedRoute) }},
		{"all of that", func(b []byte) []byte {
			return shuffle(t, extend(t, extend(t, describe(t, b), unrelatedRoute), `"ZUnrelatedTopic":{"Type":"AWS::SNS::Topic"}`), random)
		}},
	}
	granting := 0
	for _, g := range append(All(t), corpus(t)...) {
		before := g.Transform(t, g.Event.Fragment)
		if before.Err != nil {
			continue
		}
		grants := granted(t, g.Event.Fragment, before.Fragment)
		if len(grants) > 0 {
			granting++
		}
		for _, e := range edits {
			input := e.edit(g.Event.Fragment)
			after := g.Transform(t, input)
			if after.Err != nil {
				t.Errorf("%s, with %s: %v", g.Name, e.name, after.Err)
				continue
			}
			got := granted(t, input, after.Fragment)
			for id, grant := range grants {
				if got[id] != grant && !sameKeys(got[id], grant) {
					t.Errorf("%s, with %s: %s was\n%s\nand is\n%s", g.Name, e.name, id, grant, got[id])
				}
			}
		}
	}
	if granting < 100 {
		t.Errorf("only %d templates with grants: what is tested here?", granting)
	}
}

// backwards is JSON with the members of every object in the opposite order, as
// CloudFormation may hand a template over.
func backwards(v template.Value) string {
	var parts []string
	switch v.Kind() {
	case template.Object:
		for name, m := range v.Members() {
			parts = append(parts, template.Quote(name)+":"+backwards(m))
		}
		slices.Reverse(parts)
		return "{" + strings.Join(parts, ",") + "}"
	case template.Array:
		for item := range v.Items() {
			parts = append(parts, backwards(item))
		}
		return "[" + strings.Join(parts, ",") + "]"
	}
	return v.Raw()
}

// sameKeys reports whether two texts have the same letters: an author's
// expression that is written out keeps the order of its keys.
func sameKeys(a, b string) bool {
	letters := func(s string) string {
		all := []byte(s)
		slices.Sort(all)
		return string(all)
	}
	return letters(a) == letters(b)
}

// unrelatedRoute has nothing to do with what a template has.
const unrelatedRoute = `"ZUnrelatedApi":{"Type":"AWS::ApiGateway::RestApi","Properties":{"Name":"z"}},` +
	`"ZUnrelatedFn":{"Type":"AWS::Lambda::Function","Properties":{"Code":{"ZipFile":"pass"}}},` +
	`"ZUnrelatedGet":{"Type":"AWS::ApiGateway::Method","Properties":{"RestApiId":{"Ref":"ZUnrelatedApi"},` +
	`"ResourceId":{"Fn::GetAtt":["ZUnrelatedApi","RootResourceId"]},"HttpMethod":"GET","Integration":{"Type":"AWS_PROXY",` +
	`"Uri":{"Fn::Sub":"arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${ZUnrelatedFn.Arn}/invocations"}}}}`

// granted returns what an output has more or else, by its place; reports, of
// which every edit may make another, left out.
func granted(t *testing.T, in, out []byte) map[string]string {
	t.Helper()
	all := map[string]string{}
	c := compare(plant(t, in), plant(t, out))
	for _, x := range slices.Concat(c.new, c.changed) {
		if !strings.HasPrefix(string(x.at), "/Metadata") {
			all[string(x.at)] = x.String()
		}
	}
	return all
}

// extend puts members at the end of the resources of a template that has room
// for them.
func extend(t *testing.T, fragment []byte, members string) []byte {
	t.Helper()
	resources := plant(t, fragment).get("Resources")
	if resources == nil || resources.kind != '{' || len(resources.members) == 0 || len(resources.members) > 450 {
		return fragment
	}
	end := resources.to - 1
	return slices.Concat(fragment[:end], []byte(","+members), fragment[end:])
}

// describe gives the template another description.
func describe(t *testing.T, fragment []byte) []byte {
	t.Helper()
	root := plant(t, fragment)
	if root.kind != '{' || root.get("Resources") == nil {
		return fragment
	}
	if d := root.get("Description"); d != nil {
		return slices.Concat(fragment[:d.from], []byte(`"another"`), fragment[d.to:])
	}
	return slices.Concat(fragment[:root.from+1], []byte(`"Description":"another",`), fragment[root.from+1:])
}

// corpus returns the real templates in the folder $CORPUS, if any.
func corpus(t *testing.T) []*File {
	t.Helper()
	var all []*File
	for _, line := range repository.Corpus(t, "cases.jsonl") {
		var c struct {
			ID, Region string
			Input      json.RawMessage
		}
		if err := json.Unmarshal(line, &c); err != nil {
			t.Fatal(err)
		}
		g := Of(c.ID, c.Input)
		g.Event.Region = c.Region
		all = append(all, g)
	}
	return all
}

// The comparison itself finds every difference.
func TestCompare(t *testing.T) {
	tests := []struct{ name, in, out, added, changed, lost string }{
		{"nothing", `{ "a":1 }`, `{ "a":1 }`, "", "[]", "[]"},
		{"a member", `{"a":1 }`, `{"a":1 ,"b":[2]}`, `{"b":[2]}`, "[]", "[]"},
		{"the first member", `{ }`, `{ "b":2}`, `{"b":2}`, "[]", "[]"},
		{"two", `{"a":{}}`, `{"a":{"b":1,"c":2}}`, `{"a":{"b":1,"c":2}}`, "[]", "[]"},
		{"an element", `{"a":[1 ]}`, `{"a":[1 ,2]}`, `{"a":{"1":2}}`, "[]", "[]"},
		{"a value", `{"a":null}`, `{"a":7}`, "", "[/a: null -> 7]", "[]"},
		{"a name", `{"x":{"a":1,"c":{}}}`, `{"x":{"b":1,"c":{}}}`, "", "[/x/a: renamed b]", "[]"},
		{"a number's text", `{"a":1.0,"b":2}`, `{"a":1,"b":2}`, "", "[/a: 1.0 -> 1]", "[]"},
		{"a lost member", `{"a":1,"b":2}`, `{"a":1}`, "", "[]", "[/b]"},
		{"another order", `{"a":1,"b":2}`, `{"b":2,"a":1}`, "", "[]", "[/b has moved /b]"},
	}
	for _, tt := range tests {
		c := compare(plant(t, []byte(tt.in)), plant(t, []byte(tt.out)))
		if got := []string{c.added, fmt.Sprint(c.changed), fmt.Sprint(c.lost)}; !slices.Equal(got, []string{tt.added, tt.changed, tt.lost}) {
			t.Errorf("%s: got %q", tt.name, got)
		}
		if got := string(c.restored([]byte(tt.out))); (got == tt.in) != (len(c.lost) == 0) {
			t.Errorf("%s: restored %s", tt.name, got)
		}
	}
	c := compare(plant(t, []byte(`{"a":1}`)), plant(t, []byte(`{"a": 1}`)))
	if got := string(c.restored([]byte(`{"a": 1}`))); got == `{"a":1}` {
		t.Error("white space that came in goes unseen")
	}
}
