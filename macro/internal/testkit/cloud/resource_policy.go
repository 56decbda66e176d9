package cloud

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
)

// The operations on a function's policy as a whole
// (https://docs.aws.amazon.com/lambda/latest/api/API_PutResourcePolicy.html).

// resource is the function and the qualifier that a call names by its ARN.
func (s *Server) resource(q request) (*Function, string, error) {
	arn := q.path[0]
	parts := strings.Split(arn, ":")
	if len(parts) < 7 || strings.ContainsAny(arn, "*?") {
		return nil, "", &fault{http.StatusBadRequest, "InvalidParameterValueException", "ResourceArn is no complete ARN: " + arn}
	}
	qualifier := strings.Join(parts[7:], ":")
	f := s.World.function(parts[6])
	if f == nil || !f.exists(qualifier) || arn != s.World.Arn(f.Name, qualifier) {
		return nil, "", notFound("Function not found: " + arn)
	}
	return f, qualifier, nil
}

func putResourcePolicy(s *Server, q request) (answer, error) {
	s.World.mu.Lock()
	defer s.World.mu.Unlock()
	f, qualifier, err := s.resource(q)
	if err != nil {
		return answer{}, err
	}
	var in struct{ Policy, RevisionId string }
	var doc struct {
		Version   string
		Statement []json.RawMessage
	}
	if err := json.Unmarshal(q.body, &in); err != nil {
		return answer{}, &fault{http.StatusBadRequest, "InvalidRequestContentException", err.Error()}
	}
	if err := json.Unmarshal([]byte(in.Policy), &doc); err != nil || doc.Version == "" || len(doc.Statement) == 0 {
		return answer{}, &fault{http.StatusBadRequest, "InvalidParameterValueException", "The policy is no policy document"}
	}
	if size := len(in.Policy); size > PolicyLimit {
		return answer{}, &fault{http.StatusBadRequest, "PolicyLengthExceededException", fmt.Sprintf("The final policy size (%d) is bigger than the limit (%d).", size, PolicyLimit)}
	}
	if err := fresh(f.Policies[qualifier], in.RevisionId); err != nil {
		return answer{}, err
	}
	if f.Policies == nil {
		f.Policies = map[string]*Policy{}
	}
	p := &Policy{Statements: doc.Statement, Revision: s.World.next()}
	f.Policies[qualifier] = p
	return answer{json: object{"Policy": in.Policy, "RevisionId": p.Revision}}, nil
}

func getResourcePolicy(s *Server, q request) (answer, error) {
	s.World.mu.Lock()
	defer s.World.mu.Unlock()
	f, qualifier, err := s.resource(q)
	if err != nil {
		return answer{}, err
	}
	p := f.Policies[qualifier]
	if p == nil || len(p.Statements) == 0 {
		return answer{}, notFound("The resource you requested does not exist.")
	}
	return answer{json: object{"Policy": p.document(), "RevisionId": p.Revision}}, nil
}

func deleteResourcePolicy(s *Server, q request) (answer, error) {
	s.World.mu.Lock()
	defer s.World.mu.Unlock()
	f, qualifier, err := s.resource(q)
	if err != nil {
		return answer{}, err
	}
	if p := f.Policies[qualifier]; p == nil || len(p.Statements) == 0 {
		return answer{}, notFound("The resource you requested does not exist.")
	}
	if err := fresh(f.Policies[qualifier], q.query("RevisionId")); err != nil {
		return answer{}, err
	}
	delete(f.Policies, qualifier)
	return answer{json: object{}}, nil
}
