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

// localFiles reads the files that a template names: API definitions, and those of
// AWS::Include. It keeps what it has read.
type localFiles struct {
	dir    string // the template's folder, as the user has named it
	loader *definition.Loader
	assets *assembly
	files  map[string]*source.File // by the path that the template has
}

func newLocalFiles(template string) *localFiles {
	dir := filepath.Dir(template)
	return &localFiles{dir: dir, loader: loader(dir), assets: &assembly{dir: dir}, files: map[string]*source.File{}}
}

// loader returns a loader of files whose paths are relative to the template's folder.
// They must be in the folder that the tool runs in, or in the project's or the
// template's own folder where that isn't inside of it.
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

// builds are the names of folders in a project into which tools write its templates.
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

// open returns the file that the template names by a path. It is read once.
func (s *localFiles) open(path string) (*source.File, error) {
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

// name returns the name of a file, relative to where the tool runs as the template's
// own name is, for a path of the template.
func (s *localFiles) name(path string) string {
	return filepath.ToSlash(filepath.Join(s.dir, filepath.FromSlash(path)))
}

// snippet reads a file that AWS::Include names, which takes no short forms
// (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/transform-aws-include.html).
func (s *localFiles) snippet(path string) ([]byte, error) {
	f, err := s.open(path)
	if err != nil {
		return nil, err
	}
	if tag, at := f.ShortTag(); tag != "" {
		return nil, finding.Errorf(fmt.Sprintf("%s:%d:%d", s.name(path), at.Line, at.Column), "write the long form, such as Fn::Sub for !Sub", "has the short form %s, which CloudFormation does not take there", tag)
	}
	return f.JSON(), nil
}
