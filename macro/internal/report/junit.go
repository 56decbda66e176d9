package report

import (
	"encoding/xml"
	"io"
	"strings"
)

// The parts of JUnit's XML that test reporters agree on
// (https://github.com/testmoapp/junitxml).
type (
	junitSuites struct {
		XMLName  xml.Name     `xml:"testsuites"`
		Name     string       `xml:"name,attr"`
		Tests    int          `xml:"tests,attr"`
		Failures int          `xml:"failures,attr"`
		Errors   int          `xml:"errors,attr"`
		Suites   []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name     string      `xml:"name,attr"`
		Tests    int         `xml:"tests,attr"`
		Failures int         `xml:"failures,attr"`
		Errors   int         `xml:"errors,attr"`
		Cases    []junitCase `xml:"testcase"`
	}
	junitCase struct {
		Name    string        `xml:"name,attr"`
		Class   string        `xml:"classname,attr"`
		File    string        `xml:"file,attr"`
		Line    int           `xml:"line,attr,omitempty"`
		Failure *junitFailure `xml:"failure"`
		Error   *junitFailure `xml:"error"`
		Out     string        `xml:"system-out,omitempty"`
	}
	junitFailure struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr"`
		Text    string `xml:",chardata"`
	}
)

// JUnit writes the reports for test reporters: a suite for each template, a test for each
// call, which fails where nothing allows it or that can't be known, and one for the other
// findings.
func JUnit(w io.Writer, all []Template, _ Options) error {
	out := junitSuites{Name: "grantinvoke check"}
	for _, t := range all {
		s := t.suite()
		out.Suites = append(out.Suites, s)
		out.Tests, out.Failures, out.Errors = out.Tests+s.Tests, out.Failures+s.Failures, out.Errors+s.Errors
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(out); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func (t Template) suite() junitSuite {
	s := junitSuite{Name: oneLine(t.File)}
	if t.Result != nil {
		for _, d := range t.Result.Decisions {
			at := t.place(d.Call.At())
			s.Cases = append(s.Cases, junitCase{Class: oneLine(originName(d.Call.Origin)), File: oneLine(at.File), Line: at.Line,
				Name: oneLine(callName(d.Call) + " calls " + functionName(d.Call.Target))})
		}
	}
	for _, f := range t.Findings {
		own := f.calls
		if len(own) == 0 {
			s.Cases = append(s.Cases, junitCase{Name: f.Name + " at " + f.Finding.Place(), Class: "template", File: oneLine(f.File), Line: f.Line})
			own = []int{len(s.Cases) - 1}
		}
		for _, i := range own {
			s.Cases[i].add(f)
		}
	}
	if t.unread() {
		s.Cases = append(s.Cases, junitCase{Name: "template", Class: "template", File: oneLine(t.File),
			Error: &junitFailure{Message: oneLine(t.Err.Error()), Type: "unreadable"}})
	}
	for _, c := range s.Cases {
		s.Tests++
		if c.Failure != nil {
			s.Failures++
		}
		if c.Error != nil {
			s.Errors++
		}
	}
	return s
}

// add adds a finding to the test: as its failure, or to its output.
func (c *junitCase) add(f Finding) {
	text := f.Place.String() + ": " + withAdvice(f)
	if !f.Fails {
		c.Out = strings.TrimPrefix(c.Out+"\n"+f.Severity.String()+": "+text, "\n")
		return
	}
	if c.Failure != nil {
		c.Failure.Text += "\n" + text
		return
	}
	c.Failure = &junitFailure{Message: f.Message(), Type: f.Name, Text: text}
}
