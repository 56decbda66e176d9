package cloud

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

func callerIdentity(s *Server, _ request) (answer, error) {
	return answer{xml: struct {
		XMLName              xml.Name `xml:"GetCallerIdentityResult"`
		Arn, UserId, Account string
	}{Arn: "arn:aws:iam::" + s.World.Account + ":user/reader", UserId: "AIDA", Account: s.World.Account}}, nil
}

type stackMember struct{ StackName, StackId, StackStatus, CreationTime string }

func (s *Server) stackMember(x *Stack) stackMember {
	return stackMember{x.Name, fmt.Sprintf("arn:aws:cloudformation:%s:%s:stack/%s/1", s.World.Region, s.World.Account, x.Name), "CREATE_COMPLETE", "2026-01-01T00:00:00Z"}
}

func listStacks(s *Server, q request) (answer, error) {
	all := s.World.Stacks
	from, to, next := s.page(len(all), 100, q.query("NextToken"))
	var list []stackMember
	for _, x := range all[from:to] {
		list = append(list, s.stackMember(x))
	}
	return answer{xml: struct {
		XMLName        xml.Name      `xml:"ListStacksResult"`
		StackSummaries []stackMember `xml:"StackSummaries>member"`
		NextToken      string        `xml:",omitempty"`
	}{StackSummaries: list, NextToken: next}}, nil
}

func (s *Server) stack(name string) (*Stack, error) {
	for _, x := range s.World.Stacks {
		if x.Name == name {
			return x, nil
		}
	}
	return nil, &fault{http.StatusBadRequest, "ValidationError", "Stack with id " + name + " does not exist"}
}

func describeStacks(s *Server, q request) (answer, error) {
	x, err := s.stack(q.query("StackName"))
	if err != nil {
		return answer{}, err
	}
	return answer{xml: struct {
		XMLName xml.Name      `xml:"DescribeStacksResult"`
		Stacks  []stackMember `xml:"Stacks>member"`
	}{Stacks: []stackMember{s.stackMember(x)}}}, nil
}

func listStackResources(s *Server, q request) (answer, error) {
	x, err := s.stack(q.query("StackName"))
	if err != nil {
		return answer{}, err
	}
	type resource struct{ LogicalResourceId, PhysicalResourceId, ResourceType, ResourceStatus, LastUpdatedTimestamp string }
	from, to, next := s.page(len(x.Resources), 100, q.query("NextToken"))
	var list []resource
	for _, r := range x.Resources[from:to] {
		list = append(list, resource{r.ID, r.Physical, r.Type, "CREATE_COMPLETE", "2026-01-01T00:00:00Z"})
	}
	return answer{xml: struct {
		XMLName                xml.Name   `xml:"ListStackResourcesResult"`
		StackResourceSummaries []resource `xml:"StackResourceSummaries>member"`
		NextToken              string     `xml:",omitempty"`
	}{StackResourceSummaries: list, NextToken: next}}, nil
}

func (s *Server) role(name string) (*Role, error) {
	name = name[strings.LastIndex(name, "/")+1:]
	for _, r := range s.World.Roles {
		if r.Name == name {
			return r, nil
		}
	}
	return nil, &fault{http.StatusNotFound, "NoSuchEntity", "The role with name " + name + " cannot be found."}
}

// RoleArn returns the ARN of a role.
func (w *World) RoleArn(name string) string { return "arn:aws:iam::" + w.Account + ":role/" + name }

func getRole(s *Server, q request) (answer, error) {
	r, err := s.role(q.query("RoleName"))
	if err != nil {
		return answer{}, err
	}
	type role struct{ Path, RoleName, RoleId, Arn, CreateDate, AssumeRolePolicyDocument string }
	return answer{xml: struct {
		XMLName xml.Name `xml:"GetRoleResult"`
		Role    role
	}{Role: role{"/", r.Name, "AROA", s.World.RoleArn(r.Name), "2026-01-01T00:00:00Z", url.QueryEscape(r.Trust)}}}, nil
}

// invokes reports whether a role's policies let it invoke a function.
func (r *Role) invokes(arn string) bool {
	return slices.ContainsFunc(r.Invokes, func(pattern string) bool {
		before, star := strings.CutSuffix(pattern, "*")
		return pattern == arn || star && strings.HasPrefix(arn, before)
	})
}

func simulate(s *Server, q request) (answer, error) {
	r, err := s.role(q.query("PolicySourceArn"))
	if err != nil {
		return answer{}, err
	}
	type result struct{ EvalActionName, EvalResourceName, EvalDecision string }
	var list []result
	for i := 1; ; i++ {
		arn := q.query(fmt.Sprintf("ResourceArns.member.%d", i))
		if arn == "" {
			break
		}
		decision := "implicitDeny"
		if r.invokes(arn) {
			decision = "allowed"
		}
		list = append(list, result{"lambda:InvokeFunction", arn, decision})
	}
	return answer{xml: struct {
		XMLName           xml.Name `xml:"SimulatePrincipalPolicyResult"`
		IsTruncated       bool
		EvaluationResults []result `xml:"EvaluationResults>member"`
	}{EvaluationResults: list}}, nil
}

func listRolePolicies(s *Server, q request) (answer, error) {
	if _, err := s.role(q.query("RoleName")); err != nil {
		return answer{}, err
	}
	return answer{xml: struct {
		XMLName     xml.Name `xml:"ListRolePoliciesResult"`
		IsTruncated bool
		PolicyNames []string `xml:"PolicyNames>member"`
	}{PolicyNames: []string{"invoke"}}}, nil
}

func getRolePolicy(s *Server, q request) (answer, error) {
	r, err := s.role(q.query("RoleName"))
	if err != nil {
		return answer{}, err
	}
	doc, err := json.Marshal(object{"Version": "2012-10-17", "Statement": object{"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": r.Invokes}})
	if err != nil {
		return answer{}, err
	}
	return answer{xml: struct {
		XMLName                              xml.Name `xml:"GetRolePolicyResult"`
		RoleName, PolicyName, PolicyDocument string
	}{RoleName: r.Name, PolicyName: "invoke", PolicyDocument: url.QueryEscape(string(doc))}}, nil
}

func listAttachedRolePolicies(s *Server, q request) (answer, error) {
	if _, err := s.role(q.query("RoleName")); err != nil {
		return answer{}, err
	}
	return answer{xml: struct {
		XMLName     xml.Name `xml:"ListAttachedRolePoliciesResult"`
		IsTruncated bool
	}{}}, nil
}
