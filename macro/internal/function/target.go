package function

import (
	"github.com/grantinvoke/grantinvoke/macro/internal/stack"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// A Target is a function that is called. Each qualifier of a function has a
// policy of its own, so function and qualifier together are what is granted
// (https://docs.aws.amazon.com/lambda/latest/dg/versioning-aliases-permissions.html).
type Target struct {
	Function  string         // the logical id; "" where the function isn't in the template
	Key       string         // equal for all spellings of the same function; for one of the template it is [stack.Key], which no text equals
	Qualifier string         // the key of the version or alias; "" for the unqualified function
	Name      template.Text  // the FunctionName of a permission for it
	ARN       template.Text  // the ARN as the caller's URI spells it, for a role's policy
	DependsOn []string       // resources that must exist first and that Name doesn't refer to
	When      template.Guard // when function and alias exist
	Foreign                  // where it is, if it isn't where the stack is
	Filled                   // what its text becomes when known values are filled in

	alternatives []Target         // what it may be, where that depends on conditions
	absentWhen   []template.Guard // when no function of the template has its name, though one has it in other cases
}

// Foreign tells where a function elsewhere is. A field is "" where it is the same
// as the stack's, or not known.
type Foreign struct{ Region, Account, Partition string }

// Elsewhere reports whether the function is in another account, Region or partition.
func (f Foreign) Elsewhere() bool { return f.Region != "" || f.Account != "" || f.Partition != "" }

// Filled tells what the text of a function becomes when all values that are known
// before the deployment are filled in.
type Filled struct {
	KnownID string // what [Target.ID] then is; "" where that is the same as before
	IsName  bool   // it then is a name, while an ARN was possible
	Assumed string // the Region and account of the ARN, each with a colon, that KnownID takes for the stack's own, which aren't known
}

// ID returns the key of function and qualifier together.
func (t Target) ID() string {
	if t.Qualifier == "" {
		return t.Key
	}
	return t.Key + ":" + t.Qualifier
}

// QualifierText is the qualifier as a text: a reference, where a parameter names the alias.
func (t Target) QualifierText() template.Text {
	if name := stack.Named(t.Qualifier); name != t.Qualifier {
		return template.RefTo(name)
	}
	return template.Literal(t.Qualifier)
}

// Mark returns what stands for the function in the hashes that logical ids are made
// of: its logical id, or else its key.
func (t Target) Mark() string {
	if t.Function != "" {
		return t.Function
	}
	return t.Key
}

// Each returns the functions that the target may be, each with its condition:
// several where its name depends on a condition, or where functions share it.
func (t Target) Each() []Target {
	if len(t.alternatives) == 0 {
		return []Target{t}
	}
	return t.alternatives
}

// Is reports whether the resource type is a Lambda function's.
func Is(typ string) bool {
	return typ == "AWS::Lambda::Function" || typ == "AWS::Serverless::Function"
}

// IsNamed reports whether a reference to a resource of the type can name a
// function: to one, to an alias or to a version.
func IsNamed(typ string) bool {
	return Is(typ) || typ == "AWS::Lambda::Alias" || typ == "AWS::Lambda::Version"
}
