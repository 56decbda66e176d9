package main

import (
	"bytes"
	"debug/buildinfo"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
)

// A work is a module, or the standard library, that is linked into an executable. Its
// licences are in the folders of its linked packages, and in those above them.
type work struct {
	name, version string
	root          string   // its top folder
	folders       []string // of its packages that are linked
}

// linkedInto returns what is linked into an executable of the module in the
// working directory, in the order of the names: Go's standard library first. The
// executable's own list of modules must be that of the packages: a folder in which
// the source has changed since is an error.
func linkedInto(executable string) ([]work, error) {
	info, err := buildinfo.ReadFile(executable)
	if err != nil {
		return nil, err
	}
	works, err := modulesOf(info.Path, settings(info))
	if err != nil {
		return nil, err
	}
	var named, found []string
	for _, m := range info.Deps {
		if m.Replace != nil {
			m = m.Replace
		}
		named = append(named, m.Path+" "+m.Version)
	}
	for _, w := range works[1:] {
		found = append(found, w.name+" "+w.version)
	}
	slices.Sort(named)
	if !slices.Equal(named, found) {
		return nil, fmt.Errorf("holds the modules %q, and the source now %q; hint: build it again", named, found)
	}
	if info.GoVersion != works[0].version {
		return nil, fmt.Errorf("was built with %s, and this is %s; hint: build it again", info.GoVersion, works[0].version)
	}
	return works, nil
}

// settings returns the environment in which go list sees the packages of the build, tags
// included.
func settings(info *buildinfo.BuildInfo) []string {
	env := os.Environ()
	for _, s := range info.Settings {
		switch s.Key {
		case "GOOS", "GOARCH", "CGO_ENABLED":
			env = append(env, s.Key+"="+s.Value)
		case "-tags":
			env = append(env, "GOFLAGS="+os.Getenv("GOFLAGS")+" -tags="+s.Value)
		}
	}
	return env
}

// modulesOf returns the modules of the packages that a program is made of, as go list has
// them.
func modulesOf(program string, env []string) ([]work, error) {
	cmd := exec.Command("go", "list", "-deps", "-json=Dir,Standard,Module", program)
	cmd.Env, cmd.Stderr = env, os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	goroot, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return nil, fmt.Errorf("go env: %w", err)
	}
	type module struct {
		Path, Version, Dir string
		Main               bool
		Replace            *module
	}
	modules := map[string]*work{}
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p struct {
			Dir      string
			Standard bool
			Module   *module
		}
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, err
		}
		if p.Standard || p.Module.Main {
			continue
		}
		m := p.Module
		if m.Replace != nil {
			m = m.Replace
		}
		if modules[m.Path] == nil {
			modules[m.Path] = &work{name: m.Path, version: m.Version, root: m.Dir}
		}
		modules[m.Path].folders = append(modules[m.Path].folders, p.Dir)
	}
	root := strings.TrimSpace(string(goroot))
	works := []work{}
	for _, w := range modules {
		works = append(works, *w)
	}
	slices.SortFunc(works, func(a, b work) int { return strings.Compare(a.name, b.name) })
	return slices.Insert(works, 0, work{"the Go standard library and runtime", runtime.Version(), root, []string{root}}), nil
}

// licenceFile matches the usual names of licences and notices: LICENSE, LICENSE-APACHE,
// COPYING.txt.
var licenceFile = regexp.MustCompile(`(?i)^(un)?licen[cs]e(\.(txt|md))?$|^licen[cs]e-\w+(\.(txt|md))?$|^(copying|copyright|notice|patents)(\.(txt|md))?$`)

// licences returns the licences and notices of a work, the top folder's first.
func (w work) licences() ([]string, error) {
	seen := map[string]bool{}
	for _, folder := range w.folders {
		for ; !seen[folder]; folder = filepath.Dir(folder) {
			seen[folder] = true
			if folder == w.root {
				break
			}
			if len(folder) <= len(w.root) {
				return nil, fmt.Errorf("%s: the folder %s is outside of %s", w.name, folder, w.root)
			}
		}
	}
	var texts []string
	ordered := make([]string, 0, len(seen))
	for folder := range seen {
		ordered = append(ordered, folder)
	}
	slices.Sort(ordered)
	for _, folder := range ordered {
		entries, err := os.ReadDir(folder)
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			if e.IsDir() || !licenceFile.MatchString(e.Name()) {
				continue
			}
			text, err := os.ReadFile(filepath.Join(folder, e.Name()))
			if err != nil {
				return nil, err
			}
			texts = append(texts, strings.TrimSpace(strings.ReplaceAll(string(text), "\r\n", "\n")))
		}
	}
	if len(texts) == 0 || texts[0] == "" {
		return nil, fmt.Errorf("%s %s has no licence in %s", w.name, w.version, w.root)
	}
	return texts, nil
}

// noticeOf is the text of NOTICE: each licence once, under the works that it is of.
func noticeOf(works []work) ([]byte, error) {
	var order []string
	of := map[string][]string{} // by text, the works
	for _, w := range works {
		texts, err := w.licences()
		if err != nil {
			return nil, err
		}
		for _, text := range texts {
			if of[text] == nil {
				order = append(order, text)
			}
			if name := w.name + " " + w.version; !slices.Contains(of[text], name) {
				of[text] = append(of[text], name)
			}
		}
	}
	var b bytes.Buffer
	b.WriteString("GrantInvoke is under the licence in LICENSE. This executable also holds the works of others,\neach under the licences and with the notices that stand below it.\n")
	for _, text := range order {
		fmt.Fprintf(&b, "\n%s\n\n", strings.Repeat("=", 80))
		for _, name := range of[text] {
			fmt.Fprintf(&b, "* %s\n", name)
		}
		fmt.Fprintf(&b, "\n%s\n", text)
	}
	return b.Bytes(), nil
}
