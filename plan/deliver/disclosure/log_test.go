package disclosure

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/utdrag/utdrag/filter/diag"
)

func TestAppendAndVerify(t *testing.T) {
	l := newTestLog(t, startedFor(tallmo), delivered(), refusal())
	wantSound(t, verifyLog(t, l), 4)
	text := read(t, l.path)
	all := linesOf(text)
	for i, line := range all {
		r, body, err := decodeRecord(bytes.TrimSuffix(line, []byte("\n")))
		if err != nil {
			t.Fatal(err)
		}
		if r.Sequence != int64(i+1) || i > 0 && r.Previous != digest(bytes.TrimSuffix(all[i-1], []byte("\n"))) {
			t.Errorf("%+v", r)
		}
		if region().Check(body, r.Signature, r.At()) != nil || bytes.Contains(body, []byte("signature")) {
			t.Error("the signature isn't over the documented bytes")
		}
	}
	const want = `{"disclosure_log":1,"log":"07070707070707070707070707070707","sequence":4,"previous":"`
	if !bytes.HasPrefix(all[3], []byte(want)) || !bytes.Contains(all[3], []byte(
		`","time":"2026-03-01T08:00:04.004Z","actor":{"user":"records","uid":"1001","host":"extract01"},`+
			`"disclosure":{"outcome":"refused","code":"UM012","order":{"hash":"`+hash("f")+`"}},"signer":"`+region().Fingerprint()+`","signature":"`)) {
		t.Errorf("%s", all[3])
	}
	if a := anchorOf(t, l); a.Sequence != 4 || a.SHA256 != digest(bytes.TrimSuffix(all[3], []byte("\n"))) {
		t.Errorf("%+v", a)
	}
}

// What can't be used is refused before anything is written.
func TestOptionsAreDemanded(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.log")
	for name, change := range map[string]func(*Options){
		codeUsage + " no signer":       func(o *Options) { o.Signer = nil },
		codeUsage + " untrusted":       func(o *Options) { o.Keys = []Verifier{stranger()} },
		codeField + " nobody":          func(o *Options) { o.Actor.User = "" },
		codeField + " no tool":         func(o *Options) { o.Tool = "" },
		codeSign + " key not yet made": func(o *Options) { o.Now = func() time.Time { return start.AddDate(-1, 0, 0) } },
		codeField + " no such time":    func(o *Options) { o.Now = func() time.Time { return time.Time{} } },
		codeDisk + " no randomness":    func(o *Options) { o.Random = bytes.NewReader(nil) },
	} {
		o := testOptions()
		change(&o)
		_, err := Create(path, o)
		wantCode(t, err, name[:5])
		if left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), "*")); len(left) != 0 {
			t.Error(name, left)
		}
	}
	_, err := Create(filepath.Join(t.TempDir(), "a b"), testOptions())
	wantCode(t, err, codeUsage)
	_, err = Open(path, testOptions())
	wantCode(t, err, codeAbsent)
	_, err = Verify(strings.NewReader(""), Verification{})
	wantCode(t, err, codeUsage)
}

// A log that is there, or whose anchor is, isn't begun anew.
func TestCreateReplacesNothing(t *testing.T) {
	l := newTestLog(t)
	text := read(t, l.path)
	_, err := Create(l.path, testOptions())
	wantCode(t, err, codeExists)
	if !bytes.Equal(text, read(t, l.path)) {
		t.Error("the log was changed")
	}
	if err := os.Remove(l.path); err != nil {
		t.Fatal(err)
	}
	_, err = Create(l.path, testOptions())
	wantCode(t, err, codeExists)
	_, err = l.Append(t.Context(), refusal())
	wantCode(t, err, codeAbsent)
}

// A record between a crash and its anchor is anchored by the next append; two are not explained by a crash.
func TestUnanchoredRecordIsHealed(t *testing.T) {
	l := newTestLog(t, startedFor(tallmo))
	l.step = func(step string) error {
		if step == "record synced" {
			return syscall.EIO
		}
		return nil
	}
	_, err := l.Append(t.Context(), delivered())
	wantCode(t, err, codeHalfDone)
	if anchorOf(t, l).Sequence != 2 {
		t.Fatal("anchored after all")
	}
	r := verifyLog(t, l)
	wantFinding(t, r, codeUnanchored, diag.Warning)
	if r.Findings.Refused() {
		t.Error(r.Findings)
	}
	// The healing fails: nothing is appended.
	l.step = func(step string) error {
		if step == "anchor create" {
			return syscall.EIO
		}
		return nil
	}
	if _, err := l.Append(t.Context(), refusal()); diag.CodeOf(err) != codeDisk {
		t.Fatal(err)
	}
	if r := verifyLog(t, l); r.Last != 3 {
		t.Fatalf("%+v", r)
	}
	old := read(t, l.anchor)
	l.step = nil
	if _, err := l.Append(t.Context(), refusal()); err != nil {
		t.Fatal(err)
	}
	wantSound(t, verifyLog(t, l), 4)

	overwrite(t, l.anchor, old)
	_, err = l.Append(t.Context(), refusal())
	wantCode(t, err, codeBehind)
	wantFinding(t, verifyLog(t, l), codeBehind, diag.Refusal)
}

