package transform

import (
	"fmt"
	"io"

	"github.com/grantinvoke/grantinvoke/macro/internal/body"
)

// environmentOptions names the environment variable of every option, which a
// platform team sets for all templates.
var environmentOptions = []struct{ variable, option string }{
	{"GRANTINVOKE_GRANT", "Grant"},
	{"GRANTINVOKE_SCOPE", "Scope"},
	{"GRANTINVOKE_STAGES", "Stages"},
	{"GRANTINVOKE_SOURCE_ACCOUNT", "SourceAccount"},
	{"GRANTINVOKE_ON_UNKNOWN", "OnUnknown"},
	{"GRANTINVOKE_ROLE_PATH", "RolePath"},
	{"GRANTINVOKE_PERMISSIONS_BOUNDARY", "PermissionsBoundary"},
}

// FromEnvironment returns the handler that the Lambda's environment describes.
// A wrong value is told with every answer: a function that doesn't start would
// leave its users without a word.
func FromEnvironment(getenv func(string) string, log io.Writer) Handler {
	h := Handler{Log: NewLog(log, getenv("AWS_LAMBDA_LOG_LEVEL"))}
	for _, x := range environmentOptions {
		if v := getenv(x.variable); v != "" {
			if err := h.Defaults.Set(x.option, v); err != nil {
				h.Setup = fmt.Errorf("%s of the macro's function: %w", x.variable, err)
			}
		}
	}
	if getenv("GRANTINVOKE_BUCKETS") != "" {
		h.Documents = From(body.FromEnv(getenv, h.Log.lines))
	}
	return h
}
