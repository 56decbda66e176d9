package apigateway

import (
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// The forms of routes in source ARNs, after the API's id. A route that isn't known has
// [invoke.AnyRoute]
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/arn-format-reference.html).
var (
	Method     = &invoke.Form{}                                                                      // stage/VERB/path
	Key        = &invoke.Form{}                                                                      // stage/key
	Authorizer = &invoke.Form{Stageless: true, Asks: true, Guess: template.Literal("authorizers/*")} // authorizers/id
)
