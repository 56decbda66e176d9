package golden

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/grantinvoke/grantinvoke/macro/internal/service"
)

// Grants returns what an output has more or different than its input, as lines of want.txt.
func Grants(t *testing.T, in, out []byte) []string {
	t.Helper()
	return newReader(t, in, out).grants(compare(plant(t, in), plant(t, out)))
}

// Added returns the JSON of what an output has more than its input: of the
// input's objects only what is new in them; "" for nothing.
func Added(t *testing.T, in, out []byte) string {
	t.Helper()
	return compare(plant(t, in), plant(t, out)).added
}

// A reader reads what was added to a template.
type reader struct {
	in, out map[string]map[string]any // section -> members
	part    bool                      // of a template, which has no sections
}

func newReader(t *testing.T, in, out []byte) reader {
	t.Helper()
	r := reader{in: sections(t, in), out: sections(t, out)}
	_, whole := r.in[""]["Resources"]
	r.part = !whole
	return r
}

// sections returns the members of each section, and under "" the sections.
func sections(t *testing.T, text []byte) map[string]map[string]any {
	t.Helper()
	top := decoded(t, string(text))
	all := map[string]map[string]any{"": top, "Resources": top} // of a Fn::Transform at that level
	for name, v := range top {
		if m, ok := v.(map[string]any); ok {
			all[name] = m
		}
	}
	return all
}

func decoded(t *testing.T, text string) (m map[string]any) {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&m); err != nil {
		t.Fatal(err)
	}
	return m
}

// grants returns the lines of want.txt for all that is new or changed.
func (r reader) grants(c *comparison) []string {
	var all []string
	for _, id := range slices.Sorted(maps.Keys(r.out["Resources"])) {
		_, own := r.in["Resources"][id]
		renamed := slices.ContainsFunc(c.changed, func(x change) bool { return x.renamed && x.now == id })
		if own || renamed {
			continue
		}
		resource, ok := r.out["Resources"][id].(map[string]any)
		if r.part && !ok {
			continue // a member of what the fragment is a part of
		}
		switch resource["Type"] {
		case "AWS::Lambda::Permission":
			all = append(all, r.permission(resource))
		case "AWS::Lambda::ResourcePolicy":
			all = append(all, r.policy(resource)...)
		case "AWS::IAM::Role":
			all = append(all, r.role(resource))
		default:
			all = append(all, fmt.Sprint("RESOURCE ", resource["Type"]))
		}
	}
	all = append(append(all, r.order()...), r.credentials(c)...)
	if all == nil {
		return []string{"NONE"}
	}
	return all
}

var lambdaPermission = map[string]bool{"Action": true, "FunctionName": true, "Principal": true, "SourceArn": true, "SourceAccount": true,
	"FunctionUrlAuthType": true, "InvokedViaFunctionUrl": true}

func (r reader) permission(resource map[string]any) string {
	p, _ := resource["Properties"].(map[string]any)
	for name := range p {
		if !lambdaPermission[name] {
			return "PERM with a property " + name
		}
	}
	depends := words(resource["DependsOn"])
	fn, implied := r.function(spell(p["FunctionName"]), depends)
	line := "PERM " + fn + " | " + sourceOf(spell(p["SourceArn"]))
	if p["Principal"] != "apigateway.amazonaws.com" {
		line = "PERM " + fn + " | " + r.invoker(p) + " | " + fullSource(p)
		delete(p, "SourceAccount")
	} else if p["Action"] != "lambda:InvokeFunction" {
		return fmt.Sprintf("PERM with %v for %v", p["Action"], p["Principal"])
	}
	depends = slices.Compact(slices.Sorted(slices.Values(append(depends, implied...))))
	if len(depends) > 0 {
		line += " | dep " + strings.Join(depends, ", ")
	}
	line += r.under(resource)
	if p["SourceAccount"] != nil {
		line += " | account " + spell(p["SourceAccount"])
	}
	if policy := resource["DeletionPolicy"]; policy != nil {
		line += fmt.Sprint(" | deletion ", policy)
	}
	return line
}

// invoker is the principal of a permission, with its access where that isn't the usual one.
func (r reader) invoker(p map[string]any) string {
	principal, _ := p["Principal"].(string)
	for _, s := range service.All().Services {
		if s.Principal == principal {
			principal = s.Name
		}
	}
	var ways []string
	if action := p["Action"]; action != "lambda:InvokeFunction" {
		ways = append(ways, strings.TrimPrefix(fmt.Sprint(action), "lambda:"))
	}
	for _, key := range []string{"FunctionUrlAuthType", "InvokedViaFunctionUrl"} {
		if v := p[key]; v != nil {
			ways = append(ways, fmt.Sprintf("%s %v", key, v))
		}
	}
	if len(ways) > 0 {
		principal += " (" + strings.Join(ways, ", ") + ")"
	}
	return principal
}

