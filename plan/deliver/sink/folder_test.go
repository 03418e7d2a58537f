package sink

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/utdrag/utdrag/filter/diag"
)

func TestFolder(t *testing.T) {
	content := sealed(2*smallestBlock + 3)
	for _, source := range []Source{spoolOf(content), streamOf(content)} {
		f := &Folder{Path: t.TempDir(), Mode: 0o640, Options: quick()}
		r, err := f.Put(t.Context(), packageName, source)
		if err != nil {
			t.Fatal(err)
		}
		wantDelivered(t, f.Path, content, r)
		if m := mode(t, filepath.Join(f.Path, packageName)); m != 0o640 {
			t.Errorf("mode %o", m)
		}
		if r, err = f.Put(t.Context(), packageName, source); err != nil || !r.Already {
			t.Errorf("a rerun: %+v, %v", r, err)
		}
		// The next delivery under the same name isn't taken for the same one.
		f.Options.Run = "2026-12"
		if _, stream := source.(Stream); stream {
			_, err = f.Put(t.Context(), packageName, source)
			wantCode(t, err, codeTaken)
		}
		f.Options.Run = ""
		_, err = f.Put(t.Context(), packageName, streamOf(content))
		wantCode(t, err, codeTaken)
		wantDelivered(t, f.Path, content, r)
	}
	// Without a name for the run, none is taken for an earlier one.
	nameless := &Folder{Path: t.TempDir(), Options: Options{Order: "order-1"}}
	if _, err := nameless.Put(t.Context(), packageName, streamOf(content)); err != nil {
		t.Fatal(err)
	}
	_, err := nameless.Put(t.Context(), packageName, streamOf(content))
	wantCode(t, err, codeTaken)
	_, err = (&Folder{Options: quick()}).Put(t.Context(), packageName, spoolOf(content))
	wantCode(t, err, codeSettings)
}

// A package that was altered after its delivery isn't taken for delivered.
func TestFolderAlteredSince(t *testing.T) {
	content := sealed(1000)
	f := &Folder{Path: t.TempDir(), Options: quick()}
	if _, err := f.Put(t.Context(), packageName, streamOf(content)); err != nil {
		t.Fatal(err)
	}
	other := bytes.Clone(content)
	other[500] ^= 1
	write(t, filepath.Join(f.Path, packageName), other)
	for _, source := range []Source{spoolOf(content), streamOf(content)} {
		_, err := f.Put(t.Context(), packageName, source)
		wantCode(t, err, codeTaken)
	}
}

// A link under the final name, or under that of an unfinished file, leads nowhere.
func TestFolderLinks(t *testing.T) {
	content := sealed(1000)
	f := &Folder{Path: t.TempDir(), Options: quick()}
	elsewhere := filepath.Join(t.TempDir(), "elsewhere")
	if err := os.Symlink(elsewhere, filepath.Join(f.Path, packageName)); err != nil {
		t.Fatal(err)
	}
	_, err := f.Put(t.Context(), packageName, spoolOf(content))
	wantCode(t, err, codeTaken)
	if err := os.Remove(filepath.Join(f.Path, packageName)); err != nil {
		t.Fatal(err)
	}
	sum := spoolOf(content).SHA256
	link := partial{packageName, orderMark("order-1"), hexOf(sum[:8]), "0123456789abcdef"}.String()
	if err := os.Symlink(elsewhere, filepath.Join(f.Path, link)); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Put(t.Context(), packageName, spoolOf(content)); err != nil {
		t.Fatal(err)
	}
	wantContent(t, f.Path, content)
	if _, err := os.Lstat(elsewhere); !errors.Is(err, fs.ErrNotExist) {
		t.Error("something was written elsewhere")
	}
}

// Where links don't exist, renaming replaces nothing either.
func TestFolderRenames(t *testing.T) {
	dir := t.TempDir()
	s, err := (&Folder{Path: dir}).connect(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer s.close()
	near := s.(*folderShelf)
	for name, rename := range map[string]func(string, string) (string, error){"new": near.renameNew, "look": near.renameAfterLook} {
		write(t, filepath.Join(dir, "a"), []byte("a"))
		write(t, filepath.Join(dir, name), []byte("taken"))
		if _, err := rename("a", name); !errors.Is(err, fs.ErrExist) {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := rename("a", "free-"+name); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	wantNames(t, dir, "new", "look", "free-new", "free-look")
}

// Waits double and never pass a minute, whatever the randomness says.
func TestBackoff(t *testing.T) {
	for _, random := range []byte{0, 255} {
		d := &delivery{Options: Options{Random: bytes.NewReader(bytes.Repeat([]byte{random}, 50))}}
		before := time.Duration(0)
		for failures := 1; failures < 50; failures++ {
			wait, err := d.backoff(failures)
			if err != nil || wait < before || wait > time.Minute || wait < time.Second/2 {
				t.Fatalf("%d: %s after %s, %v", failures, wait, before, err)
			}
			before = wait
		}
	}
	d := &delivery{Options: Options{Random: bytes.NewReader(nil)}}
	if _, err := d.backoff(1); diag.CodeOf(err) != codeDisk {
		t.Errorf("%v", err)
	}
}
