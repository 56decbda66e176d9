package review

import (
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/policy"
	"github.com/grantinvoke/grantinvoke/macro/internal/statement"
)

// mostSlips is the largest number of slips that the service of a call has.
func mostSlips(calls []wantedCall) (n int) {
	for _, c := range calls {
		n = max(n, len(c.Service.Advice.Slips))
	}
	return n
}

// mendSlip is for slip n of the call's service, counted from 0.
func mendSlip(n int) mend {
	return func(w permission, c wantedCall) (permission, string, string) {
		if c.Source.ARN != nil || !w.hasSource || n >= len(c.Service.Advice.Slips) {
			return w, "", ""
		}
		slip := c.Service.Advice.Slips[n]
		tail, own := strings.CutPrefix(w.from, c.origin)
		if !own {
			return w, "", ""
		}
		mended := slip.Mend(tail, strings.TrimPrefix(c.source(), c.origin), &c.Source)
		if mended == "" || mended == tail {
			return w, "", ""
		}
		name := c.Source.Label
		if slip.Show != nil {
			name = qualifierName(slip.Show(tail))
		}
		w.from = c.origin + mended
		return w, strings.ReplaceAll(slip.What, "%s", name), "write " + readableSource(c)
	}
}

// mendNamespace is for an ARN of the call's origin in the namespace of another service.
func mendNamespace(w permission, c wantedCall) (permission, string, string) {
	p := w.source.Split(":")
	if len(p) < 3 || !statement.Is(p[0], "arn") || c.Source.ARN != nil {
		return w, "", ""
	}
	namespace, _ := p[2].Plain()
	what := c.Service.Advice.Mistaken[namespace]
	if what == "" || !strings.Contains(w.from, policy.Symbol(c.Origin.ID)) {
		return w, "", ""
	}
	w.from = c.source()
	return w, what, "write " + readableSource(c)
}
