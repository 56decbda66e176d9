package statement

import (
	"testing"

	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// The hint for a SourceArn that is no ARN has the form of the service's ARNs: that for a
// bucket's permission doesn't name an API.
func TestSourceHint(t *testing.T) {
	api := &invoke.Service{Word: "Api", Origins: invoke.Origins{ARN: invoke.OwnARN("execute-api"),
		Named: func(*invoke.Names, template.Text) (*invoke.Origin, bool) { return nil, false }}}
	for _, tt := range []struct {
		service *invoke.Service
		source  string
		hint    string
	}{
		{api, "Api/*", "write arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/* in Fn::Sub"},
		{&invoke.Service{Word: "Bucket"}, "photos", "write the ARN of what calls, such as !GetAtt Resource.Arn"},
		{&invoke.Service{Word: "Bucket"}, "arn:aws:s3:::photos", ""},
	} {
		if wrong, hint := wrongSource(tt.service, template.Literal(tt.source)); hint != tt.hint || (wrong == "") != (hint == "") {
			t.Errorf("%s: %q, hint %q, want %q", tt.source, wrong, hint, tt.hint)
		}
	}
}
