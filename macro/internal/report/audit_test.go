package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html"
	"strings"
	"testing"

	"github.com/grantinvoke/grantinvoke/macro/internal/account"
	"github.com/grantinvoke/grantinvoke/macro/internal/audit"
)

// deployed is a report on an account with hostile names.
func deployed(t *testing.T) *audit.Report {
	t.Helper()
	const evil = `</script><script>alert(1)</script>`
	uri := "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:111122223333:function:fn/invocations"
	routes := []account.Route{{Key: "GET /" + evil, URI: uri}, {Key: "GET /pets", URI: uri}}
	st := func(sid, tail string) string {
		return fmt.Sprintf(`{"Sid":%q,"Effect":"Allow","Principal":{"Service":"apigateway.amazonaws.com"},"Action":"lambda:InvokeFunction","Resource":"arn:aws:lambda:eu-west-1:111122223333:function:fn","Condition":{"ArnLike":{"AWS:SourceArn":"arn:aws:execute-api:eu-west-1:111122223333:%s"}}}`, sid, tail)
	}
	return audit.Judge(account.Account{Format: 1, ID: "111122223333", Region: "eu-west-1", Partition: "aws", Taken: "2026-11-27T10:00:00Z", AllAPIs: true, AllFunctions: true,
		APIs: []account.API{{ID: "api1", Name: evil + "\nsecond line", Protocol: account.REST, Asked: true, Routes: routes, Stages: []account.Stage{{Name: "prod", Routes: routes}}}},
		Functions: []account.Function{{Name: "fn", ARN: "arn:aws:lambda:eu-west-1:111122223333:function:fn", Policies: []account.Policy{{Revision: "1",
			Document: `{"Version":"2012-10-17","Id":"default","Statement":[` + st("a", "api1/*/GET/pets") + "," + st("b", "api1/*/GET/pets") + "," + st("c", "gone/*") + `]}`}}}},
		Unread: []account.Unread{{What: "iam:GetRole", Why: "no rights"}}}, nil)
}

// With any names, text keeps its lines, the page runs no script but its own, and every
// format says the same.
func TestAuditFormats(t *testing.T) {
	r := deployed(t)
	write := func(f func() error) {
		t.Helper()
		if err := f(); err != nil {
			t.Fatal(err)
		}
	}
	var text, page, sarif, doc bytes.Buffer
	write(func() error { return AuditText(&text, r, Options{Table: true}) })
	write(func() error { return AuditHTML(&page, r, Options{}) })
	write(func() error { return AuditSARIF(&sarif, r, Options{Version: "1"}) })
	write(func() error { return AuditJSON(&doc, r, Options{}) })
	for _, want := range []string{"\n  GET /pets                fn  allowed by a, b\n", "missing: no statement matches", "\n  repeated b  owner unknown, for 1 call: says nothing that a doesn't say\n",
		"\n  stale    c  owner unknown: the API gone is gone\n", "\nnot read: iam:GetRole: no rights; what depends on it is unknown\n"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("the text lacks %q:\n%s", want, text.String())
		}
	}
	if strings.Contains(text.String(), "\nsecond line") {
		t.Error("a name has broken out of its line")
	}
	if n := strings.Count(page.String(), "<script>"); n != 1 || strings.Contains(page.String(), "alert(1)</script>") {
		t.Errorf("%d scripts in the page", n)
	}
	for _, hash := range []string{hashOf(auditScript), hashOf(pageStyle + auditStyle)} {
		if !strings.Contains(html.UnescapeString(page.String()), hash) {
			t.Errorf("the page's policy doesn't allow %s", hash)
		}
	}
	var log struct {
		Runs []struct {
			Tool struct {
				Driver struct{ Rules []struct{ ID string } }
			}
			Results []struct {
				RuleID    string
				RuleIndex int
				Level     string
			}
		}
	}
	if err := json.Unmarshal(sarif.Bytes(), &log); err != nil || len(log.Runs[0].Results) != 3 {
		t.Fatalf("%v: %s", err, sarif.String())
	}
	for _, x := range log.Runs[0].Results {
		if log.Runs[0].Tool.Driver.Rules[x.RuleIndex].ID != x.RuleID {
			t.Errorf("%s has the rule of another", x.RuleID)
		}
	}
	var d auditDocument
	if err := json.Unmarshal(doc.Bytes(), &d); err != nil || d.Summary.Failing != 1 || d.Summary.Needless != 2 || len(d.Policies) != 1 || d.Policies[0].Statements[1].Same != "a" {
		t.Errorf("%v: %s", err, doc.String())
	}
}

// The report says that an account is empty.
func TestAuditOfNothing(t *testing.T) {
	r := audit.Judge(account.Account{Format: 1, ID: "111122223333", Region: "eu-west-1"}, nil)
	var b bytes.Buffer
	if err := AuditText(&b, r, Options{Table: true}); err != nil || !strings.HasSuffix(b.String(), "\n0 calls: 0 failing; 0 policies with 0 statements, 0 of them needless (0 of 0 bytes)\n") {
		t.Errorf("%v: %s", err, b.String())
	}
	b.Reset()
	if err := AuditHTML(&b, r, Options{}); err != nil || !strings.Contains(b.String(), "There are no calls.") {
		t.Errorf("%v: %s", err, b.String())
	}
}
