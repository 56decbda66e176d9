package live

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	resttypes "github.com/aws/aws-sdk-go-v2/service/apigateway/types"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	v2types "github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"

	"github.com/grantinvoke/grantinvoke/macro/internal/account"
)

// listAPIs wants every API of the Region, as asked for.
func (s *session) listAPIs() {
	rest, err := pages(func(token *string) ([]resttypes.RestApi, *string, error) {
		out, err := s.rest.GetRestApis(s.ctx, &apigateway.GetRestApisInput{Position: token, Limit: aws.Int32(500)})
		if err != nil {
			return nil, nil, err
		}
		return out.Items, out.Position, nil
	})
	if err != nil {
		s.unread("apigateway:GetRestApis", err)
	}
	for _, a := range rest {
		x := s.wantAPI(aws.ToString(a.Id))
		x.Name, x.Protocol, x.Asked = aws.ToString(a.Name), account.REST, true
	}
	v2, err2 := pages(func(token *string) ([]v2types.Api, *string, error) {
		out, err := s.v2.GetApis(s.ctx, &apigatewayv2.GetApisInput{NextToken: token})
		if err != nil {
			return nil, nil, err
		}
		return out.Items, out.NextToken, nil
	})
	if err2 != nil {
		s.unread("apigateway:GetApis", err2)
	}
	for _, a := range v2 {
		x := s.wantAPI(aws.ToString(a.ApiId))
		x.Name, x.Protocol, x.Asked = aws.ToString(a.Name), string(a.ProtocolType), true
	}
	s.out.AllAPIs = err == nil && err2 == nil
}

// readAPIs reads the stages, routes and authorizers of APIs.
func (s *session) readAPIs(all []*account.API) {
	slices.SortFunc(all, func(x, y *account.API) int { return strings.Compare(x.ID, y.ID) })
	each(s.workers, all, func(a *account.API) {
		if a.Protocol == "" && !s.identify(a) {
			return
		}
		if a.Protocol == account.REST {
			s.readREST(a)
		} else {
			s.readV2(a)
		}
	})
}

// identify finds out which API has the id; false where none has, or where that could
// not be read.
func (s *session) identify(a *account.API) bool {
	rest, err := s.rest.GetRestApi(s.ctx, &apigateway.GetRestApiInput{RestApiId: &a.ID})
	if err == nil {
		a.Name, a.Protocol = aws.ToString(rest.Name), account.REST
		return true
	}
	if !isGone(err) {
		s.unreadAPI(a, "GetRestApi", err)
		return false
	}
	v2, err := s.v2.GetApi(s.ctx, &apigatewayv2.GetApiInput{ApiId: &a.ID})
	switch {
	case err == nil:
		a.Name, a.Protocol = aws.ToString(v2.Name), string(v2.ProtocolType)
		return true
	case isGone(err):
		a.Gone = true
	default:
		s.unreadAPI(a, "GetApi", err)
	}
	return false
}

// unreadAPI notes that an operation failed for an API.
func (s *session) unreadAPI(a *account.API, operation string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a.Unread = append(a.Unread, operation+": "+why(err))
}

func (s *session) readREST(a *account.API) {
	s.readRESTWorking(a)
	out, err := s.rest.GetStages(s.ctx, &apigateway.GetStagesInput{RestApiId: &a.ID})
	if err != nil {
		s.unreadAPI(a, "GetStages", err)
		return
	}
	a.Stages = []account.Stage{}
	for _, st := range out.Item {
		x := account.Stage{Name: aws.ToString(st.StageName), Variables: st.Variables, Routes: []account.Route{}}
		s.exportREST(a, &x)
		if c := st.CanarySettings; c != nil {
			if x.Canary = c.StageVariableOverrides; x.Unread == "" && aws.ToString(c.DeploymentId) != aws.ToString(st.DeploymentId) {
				x.Unread = "the canary has a deployment of its own, which API Gateway doesn't export"
			}
		}
		a.Stages = append(a.Stages, x)
	}
}

// exportREST reads a stage as it is deployed: GetResources shows the working
// copy (https://docs.aws.amazon.com/apigateway/latest/api/API_GetExport.html).
func (s *session) exportREST(a *account.API, st *account.Stage) {
	out, err := s.rest.GetExport(s.ctx, &apigateway.GetExportInput{RestApiId: &a.ID, StageName: &st.Name, ExportType: aws.String("oas30"),
		Accepts: aws.String("application/json"), Parameters: map[string]string{"extensions": "apigateway"}})
	if err != nil {
		st.Unread = "GetExport: " + why(err)
		return
	}
	if st.Routes, st.Authorizers, err = parseExport(out.Body); err != nil {
		st.Unread = "GetExport: " + err.Error()
	}
	fillIDs(st.Authorizers, a.Authorizers)
}

// fillIDs sets the ids of an export's authorizers, which has only their names.
func fillIDs(all, known []account.Authorizer) {
	for i := range all {
		for _, k := range known {
			if k.Name == all[i].Name {
				all[i].ID = k.ID
			}
		}
	}
}

// readRESTWorking reads the working copy, which the console's Test button calls
// and the next deployment deploys.
func (s *session) readRESTWorking(a *account.API) {
	authorizers, err := pages(func(token *string) ([]resttypes.Authorizer, *string, error) {
		out, err := s.rest.GetAuthorizers(s.ctx, &apigateway.GetAuthorizersInput{RestApiId: &a.ID, Position: token, Limit: aws.Int32(500)})
		if err != nil {
			return nil, nil, err
		}
		return out.Items, out.Position, nil
	})
	if err != nil {
		s.unreadAPI(a, "GetAuthorizers", err)
	}
	a.Authorizers = []account.Authorizer{}
	for _, x := range authorizers {
		a.Authorizers = append(a.Authorizers, account.Authorizer{ID: aws.ToString(x.Id), Name: aws.ToString(x.Name), URI: aws.ToString(x.AuthorizerUri), Credentials: aws.ToString(x.AuthorizerCredentials)})
	}
	resources, err := pages(func(token *string) ([]resttypes.Resource, *string, error) {
		out, err := s.rest.GetResources(s.ctx, &apigateway.GetResourcesInput{RestApiId: &a.ID, Position: token, Limit: aws.Int32(500), Embed: []string{"methods"}})
		if err != nil {
			return nil, nil, err
		}
		return out.Items, out.Position, nil
	})
	if err != nil {
		s.unreadAPI(a, "GetResources", err)
	}
	a.Routes = []account.Route{}
	for _, r := range resources {
		for verb, m := range r.ResourceMethods {
			x := account.Route{Key: verb + " " + aws.ToString(r.Path), Authorizer: nameOf(aws.ToString(m.AuthorizerId), a.Authorizers)}
			if i := m.MethodIntegration; i != nil && (i.Type == resttypes.IntegrationTypeAws || i.Type == resttypes.IntegrationTypeAwsProxy) {
				x.URI, x.Credentials = aws.ToString(i.Uri), aws.ToString(i.Credentials)
			}
			a.Routes = append(a.Routes, x)
		}
	}
	sortRoutes(a.Routes)
}

// nameOf returns the name of the authorizer with the id, or the id where there is
// none.
func nameOf(id string, all []account.Authorizer) string {
	for _, a := range all {
		if a.ID == id {
			return a.Name
		}
	}
	return id
}

func sortRoutes(all []account.Route) {
	slices.SortFunc(all, func(x, y account.Route) int { return strings.Compare(x.Key, y.Key) })
}
