package service

import (
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// connectorKind reads what SAM itself grants for connectors from resources of a
// type to functions
// (https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/reference-sam-connector.html).
func connectorKind(service, typ string, source func(template.Resource) template.Text) invoke.Kind {
	return invoke.Kind{
		Name:  service + "-sam-connector",
		Doc:   "AWS::Serverless::Connector and the attribute Connectors from an " + typ + " to a function: SAM's own grants",
		Types: []string{"AWS::Serverless::Connector", typ},
		Find: func(s *invoke.Finder, r template.Resource) {
			s.GiveLinks(r, typ, source)
		},
	}
}
