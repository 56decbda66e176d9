package main

import (
	"fmt"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
)

// assumed returns the reasons why the macro may add something else to this template
// at another deployment: what it adds then can't be written into the text for good.
func (s *subject) assumed() []error {
	var out []error
	for _, a := range s.expanded.Assumed {
		loop := strings.HasPrefix(string(a.At), "/Resources/Fn::ForEach::") || strings.HasPrefix(string(a.At), "/Conditions/")
		if !loop && !s.hides(a.Place) {
			continue // nothing there has to do with calls
		}
		at := s.written(a.Place)
		out = append(out, finding.Errorf(fmt.Sprintf("%s:%d:%d: %s", at.File, at.Line, at.Column, finding.Place(a.At)),
			"leave the macro in the template", "%s", a.What))
	}
	return out
}
