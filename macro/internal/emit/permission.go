package emit

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/awslabs/goformation/v7/cloudformation/lambda"
	"github.com/awslabs/goformation/v7/cloudformation/policies"

	"github.com/grantinvoke/grantinvoke/macro/internal/grant"
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/naming"
	"github.com/grantinvoke/grantinvoke/macro/internal/statement"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// permissionShape has every member that an added permission can have.
var permissionShape = sync.OnceValue(func() shape {
	s := newShape(&lambda.Permission{
		Action:                          blank("action"),
		FunctionName:                    blank("function"),
		FunctionUrlAuthType:             ptr(blank("auth")),
		Principal:                       blank("principal"),
		SourceAccount:                   ptr(blank("account")),
		SourceArn:                       ptr(blank("source")),
		AWSCloudFormationDependsOn:      []string{blank("depends")},
		AWSCloudFormationMetadata:       map[string]any{"GrantInvoke": blank("metadata")},
		AWSCloudFormationDeletionPolicy: policies.DeletionPolicy(blank("deletion")),
		AWSCloudFormationCondition:      blank("condition"),
	})
	// goformation doesn't have InvokedViaFunctionUrl yet
	after := slices.IndexFunc(s, func(p piece) bool { return p.blank == "auth" }) + 1
	return slices.Insert(s, after, piece{member: `,"InvokedViaFunctionUrl":`, blank: "via"})
})

// quoteWords returns the words as JSON strings with commas between.
func quoteWords(words []string) string { return string(appendWords(nil, words)) }

// appendWords appends words as JSON strings with commas between.
func appendWords(b []byte, words []string) []byte {
	for i, w := range words {
		if i > 0 {
			b = append(b, ',')
		}
		b = template.AppendQuote(b, w)
	}
	return b
}

// embedded matches what looks like a reference of Fn::Sub.
var embedded = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\$\{([A-Za-z0-9_:.]+)\}`) })

// appendTexts is appendWords for texts that people read, see readable.
func appendTexts(b []byte, texts []string) []byte {
	for i, x := range texts {
		if i > 0 {
			b = append(b, ',')
		}
		b = template.AppendQuote(b, readable(x))
	}
	return b
}

// readable writes <X> for ${X}, which linters take for a mistake outside of Fn::Sub.
func readable(x string) string {
	if !strings.Contains(x, "${") {
		return x
	}
	return embedded().ReplaceAllString(x, "<$1>")
}

// appendPermission appends the resource that grants a want. retained says that it outlives
// the stack.
func (d *writer) appendPermission(b []byte, w *grant.Want, retained bool) []byte {
	return permissionShape().append(b, func(b []byte, name string) ([]byte, bool) {
		c := w.Call
		switch name {
		case "action":
			return template.AppendQuote(b, c.Access.Action()), true
		case "function":
			return c.Target.Name.AppendJSON(b), true
		case "auth":
			return append(b, `"NONE"`...), c.Access == invoke.InvokePublic
		case "via":
			return append(b, "true"...), c.Access == invoke.InvokeViaURL
		case "principal":
			return template.AppendQuote(b, c.Principal), true
		case "account":
			return append(b, `{"Ref":"AWS::AccountId"}`...), w.SourceAccount
		case "source":
			return d.appendSource(b, w), c.Source.ARN == nil || len(w.Tail) > 0
		case "depends":
			return append(appendWords(append(b, '['), c.Target.DependsOn), ']'), len(c.Target.DependsOn) > 0
		case "deletion":
			return append(b, `"Retain"`...), retained
		case "condition":
			return template.AppendQuote(b, w.Condition), w.Condition != ""
		}
		return d.appendMetadata(b, w), true
	})
}

// appendSource appends a want's SourceArn as JSON. What precedes the tail is written once
// for all wants of an origin, of which there may be hundreds.
func (d *writer) appendSource(b []byte, w *grant.Want) []byte {
	tail, verbatim := w.Tail.Verbatim()
	if w.Call.Source.ARN != nil || !verbatim {
		return grant.AppendSource(b, w)
	}
	start, known := d.starts[w.Call.Origin]
	if !known {
		if d.starts == nil {
			d.starts = map[*invoke.Origin]string{}
		}
		start = grant.SourceStart(w.Call)
		d.starts[w.Call.Origin] = start
	}
	if start == "" {
		return grant.AppendSource(b, w)
	}
	return append(append(append(b, start...), tail...), template.SubEnd...)
}

// appendMetadata says what the permission is for. It has neither time nor version, which
// would change the permission without need.
func (d *writer) appendMetadata(b []byte, w *grant.Want) []byte {
	b = append(b, `{"For":[`...)
	if len(w.Decisions) == 1 {
		b = template.AppendQuote(b, readable(w.Call.Source.Label))
	} else {
		b = appendTexts(b, grant.Labels(d.decisions, w))
	}
	b = append(b, ']')
	if w.Widened != "" {
		b = appendTexts(append(b, `,"Widened":`...), []string{w.Widened})
	}
	return append(b, '}')
}

// outlives reports whether a resource outlives its stack. Where function and origin do,
// their permission must, too.
func (d *writer) outlives(id string) bool {
	r, _ := d.Template.Resource(id)
	policy, _ := r.DeletionPolicy().Text()
	return policy == "Retain"
}

// permissionPlace writes the pointer of a want's permission, "/Resources/" and its
// logical id, and returns it: the same in all releases for the same function, qualifier,
// API and source. Where the template has the id, or the place is taken, it is hashed once
// more.
func (d *writer) permissionPlace(to *strings.Builder, w *grant.Want, taken func(place string) bool) string {
	var text, start [256]byte
	prefix, behind := d.appendPrefix(start[:0], w), statement.AsOwn(w.Behind) // as where account and Region are known
	hashed := naming.AppendParts(text[:0], w.Call.Target.Mark(), w.Call.Target.Qualifier, w.Mark(), behind)
	for n := 1; ; n++ {
		from := to.Len()
		to.Write(naming.AppendHash(prefix, hashed))
		if place := to.String()[from:]; !d.Template.Taken(place[len(resourcesPlace):]) && !taken(place) {
			return place
		}
		hashed = strconv.AppendInt(append(hashed, '\n'), int64(n), 10)
	}
}

// appendPrefix appends what the places of a function's permissions for an origin begin
// with.
func (d *writer) appendPrefix(b []byte, w *grant.Want) []byte {
	origin := w.Call.Origin.ID
	if w.Call.Source.ARN != nil {
		origin = d.named(w.Tail)
	}
	b = append(append(b, resourcesPlace...), word(w.Call.Target.Function, "External")...)
	return append(append(b, word(origin, w.Call.Service.Word)...), "Invoke"...)
}

// named is the logical id of the resource that a source ARN names; "" where it names
// several or none.
func (d *writer) named(x template.Text) (id string) {
	for name := range x.Names {
		name, _, _ = strings.Cut(name, ".")
		switch _, own := d.Template.Resource(name); {
		case !own:
		case id != "" && id != name:
			return ""
		default:
			id = name
		}
	}
	return id
}

const resourcesPlace = "/Resources/"

// word is the part of a permission's logical id for a resource: its logical id without
// other characters than letters and digits, cut to 80. A logical id may have 255.
func word(id, otherwise string) string {
	if id == "" {
		return otherwise
	}
	if strings.ContainsFunc(id, notAlphanumeric) {
		id = strings.Map(func(r rune) rune {
			if notAlphanumeric(r) {
				return -1
			}
			return r
		}, id)
	}
	return id[:min(len(id), 80)]
}

func notAlphanumeric(r rune) bool {
	return !(r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z')
}
