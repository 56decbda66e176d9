package cloud

import "net/http"

func (s *Server) describe(a *API) object {
	return object{"apiId": a.ID, "name": a.Name, "protocolType": a.Protocol, "routeSelectionExpression": "$request.method $request.path"}
}

func getAPIs(s *Server, q request) (answer, error) {
	all := s.apis(false)
	from, to, next := s.page(len(all), 25, q.query("nextToken"))
	list := []object{}
	for _, a := range all[from:to] {
		list = append(list, s.describe(a))
	}
	return answer{json: paged(object{"items": list}, "nextToken", next)}, nil
}

func getAPI(s *Server, q request) (answer, error) {
	a, err := s.apiOf(q, false)
	if err != nil {
		return answer{}, err
	}
	return answer{json: s.describe(a)}, nil
}

func getStages(s *Server, q request) (answer, error) {
	a, err := s.apiOf(q, false)
	if err != nil {
		return answer{}, err
	}
	from, to, next := s.page(len(a.Stages), 25, q.query("nextToken"))
	list := []object{}
	for _, st := range a.Stages[from:to] {
		list = append(list, object{"stageName": st.Name, "autoDeploy": st.AutoDeploy, "deploymentId": "dep" + st.Name, "stageVariables": st.Variables})
	}
	return answer{json: paged(object{"items": list}, "nextToken", next)}, nil
}

func getRoutes(s *Server, q request) (answer, error) {
	a, err := s.apiOf(q, false)
	if err != nil {
		return answer{}, err
	}
	from, to, next := s.page(len(a.Working.Routes), 25, q.query("nextToken"))
	list := []object{}
	for _, r := range a.Working.Routes[from:to] {
		x := object{"routeId": "r" + idOf(r.Key), "routeKey": r.Key, "target": "integrations/" + idOf(r.URI+r.Credentials), "authorizationType": "NONE"}
		if au := a.Working.authorizer(r.Authorizer); au != nil {
			x["authorizationType"], x["authorizerId"] = "CUSTOM", au.ID
		}
		list = append(list, x)
	}
	return answer{json: paged(object{"items": list}, "nextToken", next)}, nil
}

func getIntegrations(s *Server, q request) (answer, error) {
	a, err := s.apiOf(q, false)
	if err != nil {
		return answer{}, err
	}
	var all []object
	seen := map[string]bool{}
	for _, r := range a.Working.Routes {
		id := idOf(r.URI + r.Credentials)
		if seen[id] {
			continue
		}
		seen[id] = true
		x := integration(r)
		y := object{"integrationId": id, "integrationType": x["type"], "integrationUri": r.URI}
		if r.Credentials != "" {
			y["credentialsArn"] = r.Credentials
		}
		all = append(all, y)
	}
	from, to, next := s.page(len(all), 25, q.query("nextToken"))
	return answer{json: paged(object{"items": all[from:to]}, "nextToken", next)}, nil
}

func getAuthorizers(s *Server, q request) (answer, error) {
	a, err := s.apiOf(q, false)
	if err != nil {
		return answer{}, err
	}
	list := []object{}
	for _, au := range a.Working.Authorizers {
		x := object{"authorizerId": au.ID, "name": au.Name, "authorizerType": au.Type}
		if au.URI != "" {
			x["authorizerUri"] = au.URI
		}
		if au.Credentials != "" {
			x["authorizerCredentialsArn"] = au.Credentials
		}
		list = append(list, x)
	}
	return answer{json: object{"items": list}}, nil
}

func exportAPI(s *Server, q request) (answer, error) {
	a, err := s.apiOf(q, false)
	if err != nil {
		return answer{}, err
	}
	if a.Protocol != "HTTP" {
		return answer{}, &fault{http.StatusBadRequest, "BadRequestException", "Only HTTP APIs can be exported"}
	}
	st := a.stage(q.query("stageName"))
	if st == nil {
		return answer{json: export(a, a.Working, "")}, nil
	}
	if st.AutoDeploy {
		return answer{json: export(a, a.Working, st.Name)}, nil
	}
	return answer{json: export(a, st.Deployed, st.Name)}, nil
}
