package house

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/grantinvoke/grantinvoke/macro"

// rooms lists every package under macro/ and which of ours its code, tests
// aside, may import. Data flows one way: bytes, template, calls, verdicts, wanted
// grants, edits, bytes; reports branch off the result.
var rooms = table(`
.: internal/transform
check/cloud: internal/testkit/cloud  # serves an account for the checks in Python
check/process: internal/testkit/cloudformation internal/testkit/runtimeapi  # plays CloudFormation for the interoperation suite
check/speed: internal/engine internal/invoke internal/option internal/service internal/stack internal/template internal/testkit/runtimeapi internal/testkit/sample internal/transform  # measures
check/speed/bare:
cmd/archive:
cmd/demo: internal/testkit/runtimeapi internal/template
cmd/grantinvoke: internal/account internal/audit internal/definition internal/expand internal/finding internal/live internal/report internal/source internal/template internal/transform internal/update
internal/account: internal/finding
internal/audit: internal/account internal/policy
internal/budget: internal/finding
internal/definition: internal/finding internal/mapping internal/template
internal/emit: internal/finding internal/function internal/grant internal/invoke internal/naming internal/option internal/sam internal/statement internal/template
internal/engine: internal/emit internal/finding internal/grant internal/invoke internal/naming internal/option internal/review internal/stack internal/statement internal/template
internal/expand: internal/finding internal/template
internal/finding:
internal/function: internal/finding internal/stack internal/template
internal/grant: internal/finding internal/function internal/invoke internal/naming internal/option internal/policy internal/statement internal/template
internal/invoke: internal/definition internal/finding internal/function internal/jsonindex internal/policy internal/sam internal/stack internal/template
internal/jsonindex:
internal/live: internal/account internal/finding internal/policy  # the local tool's alone
internal/mapping:
internal/naming: internal/template
internal/option: internal/finding internal/invoke internal/template
internal/policy:
internal/report: internal/account internal/audit internal/engine internal/finding internal/function internal/grant internal/invoke internal/option internal/policy internal/service internal/update
internal/review: internal/finding internal/function internal/grant internal/invoke internal/policy internal/stack internal/statement internal/template
internal/sam: internal/template
internal/service: internal/finding internal/function internal/invoke internal/service/apigateway internal/stack internal/template
internal/service/apigateway: internal/definition internal/finding internal/function internal/invoke internal/policy internal/sam internal/stack internal/template
internal/source: internal/finding internal/mapping internal/template
internal/stack: internal/finding internal/sam internal/template
internal/statement: internal/finding internal/function internal/invoke internal/policy internal/sam internal/template
internal/template: internal/budget internal/jsonindex
internal/testkit/author:  # writes templates, for tests
internal/testkit/bucket: internal/source internal/testkit/program internal/testkit/runtimeapi  # plays S3, for tests
internal/testkit/cloud:  # plays the services of an account, for tests
internal/testkit/cloudformation:  # plays CloudFormation, for tests
internal/testkit/deployable: internal/sam internal/template  # what CloudFormation would refuse, for tests
internal/testkit/evaluator:  # a second reading of templates, for tests
internal/testkit/golden: internal/engine internal/finding internal/service internal/source internal/template internal/testkit/cloudformation internal/testkit/repository internal/testkit/runtimeapi internal/transform  # runs the goldens
internal/testkit/hostile:  # what tests of hostile templates share
internal/testkit/house:
internal/testkit/installation: internal/source internal/testkit/repository  # reads the macro's own template.yaml, for tests
internal/testkit/program: internal/testkit/installation internal/testkit/repository internal/testkit/runtimeapi  # builds and starts the programs, for tests
internal/testkit/release:
internal/testkit/repository:  # finds files, for tests
internal/testkit/runtimeapi:  # plays Lambda, for tests and the demo
internal/testkit/sample:  # generates events, for measurements
internal/testkit/steps: internal/emit internal/finding internal/grant internal/invoke internal/naming internal/option internal/service internal/stack internal/statement internal/template  # takes small templates up to a step, for tests
internal/transform: internal/budget internal/definition internal/engine internal/finding internal/grant internal/invoke internal/option internal/service internal/stack internal/template
internal/update: internal/account internal/finding internal/policy internal/template  # the local tool's alone
`)

