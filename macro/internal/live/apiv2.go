package live

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	v2types "github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"

	"github.com/grantinvoke/grantinvoke/macro/internal/account"
)

// readV2 reads an HTTP or a WebSocket API.
func (s *session) readV2(a *account.API) {
	s.readV2Working(a)
	stages, err := pages(func(token *string) ([]v2types.Stage, *string, error) {
		out, err := s.v2.GetStages(s.ctx, &apigatewayv2.GetStagesInput{ApiId: &a.ID, NextToken: token})
		if err != nil {
			return nil, nil, err
		}
		return out.Items, out.NextToken, nil
	})
	if err != nil {
		s.unreadAPI(a, "GetStages", err)
		return
	}
	a.Stages = []account.Stage{}
	for _, st := range stages {
		x := account.Stage{Name: aws.ToString(st.StageName), Variables: st.StageVariables, Routes: a.Routes, Authorizers: a.Authorizers}
		switch {
		case aws.ToBool(st.AutoDeploy): // the working copy is what is deployed
			for _, u := range a.Unread {
				x.Unread = u
			}
		case a.Protocol == account.HTTP:
			s.exportHTTP(a, &x)
		default:
			x.Unread = "a WebSocket API can't be exported; what is deployed may differ from its routes"
		}
		a.Stages = append(a.Stages, x)
	}
}

// exportHTTP reads a stage of an HTTP API as it is deployed.
func (s *session) exportHTTP(a *account.API, st *account.Stage) {
	out, err := s.v2.ExportApi(s.ctx, &apigatewayv2.ExportApiInput{ApiId: &a.ID, StageName: &st.Name, Specification: aws.String("OAS30"),
		OutputType: aws.String("JSON"), IncludeExtensions: aws.Bool(true)})
	if err != nil {
		st.Unread = "ExportApi: " + why(err)
		return
	}
	if st.Routes, st.Authorizers, err = parseExport(out.Body); err != nil {
		st.Unread = "ExportApi: " + err.Error()
	}
	fillIDs(st.Authorizers, a.Authorizers)
}

// readV2Working reads the working copy of an API.
func (s *session) readV2Working(a *account.API) {
	a.Routes, a.Authorizers = []account.Route{}, []account.Authorizer{}
	authorizers, err := pages(func(token *string) ([]v2types.Authorizer, *string, error) {
		out, err := s.v2.GetAuthorizers(s.ctx, &apigatewayv2.GetAuthorizersInput{ApiId: &a.ID, NextToken: token})
		if err != nil {
			return nil, nil, err
		}
		return out.Items, out.NextToken, nil
	})
	if err != nil {
		s.unreadAPI(a, "GetAuthorizers", err)
	}
	for _, x := range authorizers {
		a.Authorizers = append(a.Authorizers, account.Authorizer{ID: aws.ToString(x.AuthorizerId), Name: aws.ToString(x.Name), URI: aws.ToString(x.AuthorizerUri), Credentials: aws.ToString(x.AuthorizerCredentialsArn)})
	}
	integrations, err := pages(func(token *string) ([]v2types.Integration, *string, error) {
		out, err := s.v2.GetIntegrations(s.ctx, &apigatewayv2.GetIntegrationsInput{ApiId: &a.ID, NextToken: token})
		if err != nil {
			return nil, nil, err
		}
		return out.Items, out.NextToken, nil
	})
	if err != nil {
		s.unreadAPI(a, "GetIntegrations", err)
		return
	}
	byID := map[string]v2types.Integration{}
	for _, i := range integrations {
		byID[aws.ToString(i.IntegrationId)] = i
	}
	routes, err := pages(func(token *string) ([]v2types.Route, *string, error) {
		out, err := s.v2.GetRoutes(s.ctx, &apigatewayv2.GetRoutesInput{ApiId: &a.ID, NextToken: token})
		if err != nil {
			return nil, nil, err
		}
		return out.Items, out.NextToken, nil
	})
	if err != nil {
		s.unreadAPI(a, "GetRoutes", err)
	}
	for _, r := range routes {
		x := account.Route{Key: aws.ToString(r.RouteKey), Authorizer: nameOf(aws.ToString(r.AuthorizerId), a.Authorizers)}
		i := byID[strings.TrimPrefix(aws.ToString(r.Target), "integrations/")]
		if (i.IntegrationType == v2types.IntegrationTypeAws || i.IntegrationType == v2types.IntegrationTypeAwsProxy) && aws.ToString(i.IntegrationSubtype) == "" {
			x.URI, x.Credentials = aws.ToString(i.IntegrationUri), aws.ToString(i.CredentialsArn)
		}
		a.Routes = append(a.Routes, x)
	}
	sortRoutes(a.Routes)
}
