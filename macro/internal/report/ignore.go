package report

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
)

// An Ignore says which findings are left out.
type Ignore struct {
	Reason   string           // its name; "" of any reason
	At       string           // a pattern of places or files; "" anywhere
	Resource string           // in the template: only what concerns this resource; "" all of it
	Pointer  jsontext.Pointer // in the template: its own
	Inside   bool             // it is in the template
	Used     bool             // something was ignored for it
}

// UnusedIgnore is the reason of an ignore in a template that matches nothing.
var UnusedIgnore = finding.Reason{Name: "unused-ignore", Severity: finding.Warning,
	Sentence: "nothing is found that this ignores", Hint: "remove it"}

// Ignore returns the report without the findings that one of the ignores matches, and with
// one for each ignore of the template itself that matches nothing. It sets Used.
func (t Template) Ignore(all []*Ignore) Template {
	if len(all) == 0 {
		return t
	}
	before := len(t.Findings)
	t.Findings = slices.DeleteFunc(slices.Clone(t.Findings), func(f Finding) bool {
		ignored := false
		for _, x := range all {
			if t.ignores(x, f) {
				x.Used, ignored = true, true
			}
		}
		return ignored
	})
	t.Ignored = before - len(t.Findings)
	for _, x := range all {
		if x.Inside && !x.Used && t.place != nil {
			t.Findings = append(t.Findings, Finding{Place: t.place(x.Pointer),
				Finding: finding.Finding{Reason: UnusedIgnore, At: x.Pointer, Detail: x.Reason, Hint: finding.Meant(x.Reason, otherNames(x.Reason), "")}})
		}
	}
	slices.SortStableFunc(t.Findings, func(a, b Finding) int { return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column)) })
	return t
}

// otherNames returns the names of all reasons, where name is none of them; else nil.
func otherNames(name string) []string {
	var names []string
	for _, r := range Reasons() {
		if r.Name == name {
			return nil
		}
		names = append(names, r.Name)
	}
	return names
}

// ignores reports whether an ignore matches a finding.
func (t Template) ignores(x *Ignore, f Finding) bool {
	if x.Reason != "" && x.Reason != f.Name {
		return false
	}
	if x.Resource != "" {
		return t.concerns(f, x.Resource)
	}
	return x.At == "" || matchesPlace(x.At, f.Finding.Place()) || MatchesFile(x.At, f.File) || MatchesFile(x.At, t.File)
}

// concerns reports whether a finding is about a resource: it is within the resource, or
// about a call that the resource makes or receives.
func (t Template) concerns(f Finding, id string) bool {
	at := jsontext.Pointer("/Resources").AppendToken(id)
	if f.At == at || strings.HasPrefix(string(f.At), string(at)+"/") {
		return true
	}
	return slices.ContainsFunc(f.calls, func(i int) bool {
		c := t.Result.Decisions[i].Call
		return c.Resource == id || c.Origin.ID == id || c.Target.Function == id || slices.Contains(c.Via, id)
	})
}

// matchesPlace matches a place as messages have it, or one that it is a part
// of: Api matches Api.Properties.Body. A * stands for any text.
func matchesPlace(pattern, place string) bool {
	re, err := regexp.Compile(`^` + strings.ReplaceAll(regexp.QuoteMeta(pattern), `\*`, `.*`) + `(\.|$)`)
	return err == nil && re.MatchString(place)
}

// MatchesFile reports whether a pattern matches a file's path, with slashes, or that of a
// folder above it. A * stands for any text in one name, ** for any folders; a pattern
// without a slash matches a name in any folder.
func MatchesFile(pattern, file string) bool {
	pattern, file = strings.TrimSuffix(strings.TrimPrefix(pattern, "./"), "/"), strings.TrimPrefix(file, "./")
	if pattern == "" {
		return false
	}
	p := strings.NewReplacer(`\*\*/`, `(?:.*/)?`, `\*\*`, `.*`, `\*`, `[^/]*`, `\?`, `[^/]`).Replace(regexp.QuoteMeta(pattern))
	begin := `^`
	if !strings.Contains(pattern, "/") {
		begin = `(?:^|/)`
	}
	re, err := regexp.Compile(begin + p + `(?:/|$)`)
	return err == nil && re.MatchString(file)
}
