package cloud

import (
	"fmt"
	"hash/crc32"
	"net/http"
	"slices"
	"strings"
)

// apis are those of a protocol, or of the two of version 2.
func (s *Server) apis(rest bool) []*API {
	var out []*API
	for _, a := range s.World.APIs {
		if (a.Protocol == "REST") == rest {
			out = append(out, a)
		}
	}
	return out
}

func (s *Server) apiOf(q request, rest bool) (*API, error) {
	if a := s.World.api(q.path[0]); a != nil && (a.Protocol == "REST") == rest {
		return a, nil
	}
	return nil, &fault{http.StatusNotFound, "NotFoundException", "Invalid API identifier specified " + s.World.Account + ":" + q.path[0]}
}

func getRESTs(s *Server, q request) (answer, error) {
	all := s.apis(true)
	from, to, next := s.page(len(all), limit(q, 25), q.query("position"))
	list := []object{}
	for _, a := range all[from:to] {
		list = append(list, object{"id": a.ID, "name": a.Name})
	}
	return answer{json: paged(object{"item": list}, "position", next)}, nil
}

// limit is how many the caller wants in a page: at most 500.
func limit(q request, otherwise int) int {
	n := 0
	if _, err := fmt.Sscan(q.query("limit"), &n); err == nil && n > 0 {
		return min(n, 500)
	}
	return otherwise
}

func getREST(s *Server, q request) (answer, error) {
	a, err := s.apiOf(q, true)
	if err != nil {
		return answer{}, err
	}
	return answer{json: object{"id": a.ID, "name": a.Name}}, nil
}

func getRESTStages(s *Server, q request) (answer, error) {
	a, err := s.apiOf(q, true)
	if err != nil {
		return answer{}, err
	}
	list := []object{}
	for _, st := range a.Stages {
		x := object{"stageName": st.Name, "deploymentId": "dep" + st.Name, "variables": st.Variables}
		if st.Canary != nil || st.CanaryDeployment != "" {
			id := st.CanaryDeployment
			if id == "" {
				id = "dep" + st.Name
			}
			x["canarySettings"] = object{"percentTraffic": 10.0, "deploymentId": id, "stageVariableOverrides": st.Canary}
		}
		list = append(list, x)
	}
	return answer{json: object{"item": list}}, nil
}

func idOf(text string) string { return fmt.Sprintf("%08x", crc32.ChecksumIEEE([]byte(text))) }

func getResources(s *Server, q request) (answer, error) {
	a, err := s.apiOf(q, true)
	if err != nil {
		return answer{}, err
	}
	if q.query("embed") != "methods" {
		return answer{}, &fault{http.StatusBadRequest, "BadRequestException", "this server wants embed=methods"}
	}
	methods := map[string]object{}
	paths := []string{"/"}
	for _, r := range a.Working.Routes {
		verb, path, _ := strings.Cut(r.Key, " ")
		if methods[path] == nil {
			methods[path] = object{}
			paths = append(paths, path)
		}
		m := object{"httpMethod": verb, "authorizationType": "NONE", "methodIntegration": integration(r)}
		if au := a.Working.authorizer(r.Authorizer); au != nil {
			m["authorizationType"], m["authorizerId"] = "CUSTOM", au.ID
		}
		methods[path][verb] = m
	}
	slices.Sort(paths)
	paths = slices.Compact(paths)
	from, to, next := s.page(len(paths), limit(q, 25), q.query("position"))
	list := []object{}
	for _, path := range paths[from:to] {
		x := object{"id": idOf(path), "path": path}
		if methods[path] != nil {
			x["resourceMethods"] = methods[path]
		}
		list = append(list, x)
	}
	return answer{json: paged(object{"item": list}, "position", next)}, nil
}

func (d Definition) authorizer(name string) *Authorizer {
	for i := range d.Authorizers {
		if name != "" && d.Authorizers[i].Name == name {
			return &d.Authorizers[i]
		}
	}
	return nil
}

func integration(r Route) object {
	kind := r.Type
	if kind == "" {
		kind = "AWS_PROXY"
	}
	x := object{"type": kind, "httpMethod": "POST", "uri": r.URI}
	if r.Credentials != "" {
		x["credentials"] = r.Credentials
	}
	return x
}

func getRESTAuthorizers(s *Server, q request) (answer, error) {
	a, err := s.apiOf(q, true)
	if err != nil {
		return answer{}, err
	}
	list := []object{}
	for _, au := range a.Working.Authorizers {
		x := object{"id": au.ID, "name": au.Name, "type": au.Type}
		if au.URI != "" {
			x["authorizerUri"] = au.URI
		}
		if au.Credentials != "" {
			x["authorizerCredentials"] = au.Credentials
		}
		list = append(list, x)
	}
	return answer{json: object{"item": list}}, nil
}

func (a *API) stage(name string) *Stage {
	for _, st := range a.Stages {
		if st.Name == name {
			return st
		}
	}
	return nil
}

func getExport(s *Server, q request) (answer, error) {
	a, err := s.apiOf(q, true)
	if err != nil {
		return answer{}, err
	}
	st := a.stage(q.path[1])
	if st == nil {
		return answer{}, &fault{http.StatusNotFound, "NotFoundException", "Invalid stage identifier specified"}
	}
	if q.path[2] != "oas30" {
		return answer{}, &fault{http.StatusBadRequest, "BadRequestException", "this server exports oas30"}
	}
	return answer{json: export(a, st.Deployed, st.Name)}, nil
}

// export is a definition as OpenAPI, with the extensions of API Gateway.
func export(a *API, d Definition, stage string) object {
	paths := map[string]object{}
	for _, r := range d.Routes {
		verb, path, _ := strings.Cut(r.Key, " ")
		if r.Key == "$default" {
			verb, path = "ANY", "/$default"
		}
		if paths[path] == nil {
			paths[path] = object{}
		}
		method := strings.ToLower(verb)
		if verb == "ANY" {
			method = "x-amazon-apigateway-any-method"
		}
		x := object{"responses": object{"default": object{"description": "Default response"}}, "x-amazon-apigateway-integration": lower(integration(r), a.Protocol)}
		if r.Key == "$default" {
			x["isDefaultRoute"] = true
		}
		if d.authorizer(r.Authorizer) != nil {
			x["security"] = []object{{r.Authorizer: []string{}}}
		}
		paths[path][method] = x
	}
	schemes := object{}
	for _, au := range d.Authorizers {
		x := object{"type": strings.ToLower(au.Type), "authorizerUri": au.URI}
		if au.Credentials != "" {
			x["authorizerCredentials"] = au.Credentials
		}
		schemes[au.Name] = object{"type": "apiKey", "name": "Authorization", "in": "header", "x-amazon-apigateway-authtype": "custom", "x-amazon-apigateway-authorizer": x}
	}
	return object{"openapi": "3.0.1", "info": object{"title": a.Name, "version": "1"},
		"servers": []object{{"url": "https://x.execute-api.amazonaws.com/{basePath}", "variables": object{"basePath": object{"default": "/" + stage}}}},
		"paths":   paths, "components": object{"securitySchemes": schemes}}
}

// lower writes the type as the exports of REST APIs have it.
func lower(integration object, protocol string) object {
	if protocol == "REST" {
		integration["type"] = strings.ToLower(integration["type"].(string))
	}
	return integration
}
