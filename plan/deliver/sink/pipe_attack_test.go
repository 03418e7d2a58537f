//go:build unix

package sink

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// A pipe in the place of a receipt doesn't hold up who fetches, nor who delivers.
func TestAttackAReceiptThatIsAPipe(t *testing.T) {
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, packageName), sealed(100), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := unix.Mkfifo(filepath.Join(folder, packageName+receiptSuffix), 0o600); err != nil {
		t.Skip("no pipes with a name here")
	}
	done := make(chan error, 2)
	go func() {
		_, err := (&Folder{Path: folder, Options: quick()}).Fetch(t.Context(), packageName, &bytes.Buffer{})
		done <- err
		_, err = (&Folder{Path: folder, Options: quick()}).Put(t.Context(), packageName, streamOf(sealed(100)))
		done <- err
	}()
	for _, code := range []string{codeReceipt, codeTaken} {
		select {
		case err := <-done:
			wantCode(t, err, code)
		case <-time.After(10 * time.Second):
			t.Fatal("it waits for ever")
		}
	}
}
