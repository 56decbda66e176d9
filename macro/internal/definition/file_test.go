package definition

import (
	"os"
	"path/filepath"
	"testing"
)

func TestFiles(t *testing.T) {
	repo := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		path := filepath.Join(repo, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("stack/api.yaml", "openapi: 3.0.1\n")
	write("stack/sub/api.json", smallAPI)
	write("stack/empty", "")
	write("shared/api.json", smallAPI)
	write("secret.json", smallAPI)
	for link, to := range map[string]string{"stack/out.json": "../secret.json", "stack/in.json": "sub/api.json", "stack/loop": "loop"} {
		if err := os.Symlink(to, filepath.Join(repo, link)); err != nil {
			t.Fatal(err)
		}
	}
	stack := filepath.Join(repo, "stack")
	narrow, wide := Files(stack), New(Options{Dir: stack, Root: repo})
	for _, tt := range []struct {
		name string
		l    *Loader
		path string
		want Reason // none: read
	}{
		{"YAML", narrow, "api.yaml", ""},
		{"JSON below", narrow, "./sub/api.json", ""},
		{"up and down", narrow, "sub/../api.yaml", ""},
		{"link inside", narrow, "in.json", ""},
		{"link outside", narrow, "out.json", Denied},
		{"link outside, wider root", wide, "out.json", ""},
		{"above", narrow, "../shared/api.json", BadLocation},
		{"above, wider root", wide, "../shared/api.json", ""},
		{"above the wider root", wide, "../../x.json", BadLocation},
		{"absolute", narrow, filepath.Join(repo, "secret.json"), BadLocation},
		{"missing", narrow, "none.json", Missing},
		{"folder", narrow, "sub", BadLocation},
		{"the folder itself", narrow, ".", BadLocation},
		{"file as a folder", narrow, "api.yaml/x", Denied},
		{"loop", narrow, "loop", Denied},
		{"empty", narrow, "empty", NotDefinition},
		{"no folder", Files(filepath.Join(repo, "gone")), "api.yaml", Missing},
		{"files not read", New(Options{}), "api.yaml", NotListed},
		{"too large", New(Options{Dir: stack, MaxBytes: 10}), "api.yaml", TooLarge},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := one(t, tt.l, Location{Path: tt.path})
			if tt.want != "" {
				wantReason(t, r, tt.want)
			} else if r.Err != nil {
				t.Errorf("%v (%v)", r.Err, r.Err.Unwrap())
			}
		})
	}
}