// A log that can't be made leaves nothing; each step fails in turn.
func TestCreateFails(t *testing.T) {
	for _, step := range []string{"record write", "record written", "anchor create", "anchor written", "log link"} {
		dir := t.TempDir()
		l, err := newLog(filepath.Join(dir, "x.log"), testOptions())
		if err != nil {
			t.Fatal(err)
		}
		l.step = func(s string) error {
			if s == step {
				return syscall.EIO
			}
			return nil
		}
		wantCode(t, l.create(), codeDisk)
		if left, err := os.ReadDir(dir); err != nil || len(left) != 0 {
			t.Error(step, left, err)
		}
	}
}

// Two that make the same log at once: one does, and its log and anchor belong together.
func TestCreateTwice(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.log")
	errs := make(chan error)
	const makers = 8
	for range makers {
		go func() {
			o := testOptions()
			o.Random = nil
			_, err := Create(path, o)
			errs <- err
		}()
	}
	made := 0
	for range makers {
		if err := <-errs; err == nil {
			made++
		} else if diag.CodeOf(err) != codeExists {
			t.Error(err)
		}
	}
	l, err := Open(path, testOptions())
	if err != nil || made != 1 {
		t.Fatal(made, err)
	}
	wantSound(t, verifyLog(t, l), 1)
}

// A log that was cut to its first record, with its anchor removed, isn't taken for a new one.
func TestCutToTheFirst(t *testing.T) {
	l := newTestLog(t, refusal())
	overwrite(t, l.path, linesOf(read(t, l.path))[0])
	if err := os.Remove(l.anchor); err != nil {
		t.Fatal(err)
	}
	_, err := l.Append(t.Context(), refusal())
	wantCode(t, err, codeNoAnchor)
	wantFinding(t, verifyLog(t, l), codeNoAnchor, diag.Refusal)
}

