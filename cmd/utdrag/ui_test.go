package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"time"

	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/plan/run"
)

// The exit code follows the first reason, whatever came of it.
func TestExitCode(t *testing.T) {
	coded := func(c diag.Class) error { return &diag.Error{Code: "X1", Class: c} }
	for name, c := range map[string]struct {
		err  error
		want int
	}{
		"done":              {nil, 0},
		"refused":           {coded(diag.Refused), 1},
		"misuse":            {coded(diag.Misuse), 2},
		"external":          {coded(diag.External), 3},
		"no class":          {coded(0), 3},
		"diagnostics":       {diag.List{{Code: "UP002"}}, 2},
		"unknown":           {errors.New("x"), 3},
		"wrapped":           {fmt.Errorf("outer: %w", coded(diag.Refused)), 1},
		"joined":            {errors.Join(coded(diag.Refused), errors.New("closing")), 1},
		"joined, then list": {errors.Join(errors.Join(coded(diag.Misuse)), diag.List{{}}), 2},
	} {
		if got := exitCode(c.err); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}

// Everything is said: every joined error, every violation, every diagnostic, and the advice of a cause.
func TestFail(t *testing.T) {
	var b bytes.Buffer
	u := newUI(nil, &b, &b)
	u.maps["m.hcl"] = mapText{"dir/m.hcl", []byte("one\n\ttwo three\n")}
	err := errors.Join(
		&diag.Error{Code: "X1", Message: "it broke", Err: &diag.Error{Code: "X2", Message: "inner", Advice: "do this"}},
		&diag.Error{Code: "X3", Message: "violated", Err: run.Violations{{Code: "UV1", Message: "a"}, {Code: "UV2", Table: "t", Message: "b", Count: 2}}, Advice: "look"},
		diag.List{
			{Code: "X4", Summary: "wrong", Subject: diag.Range{File: "m.hcl", Start: diag.Pos{Line: 2, Column: 6, Byte: 9}, End: diag.Pos{Line: 2, Column: 11, Byte: 14}}},
			{Code: "X5", Severity: diag.Warning, Summary: "odd\x1b[2J"},
		},
		errors.New("line one\nline two"), errors.New("line one\nline two"))
	u.fail(err)
	const want = `error X1: it broke: X2: inner
  hint: do this
error X3: violated
  UV1: a
  UV2: t: b (2 rows)
2 violations
  hint: look
dir/m.hcl:2:6: error X4: wrong
    	two three
    	    ^^^^^
warning X5: odd\x1b[2J
1 error, 1 warning
error: line one; line two
`
	if b.String() != want {
		t.Errorf("got:\n%s", b.String())
	}
}

// An interruption isn't told as the error that it caused.
func TestInterrupted(t *testing.T) {
	var b bytes.Buffer
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if code := newUI(nil, &b, &b).end(ctx, errors.New("canceled")); code != exitExternal || b.String() != "interrupted; nothing was left behind\n" {
		t.Errorf("%d %q", code, b.String())
	}
	if code := newUI(nil, &b, &b).end(ctx, nil); code != exitDone {
		t.Error("what was done before the signal is done")
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, fs.ErrPermission }

// A result that couldn't be written is no success.
func TestLostResult(t *testing.T) {
	var b bytes.Buffer
	u := newUI(nil, full{}, &b)
	u.print("result")
	if code := u.end(context.Background(), nil); code != exitExternal || !strings.Contains(b.String(), "UA005") {
		t.Errorf("%d %q", code, b.String())
	}
}

func TestExcerpt(t *testing.T) {
	long := strings.Repeat("a", 300)
	for name, c := range map[string]struct {
		text       string
		begin, end int
		line       string
		marks      string
	}{
		"word":          {"x = yes\nz", 4, 7, "x = yes", "    ^^^"},
		"point":         {"x = ", 4, 4, "x = ", "    ^"},
		"several lines": {"a {\n  b\n}\n", 0, 9, "a {", "^^^"},
		"end of file":   {"ab", 2, 2, "ab", "  ^"},
		"wide letters":  {"å = ö", 5, 7, "å = ö", "    ^"},
		"carriage":      {"ab\r\ncd", 0, 6, "ab", "^^"},
		"long":          {long, 200, 203, "…" + strings.Repeat("a", 58) + strings.Repeat("a", 3) + strings.Repeat("a", 53) + "…", strings.Repeat(" ", 59) + "^^^"},
		"past the end":  {"ab", 1, 99, "ab", " ^"},
	} {
		at := diag.Range{Start: diag.Pos{Line: 1, Byte: c.begin}, End: diag.Pos{Line: 1, Byte: c.end}}
		line, marks, ok := excerpt([]byte(c.text), at)
		if !ok || line != c.line || marks != c.marks {
			t.Errorf("%s: %v\n%q\n%q", name, ok, line, marks)
		}
	}
	for name, at := range map[string]diag.Range{"nowhere": {}, "outside": {Start: diag.Pos{Line: 9, Byte: 99}}} {
		if _, _, ok := excerpt([]byte("ab"), at); ok {
			t.Errorf("%s was shown", name)
		}
	}
}

// Whatever a range says of whatever text, showing it doesn't fail.
func FuzzExcerpt(f *testing.F) {
	f.Add([]byte("a {\n\tb = \"å\"\n}"), 5, 9)
	f.Fuzz(func(t *testing.T, text []byte, begin, end int) {
		line, marks, ok := excerpt(text, diag.Range{Start: diag.Pos{Line: 1, Byte: begin}, End: diag.Pos{Line: 1, Byte: end}})
		if ok && (strings.ContainsAny(line+marks, "\n\x1b") || !strings.HasSuffix(marks, "^")) {
			t.Errorf("%q %q", line, marks)
		}
	})
}

func TestFormats(t *testing.T) {
	for n, want := range map[int64]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567", -1234: "-1,234", -123: "-123"} {
		if got := grouped(n); got != want {
			t.Errorf("grouped(%d) = %s", n, got)
		}
	}
	for n, want := range map[int64]string{0: "0 B", 999: "999 B", 1000: "1.0 kB", 999_949: "999.9 kB", 999_950: "1.0 MB", 1_500_000_000: "1.5 GB", 1 << 62: "4.6 EB"} {
		if got := size(n); got != want {
			t.Errorf("size(%d) = %s", n, got)
		}
	}
	if got := number(1, "table") + ", " + number(0, "row") + ", " + number(2000, "row"); got != "1 table, 0 rows, 2,000 rows" {
		t.Error(got)
	}
	if got := columns([][]string{{"a", "b"}, {"åäö", "12"}}); got != "a     b\nåäö  12\n" {
		t.Errorf("%q", got)
	}
	if got := clean("a\x1b[2J\u202eb\xff\té"); got != "a\\x1b[2J\\u202eb\ufffd\té" {
		t.Errorf("%q", got)
	}
}

func TestIsURL(t *testing.T) {
	for text, want := range map[string]bool{"sqlite:x.db": true, "postgres://u@h/d": true, "x.tar.zst.pgp": false, "C:\\x": false, "c:x": false, "a/b": false, "http:x": false, "./sqlite:x": false} {
		if isURL(text) != want {
			t.Errorf("%s: %v", text, !want)
		}
	}
}

func TestFolderName(t *testing.T) {
	for path, want := range map[string]string{"a/b.tar.zst.pgp": "b", "b.PGP": "b", "b": "b-opened", "b.c": "b.c-opened", ".pgp": ".pgp-opened", "v1.2.tar.gpg": "v1.2"} {
		if got := folderName(path); got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
}

func TestShellQuote(t *testing.T) {
	for text, want := range map[string]string{"a/b-c.db": "a/b-c.db", "--map": "--map", "": "''", "a b": "'a b'", "it's": `'it'\''s'`, "$x": "'$x'"} {
		if got := shellQuote(text); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

// A terminal gets one line, drawn again; it shows the phase, the table, rows, bytes, rate and the time left.
func TestProgressOnTerminal(t *testing.T) {
	var b bytes.Buffer
	u := newUI(nil, &b, &b)
	u.terminal = true
	now := time.Unix(0, 0)
	p := &progress{u: u, clock: func() time.Time { return now }, width: func() int { return 200 }, done: make(chan struct{})}
	p.tick() // before there is anything to say
	p.Phase("copy", 3)
	p.Table("main.Visit", 4000)
	p.Add(1000, 2_000_000)
	now = now.Add(2 * time.Second)
	p.tick()
	const want = "\rcopying 1/3 main.Visit · 1,000 rows · 2.0 MB · 500 rows/s · 2s · at most 6s left in this table\x1b[K"
	if b.String() != want {
		t.Errorf("%q", b.String())
	}
	b.Reset()
	p.Table("main.Note", -1)
	p.width = func() int { return 21 }
	p.tick()
	if b.String() != "\rcopying 2/3 main.No…\x1b[K" {
		t.Errorf("%q", b.String())
	}
	b.Reset()
	p.stop()
	if b.String() != "\r\x1b[K" {
		t.Errorf("%q", b.String())
	}
}

// Elsewhere there is a line for each phase, and one each ten seconds.
func TestProgressElsewhere(t *testing.T) {
	var b bytes.Buffer
	now := time.Unix(0, 0)
	p := &progress{u: newUI(nil, &b, &b), clock: func() time.Time { return now }, done: make(chan struct{})}
	p.Phase("key sets", 0)
	p.Phase("copy", 1)
	p.Table("t", -1)
	for range 25 {
		p.Add(10, 100)
		now = now.Add(time.Second)
		p.tick()
	}
	p.Phase("polish", 0)
	p.stop()
	const want = "finding out which rows\ncopying 1 table\ncopying 1/1 t · 100 rows · 1.0 kB · 10 rows/s · 10s\ncopying 1/1 t · 200 rows · 2.0 kB · 10 rows/s · 20s\npolish\n"
	if b.String() != want {
		t.Errorf("%q", b.String())
	}
}
