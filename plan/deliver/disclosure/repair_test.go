package disclosure

import (
	"bytes"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/utdrag/utdrag/filter/diag"
)

// A record torn at every byte is found, moved aside whole, and recorded.
func TestRepairEveryTear(t *testing.T) {
	l := newTestLog(t, startedFor(tallmo))
	sound, anchor := read(t, l.path), read(t, l.anchor)
	if _, err := l.Append(t.Context(), refusal()); err != nil {
		t.Fatal(err)
	}
	whole := read(t, l.path)
	name := aside(l.path, 3)
	for cut := len(sound) + 1; cut < len(whole); cut += 13 {
		overwrite(t, l.path, whole[:cut])
		overwrite(t, l.anchor, anchor)
		wantFinding(t, verifyLog(t, l), codeTorn, diag.Refusal)
		r, err := l.Repair(t.Context())
		if err != nil {
			t.Fatal(cut, err)
		}
		if r.Repaired.File != filepath.Base(name) || r.Repaired.Size != int64(cut-len(sound)) || r.Sequence != 3 {
			t.Errorf("%+v", r.Repaired)
		}
		if !bytes.Equal(read(t, name), whole[len(sound):cut]) || !bytes.HasPrefix(read(t, l.path), sound) {
			t.Fatal("something was lost")
		}
		wantSound(t, verifyLog(t, l), 3)
		if err := os.Remove(name); err != nil {
			t.Fatal(err)
		}
	}
}

// A repair that dies at any of its steps is found by whoever writes or verifies, and finished by another repair.
func TestRepairIsInterrupted(t *testing.T) {
	for _, step := range []string{"anchor create", "anchor written", "anchor renamed", "moved aside", "torn piece cut", "record write", "record written", "record synced"} {
		l := newTestLog(t, startedFor(tallmo))
		sound, piece := read(t, l.path), []byte(`{"disclosure_log":1,"lo`)
		overwrite(t, l.path, append(bytes.Clone(sound), piece...))
		l.step = func(s string) error {
			if s == step {
				return syscall.EIO
			}
			return nil
		}
		if _, err := l.Repair(t.Context()); err == nil {
			t.Fatal(step, "didn't fail")
		}
		l.step = nil
		if step == "torn piece cut" || step == "record write" {
			_, err := l.Append(t.Context(), refusal())
			wantCode(t, err, codeInterrupted)
			wantFinding(t, verifyLog(t, l), codeInterrupted, diag.Refusal)
		}
		if _, err := l.Repair(t.Context()); err != nil && diag.CodeOf(err) != codeNoRepair {
			t.Fatal(step, err)
		}
		if _, err := l.Append(t.Context(), refusal()); err != nil {
			t.Fatal(step, err)
		}
		wantSound(t, verifyLog(t, l), 4)
		if !bytes.Equal(read(t, aside(l.path, 3)), piece) {
			t.Error(step, "the piece is lost")
		}
	}
}

// What no crash does isn't mended.
func TestRepairRefuses(t *testing.T) {
	l := newTestLog(t, startedFor(tallmo), refusal())
	text := read(t, l.path)
	n := linesOf(text)
	for name, x := range map[string]struct {
		text []byte
		code string
	}{
		"whole":                {text, codeNoRepair},
		"an anchored record":   {text[:len(text)-5], codeCut},
		"torn and edited":      {append(bytes.Replace(text, []byte(tallmo), []byte(angso), 1), '{'), codeSignature},
		"torn and one missing": {bytes.Join([][]byte{n[0], n[2], []byte("{")}, nil), codeMissing},
		"the first record":     {n[0][:50], codeNoRepair},
		"last line edited":     {bytes.Replace(text, []byte("UM012"), []byte("UM013"), 1), codeSignature},
	} {
		overwrite(t, l.path, x.text)
		if _, err := l.Repair(t.Context()); diag.CodeOf(err) != x.code {
			t.Errorf("%s: %v, want %s", name, err, x.code)
		} else {
			met.Store(x.code, true)
		}
		if !bytes.Equal(read(t, l.path), x.text) {
			t.Error(name, "was changed")
		}
	}
	overwrite(t, l.path, append(bytes.Clone(text), '{'))
	overwrite(t, aside(l.path, 4), []byte("something else"))
	_, err := l.Repair(t.Context())
	wantCode(t, err, codeExists)
	if string(read(t, aside(l.path, 4))) != "something else" {
		t.Error("it was overwritten")
	}
}
