package durable

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// only demands that a folder holds these names and no others.
func only(t *testing.T, folder string, want ...string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	got := []string{}
	for _, e := range entries {
		got = append(got, e.Name())
	}
	if !slices.Equal(got, want) && len(got)+len(want) > 0 {
		t.Errorf("the folder holds %q, want %q", got, want)
	}
}

func wantContent(t *testing.T, path, want string) {
	t.Helper()
	if got, err := os.ReadFile(path); err != nil || string(got) != want {
		t.Errorf("%q, %v, want %q", got, err, want)
	}
}

func put(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// begun begins a file and writes to it.
func begun(t *testing.T, path string, begin func(string, fs.FileMode) (*File, error)) *File {
	t.Helper()
	f, err := begin(path, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Write([]byte("new")); err != nil {
		t.Fatal(err)
	}
	return f
}

// A file has its name when it is committed, has no other afterwards, and replaces nothing: not what was there before, and not what
// came there meanwhile.
func TestFile(t *testing.T) {
	for name, begin := range map[string]func(string, fs.FileMode) (*File, error){"as the system can": Create, "by a temporary name": createNamed} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, "f")
			f := begun(t, path, begin)
			if _, err := os.Lstat(path); err == nil {
				t.Error("it has its name before it is whole")
			}
			f.Abort()
			only(t, dir)

			f = begun(t, path, begin)
			if err := f.Commit(); err != nil {
				t.Fatal(err)
			}
			only(t, dir, "f")
			wantContent(t, path, "new")
			if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
				t.Error(info, err)
			}

			later := filepath.Join(dir, "later")
			f = begun(t, later, begin)
			put(t, later, "mine")
			if err := f.Commit(); !errors.Is(err, fs.ErrExist) {
				t.Errorf("committed over what came meanwhile: %v", err)
			}
			only(t, dir, "f", "later")
			wantContent(t, later, "mine")
		})
	}
	dir := t.TempDir()
	put(t, filepath.Join(dir, "f"), "mine")
	if _, err := Create(filepath.Join(dir, "f"), 0o600); !errors.Is(err, fs.ErrExist) {
		t.Errorf("begun where something is: %v", err)
	}
	if _, err := Create(filepath.Join(dir, "none", "f"), 0o600); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("begun in no folder: %v", err)
	}
	only(t, dir, "f")
}

// What replaces a file does so when it is whole; until then, and where it is given up, the older one stands.
func TestReplacing(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "f")
	put(t, path, "old")
	f := begun(t, path, Replacing)
	wantContent(t, path, "old")
	f.Abort()
	only(t, dir, "f")
	wantContent(t, path, "old")
	if err := begun(t, path, Replacing).Commit(); err != nil {
		t.Fatal(err)
	}
	only(t, dir, "f")
	wantContent(t, path, "new")
}

// What a killed process left of a replacement is taken over, however long it was.
func TestReplace(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "state")
	put(t, hidden(path), strings.Repeat("x", 1000))
	for _, text := range []string{"first", "second, which is longer", "third"} {
		if err := Replace(path, []byte(text)); err != nil {
			t.Fatal(err)
		}
		only(t, dir, "state")
		wantContent(t, path, text)
	}
	// A link that somebody put there leads nowhere.
	put(t, filepath.Join(dir, "precious"), "mine")
	if err := os.Symlink("precious", hidden(path)); err != nil {
		t.Fatal(err)
	}
	if err := Replace(path, []byte("fourth")); err != nil {
		t.Fatal(err)
	}
	only(t, dir, "precious", "state")
	wantContent(t, path, "fourth")
	wantContent(t, filepath.Join(dir, "precious"), "mine")
	if err := os.Mkdir(filepath.Join(dir, "folder"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := Replace(filepath.Join(dir, "folder"), []byte("text")); err == nil {
		t.Error("a folder was replaced by a file")
	}
	only(t, dir, "folder", "precious", "state")
}

func TestRenameNew(t *testing.T) {
	for name, rename := range map[string]func(from, to string) error{"the system's": RenameNew, "portable": renameNewPortably} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			a, b := filepath.Join(dir, "a"), filepath.Join(dir, "b")
			for _, folder := range []string{a, b} {
				if err := os.Mkdir(folder, 0o700); err != nil {
					t.Fatal(err)
				}
			}
			if err := rename(a, b); !errors.Is(err, fs.ErrExist) {
				t.Errorf("a folder was replaced: %v", err)
			}
			if err := os.Remove(b); err != nil {
				t.Fatal(err)
			}
			if err := rename(a, b); err != nil {
				t.Error(err)
			}
			only(t, dir, "b")

			c, d := filepath.Join(dir, "c"), filepath.Join(dir, "d")
			put(t, c, "c")
			put(t, d, "d")
			if err := rename(c, d); !errors.Is(err, fs.ErrExist) {
				t.Errorf("a file was replaced: %v", err)
			}
			wantContent(t, d, "d")
			if err := rename(c, filepath.Join(dir, "e")); err != nil {
				t.Error(err)
			}
			if err := rename(c, filepath.Join(dir, "f")); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("nothing was renamed: %v", err)
			}
			only(t, dir, "b", "d", "e")
		})
	}
}

// A spooled file can be written and read again, and nothing is left of it.
func TestSpool(t *testing.T) {
	dir := t.TempDir()
	f, remove, err := Spool(dir)
	if err != nil {
		t.Fatal(err)
	}
	text := []byte("sealed")
	got := make([]byte, len(text))
	if _, err := f.Write(text); err != nil {
		t.Fatal(err)
	}
	if _, err := f.ReadAt(got, 0); err != nil || !bytes.Equal(got, text) {
		t.Error(got, err)
	}
	if err := remove(); err != nil {
		t.Error(err)
	}
	only(t, dir)
	if _, _, err := Spool(filepath.Join(dir, "none")); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
}

// A lock is one's own, or shared with those that share it, until it is given back.
func TestTryLock(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	put(t, path, "")
	open := func() *os.File {
		f, err := os.OpenFile(path, os.O_RDWR, 0)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = f.Close() })
		return f
	}
	try := func(f *os.File, exclusive, want bool) {
		t.Helper()
		if got, err := TryLock(f, exclusive); got != want || err != nil {
			t.Errorf("%v, %v, want %v", got, err, want)
		}
	}
	a, b := open(), open()
	try(a, true, true)
	try(b, true, false)
	try(b, false, false)
	if err := Unlock(a); err != nil {
		t.Fatal(err)
	}
	try(a, false, true)
	try(b, false, true)
	try(b, true, false)
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	try(b, true, true)
}
