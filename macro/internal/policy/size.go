package policy

// Limits of Lambda and CloudFormation.
const (
	// MaxBytes is how long a function's resource policy may be, for each of
	// its qualifiers
	// (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html).
	MaxBytes = 20480
	// MaxResources is how many resources a template may have
	// (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html).
	MaxResources = 500
	// MaxTemplate is how many bytes a template in S3 may have.
	MaxTemplate = 1_000_000
)

// MaxSid is the length of the longest statement id: CloudFormation makes it of the
// stack's name, the logical id and a random text, and cuts it.
const MaxSid = 100

// frame is the length of the document around the statements:
// {"Version":"2012-10-17","Id":"default","Statement":[]}
const frame = 54

// Lengths are what a statement's size depends on, in bytes.
type Lengths struct {
	Principal int  // the service or account
	Function  int  // the function's ARN with its qualifier
	Source    int  // the source ARN; 0: none
	Account   bool // with SourceAccount
	More      int  // all of further conditions, with their keys
}

// Size is how many bytes the statement takes in the policy's compact JSON:
//
//	{"Sid":"…","Effect":"Allow","Principal":{"Service":"…"},"Action":"lambda:InvokeFunction","Resource":"…",
//	 "Condition":{"ArnLike":{"AWS:SourceArn":"…"},"StringEquals":{"AWS:SourceAccount":"123456789012"}}}
func (s Lengths) Size() int {
	size := 101 + MaxSid + s.Principal + s.Function
	if s.Source > 0 {
		size += 45 + s.Source
	}
	if s.Account {
		size += 52
		if s.Source == 0 {
			size += 14
		}
	}
	return size + s.More
}

// Bytes is the size of a policy with count statements that have so many bytes
// together.
func Bytes(statements, count int) int {
	if count == 0 {
		return 0
	}
	return frame + statements + count - 1
}

// Budget is how many bytes the statements that we add may take beside the bytes that
// are there. It is half of what those leave: CloudFormation creates what is new
// before it deletes what is old, so that for a while both are in the policy.
func Budget(there int) int { return (MaxBytes - frame - there) / 2 }
