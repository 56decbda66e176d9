// Package update tells what the next update of a stack does to the policies that are
// deployed: which statements are the stack's own, which somebody else has added,
// which are there twice, and whether old and new statements together fit into 20,480
// bytes while CloudFormation exchanges them.
package update

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantinvoke/grantinvoke/macro/internal/account"
	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/policy"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// The reasons of this package.
var (
	noRoom = finding.Reason{Name: "live-room", Severity: finding.Fault,
		Sentence: "the update won't fit into the function's policy, in which old and new statements stand together for a while",
		Hint:     "remove statements that aren't needed (grantinvoke audit -function), or deploy once with Scope: api"}
	twice = finding.Reason{Name: "live-twice", Severity: finding.Warning,
		Sentence: "the deployed policy has a statement of somebody else's that says what the template says",
		Hint:     "remove it once the template's own is deployed; grantinvoke audit -plan writes how"}
	byHand = finding.Reason{Name: "live-by-hand", Severity: finding.Warning,
		Sentence: "the call works where it is deployed, by a statement that isn't the stack's: nothing in the template allows it",
		Hint:     "put the permission into the template, or name the macro there"}
	foreign = finding.Reason{Name: "live-foreign", Severity: finding.Info,
		Sentence: "the deployed policy has a statement that isn't the stack's",
		Hint:     "put it into the template, or remove it if nobody needs it"}
	replaced = finding.Reason{Name: "live-replaced", Severity: finding.Warning,
		Sentence: "the deployed policy has a statement that goes, since the template's AWS::Lambda::ResourcePolicy replaces the whole policy",
		Hint:     "if somebody needs it, put it into the PolicyDocument; where the macro writes that one, into an AWS::Lambda::Permission of the template"}
	withWhole = finding.Reason{Name: "live-whole", Severity: finding.Fault,
		Sentence: "the update deletes the stack's AWS::Lambda::ResourcePolicy of the function, and with it every statement, also of permissions that the update adds",
		Hint:     "deploy once with Grant: role before, where the service takes one; elsewhere deploy a second time with SourceAccount: true, which makes every permission anew"}
	lost = finding.Reason{Name: "live-lost", Severity: finding.Warning,
		Sentence: "the permission's statement is no longer in the deployed policy",
		Hint:     "something outside of CloudFormation has removed it: give the permission a new logical id, or add the statement again"}
	denies = finding.Reason{Name: "live-denies", Severity: finding.Fault,
		Sentence: "a statement of the deployed policy denies what the permission allows: a Deny wins over every Allow",
		Hint:     "remove it, or leave the call out of what it denies"}
	mayDeny = finding.Reason{Name: "live-may-deny", Severity: finding.Warning,
		Sentence: "a statement of the deployed policy may deny what the permission allows, which can't be known",
		Hint:     "look at its conditions: a Deny wins over every Allow"}
	noFunction = finding.Reason{Name: "live-function", Severity: finding.Warning,
		Sentence: "a deployed policy is of no function of the template, as far as names tell",
		Hint:     "name the function: -live LogicalId=FILE"}
)

// Reasons returns all reasons of this package, for the documentation.
func Reasons() []finding.Reason {
	return []finding.Reason{noRoom, twice, byHand, foreign, replaced, withWhole, lost, denies, mayDeny, noFunction}
}

// A Deployed tells what is deployed.
type Deployed struct {
	Stack    string            // its name; "": it is found by the Sids of statements
	Physical map[string]string // physical ids by logical ones; nil: they are found by the Sids of statements
	Whole    map[string]string // the ARN of the function by the logical id of each AWS::Lambda::ResourcePolicy
	Policies []Live
	Account  string          // of the stack; "": not known
	Region   string          // of the stack; "": not known
	Own      map[string]bool // the logical ids that the author's template has itself; the macro adds the others
	Macro    bool            // the macro runs when the template is deployed, and adds these
	Given    []Given
}

// A Given is a statement that SAM's permissions make, or that a service adds itself.
type Given struct {
	By        string // "SAM, for the event Tick of Fn"
	IDPrefix  string // what the logical id of SAM's permission begins with; "": the service adds it itself
	Function  string // the function's logical id
	Qualifier template.Text
	Principal string
	Action    string
	Source    template.Text // its SourceArn; none if it has none
}

// A Live is one policy as Lambda has it.
type Live struct {
	ARN      string // of the function with its qualifier
	Function string // the function's logical id, where the user has told it
	Document string // JSON
}

// elsewhere reports whether a policy is of a function in another account or Region
// than the stack's.
func (d Deployed) elsewhere(l Live) bool {
	region, id, _, _, ok := account.Split(l.ARN)
	return ok && l.Function == "" && (d.Account != "" && id != d.Account || d.Region != "" && region != d.Region)
}

