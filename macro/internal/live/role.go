package live

import (
	"net/url"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/grantinvoke/grantinvoke/macro/internal/account"
	"github.com/grantinvoke/grantinvoke/macro/internal/policy"
)

// readRoles reads the roles in the credentials of all APIs.
func (s *session) readRoles() {
	targets := map[string][]string{}
	for _, a := range s.apis {
		for role, arns := range a.Roles() {
			targets[role] = append(targets[role], arns...)
		}
	}
	for arn, functions := range targets {
		slices.Sort(functions)
		role := account.Role{ARN: arn, Allows: map[string]bool{}}
		s.readRole(&role, slices.Compact(functions))
		s.out.Roles = append(s.out.Roles, role)
	}
}

// readRole reads who may assume a role, and whether it may invoke functions.
func (s *session) readRole(r *account.Role, functions []string) {
	part := strings.SplitN(r.ARN, ":", 6)
	if len(part) < 6 || part[4] != s.out.ID {
		r.Unread = "a role of another account"
		return
	}
	name := part[5][strings.LastIndexByte(part[5], '/')+1:]
	out, err := s.iam.GetRole(s.ctx, &iam.GetRoleInput{RoleName: &name})
	switch {
	case isGone(err):
		r.Gone = true
		return
	case err != nil:
		r.Unread = "GetRole: " + why(err)
		s.unread("iam:GetRole", err)
		return
	}
	r.Trust = decode(out.Role.AssumeRolePolicyDocument)
	if err := s.simulate(r, functions); err == nil {
		return
	}
	if out.Role.PermissionsBoundary != nil {
		r.Unread = "it has a permissions boundary"
	} else if err := s.evaluate(r, name, functions); err != nil {
		r.Unread = "SimulatePrincipalPolicy, ListRolePolicies: " + why(err)
		s.unread("iam:SimulatePrincipalPolicy", err)
	} else {
		r.Unread = "a policy with conditions"
	}
}

// decode undoes the URL encoding of IAM's documents.
func decode(document *string) string {
	text, err := url.QueryUnescape(aws.ToString(document))
	if err != nil {
		return aws.ToString(document)
	}
	return text
}

// maxResources is how many resources SimulatePrincipalPolicy is asked about at once.
const maxResources = 50

// simulate asks IAM itself, which takes boundaries and organizations into account.
func (s *session) simulate(r *account.Role, functions []string) error {
	for some := range slices.Chunk(functions, maxResources) {
		results, err := pages(func(token *string) ([]types.EvaluationResult, *string, error) {
			out, err := s.iam.SimulatePrincipalPolicy(s.ctx, &iam.SimulatePrincipalPolicyInput{PolicySourceArn: &r.ARN,
				ActionNames: []string{"lambda:InvokeFunction"}, ResourceArns: some, Marker: token})
			if err != nil {
				return nil, nil, err
			}
			return out.EvaluationResults, out.Marker, nil
		})
		if err != nil {
			return err
		}
		for _, x := range results {
			r.Allows[aws.ToString(x.EvalResourceName)] = x.EvalDecision == types.PolicyEvaluationDecisionTypeAllowed
		}
	}
	return nil
}

// evaluate decides by the role's own policies, for where the right to simulate them
// is missing. Functions for which they are unclear are left out of Allows.
func (s *session) evaluate(r *account.Role, name string, functions []string) error {
	documents, err := s.rolePolicies(name)
	if err != nil {
		return err
	}
	var all policy.Document
	for _, text := range documents {
		doc, err := policy.Read([]byte(text))
		if err != nil {
			return err
		}
		for _, st := range doc.Statements { // a role's policy names no principal
			st.Unclear = slices.DeleteFunc(st.Unclear, func(name string) bool { return name == "Principal" })
			all.Statements = append(all.Statements, st)
		}
	}
	for _, arn := range functions {
		outcome, _ := all.Decide(policy.Request{Action: "lambda:InvokeFunction", Resource: arn})
		if outcome != policy.Unclear {
			r.Allows[arn] = outcome == policy.Allowed
		}
	}
	return nil
}

// rolePolicies returns the documents of a role's inline and attached policies.
func (s *session) rolePolicies(name string) ([]string, error) {
	names, err := pages(func(token *string) ([]string, *string, error) {
		out, err := s.iam.ListRolePolicies(s.ctx, &iam.ListRolePoliciesInput{RoleName: &name, Marker: token})
		if err != nil {
			return nil, nil, err
		}
		return out.PolicyNames, out.Marker, nil
	})
	if err != nil {
		return nil, err
	}
	var documents []string
	for _, p := range names {
		out, err := s.iam.GetRolePolicy(s.ctx, &iam.GetRolePolicyInput{RoleName: &name, PolicyName: &p})
		if err != nil {
			return nil, err
		}
		documents = append(documents, decode(out.PolicyDocument))
	}
	attached, err := pages(func(token *string) ([]types.AttachedPolicy, *string, error) {
		out, err := s.iam.ListAttachedRolePolicies(s.ctx, &iam.ListAttachedRolePoliciesInput{RoleName: &name, Marker: token})
		if err != nil {
			return nil, nil, err
		}
		return out.AttachedPolicies, out.Marker, nil
	})
	if err != nil {
		return nil, err
	}
	for _, p := range attached {
		about, err := s.iam.GetPolicy(s.ctx, &iam.GetPolicyInput{PolicyArn: p.PolicyArn})
		if err != nil {
			return nil, err
		}
		out, err := s.iam.GetPolicyVersion(s.ctx, &iam.GetPolicyVersionInput{PolicyArn: p.PolicyArn, VersionId: about.Policy.DefaultVersionId})
		if err != nil {
			return nil, err
		}
		documents = append(documents, decode(out.PolicyVersion.Document))
	}
	return documents, nil
}
