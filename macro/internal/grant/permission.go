package grant

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/awslabs/goformation/v7/cloudformation/lambda"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantinvoke/grantinvoke/macro/internal/caller"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// The blanks of a built resource: goformation's fields are Go strings, so an
// expression is put in afterwards, over the blank that stands for it.
const (
	blankFunction = "\x01function\x01"
	blankSource   = "\x01source\x01"
	blankAccount  = "\x01account\x01"
	blankDepends  = "\x01depends\x01"
	blankCond     = "\x01condition\x01"
	blankMetadata = "\x01metadata\x01"
	blankDeletion = "\x01deletion\x01"
)

// A permissionShape says which members a permission has.
type permissionShape struct{ account, depends, condition, retain bool }

var shapes sync.Map // permissionShape -> []string, the text between and including blanks

// shape returns the JSON of a permission cut at its blanks; every second piece
// is a blank's name.
func (x permissionShape) pieces() []string {
	if p, ok := shapes.Load(x); ok {
		return p.([]string)
	}
	p := &lambda.Permission{
		Action:                     "lambda:InvokeFunction",
		FunctionName:               blankFunction,
		Principal:                  caller.ServicePrincipal,
		SourceArn:                  ptr(blankSource),
		AWSCloudFormationMetadata:  map[string]any{"GrantInvoke": blankMetadata},
		AWSCloudFormationDependsOn: nil,
	}
	if x.account {
		p.SourceAccount = ptr(blankAccount)
	}
	if x.depends {
		p.AWSCloudFormationDependsOn = []string{blankDepends}
	}
	if x.condition {
		p.AWSCloudFormationCondition = blankCond
	}
	if x.retain {
		p.AWSCloudFormationDeletionPolicy = "Retain"
	}
	b, err := json.Marshal(p)
	if err != nil {
		panic(err) // a struct of strings
	}
	pieces := strings.Split(string(b), `\u0001`)
	for i := 1; i < len(pieces); i += 2 { // the quotes belong to the blank
		pieces[i-1] = strings.TrimSuffix(pieces[i-1], `"`)
		pieces[i+1] = strings.TrimPrefix(pieces[i+1], `"`)
	}
	shapes.Store(x, pieces)
	return pieces
}

func ptr(s string) *string { return &s }

// permission returns the resource that grants a want.
func (d *decider) permission(w *want, condition string) jsontext.Value {
	x := permissionShape{account: w.sourceAccount, depends: len(w.target.DependsOn) > 0, condition: condition != "", retain: d.retained(w)}
	var b strings.Builder
	for i, piece := range x.pieces() {
		if i%2 == 0 {
			b.WriteString(piece)
			continue
		}
		switch "\x01" + piece + "\x01" {
		case blankFunction:
			b.WriteString(w.target.Name.JSON())
		case blankSource:
			b.WriteString(sourceARN(w.api, w.tail))
		case blankAccount:
			b.WriteString(`{"Ref":"AWS::AccountId"}`)
		case blankDepends:
			b.WriteString(quoteWords(w.target.DependsOn))
		case blankCond:
			b.WriteString(template.Quote(condition))
		case blankMetadata:
			b.WriteString(w.metadata())
		}
	}
	return jsontext.Value(b.String())
}

// quoteWords returns the words as JSON strings with commas between.
func quoteWords(words []string) string {
	quoted := make([]string, len(words))
	for i, w := range words {
		quoted[i] = template.Quote(w)
	}
	return strings.Join(quoted, ",")
}

// metadata says what the permission is for; neither time nor version, which
// would change it without need.
func (w *want) metadata() string {
	slices.Sort(w.routes)
	m := `{"For":` + "[" + quoteWords(w.routes) + "]"
	if w.widened != "" {
		m += `,"Widened":` + template.Quote(w.widened)
	}
	return m + "}"
}

var sourcePrefix = template.Text{
	{Kind: template.Lit, Text: "arn:"}, {Kind: template.Ref, Text: "AWS::Partition"}, {Kind: template.Lit, Text: ":execute-api:"},
	{Kind: template.Ref, Text: "AWS::Region"}, {Kind: template.Lit, Text: ":"}, {Kind: template.Ref, Text: "AWS::AccountId"},
	{Kind: template.Lit, Text: ":"},
}

// sourceARN is the SourceArn for what stands behind an API's id: in the
// function's Region, the account's own partition.
func sourceARN(a caller.API, tail template.Text) string {
	return template.Join(sourcePrefix, a.Name, template.Literal("/"), tail).JSON()
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
		if !d.t.Section("Resources").Get(id).Exists() {
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
	sum := sha256.Sum256([]byte(strings.Join(parts, "\n")))
	return hex.EncodeToString(sum[:4])
}
