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

// A source is what is read once: an object, or a file.
type source struct{ bucket, key, version, path string }

// A document is the bytes of a source; etag is empty for a file.
type document struct {
	data []byte
	etag string
}

// read reads one source and gives every location of it its result.
func (l *Loader) read(ctx context.Context, src source, locs []Location, left *budget) (out map[Location]Result) {
	out = make(map[Location]Result, len(locs))
	defer func() {
		// this isn't the goroutine whose panics the handler recovers
		if p := recover(); p != nil {
			for _, loc := range locs {
				err := Error{Reason: NotDefinition, Detail: "cannot be read", cause: fmt.Errorf("panic: %v", p)}
				out[loc] = Result{Err: err.at(loc)}
			}
		}
	}()
	if left.full() {
		return out // Load says so of all
	}
	doc, err := l.open(ctx, src, locs)
	decoded := map[Kind]Result{}
	for _, loc := range locs {
		switch {
		case err != nil:
			out[loc] = Result{Err: err.at(loc)}
		case loc.ETag != "" && bare(loc.ETag) != bare(doc.etag):
			out[loc] = Result{Err: changed().at(loc)}
		default:
			r, ok := decoded[loc.Kind]
			if !ok {
				if r = l.decode(ctx, src, doc.data, loc.Kind, left); !left.take(len(r.JSON)) {
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

func (l *Loader) open(ctx context.Context, src source, locs []Location) (document, *Error) {
	if ctx.Err() != nil {
		return document{}, late(src)
	}
	if src.path != "" {
		return l.file(src.path)
	}
	return l.object(ctx, src, agreed(locs))
}

// agreed is the ETag that all the locations name, or nothing.
func agreed(locs []Location) string {
	tag := bare(locs[0].ETag)
	for _, loc := range locs {
		if bare(loc.ETag) != tag {
			return ""
		}
	}
	return tag
}

// object gets one object, of which the server need not send the body when it
// hasn't the ETag.
func (l *Loader) object(ctx context.Context, src source, etag string) (document, *Error) {
	client, err := l.client(ctx)
	if err != nil {
		return document{}, l.classify(ctx, src, err)
	}
	in := &s3.GetObjectInput{Bucket: &src.bucket, Key: &src.key}
	if src.version != "" {
		in.VersionId = &src.version
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
			// time ran out between two attempts: the first one says more
			return document{}, l.classify(context.WithoutCancel(ctx), src, tries.last)
		}
		return document{}, l.classify(ctx, src, err)
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
		return document{}, late(src)
	case err != nil:
		return document{}, &Error{Reason: Unavailable, Detail: "came incomplete or damaged", Hint: "try again", cause: err}
	}
	return document{data, aws.ToString(got.ETag)}, nil
}

var (
	errTooLarge = errors.New("too large")
	errCutOff   = errors.New("cut off")
)

// drain reads all of r, of size bytes when that is known and not negative, and
// never holds more than most of them.
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

// attempts remembers why the last attempt failed: when time runs out while
// the SDK waits for the next one, that is what there is to say.
type attempts struct {
	aws.RetryerV2
	last error
}

func (a *attempts) RetryDelay(n int, err error) (time.Duration, error) {
	a.last = err
	return a.RetryerV2.RetryDelay(n, err)
}

func late(src source) *Error {
	e := &Error{Reason: Timeout, Detail: "did not arrive in time"}
	if src.path == "" {
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