// guests lists the imports from other modules that only some rooms may have; the longest
// path that an import begins with decides. An empty list: only tests may, or, as for the
// root of goformation, nothing may.
var guests = table(`
github.com/BurntSushi/toml: cmd/grantinvoke
github.com/aws/aws-lambda-go: . check/speed/bare internal/transform
github.com/aws/aws-sdk-go-v2/config: internal/live
github.com/aws/aws-sdk-go-v2/credentials: internal/definition
github.com/aws/aws-sdk-go-v2/service: internal/live
github.com/aws/aws-sdk-go-v2/service/s3: internal/definition internal/live
github.com/awslabs/goformation:
github.com/awslabs/goformation/v7/cloudformation/iam: internal/emit
github.com/awslabs/goformation/v7/cloudformation/lambda: internal/emit
github.com/awslabs/goformation/v7/cloudformation/policies: internal/emit
github.com/awslabs/goformation/v7/cloudformation/tags: internal/emit
github.com/fatih/color: cmd/demo cmd/grantinvoke internal/report
github.com/mattn/go-isatty: cmd/demo cmd/grantinvoke
html/template:
text/template:
go.yaml.in/yaml: internal/definition internal/mapping internal/source
net: internal/testkit/runtimeapi internal/testkit/cloud
net/http: internal/definition internal/testkit/bucket internal/testkit/runtimeapi internal/live internal/testkit/cloud
os: check/process check/speed . cmd/archive cmd/demo cmd/grantinvoke internal/definition internal/source internal/testkit/golden internal/testkit/installation internal/testkit/program internal/testkit/repository internal/transform check/cloud
os/exec: check/process check/speed cmd/archive cmd/grantinvoke internal/testkit/program internal/testkit/runtimeapi
unsafe: internal/jsonindex
github.com/google/go-cmp: internal/testkit/golden
github.com/johannesboyne/gofakes3: internal/testkit/bucket
github.com/rogpeppe/go-internal:
golang.org/x/tools:
golang.org/x/tools/txtar: internal/testkit/golden
`)

// table reads lines "path: path path  # remark".
func table(text string) map[string][]string {
	rows := map[string][]string{}
	for line := range strings.Lines(strings.TrimSpace(text)) {
		line, _, _ = strings.Cut(line, "#")
		name, list, ok := strings.Cut(strings.TrimSpace(line), ":")
		if _, twice := rows[name]; !ok || twice {
			panic("no row, or one that stands twice: " + line)
		}
		rows[name] = strings.Fields(list)
	}
	return rows
}

// Every import is in the table.
func TestRooms(t *testing.T) {
	found := readRooms(t)
	for dir := range rooms {
		if _, ok := found[dir]; !ok {
			t.Errorf("%s: in the table, but there is no such package", dir)
		}
	}
	for dir, r := range found {
		allowed, ok := rooms[dir]
		if !ok {
			t.Errorf("%s: not in the table; hint: say in rooms what it may import", dir)
			continue
		}
		if !r.documented {
			t.Errorf("%s: no package comment", dir)
		}
		for _, i := range r.imports {
			if own, ok := strings.CutPrefix(i, module+"/"); ok && !slices.Contains(allowed, own) {
				t.Errorf("%s: may not import %s", dir, own)
			}
			if guest, hosts := host(i); guest != "" && !slices.Contains(hosts, dir) {
				t.Errorf("%s: may not import %s", dir, i)
			}
		}
	}
}

// Only one room keeps memory for later templates. It is released where an answer is ready,
// and nowhere else.
func TestPools(t *testing.T) {
	allowed := []string{"internal/jsonindex"}
	release := []string{"internal/jsonindex", "internal/template", "internal/transform", "check/speed"}
	sources(t, parser.SkipObjectResolution, func(dir, file string, source *ast.File) {
		ast.Inspect(source, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok && s.Sel.Name == "Pool" && fmt.Sprint(s.X) == "sync" && !slices.Contains(allowed, dir) {
				t.Errorf("%s: sync.Pool is for internal/jsonindex alone", file)
			}
			if s, ok := n.(*ast.SelectorExpr); ok && s.Sel.Name == "Release" && !slices.Contains(release, dir) {
				t.Errorf("%s: the memory of an event is released by internal/transform alone", file)
			}
			return true
		})
	})
}

