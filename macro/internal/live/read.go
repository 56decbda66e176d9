package live

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
)

// A read is an operation that may be sent.
type read struct {
	name  string // service:Operation, the service as the SDK names it
	quota string // a quota of its own, besides the service's; "": none
}

// reads has all operations that may be sent. Rights prints its policy from it.
var reads = []read{
	{name: "Lambda:ListFunctions"}, {name: "Lambda:ListAliases"}, {name: "Lambda:ListVersionsByFunction"}, {name: "Lambda:GetPolicy", quota: "Lambda:GetPolicy"},
	{name: "API Gateway:GetRestApis"}, {name: "API Gateway:GetRestApi"}, {name: "API Gateway:GetStages"}, {name: "API Gateway:GetExport"},
	{name: "API Gateway:GetResources", quota: "API Gateway:GetResources"}, {name: "API Gateway:GetAuthorizers"},
	{name: "ApiGatewayV2:GetApis"}, {name: "ApiGatewayV2:GetApi"}, {name: "ApiGatewayV2:GetStages"}, {name: "ApiGatewayV2:GetRoutes"},
	{name: "ApiGatewayV2:GetIntegrations"}, {name: "ApiGatewayV2:GetAuthorizers"}, {name: "ApiGatewayV2:ExportApi"},
	{name: "CloudFormation:ListStacks"}, {name: "CloudFormation:ListStackResources"},
	{name: "IAM:GetRole"}, {name: "IAM:SimulatePrincipalPolicy"}, {name: "IAM:ListRolePolicies"}, {name: "IAM:GetRolePolicy"},
	{name: "IAM:ListAttachedRolePolicies"}, {name: "IAM:GetPolicy"}, {name: "IAM:GetPolicyVersion"},
	{name: "STS:GetCallerIdentity"},
	{name: "EventBridge:ListTargetsByRule"},
	{name: "SNS:ListSubscriptionsByTopic"},
	{name: "CloudWatch Logs:DescribeSubscriptionFilters"},
	{name: "S3:GetBucketNotificationConfiguration"},
}

func find(name string) (read, bool) {
	i := slices.IndexFunc(reads, func(r read) bool { return r.name == name })
	if i < 0 {
		return read{}, false
	}
	return reads[i], true
}

// operation returns the operation that the SDK sends a request for.
func operation(ctx context.Context) string {
	return awsmiddleware.GetServiceID(ctx) + ":" + awsmiddleware.GetOperationName(ctx)
}

// A quota is how many calls an account and Region may make: per second, and at once.
type quota struct{ rate, burst float64 }

// quotas are the documented ones; the two APIs of API Gateway share theirs. For
// services without a documented quota, undocumented is assumed.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
var quotas = map[string]quota{
	"API Gateway":              {10, 40},
	"API Gateway:GetResources": {2.5, 5},
	"Lambda":                   {15, 15},
	"Lambda:GetPolicy":         {15, 15},
}

var undocumented = quota{10, 10}

// limits keeps calls within a share of all quotas, by a token bucket each. Several
// goroutines may use it.
type limits struct {
	share float64
	mu    sync.Mutex
	all   map[string]*bucket
}

// A bucket is the token bucket of a quota.
type bucket struct {
	quota
	left float64   // calls that could be made at once; negative while calls wait
	at   time.Time // when left was computed
}

func newLimits(share float64) *limits { return &limits{share: share, all: map[string]*bucket{}} }

// keys returns the quotas that an operation counts for.
func (r read) keys() []string {
	service, _, _ := strings.Cut(r.name, ":")
	if service == "ApiGatewayV2" {
		service = "API Gateway"
	}
	switch r.quota {
	case "":
		return []string{service}
	case "Lambda:GetPolicy": // doesn't count for the service's own
		return []string{r.quota}
	}
	return []string{service, r.quota}
}

// wait waits until every quota of the read allows one more call, and counts it.
func (l *limits) wait(ctx context.Context, r read) error {
	var longest time.Duration
	l.mu.Lock()
	for _, key := range r.keys() {
		longest = max(longest, l.bucket(key).take(time.Now()))
	}
	l.mu.Unlock()
	if longest == 0 {
		return nil
	}
	t := time.NewTimer(longest)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (l *limits) bucket(key string) *bucket {
	b := l.all[key]
	if b == nil {
		q, ok := quotas[key]
		if !ok {
			q = undocumented
		}
		q = quota{q.rate * l.share, max(1, q.burst*l.share)}
		b = &bucket{quota: q, left: q.burst, at: time.Now()}
		l.all[key] = b
	}
	return b
}

// take counts a call and returns how long to wait before it may be made.
func (b *bucket) take(now time.Time) time.Duration {
	b.left = min(b.burst, b.left+now.Sub(b.at).Seconds()*b.rate) - 1
	b.at = now
	if b.left >= 0 {
		return 0
	}
	return time.Duration(-b.left / b.rate * float64(time.Second))
}

// each calls f for every item, a few at a time.
func each[T any](workers int, items []T, f func(T)) {
	work := make(chan T)
	var wg sync.WaitGroup
	for range min(workers, len(items)) {
		wg.Go(func() {
			for x := range work {
				f(x)
			}
		})
	}
	for _, x := range items {
		work <- x
	}
	close(work)
	wg.Wait()
}
