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

// Options says what a [Loader] may read and how. The zero value reads nothing.
type Options struct {
	// Buckets are the S3 buckets that may be read, each a bucket's exact name
	// or "bucket/prefix" for the keys below prefix/. No wildcards. When there
	// are none, no request is made and no client either.
	Buckets []string
	// Owner is the account that has to own the buckets; any when empty.
	Owner string
	// Region is where to ask; AWS_REGION, or AWS_DEFAULT_REGION, when empty.
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
	// MaxTotal is the most that the documents of one Load have together, as
	// JSON: 32 MiB when zero. Beyond, none of them is taken: which one is too
	// much would depend on what arrives first.
	MaxTotal int64
	// Parallel is how many documents are read at once: 4 when zero.
	Parallel int
	// Client makes the S3 client, once, when it is needed first. When nil, it
	// is the SDK's, with the credentials of the environment.
	Client func(context.Context) (Getter, error)
	// Log gets counts, never names; nil for none.
	Log *slog.Logger
}

// A Loader reads documents. It is made once per process and can be used by
// several goroutines at once.
type Loader struct {
	opt     Options
	buckets []allowance
	retry   *retry.Standard
	yaml    sync.Mutex // one tree in memory at a time

	mu     sync.Mutex
	getter Getter
}

// A Result is a document as a JSON object, or why there is none. YAML is
// converted; JSON is as it was. Numbers keep their text. Locations that name
// the same object share the bytes: they must not be changed.
type Result struct {
	JSON []byte
	Err  *Error
}

// New makes a loader. It asks nothing and opens nothing. An entry of Buckets
// that can't name a bucket allows nothing; that there is one is logged.
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

// FromEnv makes the loader of the Lambda function from its environment:
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

// Files makes a loader that reads files below dir, the template's folder, and
// nothing else.
func Files(dir string) *Loader { return New(Options{Dir: dir}) }

// Load reads the documents, each object once however many locations name it,
// and has a result for every location. It returns in time for an answer to be
// sent before ctx ends, and after half a minute at the latest; what hasn't
// arrived by then is a [Timeout].
func (l *Loader) Load(ctx context.Context, locs []Location) map[Location]Result {
	out := make(map[Location]Result, len(locs))
	groups, order := l.group(locs, out)
	if len(order) == 0 {
		return out
	}
	start := time.Now()
	ctx, stop := context.WithTimeout(ctx, patience(ctx, start))
	defer stop()

	todo := make(chan source, len(order))
	for _, src := range order {
		todo <- src
	}
	close(todo)
	done := make(chan map[Location]Result, len(order))
	left := &budget{most: l.opt.MaxTotal}
	for range min(l.opt.Parallel, len(order)) {
		go func() {
			for src := range todo {
				done <- l.read(ctx, src, groups[src], left)
			}
		}()
	}
	l.collect(ctx, done, len(order), out)
	for src, locs := range groups {
		for _, loc := range locs {
			if left.full() {
				out[loc] = Result{Err: tooMuch(l.opt.MaxTotal).at(loc)}
			} else if _, ok := out[loc]; !ok {
				out[loc] = Result{Err: late(src).at(loc)}
			}
		}
	}
	l.count(out, time.Since(start))
	return out
}

// collect puts what arrives into out, until all n are there or ctx ends. Then
// it gives the readers a moment to say what they were waiting for.
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

// group sorts the locations by what has to be read for them, in the order
// given. Those that need no reading to fail get their result in out.
func (l *Loader) group(locs []Location, out map[Location]Result) (map[source][]Location, []source) {
	groups := map[source][]Location{}
	seen := make(map[Location]bool, len(locs))
	var order []source
	for _, loc := range locs {
		if seen[loc] {
			continue
		}
		seen[loc] = true
		if err := l.refuse(loc); err != nil {
			out[loc] = Result{Err: err}
			continue
		}
		src := source{loc.Bucket, loc.Key, loc.Version, loc.Path}
		if groups[src] == nil {
			order = append(order, src)
		}
		groups[src] = append(groups[src], loc)
	}
	return groups, order
}

// refuse says why a location isn't read at all, or nothing.
func (l *Loader) refuse(loc Location) *Error {
	switch err := loc.check(); {
	case err != nil:
		return err
	case loc.Path != "" && l.opt.Dir == "":
		return &Error{Reason: NotListed, Location: loc, Detail: "is a file, and no files are read here",
			Hint: "upload it and name it as s3://bucket/key, as aws cloudformation package does"}
	case loc.Path == "" && !l.allowed(loc.Bucket, loc.Key):
		src := source{bucket: loc.Bucket, key: loc.Key, version: loc.Version}
		return &Error{Reason: NotListed, Location: loc, Detail: "is in no bucket that may be read",
			Hint: "add " + loc.Bucket + " to DefinitionBuckets, a parameter of the macro's stack, which allows its role " + statement(l.opt.Region, src)}
	}
	return nil
}

// patience is how long a Load may take: what ctx leaves, less a tenth of it
// (at least 100 ms, at most 2 s) to answer in, and never above 30 s.
func patience(ctx context.Context, now time.Time) time.Duration {
	const most = 30 * time.Second
	end, ok := ctx.Deadline()
	if !ok {
		return most
	}
	left := end.Sub(now)
	return min(left-min(max(left/10, 100*time.Millisecond), 2*time.Second), most)
}

func (l *Loader) count(out map[Location]Result, took time.Duration) {
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
