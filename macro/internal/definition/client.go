package definition

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"os"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go/logging"
)

// A Getter is the part of [*s3.Client] that is used.
type Getter interface {
	GetObject(context.Context, *s3.GetObjectInput, ...func(*s3.Options)) (*s3.GetObjectOutput, error)
}

var (
	errNoRegion      = errors.New("no region")
	errNoCredentials = errors.New("no credentials")
)

// client returns the loader's S3 client, made on first use. Where that fails, the
// next Load tries again.
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

// dial makes the S3 client of the Lambda function from what Lambda puts into its
// environment: the role's credentials, which last as long as the process does, and
// the Region
// (https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime).
// AWS_ENDPOINT_URL_S3 and AWS_ENDPOINT_URL name another server, whose URLs have the
// bucket in the path; AWS_USE_DUALSTACK_ENDPOINT and AWS_USE_FIPS_ENDPOINT count
// too. Profiles, SSO and the instance's metadata don't: the SDK's package config,
// which looks for them, would make the zip an eighth larger.
func dial(_ context.Context, region string) (Getter, error) {
	if region = cmp.Or(region, os.Getenv("AWS_REGION"), os.Getenv("AWS_DEFAULT_REGION")); region == "" {
		return nil, errNoRegion
	}
	id, secret := os.Getenv("AWS_ACCESS_KEY_ID"), os.Getenv("AWS_SECRET_ACCESS_KEY")
	if id == "" || secret == "" {
		return nil, errNoCredentials
	}
	o := s3.Options{
		Region:                     region,
		Credentials:                credentials.NewStaticCredentialsProvider(id, secret, os.Getenv("AWS_SESSION_TOKEN")),
		HTTPClient:                 unredirected(),
		Logger:                     logging.Nop{},
		RequestChecksumCalculation: aws.RequestChecksumCalculationWhenSupported,
		ResponseChecksumValidation: aws.ResponseChecksumValidationWhenSupported,

		DisableLogOutputChecksumValidationSkipped: true,
	}
	if endpoint := cmp.Or(os.Getenv("AWS_ENDPOINT_URL_S3"), os.Getenv("AWS_ENDPOINT_URL")); endpoint != "" {
		o.BaseEndpoint, o.UsePathStyle = &endpoint, true
	}
	if strings.EqualFold(os.Getenv("AWS_USE_DUALSTACK_ENDPOINT"), "true") {
		o.EndpointOptions.UseDualStackEndpoint = aws.DualStackEndpointStateEnabled
	}
	if strings.EqualFold(os.Getenv("AWS_USE_FIPS_ENDPOINT"), "true") {
		o.EndpointOptions.UseFIPSEndpoint = aws.FIPSEndpointStateEnabled
	}
	return s3.New(o), nil
}

// unredirected returns the SDK's HTTP client, except that it follows no redirect.
// The SDK's own follows 307 and 308 wherever they lead, with the signed headers.
func unredirected() *http.Client {
	return &http.Client{
		Transport:     awshttp.NewBuildableClient().GetTransport(),
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}