// A Policy tells what becomes of a deployed policy, in statements and bytes.
type Policy struct {
	ARN      string `json:"arn"`
	Function string `json:"function"`        // logical id; "" where the template has none
	Whole    string `json:"whole,omitempty"` // the template's AWS::Lambda::ResourcePolicy that replaces all of it
	Now      int    `json:"statements"`      // deployed now
	Own      int    `json:"own"`             // of these, the stack's, or the service's that adds them itself
	Foreign  int    `json:"foreign"`         // of these, somebody else's
	Others   int    `json:"foreignBytes"`    // bytes of the foreign ones
	New      int    `json:"new"`             // added by the update
	Gone     int    `json:"gone"`            // removed by the update
	Bytes    int    `json:"bytes"`           // of the policy now
	Peak     int    `json:"peakBytes"`       // at most, during the update
	After    int    `json:"afterBytes"`      // after it
}

// Fits reports whether the update will pass.
func (p Policy) Fits() bool { return p.Peak <= policy.MaxBytes }

// Compare tells what the update to a template does to the policies that are
// deployed. after is the template as CloudFormation gets it, with all grants; values
// has the values of its parameters and pseudo parameters, as far as they are known.
// The error is that of invalid JSON.
func Compare(after []byte, values map[string]string, d Deployed) ([]Policy, []finding.Finding, error) {
	t, err := template.Parse(after)
	if err != nil {
		return nil, nil, err
	}
	c := &comparison{t: t, values: values, deployed: d, known: map[string]string{}, prefix: d.Stack}
	for id, physical := range d.Physical {
		c.known[id] = physical
	}
	for _, live := range d.Policies {
		if d.elsewhere(live) {
			c.tell(noFunction, "", live.ARN+" is of another account or Region")
			continue
		}
		c.read(live)
	}
	c.plan()
	c.planGiven()
	c.learn()
	for _, p := range c.live {
		c.compare(p)
	}
	c.lost()
	return c.policies, c.findings, nil
}

// A comparison is one at work.
type comparison struct {
	t        *template.Template
	values   map[string]string
	deployed Deployed
	planned  []*planned
	whole    map[string]*resourcePolicy // by keys of functions
	live     []*live
	known    map[string]string // physical ids by logical ones, and the pseudo parameters
	prefix   string            // the stack's name
	policies []Policy
	findings []finding.Finding
}

// A planned is a statement that the policy will have: that of a permission of the
// template, or a given one.
type planned struct {
	id        string // the permission's logical id; "" for a given one
	given     *Given // nil: a permission of the template makes it
	function  string // the function's logical id, or its name as written
	qualifier string
	principal string        // as a policy has it; "" where it isn't known
	who       template.Text // the principal as it is written
	action    string        // "" where it isn't known
	source    template.Text // its SourceArn; none if it has none
	account   template.Text // its SourceAccount; none if it has none
	more      bool          // with a condition that isn't looked at here
	there     bool          // its statement has been found
	without   bool          // it won't be deployed
}

// A live is a deployed policy, read.
type live struct {
	Live
	function, qualifier string // as in planned
	statements          []statement
}

// A statement is one of a deployed policy.
type statement struct {
	policy.Statement
	raw string   // its JSON
	own *planned // what has made it; nil if nothing known has
}

// source returns the source ARN of a statement with only one.
func (s statement) source() string {
	for _, c := range s.Conditions {
		if strings.EqualFold(c.Key, policy.SourceArn) && len(c.Values) == 1 {
			return c.Values[0]
		}
	}
	return ""
}

// read reads the statements of a deployed policy.
func (c *comparison) read(l Live) {
	var doc struct{ Statement json.RawMessage }
	var list []json.RawMessage
	if json.Unmarshal([]byte(l.Document), &doc) == nil && json.Unmarshal(doc.Statement, &list) != nil {
		list = []json.RawMessage{doc.Statement}
	}
	x := &live{Live: l}
	for _, raw := range list {
		x.statements = append(x.statements, statement{Statement: policy.ReadStatement(raw), raw: string(raw)})
	}
	region, id, _, qualifier, ok := account.Split(l.ARN)
	if x.qualifier = qualifier; ok {
		part := strings.SplitN(l.ARN, ":", 3)
		for name, v := range map[string]string{"AWS::Partition": part[1], "AWS::Region": region, "AWS::AccountId": id} {
			if _, given := c.values[name]; !given {
				c.known[name] = v
			}
		}
	}
	c.live = append(c.live, x)
}

// tell adds a finding about a resource, or about the template where it has no such
// resource.
func (c *comparison) tell(reason finding.Reason, id, detail string) {
	at := jsontext.Pointer("")
	if _, ok := c.t.Resource(id); ok {
		at = jsontext.Pointer("/Resources").AppendToken(id)
	}
	f := finding.Finding{Reason: reason, At: at, Detail: detail}
	if !slices.Contains(c.findings, f) {
		c.findings = append(c.findings, f)
	}
}

// lost adds a finding for each permission that is deployed but whose statement isn't
// in the policy.
func (c *comparison) lost() {
	if c.deployed.Physical == nil {
		return
	}
	for _, p := range c.planned {
		sid, made := c.deployed.Physical[p.id]
		if made && !p.there && slices.ContainsFunc(c.live, func(l *live) bool { return l.function == p.function && l.qualifier == p.qualifier }) {
			c.tell(lost, p.id, fmt.Sprintf("its id is %s", sid))
		}
	}
}
