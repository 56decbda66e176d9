package report

import (
	"fmt"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/grant"
	"github.com/grantinvoke/grantinvoke/macro/internal/service"
)

// A Summary counts over all templates.
type Summary struct {
	Templates int `json:"templates"`
	Calls     int `json:"calls"`
	Missing   int `json:"missing"`
	Outside   int `json:"outside"` // those of them whose function isn't in the templates
	Added     int `json:"added"`
	Unknown   int `json:"unknown"`
	Warnings  int `json:"warnings"`
	Notes     int `json:"notes"` // what nobody has to act on
	Ignored   int `json:"ignored"`
	Failed    int `json:"failed"`

	Services map[string]int `json:"services"` // the calls of each service that makes any
}

// summarize returns the summary of templates.
func summarize(all []Template) Summary {
	s := Summary{Templates: len(all), Services: map[string]int{}}
	for _, t := range all {
		if t.Err != nil {
			s.Failed++
		}
		s.Ignored += t.Ignored
		if t.Result == nil {
			continue
		}
		for _, d := range t.Result.Decisions {
			s.Calls++
			s.Services[d.Call.Service.Name]++
			switch {
			case t.missing(d):
				s.Missing++
				if t.outside(d) {
					s.Outside++
				}
			case d.Verdict == grant.Added || d.Verdict == grant.RoleAdded:
				s.Added++
			case d.Verdict == grant.Unknown || d.Verdict == grant.Elsewhere:
				s.Unknown++
			}
		}
		s.Unknown += len(t.Result.Hidden())
		for _, f := range t.Findings {
			switch {
			case f.Fails:
			case f.Severity.Matters():
				s.Warnings++
			default:
				s.Notes++
			}
		}
	}
	return s
}

// String is the summary as one line.
func (s Summary) String() string {
	line := count(s.Templates, "template") + ", " + s.calls()
	if s.Failed > 0 {
		line += fmt.Sprintf("; %s failed", count(s.Failed, "template"))
	}
	return line
}

func (s Summary) calls() string {
	parts := []string{fmt.Sprintf("%s missing", thousands(s.Missing-s.Outside))}
	for _, x := range []struct {
		n    int
		what string
	}{{s.Outside, "outside"}, {s.Added, "added by the macro"}, {s.Unknown, "unknown"}} {
		if x.n > 0 {
			parts = append(parts, fmt.Sprintf("%s %s", thousands(x.n), x.what))
		}
	}
	if s.Warnings > 0 {
		parts = append(parts, count(s.Warnings, "warning"))
	}
	if s.Ignored > 0 {
		parts = append(parts, count(s.Ignored, "finding")+" ignored")
	}
	return fmt.Sprintf("%s%s: %s", count(s.Calls, "call"), s.services(), strings.Join(parts, ", "))
}

// services returns how many calls there are of each service; "" where all are of the
// catalog's first, as in most templates.
func (s Summary) services() string {
	all := service.All().Services
	if s.Services[all[0].Name] == s.Calls {
		return ""
	}
	var parts []string
	for _, x := range all {
		if n := s.Services[x.Name]; n > 0 {
			parts = append(parts, x.Name+" "+thousands(n))
		}
	}
	return " (" + strings.Join(parts, ", ") + ")"
}
