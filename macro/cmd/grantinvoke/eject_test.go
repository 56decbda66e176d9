package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/grantinvoke/grantinvoke/macro/internal/source"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
	"github.com/grantinvoke/grantinvoke/macro/internal/transform"
)

// ejectable is a template with a call under a condition and an authorizer; TRANSFORM and AMONG name the macro.
const ejectable = `AWSTemplateFormatVersion: '2010-09-09'
TRANSFORMConditions:
  Prod: !Equals [!Ref Stage, prod]
Parameters:
  Stage: {Type: String, Default: prod}
Resources:
AMONG  Fn: {Type: AWS::Lambda::Function, Condition: Prod}
  Guard: {Type: AWS::Lambda::Function}
  Api: {Type: AWS::ApiGatewayV2::Api, Properties: {ProtocolType: HTTP, Name: n}}
  Integration:
    Type: AWS::ApiGatewayV2::Integration
    Condition: Prod
    Properties: {ApiId: !Ref Api, IntegrationType: AWS_PROXY, PayloadFormatVersion: '2.0', IntegrationUri: !GetAtt Fn.Arn}
  Route:
    Type: AWS::ApiGatewayV2::Route
    Condition: Prod
    Properties: {ApiId: !Ref Api, RouteKey: 'GET /x', Target: !Sub 'integrations/${Integration}'}
  Authorizer:
    Type: AWS::ApiGatewayV2::Authorizer
    Properties:
      ApiId: !Ref Api
      Name: guard
      AuthorizerType: REQUEST
      AuthorizerUri: !Sub arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Guard.Arn}/invocations
`

// long returns a template's long-form JSON without its Transform section, as
// CloudFormation hands it to the macro.
func long(t *testing.T, name string, text []byte) []byte {
	t.Helper()
	f, err := source.Read(name, text)
	if err != nil {
		t.Fatal(err)
	}
	var doc map[string]json.RawMessage
	if err := json.Unmarshal(f.JSON(), &doc); err != nil {
		t.Fatal(err)
	}
	delete(doc, "Transform")
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false) // &{X} of a loop stays as it is
	if err := e.Encode(doc); err != nil {
		t.Fatal(err)
	}
	return bytes.TrimSpace(out.Bytes())
}

// macro is what the macro makes of a template.
func macro(t *testing.T, fragment []byte, params string) []byte {
	t.Helper()
	out, _, err := transform.Handler{}.Transform(t.Context(), transform.Event{Fragment: fragment,
		Params: template.Index(params).Root(), Parameters: map[string]string{"Stage": "prod"}})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func decoded(t *testing.T, text []byte) any {
	t.Helper()
	var v any
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatal(err)
	}
	if root, ok := v.(map[string]any); ok {
		if resources, ok := root["Resources"].(map[string]any); ok {
			delete(resources, "Fn::Transform") // CloudFormation takes it out
		}
		withoutReport(root)
	}
	return v
}

// withoutReport takes the macro's report out, which is no part of a source.
func withoutReport(root map[string]any) {
	metadata, _ := root["Metadata"].(map[string]any)
	if own, ok := metadata["GrantInvoke"].(map[string]any); ok {
		if delete(own, "Report"); len(own) == 0 {
			delete(metadata, "GrantInvoke")
		}
		if len(metadata) == 0 {
			delete(root, "Metadata")
		}
	}
}

