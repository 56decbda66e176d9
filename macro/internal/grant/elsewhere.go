package grant

import (
	"fmt"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/caller"
)

// elsewhere tells which command allows the call in the function's own account.
func (d *decider) elsewhere(dec *Decision) {
	c := dec.Call
	dec.Verdict = Elsewhere
	reason := caller.OtherAccount
	if c.Target.Account == "" {
		reason = caller.OtherRegion
	}
	dec.Command = d.command(c)
	dec.Problem = &caller.Problem{Reason: reason, At: c.At(), Hint: reason.Hint + ": " + dec.Command}
}

func (d *decider) command(c *caller.Call) string {
	region, account := c.Target.Region, d.env.Account
	if region == "" {
		region = orElse(d.env.Region, "<region>")
	}
	partition := orElse(d.env.Partition, "aws")
	if parts := c.Target.ARN.Split(":"); len(parts) > 1 {
		if p, ok := parts[1].Plain(); ok && p != "" {
			partition = p
		}
	}
	api := "<id of " + c.API.ID + ">"
	if id, ok := c.API.Name.Plain(); ok && id != "" {
		api = id
	}
	if c.Source.Form == caller.Full {
		return d.fullCommand(c, region)
	}
	tail := c.Source.Tail(c.Source.Stage).String()
	if c.Source.Form == caller.Authorizer {
		tail = "authorizers/*"
	}
	return fmt.Sprintf("aws lambda add-permission --region %s --function-name %s --statement-id %s --action lambda:InvokeFunction "+
		"--principal %s --source-arn 'arn:%s:execute-api:%s:%s:%s/%s'", region, shellWord(c.Target.ARN.String()),
		"GrantInvoke-"+hash(c.API.Key, c.Target.ID(), tail), c.Principal, partition, region, orElse(account, "<account>"), api,
		strings.ReplaceAll(tail, "'", ""))
}

// fullCommand is the command for a call of another service than API Gateway.
func (d *decider) fullCommand(c *caller.Call, region string) string {
	a := c.Source.ARN
	command := fmt.Sprintf("aws lambda add-permission --region %s --function-name %s --statement-id %s --action lambda:InvokeFunction --principal %s",
		region, shellWord(c.Target.ARN.String()), "GrantInvoke-"+hash(c.Principal, c.Target.ID(), a.Presents().Key()), c.Principal)
	if len(a.Exact) > 0 {
		command += " --source-arn '" + strings.ReplaceAll(a.Exact.String(), "'", "") + "'"
	}
	if a.Account == caller.AccountAlways {
		command += " --source-account " + orElse(d.env.Account, "<account>")
	}
	return command
}

func shellWord(s string) string {
	if strings.ContainsAny(s, " '\"$`\\;&|<>(){}*?!~#\n") {
		return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
	}
	return s
}

func orElse(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}
