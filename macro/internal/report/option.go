package report

import (
	"io"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/option"
)

// An optionDoc is one row of the table of options.
type optionDoc struct {
	values  string // the default first; or what kind of text
	meaning string
}

// optionDocs are the rows by option; a test fails where an option has none.
var optionDocs = map[string]optionDoc{
	"Services":            {"all or a list of services' names", "whose calls are granted; `all` is every one but `url`, whose grants are public"},
	"Grant":               {"permission, policy, role, none", "how a call is allowed: a permission for each route; one policy for each function, which replaces what else its policy holds; a role where the service takes one; none leaves it alone"},
	"RoleArn":             {"an ARN", "with role: give this role instead of creating one"},
	"Scope":               {"route, api", "how wide a permission is: the route, or the whole API in one statement"},
	"Stages":              {"any, declared", "every stage (and the console's Test button), or only the stages that the template declares"},
	"SourceAccount":       {"false, true", "also write SourceAccount, for controls that demand it"},
	"Order":               {"false, true", "let the stages of an API wait for its permissions, for those who deploy and call at once"},
	"OnUnknown":           {"report, fail", "what to do about calls that can't be known or can't be granted from this stack, and definitions that can't be read; of the whole template. Findings about permissions never fail a deployment"},
	"GuardParameters":     {"false, true", "put a condition on permissions for functions whose ARN is a parameter: only where it is of the stack's account and Region"},
	"RolePath":            {"a path", "of the roles that are created"},
	"PermissionsBoundary": {"an ARN", "of the roles that are created"},
}

// OptionWords returns what may be written for each option: Name=Value, or Name=
// where its value is any text.
func OptionWords() []string {
	var out []string
	for _, name := range option.Names() {
		values := strings.Split(optionDocs[name].values, ", ")
		if len(values) == 1 {
			out = append(out, name+"=")
			continue
		}
		for _, v := range values {
			out = append(out, name+"="+v)
		}
	}
	return out
}

// OptionTable writes the options as Markdown.
func OptionTable(w io.Writer) {
	var rows [][]string
	for _, name := range option.Names() {
		doc := optionDocs[name]
		values := doc.values
		if strings.Contains(values, ", ") {
			values = "`" + strings.ReplaceAll(values, ", ", "`, `") + "`"
		}
		rows = append(rows, []string{"`" + name + "`", values, doc.meaning})
	}
	writeTable(w, []string{"option", "values, default first", "meaning"}, rows)
}
