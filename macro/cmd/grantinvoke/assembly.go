package main

import (
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/go-json-experiment/json/jsontext"
)

// manifest is the name of the file in which the CDK lists what it has made.
const manifest = "manifest.json"

// cloudAssembly adds the templates that a manifest of the CDK names, those of
// the assemblies inside of it too; false where the file is no such manifest.
func cloudAssembly(name string, add func(string, bool)) bool { return innerAssembly(name, add, 0) }

// maxStages is how deep stages of an application may be nested.
const maxStages = 10

func innerAssembly(name string, add func(string, bool), depth int) bool {
	dir := filepath.Dir(name)
	artifacts := (&assembly{dir: dir}).object(manifest, "artifacts")
	for _, id := range slices.Sorted(maps.Keys(artifacts)) {
		properties := below(artifacts[id], "properties")
		if file, ok := text(properties["templateFile"]); ok && filepath.IsLocal(file) {
			add(filepath.Join(dir, file), false)
		}
		if inner, ok := text(properties["directoryName"]); ok && filepath.IsLocal(inner) && depth < maxStages {
			innerAssembly(filepath.Join(dir, inner, manifest), add, depth+1)
		}
	}
	return artifacts != nil
}

// An assembly is what the CDK writes beside a template: files that it will upload,
// with manifests that tell where to, and the paths of constructs
// (https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.cloud_assembly_schema-readme.html).
type assembly struct {
	dir string

	once  sync.Once
	paths map[string]string            // the key of an object -> the file, from dir
	names map[string]map[string]string // the file of a template -> logical id -> construct
}

// file returns the file that becomes the object with the key, or "".
func (a *assembly) file(key string) string {
	if key == "" || strings.ContainsAny(key, `\`) {
		return ""
	}
	a.once.Do(a.read)
	if file, ok := a.paths[key]; ok {
		return file
	}
	// without a manifest, by the names that the CDK gives
	name := path.Base(key)
	stem := strings.TrimSuffix(name, path.Ext(name))
	for _, file := range []string{name, stem + path.Ext(name), stem + ".json", stem + ".yaml", stem + ".yml", stem} {
		if info, err := os.Stat(filepath.Join(a.dir, "asset."+file)); err == nil && info.Mode().IsRegular() {
			return "asset." + file
		}
	}
	return ""
}

// construct returns the path of the construct that a resource of a template in
// the folder belongs to, as far as a manifest tells.
func (a *assembly) construct(template, id string) string {
	a.once.Do(a.read)
	return a.names[filepath.Base(template)][id]
}

// maxManifest is more than the manifest of any application has.
const maxManifest = 64 << 20

func (a *assembly) read() {
	a.paths, a.names = map[string]string{}, map[string]map[string]string{}
	manifests, _ := filepath.Glob(filepath.Join(escaped(a.dir), "*.assets.json"))
	for _, name := range manifests {
		for _, asset := range a.object(filepath.Base(name), "files") {
			a.asset(asset)
		}
	}
	for _, artifact := range a.object(manifest, "artifacts") {
		a.stack(artifact)
	}
}

// escaped returns a folder's name for use in a pattern.
func escaped(dir string) string {
	return strings.NewReplacer(`*`, `[*]`, `?`, `[?]`, `[`, `[[]`).Replace(dir)
}

// object returns the members of an object in a file of the folder, none where
// there is no such thing.
func (a *assembly) object(file string, names ...string) map[string]jsontext.Value {
	info, err := os.Stat(filepath.Join(a.dir, file))
	if err != nil || !info.Mode().IsRegular() || info.Size() > maxManifest {
		return nil
	}
	data, err := os.ReadFile(filepath.Join(a.dir, file))
	if err != nil {
		return nil
	}
	return below(data, names...)
}

// below returns the members of the object that names lead to, none where there
// is no such thing.
func below(v jsontext.Value, names ...string) map[string]jsontext.Value {
	m, _ := members(v)
	for _, name := range names {
		m, _ = members(m[name])
	}
	return m
}

func (a *assembly) asset(v jsontext.Value) {
	file, ok := text(below(v, "source")["path"])
	if packaging, _ := text(below(v, "source")["packaging"]); !ok || packaging == "zip" {
		return
	}
	for _, destination := range below(v, "destinations") {
		if key, ok := text(below(destination)["objectKey"]); ok {
			a.paths[key] = file
		}
	}
}

// stack adds the constructs of a template, which are in the manifest or in a file that
// it names.
func (a *assembly) stack(v jsontext.Value) {
	template, ok := text(below(v, "properties")["templateFile"])
	if !ok {
		return
	}
	metadata := below(v, "metadata")
	if file, ok := text(below(v)["additionalMetadataFile"]); ok && filepath.IsLocal(file) {
		if metadata == nil {
			metadata = map[string]jsontext.Value{}
		}
		maps.Copy(metadata, a.object(file))
	}
	names := map[string]string{}
	for construct, list := range metadata {
		elements(list, func(entry jsontext.Value) error {
			m := below(entry)
			if kind, _ := text(m["type"]); kind == "aws:cdk:logicalId" {
				if id, ok := text(m["data"]); ok {
					names[id] = strings.TrimPrefix(construct, "/")
				}
			}
			return nil
		})
	}
	a.names[filepath.Base(template)] = names
}

// text returns the text of a JSON string.
func text(v jsontext.Value) (string, bool) {
	if v.Kind() != '"' {
		return "", false
	}
	return unquote(v), true
}
