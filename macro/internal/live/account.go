package live

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/grantinvoke/grantinvoke/macro/internal/account"
	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
)

// An Ask tells what to read. What that leads to is read too: the functions that an
// API calls, the APIs that a function's statements name, roles, and stacks.
type Ask struct {
	All       bool     // every API and function of the Region
	Stacks    []string // names: their APIs and functions, and those of nested stacks
	APIs      []string // ids
	Functions []string // names or ARNs
	Versions  bool     // the policies of every published version, not only of those that are called
}

// A session is one reading. Its maps have what is wanted; each entry is filled in by
// one goroutine.
type session struct {
	*Reader
	ctx context.Context
	ask Ask

	mu        sync.Mutex // guards out, and lists of what is unread
	out       account.Account
	functions map[string]*account.Function // by name
	apis      map[string]*account.API      // by id
	stacks    map[string]*account.Stack    // by name
}

// Read reads what was asked for. The account tells what could not be read; an error
// means that nothing could, or that ctx ended.
func (r *Reader) Read(ctx context.Context, ask Ask) (account.Account, error) {
	s := &session{Reader: r, ctx: ctx, ask: ask, functions: map[string]*account.Function{}, apis: map[string]*account.API{}, stacks: map[string]*account.Stack{}}
	who, err := r.sts.GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		return account.Account{}, fmt.Errorf("who is asking: %s: %w", why(err), err)
	}
	s.out = account.Account{Format: account.Format, ID: aws.ToString(who.Account), Region: r.region, Partition: "aws", Taken: stamp(who.ResultMetadata)}
	if part := strings.SplitN(aws.ToString(who.Arn), ":", 3); len(part) == 3 {
		s.out.Partition = part[1]
	}
	if err := s.collect(); err != nil {
		return account.Account{}, err
	}
	s.readAPIs(s.pendingAPIs())
	for _, name := range s.called() {
		s.wantFunction(name)
	}
	s.readFunctions()
	s.readAPIs(s.named()) // those that only statements name
	s.readRoles()
	s.readOwners()
	s.readOrigins()
	return s.finish(), ctx.Err()
}

// collect finds the APIs and functions that were asked for.
func (s *session) collect() error {
	if s.ask.All {
		s.listAll()
	}
	for _, name := range s.ask.Stacks {
		if err := s.collectStack(name, 0); err != nil {
			return fmt.Errorf("stack %s: %s: %w", name, why(err), err)
		}
	}
	for _, id := range s.ask.APIs {
		s.wantAPI(id).Asked = true
	}
	for _, name := range s.ask.Functions {
		region, id, bare, _, isARN := account.Split(name)
		if !isARN {
			bare, _, _ = strings.Cut(name, ":")
		} else if region != s.region || id != s.out.ID {
			return finding.Errorf("function "+name, "ask there", "is of another account or Region")
		}
		s.wantFunction(bare)
	}
	return nil
}

// wantAPI adds an API to those that are read, if it isn't among them.
func (s *session) wantAPI(id string) *account.API {
	a := s.apis[id]
	if a == nil {
		a = &account.API{ID: id}
		s.apis[id] = a
	}
	return a
}

// wantFunction adds a function to those that are read, if it isn't among them.
func (s *session) wantFunction(name string) *account.Function {
	f := s.functions[name]
	if f == nil {
		f = &account.Function{Name: name, ARN: "arn:" + s.out.Partition + ":lambda:" + s.region + ":" + s.out.ID + ":function:" + name}
		s.functions[name] = f
	}
	return f
}

// unread notes that an operation failed, so that a list isn't complete.
func (s *session) unread(what string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.out.Unread = append(s.out.Unread, account.Unread{What: what, Why: why(err)})
}

// pendingAPIs returns the APIs that are wanted and not read yet.
func (s *session) pendingAPIs() []*account.API {
	var out []*account.API
	for _, a := range s.apis {
		if a.Protocol == "" || a.Stages == nil {
			out = append(out, a)
		}
	}
	return out
}

// called returns the names of the functions of this account and Region that the APIs
// call which were asked for.
func (s *session) called() []string {
	var out []string
	for _, a := range s.apis {
		if !a.Asked {
			continue
		}
		for _, arn := range a.Targets() {
			if region, id, name, _, ok := account.Split(arn); ok && region == s.region && id == s.out.ID && !strings.Contains(name, "$") {
				out = append(out, name)
			}
		}
	}
	return out
}

// named adds the APIs that statements name to those that are read, and returns those
// that weren't among them.
func (s *session) named() []*account.API {
	if s.out.AllAPIs {
		return nil
	}
	ids := map[string]bool{}
	for _, f := range s.functions {
		for _, p := range f.Policies {
			for _, arn := range sources(p.Document) {
				part := strings.SplitN(arn, ":", 6)
				if len(part) < 6 || part[2] != "execute-api" || part[4] != s.out.ID {
					continue
				}
				id, _, _ := strings.Cut(part[5], "/")
				if id != "" && !strings.ContainsAny(id, "*?") && s.apis[id] == nil {
					ids[id] = true
				}
			}
		}
	}
	var out []*account.API
	for id := range ids {
		out = append(out, s.wantAPI(id))
	}
	return out
}

// finish returns the account with everything sorted.
func (s *session) finish() account.Account {
	a := s.out
	for _, f := range s.functions {
		slices.SortFunc(f.Policies, func(x, y account.Policy) int { return strings.Compare(x.Qualifier, y.Qualifier) })
		slices.Sort(f.Unread)
		a.Functions = append(a.Functions, *f)
	}
	for _, x := range s.apis {
		slices.Sort(x.Unread)
		a.APIs = append(a.APIs, *x)
	}
	for _, x := range s.stacks {
		a.Stacks = append(a.Stacks, *x)
	}
	slices.SortFunc(a.Functions, func(x, y account.Function) int { return strings.Compare(x.Name, y.Name) })
	slices.SortFunc(a.APIs, func(x, y account.API) int { return strings.Compare(x.ID, y.ID) })
	slices.SortFunc(a.Stacks, func(x, y account.Stack) int { return strings.Compare(x.Name, y.Name) })
	slices.SortFunc(a.Roles, func(x, y account.Role) int { return strings.Compare(x.ARN, y.ARN) })
	slices.SortFunc(a.Origins, func(x, y account.Origin) int { return strings.Compare(x.ARN, y.ARN) })
	slices.SortFunc(a.Unread, func(x, y account.Unread) int { return strings.Compare(x.What+x.Why, y.What+y.Why) })
	a.Unread = slices.Compact(a.Unread)
	return a
}
