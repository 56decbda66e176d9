package cloud

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

type object = map[string]any

// page is a page of a list: at most size entries from the marker on, and the marker of the
// next page.
func (s *Server) page(n, size int, marker string) (from, to int, next string) {
	if s.Page > 0 {
		size = s.Page
	}
	from, _ = strconv.Atoi(marker)
	from = min(from, n)
	to = min(from+size, n)
	if to < n {
		next = strconv.Itoa(to)
	}
	return from, to, next
}

func (s *Server) lambdaFunction(name string) (*Function, error) {
	if i := strings.LastIndex(name, ":function:"); i >= 0 {
		name, _, _ = strings.Cut(name[i+len(":function:"):], ":")
	}
	if f := s.World.function(name); f != nil {
		return f, nil
	}
	return nil, notFound("Function not found: " + s.World.Arn(name, ""))
}

func (s *Server) configuration(f *Function, version string) object {
	arn := s.World.Arn(f.Name, "")
	if version != "$LATEST" {
		arn += ":" + version
	}
	return object{"FunctionName": f.Name, "FunctionArn": arn, "Runtime": "provided.al2023", "Version": version,
		"Environment": object{"Variables": object{"PASSWORD": "hunter2"}}}
}

func listFunctions(s *Server, q request) (answer, error) {
	from, to, next := s.page(len(s.World.Functions), 50, q.query("Marker"))
	list := []object{}
	for _, f := range s.World.Functions[from:to] {
		list = append(list, s.configuration(f, "$LATEST"))
	}
	return answer{json: paged(object{"Functions": list}, "NextMarker", next)}, nil
}

func paged(o object, name, next string) object {
	if next != "" {
		o[name] = next
	}
	return o
}

func getFunction(s *Server, q request) (answer, error) {
	f, err := s.lambdaFunction(q.path[0])
	if err != nil {
		return answer{}, err
	}
	return answer{json: s.configuration(f, "$LATEST")}, nil
}

func listAliases(s *Server, q request) (answer, error) {
	f, err := s.lambdaFunction(q.path[0])
	if err != nil {
		return answer{}, err
	}
	from, to, next := s.page(len(f.Aliases), 50, q.query("Marker"))
	list := []object{}
	for _, a := range f.Aliases[from:to] {
		list = append(list, object{"Name": a.Name, "AliasArn": s.World.Arn(f.Name, a.Name), "FunctionVersion": a.Version})
	}
	return answer{json: paged(object{"Aliases": list}, "NextMarker", next)}, nil
}

func listVersions(s *Server, q request) (answer, error) {
	f, err := s.lambdaFunction(q.path[0])
	if err != nil {
		return answer{}, err
	}
	all := append([]string{"$LATEST"}, f.Versions...)
	from, to, next := s.page(len(all), 50, q.query("Marker"))
	list := []object{}
	for _, v := range all[from:to] {
		list = append(list, s.configuration(f, v))
	}
	return answer{json: paged(object{"Versions": list}, "NextMarker", next)}, nil
}

// exists reports whether the function has a qualifier.
func (f *Function) exists(qualifier string) bool {
	return qualifier == "" || slices.Contains(f.Versions, qualifier) ||
		slices.ContainsFunc(f.Aliases, func(a Alias) bool { return a.Name == qualifier })
}

func (s *Server) policyOf(q request) (*Function, *Policy, error) {
	f, err := s.lambdaFunction(q.path[0])
	if err != nil {
		return nil, nil, err
	}
	qualifier := q.query("Qualifier")
	if !f.exists(qualifier) {
		return nil, nil, notFound("Cannot find alias arn: " + s.World.Arn(f.Name, qualifier))
	}
	p := f.Policies[qualifier]
	if p == nil || len(p.Statements) == 0 {
		return f, nil, nil
	}
	return f, p, nil
}

func getPolicy(s *Server, q request) (answer, error) {
	s.World.mu.Lock()
	defer s.World.mu.Unlock()
	_, p, err := s.policyOf(q)
	if err != nil {
		return answer{}, err
	}
	if p == nil {
		return answer{}, notFound("The resource you requested does not exist.")
	}
	return answer{json: object{"Policy": p.document(), "RevisionId": p.Revision}}, nil
}

// PolicyLimit is how many bytes a policy may have.
const PolicyLimit = 20480

func addPermission(s *Server, q request) (answer, error) {
	s.World.mu.Lock()
	defer s.World.mu.Unlock()
	f, p, err := s.policyOf(q)
	if err != nil {
		return answer{}, err
	}
	var in map[string]any
	if err := json.Unmarshal(q.body, &in); err != nil {
		return answer{}, &fault{http.StatusBadRequest, "InvalidRequestContentException", err.Error()}
	}
	text := func(name string) string { v, _ := in[name].(string); return v }
	if err := fresh(p, text("RevisionId")); err != nil {
		return answer{}, err
	}
	sid := text("StatementId")
	if p != nil && p.index(sid) >= 0 {
		return answer{}, &fault{http.StatusConflict, "ResourceConflictException", fmt.Sprintf("The statement id (%s) provided already exists. Please provide a new statement id, or remove the existing statement.", sid)}
	}
	conditions := map[string]string{}
	for _, name := range []string{"SourceArn", "SourceAccount", "PrincipalOrgID", "FunctionUrlAuthType", "EventSourceToken"} {
		conditions[name] = text(name)
	}
	qualifier := q.query("Qualifier")
	st := statement(sid, text("Principal"), text("Action"), s.World.Arn(f.Name, qualifier), conditions)
	next := Policy{Statements: []json.RawMessage{st}}
	if p != nil {
		next.Statements = append(slices.Clone(p.Statements), st)
	}
	if size := len(next.document()); size > PolicyLimit {
		return answer{}, &fault{http.StatusBadRequest, "PolicyLengthExceededException", fmt.Sprintf("The final policy size (%d) is bigger than the limit (%d).", size, PolicyLimit)}
	}
	s.World.put(f, qualifier, st)
	return answer{json: object{"Statement": string(st)}}, nil
}

// fresh returns an error where a revision isn't the policy's.
func fresh(p *Policy, revision string) error {
	if revision != "" && (p == nil || p.Revision != revision) {
		return &fault{http.StatusPreconditionFailed, "PreconditionFailedException",
			"The RevisionId provided does not match the latest RevisionId. Call the GetPolicy API to retrieve the latest RevisionId"}
	}
	return nil
}

func (p *Policy) index(sid string) int {
	return slices.IndexFunc(p.Statements, func(st json.RawMessage) bool {
		var x struct{ Sid string }
		return json.Unmarshal(st, &x) == nil && x.Sid == sid
	})
}

func removePermission(s *Server, q request) (answer, error) {
	s.World.mu.Lock()
	defer s.World.mu.Unlock()
	_, p, err := s.policyOf(q)
	if err != nil {
		return answer{}, err
	}
	i := -1
	if p != nil {
		i = p.index(q.path[1])
	}
	if i < 0 {
		return answer{}, notFound("Statement " + q.path[1] + " is not found in resource policy.")
	}
	if err := fresh(p, q.query("RevisionId")); err != nil {
		return answer{}, err
	}
	p.Statements, p.Revision = slices.Delete(slices.Clone(p.Statements), i, i+1), s.World.next()
	return answer{json: object{}}, nil
}