var ownARN = regexp.MustCompile(`^arn:\$\{AWS::Partition\}:([a-z0-9-]+):\$\{AWS::Region\}:\$\{AWS::AccountId\}:(.*)$`)

// fullSource is a SourceArn as a whole, and whether the account is named as well.
func fullSource(p map[string]any) string {
	text := "any"
	if p["SourceArn"] != nil {
		text = ownARN.ReplaceAllString(spell(p["SourceArn"]), "A($1:$2)")
	}
	if p["SourceAccount"] != nil {
		text += " +acct"
	}
	return text
}

// order returns a line for each resource of the author that waits for a
// permission now.
func (r reader) order() []string {
	var all []string
	for _, id := range slices.Sorted(maps.Keys(r.in["Resources"])) {
		before, _ := r.in["Resources"][id].(map[string]any)
		after, _ := r.out["Resources"][id].(map[string]any)
		for _, w := range words(after["DependsOn"]) {
			x, _ := r.out["Resources"][w].(map[string]any)
			if typ := x["Type"]; (typ == "AWS::Lambda::Permission" || typ == "AWS::Lambda::ResourcePolicy") && !slices.Contains(words(before["DependsOn"]), w) {
				all = append(all, "ORDER "+id+" | "+r.permitted(w))
			}
		}
		text, _ := json.Marshal(before["Properties"])
		now, _ := json.Marshal(after["Properties"])
		for _, m := range inBranch.FindAllStringSubmatch(string(now), -1) {
			if _, own := r.in["Resources"][m[1]]; !own && !strings.Contains(string(text), m[0]) {
				all = append(all, "ORDER "+id+" | "+r.permitted(m[1])+" | in a branch")
			}
		}
	}
	return all
}

// inBranch is the form of a value with a dependency on a permission.
var inBranch = regexp.MustCompile(`\{"Ref":"(\w+Invoke[0-9a-f]{8})"\}`)

// permitted is the function of a permission that was added, else the id.
func (r reader) permitted(id string) string {
	if _, own := r.in["Resources"][id]; own {
		return id
	}
	x, _ := r.out["Resources"][id].(map[string]any)
	p, _ := x["Properties"].(map[string]any)
	name := p["FunctionName"]
	if name == nil {
		name = p["ResourceArn"]
	}
	fn, _ := r.function(spell(name), words(x["DependsOn"]))
	return fn
}

func words(v any) []string {
	var all []string
	list, ok := v.([]any)
	if !ok && v != nil {
		list = []any{v}
	}
	for _, x := range list {
		all = append(all, fmt.Sprint(x))
	}
	return all
}

var reference = regexp.MustCompile(`^\$\{(\w+)(\.Arn)?\}(:.+)?$`)

// function shows the function behind a FunctionName by its logical id, and an
// alias as function:name; implied is what a reference waits for.
func (r reader) function(text string, depends []string) (fn string, implied []string) {
	if m := reference.FindStringSubmatch(text); m != nil {
		properties, typ := r.resource(m[1])
		switch {
		case strings.HasSuffix(typ, "::Function"):
			return m[1] + m[3], nil
		case typ == "AWS::Lambda::Alias" && m[2]+m[3] == "":
			fn, _ = r.function(spell(properties["FunctionName"]), nil)
			return fn + ":" + spell(properties["Name"]), []string{m[1]}
		}
	}
	for _, id := range depends {
		properties, typ := r.resource(id)
		if rest, ok := strings.CutPrefix(text, spell(properties["FunctionName"])); ok && strings.HasSuffix(typ, "::Function") {
			return id + rest, nil
		}
	}
	return text, nil
}

func (r reader) resource(id string) (properties map[string]any, typ string) {
	x, _ := r.in["Resources"][id].(map[string]any)
	properties, _ = x["Properties"].(map[string]any)
	typ, _ = x["Type"].(string)
	return properties, typ
}

const sourcePrefix = "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:"

var apiID = regexp.MustCompile(`^\$\{(\w+)(\.ApiId|\.RestApiId)?\}/`)

// sourceOf is a SourceArn from the API's id on; all of it where it doesn't begin as it
// must.
func sourceOf(text string) string {
	rest, ok := strings.CutPrefix(text, sourcePrefix)
	if !ok {
		return text
	}
	return apiID.ReplaceAllString(rest, "$1/")
}
