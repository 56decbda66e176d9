package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/report"
)

// certain returns an error where the tool may not see what the macro will see, or
// where a call can't be known: what the tool writes for good could then differ from
// what the macro does.
func (s *settings) certain(x *subject) error {
	var all []string
	for _, r := range x.readings() {
		if r.Name != report.Twice.Name {
			all = append(all, finding.Errorf(fmt.Sprintf("%s:%d:%d: %s", r.Place.File, r.Place.Line, r.Place.Column, finding.Place(r.At)), r.Hint,
				"%s, so that calls may be left without the macro", r.Detail).Error())
		}
	}
	for _, err := range x.assumed() {
		all = append(all, err.Error())
	}
	for _, f := range x.report.Unsure() {
		if f.Name == report.Unseen.Name || f.Name == report.Refused.Name {
			continue // said already
		}
		all = append(all, f.Place.String()+": "+f.String())
	}
	if len(all) == 0 {
		if err := s.sameElsewhere(x); err != nil {
			all = append(all, err.Error())
		}
	}
	if len(all) == 0 {
		return nil
	}
	slices.Sort(all)
	return errors.New(strings.Join(slices.Compact(all), "\ngrantinvoke: "))
}

// A stackPlace is where a stack may be, and the flag that would tell.
type stackPlace struct{ flag, account, region string }

// bothUnknown returns each account together with each Region, where neither is given:
// what a template has for the one may depend on the other.
func bothUnknown(places []stackPlace) (out []stackPlace) {
	for _, a := range places {
		for _, r := range places {
			if a.region == "" && r.account == "" && a.account != "" && r.region != "" {
				out = append(out, stackPlace{"-account", a.account, r.region})
			}
		}
	}
	return out
}

// sameElsewhere returns an error where the result depends on the stack's account or
// Region and these aren't given. It tries those that the template names, and one that
// it doesn't.
func (s *settings) sameElsewhere(x *subject) error {
	var places []stackPlace
	if s.account == "" {
		for _, account := range named(x.data, accountWord, "000000000000") {
			places = append(places, stackPlace{"-account", account, s.region})
		}
	}
	if s.region == "" {
		for _, region := range named(x.data, regionWord, "us-west-1", "eu-central-2", "ap-south-2") {
			places = append(places, stackPlace{"-region", s.account, region})
		}
	}
	for _, p := range append(places, bothUnknown(places)...) {
		there := *s
		there.account, there.region = p.account, p.region
		y := &subject{input: x.input, file: x.file, data: x.data}
		there.decide(context.Background(), y, x.file.JSON(), true)
		if y.err == nil && bytes.Equal(x.after, y.after) {
			continue
		}
		at := report.Place{File: x.name, Line: 1, Column: 1}
		what := "what the macro adds"
		if place, call, differs := x.report.Differs(y.report); differs {
			at, what = place, call
		}
		return finding.Errorf(at.String(), "say where the stack is, with -account and -region",
			"%s depends on where the stack is, and %s isn't given", what, p.flag)
	}
	return nil
}

var (
	accountWord = regexp.MustCompile(`\b[0-9]{12}\b`)
	regionWord  = regexp.MustCompile(`\b[a-z]{2}(?:-[a-z]+)+-[0-9]\b`)
)

// maxPlaces is how many accounts or Regions that a template names are tried.
const maxPlaces = 4

// named returns words of a template that match, and one of the others that it doesn't
// have.
func named(data []byte, word *regexp.Regexp, others ...string) []string {
	var out []string
	for _, m := range word.FindAll(data, -1) {
		if w := string(m); len(out) < maxPlaces && !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	for _, w := range others {
		if !bytes.Contains(data, []byte(w)) {
			return append(out, w)
		}
	}
	return out
}
