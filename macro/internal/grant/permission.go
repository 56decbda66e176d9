package grant

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/awslabs/goformation/v7/cloudformation/lambda"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantinvoke/grantinvoke/macro/internal/caller"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// A permissionShape says which members a permission has.
type permissionShape struct{ account, depends, condition, retain bool }

var permissionShapes sync.Map // permissionShape -> shape

func (x permissionShape) shape() shape {
	if s, ok := permissionShapes.Load(x); ok {
		return s.(shape)
	}
	p := &lambda.Permission{
		Action:                    "lambda:InvokeFunction",
		FunctionName:              blank("function"),
		Principal:                 caller.ServicePrincipal,
		SourceArn:                 ptr(blank("source")),
		AWSCloudFormationMetadata: map[string]any{"GrantInvoke": blank("metadata")},
	}
	if x.account {
		p.SourceAccount = ptr(blank("account"))
	}
	if x.depends {
		p.AWSCloudFormationDependsOn = []string{blank("depends")}
	}
	if x.condition {
		p.AWSCloudFormationCondition = blank("condition")
	}
	if x.retain {
		p.AWSCloudFormationDeletionPolicy = "Retain"
	}
	s := newShape(p)
	permissionShapes.Store(x, s)
	return s
}

// permission returns the resource that grants a want.
func (d *decider) permission(w *want) jsontext.Value {
	x := permissionShape{account: w.sourceAccount, depends: len(w.target.DependsOn) > 0, condition: w.condition != "", retain: d.retained(w)}
	return x.shape().fill(func(b []byte, name string) []byte {
		switch name {
		case "function":
			return w.target.Name.AppendJSON(b)
		case "source":
			return appendSource(b, w.api, w.tail)
		case "account":
			return append(b, `{"Ref":"AWS::AccountId"}`...)
		case "depends":
			return append(b, quoteWords(w.target.DependsOn)...)
		case "condition":
			return template.AppendQuote(b, w.condition)
		}
		return w.appendMetadata(b)
	})
}

// quoteWords returns the words as JSON strings with commas between.
func quoteWords(words []string) string { return string(appendWords(nil, words)) }

func appendWords(b []byte, words []string) []byte {
	for i, w := range words {
		if i > 0 {
			b = append(b, ',')
		}
		b = template.AppendQuote(b, w)
	}
	return b
}

// appendMetadata says what the permission is for; neither time nor version,
// which would change it without need.
func (w *want) appendMetadata(b []byte) []byte {
	slices.Sort(w.routes)
	b = append(appendWords(append(b, `{"For":[`...), slices.Compact(w.routes)), ']')
	if w.widened != "" {
		b = template.AppendQuote(append(b, `,"Widened":`...), w.widened)
	}
	return append(b, '}')
}

var slash = template.Literal("/")

var sourcePrefix = template.Text{
	{Kind: template.Lit, Text: "arn:"}, {Kind: template.Ref, Text: "AWS::Partition"}, {Kind: template.Lit, Text: ":execute-api:"},
	{Kind: template.Ref, Text: "AWS::Region"}, {Kind: template.Lit, Text: ":"}, {Kind: template.Ref, Text: "AWS::AccountId"},
	{Kind: template.Lit, Text: ":"},
}

// appendSource appends the SourceArn for what stands behind an API's id: in
// the function's Region, the account's own partition.
func appendSource(b []byte, a caller.API, tail template.Text) []byte {
	return template.AppendSub(b, sourcePrefix, a.Name, slash, tail)
}

// retained reports whether function and API both outlive their stack: then so
// must what lets one call the other.
func (d *decider) retained(w *want) bool {
	for _, id := range []string{w.target.Function, w.api.ID} {
		r, ok := d.t.Resource(id)
		if policy, _ := r.Get("DeletionPolicy").Text(); !ok || policy != "Retain" {
			return false
		}
	}
	return true
}

// id is the logical id of a want: for ever the same for the same function,
// qualifier, API and source. A clash with an id of the template is resolved
// by hashing once more.
func (d *decider) id(w *want) string {
	parts := []string{w.target.Key, w.target.Qualifier, w.api.Key, w.tail.Key()}
	for n := 1; ; n++ {
		id := word(w.target.Function, "External") + word(w.api.ID, "Api") + "Invoke" + hash(parts...)
		if !d.t.Taken(id) {
			return id
		}
		parts = append(parts, strconv.Itoa(n))
	}
}

// word is a logical id cut to a length that leaves room for three in a
// statement id of 100 characters.
func word(id, otherwise string) string {
	if id == "" {
		return otherwise
	}
	clean := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' {
			return r
		}
		return -1
	}, id)
	return clean[:min(len(clean), 80)]
}

// hash returns 8 hexadecimal digits over the parts.
func hash(parts ...string) string {
	b := make([]byte, 0, 256)
	for i, p := range parts {
		if i > 0 {
			b = append(b, '\n')
		}
		b = append(b, p...)
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:4])
}
