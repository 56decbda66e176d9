package main

import (
	"bytes"
	"cmp"
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path"
	"strings"
	"time"

	"github.com/grantinvoke/grantinvoke/macro/internal/account"
	"github.com/grantinvoke/grantinvoke/macro/internal/audit"
	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/live"
	"github.com/grantinvoke/grantinvoke/macro/internal/report"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

var auditCommand = subcommand{
	name:  "audit",
	short: "hold deployed calls against deployed statements",
	long: `
It reads an account with the credentials and the Region of the AWS CLI, and changes
nothing. REST stages are read as deployed, not as the console shows them. A statement
is needed, repeated (another says as much), stale (its API, stage, route, authorizer
or source is gone, or calls another function), or unjudged: what could not be read
makes nothing stale. The status is 1 where a call fails or nobody can know.`,
	examples: []example{
		{"what is there twice, and why a policy is full", "grantinvoke audit -function orders"},
		{"a Region, as a page to search", "grantinvoke audit -all -format html > audit.html"},
		{"once with credentials, then without", "grantinvoke audit -stack shop -save shop.json"},
	},
	make: func() task {
		return &auditTask{format: choices("text", "json", "sarif", "html"), color: choices("auto", "always", "never")}
	},
}

type auditTask struct {
	accountFlags
	format, color            *choice
	plan, save, from         string
	hand                     words
	full, strict, showPolicy bool
}

// accountFlags tells what to read of an account and how. check -stack uses it too.
type accountFlags struct {
	stacks, apis, functions words
	all, versions           bool
	region, profile         string
	share                   float64
}

// account declares the flags about how to read.
func (a *accountFlags) account(fs *flag.FlagSet) {
	fs.StringVar(&a.profile, "profile", "", "the `PROFILE` of the AWS configuration")
	fs.Float64Var(&a.share, "share", 0.5, "the `PART` of each quota to use, up to 1")
}

func (t *auditTask) flags(fs *flag.FlagSet) {
	t.account(fs)
	fs.StringVar(&t.region, "region", "", "the `REGION`; else that of the AWS configuration")
	fs.Var(&t.stacks, "stack", "the APIs and functions of the stack `NAME`")
	fs.Var(&t.apis, "api", "the API with this `ID`")
	fs.Var(&t.functions, "function", "the function `NAME`")
	fs.BoolVar(&t.all, "all", false, "every API and function of the Region")
	fs.BoolVar(&t.versions, "versions", false, "the policies of all versions, not only of called ones")
	fs.Var(t.format, "format", "how to write")
	fs.Var(t.color, "color", "when to use colours")
	fs.BoolVar(&t.full, "full", false, "list what is fine with -all and -from, too")
	fs.StringVar(&t.plan, "plan", "", "write a script that mends it, and FILE.undo.sh, into `FILE`")
	fs.Var(&t.hand, "hand", "ids of this `PATTERN` were made by hand: a plan may remove them")
	fs.StringVar(&t.save, "save", "", "save what was read into `FILE`")
	fs.StringVar(&t.from, "from", "", "look at what was saved in `FILE`, without AWS")
	fs.BoolVar(&t.showPolicy, "policy", false, "print the rights that it takes: nothing but reads")
	fs.BoolVar(&t.strict, "strict", false, "status 1 for needless and public statements too")
}

// audits has the formats of -format.
var audits = map[string]func(io.Writer, *audit.Report, report.Options) error{
	"text":  report.AuditText,
	"json":  report.AuditJSON,
	"sarif": report.AuditSARIF,
	"html":  report.AuditHTML,
}

func (t *auditTask) run(c Command, args []string) error {
	if t.showPolicy {
		doc, err := live.Rights(cmp.Or(template.Partition(t.region), "aws"))
		if err == nil {
			_, err = fmt.Fprintf(c.Stdout, "%s\n", doc)
		}
		return err
	}
	if len(args) > 0 {
		return usage("-stack, -api, -function or -all name what to look at", "no argument is wanted")
	}
	for _, p := range t.hand {
		if _, err := path.Match(p, ""); err != nil {
			return usage("* stands for any text, ? for a character, [ab] for one of several", "-hand %s: is no valid pattern", p)
		}
	}
	a, err := t.snapshot(c)
	if err != nil {
		return err
	}
	if t.save != "" {
		var b bytes.Buffer
		if err := a.Save(&b); err != nil {
			return unreadable(err)
		}
		if err := os.WriteFile(t.save, b.Bytes(), 0o600); err != nil {
			return &exit{exitUnreadable, reason(err), ""}
		}
	}
	r := audit.Judge(a, t.hand)
	if t.plan != "" {
		if err := t.writePlan(c, r.Plan()); err != nil {
			return err
		}
	}
	options := report.Options{Colour: t.format.value == "text" && c.coloured(t.color.value), Version: version().tool, Table: t.full || !t.all && t.from == ""}
	if err := audits[t.format.value](c.Stdout, r, options); err != nil {
		return unreadable(err)
	}
	s := report.SummarizeAudit(r)
	if s.Failing+s.Unknown+s.Blind > 0 || t.strict && s.Needless+s.Public > 0 {
		return &exit{status: exitFindings}
	}
	return nil
}

// snapshot returns what is deployed, read now or loaded from a file.
func (t *auditTask) snapshot(c Command) (account.Account, error) {
	if t.from == "" {
		return t.read(c)
	}
	if t.all || len(t.stacks)+len(t.apis)+len(t.functions) > 0 {
		return account.Account{}, usage("-from holds what was asked for when it was saved", "-from with -all, -stack, -api or -function")
	}
	data, err := c.read(t.from)
	if err != nil {
		return account.Account{}, err
	}
	a, err := account.Load(bytes.NewReader(data))
	if err != nil {
		return a, unreadable(finding.Within(t.from, err))
	}
	return a, nil
}

// read reads the account. On a terminal it shows its progress.
func (a *accountFlags) read(c Command) (account.Account, error) {
	ask := live.Ask{All: a.all, Stacks: a.stacks, APIs: a.apis, Functions: a.functions, Versions: a.versions}
	if !ask.All && len(ask.Stacks)+len(ask.APIs)+len(ask.Functions) == 0 {
		return account.Account{}, usage("-stack NAME, -api ID, -function NAME, or -all", "nothing to look at")
	}
	if a.share <= 0 || a.share > 1 {
		return account.Account{}, usage("such as 0.5", "-share: wants a part between 0 and 1")
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	r, err := live.Dial(ctx, live.Options{Region: a.region, Profile: a.profile, Share: a.share})
	if err != nil {
		return account.Account{}, &exit{exitUnreadable, inOneLine(err.Error()), ""}
	}
	ended := reading(c.Stderr, r.Calls)
	out, err := r.Read(ctx, ask)
	ended()
	if err != nil {
		return out, &exit{exitUnreadable, inOneLine(err.Error()), ""}
	}
	return out, nil
}

func inOneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// reading shows on a terminal how many requests have been sent.
func reading(w io.Writer, sent func() int64) (stop func()) {
	if !isTerminal(w) {
		return func() {}
	}
	return repeat(w, 200*time.Millisecond, func() string { return fmt.Sprintf("%d requests", sent()) })
}

// writePlan writes the plan and the script that takes it back.
func (t *auditTask) writePlan(c Command, p audit.Plan) error {
	undo := strings.TrimSuffix(t.plan, ".sh") + ".undo.sh"
	var do, back bytes.Buffer
	if err := p.Script(&do, undo); err != nil {
		return unreadable(err)
	}
	if err := p.Undo(&back); err != nil {
		return unreadable(err)
	}
	for name, text := range map[string][]byte{t.plan: do.Bytes(), undo: back.Bytes()} {
		if err := os.WriteFile(name, text, 0o755); err != nil {
			return &exit{exitUnreadable, reason(err), ""}
		}
	}
	steps := 0
	for _, x := range p.Targets {
		steps += len(x.Steps)
	}
	fmt.Fprintf(c.Stderr, "grantinvoke: audit: %s: %d steps; %s takes them back; %d things are told in it that it doesn't do\n", t.plan, steps, undo, len(p.NotDone))
	return nil
}
