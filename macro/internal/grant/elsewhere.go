package grant

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/function"
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/naming"
)

// elsewhere decides on a call of a function of another account or Region: its verdict
// has the command that allows it there.
func (d *judge) elsewhere(dec *Decision) {
	c := dec.Call
	dec.Verdict = Elsewhere
	reason := function.OtherPartition
	switch {
	case c.Target.Account != "":
		reason = function.OtherAccount
	case c.Target.Region != "":
		reason = function.OtherRegion
	}
	dec.Command = d.command(c)
	dec.Problem = &finding.Finding{Reason: reason, At: c.At(), Hint: reason.Hint + ": " + dec.Command}
}

// command is the AWS CLI's add-permission for the call, with a word in <> for each
// value that isn't known.
func (d *judge) command(c *invoke.Call) string {
	partition, region := d.Scope.Whereabouts(c.Target)
	if c.Source.ARN != nil {
		return d.fullCommand(c, region)
	}
	partition = cmp.Or(partition, d.Env.Partition, "aws")
	origin := "<id of " + c.Origin.ID + ">"
	if c.Origin.ID == "" {
		origin = d.Scope.Shown(c.Origin.Name)
	}
	tail := c.Source.Tail(c.Source.Stage)
	if c.Source.Form != nil && len(c.Source.Form.Guess) > 0 {
		tail = c.Source.Form.Guess
	}
	source := fmt.Sprintf("arn:%s:%s:%s:%s:%s/%s", partition, c.Service.Origins.Namespace(), region, cmp.Or(d.Env.Account, "<account>"), origin, d.Scope.Shown(tail))
	return fmt.Sprintf("aws lambda add-permission --region %s --function-name %s --statement-id %s --action lambda:InvokeFunction "+
		"--principal %s --source-arn '%s'", shellWord(region), shellWord(d.Scope.Shown(c.Target.ARN)),
		"GrantInvoke-"+naming.Hash(c.Origin.Mark(), c.Target.ID(), tail.String()), c.Principal, strings.ReplaceAll(source, "'", ""))
}

// fullCommand is the command for a call whose source is a whole ARN.
func (d *judge) fullCommand(c *invoke.Call, region string) string {
	a := c.Source.ARN
	if c.Slot.Exists() { // a service that takes roles calls functions of other accounts only with a role
		return fmt.Sprintf("aws lambda add-permission --region %s --function-name %s --statement-id %s --action lambda:InvokeFunction --principal '<ARN of the role in %s>'",
			shellWord(region), shellWord(d.Scope.Shown(c.Target.ARN)), "GrantInvoke-"+naming.Hash(c.Principal, c.Target.ID(), a.Presents().Key()), finding.Place(c.Slot.Pointer()))
	}
	command := fmt.Sprintf("aws lambda add-permission --region %s --function-name %s --statement-id %s --action lambda:InvokeFunction --principal %s",
		shellWord(region), shellWord(d.Scope.Shown(c.Target.ARN)), "GrantInvoke-"+naming.Hash(c.Principal, c.Target.ID(), a.Presents().Key()), c.Principal)
	if len(a.Exact) > 0 {
		command += " --source-arn '" + strings.ReplaceAll(d.Scope.Shown(a.Exact), "'", "") + "'"
	}
	if a.Account == invoke.AccountAlways {
		command += " --source-account " + cmp.Or(d.Env.Account, "<account>")
	}
	return command
}

// shellWord quotes a text for the shell where it needs that.
func shellWord(s string) string {
	if strings.ContainsAny(s, " '\"$`\\;&|<>(){}*?!~#\n") {
		return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
	}
	return s
}
