package definition

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// A request is for one thing to read: an object by bucket, key and version, or a
// file by path. Several locations may name the same.
type request struct{ bucket, key, version, path string }

// A document holds the bytes that a request got; etag is empty for a file.
type document struct {
	data []byte
	etag string
}

// read makes one request and returns the result of every location that names it:
// none where the budget is exceeded, of which Load tells.
func (l *Loader) read(ctx context.Context, req request, locs []Location, left *budget) (out map[Location]Result) {
	out = make(map[Location]Result, len(locs))
	defer func() {
		// the handler recovers the panics of its own goroutine only
		if p := recover(); p != nil {
			for _, loc := range locs {
				err := Error{Reason: NotDefinition, Detail: "cannot be read", cause: fmt.Errorf("panic: %v", p)}
				out[loc] = Result{Err: err.at(loc)}
			}
		}
	}()
	if left.exceeded() {
		return out
	}
	doc, err := l.open(ctx, req, locs)
	decoded := map[Kind]Result{}
	for _, loc := range locs {
		switch {
		case err != nil:
			out[loc] = Result{Err: err.at(loc)}
		case loc.ETag != "" && unquoted(loc.ETag) != unquoted(doc.etag):
			out[loc] = Result{Err: changed().at(loc)}
		default:
			r, ok := decoded[loc.Kind]
			if !ok {
				if r = l.decode(ctx, req, doc.data, loc.Kind, left); !left.spend(len(r.JSON)) {
					return nil
				}
				decoded[loc.Kind] = r
			}
			if r.Err != nil {
				r.Err = r.Err.at(loc)
			}
			out[loc] = r
		}
	}
	return out
}

func (l *Loader) open(ctx context.Context, req request, locs []Location) (document, *Error) {
	if ctx.Err() != nil {
		return document{}, timedOut(req)
	}
	if req.path != "" {
		return l.file(req.path)
	}
	return l.object(ctx, req, commonETag(locs))
}

// commonETag is the ETag that all the locations name, or nothing.
func commonETag(locs []Location) string {
	tag := unquoted(locs[0].ETag)
	for _, loc := range locs {
		if unquoted(loc.ETag) != tag {
			return ""
		}
	}
	return tag
}

// object gets one object. With an etag, S3 needn't send an object that has another.
func (l *Loader) object(ctx context.Context, req request, etag string) (document, *Error) {
	client, err := l.client(ctx)
	if err != nil {
		return document{}, l.classify(ctx, req, err)
	}
	in := &s3.GetObjectInput{Bucket: &req.bucket, Key: &req.key}
	if req.version != "" {
		in.VersionId = &req.version
	}
	if etag != "" {
		in.IfMatch = aws.String(`"` + etag + `"`)
	}
	if l.opt.Owner != "" {
		in.ExpectedBucketOwner = &l.opt.Owner
	}
	tries := &attempts{RetryerV2: l.retry}
	got, err := client.GetObject(ctx, in, func(o *s3.Options) { o.Retryer = tries })
	if err != nil {
		if ctx.Err() != nil && tries.last != nil {
			// time ran out between two attempts: how the last one failed says more
			return document{}, l.classify(context.WithoutCancel(ctx), req, tries.last)
		}
		return document{}, l.classify(ctx, req, err)
	}
	defer got.Body.Close()
	size := int64(-1)
	if got.ContentLength != nil {
		size = *got.ContentLength
	}
	data, err := drain(got.Body, size, l.opt.MaxBytes)
	switch {
	case errors.Is(err, errTooLarge):
		return document{}, tooLarge(l.opt.MaxBytes)
	case err != nil && ctx.Err() != nil:
		return document{}, timedOut(req)
	case err != nil:
		return document{}, &Error{Reason: Unavailable, Detail: "came incomplete or damaged", Hint: "try again", cause: err}
	}
	return document{data, aws.ToString(got.ETag)}, nil
}

var (
	errTooLarge = errors.New("too large")
	errCutOff   = errors.New("cut off")
)

// drain reads all of r. size is how many bytes that must be, negative if unknown;
// beyond most bytes it stops with errTooLarge.
func drain(r io.Reader, size, most int64) ([]byte, error) {
	if size > most {
		return nil, errTooLarge
	}
	var b bytes.Buffer
	b.Grow(int(max(size, 0)) + bytes.MinRead)
	n, err := b.ReadFrom(io.LimitReader(r, most+1))
	switch {
	case n > most:
		return nil, errTooLarge
	case err != nil:
		return nil, err
	case size >= 0 && n != size:
		return nil, errCutOff
	}
	return b.Bytes(), nil
}

// attempts keeps the error of the last attempt, to report it when time runs out
// while the SDK waits for the next.
type attempts struct {
	aws.RetryerV2
	last error
}

func (a *attempts) RetryDelay(n int, err error) (time.Duration, error) {
	a.last = err
	return a.RetryerV2.RetryDelay(n, err)
}

func timedOut(req request) *Error {
	e := &Error{Reason: Timeout, Detail: "did not arrive in time"}
	if req.path == "" {
		e.Hint = "raise the function's timeout, or, in a VPC, give it a gateway endpoint for S3"
	}
	return e
}

func changed() *Error {
	return &Error{Reason: Changed, Detail: "is another object than its ETag says", Hint: "set ETag to the object's, or leave it out"}
}

func tooLarge(most int64) *Error {
	return &Error{Reason: TooLarge, Detail: fmt.Sprintf("has more than %d bytes", most)}
}
