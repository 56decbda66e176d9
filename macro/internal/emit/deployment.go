package emit

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// redeploy makes changed credentials take effect: it renames the snapshots of each
// origin, see [invoke.Redeployment]. changed has the origins' new credentials, by key.
func (d *writer) redeploy(changed map[string][]string) {
	if d.Env.Partial {
		return // references to the deployment may be outside of the fragment
	}
	renames := map[string]string{}
	for _, origin := range slices.Sorted(maps.Keys(changed)) {
		x := d.Scope.Redeployment(origin)
		if x.Missing != nil {
			d.Problems = append(d.Problems, *x.Missing)
		}
		if len(x.Snapshots) == 0 {
			continue
		}
		sum := digest(x.Of, changed[origin])
		for _, r := range x.Snapshots {
			renames[r.ID] = r.ID[:min(len(r.ID), 240)] + sum
		}
	}
	if len(renames) > 0 {
		d.rename(renames)
	}
}

// digest is a hash of what snapshots are of, with the new credentials: ten hexadecimal
// digits that don't depend on the order of resources, members and credentials.
func digest(of []template.Resource, credentials []string) string {
	parts := make([]string, 0, len(of)+len(credentials))
	for _, r := range of {
		parts = append(parts, r.ID+"="+r.Canonical())
	}
	slices.Sort(parts)
	credentials = slices.Clone(credentials)
	slices.Sort(credentials)
	sum := sha256.Sum256([]byte(strings.Join(append(parts, credentials...), "\n")))
	return hex.EncodeToString(sum[:5])
}

// rename gives resources new logical ids, also in every Ref, Fn::GetAtt, Fn::Sub and
// DependsOn that names them.
func (d *writer) rename(ids map[string]string) {
	for _, old := range slices.Sorted(maps.Keys(ids)) {
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

// renameText replaces a text that is one of the ids.
func (d *writer) renameText(v template.Value, ids map[string]string) {
	if s, ok := v.Text(); ok && ids[s] != "" {
		d.replace(v, ids[s])
	}
}

// replace replaces a value by a text.
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
