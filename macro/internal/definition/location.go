// Package definition reads what a template keeps elsewhere: API definitions, and the
// snippets of AWS::Include, in Amazon S3 or, for the local tool, in a file.
//
// It knows no template: a caller gives it [Location] values and gets JSON back, or
// an [*Error] that tells why there is none. It writes nothing, asks for no object
// whose bucket isn't listed, and logs neither names nor contents: a location can
// come from a parameter.
package definition

import (
	"net/url"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Kind tells what a document has to be.
type Kind uint8

const (
	// Definition is an OpenAPI or Swagger document, as BodyS3Location of
	// AWS::ApiGateway::RestApi and AWS::ApiGatewayV2::Api and SAM's
	// DefinitionUri name one.
	Definition Kind = iota
	// Snippet is any object, as the Location of AWS::Include names one.
	Snippet
)

// A Location names one document outside the template: an S3 object by Bucket
// and Key, or, in the local tool, a file by Path. Equal locations name the
// same document, so that it serves as a map key.
type Location struct {
	Kind    Kind
	Bucket  string
	Key     string
	Version string // the object's version id; the newest version when empty
	ETag    string // what the object's ETag has to be, quoted or not; any when empty
	Path    string // relative to the folder of the template, with slashes
}

// ParseS3 reads "s3://bucket/key" and "s3://bucket/key?versionId=v", the forms
// that SAM's DefinitionUri and AWS::Include take
// (https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-api.html).
// The key is taken as it stands, without decoding %xx, as SAM does. Anything
// else is an [*Error] with [BadLocation]: other schemes, access point and
// other ARNs, names that no bucket can have, and a key that starts with "/" or
// holds "#", which AWS's own readers of this form don't agree about.
func ParseS3(uri string) (Location, *Error) {
	rest, ok := strings.CutPrefix(uri, "s3://")
	if !ok {
		return Location{}, badLocation(Location{Path: uri}, "is not of the form s3://bucket/key", "")
	}
	name, query, asked := strings.Cut(rest, "?")
	bucket, key, _ := strings.Cut(name, "/")
	loc := Location{Bucket: bucket, Key: key}
	switch {
	case strings.HasPrefix(rest, "arn:"):
		return Location{}, badLocation(Location{Path: uri}, "names an access point or another ARN", "name the bucket itself")
	case strings.HasPrefix(key, "/"):
		return Location{}, badLocation(loc, "has an empty first part in its key", "give Bucket and Key apart")
	case strings.Contains(rest, "#"):
		return Location{}, badLocation(loc, `holds a "#"`, "give Bucket and Key apart")
	}
	if asked {
		q, err := url.ParseQuery(query)
		if err != nil || len(q) != 1 || len(q["versionId"]) != 1 || q["versionId"][0] == "" {
			return Location{}, badLocation(loc, "has more after its ? than one versionId", "give Bucket and Key apart")
		}
		loc.Version = q["versionId"][0]
	}
	if err := loc.check(); err != nil {
		return Location{}, err
	}
	return loc, nil
}

// String returns the location as an author would write it, on one line.
func (l Location) String() string {
	s := l.Path
	if l.Bucket != "" || l.Key != "" {
		s = "s3://" + l.Bucket + "/" + l.Key
		if l.Version != "" {
			s += "?versionId=" + l.Version
		}
	}
	if s == "" || !printable(s) {
		return strconv.Quote(s)
	}
	return s
}

// limits of S3, in bytes:
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html
const (
	maxKey     = 1024
	maxVersion = 1024
	maxETag    = 1024
)

// check returns an error where neither S3 nor a folder can hold a document of that
// name.
func (l Location) check() *Error {
	if l.Path != "" {
		return l.checkPath()
	}
	switch why := badBucket(l.Bucket); {
	case why != "":
		return badLocation(l, "no bucket can have the name "+strconv.Quote(l.Bucket)+": "+why, "")
	case l.Key == "":
		return badLocation(l, "has no key", "")
	case len(l.Key) > maxKey:
		return badLocation(l, "has a key of more than 1024 bytes", "")
	case !printable(l.Key):
		return badLocation(l, "has a control character in its key", "")
	case hasDotSegment(l.Key):
		// a server or proxy that tidies paths would read another bucket
		return badLocation(l, `has a part "." or ".." in its key`, "")
	case len(l.Version) > maxVersion || !printable(l.Version):
		return badLocation(l, "has no valid version id", "")
	case len(l.ETag) > maxETag || !printable(l.ETag) || strings.Contains(unquoted(l.ETag), `"`):
		return badLocation(l, "has no valid ETag", "")
	}
	return nil
}

func (l Location) checkPath() *Error {
	switch {
	case l.Bucket != "" || l.Key != "" || l.Version != "" || l.ETag != "":
		return badLocation(l, "names an object and a file at once", "")
	case !printable(l.Path):
		return badLocation(l, "has a control character in its path", "")
	case strings.Contains(l.Path, "://"):
		return badLocation(l, "is a URL", "name a file, or an object as s3://bucket/key")
	}
	return nil
}

// unquoted takes the quotes off an ETag: S3 writes them, templates have both forms.
func unquoted(etag string) string {
	if len(etag) >= 2 && etag[0] == '"' && etag[len(etag)-1] == '"' {
		return etag[1 : len(etag)-1]
	}
	return etag
}

func hasDotSegment(key string) bool {
	for part := range strings.SplitSeq(key, "/") {
		if part == "." || part == ".." {
			return true
		}
	}
	return false
}

func printable(s string) bool {
	if !utf8.ValidString(s) {
		return false
	}
	for _, r := range s {
		// Cf has the characters that change the direction of text in a terminal
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '\u2028' || r == '\u2029' {
			return false
		}
	}
	return true
}

func badLocation(l Location, detail, hint string) *Error {
	return &Error{Reason: BadLocation, Location: l, Detail: detail, Hint: hint}
}
