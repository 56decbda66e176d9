package template

import "github.com/grantinvoke/grantinvoke/macro/internal/budget"

// Limit sets the budget that work on the template spends of, and returns the
// template. Without it there is no limit.
func (t *Template) Limit(b *budget.Budget) *Template {
	t.budget = b
	return t
}

// Budget returns the budget that work on the template spends of, for templates that
// are made of a part of it.
func (t *Template) Budget() *budget.Budget { return t.budget }
