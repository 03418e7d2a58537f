package sqlite

import (
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/internal/engine"
	"github.com/utdrag/utdrag/internal/engine/sqlite/capi"
	"github.com/utdrag/utdrag/mask/value"
)

// plain is the copy of a whole table.
func plain(t *catalog.Table) engine.Copy {
	c := engine.Copy{Table: t, From: "FROM " + (Dialect{}).Table(t.Name) + " AS t", Order: Dialect{}.ReadOrder(t, "t")}
	for _, column := range t.Columns {
		if column.Computed == "" {
			c.Columns = append(c.Columns, engine.CopyColumn{Name: column.Name, SQL: "t." + quote(column.Name), Plain: true})
		}
	}
	return c
}

// A cell comes in its storage class whatever its column's type: no date becomes a time, no 1 a true.
func TestStorageClasses(t *testing.T) {
	s := opened(t, `CREATE TABLE t (d DATE, b BOOLEAN, ts TIMESTAMP, n DECIMAL(9,2), x)`,
		`INSERT INTO t VALUES ('2026-01-31', 1, '2026-01-31T08:00:00Z', 12.5, x''), (20, 'no', 3.5, 'abc', NULL), ('', 0, CAST(x'ff00' AS TEXT), 9e999, '')`)
	c, err := s.Catalog(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	rows, err := snapshot(t, s).Read(context.Background(), plain(&c.Tables[0]))
	got := all(t, rows, err, 5)
	text, integer, float := value.NewText, value.NewInt, value.NewFloat
	want := [][]value.Value{
		{text("2026-01-31"), integer(1), text("2026-01-31T08:00:00Z"), float(12.5), value.NewBinary("")},
		{integer(20), text("no"), float(3.5), text("abc"), {}},
		{text(""), integer(0), text("\xff\x00"), got[2][3], text("")},
	}
	if !equal(got, want) || got[2][3].Float() < 1e300 {
		t.Errorf("got %v", got)
	}
}

func TestSnapshotIsOneState(t *testing.T) {
	path := file(t, "PRAGMA journal_mode = WAL", "CREATE TABLE t (a)", "INSERT INTO t VALUES (1)")
	s, err := OpenFile(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	before := snapshot(t, s)
	conn, err := capi.Open(path, capi.ReadWrite)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := conn.Exec("INSERT INTO t VALUES (2)"); err != nil {
		t.Fatal(err)
	}
	after := snapshot(t, s)
	for snap, want := range map[*Snapshot]int64{before: 1, after: 2} {
		rows, err := snap.Query(context.Background(), "SELECT count(*) FROM t")
		if got := all(t, rows, err, 1)[0][0].Int(); got != want {
			t.Errorf("%d rows, want %d", got, want)
		}
	}
	if before.Kind() != "sqlite read transaction" {
		t.Error(before.Kind())
	}
}

func TestWorkTablesAndNothingElse(t *testing.T) {
	ctx := context.Background()
	path := file(t, "CREATE TABLE t (a)")
	s, err := OpenFile(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	snap := snapshot(t, s)
	if _, err := snap.Exec(ctx, Dialect{}.CreateWork("t", []engine.WorkColumn{{Name: "id"}})); err != nil {
		t.Fatal(err)
	}
	if n, err := snap.Exec(ctx, "INSERT INTO temp.t VALUES (?), (?)", value.NewInt(1), value.NewInt(2)); n != 2 || err != nil {
		t.Error(n, err)
	}
	for _, statement := range []string{"INSERT INTO main.t VALUES (1)", "CREATE TABLE main.u (a)", "ATTACH 'x.db' AS x", "SELECT 1; SELECT 2"} {
		if _, err := snap.Exec(ctx, statement); err == nil {
			t.Errorf("%s went through", statement)
		}
	}
	if n, err := snap.Exec(ctx, "SELECT 1; -- and no more\n"); n != 0 || err != nil {
		t.Error(n, err)
	}
	rows, err := snap.Query(ctx, "SELECT id FROM temp.t WHERE id > ?", value.NewInt(1))
	if got := all(t, rows, err, 1); len(got) != 1 {
		t.Error(got)
	}
	if err := errors.Join(snap.Close(), snap.Close()); err != nil {
		t.Error(err)
	}
	if _, err := snap.Query(ctx, "SELECT 1"); diag.CodeOf(err) != codeEnded {
		t.Error(err)
	}
	if _, err := snapshot(t, s).Query(ctx, "SELECT * FROM temp.t"); diag.CodeOf(err) != codeStatement {
		t.Errorf("a work table outlived its snapshot: %v", err)
	}
}

func TestCancel(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	snap := snapshot(t, opened(t, "CREATE TABLE t (a)"))
	time.AfterFunc(50*time.Millisecond, cancel)
	start := time.Now()
	_, err := snap.Exec(ctx, "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n")
	if diag.CodeOf(err) != codeCanceled || !errors.Is(err, context.Canceled) || time.Since(start) > 10*time.Second {
		t.Errorf("after %v: %v", time.Since(start), err)
	}
	rows, err := snap.Query(context.Background(), "SELECT 1")
	if got := all(t, rows, err, 1); len(got) != 1 {
		t.Error("the snapshot is of no use after an interrupt")
	}
}

// SQLite's messages quote the statement, and so may quote a literal.
func TestErrorsHoldNoData(t *testing.T) {
	snap := snapshot(t, opened(t, "CREATE TABLE t (a)"))
	for _, sql := range []string{"SELECT 'x' 19121212-1212 frm t", "SELECT \"19121212-1212\" FROM t", "SELECT json('19121212-1212')", "SELECT '19121212-1212",
		"SELECT * FROM \"19121212-1212\"", "SELECT abs(-9223372036854775808), 'a' LIKE '19121212-1212' ESCAPE '19121212-1212'"} {
		rows, err := snap.Query(context.Background(), sql)
		if err == nil {
			rows.Next(make([]value.Value, strings.Count(sql, ",")+1))
			err = rows.Err()
		}
		if err == nil || strings.Contains(err.Error(), "1912") {
			t.Errorf("%s: %v", sql, err)
		}
	}
}

func TestLargeCells(t *testing.T) {
	const size = Large + 12345
	ctx := context.Background()
	columns := make([]string, 40)
	for i := range columns {
		columns[i] = fmt.Sprintf("c%d", i)
	}
	s := opened(t, "CREATE TABLE t (id INTEGER PRIMARY KEY, "+strings.Join(columns, ", ")+")",
		fmt.Sprintf("INSERT INTO t (id, c0, c1, c31, c32, c39) VALUES (7, zeroblob(%d), printf('%%.*c', %d, 'å'), zeroblob(%d), zeroblob(%d), 'small'), (8, 1, 2, 3, 4, 5)",
			size, size, Large, size))
	c, err := s.Catalog(ctx)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := snapshot(t, s).Read(ctx, plain(&c.Tables[0]))
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	row := make([]value.Value, 41)
	if !rows.Next(row) {
		t.Fatal(rows.Err())
	}
	want := map[int]value.Form{1: value.Bytes, 2: value.Text, 33: value.Bytes}
	var kept *value.Large
	for i, v := range row {
		form, large := want[i]
		if (v.Large() != nil) != large || large && v.Form() != form {
			t.Errorf("column %d is %v, large %v", i, v, v.Large() != nil)
			continue
		}
		if large {
			kept = v.Large()
			for range 2 { // it can be read again
				r, err := v.Large().Open()
				if err != nil {
					t.Fatal(err)
				}
				n, err := io.Copy(io.Discard, r)
				if n != v.Large().Size || n < size || err != nil {
					t.Errorf("%d of %d bytes, %v", n, v.Large().Size, err)
				}
				r.Close()
			}
		}
	}
	if row[32].Size() != Large || row[40].Text() != "small" || row[0].Int() != 7 || row[3].Form() != value.Null {
		t.Error("small cells came wrong")
	}
	if !rows.Next(row) || row[1].Int() != 1 || row[40].Int() != 5 || rows.Next(row) || rows.Err() != nil {
		t.Error("the next row came wrong", rows.Err())
	}
	if _, err := kept.Open(); diag.CodeOf(err) != codeEnded {
		t.Errorf("a cell of an earlier row opened: %v", err)
	}
}

// Where cells can't be opened in pieces they come whole.
func TestLargeWhole(t *testing.T) {
	ctx := context.Background()
	s := opened(t, "PRAGMA encoding = 'UTF-16'",
		"CREATE TABLE a (k TEXT PRIMARY KEY, v) WITHOUT ROWID", "INSERT INTO a VALUES ('k', zeroblob(2000000))",
		"CREATE TABLE b (k TEXT, v, g AS (length(v)))", "INSERT INTO b VALUES ('k', zeroblob(2000000))",
		"CREATE TABLE c (k TEXT, v)", "INSERT INTO c VALUES ('k', printf('%.*c', 2000000, 'x'))")
	c, err := s.Catalog(ctx)
	if err != nil {
		t.Fatal(err)
	}
	snap := snapshot(t, s)
	for i := range c.Tables {
		rows, err := snap.Read(ctx, plain(&c.Tables[i]))
		if got := all(t, rows, err, 2); got[0][1].Large() != nil || got[0][1].Size() != 2000000 {
			t.Errorf("%s: %d", c.Tables[i].Name, got[0][1].Size())
		}
	}
}

// A cell of 200 MB passes through while the process grows by a small part of that.
func TestLargeMemory(t *testing.T) {
	if testing.Short() || runtime.GOOS != "linux" {
		t.Skip("reads /proc, and writes 200 MB")
	}
	const size = 200 << 20
	ctx := context.Background()
	path := file(t, "PRAGMA journal_mode = OFF", "CREATE TABLE t (before TEXT, doc BLOB)", "INSERT INTO t (before) VALUES ('a')")
	conn, err := capi.Open(path, capi.ReadWrite)
	if err != nil {
		t.Fatal(err)
	}
	if err := conn.Exec(fmt.Sprintf("UPDATE t SET doc = zeroblob(%d)", size)); err != nil {
		t.Fatal(err)
	}
	blob, err := conn.OpenBlob("t", "doc", 1, true)
	if err != nil {
		t.Fatal(err)
	}
	sum := crc32.NewIEEE()
	piece := make([]byte, 1<<20)
	for i := range size / len(piece) {
		for j := range piece {
			piece[j] = byte(i*31 + j)
		}
		sum.Write(piece)
		if _, err := blob.Write(piece); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(blob.Close(), conn.Close()); err != nil {
		t.Fatal(err)
	}
	s, err := OpenFile(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	c, err := s.Catalog(ctx)
	if err != nil {
		t.Fatal(err)
	}
	runtime.GC()
	if err := os.WriteFile("/proc/self/clear_refs", []byte("5"), 0); err != nil { // the peak starts anew
		t.Skip(err)
	}
	before := resident(t, "VmRSS:")
	rows, err := snapshot(t, s).Read(ctx, plain(&c.Tables[0]))
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	row := make([]value.Value, 2)
	if !rows.Next(row) {
		t.Fatal(rows.Err())
	}
	target, err := Create(ctx, path+".copy")
	if err != nil {
		t.Fatal(err)
	}
	defer target.Abort()
	if err := target.Create(ctx, engine.Definition{Tables: c.Tables}); err != nil {
		t.Fatal(err)
	}
	loader, err := target.Load(ctx, c.Tables[0].Name, c.Tables[0].ColumnNames())
	if err != nil {
		t.Fatal(err)
	}
	got := crc32.NewIEEE()
	watched := &value.Large{Size: row[1].Large().Size, Open: func() (io.ReadCloser, error) {
		r, err := row[1].Large().Open()
		return watcher{r, func(p []byte) { got.Write(p) }}, err
	}}
	if err := loader.Write([]value.Value{row[0], value.NewLarge(value.Bytes, watched)}); err != nil {
		t.Fatal(err)
	}
	if got.Sum32() != sum.Sum32() {
		t.Error("other bytes came out than went in")
	}
	grown := (resident(t, "VmHWM:") - before) >> 20
	t.Logf("grew by %d MB", grown)
	if grown > 80 {
		t.Errorf("the process grew by %d MB for a cell of %d MB", grown, size>>20)
	}
	if err := errors.Join(loader.Close(), target.Index(ctx), target.Commit(ctx)); err != nil {
		t.Fatal(err)
	}
	if v, err := capi.Open(path+".copy", capi.ReadOnly); err != nil {
		t.Fatal(err)
	} else {
		defer v.Close()
		if b, err := v.OpenBlob("t", "doc", 1, false); err != nil {
			t.Error(err)
		} else {
			again := crc32.NewIEEE()
			if _, err := io.Copy(again, b); err != nil || again.Sum32() != sum.Sum32() {
				t.Error("other bytes were written than read", err)
			}
			b.Close()
		}
	}
}

type watcher struct {
	io.ReadCloser
	see func([]byte)
}

func (w watcher) Read(p []byte) (int, error) {
	n, err := w.ReadCloser.Read(p)
	w.see(p[:n])
	return n, err
}

// resident is the process's memory in bytes, now or at its peak.
func resident(t *testing.T, which string) int64 {
	content, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Fatal(err)
	}
	var kb int64
	for line := range strings.Lines(string(content)) {
		if rest, ok := strings.CutPrefix(line, which); ok {
			fmt.Sscan(rest, &kb)
		}
	}
	return kb << 10
}
