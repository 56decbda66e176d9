package transform

import (
	"io"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/definition"
	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/option"
)

const (
	// optionsVar has any options, as Name=Value joined by commas.
	optionsVar = "GRANTINVOKE_OPTIONS"
	// boundaryVar has the option PermissionsBoundary. It is a variable of its own
	// since the macro's stack uses the value for its own role too.
	boundaryVar = "GRANTINVOKE_PERMISSIONS_BOUNDARY"
)

// FromEnvironment returns the handler that the Lambda function's environment
// describes. With a wrong value every answer is a failure that tells it: a function
// that doesn't start could tell its users nothing.
func FromEnvironment(getenv func(string) string, log io.Writer) Handler {
	h := Handler{Log: NewLog(log, getenv("AWS_LAMBDA_LOG_LEVEL"), getenv("AWS_LAMBDA_FUNCTION_NAME"))}
	if err := h.Defaults.Set("PermissionsBoundary", getenv(boundaryVar)); err != nil {
		h.Setup = finding.Within(boundaryVar+" of the macro's function", err)
	}
	if err := setAll(&h.Defaults, getenv(optionsVar)); err != nil {
		h.Setup = finding.Within(optionsVar+" of the macro's function", err)
	}
	if getenv("GRANTINVOKE_BUCKETS") != "" {
		h.Documents = From(definition.FromEnv(getenv, h.Log.lines))
	}
	return h
}

// setAll sets options from Name=Value,Name=Value. It skips empty items: an empty list
// in a stack's parameter has one.
func setAll(o *option.Options, list string) error {
	given := map[string]bool{}
	for item := range strings.SplitSeq(list, ",") {
		if item = strings.TrimSpace(item); item == "" {
			continue
		}
		name, value, ok := strings.Cut(item, "=")
		switch {
		case !ok || name == "":
			return finding.Errorf("", "write Name=Value, the names being "+strings.Join(option.Names(), ", "), "%q is no option and its value", item)
		case given[name]:
			return finding.Errorf(name, "", "stands twice")
		}
		if err := o.Set(name, value); err != nil {
			return finding.Within(name, err)
		}
		given[name] = true
	}
	return nil
}
