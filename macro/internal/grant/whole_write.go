package grant

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// writeWhole adds a whole policy for each document that is to have one, and
// notes when each exists.
func (d *writer) writeWhole(docs []*document, made map[string][]template.Guard) {
	told := false
	for _, doc := range docs {
		if !doc.whole {
			continue
		}
		id, exists := d.wholeID(doc), []template.Guard(nil)
		for _, w := range doc.wants {
			exists = append(exists, whenWanted(d.decisions, w)...)
		}
		condition := d.conds.name(exists)
		if condition == "" {
			exists = []template.Guard{nil}
		}
		made[id] = exists
		d.edit("Resources", id, d.whole(doc, condition, exists))
		var routes []string
		for _, w := range doc.wants {
			routes = append(routes, labels(d.decisions, w)...)
			d.allowedBy(w, id)
		}
		slices.Sort(routes)
		d.others = append(d.others, Grant{ID: id, Type: "AWS::Lambda::ResourcePolicy", Function: doc.id, API: doc.exact[0].api,
			Source: fmt.Sprintf("%d sources", len(doc.wants)), Routes: slices.Compact(routes)})
		if !told {
			d.problems = append(d.problems, finding.Finding{Reason: wholePolicy, At: d.place(doc), Detail: id})
			told = true
		}
	}
}

// whole is the resource: statements and their sources sorted, so that one
// more route changes the document and nothing else.
func (d *writer) whole(doc *document, condition string, exists []template.Guard) jsontext.Value {
	arn, _ := d.policyARN(doc.exact[0].call.Target)
	var statements []string
	for _, s := range statementsOf(doc.wants) {
		statements = append(statements, d.wholeStatement(s, arn.JSON(), exists))
	}
	b := []byte(`{"Type":"AWS::Lambda::ResourcePolicy","Properties":{"ResourceArn":` + arn.JSON() + `,"PolicyDocument":` + policyStart +
		strings.Join(statements, ",") + policyEnd + `},"Metadata":{"GrantInvoke":{"For":[`)
	var origins []string
	for _, w := range doc.wants {
		origins = append(origins, cmp.Or(w.call.Origin.ID, w.call.Origin.Name.String()))
	}
	slices.Sort(origins)
	b = append(appendTexts(b, slices.Compact(origins)), "]}}"...)
	if condition != "" {
		b = template.AppendQuote(append(b, `,"Condition":`...), condition)
	}
	return jsontext.Value(append(b, '}'))
}

// wholeStatement is a statement with those of its sources that are there under
// each condition. A list that may be empty is refused, so that the statement
// then stands under a condition of its own.
func (d *writer) wholeStatement(s *wholeStatement, arn string, exists []template.Guard) string {
	var sometimes []template.Guard
	for _, w := range s.wants {
		sometimes = append(sometimes, whenWanted(d.decisions, w)...)
	}
	there, wrapped := exists, !d.everywhere(exists, sometimes)
	if wrapped {
		there = sometimes
	}
	items := make([]string, 0, len(s.wants))
	for _, w := range s.wants {
		item := string(appendSource(nil, w))
		if when := whenWanted(d.decisions, w); !d.everywhere(there, when) {
			item = `{"Fn::If":[` + template.Quote(d.conds.name(when)) + `,` + item + `,{"Ref":"AWS::NoValue"}]}`
		}
		items = append(items, item)
	}
	slices.Sort(items)
	text := s.json(arn, `{"Ref":"AWS::AccountId"}`, strings.Join(items, ","))
	if wrapped {
		return `{"Fn::If":[` + template.Quote(d.conds.name(sometimes)) + `,` + text + `,{"Ref":"AWS::NoValue"}]}`
	}
	return text
}

// wholeID is the logical id of a function's whole policy.
func (d *writer) wholeID(doc *document) string {
	t := doc.exact[0].call.Target
	parts := []string{"policy", t.Function, t.Qualifier}
	for {
		id := word(t.Function, "External") + word(t.Qualifier, "") + "InvokePolicy" + hash(parts...)
		if !d.Template.Taken(id) {
			return id
		}
		parts = append(parts, "+")
	}
}
