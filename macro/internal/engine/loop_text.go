package engine

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/grant"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// substitute writes references to names with the loop's value as Fn::Sub, in whose
// text ${X} is replaced. A name with &{X} can't be within ${…}, which its brace would
// close: it becomes a variable of the Fn::Sub.
func (l loop) substitute(value string) string {
	value = regexp.MustCompile(`\{"Fn::GetAtt":\["([^"]*`+l.marker+`[^"]*)","([^"]*)"\]\}`).ReplaceAllString(value, `{"Fn::Sub":"$${$1.$2}"}`)
	value = regexp.MustCompile(`\{"Ref":"([^"]*`+l.marker+`[^"]*)"\}`).ReplaceAllString(value, `{"Fn::Sub":"$${$1}"}`)
	if !strings.Contains(value, l.ampMarker) {
		return value
	}
	const text = `"(?:[^"\\]|\\.)*"`
	value = regexp.MustCompile(`\{"Fn::Sub":`+text+`\}`).ReplaceAllStringFunc(value, func(sub string) string {
		inner := sub[len(`{"Fn::Sub":`) : len(sub)-1]
		out, vars := l.variables(inner)
		if vars == "" {
			return sub
		}
		return `{"Fn::Sub":[` + out + `,{` + vars + `}]}`
	})
	return regexp.MustCompile(`\{"Fn::Sub":\[`+text+`,\{"V`).ReplaceAllStringFunc(value, func(sub string) string {
		inner := strings.TrimSuffix(sub[len(`{"Fn::Sub":[`):], `,{"V`)
		out, vars := l.variables(inner)
		if vars == "" {
			return sub
		}
		return `{"Fn::Sub":[` + out + `,{` + vars + `,"V`
	})
}

// variables replaces references with &{X} in the text of an Fn::Sub, a JSON string, by
// variables. vars has these, as the members of a JSON object.
func (l loop) variables(text string) (out, vars string) {
	n := 0
	out = regexp.MustCompile(`\$\{[^{}!"]*`+l.ampMarker+`[^{}"]*\}`).ReplaceAllStringFunc(text, func(ref string) string {
		n++
		name := "Loop" + strconv.Itoa(n)
		id, attribute, isAtt := strings.Cut(ref[2:len(ref)-1], ".")
		x := template.RefTo(id)
		if isAtt {
			x = template.AttOf(id, attribute)
		}
		if vars != "" {
			vars += ","
		}
		vars += `"` + name + `":` + x.JSON()
		return "${" + name + "}"
	})
	return out, vars
}

// unmarkDecision returns a decision about the marked template as one about the
// template with the loop.
func (l loop) unmarkDecision(dec grant.Decision) grant.Decision {
	c, target, api := *dec.Call, *dec.Call.Target, *dec.Call.Origin
	c.Place = c.MovedTo(l.unmark(c.Resource), l.unmarkPlace(c.At()))
	c.Source.Label = l.unmark(c.Source.Label)
	target.Function, target.Key = l.unmark(target.Function), l.unmark(target.Key)
	target.Name, target.ARN = l.unmarkText(target.Name), l.unmarkText(target.ARN)
	api.ID, api.Key, api.Name = l.unmark(api.ID), l.unmark(api.Key), l.unmarkText(api.Name)
	c.Target, c.Origin = &target, &api
	dec.Call = &c
	dec.By = slices.Clone(dec.By)
	for i := range dec.By {
		dec.By[i] = l.unmark(dec.By[i])
	}
	dec.Command = l.unmark(dec.Command)
	if dec.Problem != nil {
		p := l.unmarkProblem(*dec.Problem)
		dec.Problem = &p
	}
	dec.Remarks = slices.Clone(dec.Remarks)
	for i := range dec.Remarks {
		dec.Remarks[i] = l.unmarkProblem(dec.Remarks[i])
	}
	return dec
}

func (l loop) unmarkProblem(p finding.Finding) finding.Finding {
	p.At, p.Detail, p.Hint, p.About = l.unmarkPlace(p.At), l.unmark(p.Detail), l.unmark(p.Hint), l.unmark(p.About)
	return p
}

// unmarkPlace returns the pointer into the loop's outputs for one into a marked
// resource.
func (l loop) unmarkPlace(at jsontext.Pointer) jsontext.Pointer {
	rest, ok := strings.CutPrefix(string(at), "/Resources/")
	if !ok {
		return at
	}
	id, _, _ := strings.Cut(rest, "/")
	if !l.marked(id) {
		return at
	}
	return jsontext.Pointer("/Resources").AppendToken(l.name) + "/2/" + jsontext.Pointer(l.unmark(rest))
}

// mark replaces the loop's identifier by the markers. Where every value is one that a
// logical id can have, ${X} and &{X} are the same, and so must be the name that they
// give a resource.
func (l loop) mark(raw string) string {
	raw = strings.NewReplacer("${"+l.identifier+"}", l.marker, "&{"+l.identifier+"}", l.ampMarker,
		`{"Ref":`+template.Quote(l.identifier)+`}`, template.Quote(l.marker)).Replace(raw)
	if !l.alphanumeric() {
		return raw
	}
	for output := range l.outputs.Members() {
		id := strings.NewReplacer("${"+l.identifier+"}", l.marker, "&{"+l.identifier+"}", l.ampMarker).Replace(output)
		for _, other := range []string{strings.ReplaceAll(id, l.ampMarker, l.marker), strings.ReplaceAll(id, l.marker, l.ampMarker)} {
			raw = strings.ReplaceAll(raw, other, id)
		}
	}
	return raw
}

// marked reports whether a text depends on the loop's value.
func (l loop) marked(text string) bool {
	return strings.Contains(text, l.marker) || strings.Contains(text, l.ampMarker)
}

// unmark replaces the markers by the loop's identifier.
func (l loop) unmark(text string) string {
	return strings.NewReplacer(l.marker, "${"+l.identifier+"}", l.ampMarker, "&{"+l.identifier+"}").Replace(text)
}

func (l loop) unmarkText(x template.Text) template.Text {
	out := slices.Clone(x)
	for i := range out {
		out[i].Text = l.unmark(out[i].Text)
	}
	return out
}
