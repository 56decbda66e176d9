package audit

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"github.com/grantinvoke/grantinvoke/macro/internal/account"
	"github.com/grantinvoke/grantinvoke/macro/internal/live"
	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/cloud"
)

// read reads a world as the tool does, without waiting for quotas.
func read(t testing.TB, s *cloud.Server, ask live.Ask) account.Account {
	t.Helper()
	r, err := live.Dial(context.Background(), live.Options{HTTP: s, Share: 1e6, Configure: func() aws.Config {
		return aws.Config{Region: s.World.Region, BaseEndpoint: aws.String("http://cloud.test"), Credentials: credentials.NewStaticCredentialsProvider("AKID", "secret", "")}
	}})
	if err != nil {
		t.Fatal(err)
	}
	a, err := r.Read(context.Background(), ask)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// after returns the account with the policy of arn as the steps leave it.
func after(a account.Account, steps []Step, arn string) account.Account {
	a.Functions = slices.Clone(a.Functions)
	for i := range a.Functions {
		f := &a.Functions[i]
		f.Policies = slices.Clone(f.Policies)
		_, _, name, qualifier, _ := account.Split(arn)
		if f.Name != name {
			continue
		}
		at := slices.IndexFunc(f.Policies, func(p account.Policy) bool { return p.Qualifier == qualifier })
		if at < 0 {
			f.Policies, at = append(f.Policies, account.Policy{Qualifier: qualifier, Document: `{"Version":"2012-10-17","Id":"default","Statement":[]}`}), len(f.Policies)
		}
		var doc struct {
			Version, Id string
			Statement   []json.RawMessage
		}
		if err := json.Unmarshal([]byte(f.Policies[at].Document), &doc); err != nil {
			panic(err)
		}
		for _, s := range steps {
			if s.Add {
				doc.Statement = append(doc.Statement, json.RawMessage(s.raw))
				continue
			}
			doc.Statement = slices.DeleteFunc(doc.Statement, func(raw json.RawMessage) bool {
				return strings.Contains(string(raw), fmt.Sprintf(`"Sid":%q`, s.Sid))
			})
		}
		text, _ := json.Marshal(doc)
		f.Policies[at].Document = string(text)
	}
	return a
}

func key(c Call) string { return c.Origin + "\n" + c.Stage + "\n" + c.Route + "\n" + c.Function }

// Each prefix of a plan leaves every allowed call allowed, and a whole plan
// leaves no call missing that it can mend: 1,000 plans.
func TestPlanPrefixes(t *testing.T) {
	n := 1000
	if testing.Short() {
		n = 100
	}
	steps, removed, mended := 0, 0, 0
	for seed := range n {
		a := read(t, &cloud.Server{World: cloud.Generate(uint64(seed))}, live.Ask{All: true})
		first := Judge(a, nil)
		plan := first.Plan()
		now := a
		for _, target := range plan.Targets {
			for i, s := range target.Steps {
				steps++
				if !s.Add {
					removed++
				}
				prefix := after(now, target.Steps[:i+1], target.ARN)
				verdicts := map[string]Verdict{}
				for _, c := range Judge(prefix, nil).Calls {
					verdicts[key(c)] = c.Verdict
				}
				for _, c := range first.Calls {
					if c.Verdict == Allowed && verdicts[key(c)] != Allowed {
						t.Fatalf("seed %d: after step %d of %s (%+v), %s is %s", seed, i+1, target.ARN, s, c.label(), verdicts[key(c)])
					}
				}
			}
			now = after(now, target.Steps, target.ARN)
		}
		last := Judge(now, nil)
		for _, c := range last.Calls {
			if c.Verdict == Missing && first.exists[c.Function] {
				t.Errorf("seed %d: %s is missing after the plan", seed, c.label())
			}
		}
		for _, c := range first.Calls {
			if c.Verdict == Missing && first.exists[c.Function] {
				mended++
			}
		}
		for _, f := range last.Functions {
			for _, s := range f.Statements {
				if s.Needless() && s.Owner.Kind == Hand && !slices.ContainsFunc(plan.NotDone, func(x string) bool { return strings.Contains(x, s.Name) }) {
					t.Errorf("seed %d: %s of %s is %s after the plan, and not told", seed, s.Name, f.ARN, s.Class)
				}
			}
		}
		if again := last.Plan(); len(again.Targets) > 0 {
			t.Errorf("seed %d: a second plan has steps: %+v", seed, again.Targets)
		}
	}
	t.Logf("%d plans: %d steps, %d of them removals; %d missing calls mended", n, steps, removed, mended)
	if removed < n/4 || mended < n/4 {
		t.Errorf("the accounts ask for too little: %d removals, %d calls mended", removed, mended)
	}
}
