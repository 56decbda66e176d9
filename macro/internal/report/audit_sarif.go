package report

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/audit"
)

// auditRules are the rules of AuditSARIF, with the level of each.
var auditRules = []struct{ id, level, text, help string }{
	{"deployed-call-fails", "error", "a deployed call fails", "grantinvoke audit -plan writes what to add"},
	{"deployed-call-unknown", "warning", "whether a deployed call is allowed can't be told", "give the reader the rights of grantinvoke audit -policy"},
	{"statement-repeated", "warning", "a statement says what another says already", "grantinvoke audit -plan writes what to remove"},
	{"statement-stale", "warning", "no deployed call needs a statement", "grantinvoke audit -plan writes what to remove"},
	{"statement-public", "error", "a statement lets everybody in", "name the service and its source"},
	{"statement-wide", "note", "a statement lets in more than one API", "name the API in its source"},
}

// AuditSARIF writes an audit for code scanning. There are no files: the place of a result
// is the ARN of its function.
func AuditSARIF(w io.Writer, r *audit.Report, o Options) error {
	run := sarifRun{ColumnKind: "unicodeCodePoints", Invocations: []sarifInvocation{{Successful: true}}, Results: []sarifResult{}}
	run.Tool.Driver = sarifDriver{Name: "grantinvoke", Version: o.Version, InformationURI: home}
	index := map[string]int{}
	for i, x := range auditRules {
		index[x.id] = i
		run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, sarifRule{ID: x.id, ShortDescription: sarifText{x.text}, Help: sarifText{x.help},
			HelpURI: home + "#readme", Configuration: sarifConfig{x.level}})
	}
	add := func(id, function, subject, message string) {
		sum := sha256.Sum256([]byte(id + "\n" + function + "\n" + subject))
		result := sarifResult{RuleID: id, RuleIndex: index[id], Level: auditRules[index[id]].level, Message: sarifText{message},
			Fingerprints: map[string]string{"grantinvoke/v1": hex.EncodeToString(sum[:8])}}
		at := sarifLocation{Logical: []sarifLogical{{Name: function}}}
		at.Physical.Artifact.URI = "account/" + strings.ReplaceAll(function, ":", "/")
		result.Locations = []sarifLocation{at}
		run.Results = append(run.Results, result)
	}
	for _, c := range r.Calls {
		where := oneLine(c.From()) + ": " + oneLine(c.What()) + " calls " + functionLabel(c.Function) + ": " + auditVerdict(c)
		if c.Verdict.Fails() {
			add("deployed-call-fails", c.Function, c.Origin+c.Stage+c.Route, where)
		} else if c.Verdict.Open() {
			add("deployed-call-unknown", c.Function, c.Origin+c.Stage+c.Route, where)
		}
	}
	for _, f := range r.Functions {
		for _, s := range f.Statements {
			where := "policy of " + functionLabel(f.ARN) + ": " + oneLine(s.Name)
			if s.Needless() {
				add("statement-"+string(s.Class), f.ARN, s.Name, where+": "+oneLine(s.Why)+" ("+s.Owner.String()+")")
			}
			if s.Public {
				add("statement-public", f.ARN, s.Name, where+" lets everybody in")
			}
			if s.Wide != "" {
				add("statement-wide", f.ARN, s.Name, where+" lets in "+s.Wide)
			}
		}
	}
	return encode(w, sarifLog{Schema: "https://json.schemastore.org/sarif-2.1.0.json", Version: "2.1.0", Runs: []sarifRun{run}})
}
