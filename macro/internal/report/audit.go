package report

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/account"
	"github.com/grantinvoke/grantinvoke/macro/internal/audit"
	"github.com/grantinvoke/grantinvoke/macro/internal/policy"
)

// AuditText writes an audit for people: the calls, the policies with what each
// statement is for, what could not be read, and a line with the numbers. With Table also
// what needs no attention.
func AuditText(w io.Writer, r *audit.Report, o Options) error {
	x := text{w: bufio.NewWriter(w), Options: o, palette: newPalette(o.Colour)}
	fmt.Fprintf(x.w, "%s, %s, at %s\n", x.strong("account "+r.Account.ID), r.Account.Region, r.Account.Taken)
	x.auditCalls(r)
	for _, f := range r.Functions {
		x.auditPolicy(f)
	}
	for _, u := range r.Unread {
		fmt.Fprintf(x.w, "\n%s %s: %s; what depends on it is unknown\n", x.warn("not read:"), u.What, u.Why)
	}
	fmt.Fprintf(x.w, "\n%s\n", auditSum(r))
	return x.w.Flush()
}

// auditCalls writes the calls of each stage; those that need no attention only with
// Table.
func (x text) auditCalls(r *audit.Report) {
	last := ""
	for _, c := range r.Calls {
		if !x.Table && !c.Verdict.Fails() && !c.Verdict.Open() {
			continue
		}
		if head := oneLine(c.From()); head != last {
			fmt.Fprintf(x.w, "\n%s\n", x.strong(head))
			last = head
		}
		ink := x.good
		if c.Verdict.Fails() {
			ink = x.bad
		} else if c.Verdict.Open() {
			ink = x.warn
		}
		fmt.Fprintf(x.w, "  %-24s %s  %s\n", clip(oneLine(c.What()), 60), functionLabel(c.Function), ink(auditVerdict(c)))
		for _, n := range c.Near {
			fmt.Fprintf(x.w, "    near: %s: %s\n", oneLine(n.Statement), oneLine(n.Why))
		}
		if c.Note != "" {
			fmt.Fprintf(x.w, "    note: %s\n", c.Note)
		}
	}
}

// functionLabel is a function's name with its qualifier, or whatever is there.
func functionLabel(arn string) string {
	if _, _, name, qualifier, ok := account.Split(arn); ok && qualifier != "" {
		return oneLine(name + ":" + qualifier)
	} else if ok {
		return oneLine(name)
	}
	return oneLine(arn)
}

// auditVerdict is the verdict of a call in words.
func auditVerdict(c audit.Call) string {
	by := oneLine(strings.Join(c.By, ", "))
	switch c.Verdict {
	case audit.Allowed:
		return "allowed by " + by
	case audit.ByRole:
		return "allowed by the role " + by
	case audit.ByCaller:
		return c.Why
	}
	s := string(c.Verdict)
	if c.Why != "" {
		s += ": " + c.Why
	}
	if by != "" {
		s += " (" + by + ")"
	}
	return oneLine(s)
}

// auditPolicy writes one policy, without Table only if it needs attention.
func (x text) auditPolicy(f audit.Function) {
	if f.Unread && len(f.Statements) == 0 {
		fmt.Fprintf(x.w, "\n%s  %s\n", x.strong("policy of "+functionLabel(f.ARN)), x.warn("not read"))
		return
	}
	notable := f.Needless > 0 || float64(f.Bytes) > nearShare*policy.MaxBytes ||
		slices.ContainsFunc(f.Statements, func(s audit.Statement) bool { return s.Public || s.Wide != "" })
	if !notable && !x.Table {
		return
	}
	size := fmt.Sprintf("%s of %s bytes in %s", thousands(f.Bytes), thousands(policy.MaxBytes), count(len(f.Statements), "statement"))
	if f.Needless > 0 {
		size += ", " + thousands(f.Needless) + " of them needless"
	}
	fmt.Fprintf(x.w, "\n%s  %s\n", x.strong("policy of "+functionLabel(f.ARN)), size)
	if f.Bytes > policy.MaxBytes/2 {
		for _, s := range fillers(f) {
			fmt.Fprintf(x.w, "  %s of them in %s for %s\n", thousands(s.bytes), count(s.statements, "statement"), s.source)
		}
	}
	for _, s := range f.Statements {
		if x.Table || s.Needless() || s.Public || s.Wide != "" {
			x.auditStatement(s)
		}
	}
}

