package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"debug/buildinfo"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/program"
)

// The programs of this module are listed from its root.
func TestMain(m *testing.M) {
	if err := os.Chdir("../../.."); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

// released compiles a program of the module as the Makefile does for a release. The tests
// use what is compiled for all of them, with other flags; only with RELEASE=1, as make
// check has it, is a release packed.
func released(t *testing.T, name, source string, flags ...string) string {
	t.Helper()
	out := filepath.Join(t.TempDir(), name)
	cmd := exec.Command("go", append(append([]string{"build", "-trimpath", "-ldflags", "-s -w", "-o", out}, flags...), source)...)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if said, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	return out
}

// contents returns the members of an archive in their order, and the permissions
// and bytes of each.
func contents(t *testing.T, file string) (names []string, all map[string]member) {
	t.Helper()
	packed, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	all = map[string]member{}
	add := func(m member) { names, all[m.name] = append(names, m.name), m }
	if strings.HasSuffix(file, ".zip") {
		z, err := zip.NewReader(bytes.NewReader(packed), int64(len(packed)))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range z.File {
			r, err := f.Open()
			if err != nil {
				t.Fatal(err)
			}
			add(member{f.Name, f.Mode(), read(t, r)})
		}
		return names, all
	}
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	for r := tar.NewReader(z); ; {
		h, err := r.Next()
		if err == io.EOF {
			return names, all
		}
		if err != nil {
			t.Fatal(err)
		}
		add(member{h.Name, h.FileInfo().Mode(), read(t, r)})
	}
}

func read(t *testing.T, r io.Reader) []byte {
	t.Helper()
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// Both executables come with the licence of every module that is linked into them, and
// in the same bytes each time.
func TestPack(t *testing.T) {
	type packed struct{ executable, archive string }
	all := []packed{{program.Tool(t), "tool.tar.gz"}, {program.Bootstrap(t), "function.zip"}}
	if os.Getenv("RELEASE") != "" {
		all = []packed{
			{released(t, "grantinvoke", "./macro/cmd/grantinvoke"), "tool.tar.gz"},
			{released(t, "bootstrap", "./macro", "-tags", "lambda.norpc"), "function.zip"},
		}
	}
	for _, tt := range all {
		t.Run(tt.archive, func(t *testing.T) {
			dir := t.TempDir()
			first := filepath.Join(dir, tt.archive)
			if err := pack(first, tt.executable, []string{"LICENSE"}); err != nil {
				t.Fatal(err)
			}
			names, all := contents(t, first)
			name := filepath.Base(tt.executable)
			if diff := cmp.Diff([]string{name, "LICENSE", "NOTICE"}, names); diff != "" {
				t.Errorf("members (-want +got):\n%s", diff)
			}
			if is, err := os.ReadFile(tt.executable); err != nil || !bytes.Equal(is, all[name].data) {
				t.Errorf("the executable is another, %v", err)
			}
			if all[name].mode != 0o755 || all["NOTICE"].mode != 0o644 {
				t.Errorf("permissions %v and %v", all[name].mode, all["NOTICE"].mode)
			}
			info, err := buildinfo.ReadFile(tt.executable)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range info.Deps {
				if !bytes.Contains(all["NOTICE"].data, []byte("\n* "+m.Path+" "+m.Version+"\n")) {
					t.Errorf("NOTICE has no licence of %s %s", m.Path, m.Version)
				}
			}
			for _, words := range []string{"the Go standard library", "Copyright 2009 The Go Authors", "Apache License", "Copyright (c) 2009 The Go Authors"} {
				if !bytes.Contains(all["NOTICE"].data, []byte(words)) {
					t.Errorf("NOTICE lacks %q", words)
				}
			}
			texts := []member{all["LICENSE"], all["NOTICE"]}
			once, err := archived(tt.archive, texts)
			if again, _ := archived(tt.archive, texts); err != nil || !bytes.Equal(once, again) {
				t.Errorf("packed twice, the bytes differ, %v", err)
			}
			linked, err := linkedInto(tt.executable)
			if err != nil {
				t.Fatal(err)
			}
			if again, err := noticeOf(linked); err != nil || !bytes.Equal(all["NOTICE"].data, again) {
				t.Errorf("made twice, NOTICE differs, %v", err)
			}
		})
	}
}

// A release is for six platforms, which link different modules.
func TestNoticePlatforms(t *testing.T) {
	for _, platform := range []string{"linux/amd64", "linux/arm64", "darwin/amd64", "darwin/arm64", "windows/amd64", "windows/arm64"} {
		system, machine, _ := strings.Cut(platform, "/")
		works, err := modulesOf("github.com/grantinvoke/grantinvoke/macro/cmd/grantinvoke", append(os.Environ(), "GOOS="+system, "GOARCH="+machine))
		if err != nil {
			t.Fatal(err)
		}
		notice, err := noticeOf(works)
		if err != nil {
			t.Errorf("%s: %v", platform, err)
		}
		if n := bytes.Count(notice, []byte("\n* ")); n < len(works) || len(works) < 20 {
			t.Errorf("%s: %d works, and %d under a licence", platform, len(works), n)
		}
	}
}

// A work without a licence, or with a text that is none, is an error.
func TestNoticeMissing(t *testing.T) {
	root := t.TempDir()
	sub := filepath.Join(root, "sub", "deep")
	if err := os.MkdirAll(sub, 0o755); err != nil {
		t.Fatal(err)
	}
	w := work{"example.com/w", "v1.2.3", root, []string{sub}}
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(root, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("licence.go", "package w")
	if _, err := noticeOf([]work{w}); err == nil || !strings.Contains(err.Error(), "example.com/w v1.2.3 has no licence") {
		t.Errorf("error %v", err)
	}
	write("LICENSE", " \n")
	if _, err := noticeOf([]work{w}); err == nil {
		t.Error("an empty licence is taken for one")
	}
	write("LICENSE", "do as you like\r\n")
	write("sub/NOTICE.txt", "by me\n")
	notice, err := noticeOf([]work{w})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"\n* example.com/w v1.2.3\n\ndo as you like\n", "\n* example.com/w v1.2.3\n\nby me\n"} {
		if !strings.Contains(string(notice), want) {
			t.Errorf("NOTICE lacks %q:\n%s", want, notice)
		}
	}
}

// What isn't an executable of this module, or not of this source, is not packed.
func TestPackRefuses(t *testing.T) {
	dir := t.TempDir()
	out := filepath.Join(dir, "x.zip")
	if err := pack(out, "LICENSE", nil); err == nil {
		t.Error("a text is packed as an executable")
	}
	if err := pack(filepath.Join(dir, "x.rar"), program.Tool(t), nil); err == nil || !strings.Contains(err.Error(), "neither .tar.gz nor .zip") {
		t.Errorf("error %v", err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}