// The end of the log is held against its anchor before anything is appended to it.
func TestAppendLooksBack(t *testing.T) {
	for name, x := range map[string]struct {
		code   string
		change func(t *testing.T, l *Log)
	}{
		"cut": {codeCut, func(t *testing.T, l *Log) {
			all := linesOf(read(t, l.path))
			overwrite(t, l.path, bytes.Join(all[:2], nil))
		}},
		"emptied":    {codeFirst, func(t *testing.T, l *Log) { overwrite(t, l.path, nil) }},
		"torn":       {codeTorn, func(t *testing.T, l *Log) { overwrite(t, l.path, append(read(t, l.path), `{"disc`...)) }},
		"zeros":      {codeTorn, func(t *testing.T, l *Log) { overwrite(t, l.path, append(read(t, l.path), "\x00\x00}\n"...)) }},
		"blank line": {codeUnreadable, func(t *testing.T, l *Log) { overwrite(t, l.path, append(read(t, l.path), '\n')) }},
		"no anchor":  {codeNoAnchor, func(t *testing.T, l *Log) { _ = os.Remove(l.anchor) }},
		"bad anchor": {codeAnchor, func(t *testing.T, l *Log) { overwrite(t, l.anchor, []byte("{}\n")) }},
		"last edited": {codeSignature, func(t *testing.T, l *Log) {
			overwrite(t, l.path, bytes.Replace(read(t, l.path), []byte(`"rows":120`), []byte(`"rows":121`), 1))
		}},
		"huge line": {codeLong, func(t *testing.T, l *Log) {
			overwrite(t, l.path, append(read(t, l.path), append(bytes.Repeat([]byte("x"), 2*maxLine), '\n')...))
		}},
		"everyone may write": {codeOpenToAll, func(t *testing.T, l *Log) {
			if err := os.Chmod(l.path, 0o666); err != nil {
				t.Fatal(err)
			}
		}},
		"anchor of another log": {codeForeign, func(t *testing.T, l *Log) {
			o := testOptions()
			o.Random = nil
			other, err := Create(filepath.Join(t.TempDir(), "other"), o)
			if err != nil {
				t.Fatal(err)
			}
			overwrite(t, l.anchor, read(t, other.anchor))
		}},
		"last replaced by a signed one": {codeAnchor, func(t *testing.T, l *Log) {
			kept := linesOf(read(t, l.path))
			anchor := read(t, l.anchor)
			overwrite(t, l.path, bytes.Join(kept[:2], nil))
			f, err := l.lock(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			line, _ := lastLine(f, int64(len(kept[0])+len(kept[1])))
			last, _, _ := decodeRecord(line)
			d := refusal()
			if _, err := l.append(f, &end{last: last, hash: digest(line), size: 0, mode: 0o600}, &Record{Disclosure: &d}); err != nil {
				t.Fatal(err)
			}
			overwrite(t, l.anchor, anchor)
		}},
	} {
		t.Run(name, func(t *testing.T) {
			l := newTestLog(t, startedFor(tallmo), delivered())
			x.change(t, l)
			text := read(t, l.path)
			_, err := l.Append(t.Context(), refusal())
			wantCode(t, err, x.code)
			if !bytes.Equal(text, read(t, l.path)) {
				t.Error("the log was changed")
			}
			if name == "everyone may write" {
				return
			}
			wantFinding(t, verifyLog(t, l), x.code, diag.Refusal)
		})
	}
}

// A link could lead anywhere.
func TestLinkIsRefused(t *testing.T) {
	l := newTestLog(t)
	link := filepath.Join(t.TempDir(), "link.log")
	if err := os.Symlink(l.path, link); err != nil {
		t.Skip(err)
	}
	o := testOptions()
	o.Anchor = l.anchor
	linked, err := Open(link, o)
	if err != nil {
		t.Fatal(err)
	}
	_, err = linked.Append(t.Context(), refusal())
	wantCode(t, err, codeDisk)
}

// The lock is waited for as long as the context allows.
func TestBusy(t *testing.T) {
	l := newTestLog(t)
	f, err := l.lock(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
	defer cancel()
	_, err = l.Append(ctx, refusal())
	wantCode(t, err, codeBusy)
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
	_, err = VerifyFile(ctx, l.path, "", Verification{Keys: l.options.Keys})
	wantCode(t, err, codeBusy)
	done := make(chan error)
	go func() { _, err := l.Append(context.Background(), refusal()); done <- err }()
	time.Sleep(20 * time.Millisecond)
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	wantSound(t, verifyLog(t, l), 2)
}

// Somebody puts another file in the log's place while its lock is waited for.
func TestReplaced(t *testing.T) {
	l := newTestLog(t)
	f, err := l.lock(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error)
	go func() { _, err := l.Append(context.Background(), refusal()); done <- err }()
	time.Sleep(50 * time.Millisecond)
	text := read(t, l.path)
	if err := os.Rename(l.path, l.path+".old"); err != nil {
		t.Fatal(err)
	}
	overwrite(t, l.path, text)
	_ = f.Close()
	wantCode(t, <-done, codeReplaced)
	if !bytes.Equal(text, read(t, l.path)) || !bytes.Equal(text, read(t, l.path+".old")) {
		t.Error("written all the same")
	}
}

// A clock that goes back is written down and found; the record is there all the same.
func TestClockBack(t *testing.T) {
	l := newTestLog(t, startedFor(tallmo))
	l.options.Now = func() time.Time { return start.Add(-time.Minute) }
	r, err := l.Append(t.Context(), refusal())
	if err != nil || !r.ClockBack {
		t.Fatal(r, err)
	}
	report := verifyLog(t, l)
	wantFinding(t, report, codeClock, diag.Warning)
	if report.Findings.Refused() || len(report.Findings) != 1 || report.Last != 3 {
		t.Errorf("%+v", report)
	}
}

// After a change of key, the old one is still trusted for what it signed, and only if it is given.
func TestChangeOfKey(t *testing.T) {
	o := testOptions()
	o.Signer, o.Keys = before(), []Verifier{before()}
	l, err := Create(filepath.Join(t.TempDir(), "x.log"), o)
	if err != nil {
		t.Fatal(err)
	}
	l.options.Signer, l.options.Keys = region(), []Verifier{region()}
	_, err = l.Append(t.Context(), refusal())
	wantCode(t, err, codeSigner)
	l.options.Keys = []Verifier{region(), before()}
	if _, err = l.Append(t.Context(), refusal()); err != nil {
		t.Fatal(err)
	}
	wantSound(t, verifyLog(t, l), 2)
	l.options.Keys = []Verifier{region()}
	wantFinding(t, verifyLog(t, l), codeSigner, diag.Refusal)
}