// A filler is an API, or another service, with how much of a policy it takes.
type filler struct {
	source            string
	statements, bytes int
}

// fillers returns those of a policy, the largest first.
func fillers(f audit.Function) []filler {
	var out []filler
	for _, s := range f.Statements {
		source := oneLine(s.For())
		i := slices.IndexFunc(out, func(x filler) bool { return x.source == source })
		if i < 0 {
			i, out = len(out), append(out, filler{source: source})
		}
		out[i].statements, out[i].bytes = out[i].statements+1, out[i].bytes+s.Bytes
	}
	slices.SortStableFunc(out, func(a, b filler) int { return b.bytes - a.bytes })
	return out
}

func (x text) auditStatement(s audit.Statement) {
	ink := x.good
	switch {
	case s.Needless():
		ink = x.warn
	case s.Class == audit.Unjudged:
		ink = x.faint
	}
	class := string(s.Class)
	fmt.Fprintf(x.w, "  %s%s %s  %s", ink(class), strings.Repeat(" ", 8-len(class)), oneLine(s.Name), x.faint(s.Owner.String()))
	if s.Calls > 0 {
		fmt.Fprintf(x.w, ", for %s", count(s.Calls, "call"))
	}
	if s.Why != "" {
		fmt.Fprintf(x.w, ": %s", oneLine(s.Why))
	}
	if s.Wide != "" {
		fmt.Fprintf(x.w, "; %s", x.warn("wide: it lets in "+s.Wide))
	}
	if s.Public {
		fmt.Fprintf(x.w, "; %s", x.bad("public: it lets everybody in"))
	}
	fmt.Fprintln(x.w)
	if s.Source != "" {
		fmt.Fprintf(x.w, "           %s\n", x.faint(oneLine(s.Source)))
	}
}

// An AuditSummary counts over an account.
type AuditSummary struct {
	Calls      int `json:"calls"`
	Failing    int `json:"failing"`
	Unknown    int `json:"unknown"`
	Blind      int `json:"notRead"` // APIs and stages
	Policies   int `json:"policies"`
	Statements int `json:"statements"`
	Needless   int `json:"needless"` // statements
	Bytes      int `json:"bytes"`
	Spare      int `json:"needlessBytes"`
	Public     int `json:"public"`
	Wide       int `json:"wide"`
}

// SummarizeAudit returns the summary of an audit.
func SummarizeAudit(r *audit.Report) AuditSummary {
	s := AuditSummary{Calls: len(r.Calls), Blind: r.Blind, Policies: len(r.Functions)}
	for _, c := range r.Calls {
		if c.Verdict.Fails() {
			s.Failing++
		} else if c.Verdict.Open() {
			s.Unknown++
		}
	}
	for _, f := range r.Functions {
		s.Statements += len(f.Statements)
		s.Bytes += f.Bytes
		s.Spare += f.Needless
		for _, st := range f.Statements {
			if st.Needless() {
				s.Needless++
			}
			if st.Public {
				s.Public++
			}
			if st.Wide != "" {
				s.Wide++
			}
		}
	}
	return s
}

func blind(n int) string {
	if n == 1 {
		return "1 API or stage"
	}
	return thousands(n) + " APIs or stages"
}

func auditSum(r *audit.Report) string {
	s := SummarizeAudit(r)
	calls := []string{thousands(s.Failing) + " failing"}
	if s.Unknown > 0 {
		calls = append(calls, thousands(s.Unknown)+" unknown")
	}
	if s.Blind > 0 {
		calls = append(calls, "those of "+blind(s.Blind)+" not read")
	}
	policies := "policies"
	if s.Policies == 1 {
		policies = "policy"
	}
	line := fmt.Sprintf("%s: %s; %d %s with %s, %s of them needless (%s of %s bytes)", count(s.Calls, "call"), strings.Join(calls, ", "),
		s.Policies, policies, count(s.Statements, "statement"), thousands(s.Needless), thousands(s.Spare), thousands(s.Bytes))
	if s.Public > 0 {
		line += ", " + thousands(s.Public) + " public"
	}
	if s.Wide > 0 {
		line += ", " + thousands(s.Wide) + " wide"
	}
	return line
}
