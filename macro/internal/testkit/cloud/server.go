package cloud

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"time"
)

// A Server plays a World. Its fields may be set before it serves.
type Server struct {
	World *World
	// Page is how many entries a page of a list has; 0 is what AWS has.
	Page int
	// Quotas makes calls that come faster than the documented quotas fail.
	Quotas bool
	// Throttle is how often each operation fails with 429 before it works.
	Throttle int
	// Denied are operations, such as lambda:GetPolicy, without rights.
	Denied map[string]bool
	// Down are operations that answer 500.
	Down map[string]bool

	mu        sync.Mutex
	calls     []Call
	throttled map[string]int
	buckets   map[string]*bucket
}

// A Call is one call in the log.
type Call struct {
	Operation string // such as lambda:GetPolicy
	Path      string
	Read      bool
	Status    int
}

// Log returns the calls so far.
func (s *Server) Log() []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Call(nil), s.calls...)
}

// Start serves on a free port of 127.0.0.1 until stop is called.
func (s *Server) Start() (url string, stop func(), err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	server := &http.Server{Handler: s, ReadHeaderTimeout: 10 * time.Second}
	go server.Serve(l) //nolint:errcheck // it ends with ErrServerClosed
	return "http://" + l.Addr().String(), func() { server.Close() }, nil
}

// A request is one call, read.
type request struct {
	operation string // service:Operation
	path      []string
	query     func(string) string
	body      []byte
	xmlns     string
}

// A fault is an error as AWS answers it.
type fault struct {
	status        int
	code, message string
}

func (f *fault) Error() string { return f.code + ": " + f.message }

// An answer is what an operation returns: JSON, XML below a result, or bytes.
type answer struct {
	json any
	xml  any
	raw  []byte
}

// clock is the time of all answers.
const clock = "Fri, 27 Nov 2026 10:00:00 GMT"

var readVerb = regexp.MustCompile(`:(Get|List|Describe|Simulate|Export)`)

// ServeHTTP implements [http.Handler].
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	w.Header().Set("Date", clock)
	q, handle := route(r, body)
	status := http.StatusOK
	var out answer
	f := s.refuse(q.operation)
	if f == nil {
		if out, err = handle(s, q); err != nil && !errors.As(err, &f) {
			f = &fault{http.StatusInternalServerError, "ServiceException", err.Error()}
		}
	}
	if f != nil {
		status = fail(w, q, f)
	} else {
		write(w, q, out)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls = append(s.calls, Call{q.operation, r.URL.RequestURI(), readVerb.MatchString(q.operation), status})
}

// Do answers a request without a socket, so that a test may have a time of its own:
// the server is the HTTP client of an SDK, [aws.HTTPClient].
func (s *Server) Do(q *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	if q.Body == nil {
		q.Body = http.NoBody
	}
	s.ServeHTTP(w, q)
	return w.Result(), nil
}

// refuse returns the error of an operation that isn't carried out: without rights, too
// fast, or down; nil for others.
func (s *Server) refuse(operation string) *fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.Quotas && !s.spend(operation, time.Now()) {
		return &fault{http.StatusTooManyRequests, "TooManyRequestsException", "Rate exceeded"}
	}
	if s.throttled == nil {
		s.throttled = map[string]int{}
	}
	if s.throttled[operation] < s.Throttle {
		s.throttled[operation]++
		return &fault{http.StatusTooManyRequests, "TooManyRequestsException", "Rate exceeded"}
	}
	if s.Denied[operation] {
		return &fault{http.StatusForbidden, "AccessDeniedException", "User: arn:aws:iam::111122223333:user/reader is not authorized to perform: " + operation}
	}
	if s.Down[operation] {
		return &fault{http.StatusInternalServerError, "ServiceException", "Service error"}
	}
	return nil
}

func write(w http.ResponseWriter, q request, a answer) {
	switch {
	case a.raw != nil:
		w.Header().Set("Content-Type", "application/json")
		w.Write(a.raw)
	case a.xml != nil:
		w.Header().Set("Content-Type", "text/xml")
		inner, err := xml.Marshal(a.xml)
		if err != nil {
			panic(err)
		}
		_, name, _ := strings.Cut(q.operation, ":")
		if strings.HasPrefix(q.operation, "s3:") {
			w.Write(inner)
			return
		}
		fmt.Fprintf(w, `<%[1]sResponse xmlns="%[2]s">%[3]s<ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></%[1]sResponse>`, name, q.xmlns, inner)
	default:
		w.Header().Set("Content-Type", "application/json")
		var b bytes.Buffer
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		if err := e.Encode(a.json); err != nil {
			panic(err)
		}
		w.Write(b.Bytes())
	}
}

// fail writes an error in the form of the service's protocol.
func fail(w http.ResponseWriter, q request, f *fault) int {
	if q.xmlns != "" {
		w.Header().Set("Content-Type", "text/xml")
		w.WriteHeader(f.status)
		code := strings.TrimSuffix(f.code, "Exception")
		if code == "AccessDenied" || code == "NoSuchEntity" || code == "ValidationError" {
			f = &fault{f.status, code, f.message}
		} else if f.status == http.StatusTooManyRequests {
			f = &fault{f.status, "Throttling", f.message}
		}
		if strings.HasPrefix(q.operation, "s3:") {
			fmt.Fprintf(w, `<Error><Code>%s</Code><Message>%s</Message></Error>`, f.code, f.message)
			return f.status
		}
		fmt.Fprintf(w, `<ErrorResponse xmlns="%s"><Error><Type>Sender</Type><Code>%s</Code><Message>%s</Message></Error><RequestId>1</RequestId></ErrorResponse>`, q.xmlns, f.code, f.message)
		return f.status
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-Amzn-ErrorType", f.code)
	w.WriteHeader(f.status)
	json.NewEncoder(w).Encode(map[string]string{"__type": f.code, "message": f.message})
	return f.status
}

// A bucket is how many calls a quota has left.
type bucket struct {
	left float64
	at   time.Time
}

// The documented quotas: calls in a second, and how many at once
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html,
// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html).
var quotas = map[string]struct{ rate, burst float64 }{
	"apigateway:GetResources": {2.5, 5},
	"apigateway":              {10, 40},
	"lambda:GetPolicy":        {15, 15},
	"lambda":                  {15, 15},
}

// spend takes a call from the quotas that hold for an operation.
func (s *Server) spend(operation string, now time.Time) bool {
	service, _, _ := strings.Cut(operation, ":")
	if s.buckets == nil {
		s.buckets = map[string]*bucket{}
	}
	for _, key := range []string{operation, service} {
		q, ok := quotas[key]
		if !ok || key == "lambda" && operation == "lambda:GetPolicy" {
			continue
		}
		b := s.buckets[key]
		if b == nil {
			b = &bucket{q.burst, now}
			s.buckets[key] = b
		}
		b.left = min(q.burst, b.left+now.Sub(b.at).Seconds()*q.rate)
		b.at = now
		if b.left < 1 {
			return false
		}
		b.left--
	}
	return true
}
