package definition

import (
	"context"
	"log/slog"
	"maps"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws/retry"
)

// Options tells what a [Loader] may read, and how. With the zero value it reads
// nothing.
type Options struct {
	// Buckets are the S3 buckets that may be read, each a bucket's exact name
	// or "bucket/prefix" for the keys below prefix/. No wildcards. Without an
	// entry, no client is made and no request.
	Buckets []string
	// Owner is the account that has to own the buckets; any when empty.
	Owner string
	// Region is the Region of the S3 endpoint; AWS_REGION, or AWS_DEFAULT_REGION,
	// when empty.
	Region string
	// Dir is the folder that a Location's Path starts from. Without it, no
	// file is read.
	Dir string
	// Root is the folder that no Path may lead out of, by ".." or by a link;
	// Dir when empty. Both are absolute, or both relative.
	Root string
	// MaxBytes is the largest document taken: 6 MiB when zero, what API
	// Gateway imports
	// (https://docs.aws.amazon.com/apigateway/latest/api/API_ImportRestApi.html).
	// YAML may have 2 MiB of it, since its tree needs up to 80 times its size.
	MaxBytes int64
	// MaxTotal is how many bytes the documents of one Load may have together, as
	// JSON: 32 MiB when zero. If they have more, none of them is returned: which
	// one was too much would depend on what arrives first.
	MaxTotal int64
	// Parallel is how many documents are read at once: 4 when zero.
	Parallel int
	// Client makes the S3 client, once, when it is first needed. Nil: the SDK's
	// client, with the credentials of the environment.
	Client func(context.Context) (Getter, error)
	// Log gets counts, never names. Nil: no log.
	Log *slog.Logger
}

// A Loader reads documents. One is enough for a process: several goroutines may
// use it at once.
type Loader struct {
	opt     Options
	buckets []allowance
	retry   *retry.Standard
	yaml    sync.Mutex // one tree in memory at a time

	mu     sync.Mutex
	getter Getter
}

// A Result is a document as a JSON object, or the reason why there is none. YAML
// is converted, with the text of its numbers; JSON stays as it was. Locations that
// name the same object share the bytes, which must not be changed.
type Result struct {
	JSON []byte
	Err  *Error
}

