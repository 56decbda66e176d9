package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/grant"
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/service"
)

// cell escapes a text for a cell of a Markdown table.
var cell = strings.NewReplacer("|", "\\|", "\n", " ", "<", "&lt;")

func writeTable(w io.Writer, head []string, rows [][]string) {
	fmt.Fprintf(w, "| %s |\n|%s\n", strings.Join(head, " | "), strings.Repeat(" --- |", len(head)))
	for _, row := range rows {
		for i := range row {
			row[i] = cell.Replace(row[i])
		}
		fmt.Fprintf(w, "| %s |\n", strings.Join(row, " | "))
	}
}

// ReasonTable writes the reasons as Markdown.
func ReasonTable(w io.Writer) {
	var rows [][]string
	for _, r := range Reasons() {
		rows = append(rows, []string{"`" + r.Name + "`", r.Severity.String(), r.Sentence, r.Hint})
	}
	writeTable(w, []string{"reason", "severity", "what is wrong", "what to do"}, rows)
}

// Kinds writes the kinds of properties by which functions are called, as Markdown.
func Kinds(w io.Writer) {
	var rows [][]string
	for _, s := range service.All().Services {
		for _, f := range s.Kinds {
			types := make([]string, len(f.Types))
			for i, t := range f.Types {
				types[i] = "`" + t + "`"
			}
			rows = append(rows, []string{s.Title, "`" + f.Name + "`", strings.Join(types, ", "), f.Doc})
		}
	}
	writeTable(w, []string{"service", "kind", "resource types", "what names the function"}, rows)
}

// A Service is one that calls functions, for the documentation.
type Service struct {
	Name, Title, Principal string
	Granted                bool // otherwise its calls are only reported
	Before                 bool // it tries the permission while its resource is created
	Without                invoke.Trouble
}

// Services returns all services, in the order of the catalog.
func Services() (out []Service) {
	for _, s := range service.All().Services {
		x := Service{Name: s.Name, Title: s.Title, Principal: s.Principal, Granted: s.Granted(), Without: s.Advice.Without}
		for _, k := range s.Kinds {
			x.Before = x.Before || k.Before
		}
		out = append(out, x)
	}
	return out
}

// meanings says what each verdict means.
var meanings = map[grant.Verdict]string{
	grant.Added:     "a permission is added for it",
	grant.RoleAdded: "a role is put into its credentials",
	grant.Allowed:   "a permission of the template, or one that SAM is going to add, allows it",
	grant.RoleGiven: "it has a role in its credentials, whose policy decides",
	grant.AsCaller:  "it is made with the identity of the API's caller, who needs the right",
	grant.Left:      "left alone: by the option Grant: none or Services, or since the macro grants none of the service",
	grant.Elsewhere: "the function is in another account or Region and must be allowed there",
	grant.Unknown:   "the function, or the API, can't be known",
}

// Verdicts writes the verdicts as Markdown.
func Verdicts(w io.Writer) {
	rows := [][]string{{"`" + Missing.Name + "`", "nothing allows it, and the template doesn't name the macro, which would"},
		{"`" + Outside.Name + "`", "nothing here allows it, and the function isn't here either: the template that has it may"}}
	for _, v := range grant.Verdicts() {
		rows = append(rows, []string{"`" + string(v) + "`", meanings[v]})
	}
	writeTable(w, []string{"verdict", "what becomes of the call"}, rows)
}
