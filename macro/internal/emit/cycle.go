package emit

import (
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/sam"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// checkCycle returns an error where the edits make resources wait for each other that
// didn't before. Only roles can do that: nothing that a permission waits for waits for
// the permission.
func (d *writer) checkCycle() error {
	out, err := d.Template.Apply(d.Edits)
	if err != nil {
		return err
	}
	if path := template.Index(out).Graph(sam.Apart).Cycle(); path != nil && d.Dependencies().Cycle() == nil {
		return finding.Errorf(path[0], "use Grant: permission for this API, or name the function by its FunctionName in the URI",
			"the role makes a circular dependency: %s", strings.Join(path, " -> "))
	}
	return nil
}
