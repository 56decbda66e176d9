package budget_test

import (
	"math"
	"strings"
	"testing"

	"github.com/grantinvoke/grantinvoke/macro/internal/budget"
)

func catch(f func()) (err error) {
	defer budget.Catch(&err)
	f()
	return nil
}

func TestBudget(t *testing.T) {
	for name, tt := range map[string]struct {
		spend func(*budget.Budget)
		want  string // a part of the error
	}{
		"all of it":            {func(b *budget.Budget) { b.Spend(budget.MaxSteps); b.Keep(budget.MaxBytes) }, ""},
		"a step too many":      {func(b *budget.Budget) { b.Spend(budget.MaxSteps); b.Spend(1) }, "steps"},
		"a byte too many":      {func(b *budget.Budget) { b.Keep(budget.MaxBytes); b.Keep(1) }, "bytes"},
		"too many by overflow": {func(b *budget.Budget) { b.Spend(math.MinInt) }, "steps"},
		"again and again": {func(b *budget.Budget) {
			_ = catch(func() { b.Spend(budget.MaxSteps + 1) })
			b.Spend(1)
		}, "steps"},
	} {
		t.Run(name, func(t *testing.T) {
			err := catch(func() { tt.spend(budget.New()) })
			if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
				t.Errorf("%v, want %q", err, tt.want)
			}
		})
	}
	if err := catch(func() { (*budget.Budget)(nil).Spend(math.MaxInt) }); err != nil {
		t.Errorf("no budget ends: %v", err)
	}
}

// Another panic is passed on.
func TestCatchOther(t *testing.T) {
	defer func() {
		if recover() != "other" {
			t.Error("the panic is lost")
		}
	}()
	_ = catch(func() { panic("other") })
}
