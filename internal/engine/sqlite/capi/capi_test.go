package capi

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	lib "modernc.org/sqlite/lib"

	"github.com/utdrag/utdrag/mask/value"
)

func open(t testing.TB, statements ...string) *Conn {
	t.Helper()
	c, err := Open(":memory:", Create)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	for _, s := range statements {
		if err := c.Exec(s); err != nil {
			t.Fatalf("%v in %s", err, s)
		}
	}
	return c
}

func TestPrepareTakesOneStatement(t *testing.T) {
	c := open(t)
	for sql, want := range map[string]int{
		"SELECT 1": 0, "SELECT 1;": 0, "SELECT 1; -- end\n /* really */ ;": 0, "": lib.SQLITE_MISUSE, "-- nothing": lib.SQLITE_MISUSE,
		"SELECT 1; SELECT 2": lib.SQLITE_MISUSE, "SELECT 1; frm": lib.SQLITE_MISUSE, "SELECT 1\x00; DROP": lib.SQLITE_ERROR, "SELECT": lib.SQLITE_ERROR,
		`SELECT "text"`: lib.SQLITE_ERROR,
	} {
		s, err := c.Prepare(sql)
		code := 0
		if e, ok := errors.AsType[*Error](err); ok {
			code = e.Primary()
		}
		if code != want {
			t.Errorf("%q: %v", sql, err)
		}
		if err == nil {
			s.Close()
		}
	}
}

func TestInterruptAfterClose(t *testing.T) {
	c := open(t)
	s, err := c.Prepare("SELECT 1")
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(c.Close(), c.Close(), s.Close()); err != nil {
		t.Error(err)
	}
	c.Interrupt()
}

func TestInterrupt(t *testing.T) {
	c := open(t)
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	context.AfterFunc(ctx, c.Interrupt)
	_, err := c.Strings("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i FROM n) SELECT count(*) FROM n")
	if e, ok := errors.AsType[*Error](err); !ok || e.Code != lib.SQLITE_INTERRUPT {
		t.Errorf("got %v", err)
	}
}

// The arena is used again for every row, and grows and shrinks.
func TestBindAgain(t *testing.T) {
	c := open(t, "CREATE TABLE t (a, b)")
	s, err := c.Prepare("INSERT INTO t VALUES (?, ?)")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	sizes := []int{0, 1, 300, 5, 2 << 20, 3 << 20, 7, 0}
	for _, n := range sizes {
		if err := s.Bind([]value.Value{value.NewText(strings.Repeat("a", n)), value.NewBinary(strings.Repeat("b", n))}); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Step(); err != nil {
			t.Fatal(err)
		}
	}
	rows, err := c.Strings("SELECT typeof(a) || typeof(b), length(replace(a, 'a', '')), length(a), length(b) FROM t ORDER BY rowid")
	if err != nil {
		t.Fatal(err)
	}
	for i, row := range rows {
		if row[0] != "textblob" || row[1] != "0" || row[2] != row[3] || len(row[2]) == 0 || i >= len(sizes) {
			t.Errorf("row %d is %v", i, row)
		}
	}
	if err := s.Bind(nil); err == nil {
		t.Error("too few arguments were bound")
	}
	if err := s.Bind([]value.Value{{}, value.NewLarge(value.Bytes, &value.Large{})}); err == nil {
		t.Error("a large cell was bound")
	}
}

func TestBlob(t *testing.T) {
	c := open(t, "CREATE TABLE \"t å\" (\"c \"\" d\" BLOB)", "INSERT INTO \"t å\" VALUES (zeroblob(600000))")
	b, err := c.OpenBlob("t å", `c " d`, c.LastRow(), true)
	if err != nil {
		t.Fatal(err)
	}
	content := bytes.Repeat([]byte("0123456789"), 60000)
	if n, err := b.Write(content); n != len(content) || err != nil || b.Rest() != 0 {
		t.Error(n, err)
	}
	if _, err := b.Write([]byte("x")); err != io.ErrShortWrite {
		t.Error(err)
	}
	if err := errors.Join(b.Close(), b.Close()); err != nil {
		t.Error(err)
	}
	if _, err := b.Read(make([]byte, 1)); err == nil {
		t.Error("a closed cell was read")
	}
	if b, err = c.OpenBlob("t å", `c " d`, 1, false); err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	if got, err := io.ReadAll(b); err != nil || !bytes.Equal(got, content) {
		t.Error("other bytes came back", err)
	}
	if _, err := c.OpenBlob("t å", "none", 1, false); err == nil {
		t.Error("a column that isn't there was opened")
	}
}
