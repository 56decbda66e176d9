// Package service lists the services that invoke functions by their resource
// policies. Each is a value in a file of its own, and no other package knows anything
// about it; those that add the statement themselves share itself.go, those that are only
// reported watched.go. The facts come from each service's own guide, named beside them.
package service

import (
	"sync"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/service/apigateway"
)

// Reasons returns the services' own reasons, for the documentation.
func Reasons() []finding.Reason { return All().Reasons() }

// All returns the catalog of all services, in the order of the documentation. A
// new service is one file and one line here.
var All = sync.OnceValue(func() *invoke.Catalog {
	c := invoke.NewCatalog(append([]*invoke.Service{
		&apigateway.Service,
		&s3,
		&sns,
		&events,
		&logs,
		&alarms,
		&cognito,
		&iot,
		&elb,
		&config,
		&ses,
		&secretsmanager,
		&appsync,
		&cloudfront,
		&lex,
		&bedrock,
		&agentcore,
		&transfer,
		&codecommit,
		&url,
	}, append(byThemselves(), watched()...)...)...)
	c.Silent = silent
	return c
})