// What is peculiar to a service is in its file: no room between the template and the report
// names a service. Allowed are the resource types of Lambda and SAM, for functions, those
// of IAM, for roles, and the sentences and hints of reasons, for people.
func TestCore(t *testing.T) {
	core := strings.Fields("budget jsonindex mapping template finding stack naming option invoke policy statement grant emit review engine transform report expand source update")
	service := regexp.MustCompile(`\b(AWS::[A-Z]\w*::|\w+\.amazonaws\.com)|execute-api|apigateway|RestApi|HttpApi|\bApiId|authorizers/|test-invoke-stage|\$(default|connect)\b`)
	shared := regexp.MustCompile(`AWS::(Lambda|Serverless|SSM::Parameter::Value|CloudFormation|IAM)\b`)
	literals := map[string]int{}
	sources(t, parser.SkipObjectResolution, func(dir, file string, source *ast.File) {
		room := strings.TrimPrefix(dir, "internal/")
		if !slices.Contains(core, room) {
			return
		}
		ast.Inspect(source, func(n ast.Node) bool {
			if x, ok := n.(*ast.KeyValueExpr); ok && slices.Contains([]string{"Sentence", "Hint"}, fmt.Sprint(x.Key)) {
				return false
			}
			if s, ok := n.(*ast.BasicLit); ok && s.Kind == token.STRING {
				literals[room]++
				if word := service.FindString(shared.ReplaceAllString(s.Value, "")); word != "" {
					t.Errorf("%s: %s is of a service; hint: let the service tell it", file, word)
				}
			}
			return true
		})
	})
	for _, room := range core {
		if literals[room] == 0 {
			t.Errorf("the texts of %s are not found", room)
		}
	}
}

// Only the list of services, and tests, import the room of a service.
func TestServices(t *testing.T) {
	for dir, r := range readRooms(t) {
		if dir != "internal/service" && slices.Contains(r.imports, module+"/internal/service/apigateway") {
			t.Errorf("%s: may not import a service; hint: let its value tell what is asked for", dir)
		}
	}
}

// host returns the entry of guests that an import falls under, if any. A
// package of the standard library is no part of the one above it.
func host(imported string) (guest string, hosts []string) {
	domain, _, _ := strings.Cut(imported, "/")
	for p := imported; p != "."; p = path.Dir(p) {
		if hosts, ok := guests[p]; ok {
			return p, hosts
		}
		if !strings.Contains(domain, ".") {
			break
		}
	}
	return "", nil
}

// The longest entry decides, and one for a path holds for all below it.
func TestHost(t *testing.T) {
	tests := []struct {
		imported, room string
		want           bool
	}{
		{"github.com/awslabs/goformation/v7", "internal/emit", false},
		{"github.com/awslabs/goformation/v7/cloudformation", "internal/emit", false},
		{"github.com/awslabs/goformation/v7/cloudformation/lambda", "internal/emit", true},
		{"github.com/awslabs/goformation/v7/cloudformation/lambda", "internal/transform", false},
		{"github.com/aws/aws-lambda-go/lambdacontext", "internal/transform", true},
		{"github.com/aws/aws-lambda-go/lambda", "cmd/grantinvoke", false},
		{"github.com/aws/aws-sdk-go-v2/aws/arn", "internal/function", true},
		{"github.com/aws/aws-sdk-go-v2/service/s3", "internal/transform", false},
		{"os", "internal/template", false},
		{"os/exec", "internal/definition", false},
		{"net/url", "internal/definition", true},
		{"strings", "internal/policy", true},
	}
	for _, tt := range tests {
		guest, hosts := host(tt.imported)
		if got := guest == "" || slices.Contains(hosts, tt.room); got != tt.want {
			t.Errorf("%s in %s: allowed %v, want %v", tt.imported, tt.room, got, tt.want)
		}
	}
}
