package audit

import (
	"slices"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/account"
)

// principals are those of the services whose resources package live reads for
// what they are wired to, by the service's name in an ARN.
var principals = map[string]string{
	"events": "events.amazonaws.com",
	"sns":    "sns.amazonaws.com",
	"s3":     "s3.amazonaws.com",
	"logs":   "logs.amazonaws.com",
}

// originCalls finds the calls of other services, from the resources that
// statements name as their sources.
func (j *judge) originCalls() {
	seen := map[string]bool{}
	for _, o := range j.account.Origins {
		at := sourceParts(o.ARN)
		if at == nil {
			continue
		}
		for _, target := range o.Targets {
			_, _, name, _, ok := account.Split(target)
			key := strings.TrimSuffix(o.ARN, ":*") + " " + target
			if !ok || j.functions[name] == nil || seen[key] {
				continue
			}
			seen[key] = true
			c := Call{Service: at[2], Origin: o.ARN, Function: target, Route: at[5], principal: principals[at[2]], needs: []need{{o.ARN, o.ARN}}}
			if at[2] == "logs" && !strings.HasSuffix(o.ARN, ":*") {
				c.needs = []need{{o.ARN + ":*", o.ARN}}
			}
			c.grant = c.needs[0].pattern
			j.calls = append(j.calls, c)
		}
	}
}

// uselessOrigin is useless for a source ARN of another service.
func (j *judge) uselessOrigin(arn, source string) (Class, string) {
	i := slices.IndexFunc(j.account.Origins, func(o account.Origin) bool { return o.ARN == source })
	if i < 0 {
		return Unjudged, "what its source is wired to has not been read"
	}
	switch o := j.account.Origins[i]; {
	case o.Unread != "":
		return Unjudged, "its source could not be read: " + o.Unread
	case o.Gone:
		return Stale, source + " is gone"
	case slices.Contains(o.Targets, arn):
		return Unjudged, "its source is wired to the function, but the statement doesn't match"
	}
	return Stale, source + " isn't wired to the function"
}
