package report

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/url"
	"path/filepath"
	"slices"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
)

// home is where this project's documentation is.
const home = "https://github.com/grantinvoke/grantinvoke"

// The parts of SARIF that are used
// (https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html).
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool struct {
			Driver sarifDriver `json:"driver"`
		} `json:"tool"`
		ColumnKind  string            `json:"columnKind"`
		Invocations []sarifInvocation `json:"invocations"`
		Results     []sarifResult     `json:"results"`
	}
	sarifDriver struct {
		Name           string      `json:"name"`
		Version        string      `json:"version,omitempty"`
		InformationURI string      `json:"informationUri"`
		Rules          []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID               string      `json:"id"`
		ShortDescription sarifText   `json:"shortDescription"`
		Help             sarifText   `json:"help"`
		HelpURI          string      `json:"helpUri"`
		Configuration    sarifConfig `json:"defaultConfiguration"`
	}
	sarifConfig struct {
		Level string `json:"level"`
	}
	sarifText struct {
		Text string `json:"text"`
	}
	sarifInvocation struct {
		Successful    bool                `json:"executionSuccessful"`
		Notifications []sarifNotification `json:"toolExecutionNotifications,omitempty"`
	}
	sarifNotification struct {
		Level     string          `json:"level"`
		Message   sarifText       `json:"message"`
		Locations []sarifLocation `json:"locations"`
	}
	sarifResult struct {
		RuleID       string            `json:"ruleId"`
		RuleIndex    int               `json:"ruleIndex"`
		Level        string            `json:"level"`
		Message      sarifText         `json:"message"`
		Locations    []sarifLocation   `json:"locations"`
		Fingerprints map[string]string `json:"partialFingerprints"`
	}
	sarifLocation struct {
		Physical sarifPhysical  `json:"physicalLocation"`
		Logical  []sarifLogical `json:"logicalLocations,omitempty"`
	}
	sarifPhysical struct {
		Artifact struct {
			URI string `json:"uri"`
		} `json:"artifactLocation"`
		Region *sarifRegion `json:"region,omitempty"`
	}
	sarifRegion struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn"`
	}
	sarifLogical struct {
		Name string `json:"fullyQualifiedName"`
	}
)

// SARIF writes the reports for code scanning: a rule for every reason, a result for every
// finding.
func SARIF(w io.Writer, all []Template, o Options) error {
	log := sarifLog{Schema: "https://json.schemastore.org/sarif-2.1.0.json", Version: "2.1.0", Runs: make([]sarifRun, 1)}
	run := &log.Runs[0]
	run.ColumnKind = "unicodeCodePoints"
	run.Invocations = []sarifInvocation{{Successful: true}}
	run.Results = []sarifResult{}
	reasons := Reasons()
	run.Tool.Driver = sarifDriver{Name: "grantinvoke", Version: o.Version, InformationURI: home}
	for _, r := range reasons {
		run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, sarifRule{ID: r.Name, ShortDescription: sarifText{r.Sentence},
			Help: sarifText{r.Hint}, HelpURI: home + "#what-it-says", Configuration: sarifConfig{level(r.Severity)}})
	}
	for _, t := range all {
		if t.unread() { // a macro that fails is a result
			run.Invocations[0].Successful = false
			run.Invocations[0].Notifications = append(run.Invocations[0].Notifications,
				sarifNotification{"error", sarifText{t.Err.Error()}, []sarifLocation{{Physical: physical(Place{File: t.File})}}})
		}
		for _, f := range t.Findings {
			index := slices.IndexFunc(reasons, func(r finding.Reason) bool { return r.Name == f.Name })
			run.Results = append(run.Results, t.result(f, index))
		}
	}
	return encode(w, log)
}

func (t Template) result(f Finding, index int) sarifResult {
	sum := sha256.Sum256([]byte(strings.Join([]string{f.Name, string(f.At), f.Detail}, "\n")))
	return sarifResult{RuleID: f.Name, RuleIndex: index, Level: level(f.Severity), Message: sarifText{f.String()},
		Locations:    []sarifLocation{{physical(f.Place), []sarifLogical{{finding.Place(f.At)}}}},
		Fingerprints: map[string]string{"grantinvoke/v1": hex.EncodeToString(sum[:8])}}
}

func physical(at Place) sarifPhysical {
	var p sarifPhysical
	p.Artifact.URI = fileURI(at.File)
	if at.Line > 0 {
		p.Region = &sarifRegion{at.Line, at.Column}
	}
	return p
}

// fileURI is a file's name as a URI, relative where the name is.
func fileURI(name string) string {
	if name == "-" {
		return "stdin"
	}
	u := url.URL{Path: filepath.ToSlash(filepath.Clean(name))}
	if filepath.IsAbs(name) {
		u.Scheme = "file"
		if !strings.HasPrefix(u.Path, "/") {
			u.Path = "/" + u.Path
		}
	}
	return u.String()
}

// level is SARIF's word for a severity.
func level(s finding.Severity) string {
	switch s {
	case finding.Fault:
		return "error"
	case finding.Warning:
		return "warning"
	}
	return "note"
}
