package cloudformation

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// A Failure is a deployment that ended because of a transform or because of
// what the transforms made of the template. The texts are those recorded on AWS.
type Failure struct {
	Transform string // as messages show it, <account>::<name>; empty if no single one is at fault
	Reason    string // as a change set shows it
}

// Error is the reason as CreateStack leaves it in the stack's events.
func (f *Failure) Error() string { return f.Reason + ". Rollback requested by user." }

// A Refusal is a template that CloudFormation does not take: the text of its
// ValidationError.
type Refusal string

func (r Refusal) Error() string { return string(r) }

func refuse(format string, args ...any) error { return Refusal(fmt.Sprintf(format, args...)) }

func malformed(id string) error {
	return &Failure{id, fmt.Sprintf("Received malformed response from transform %s", id)}
}

// read takes the fragment from a response. The status counts in any case of
// letters; any other than success is a failure; errorMessage counts only then.
// A response that isn't an object, echoes another requestId or has no fragment
// is malformed.
func read(id, request string, response []byte) (jsontext.Value, error) {
	v := jsontext.Value(bytes.Clone(response))
	if !v.IsValid() || v.Compact() != nil || v.Kind() != '{' {
		return nil, malformed(id)
	}
	fields := members(v)
	if echo, _ := text(member(fields, "requestId")); echo != request {
		return nil, malformed(id)
	}
	if status, _ := text(member(fields, "status")); !strings.EqualFold(status, "success") {
		message, _ := text(member(fields, "errorMessage"))
		if message == "" {
			return nil, &Failure{id, fmt.Sprintf("Transform %s failed without an error message.", id)}
		}
		return nil, &Failure{id, fmt.Sprintf("Transform %s failed with: %s", id, message)}
	}
	fragment := member(fields, "fragment")
	if fragment == nil {
		return nil, malformed(id)
	}
	return fragment, nil
}
