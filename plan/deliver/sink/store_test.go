package sink

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/utdrag/utdrag/plan/deliver/sink/sshtest"
)

func TestList(t *testing.T) {
	server := sshtest.Start(t, sshtest.Options{})
	for _, s := range []Store{toServer(t, server), &Folder{Path: server.Dir}} {
		for i, name := range []string{"a", "b", "b.receipt.json", ".hidden", "name with space", "c"} {
			write(t, filepath.Join(server.Dir, name), []byte(name))
			at := time.Date(2026, 1, 10-i, 0, 0, 0, 0, time.UTC)
			if err := os.Chtimes(filepath.Join(server.Dir, name), at, at); err != nil {
				t.Fatal(err)
			}
		}
		_ = os.Mkdir(filepath.Join(server.Dir, "folder"), 0o700)
		items, err := s.List(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if len(items) != 3 || items[0].Name != "a" || items[1].Name != "b" || items[2].Name != "c" ||
			!items[1].HasReceipt || items[0].HasReceipt || items[0].Size != 1 || items[0].Changed.Day() != 10 {
			t.Errorf("%+v", items)
		}
	}
}

// What was delivered is fetched over a line that breaks at every tenth, each byte once.
func TestFetch(t *testing.T) {
	content := sealed(5 << 20)
	server := sshtest.Start(t, sshtest.Options{})
	s := toServer(t, server)
	if _, err := s.Put(t.Context(), packageName, spoolOf(content)); err != nil {
		t.Fatal(err)
	}
	breaks := 0
	s.Options = Options{Order: "x", Sleep: quick().Sleep}
	line := sshtest.Cut(t, server.Address(), func(int) int64 { return -1 })
	s.Dial = through(line)
	next := int64(0)
	s.Options.Progress = func(n int64) {
		if n >= next && breaks < 10 {
			next = n + int64(len(content)/10)
			breaks++
			line.Break()
		}
	}
	var got bytes.Buffer
	f, err := s.Fetch(t.Context(), packageName, &got)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got.Bytes(), content) || f.SHA256 != sha256.Sum256(content) || f.Receipt == nil ||
		f.Receipt.SHA256 != f.Sum() || f.Bytes != int64(len(content)) {
		t.Errorf("%d bytes, %+v", got.Len(), f)
	}
	if breaks < 4 {
		t.Errorf("%d breaks", breaks)
	}
}

func TestDownload(t *testing.T) {
	content := sealed(3 << 20)
	server := sshtest.Start(t, sshtest.Options{})
	s := toServer(t, server)
	if _, err := s.Put(t.Context(), packageName, spoolOf(content)); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	line := sshtest.Cut(t, server.Address(), func(int) int64 { return -1 })
	s.Dial = through(line)
	s.Options.Attempts = 1
	var from int64 = -1
	s.Options.Progress = func(n int64) {
		if n >= 2<<20 {
			line.Break()
		}
	}
	_, err := s.Download(t.Context(), packageName, dir)
	wantCode(t, err, codeLost)
	if left := names(t, dir); len(left) != 1 || hasPackage(dir) {
		t.Fatalf("left: %q", left)
	}
	s.Options.Progress = func(n int64) {
		if from < 0 {
			from = n
		}
	}
	f, err := s.Download(t.Context(), packageName, dir)
	if err != nil {
		t.Fatal(err)
	}
	wantContent(t, dir, content)
	wantNames(t, dir, packageName)
	if from <= copyBuffer || f.SHA256 != sha256.Sum256(content) {
		t.Errorf("it began again: first progress at %d", from)
	}
	_, err = s.Download(t.Context(), packageName, dir)
	wantCode(t, err, codeTaken)
}

func TestFetchRefuses(t *testing.T) {
	content := sealed(100_000)
	there, here := &Folder{Path: t.TempDir(), Options: quick()}, t.TempDir()
	fetch := func(name string) error {
		_, err := there.Fetch(t.Context(), name, new(bytes.Buffer))
		return err
	}
	wantCode(t, fetch("none"), codeMissing)
	wantCode(t, fetch("../x"), codeName)
	if _, err := there.Put(t.Context(), packageName, spoolOf(content)); err != nil {
		t.Fatal(err)
	}
	other := bytes.Clone(content)
	other[77] ^= 1
	write(t, filepath.Join(there.Path, packageName), other)
	wantCode(t, fetch(packageName), codeChanged)
	_, err := there.Download(t.Context(), packageName, here)
	wantCode(t, err, codeChanged)
	wantNames(t, here)
	write(t, filepath.Join(there.Path, packageName), other[1:])
	wantCode(t, fetch(packageName), codeChanged)
	write(t, filepath.Join(there.Path, packageName+receiptSuffix), []byte("{}"))
	wantCode(t, fetch(packageName), codeReceipt)

	// Without a receipt the signature inside has to do; a file of a broken fetch isn't kept, for nobody could tell of what.
	if err := os.Remove(filepath.Join(there.Path, packageName+receiptSuffix)); err != nil {
		t.Fatal(err)
	}
	f, err := there.Download(t.Context(), packageName, here)
	if err != nil || f.Receipt != nil || f.Bytes != int64(len(other)-1) {
		t.Errorf("%+v, %v", f, err)
	}
	wantNames(t, here, packageName)

	own := errors.New("the reader failed")
	if _, err := there.Fetch(t.Context(), packageName, failing{own}); err != own {
		t.Errorf("%v", err)
	}
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }
