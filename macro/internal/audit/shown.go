package audit

import (
	"fmt"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/account"
)

// protocols are the kinds of API as people write them.
var protocols = map[string]string{account.REST: "REST", account.HTTP: "HTTP", account.WebSocket: "WebSocket"}

// From is where a call comes from, for people: an API with its stage, or what
// another service has.
func (c *Call) From() string {
	if c.Service != "apigateway" {
		return c.Origin
	}
	name := c.Origin
	if c.Name != "" {
		name = c.Name + " (" + c.Origin + ")"
	}
	return fmt.Sprintf("%s API %s, stage %s", protocols[c.Protocol], name, c.Stage)
}

// What is what calls there, for people: the route, or the service.
func (c *Call) What() string {
	if c.Service == "apigateway" {
		return c.Route
	}
	return c.Service
}

// For is whose calls a statement is for, as far as its source ARN tells: an API, or
// a service.
func (s *Statement) For() string {
	at := strings.SplitN(s.Source, ":", 6)
	switch {
	case len(at) < 6:
		return "other sources"
	case at[2] == "execute-api":
		api, _, _ := strings.Cut(at[5], "/")
		return "the API " + api
	}
	return at[2]
}
