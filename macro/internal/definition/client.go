package definition

import (
	"context"
	"errors"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go/logging"
)

// A Getter is the one call of S3 that is made: [*s3.Client].
type Getter interface {
	GetObject(context.Context, *s3.GetObjectInput, ...func(*s3.Options)) (*s3.GetObjectOutput, error)
}

var (
	errNoRegion      = errors.New("no region")
	errNoCredentials = errors.New("no credentials")
)

// client is the loader's S3 client, made on first use. A failure isn't kept:
// the next Load tries again.
func (l *Loader) client(ctx context.Context) (Getter, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.getter == nil {
		g, err := l.opt.Client(ctx)
		if err != nil {
			return nil, err
		}
		l.getter = g
	}
	return l.getter, nil
}

// dial makes the SDK's S3 client from the environment: in Lambda, the role's
// credentials and Region. AWS_ENDPOINT_URL_S3 and AWS_ENDPOINT_URL lead it to
// another server, which is then asked with the bucket in the path.
func dial(ctx context.Context, region string) (Getter, error) {
	cfg, err := config.LoadDefaultConfig(ctx, func(o *config.LoadOptions) error {
		o.Region = region
		return nil
	})
	if err != nil {
		return nil, err
	}
	if cfg.Region == "" {
		return nil, errNoRegion
	}
	// asked for here, since a failure inside GetObject can't be told from S3's
	if _, err := cfg.Credentials.Retrieve(ctx); err != nil {
		return nil, errors.Join(errNoCredentials, err)
	}
	return s3.NewFromConfig(cfg, func(o *s3.Options) {
		o.HTTPClient = unredirected(cfg.HTTPClient)
		o.UsePathStyle = o.BaseEndpoint != nil
		o.Logger = logging.Nop{}
		o.DisableLogOutputChecksumValidationSkipped = true
	}), nil
}

// unredirected is the SDK's HTTP client except that it follows no redirect.
// The SDK's follows 307 and 308 wherever they lead, with the signed headers.
func unredirected(c aws.HTTPClient) *http.Client {
	b, ok := c.(*awshttp.BuildableClient)
	if !ok {
		b = awshttp.NewBuildableClient()
	}
	return &http.Client{
		Transport:     b.GetTransport(),
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}
