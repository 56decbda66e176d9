package finding

import (
	"errors"
	"fmt"
	"io"
	"testing"
)

var noStage = Reason{Name: "no-stage", Severity: Warning, Sentence: "there is no stage", Hint: "declare one"}

func TestString(t *testing.T) {
	for _, tt := range []struct {
		finding Finding
		want    string
	}{
		{Finding{Reason: noStage}, "template: there is no stage; hint: declare one"},
		{Finding{Reason: noStage, At: "/Resources/Api/Properties/Body/paths/~1pets", Detail: "stage variable fn"},
			"Api.Properties.Body.paths./pets: there is no stage (stage variable fn); hint: declare one"},
		{Finding{Reason: noStage, At: "/Resources", Hint: "do this; hint: or that"}, "Resources: there is no stage; hint: do this; hint: or that"},
		{Finding{Reason: Reason{Sentence: "nothing to do"}, At: "/Outputs/A"}, "Outputs.A: nothing to do"},
	} {
		if got := tt.finding.String(); got != tt.want {
			t.Errorf("%q, want %q", got, tt.want)
		}
	}
}

// A hint that contains the words between message and hint isn't split.
func TestParts(t *testing.T) {
	a := Finding{Reason: noStage, At: "/Resources/A", Detail: "x; hint: y", Hint: "a; hint: b"}
	option := Within("Metadata.GrantInvoke.Scope", Errorf("", "valid values are route, api", "%q is no valid value", "x; hint: y"))
	for _, tt := range []struct {
		err               error
		at, message, hint string
	}{
		{Errorf("", "try again", "it failed"), "", "it failed", "try again"},
		{option, "Metadata.GrantInvoke.Scope", `Metadata.GrantInvoke.Scope: "x; hint: y" is no valid value`, "valid values are route, api"},
		{Within("OPTIONS", option), "OPTIONS: Metadata.GrantInvoke.Scope", `OPTIONS: Metadata.GrantInvoke.Scope: "x; hint: y" is no valid value`, "valid values are route, api"},
		{Within("event", io.EOF), "event", "event: EOF", ""},
		{Errors{a}, "A", "A: there is no stage (x; hint: y)", "a; hint: b"},
		{Errors{a, {Reason: noStage}}, "A", a.String() + "; template: there is no stage; hint: declare one", ""},
		{io.EOF, "", "EOF", ""},
	} {
		at, message, hint := Parts(tt.err)
		if at != tt.at || message != tt.message || hint != tt.hint {
			t.Errorf("%v: %q, %q, %q; want %q, %q, %q", tt.err, at, message, hint, tt.at, tt.message, tt.hint)
		}
		if want := Line(message, hint); tt.err.Error() != want {
			t.Errorf("%q, want %q", tt.err, want)
		}
		if at, message, hint := Parts(fmt.Errorf("file: %w", tt.err)); at != "" || message != "file: "+tt.err.Error() || hint != "" {
			t.Errorf("%v: %q, %q, %q where a text holds it", tt.err, at, message, hint)
		}
	}
	if !errors.Is(Within("event", io.EOF), io.EOF) {
		t.Error("the cause is lost")
	}
}

// Of many findings an error shows five, and counts the others.
func TestErrorsAreCut(t *testing.T) {
	f := Finding{Reason: Reason{Sentence: "is wrong"}}
	five := "template: is wrong; template: is wrong; template: is wrong; template: is wrong; template: is wrong"
	for n, want := range map[int]string{5: five, 6: five + "; and 1 more", 9: five + "; and 4 more"} {
		all := make(Errors, n)
		for i := range all {
			all[i] = f
		}
		if got := all.Error(); got != want {
			t.Errorf("%d findings: %q, want %q", n, got, want)
		}
	}
}
