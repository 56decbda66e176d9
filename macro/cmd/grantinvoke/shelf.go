package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/definition"
	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/source"
)

// A shelf is the files beside a template that it names: API definitions, and
// what AWS::Include brings.
type shelf struct {
	dir    string // of the template, as the reader knows it
	loader *definition.Loader
	assets *assembly
	files  map[string]*source.File // by the path that the template has
}

func newShelf(template string) *shelf {
	dir := filepath.Dir(template)
	return &shelf{dir: dir, loader: loader(dir), assets: &assembly{dir: dir}, files: map[string]*source.File{}}
}

// loader reads files by path: from the template's folder, and not from outside
// of the folder that the tool runs in, or of the project's or the template's
// own where that lies elsewhere.
func loader(dir string) *definition.Loader {
	full, errFull := filepath.Abs(dir)
	here, err := os.Getwd()
	if err != nil || errFull != nil {
		return definition.Files(dir)
	}
	root := full
	for _, wider := range []string{here, project(full)} {
		if wider != "" && within(root, wider) {
			root = wider
		}
	}
	return definition.New(definition.Options{Dir: full, Root: root})
}

// builds are the folders into which tools write templates of the project that
// they stand in.
var builds = []string{"cdk.out", ".aws-sam", ".serverless"}

// project returns the folder of the project that built what is in dir, or "".
func project(dir string) string {
	for ; filepath.Dir(dir) != dir; dir = filepath.Dir(dir) {
		if slices.Contains(builds, filepath.Base(dir)) {
			return filepath.Dir(dir)
		}
	}
	return ""
}

func within(dir, root string) bool {
	return dir == root || strings.HasPrefix(dir, strings.TrimSuffix(root, string(filepath.Separator))+string(filepath.Separator))
}

// open reads the file that the template names by a path, once.
func (s *shelf) open(path string) (*source.File, error) {
	if f, ok := s.files[path]; ok {
		return f, nil
	}
	data, refusal := s.loader.File(path)
	if refusal != nil {
		return nil, finding.Errorf(refusal.Location.String(), refusal.Hint, "%s", refusal.Detail)
	}
	f, err := source.Read(s.name(path), data)
	if err == nil {
		s.files[path] = f
	}
	return f, err
}

// name is the file that a path of the template leads to, as the reader knows it.
func (s *shelf) name(path string) string {
	return filepath.ToSlash(filepath.Join(s.dir, filepath.FromSlash(path)))
}

// snippet reads what AWS::Include names: it takes no short forms
// (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/transform-aws-include.html).
func (s *shelf) snippet(path string) ([]byte, error) {
	f, err := s.open(path)
	if err != nil {
		return nil, err
	}
	if tag, at := f.ShortTag(); tag != "" {
		return nil, finding.Errorf(fmt.Sprintf("%s:%d:%d", s.name(path), at.Line, at.Column), "write the long form, such as Fn::Sub for !Sub", "has the short form %s, which CloudFormation does not take there", tag)
	}
	return f.JSON(), nil
}
