package emit

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/statement"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// redeploy makes changed credentials take effect. A deployment is a snapshot:
// API Gateway takes another one only for a new AWS::ApiGateway::Deployment, so
// that its logical id must change with what it is a snapshot of
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/updating-api.html).
// A WebSocket or HTTP API needs the same unless its stages deploy by themselves.
func (d *writer) redeploy(changed map[string][]string) {
	if d.Env.Partial {
		return // what refers to the deployment may lie outside of the fragment
	}
	renames := map[string]string{}
	for _, key := range sortedKeys(changed) {
		id := statement.Named(key)
		api, _ := d.Template.Resource(id)
		if strings.HasPrefix(api.Type, "AWS::Serverless::") || strings.HasPrefix(id, "Serverless") && api.Type == "" {
			continue // SAM names its deployment by a hash of the definition
		}
		found, sum := false, ""
		for typ, property := range map[string]string{"AWS::ApiGateway::Deployment": "RestApiId", "AWS::ApiGatewayV2::Deployment": "ApiId"} {
			for _, r := range d.Scope.Resources(typ) {
				if d.apiOf(r, property) == key {
					found = true
					if typ != "AWS::ApiGatewayV2::Deployment" || !d.deploysItself(key) {
						sum = cmp.Or(sum, d.digest(key, changed[key]))
						renames[r.ID] = r.ID[:min(len(r.ID), 240)] + sum
					}
				}
			}
		}
		if !found && !d.deploysItself(key) && strings.HasPrefix(api.Type, "AWS::ApiGateway") {
			d.Problems = append(d.Problems, finding.Finding{Reason: noDeployment, At: api.Pointer(), Detail: id})
		}
	}
	if len(renames) > 0 {
		d.rename(renames)
	}
}

func (d *writer) apiOf(r template.Resource, property string) string {
	x, ok := r.Properties().Get(property).One()
	if !ok {
		return ""
	}
	a, _ := d.Scope.Origin(x)
	return a.Key
}

// deploysItself reports whether every stage of a V2 API has AutoDeploy, as the
// one that quick create makes has.
func (d *writer) deploysItself(api string) bool {
	r, _ := d.Template.Resource(statement.Named(api))
	auto := r.Type == "AWS::ApiGatewayV2::Api" && r.Properties().Get("Target").Exists()
	for _, s := range d.Scope.Resources("AWS::ApiGatewayV2::Stage") {
		if d.apiOf(s, "ApiId") == api {
			if v, _ := s.Properties().Get("AutoDeploy").Scalar(); !strings.EqualFold(v, "true") {
				return false
			}
			auto = true
		}
	}
	return auto
}

// digest is a hash of an API's definition as it will be: of all
// its resources but stages and deployments, and of the new credentials, in
// whatever order they and their keys stand.
func (d *writer) digest(api string, credentials []string) string {
	var parts []string
	for _, r := range d.Template.Resources() {
		if !strings.HasPrefix(r.Type, "AWS::ApiGateway") || strings.HasSuffix(r.Type, "::Stage") || strings.HasSuffix(r.Type, "::Deployment") {
			continue
		}
		if r.ID == statement.Named(api) || d.apiOf(r, "RestApiId") == api || d.apiOf(r, "ApiId") == api {
			parts = append(parts, r.ID+"="+r.Canonical())
		}
	}
	slices.Sort(parts)
	credentials = slices.Clone(credentials)
	slices.Sort(credentials)
	sum := sha256.Sum256([]byte(strings.Join(append(parts, credentials...), "\n")))
	return hex.EncodeToString(sum[:5])
}

// rename gives resources new logical ids, and every Ref, Fn::GetAtt, Fn::Sub
// and DependsOn that names them.
func (d *writer) rename(ids map[string]string) {
	for _, old := range sortedKeys(ids) {
		d.Edits = append(d.Edits, template.Edit{Op: template.Rename,
			At: jsontext.Pointer("/Resources").AppendToken(old), Name: ids[old]})
	}
	places := map[jsontext.Pointer]bool{}
	for ref := range d.Template.Root().References() {
		if _, ok := ids[ref.ID]; !ok {
			continue
		}
		if at := ref.Place.Pointer(); !places[at] {
			places[at] = true
			text, _ := ref.Place.Text()
			d.replace(ref.Place, renameIn(text, ids))
		}
	}
	for _, r := range d.Template.Resources() {
		depends := r.Get("DependsOn")
		d.renameText(depends, ids)
		for item := range depends.Items() {
			d.renameText(item, ids)
		}
	}
}

func (d *writer) renameText(v template.Value, ids map[string]string) {
	if s, ok := v.Text(); ok && ids[s] != "" {
		d.replace(v, ids[s])
	}
}

func (d *writer) replace(v template.Value, text string) {
	d.Edits = append(d.Edits, template.Edit{Op: template.Replace, At: v.Pointer(), Value: jsontext.Value(template.Quote(text))})
}

// renameIn renames ids in the text of a Ref ("Id"), a GetAtt ("Id.Attribute")
// or an Fn::Sub ("… ${Id} … ${Id.Attribute} …").
func renameIn(text string, ids map[string]string) string {
	if !strings.Contains(text, "${") {
		id, rest, _ := strings.Cut(text, ".")
		if rest != "" {
			rest = "." + rest
		}
		return ids[id] + rest
	}
	var b strings.Builder
	for {
		before, after, found := strings.Cut(text, "${")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		end := strings.IndexAny(after, ".}")
		if end < 0 {
			end = len(after)
		}
		b.WriteString("${" + cmp.Or(ids[after[:end]], after[:end]))
		text = after[end:]
	}
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
