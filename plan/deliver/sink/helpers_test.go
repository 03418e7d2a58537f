package sink

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/plan/deliver/sink/sshtest"
)

const packageName = "SE5560000001-0001-2026-11.utdrag"

// sealed stands for ciphertext: bytes that don't compress and never repeat.
func sealed(size int) []byte {
	b := make([]byte, size)
	_, _ = rand.NewChaCha8([32]byte{byte(size)}).Read(b)
	return b
}

func spoolOf(b []byte) *Spool {
	return &Spool{Content: bytes.NewReader(b), Size: int64(len(b)), SHA256: sha256.Sum256(b)}
}

func streamOf(content []byte) Stream {
	return func(w io.Writer) error {
		b := content
		for len(b) > 0 {
			n, err := w.Write(b[:min(len(b), 10_000)])
			if err != nil {
				return err
			}
			b = b[n:]
		}
		return nil
	}
}

// quick are options that don't wait.
func quick() Options {
	return Options{Order: "order-1", Run: "2026-11",
		Now:   func() time.Time { return time.Date(2026, 11, 22, 12, 0, 0, 5, time.UTC) },
		Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() }}
}

// login makes a key, lets it in, and returns an SFTP that uses it.
func toServer(t *testing.T, s *sshtest.Server) *SFTP {
	t.Helper()
	key := sshtest.Key(t, "ed25519", "")
	s.Authorize(t, key)
	return &SFTP{Host: s.Host, Port: s.Port, User: s.User, HostKey: HostKey{KnownHosts: s.KnownHosts},
		Auth: Auth{KeyFiles: []string{key}}, Options: quick()}
}

func toFaulty(s *sshtest.Faulty) *SFTP {
	return &SFTP{Host: s.Host, Port: s.Port, User: s.User, HostKey: HostKey{Fingerprints: []string{s.Fingerprint}},
		Auth:    Auth{Password: func() ([]byte, error) { return []byte(secret), nil }},
		Options: quick()}
}

const secret = "hemligt-7"

func faulty(t *testing.T, f sshtest.Faults) *sshtest.Faulty {
	f.Password, f.ByPassword = secret, true
	return sshtest.StartFaulty(t, f)
}

func wantCode(t *testing.T, err error, code string, parts ...string) {
	t.Helper()
	if got := diag.CodeOf(err); got != code {
		t.Fatalf("code %q, want %q: %v", got, code, err)
	}
	for _, p := range parts {
		if !strings.Contains(err.Error(), p) {
			t.Errorf("%q isn't in %q", p, err)
		}
	}
	if strings.Contains(err.Error(), secret) {
		t.Errorf("a secret is in %q", err)
	}
}

func names(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return all
}

// wantNames are all that lies in the folder, partial files too.
func wantNames(t *testing.T, dir string, want ...string) {
	t.Helper()
	got := names(t, dir)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Fatalf("in the folder: %q, want %q", got, want)
	}
}

// wantDelivered holds folder, receipt file and returned receipt against the content.
func wantDelivered(t *testing.T, dir string, content []byte, r *Receipt) {
	t.Helper()
	wantNames(t, dir, packageName, packageName+receiptSuffix)
	wantContent(t, dir, content)
	f, err := os.Open(filepath.Join(dir, packageName+receiptSuffix))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	read, err := ReadReceipt(f)
	if err != nil {
		t.Fatal(err)
	}
	told := *r
	told.Already, told.Attempts, told.Resumed, told.Remarks = false, 0, 0, nil
	a, _ := told.Encode()
	b, _ := read.Encode()
	if !bytes.Equal(a, b) || r.Bytes != int64(len(content)) || r.Package != packageName {
		t.Errorf("receipt %s, file %s", a, b)
	}
}

func wantContent(t *testing.T, dir string, content []byte) {
	t.Helper()
	got, err := os.ReadFile(filepath.Join(dir, packageName))
	if err != nil || !bytes.Equal(got, content) {
		t.Fatalf("the package isn't what was sent: %d bytes, want %d: %v", len(got), len(content), err)
	}
}

func write(t *testing.T, path string, content []byte) {
	t.Helper()
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

// hasPackage reports whether the final name is there.
func hasPackage(dir string) bool {
	_, err := os.Lstat(filepath.Join(dir, packageName))
	return err == nil
}

func mode(t *testing.T, path string) fs.FileMode {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info.Mode().Perm()
}

func hexOf(b []byte) string { return hex.EncodeToString(b) }
