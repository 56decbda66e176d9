package live

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/account"
)

// An export is what API Gateway exports of a stage: OpenAPI 3 with its extensions,
// and without the expressions that a definition in a template may have.
type export struct {
	Paths      map[string]map[string]json.RawMessage
	Components struct {
		Integrations map[string]integration `json:"x-amazon-apigateway-integrations"`
		Schemes      map[string]struct {
			Authorizer *struct {
				Type                  string
				AuthorizerURI         string `json:"authorizerUri"`
				AuthorizerCredentials string `json:"authorizerCredentials"`
			} `json:"x-amazon-apigateway-authorizer"`
		} `json:"securitySchemes"`
	}
}

type integration struct {
	Ref         string `json:"$ref"`
	Type        string `json:"type"`
	URI         string `json:"uri"`
	Credentials string `json:"credentials"`
	Subtype     string `json:"integrationSubtype"`
}

type method struct {
	Integration integration           `json:"x-amazon-apigateway-integration"`
	Security    []map[string][]string `json:"security"`
}

const anyMethod = "x-amazon-apigateway-any-method"

var verbs = []string{"get", "put", "post", "delete", "patch", "head", "options", anyMethod}

// parseExport returns the routes and Lambda authorizers of an export.
func parseExport(body []byte) ([]account.Route, []account.Authorizer, error) {
	var doc export
	if err := json.Unmarshal(body, &doc); err != nil {
		return nil, nil, errors.New("no OpenAPI document")
	}
	routes, authorizers := []account.Route{}, []account.Authorizer{}
	for name, scheme := range doc.Components.Schemes {
		if a := scheme.Authorizer; a != nil && a.AuthorizerURI != "" && (strings.EqualFold(a.Type, "token") || strings.EqualFold(a.Type, "request")) {
			authorizers = append(authorizers, account.Authorizer{Name: name, URI: a.AuthorizerURI, Credentials: a.AuthorizerCredentials})
		}
	}
	slices.SortFunc(authorizers, func(x, y account.Authorizer) int { return strings.Compare(x.Name, y.Name) })
	for path, methods := range doc.Paths {
		for name, raw := range methods {
			if !slices.Contains(verbs, strings.ToLower(name)) {
				continue
			}
			var m method
			if err := json.Unmarshal(raw, &m); err != nil {
				return nil, nil, fmt.Errorf("no OpenAPI operation at %s %s", name, path)
			}
			routes = append(routes, doc.route(path, name, m, authorizers))
		}
	}
	sortRoutes(routes)
	return routes, authorizers, nil
}

// route returns the route of an operation.
func (doc export) route(path, name string, m method, authorizers []account.Authorizer) account.Route {
	r := account.Route{Key: strings.ToUpper(name) + " " + path}
	if name == anyMethod {
		r.Key = "ANY " + path
	}
	if path == "/$default" || path == "$default" { // the default route of an HTTP API has no method
		r.Key = "$default"
	}
	i := m.Integration
	if ref := i.Ref; ref != "" {
		i = doc.Components.Integrations[ref[strings.LastIndex(ref, "/")+1:]]
	}
	if t := strings.ToUpper(i.Type); (t == "AWS" || t == "AWS_PROXY") && i.Subtype == "" {
		r.URI, r.Credentials = i.URI, i.Credentials
	}
	for _, s := range m.Security {
		for _, a := range authorizers {
			if _, used := s[a.Name]; used {
				r.Authorizer = a.Name
			}
		}
	}
	return r
}
