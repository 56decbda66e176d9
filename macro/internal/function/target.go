package function

import "github.com/grantinvoke/grantinvoke/macro/internal/template"

// A Target is the function that is called. Each qualifier of a function has a
// policy of its own, so function and qualifier together are what is granted
// (https://docs.aws.amazon.com/lambda/latest/dg/versioning-aliases-permissions.html).
type Target struct {
	Function  string         // logical id, "" where the function isn't in the template
	Key       string         // equal for all spellings of the same function; of the template's own one a symbol, which no text equals
	Qualifier string         // key of the version or alias; "" is the unqualified function
	Name      template.Text  // the FunctionName of a permission for it
	ARN       template.Text  // the ARN as the caller's URI spells it, for a role's policy
	DependsOn []string       // resources that must exist first and that Name doesn't refer to
	When      template.Guard // when function and alias exist
	Foreign                  // where it is, if that isn't where the stack is
	Filled                   // what its text is by the values that are known now

	among  []Target         // what it can be, where that depends on conditions
	nobody []template.Guard // when no function of the template has its name, though one has it in another case
}

// Foreign is where a function elsewhere is, as far as that is another place than
// the stack's own.
type Foreign struct{ Region, Account, Partition string }

// Elsewhere reports whether the function is in another account, Region or partition.
func (f Foreign) Elsewhere() bool { return f.Region != "" || f.Account != "" || f.Partition != "" }

// Filled is what the text of a function is once all that is known has been filled in.
type Filled struct {
	Alike string // what ID is then; "" where that is nothing more
	Bare  bool   // it is a name then, where it could be an ARN
	Place string // the account and Region that were taken for the stack's own in Alike, since that isn't known
}

// ID returns the key of function and qualifier together.
func (t Target) ID() string {
	if t.Qualifier == "" {
		return t.Key
	}
	return t.Key + ":" + t.Qualifier
}

// Mark is what the ids of grants have of the function: its logical id, or else
// its key.
func (t Target) Mark() string {
	if t.Function != "" {
		return t.Function
	}
	return t.Key
}

// Each returns the functions that the target can be, each under its condition:
// several where a name depends on one, or functions share it.
func (t Target) Each() []Target {
	if len(t.among) == 0 {
		return []Target{t}
	}
	return t.among
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