// New returns a loader. It makes no request and opens no file. An entry of Buckets
// that names no bucket allows nothing; how many there are is logged.
func New(o Options) *Loader {
	if o.MaxBytes <= 0 {
		o.MaxBytes = 6 << 20
	}
	if o.MaxTotal <= 0 {
		o.MaxTotal = 32 << 20
	}
	if o.Parallel <= 0 {
		o.Parallel = 4
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Root == "" {
		o.Root = o.Dir
	}
	if o.Client == nil {
		o.Client = func(ctx context.Context) (Getter, error) { return dial(ctx, o.Region) }
	}
	l := &Loader{opt: o}
	var wrong int
	if l.buckets, wrong = allowances(o.Buckets); wrong > 0 {
		l.opt.Log.Warn("entries that name no bucket allow nothing", "variable", bucketsVar, "entries", wrong)
	}
	l.retry = retry.NewStandard(func(s *retry.StandardOptions) {
		s.MaxAttempts = 5
		s.MaxBackoff = 2 * time.Second
	})
	return l
}

const (
	bucketsVar = "GRANTINVOKE_BUCKETS"
	ownerVar   = "GRANTINVOKE_BUCKET_OWNER"
)

// FromEnv returns the loader of the Lambda function as its environment says:
// GRANTINVOKE_BUCKETS (the list for [Options].Buckets, with commas),
// GRANTINVOKE_BUCKET_OWNER (an account id) and AWS_REGION. Credentials and an
// endpoint, such as AWS_ENDPOINT_URL_S3, are read when the client is made.
func FromEnv(getenv func(string) string, log *slog.Logger) *Loader {
	return New(Options{
		Buckets: strings.Split(getenv(bucketsVar), ","),
		Owner:   strings.TrimSpace(getenv(ownerVar)),
		Region:  getenv("AWS_REGION"),
		Log:     log,
	})
}

// Files returns a loader that reads files below dir, the template's folder, and
// nothing else.
func Files(dir string) *Loader { return New(Options{Dir: dir}) }

// Load reads the documents, each once however many locations name it, and
// returns a result for every location. It returns early enough before ctx ends
// for the caller to answer, and after half a minute at the latest: what hasn't
// arrived by then has the reason [Timeout].
func (l *Loader) Load(ctx context.Context, locs []Location) map[Location]Result {
	out := make(map[Location]Result, len(locs))
	groups, order := l.group(locs, out)
	if len(order) == 0 {
		return out
	}
	start := time.Now()
	ctx, stop := context.WithTimeout(ctx, timeLimit(ctx, start))
	defer stop()

	todo := make(chan request, len(order))
	for _, req := range order {
		todo <- req
	}
	close(todo)
	done := make(chan map[Location]Result, len(order))
	left := &budget{most: l.opt.MaxTotal}
	for range min(l.opt.Parallel, len(order)) {
		go func() {
			for req := range todo {
				done <- l.read(ctx, req, groups[req], left)
			}
		}()
	}
	l.collect(ctx, done, len(order), out)
	for req, locs := range groups {
		for _, loc := range locs {
			if left.exceeded() {
				out[loc] = Result{Err: tooMuch(l.opt.MaxTotal).at(loc)}
			} else if _, ok := out[loc]; !ok {
				out[loc] = Result{Err: timedOut(req).at(loc)}
			}
		}
	}
	l.logCounts(out, time.Since(start))
	return out
}

// collect puts the results into out as they arrive, until all n are there or ctx
// ends; the readers then have a moment more to say what kept them.
func (l *Loader) collect(ctx context.Context, done <-chan map[Location]Result, n int, out map[Location]Result) {
	const moment = 50 * time.Millisecond
	var over <-chan time.Time
	for end := ctx.Done(); n > 0; {
		select {
		case r := <-done:
			maps.Copy(out, r)
			n--
		case <-end:
			end, over = nil, time.After(moment)
		case <-over:
			return
		}
	}
}

// group returns the locations by the request that they need, and the requests in
// the order given. Locations that may not be read get their result in out.
func (l *Loader) group(locs []Location, out map[Location]Result) (map[request][]Location, []request) {
	groups := map[request][]Location{}
	seen := make(map[Location]bool, len(locs))
	var order []request
	for _, loc := range locs {
		if seen[loc] {
			continue
		}
		seen[loc] = true
		if err := l.refuse(loc); err != nil {
			out[loc] = Result{Err: err}
			continue
		}
		req := request{loc.Bucket, loc.Key, loc.Version, loc.Path}
		if groups[req] == nil {
			order = append(order, req)
		}
		groups[req] = append(groups[req], loc)
	}
	return groups, order
}

// refuse says why a location may not be read; nil if it may.
func (l *Loader) refuse(loc Location) *Error {
	switch err := loc.check(); {
	case err != nil:
		return err
	case loc.Path != "" && l.opt.Dir == "":
		return &Error{Reason: NotListed, Location: loc, Detail: "is a file, and no files are read here",
			Hint: "upload it and name it as s3://bucket/key, as aws cloudformation package does"}
	case loc.Path == "" && !l.allowed(loc.Bucket, loc.Key):
		req := request{bucket: loc.Bucket, key: loc.Key, version: loc.Version}
		return &Error{Reason: NotListed, Location: loc, Detail: "is in no bucket that may be read",
			Hint: "add " + loc.Bucket + " to DefinitionBuckets, a parameter of the macro's stack, which allows its role " + statement(l.opt.Region, req)}
	}
	return nil
}

// timeLimit returns how long a Load may take: what ctx leaves, less a tenth of it
// (at least 100 ms, at most 2 s) for the caller to answer in, and at most 30 s.
func timeLimit(ctx context.Context, now time.Time) time.Duration {
	const most = 30 * time.Second
	end, ok := ctx.Deadline()
	if !ok {
		return most
	}
	left := end.Sub(now)
	return min(left-min(max(left/10, 100*time.Millisecond), 2*time.Second), most)
}

// logCounts logs how many documents were read, and how many failed for which
// reason.
func (l *Loader) logCounts(out map[Location]Result, took time.Duration) {
	failed := map[Reason]int{}
	size := 0
	for _, r := range out {
		size += len(r.JSON)
		if r.Err != nil {
			failed[r.Err.Reason]++
		}
	}
	l.opt.Log.Info("documents outside the template", "asked", len(out), "bytes", size, "failed", failed, "ms", took.Milliseconds())
}
