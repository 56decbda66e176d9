//go:build unix

package definition

import (
	"context"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// Opening a pipe waits for its writer, which may never come.
func TestFilesPipe(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mkfifo(filepath.Join(dir, "pipe"), 0o600); err != nil {
		t.Skip(err)
	}
	ctx, stop := context.WithTimeout(t.Context(), 5*time.Second)
	defer stop()
	wantReason(t, in(ctx, t, Files(dir), Location{Path: "pipe"}), BadLocation)
}
