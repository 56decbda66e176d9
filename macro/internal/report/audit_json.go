package report

import (
	"io"

	"github.com/grantinvoke/grantinvoke/macro/internal/account"
	"github.com/grantinvoke/grantinvoke/macro/internal/audit"
	"github.com/grantinvoke/grantinvoke/macro/internal/policy"
)

// The document that AuditJSON writes. For its version see that of [JSON].
type (
	auditDocument struct {
		Version  int              `json:"version"`
		Account  string           `json:"account"`
		Region   string           `json:"region"`
		Taken    string           `json:"taken"`
		Calls    []auditCall      `json:"calls"`
		Policies []auditPolicy    `json:"policies"`
		Unread   []account.Unread `json:"unread"`
		Summary  AuditSummary     `json:"summary"`
	}
	auditCall struct {
		Service  string      `json:"service"`
		Origin   string      `json:"origin"`
		Name     string      `json:"name,omitempty"`
		Protocol string      `json:"protocol,omitempty"`
		Stage    string      `json:"stage,omitempty"`
		Route    string      `json:"route"`
		Function string      `json:"function"`
		Verdict  string      `json:"verdict"`
		Fails    bool        `json:"fails"`
		By       []string    `json:"by"`
		Reason   string      `json:"reason,omitempty"`
		Near     []auditNear `json:"near,omitempty"`
		Note     string      `json:"note,omitempty"`
	}
	auditNear struct {
		Statement string `json:"statement"`
		Reason    string `json:"reason"`
	}
	auditPolicy struct {
		Function   string           `json:"function"`
		Bytes      int              `json:"bytes"`
		Limit      int              `json:"limit"`
		Needless   int              `json:"needlessBytes"`
		Read       bool             `json:"read"`
		Statements []auditStatement `json:"statements"`
	}
	auditStatement struct {
		Sid    string `json:"sid"`
		Class  string `json:"class"`
		Reason string `json:"reason,omitempty"`
		Owner  string `json:"owner"`
		Stack  string `json:"stack,omitempty"`
		ID     string `json:"logicalId,omitempty"`
		Calls  int    `json:"calls"`
		Same   string `json:"same,omitempty"`
		Wide   string `json:"wide,omitempty"`
		Public bool   `json:"public,omitempty"`
		Source string `json:"source,omitempty"`
		Bytes  int    `json:"bytes"`
	}
)

// AuditJSON writes an audit for programs.
func AuditJSON(w io.Writer, r *audit.Report, _ Options) error {
	doc := auditDocument{Version: version, Account: r.Account.ID, Region: r.Account.Region, Taken: r.Account.Taken,
		Calls: []auditCall{}, Policies: []auditPolicy{}, Unread: append([]account.Unread{}, r.Unread...), Summary: SummarizeAudit(r)}
	for _, c := range r.Calls {
		x := auditCall{Service: c.Service, Origin: c.Origin, Name: c.Name, Protocol: c.Protocol, Stage: c.Stage, Route: c.Route, Function: c.Function,
			Verdict: string(c.Verdict), Fails: c.Verdict.Fails(), By: list(c.By), Reason: c.Why, Note: c.Note}
		for _, n := range c.Near {
			x.Near = append(x.Near, auditNear{n.Statement, n.Why})
		}
		doc.Calls = append(doc.Calls, x)
	}
	for _, f := range r.Functions {
		p := auditPolicy{Function: f.ARN, Bytes: f.Bytes, Limit: policy.MaxBytes, Needless: f.Needless, Read: !f.Unread, Statements: []auditStatement{}}
		for _, s := range f.Statements {
			owner := string(s.Owner.Kind)
			if owner == "" {
				owner = "unknown"
			}
			p.Statements = append(p.Statements, auditStatement{Sid: s.Sid, Class: string(s.Class), Reason: s.Why, Owner: owner, Stack: s.Owner.Stack, ID: s.Owner.ID,
				Calls: s.Calls, Same: s.Twin, Wide: s.Wide, Public: s.Public, Source: s.Source, Bytes: s.Bytes})
		}
		doc.Policies = append(doc.Policies, p)
	}
	return encode(w, doc)
}
