package definition

import (
	"cmp"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// A Reason is why a document couldn't be read: a short name that never changes.
type Reason string

// The reasons. Reports have them, so they keep their spelling.
const (
	BadLocation   Reason = "bad-location"     // no object or file can have that name
	NotListed     Reason = "not-listed"       // outside what the loader may read; no request was made
	Missing       Reason = "missing"          // no such bucket, object, version or file
	Denied        Reason = "denied"           // credentials, the object's policy or its key refuse
	Changed       Reason = "changed"          // the object is not the one that the ETag names
	TooLarge      Reason = "too-large"        // more bytes than the loader takes
	NotDefinition Reason = "not-a-definition" // read, but no OpenAPI or Swagger object (for a snippet: no object)
	Timeout       Reason = "timeout"          // no answer in the time that was left
	Throttled     Reason = "throttled"        // S3 asked to slow down, on every attempt
	Unavailable   Reason = "unavailable"      // unreachable, another Region, cut off, or S3's own fault
)

// An Error tells why there is no document at a location. Detail and Hint are this
// package's own words; of the document or of S3's answer they hold no more than a
// name and a line number.
type Error struct {
	Reason   Reason
	Location Location
	Detail   string // what is wrong, after the location
	Hint     string // what to do about it; can be empty
	cause    error
}

// Error returns "location: what is wrong; hint: what to do".
func (e *Error) Error() string {
	return finding.Line(e.Location.String()+": "+e.Detail, e.Hint)
}

// Transient reports whether the next attempt may succeed.
func (e *Error) Transient() bool {
	return e.Reason == Timeout || e.Reason == Throttled || e.Reason == Unavailable
}

// Unwrap returns the error of the SDK, the file system or a parser, if there was
// one. Its text may hold names and must not be shown.
func (e *Error) Unwrap() error { return e.cause }

// at returns the same error for another location of the same document.
func (e *Error) at(loc Location) *Error {
	c := *e
	c.Location = loc
	return &c
}

// statement returns the IAM policy statement that lets an object be read. A
// version takes an action of its own:
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
func statement(region string, req request) string {
	action := "s3:GetObject"
	if req.version != "" {
		action = "s3:GetObjectVersion"
	}
	arn, err := jsontext.AppendQuote(nil, "arn:"+cmp.Or(template.Partition(region), "aws")+":s3:::"+req.bucket+"/"+req.key)
	if err != nil {
		return action
	}
	return `{"Effect":"Allow","Action":"` + action + `","Resource":` + string(arn) + `}`
}
