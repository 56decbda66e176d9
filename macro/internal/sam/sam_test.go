package sam_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/grantinvoke/grantinvoke/macro/internal/sam"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

func parse(t *testing.T, text string) *template.Template {
	t.Helper()
	doc, err := template.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func resource(t *testing.T, doc *template.Template, id string) template.Resource {
	t.Helper()
	r, ok := doc.Resource(id)
	if !ok {
		t.Fatalf("there is no %s", id)
	}
	return r
}

// A resource's own properties override Globals, and Globals count only for resources of
// their type.
func TestProperty(t *testing.T) {
	doc := parse(t, `{"Globals":{"Function":{"AutoPublishAlias":"live","Timeout":3},"Api":{"StageName":"a"},"HttpApi":{"StageName":"h"},"WebSocketApi":{"StageName":"w"}},
		"Resources":{
			"Own":{"Type":"AWS::Serverless::Function","Properties":{"AutoPublishAlias":"mine"}},
			"Heir":{"Type":"AWS::Serverless::Function"},
			"Rest":{"Type":"AWS::Serverless::Api"},"Http":{"Type":"AWS::Serverless::HttpApi"},"Web":{"Type":"AWS::Serverless::WebSocketApi"},
			"Table":{"Type":"AWS::Serverless::SimpleTable"},
			"Null":{"Type":"AWS::Serverless::Function","Properties":{"AutoPublishAlias":null}}}}`)
	for _, tt := range []struct{ id, name, want string }{
		{"Own", "AutoPublishAlias", `"mine"`},
		{"Own", "Timeout", "3"},
		{"Heir", "AutoPublishAlias", `"live"`},
		{"Heir", "StageName", ""},
		{"Rest", "StageName", `"a"`},
		{"Http", "StageName", `"h"`},
		{"Web", "StageName", `"w"`},
		{"Table", "StageName", ""},
		{"Null", "AutoPublishAlias", "null"},
	} {
		if got := sam.Property(doc, resource(t, doc, tt.id), tt.name).Raw(); got != tt.want {
			t.Errorf("%s of %s is %q, want %q", tt.name, tt.id, got, tt.want)
		}
	}
	if got := sam.Global(doc, sam.HTTPAPI).Raw(); got != `{"StageName":"h"}` {
		t.Errorf("Globals of HTTP APIs are %s", got)
	}
	if sam.Global(parse(t, `{"Resources":{}}`), sam.Function).Exists() {
		t.Error("a template without Globals has some")
	}
}

func TestIs(t *testing.T) {
	for typ, want := range map[string]bool{sam.Function: true, sam.Connector: true, "AWS::Serverless::LayerVersion": true, "AWS::Lambda::Function": false, "AWS::Serverless": false} {
		if got := sam.Is(typ); got != want {
			t.Errorf("%s: %v", typ, got)
		}
	}
}

// The resource of a function doesn't wait for what its events name; that of an API
// does for all that it names.
func TestApart(t *testing.T) {
	for _, tt := range []struct {
		typ, property string
		want          bool
	}{{sam.Function, "Events", true}, {sam.Function, "Environment", false}, {sam.API, "Events", false}, {"AWS::Lambda::Function", "Events", false}} {
		if got := sam.Apart(template.Resource{Type: tt.typ}, tt.property); got != tt.want {
			t.Errorf("%s of %s: %v", tt.property, tt.typ, got)
		}
	}
}

func TestEvents(t *testing.T) {
	doc := parse(t, `{"Resources":{"Fn":{"Type":"AWS::Serverless::Function","Properties":{"Events":{
		"Get":{"Type":"Api","Properties":{"Path":"/a"}},"Tick":{"Type":"Schedule"},"Put":{"Type":"Api"},"Http":{"Type":"HttpApi"},"Odd":{"Type":{"Ref":"P"}},"None":{}}}},
		"Bare":{"Type":"AWS::Serverless::Function"}}}`)
	for _, tt := range []struct{ id, typ, want string }{
		{"Fn", "Api", "Get Put"}, {"Fn", "HttpApi", "Http"}, {"Fn", "Schedule", "Tick"}, {"Fn", "S3", ""}, {"Fn", "", "None Odd"}, {"Bare", "Api", ""},
	} {
		var names []string
		for name, event := range sam.Events(resource(t, doc, tt.id), tt.typ) {
			names = append(names, name)
			if !event.Exists() {
				t.Errorf("%s of %s comes without its event", name, tt.id)
			}
		}
		if got := strings.Join(names, " "); got != tt.want {
			t.Errorf("events %s of %s are %q, want %q", tt.typ, tt.id, got, tt.want)
		}
	}
	for range sam.Events(resource(t, doc, "Fn"), "Api") {
		break // a caller may stop
	}
}

// SAM permits the authorizers of a REST API unless they disable that, those of an HTTP API
// only if they enable it, and the advice names the property that it reads.
func TestPermits(t *testing.T) {
	for _, tt := range []struct {
		api, authorizer string
		want            bool
	}{
		{sam.API, `{}`, true},
		{sam.API, `{"DisableFunctionDefaultPermissions":true}`, false},
		{sam.API, `{"DisableFunctionDefaultPermissions":false}`, true},
		{sam.API, `{"EnableFunctionDefaultPermissions":false}`, true},
		{sam.HTTPAPI, `{}`, false},
		{sam.HTTPAPI, `{"EnableFunctionDefaultPermissions":true}`, true},
		{sam.HTTPAPI, `{"EnableFunctionDefaultPermissions":false}`, false},
		{sam.HTTPAPI, `{"DisableFunctionDefaultPermissions":false}`, false},
	} {
		if got := sam.Permits(tt.api, template.Index(tt.authorizer).Root().Get); got != tt.want {
			t.Errorf("%s %s: %v", tt.api, tt.authorizer, got)
		}
	}
	if !strings.Contains(sam.Switch(sam.API), "DisableFunctionDefaultPermissions: true") || !strings.Contains(sam.Switch(sam.HTTPAPI), "leave EnableFunctionDefaultPermissions out") {
		t.Errorf("the advice is %q and %q", sam.Switch(sam.API), sam.Switch(sam.HTTPAPI))
	}
}

// Which connectors let a resource invoke a function: those with the permission to
// write, from a source of the type that is asked for, to functions alone.
func TestLinks(t *testing.T) {
	const rest = `"Topic":{"Type":"AWS::SNS::Topic","Condition":"C"},"Api":{"Type":"AWS::Serverless::Api"},"Fn":{"Type":"AWS::Serverless::Function"},"Plain":{"Type":"AWS::Lambda::Function"},"Queue":{"Type":"AWS::SQS::Queue"}`
	topics := func(typ string) bool { return typ == "AWS::SNS::Topic" }
	for name, tt := range map[string]struct {
		connector string // a resource, or the attribute Connectors of Source
		want      []string
	}{
		"a resource": {`"X":{"Type":"AWS::Serverless::Connector","Properties":{"Source":{"Id":"Topic"},"Destination":{"Id":"Fn"},"Permissions":["Write"]}}`, []string{"Topic -> Fn if C"}},
		"with a condition of its own": {`"X":{"Type":"AWS::Serverless::Connector","Condition":"D","Properties":{"Source":{"Id":"Topic"},"Destination":{"Id":"Fn"},"Permissions":["Write"]}}`,
			[]string{"Topic -> Fn if C and D"}},
		"read and write":          {`"X":{"Type":"AWS::Serverless::Connector","Properties":{"Source":{"Id":"Topic"},"Destination":{"Id":"Plain"},"Permissions":["Read","Write"]}}`, []string{"Topic -> Plain if C"}},
		"read alone":              {`"X":{"Type":"AWS::Serverless::Connector","Properties":{"Source":{"Id":"Topic"},"Destination":{"Id":"Fn"},"Permissions":["Read"]}}`, nil},
		"to a queue":              {`"X":{"Type":"AWS::Serverless::Connector","Properties":{"Source":{"Id":"Topic"},"Destination":{"Id":"Queue"},"Permissions":["Write"]}}`, nil},
		"to several":              {`"X":{"Type":"AWS::Serverless::Connector","Properties":{"Source":{"Id":"Topic"},"Destination":[{"Id":"Fn"},{"Id":"Queue"},{"Id":"Plain"}],"Permissions":["Write"]}}`, []string{"Topic -> Fn if C", "Topic -> Plain if C"}},
		"from something else":     {`"X":{"Type":"AWS::Serverless::Connector","Properties":{"Source":{"Id":"Api"},"Destination":{"Id":"Fn"},"Permissions":["Write"]}}`, nil},
		"from an ARN":             {`"X":{"Type":"AWS::Serverless::Connector","Properties":{"Source":{"Type":"AWS::SNS::Topic","Arn":"arn:aws:sns:us-east-1:1:t"},"Destination":{"Id":"Fn"},"Permissions":["Write"]}}`, []string{"arn:aws:sns:us-east-1:1:t -> Fn"}},
		"from another type's ARN": {`"X":{"Type":"AWS::Serverless::Connector","Properties":{"Source":{"Type":"AWS::SQS::Queue","Arn":"arn:aws:sqs:us-east-1:1:q"},"Destination":{"Id":"Fn"},"Permissions":["Write"]}}`, nil},
		"an attribute": {`"X":{"Type":"AWS::SNS::Topic","Connectors":{"One":{"Properties":{"Destination":{"Id":"Fn"},"Permissions":["Write"]}},"Two":{"Properties":{"Destination":{"Id":"Plain"},"SourceReference":{"Qualifier":"q"},"Permissions":["Write"]}},
			"Three":{"Properties":{"Destination":{"Id":"Fn"},"Permissions":["Read"]}}}}`, []string{"X -> Fn", "X:q -> Plain"}},
	} {
		t.Run(name, func(t *testing.T) {
			doc := parse(t, `{"Conditions":{"C":{"Fn::Equals":["a","b"]},"D":{"Fn::Equals":["a","b"]}},"Resources":{`+rest+`,`+tt.connector+`}}`)
			var got []string
			for link := range sam.Links(doc, resource(t, doc, "X"), topics) {
				text := link.From.ID + link.ARN.String()
				if qualifier, ok := link.Qualifier.Text(); ok {
					text += ":" + qualifier
				}
				text += " -> " + link.Function.ID
				if when := link.When.String(); when != "" {
					text += " if " + when
				}
				got = append(got, text)
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("links %q, want %q", got, tt.want)
			}
		})
	}
}
