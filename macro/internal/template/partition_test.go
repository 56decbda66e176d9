package template

import "testing"

func TestPartition(t *testing.T) {
	for region, want := range map[string]string{
		"": "", "eu-west-1": "aws", "us-east-1": "aws", "ap-southeast-5": "aws", "cn-north-1": "aws-cn", "us-gov-east-1": "aws-us-gov",
		"us-iso-west-1": "aws-iso", "us-isob-east-1": "aws-iso-b", "eu-isoe-west-1": "aws-iso-e", "us-isof-south-1": "aws-iso-f",
		"eusc-de-east-1": "aws-eusc",
	} {
		if got := Partition(region); got != want {
			t.Errorf("%q: %q instead of %q", region, got, want)
		}
	}
}
