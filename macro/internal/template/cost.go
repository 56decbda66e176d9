package template

import "github.com/grantinvoke/grantinvoke/macro/internal/budget"

// Limit says of which budget the work on the template is paid; of none where
// nobody says so.
func (t *Template) Limit(b *budget.Budget) *Template {
	t.budget = b
	return t
}

// Budget returns what the work on the template is paid of: what a document that
// was made of a part of it is paid of as well.
func (t *Template) Budget() *budget.Budget { return t.budget }
