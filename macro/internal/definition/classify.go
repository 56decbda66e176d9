package definition

import (
	"context"
	"errors"
	"net/http"
	"regexp"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// classify returns the error to report where S3 didn't give the object. The codes
// are those of https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html.
// S3's own text isn't repeated: it names roles, accounts and keys.
func (l *Loader) classify(ctx context.Context, req request, err error) *Error {
	e := l.reason(ctx, req, err)
	e.cause = err
	return e
}

func (l *Loader) reason(ctx context.Context, req request, err error) *Error {
	var answer *smithyhttp.ResponseError
	switch {
	case errors.Is(err, errNoRegion):
		return &Error{Reason: Unavailable, Detail: "needs a Region to be read", Hint: "set AWS_REGION"}
	case errors.As(err, &answer) && answer.HTTPStatusCode() != 0: // 0: no answer came
		return l.answered(req, answer, err)
	case ctx.Err() != nil:
		return timedOut(req)
	case errors.Is(err, errNoCredentials):
		return &Error{Reason: Denied, Detail: "needs AWS credentials to be read", Hint: "give the function a role, or sign in"}
	}
	return &Error{Reason: Unavailable, Detail: "cannot be had, S3 cannot be reached",
		Hint: "try again; in a VPC, the function needs a gateway endpoint for S3"}
}

var throttles = retry.IsErrorThrottles(retry.DefaultThrottles)

// answered is classify for an error that S3 answered with.
func (l *Loader) answered(req request, answer *smithyhttp.ResponseError, err error) *Error {
	status, code, text := answer.HTTPStatusCode(), "", ""
	var api smithy.APIError
	if errors.As(err, &api) {
		code, text = api.ErrorCode(), api.ErrorMessage()
	}
	switch {
	case throttles.IsErrorThrottle(err) == aws.TrueTernary || status == http.StatusTooManyRequests:
		return &Error{Reason: Throttled, Detail: "cannot be had now, S3 limits the rate of requests", Hint: "try again later"}
	case strings.HasPrefix(code, "KMS.") || status == http.StatusForbidden && strings.Contains(text, "kms:"):
		return &Error{Reason: Denied, Detail: "is encrypted with a KMS key that the macro may not use",
			Hint: "allow the macro's role kms:Decrypt on the key, in its key policy too when it is another account's"}
	case code == "InvalidObjectState":
		return &Error{Reason: Unavailable, Detail: "is archived", Hint: "restore it, or copy it to another storage class"}
	case code == "AuthorizationHeaderMalformed" || 300 <= status && status < 400:
		return elsewhere(answer.Response)
	case code == "ExpiredToken" || code == "InvalidToken" || code == "InvalidAccessKeyId" || code == "SignatureDoesNotMatch":
		return &Error{Reason: Denied, Detail: "cannot be read with these AWS credentials, S3 doesn't know them (" + code + ")", Hint: "sign in again"}
	case status == http.StatusForbidden || status == http.StatusUnauthorized:
		return l.denied(req)
	case code == "NoSuchBucket":
		return &Error{Reason: Missing, Detail: "cannot be read, there is no such bucket"}
	case status == http.StatusNotFound, status == http.StatusMethodNotAllowed, // 405: the version is a delete marker
		status == http.StatusBadRequest && req.version != "" && code == "InvalidArgument":
		return missing(req)
	case status == http.StatusPreconditionFailed:
		return changed()
	}
	return &Error{Reason: Unavailable, Detail: "cannot be had, S3 answered with status " + strconv.Itoa(status), Hint: "try again"}
}

func missing(req request) *Error {
	if req.version != "" {
		return &Error{Reason: Missing, Detail: "does not exist in this version"}
	}
	return &Error{Reason: Missing, Detail: "does not exist", Hint: "upload it first"}
}

func (l *Loader) denied(req request) *Error {
	hint := "add to the role " + statement(l.opt.Region, req) +
		"; without s3:ListBucket, an object that does not exist reads as denied too"
	if l.opt.Owner != "" {
		hint += "; the bucket has to be of the account in " + ownerVar
	}
	return &Error{Reason: Denied, Detail: "may not be read by the macro", Hint: hint}
}

var regionName = regexp.MustCompile(`^[a-z]{2,5}(-[a-z]+)+-[0-9]{1,2}$`)

// elsewhere is classify for a redirect of S3. It isn't followed: the address comes
// from the answer, and could be anybody's.
func elsewhere(answer *smithyhttp.Response) *Error {
	e := &Error{Reason: Unavailable, Detail: "cannot be had here, S3 points to another Region",
		Hint: "copy it to a bucket in the macro's Region"}
	if region := answer.Header.Get("X-Amz-Bucket-Region"); regionName.MatchString(region) {
		e.Hint += "; this one is in " + region
	}
	return e
}
