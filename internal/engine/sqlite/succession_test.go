package sqlite

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/internal/engine"
	"github.com/utdrag/utdrag/internal/engine/sqlite/capi"
)

// copyAt makes what counts as a copy of ours, with a number in it.
func copyAt(t *testing.T, path, number string) {
	t.Helper()
	conn, err := capi.Open(path, capi.Create)
	for _, statement := range []string{"CREATE TABLE " + engine.CopyMark + "(name)", "CREATE TABLE number(n)", "INSERT INTO number VALUES (" + number + ")"} {
		if err == nil {
			err = conn.Exec(statement)
		}
	}
	if err == nil {
		err = conn.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
}

func numberAt(t *testing.T, path string) string {
	t.Helper()
	conn, err := capi.Open(path, capi.ReadOnly)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	rows, err := conn.Strings("SELECT n FROM number")
	if err != nil {
		t.Fatal(err)
	}
	return rows[0][0]
}

// Two runs at once: the one whose file was taken away puts nothing in place, not even the other's.
func TestSuccessionOvertaken(t *testing.T) {
	path := filepath.Join(t.TempDir(), "c.db")
	copyAt(t, path, "1")
	first, err := Succeed(t.Context(), Scheme+path, engine.SwapTerms{})
	if err != nil {
		t.Fatal(err)
	}
	incoming, err := Path(first.Incoming())
	if err != nil {
		t.Fatal(err)
	}
	copyAt(t, incoming, "2")
	mine, err := os.Open(incoming)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Succeed(t.Context(), Scheme+path, engine.SwapTerms{}); err != nil {
		t.Fatal(err)
	}
	copyAt(t, incoming, "3")
	if err := first.(*succession).untouched(mine); diag.CodeOf(err) != codeBusy {
		t.Errorf("got %v", err)
	}
	if got := numberAt(t, path); got != "1" {
		t.Errorf("%s, want 1", got)
	}
	if err := first.Swap(t.Context()); err != nil {
		t.Fatal(err)
	}
	if now, before := numberAt(t, path), numberAt(t, path+".previous"); now != "3" || before != "1" {
		t.Errorf("now %s and before %s, want 3 and 1", now, before)
	}
	if first.Previous() != "c.db.previous" {
		t.Errorf("previous: %q", first.Previous())
	}
}

// What is no regular file, no database or no copy of ours isn't replaced, nor is the one before.
func TestSuccessionRefused(t *testing.T) {
	for name, make := range map[string]func(path string) error{
		"a folder":      func(path string) error { return os.Mkdir(path, 0o700) },
		"a link":        func(path string) error { return os.Symlink("x", path) },
		"a text":        func(path string) error { return os.WriteFile(path, []byte("a text that is no database at all"), 0o600) },
		"an empty file": func(path string) error { return os.WriteFile(path, nil, 0o600) },
	} {
		for _, suffix := range []string{"", ".previous"} {
			path := filepath.Join(t.TempDir(), "c.db")
			if err := make(path + suffix); err != nil {
				t.Fatal(err)
			}
			if _, err := Succeed(t.Context(), Scheme+path, engine.SwapTerms{}); diag.CodeOf(err) != codeReplace {
				t.Errorf("%s at c.db%s: %v", name, suffix, err)
			}
		}
	}
	if _, err := Succeed(t.Context(), "postgres://h/x", engine.SwapTerms{}); diag.CodeOf(err) != codeURL {
		t.Errorf("another's URL: %v", err)
	}
}
