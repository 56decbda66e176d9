package emit

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/grant"
	"github.com/grantinvoke/grantinvoke/macro/internal/naming"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// writeWhole adds a whole policy for each document that is one, and returns when each
// of them exists.
func (d *writer) writeWhole(docs []*grant.Policy) (made map[string][]template.Guard) {
	reported := false // once for the template
	for _, doc := range docs {
		if !doc.Whole {
			continue
		}
		id, exists := d.wholeID(doc), []template.Guard(nil)
		for _, w := range doc.Wants {
			exists = append(exists, grant.WhenWanted(d.decisions, w)...)
		}
		condition := d.conds.Name(exists)
		if condition == "" {
			exists = always
		}
		if made == nil {
			made = map[string][]template.Guard{}
		}
		made[id] = exists
		d.edit("Resources", id, d.whole(doc, condition, exists))
		var routes []string
		for _, w := range doc.Wants {
			routes = append(routes, grant.Labels(d.decisions, w)...)
			d.allowedBy(w, []string{id})
		}
		slices.Sort(routes)
		d.Others = append(d.Others, Grant{ID: id, Type: "AWS::Lambda::ResourcePolicy", Function: doc.ID, Caller: doc.Exact[0].Caller,
			Source: fmt.Sprintf("%d sources", len(doc.Wants)), Routes: slices.Compact(routes)})
		if !reported {
			d.Problems = append(d.Problems, finding.Finding{Reason: wholePolicy, At: grant.PlaceOf(d.View, doc), Detail: id})
			reported = true
		}
	}
	return made
}

// whole is the resource of a whole policy. Its statements and their sources are sorted.
// exists says when it exists, condition is the name of that.
func (d *writer) whole(doc *grant.Policy, condition string, exists []template.Guard) jsontext.Value {
	arn, _ := grant.PolicyARN(d.View, doc.Exact[0].Call.Target)
	var statements []string
	for _, s := range grant.StatementsOf(doc.Wants) {
		statements = append(statements, d.wholeStatement(s, arn.JSON(), exists))
	}
	b := []byte(`{"Type":"AWS::Lambda::ResourcePolicy","Properties":{"ResourceArn":` + arn.JSON() + `,"PolicyDocument":` + grant.PolicyStart +
		strings.Join(statements, ",") + grant.PolicyEnd + `},"Metadata":{"GrantInvoke":{"For":[`)
	var origins []string
	for _, w := range doc.Wants {
		origins = append(origins, cmp.Or(w.Call.Origin.ID, w.Call.Origin.Name.String()))
	}
	slices.Sort(origins)
	b = append(appendTexts(b, slices.Compact(origins)), "]}}"...)
	if condition != "" {
		b = template.AppendQuote(append(b, `,"Condition":`...), condition)
	}
	return jsontext.Value(append(b, '}'))
}

// wholeStatement is one statement of a whole policy as JSON. Each source is under its
// condition; a list that may be empty would be refused, so that the statement then is
// under a condition, too. exists says when the policy exists.
func (d *writer) wholeStatement(s *grant.PolicyStatement, arn string, exists []template.Guard) string {
	var sometimes []template.Guard
	for _, w := range s.Wants {
		sometimes = append(sometimes, grant.WhenWanted(d.decisions, w)...)
	}
	there, wrapped := exists, !naming.Everywhere(d.Template, exists, sometimes)
	if wrapped {
		there = sometimes
	}
	items := make([]string, 0, len(s.Wants))
	for _, w := range s.Wants {
		item := string(grant.AppendSource(nil, w))
		if when := grant.WhenWanted(d.decisions, w); !naming.Everywhere(d.Template, there, when) {
			item = `{"Fn::If":[` + template.Quote(d.conds.Name(when)) + `,` + item + `,{"Ref":"AWS::NoValue"}]}`
		}
		items = append(items, item)
	}
	slices.Sort(items)
	text := s.JSON(arn, `{"Ref":"AWS::AccountId"}`, strings.Join(items, ","))
	if wrapped {
		return `{"Fn::If":[` + template.Quote(d.conds.Name(sometimes)) + `,` + text + `,{"Ref":"AWS::NoValue"}]}`
	}
	return text
}

// wholeID is the logical id of a function's whole policy.
func (d *writer) wholeID(doc *grant.Policy) string {
	t := doc.Exact[0].Call.Target
	parts := []string{"policy", t.Function, t.Qualifier}
	for {
		id := word(t.Function, "External") + word(t.Qualifier, "") + "InvokePolicy" + naming.Hash(parts...)
		if !d.Template.Taken(id) {
			return id
		}
		parts = append(parts, "+")
	}
}
