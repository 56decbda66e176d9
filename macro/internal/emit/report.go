package emit

import (
	"slices"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/grant"
	"github.com/grantinvoke/grantinvoke/macro/internal/option"
	"github.com/grantinvoke/grantinvoke/macro/internal/statement"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// Report returns the edits that write what isn't known into the template's
// Metadata.GrantInvoke, where the change set and GetTemplate show it. Lines that are
// there already aren't written again.
func Report(v *statement.View, decisions []grant.Decision, problems []finding.Finding) []template.Edit {
	if v.Env.Partial {
		return nil // the template's Metadata isn't part of the fragment
	}
	var lines []string
	for i := range decisions {
		if dec := &decisions[i]; dec.Problem != nil {
			lines = append(lines, readable(dec.Problem.Name+": "+dec.Problem.String()))
		}
	}
	for _, p := range problems {
		if p.Severity.Matters() {
			lines = append(lines, readable(p.Name+": "+p.String()))
		}
	}
	own := v.Template.Section("Metadata").Get("GrantInvoke")
	written := own.Get(option.ReportMember)
	for line := range written.Items() {
		if s, ok := line.Text(); ok {
			lines = slices.DeleteFunc(lines, func(x string) bool { return x == s })
		}
	}
	if len(lines) == 0 {
		return nil
	}
	slices.Sort(lines)
	list := "[" + quoteWords(slices.Compact(lines)) + "]"
	at := jsontext.Pointer("/Metadata/GrantInvoke")
	switch {
	case written.Kind() == template.Array:
		var edits []template.Edit
		for _, line := range slices.Compact(lines) {
			edits = append(edits, template.Edit{Op: template.Add, At: written.Pointer().AppendToken("-"), Value: jsontext.Value(template.Quote(line))})
		}
		return edits
	case own.Kind() == template.Object:
		return []template.Edit{{Op: template.Add, At: at.AppendToken(option.ReportMember), Value: jsontext.Value(list)}}
	}
	w := writer{View: v}
	w.writeMembers("Metadata", map[string]string{"GrantInvoke": `{"` + option.ReportMember + `":` + list + "}"})
	return w.Edits
}