// Every golden of the macro: what eject writes is what the macro returns for
// the same account and Region, or else nothing at all.
func TestEjectOrNothing(t *testing.T) {
	files, err := filepath.Glob("../../internal/testkit/golden/testdata/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	home, _ := os.Getwd()
	written, refused := 0, 0
	for _, name := range files {
		archive, err := txtar.ParseFile(filepath.Join(home, name))
		if err != nil {
			t.Fatal(err)
		}
		event := struct {
			Region                  string
			AccountID               string
			Params                  map[string]any
			TemplateParameterValues map[string]any
			Fragment                json.RawMessage
		}{Region: "us-east-1", AccountID: "123456789012", Params: map[string]any{}}
		var text []byte
		for _, f := range archive.Files {
			switch f.Name {
			case "template.yaml":
				text = append([]byte("Transform: GrantInvoke\n"), f.Data...)
				if bytes.Contains(f.Data, []byte("Fn::ForEach")) { // which the macro sees as they are written
					text = append([]byte("Transform: [GrantInvoke, AWS::LanguageExtensions]\n"), f.Data...)
				}
			case "event.json":
				if err := json.Unmarshal(f.Data, &event); err != nil {
					t.Fatal(err)
				}
			}
		}
		_, byParameter := event.Params["RoleArn"] // what was a reference to one in the template isn't on the command line
		if text == nil || event.Fragment != nil || byParameter || bytes.Contains(text, []byte("\nTransform:")) || !bytes.Contains(text, []byte("\nResources:")) {
			continue
		}
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			t.Chdir(t.TempDir())
			if err := os.WriteFile("t.yaml", text, 0o600); err != nil {
				t.Fatal(err)
			}
			args := []string{"eject", "-account", event.AccountID, "-region", event.Region}
			values := map[string]string{}
			for option, v := range event.Params {
				args = append(args, "-o", fmt.Sprint(option, "=", v))
			}
			for parameter, v := range event.TemplateParameterValues {
				values[parameter] = fmt.Sprint(v)
				args = append(args, "-p", fmt.Sprint(parameter, "=", v))
			}
			var stderr bytes.Buffer
			c := Command{strings.NewReader(""), &stderr, &stderr, func(string) string { return "" }}
			status := c.Main(append(args, "t.yaml"))
			ejected, err := os.ReadFile("t.yaml")
			if err != nil {
				t.Fatal(err)
			}
			if status != exitOK {
				if refused++; !bytes.Equal(ejected, text) || status != exitFindings && status != exitUnreadable && status != exitUsage {
					t.Errorf("status %d, and the file is another: %s", status, stderr.String())
				}
				return
			}
			written++
			params, _ := json.Marshal(event.Params)
			want, _, err := transform.Handler{}.Transform(t.Context(), transform.Event{Fragment: long(t, "t.yaml", text), Params: template.Index(params).Root(),
				Region: event.Region, AccountID: event.AccountID, Parameters: values})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(decoded(t, want), decoded(t, long(t, "t.yaml", ejected))); diff != "" {
				t.Errorf("(-macro +ejected):\n%s", diff)
			}
		})
	}
	if written < 150 || refused < 10 {
		t.Errorf("%d ejected, %d refused", written, refused)
	}
}

// After eject the template means, with the macro and without it, what the
// macro made of it before.
func TestEjectMeansTheSame(t *testing.T) {
	tests := []struct{ name, transform, among, params string }{
		{"no macro", "", "", "{}"},
		{"single", "Transform: GrantInvoke\n", "", "{}"},
		{"list", "Transform: [AWS::Serverless-2016-10-31, GrantInvoke]\n", "", "{}"},
		{"object", "Transform:\n  Name: GrantInvoke\n  Parameters: {Scope: api}\n", "", `{"Scope":"api"}`},
		{"object in a list", "Transform:\n- AWS::Serverless-2016-10-31\n- Name: GrantInvoke\n  Parameters: {Grant: role}\n", "", `{"Grant":"role"}`},
		{"among the resources", "", "  Fn::Transform: {Name: GrantInvoke, Parameters: {SourceAccount: true}}\n", `{"SourceAccount":"true"}`},
	}
	for _, tt := range tests {
		yaml := []byte(strings.NewReplacer("TRANSFORM", tt.transform, "AMONG", tt.among).Replace(ejectable))
		f, err := source.Read("x", yaml)
		if err != nil {
			t.Fatal(err)
		}
		var indented bytes.Buffer
		if err := json.Indent(&indented, f.JSON(), "", "  "); err != nil {
			t.Fatal(err)
		}
		for name, text := range map[string][]byte{"t.yaml": yaml, "t.json": indented.Bytes()} {
			t.Run(tt.name+" "+name, func(t *testing.T) {
				t.Chdir(t.TempDir())
				if err := os.WriteFile(name, text, 0o640); err != nil {
					t.Fatal(err)
				}
				want := macro(t, long(t, name, text), tt.params)
				var stderr bytes.Buffer
				c := Command{strings.NewReader(""), &stderr, &stderr, func(string) string { return "" }}
				if status := c.Main([]string{"eject", name}); status != exitOK {
					t.Fatalf("status %d: %s", status, stderr.String())
				}
				ejected, err := os.ReadFile(name)
				if err != nil {
					t.Fatal(err)
				}
				if len(mentions(long(t, name, ejected), "GrantInvoke")) > 0 || bytes.Contains(ejected, []byte("- GrantInvoke")) {
					t.Errorf("the macro is still named:\n%s", ejected)
				}
				off := long(t, name, ejected)
				if diff := cmp.Diff(decoded(t, want), decoded(t, off)); diff != "" {
					t.Errorf("without the macro: %s", diff)
				}
				if on := macro(t, off, tt.params); !bytes.Equal(on, off) {
					t.Errorf("with the macro: %s", cmp.Diff(decoded(t, off), decoded(t, on)))
				}
				if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o640 {
					t.Errorf("mode %v, %v", info.Mode(), err)
				}
				if left, _ := filepath.Glob(".*"); len(left) > 0 {
					t.Errorf("left behind: %v", left)
				}
			})
		}
	}
}
