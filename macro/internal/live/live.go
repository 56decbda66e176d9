// Package live reads what an account has deployed, through the AWS SDK. It only
// reads: a request that isn't in its table of reads is refused before it is sent.
// The macro doesn't link it: a decision that depends on what is deployed would undo
// itself with the next update.
package live

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/logging"
	"github.com/aws/smithy-go/middleware"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
)

// Options tell how an account is read.
type Options struct {
	Region, Profile string            // "": as the SDK finds them
	Share           float64           // of each quota that may be used, 0 to 1; 0: half
	HTTP            aws.HTTPClient    // sends the requests; nil: the SDK's own client
	Configure       func() aws.Config // replaces the SDK's search for credentials; nil: that search
}

// A Reader reads one Region of an account.
type Reader struct {
	lambda  *lambda.Client
	rest    *apigateway.Client
	v2      *apigatewayv2.Client
	stacks  *cloudformation.Client
	iam     *iam.Client
	sts     *sts.Client
	s3      *s3.Client
	events  *eventbridge.Client
	sns     *sns.Client
	logs    *cloudwatchlogs.Client
	region  string
	guard   *guard
	workers int
}

// Dial finds credentials and a Region as every tool with the SDK does, and returns a
// reader. AWS_ENDPOINT_URL names another server. No credentials or no Region is an
// error.
func Dial(ctx context.Context, opt Options) (*Reader, error) {
	cfg, err := configure(ctx, opt)
	if err != nil {
		return nil, err
	}
	if cfg.Region == "" {
		return nil, finding.Errorf("", "-region, or AWS_REGION", "no Region")
	}
	if _, err := cfg.Credentials.Retrieve(ctx); err != nil {
		return nil, finding.Errorf("", "-profile, or aws sso login", "no credentials: %v", err)
	}
	sender := opt.HTTP
	if sender == nil {
		sender = awshttp.NewBuildableClient()
	}
	if opt.Share <= 0 {
		opt.Share = 0.5
	}
	g := &guard{next: sender, limits: newLimits(opt.Share)}
	cfg.HTTPClient, cfg.Logger = g, logging.Nop{}
	cfg.Retryer = func() aws.Retryer {
		return retry.NewStandard(func(o *retry.StandardOptions) {
			o.MaxAttempts = 8
			// limits keeps from retrying too often
			o.RateLimiter = unlimited{}
		})
	}
	return &Reader{
		lambda: lambda.NewFromConfig(cfg), rest: apigateway.NewFromConfig(cfg), v2: apigatewayv2.NewFromConfig(cfg),
		stacks: cloudformation.NewFromConfig(cfg), iam: iam.NewFromConfig(cfg), sts: sts.NewFromConfig(cfg),
		s3:     s3.NewFromConfig(cfg, func(o *s3.Options) { o.UsePathStyle = o.BaseEndpoint != nil }),
		events: eventbridge.NewFromConfig(cfg), sns: sns.NewFromConfig(cfg), logs: cloudwatchlogs.NewFromConfig(cfg),
		region: cfg.Region, guard: g, workers: 8,
	}, nil
}

func configure(ctx context.Context, opt Options) (aws.Config, error) {
	if opt.Configure != nil {
		return opt.Configure(), nil
	}
	return config.LoadDefaultConfig(ctx, func(o *config.LoadOptions) error {
		o.Region, o.SharedConfigProfile = opt.Region, opt.Profile
		return nil
	})
}

// unlimited lets the SDK retry as often as MaxAttempts says.
type unlimited struct{}

func (unlimited) GetToken(context.Context, uint) (func() error, error) {
	return func() error { return nil }, nil
}
func (unlimited) AddTokens(uint) error { return nil }

// Calls returns how many requests have been sent, so far. It may be called while
// Read runs.
func (r *Reader) Calls() int64 { return r.guard.sent.Load() }

// A guard is the HTTP client of every service's client: it refuses operations that
// aren't in the table of reads, and waits for the quota before each attempt.
type guard struct {
	next   aws.HTTPClient
	limits *limits
	sent   atomic.Int64
}

// Do implements [aws.HTTPClient].
func (g *guard) Do(q *http.Request) (*http.Response, error) {
	op := operation(q.Context())
	read, ok := find(op)
	if !ok {
		return nil, &notSent{op}
	}
	if err := g.limits.wait(q.Context(), read); err != nil {
		return nil, err
	}
	g.sent.Add(1)
	return g.next.Do(q)
}

// A notSent is the error of an operation that isn't in the table of reads.
type notSent struct{ operation string }

func (e *notSent) Error() string { return e.operation + ": is no read of this tool, and not sent" }

// RetryableError keeps the SDK from trying again.
func (e *notSent) RetryableError() bool { return false }

// isGone reports whether an error is a service's answer that there is no such thing.
func isGone(err error) bool {
	var e smithy.APIError
	if !errors.As(err, &e) {
		return false
	}
	switch e.ErrorCode() {
	case "ResourceNotFoundException", "NotFoundException", "NoSuchEntity", "NotFound", "NoSuchBucket":
		return true
	case "ValidationError": // CloudFormation
		return strings.Contains(e.ErrorMessage(), "does not exist")
	}
	return false
}

// why returns in a few words why something could not be read. It holds no value of
// the request or the answer.
func why(err error) string {
	var e smithy.APIError
	if errors.As(err, &e) {
		switch code := e.ErrorCode(); {
		case strings.HasPrefix(code, "AccessDenied"), strings.HasPrefix(code, "UnauthorizedOperation"):
			return "no rights"
		case strings.Contains(code, "TooManyRequests"), strings.Contains(code, "Throttl"):
			return "throttled"
		default:
			return code
		}
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return "interrupted"
	}
	return "not reached"
}

// pages collects a list that comes in pages. next returns the page that a token names
// (nil: the first) and the token of the following one. Where it fails, pages returns
// the pages before too. The SDK's paginators would take more code.
func pages[T any](next func(token *string) (items []T, following *string, err error)) ([]T, error) {
	var all []T
	var token *string
	for {
		items, following, err := next(token)
		if err != nil {
			return all, err
		}
		all = append(all, items...)
		if aws.ToString(following) == "" {
			return all, nil
		}
		if token != nil && *token == *following {
			return all, errors.New("a list that never ends")
		}
		token = following
	}
}

// stamp returns when the service answered, by its own clock, as RFC 3339.
func stamp(metadata middleware.Metadata) string {
	at, ok := awsmiddleware.GetServerTime(metadata)
	if !ok {
		at = time.Now()
	}
	return at.UTC().Format(time.RFC3339)
}
