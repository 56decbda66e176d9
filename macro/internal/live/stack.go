package live

import (
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/grantinvoke/grantinvoke/macro/internal/account"
)

// listAll wants every function and API of the Region.
func (s *session) listAll() {
	s.listFunctions()
	s.listAPIs()
}

// relevantTypes are the types of resources that an [account.Stack] has.
var relevantTypes = []string{"AWS::Lambda::Permission", "AWS::Lambda::ResourcePolicy", "AWS::Lambda::Function", "AWS::Lambda::Alias", "AWS::Lambda::Version",
	"AWS::ApiGateway::RestApi", "AWS::ApiGatewayV2::Api", "AWS::CloudFormation::Stack"}

// resources returns the resources of a stack that matter here.
func (s *session) resources(name string) ([]account.Resource, error) {
	all, err := pages(func(token *string) ([]types.StackResourceSummary, *string, error) {
		out, err := s.Reader.stacks.ListStackResources(s.ctx, &cloudformation.ListStackResourcesInput{StackName: &name, NextToken: token})
		if err != nil {
			return nil, nil, err
		}
		return out.StackResourceSummaries, out.NextToken, nil
	})
	out := []account.Resource{}
	for _, r := range all {
		if typ := aws.ToString(r.ResourceType); slices.Contains(relevantTypes, typ) && r.ResourceStatus != types.ResourceStatusDeleteComplete {
			out = append(out, account.Resource{ID: aws.ToString(r.LogicalResourceId), Type: typ, Physical: aws.ToString(r.PhysicalResourceId)})
		}
	}
	return out, err
}

// collectStack wants the APIs and functions of a stack, and of those nested
// in it.
func (s *session) collectStack(name string, depth int) error {
	own, err := s.resources(name)
	if err != nil {
		return err
	}
	s.stacks[name] = &account.Stack{Name: name, Resources: own}
	for _, r := range own {
		switch r.Type {
		case "AWS::Lambda::Function":
			s.wantFunction(r.Physical)
		case "AWS::ApiGateway::RestApi", "AWS::ApiGatewayV2::Api":
			s.wantAPI(r.Physical).Asked = true
		case "AWS::CloudFormation::Stack":
			nested := stackName(r.Physical)
			if s.stacks[nested] != nil || depth > 8 {
				continue
			}
			if err := s.collectStack(nested, depth+1); err != nil {
				s.stacks[nested] = &account.Stack{Name: nested, Unread: why(err)}
				s.unread("cloudformation:ListStackResources", err)
			}
		}
	}
	return nil
}

// stackName returns the name in a stack's id, or the text itself where it is none.
func stackName(id string) string {
	if part := strings.Split(id, "/"); len(part) == 3 {
		return part[1]
	}
	return id
}

// isLive reports whether a stack in that state may still own resources.
func isLive(status types.StackStatus) bool { return status != types.StackStatusDeleteComplete }

// readOwners reads the stacks that may own a statement: CloudFormation makes Sids of
// the form <stack>-<logical id>-<random>.
func (s *session) readOwners() {
	ids := map[string]bool{}
	for _, f := range s.functions {
		for _, p := range f.Policies {
			for _, sid := range sids(p.Document) {
				ids[sid] = true
			}
		}
	}
	if len(ids) == 0 {
		return
	}
	all, err := pages(func(token *string) ([]types.StackSummary, *string, error) {
		out, err := s.Reader.stacks.ListStacks(s.ctx, &cloudformation.ListStacksInput{NextToken: token})
		if err != nil {
			return nil, nil, err
		}
		return out.StackSummaries, out.NextToken, nil
	})
	if err != nil {
		s.unread("cloudformation:ListStacks", err)
		return
	}
	sorted := slices.Sorted(maps.Keys(ids))
	s.out.AllStacks = true
	for _, x := range all {
		name := aws.ToString(x.StackName)
		if !isLive(x.StackStatus) || s.stacks[name] != nil || !begins(sorted, name+"-") {
			continue
		}
		own, err := s.resources(name)
		st := &account.Stack{Name: name, Resources: own}
		if err != nil {
			st.Unread = why(err)
			s.out.AllStacks = false
			s.unread("cloudformation:ListStackResources", err)
		}
		s.stacks[name] = st
	}
}

// begins reports whether any of the sorted texts has the prefix.
func begins(sorted []string, prefix string) bool {
	i, _ := slices.BinarySearch(sorted, prefix)
	return i < len(sorted) && strings.HasPrefix(sorted[i], prefix)
}
