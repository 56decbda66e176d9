package main

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/grantinvoke/grantinvoke/macro/internal/report"
)

// Texts as people meet them, and what explains them first.
func TestExplanations(t *testing.T) {
	for text, want := range map[string]string{
		"Execution failed due to configuration error: Invalid permissions on Lambda function":                                       "invalid-permissions",
		"Execution failed due to configuration error: Authorizer error":                                                             "authorizer-error",
		"The final policy size (20674) is bigger than the limit (20480). (Service: Lambda, Status Code: 400, Request ID: x)":        "policy-size-limit",
		"Transform 111122223333::GrantInvoke failed with: Get.Uri: wrong. Rollback requested by user.":                              "macro-failed",
		"Transform 111122223333::GrantInvoke failed without an error message.. Rollback requested by user.":                         "no-message",
		"Received malformed response from transform 111122223333::GrantInvoke. Rollback requested by user.":                         "malformed-response",
		"No transform named 111122223333::GrantInvoke found.":                                                                       "no-transform",
		"Failed to execute transform GrantInvoke":                                                                                   "execute-transform",
		"Transformation data limit exceeded":                                                                                        "data-limit",
		"Requires capabilities : [CAPABILITY_AUTO_EXPAND]":                                                                          "auto-expand",
		"Requires capabilities : [CAPABILITY_IAM]":                                                                                  "iam-capability",
		"Requires capabilities : [CAPABILITY_NAMED_IAM]":                                                                            "iam-capability",
		"Execution failed due to configuration error: API Gateway does not have permission to assume the provided role":             "assume-role",
		"We currently do not support adding policies for $LATEST. (Service: Lambda, Status Code: 400)":                              "latest-policy",
		"Transform is not supported in SERVICE_MANAGED permission model":                                                            "service-managed",
		"Template format error: unsupported structure.. Rollback requested by user.":                                                "unsupported-structure",
		"The value of parameter X under transform GrantInvoke must resolve to a string, number, boolean or a list of any of these.": "transform-parameters",
		"The statement id (prod-Permission-1ABC) provided already exists. Please provide a new statement id":                        "statement-exists",
		"Functions from 'us-west-2' are not reachable in this region ('us-east-1')":                                                 "function-elsewhere",
		"No updates are to be performed.":                                                                                           "no-updates",
		`{"message": "Internal server error"}`:                                                                                      "internal-server-error",
		"alarms":                                                                                                                    "alarms",
		"Failed to execute action arn:aws:lambda:us-east-1:111122223333:function:f. Received error: ...":                            "alarms",
		"PostConfirmation invocation failed due to error AccessDeniedException.":                                                    "cognito-trigger",
		"CreateReceiptRule: InvalidLambdaFunction: Could not invoke Lambda function: arn:aws:lambda:...":                            "ses-function",
		"no-stage": "no-stage",
		"api.yaml:3:4: Get: the URI has a stage variable and the template declares no stage [no-stage]": "no-stage",
		`- "opaque-uri: Get.Properties.Integration.Uri: the whole URI is an expression"`:                "opaque-uri",
	} {
		found := explanations(text, "GrantInvoke")
		if len(found) == 0 || found[0].name != want {
			t.Errorf("%s: %v, want %s", text, found, want)
		}
	}
	for _, text := range []string{"", "all is well", "the latest public loop is missing"} {
		if found := explanations(text, "GrantInvoke"); len(found) > 0 {
			t.Errorf("%q: %v", text, found[0].name)
		}
	}
}

// The table is complete, and no name means two things.
func TestTroubles(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range report.Reasons() {
		seen[r.Name] = true
	}
	silent := map[string]bool{}
	for _, x := range byService() {
		silent[x.name] = true
	}
	for _, f := range report.Services() {
		if f.Granted && f.Name != "apigateway" && !silent[f.Name] {
			t.Errorf("%s: nothing tells what comes of a missing permission", f.Name)
		}
	}
	for _, x := range troubles() {
		if seen[x.name] {
			t.Errorf("%s is the name of something else", x.name)
		}
		seen[x.name] = true
		if x.text == "" || x.means == "" || x.see == "" || len(x.do) == 0 || len(x.match) == 0 && !silent[x.name] && x.name != samFailed.name && x.name != otherTransform.name {
			t.Errorf("%s: something is left out", x.name)
		}
		for _, line := range x.do {
			if strings.HasSuffix(line, ".") || line != strings.TrimSpace(line) {
				t.Errorf("%s: %q ends with a full stop", x.name, line)
			}
		}
	}
}

func TestWrap(t *testing.T) {
	got := wrap(strings.Repeat("wörter ", 40), "  - ", "    ")
	for i, line := range strings.Split(strings.TrimSuffix(got, "\n"), "\n") {
		if utf8.RuneCountInString(line) > width || i > 0 && !strings.HasPrefix(line, "    w") {
			t.Errorf("%q", line)
		}
	}
	if n := strings.Count(got, "wörter"); n != 40 {
		t.Errorf("%d words", n)
	}
	if got := wrap(strings.Repeat("x", 200), "", ""); got != strings.Repeat("x", 200)+"\n" {
		t.Errorf("%q", got)
	}
}
