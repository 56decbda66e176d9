package live

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"github.com/grantinvoke/grantinvoke/macro/internal/account"
)

// listFunctions wants every function of the Region.
func (s *session) listFunctions() {
	all, err := pages(func(token *string) ([]types.FunctionConfiguration, *string, error) {
		out, err := s.lambda.ListFunctions(s.ctx, &lambda.ListFunctionsInput{Marker: token})
		if err != nil {
			return nil, nil, err
		}
		return out.Functions, out.NextMarker, nil
	})
	if err != nil {
		s.unread("lambda:ListFunctions", err)
	}
	for _, f := range all {
		s.wantFunction(aws.ToString(f.FunctionName))
	}
	s.out.AllFunctions = err == nil
}

// readFunctions reads the aliases and policies of all functions that are wanted.
func (s *session) readFunctions() {
	called := map[string][]string{} // qualifiers by name
	for _, a := range s.apis {
		for _, arn := range a.Targets() {
			if _, _, name, qualifier, ok := account.Split(arn); ok && qualifier != "" {
				called[name] = append(called[name], qualifier)
			}
		}
	}
	var all []*account.Function
	for _, f := range s.functions {
		all = append(all, f)
	}
	slices.SortFunc(all, func(x, y *account.Function) int { return strings.Compare(x.Name, y.Name) })
	each(s.workers, all, func(f *account.Function) { s.readFunction(f, called[f.Name]) })
}

// readFunction reads a function. It exists if its aliases can be listed: GetPolicy answers
// "not found" also where only the policy is missing.
func (s *session) readFunction(f *account.Function, called []string) {
	aliases, err := pages(func(token *string) ([]types.AliasConfiguration, *string, error) {
		out, err := s.lambda.ListAliases(s.ctx, &lambda.ListAliasesInput{FunctionName: &f.Name, Marker: token})
		if err != nil {
			return nil, nil, err
		}
		return out.Aliases, out.NextMarker, nil
	})
	switch {
	case isGone(err):
		f.Gone = true
		return
	case err != nil:
		f.Unread = append(f.Unread, "?aliases")
		s.unread("lambda:ListAliases", err)
	}
	qualifiers := []string{""}
	for _, a := range aliases {
		f.Aliases = append(f.Aliases, account.Alias{Name: aws.ToString(a.Name), Version: aws.ToString(a.FunctionVersion)})
		qualifiers = append(qualifiers, aws.ToString(a.Name))
	}
	slices.SortFunc(f.Aliases, func(x, y account.Alias) int { return strings.Compare(x.Name, y.Name) })
	version := func(q string) bool { return q != "" && strings.Trim(q, "0123456789") == "" }
	if s.ask.Versions || slices.ContainsFunc(called, version) {
		s.readVersions(f)
	}
	for _, v := range f.Versions {
		if s.ask.Versions || slices.Contains(called, v) {
			qualifiers = append(qualifiers, v)
		}
	}
	for _, q := range qualifiers {
		s.readPolicy(f, q)
	}
}

func (s *session) readVersions(f *account.Function) {
	all, err := pages(func(token *string) ([]types.FunctionConfiguration, *string, error) {
		out, err := s.lambda.ListVersionsByFunction(s.ctx, &lambda.ListVersionsByFunctionInput{FunctionName: &f.Name, Marker: token})
		if err != nil {
			return nil, nil, err
		}
		return out.Versions, out.NextMarker, nil
	})
	if err != nil {
		f.Unread = append(f.Unread, "?versions")
		s.unread("lambda:ListVersionsByFunction", err)
	}
	for _, v := range all {
		if name := aws.ToString(v.Version); name != "$LATEST" {
			f.Versions = append(f.Versions, name)
		}
	}
}

func (s *session) readPolicy(f *account.Function, qualifier string) {
	in := &lambda.GetPolicyInput{FunctionName: &f.Name}
	if qualifier != "" {
		in.Qualifier = &qualifier
	}
	out, err := s.lambda.GetPolicy(s.ctx, in)
	switch {
	case isGone(err): // there is no policy
	case err != nil:
		f.Unread = append(f.Unread, qualifier)
		s.unread("lambda:GetPolicy", err)
	default:
		f.Policies = append(f.Policies, account.Policy{Qualifier: qualifier, Document: aws.ToString(out.Policy), Revision: aws.ToString(out.RevisionId)})
	}
}

// sources returns all ARNs in the conditions of a policy, whatever the operator.
func sources(document string) []string {
	var doc struct {
		Statement []struct {
			Condition map[string]map[string]any
		}
	}
	if json.Unmarshal([]byte(document), &doc) != nil {
		return nil
	}
	var out []string
	add := func(v any) {
		if text, ok := v.(string); ok && strings.HasPrefix(text, "arn:") {
			out = append(out, text)
		}
	}
	for _, st := range doc.Statement {
		for _, values := range st.Condition {
			for _, v := range values {
				if list, ok := v.([]any); ok {
					for _, x := range list {
						add(x)
					}
				}
				add(v)
			}
		}
	}
	return out
}

// sids returns the Sids of a policy's statements.
func sids(document string) []string {
	var doc struct{ Statement []struct{ Sid string } }
	if json.Unmarshal([]byte(document), &doc) != nil {
		return nil
	}
	var out []string
	for _, st := range doc.Statement {
		if st.Sid != "" {
			out = append(out, st.Sid)
		}
	}
	return out
}
