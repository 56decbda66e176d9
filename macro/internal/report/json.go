package report

import (
	_ "embed"
	"encoding/json"
	"io"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/grant"
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/policy"
	"github.com/grantinvoke/grantinvoke/macro/internal/update"
)

// Schema is the JSON Schema of what [JSON] writes.
//
//go:embed check.schema.json
var Schema string

// version is that of the document's format. It grows when a member is removed or changes
// its meaning, not when one is added.
const version = 1

type document struct {
	Version   int        `json:"version"`
	Templates []jsonFile `json:"templates"`
	Summary   Summary    `json:"summary"`
}

type jsonFile struct {
	File     string          `json:"file"`
	Macro    bool            `json:"macro"`
	Error    string          `json:"error,omitempty"`
	Calls    []jsonCall      `json:"calls"`
	Findings []jsonFinding   `json:"findings"`
	Grants   []jsonGrant     `json:"grants"`
	Policies []jsonPolicy    `json:"policies"`
	Live     []update.Policy `json:"live,omitempty"`
}

type jsonPlace struct {
	Place   string `json:"place"`
	Pointer string `json:"pointer"`
	File    string `json:"file,omitempty"`
	Line    int    `json:"line"`
	Column  int    `json:"column"`

	Construct string `json:"construct,omitempty"`
}

// jsonPlace is the place of a pointer; the file is named where it isn't the template's.
func (t Template) jsonPlace(at jsontext.Pointer, p Place) jsonPlace {
	x := jsonPlace{Place: finding.Place(at), Pointer: string(at), Line: p.Line, Column: p.Column, Construct: p.Construct}
	if p.File != t.File {
		x.File = p.File
	}
	return x
}

type jsonCall struct {
	jsonPlace
	Kind      string   `json:"kind"`
	Service   string   `json:"service"`
	Source    string   `json:"source,omitempty"`
	API       string   `json:"api"`
	Protocol  string   `json:"protocol"`
	Route     string   `json:"route"`
	Event     string   `json:"event,omitempty"`
	Function  string   `json:"function"`
	Condition string   `json:"condition,omitempty"`
	Verdict   string   `json:"verdict"`
	Missing   bool     `json:"missing"`
	Outside   bool     `json:"outside,omitempty"`
	By        []string `json:"by"`
	Reason    string   `json:"reason,omitempty"`
	Command   string   `json:"command,omitempty"`
}

type jsonFinding struct {
	jsonPlace
	Reason   string `json:"reason"`
	Severity string `json:"severity"`
	Fails    bool   `json:"fails"`
	Message  string `json:"message"`
	Hint     string `json:"hint"`
}

type jsonGrant struct {
	ID       string   `json:"id"`
	Type     string   `json:"type"`
	Function string   `json:"function"`
	API      string   `json:"api"`
	Source   string   `json:"source"`
	Routes   []string `json:"routes"`
	Widened  string   `json:"widened,omitempty"`
}

type jsonPolicy struct {
	Function   string     `json:"function"`
	Statements int        `json:"statements"`
	Bytes      int        `json:"bytes"`
	Limit      int        `json:"limit"`
	Missing    *jsonShare `json:"withMissing,omitempty"`
}

type jsonShare struct {
	Statements int `json:"statements"`
	Bytes      int `json:"bytes"`
}

// JSON writes the reports for programs, as [Schema] describes.
func JSON(w io.Writer, all []Template, _ Options) error {
	doc := document{Version: version, Templates: []jsonFile{}, Summary: summarize(all)}
	for _, t := range all {
		doc.Templates = append(doc.Templates, t.json())
	}
	return encode(w, doc)
}

func encode(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

func (t Template) json() jsonFile {
	f := jsonFile{File: t.File, Macro: t.Macro, Calls: []jsonCall{}, Findings: []jsonFinding{}, Grants: []jsonGrant{}, Policies: []jsonPolicy{}}
	for _, x := range t.Findings {
		f.Findings = append(f.Findings, jsonFinding{t.jsonPlace(x.At, x.Place),
			x.Name, x.Severity.String(), x.Fails, x.Message(), x.Advice()})
	}
	f.Live = t.Live
	if t.Err != nil {
		f.Error = t.Err.Error()
	}
	if t.Result == nil {
		return f
	}
	names := t.names()
	for _, d := range t.Result.Decisions {
		f.Calls = append(f.Calls, t.jsonCall(d))
	}
	origins := map[string]string{}
	for _, d := range t.Result.Decisions {
		origins[d.Call.Origin.Key] = originName(d.Call.Origin)
	}
	for _, g := range t.Result.Grants() {
		f.Grants = append(f.Grants, jsonGrant{g.ID, g.Type, t.nameOf(names, g.Function), t.nameOf(origins, g.Caller),
			named(g.Source), list(g.Routes), g.Widened})
	}
	for _, p := range t.Result.Policies {
		now := t.policy(p)
		x := jsonPolicy{Function: t.nameOf(names, p.Function), Statements: now.Statements, Bytes: now.Bytes, Limit: policy.MaxBytes}
		if now.Statements < p.Statements {
			x.Missing = &jsonShare{p.Statements, p.Bytes}
		}
		f.Policies = append(f.Policies, x)
	}
	return f
}

func (t Template) jsonCall(d grant.Decision) jsonCall {
	c := d.Call
	x := jsonCall{jsonPlace: t.jsonPlace(c.At(), t.place(c.At())), Kind: c.Kind.Name, Service: c.Service.Name, Source: sourceARN(c), API: originName(c.Origin),
		Protocol: c.Origin.Kind, Route: route(c), Event: c.Source.Event, Function: functionName(c.Target), Condition: c.When.String(),
		Verdict: string(d.Verdict), Missing: t.missing(d), Outside: t.outside(d), By: list(d.By), Command: d.Command}
	if d.Problem != nil {
		x.Reason = d.Problem.Name
	}
	return x
}

// sourceARN is the source ARN with which a service without origins calls; "" for others.
func sourceARN(c *invoke.Call) string {
	if c.Source.ARN == nil {
		return ""
	}
	return c.Source.ARN.Presents().String()
}

// list is a list that isn't null in JSON.
func list(x []string) []string {
	if x == nil {
		return []string{}
	}
	return x
}
