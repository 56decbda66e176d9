package main

import "github.com/grantinvoke/grantinvoke/macro/internal/report"

// byService tells what happens without a permission, as each service has it: an error
// while the stack is made, or nothing visible. Where AWS has no error text, only the
// service's name finds the entry.
func byService() (all []trouble) {
	for _, s := range report.Services() {
		if x := s.Without; x.Text != "" {
			all = append(all, trouble{name: s.Name, text: x.Text, match: x.Match, means: x.Means, see: x.See, do: x.Do})
		}
	}
	return all
}
