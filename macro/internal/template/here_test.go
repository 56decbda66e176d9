package template

import "testing"

// Only a condition that compares nothing but the Region, the account and the partition is
// decided where these are known.
func TestHere(t *testing.T) {
	doc := Index(`{"Mappings":{"M":{"us-east-1":{"K":"yes"},"eu-west-1":{"K":"no"}}},"Conditions":{
		"East":{"Fn::Equals":[{"Ref":"AWS::Region"},"us-east-1"]},
		"Gov":{"Fn::Or":[{"Fn::Equals":[{"Ref":"AWS::Region"},"us-gov-west-1"]},{"Fn::Equals":["aws-us-gov",{"Ref":"AWS::Partition"}]}]},
		"US":{"Fn::Equals":[{"Fn::Select":[0,{"Fn::Split":["-",{"Ref":"AWS::Region"}]}]},"us"]},
		"Mapped":{"Fn::Equals":[{"Fn::FindInMap":["M",{"Ref":"AWS::Region"},"K"]},"yes"]},
		"Text":{"Fn::Equals":[{"Fn::Sub":"${AWS::Region}/${AWS::AccountId}"},"us-east-1/111122223333"]},
		"Stage":{"Fn::Equals":[{"Ref":"Stage"},"prod"]},
		"Switch":{"Fn::Equals":["true","false"]}}}`)
	doc.Know(Deployed{Region: "us-east-1", Partition: "aws", Account: "111122223333"})
	for _, tt := range []struct {
		cond      string
		is, isNot bool // it can be true; it can be false
	}{
		{"East", true, false}, {"Gov", false, true}, {"US", true, false}, {"Mapped", true, false}, {"Text", true, false},
		{"Stage", true, true}, {"Switch", true, true}, {"None", true, true},
	} {
		if got := doc.PossibleHere(When(tt.cond, false)); got != tt.is {
			t.Errorf("%s may be true: %v", tt.cond, got)
		}
		if got := doc.PossibleHere(When(tt.cond, true)); got != tt.isNot {
			t.Errorf("%s may be false: %v", tt.cond, got)
		}
		if got := doc.CoveredHere(nil, []Guard{When(tt.cond, false)}); got == tt.isNot {
			t.Errorf("%s is always true: %v", tt.cond, got)
		}
		if doc.Covered(nil, []Guard{When(tt.cond, false)}) {
			t.Errorf("%s is always true everywhere", tt.cond)
		}
	}
	doc.Know(Deployed{})
	if !doc.PossibleHere(When("Gov", false)) || doc.CoveredHere(nil, []Guard{When("East", false)}) {
		t.Error("nothing is known of the place, and something is decided")
	}
}
