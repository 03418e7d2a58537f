package sqlite

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/internal/engine"
	"github.com/utdrag/utdrag/mask/value"
)

// names lists what is in a directory.
func names(t *testing.T, directory string) []string {
	t.Helper()
	entries, err := os.ReadDir(directory)
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, e := range entries {
		found = append(found, e.Name())
	}
	return found
}

// copyAll loads every table of a snapshot into a target.
func copyAll(ctx context.Context, c *catalog.Catalog, from engine.Snapshot, to engine.Target) error {
	if err := to.Create(ctx, engine.Definition{Tables: c.Tables}); err != nil {
		return err
	}
	for i := range c.Tables {
		part := plain(&c.Tables[i])
		var columns []string
		for _, column := range part.Columns {
			columns = append(columns, column.Name)
		}
		rows, err := from.Read(ctx, part)
		if err != nil {
			return err
		}
		loader, err := to.Load(ctx, c.Tables[i].Name, columns)
		if err != nil {
			return err
		}
		row := make([]value.Value, len(columns))
		for rows.Next(row) {
			if err := loader.Write(row); err != nil {
				return err
			}
		}
		if err := errors.Join(rows.Err(), rows.Close(), loader.Close()); err != nil {
			return err
		}
	}
	return to.Index(ctx)
}

var hard = []string{
	`CREATE TABLE "a ""b"".c]" ("select" INTEGER PRIMARY KEY AUTOINCREMENT, åäö TEXT COLLATE NOCASE UNIQUE, "x y" NUMERIC DEFAULT (7), doc BLOB,
		CONSTRAINT "chk 'q'" CHECK ("x y" <> 'z'))`,
	`CREATE TABLE "order" (k TEXT, n, parent INT REFERENCES "a ""b"".c]" ON DELETE SET NULL, up TEXT, g AS (k || n) STORED,
		PRIMARY KEY (k), FOREIGN KEY (up) REFERENCES "order" (k))`,
	`CREATE TABLE wr (a TEXT COLLATE RTRIM, b INT, c BLOB, UNIQUE (b), PRIMARY KEY (a, b)) WITHOUT ROWID, STRICT`,
	`CREATE INDEX "ix (1)" ON "order" (lower(k) DESC, n) WHERE n IS NOT NULL`,
	`INSERT INTO "a ""b"".c]" VALUES (9, 'Å', 1.5, zeroblob(1500000)), (-1, NULL, 'text', x''), (3, 'b', NULL, NULL)`,
	`INSERT INTO "order" (k, n, parent, up) VALUES ('a', x'00', 9, 'b'), ('b', 1e300, NULL, 'a'), (NULL, NULL, -1, NULL), (NULL, 'nul' || char(0), 3, NULL)`,
	`INSERT INTO wr VALUES ('k', 1, zeroblob(2000000)), ('k', 2, NULL)`,
}

// A copy has the same catalog and the same cells.
func TestCopy(t *testing.T) {
	ctx := context.Background()
	s := opened(t, hard...)
	c, err := s.Catalog(ctx)
	if err != nil {
		t.Fatal(err)
	}
	snap := snapshot(t, s)
	directory := t.TempDir()
	path := filepath.Join(directory, "copy.db")
	target, err := Create(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	defer target.Abort()
	if found := names(t, directory); runtime.GOOS == "linux" && len(found) != 0 {
		t.Errorf("the working file has a name: %v", found)
	}
	if err := copyAll(ctx, c, snap, target); err != nil {
		t.Fatal(err)
	}
	reader, err := target.Verify(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := reader.Exec(ctx, Dialect{}.CreateWork("w", []engine.WorkColumn{{Name: "id"}})); err != nil {
		t.Error(err)
	}
	same(t, c, snap, reader.(*Snapshot))
	if err := target.Commit(ctx); diag.CodeOf(err) != codeEnded {
		t.Errorf("committed while being verified: %v", err)
	}
	if err := errors.Join(reader.Close(), target.Commit(ctx), target.Abort()); err != nil {
		t.Fatal(err)
	}
	if found := names(t, directory); !cmp.Equal(found, []string{"copy.db"}) {
		t.Errorf("there is %v", found)
	}
	if info, err := os.Stat(path); err != nil || runtime.GOOS != "windows" && info.Mode() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	copied, err := OpenFile(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	defer copied.Close()
	again, err := copied.Catalog(ctx)
	if d := cmp.Diff(c, again); d != "" || err != nil {
		t.Error(d, err)
	}
	reread := snapshot(t, copied)
	same(t, c, snap, reread)
	rows, err := reread.Query(ctx, "PRAGMA integrity_check")
	if got := all(t, rows, err, 1); len(got) != 1 || got[0][0].Text() != "ok" {
		t.Error("the copy is damaged")
	}
}

// same compares all cells of all tables, large ones by reading them.
func same(t *testing.T, c *catalog.Catalog, a, b *Snapshot) {
	t.Helper()
	for i := range c.Tables {
		part := plain(&c.Tables[i])
		if c.Tables[i].RowID != "" && c.Tables[i].PrimaryKey == nil || c.Tables[i].Name.Table == "order" {
			part.Order = nil // row ids are no part of a copy
		}
		x, err := a.Read(context.Background(), part)
		if err != nil {
			t.Fatal(err)
		}
		y, err := b.Read(context.Background(), part)
		if err != nil {
			t.Fatal(err)
		}
		left, right := make([]value.Value, len(part.Columns)), make([]value.Value, len(part.Columns))
		for x.Next(left) {
			if !y.Next(right) {
				t.Errorf("%s has fewer rows, %v", c.Tables[i].Name, y.Err())
				break
			}
			for j := range left {
				if left[j].Large() != nil && right[j].Large() != nil {
					if l, r := cellText(t, left[j]), cellText(t, right[j]); l != r {
						t.Errorf("%s: a large cell differs", c.Tables[i].Name)
					}
				} else if !value.Equal(left[j], right[j]) {
					t.Errorf("%s.%s: %v %q became %v %q", c.Tables[i].Name, part.Columns[j].Name, left[j], left[j].Text(), right[j], right[j].Text())
				}
			}
		}
		if y.Next(right) || x.Err() != nil {
			t.Errorf("%s has more rows, %v", c.Tables[i].Name, x.Err())
		}
		x.Close()
		y.Close()
	}
}

func cellText(t *testing.T, v value.Value) string {
	r, err := v.Large().Open()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestNeverOverwrites(t *testing.T) {
	ctx := context.Background()
	directory := t.TempDir()
	path := filepath.Join(directory, "x.db")
	target, err := Create(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	defer target.Abort()
	if err := target.Index(ctx); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("mine"), 0o600); err != nil { // after Create looked
		t.Fatal(err)
	}
	err = target.Commit(ctx)
	if coded, ok := errors.AsType[*diag.Error](err); !ok || coded.Code != codeExists || coded.Class != diag.Misuse {
		t.Errorf("got %v", err)
	}
	if _, err := Create(ctx, path); diag.CodeOf(err) != codeExists {
		t.Errorf("got %v", err)
	}
	if b, _ := os.ReadFile(path); string(b) != "mine" || len(names(t, directory)) != 1 {
		t.Error("the file was touched")
	}
	if _, err := Create(ctx, filepath.Join(directory, "none", "x.db")); diag.CodeOf(err) != codeTarget || strings.Contains(err.Error(), directory) {
		t.Errorf("got %v", err)
	}
}

func TestAbortLeavesNothing(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	directory := t.TempDir()
	target, err := Create(ctx, filepath.Join(directory, "x.db"))
	if err != nil {
		t.Fatal(err)
	}
	c := describe(t, "CREATE TABLE t (a NOT NULL UNIQUE)")
	if err := target.Create(ctx, engine.Definition{Tables: c.Tables}); err != nil {
		t.Fatal(err)
	}
	loader, err := target.Load(ctx, c.Tables[0].Name, []string{"a"})
	if err != nil {
		t.Fatal(err)
	}
	if err := loader.Write([]value.Value{value.NewInt(1)}); err != nil {
		t.Fatal(err)
	}
	cancel()
	if err := loader.Write([]value.Value{value.NewInt(2)}); diag.CodeOf(err) != codeCanceled {
		t.Errorf("got %v", err)
	}
	if err := target.Commit(context.Background()); diag.CodeOf(err) != codeEnded {
		t.Errorf("got %v", err)
	}
	if err := target.Abort(); err != nil || len(names(t, directory)) != 0 {
		t.Errorf("%v, and there is %v", err, names(t, directory))
	}
}

func TestViolations(t *testing.T) {
	ctx := context.Background()
	c := describe(t, "CREATE TABLE p (id INTEGER PRIMARY KEY, u TEXT UNIQUE, c CHECK (c > 0), n NOT NULL DEFAULT 1)",
		"CREATE TABLE k (a REFERENCES p, b REFERENCES p (u))", "CREATE TABLE s (a INT) STRICT")
	for _, test := range []struct {
		name, code, table string
		columns           []string
		rows              [][]value.Value
	}{
		{"unique", codeConstraint, "p", []string{"u"}, [][]value.Value{{value.NewText("19121212-1212")}, {value.NewText("19121212-1212")}}},
		{"check", codeConstraint, "p", []string{"c"}, [][]value.Value{{value.NewInt(-19121212)}}},
		{"not null", codeConstraint, "p", []string{"n"}, [][]value.Value{{{}}}},
		{"type", codeConstraint, "s", []string{"a"}, [][]value.Value{{value.NewText("19121212-1212")}}},
		{"key", codeConstraint, "p", []string{"id"}, [][]value.Value{{value.NewText("19121212-1212")}}},
		{"foreign", codeForeign, "k", []string{"a", "b"}, [][]value.Value{{value.NewInt(19121212), {}}, {{}, value.NewText("19121212-1212")}}},
		{"column", codeTarget, "k", []string{"z"}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			target, err := Memory(ctx, "")
			if err != nil {
				t.Fatal(err)
			}
			defer target.Abort()
			if err := target.Create(ctx, engine.Definition{Tables: c.Tables}); err != nil {
				t.Fatal(err)
			}
			loader, err := target.Load(ctx, catalog.Name{Table: test.table}, test.columns)
			for _, row := range test.rows {
				if err == nil {
					err = loader.Write(row)
				}
			}
			if err == nil {
				err = errors.Join(loader.Close(), target.Index(ctx))
			}
			if got := diag.CodeOf(err); got != test.code || strings.Contains(err.Error(), "1912") {
				t.Errorf("got %v", err)
			}
			t.Log(err)
		})
	}
}

// The process is killed in the midst of loading; the test runs itself as that process.
func TestKillLeavesNothing(t *testing.T) {
	const variable = "UTDRAG_TEST_KILL"
	if directory := os.Getenv(variable); directory != "" {
		ctx := context.Background()
		target, err := Create(ctx, filepath.Join(directory, "x.db"))
		if err != nil {
			t.Fatal(err)
		}
		c := describe(t, "CREATE TABLE t (a, b)", "CREATE INDEX i ON t (a)")
		if err := target.Create(ctx, engine.Definition{Tables: c.Tables}); err != nil {
			t.Fatal(err)
		}
		loader, err := target.Load(ctx, c.Tables[0].Name, []string{"a", "b"})
		if err != nil {
			t.Fatal(err)
		}
		secret := value.NewText(strings.Repeat("secret ", 1000))
		for i := range 20_000 { // more than the cache holds: 140 MB
			if err := loader.Write([]value.Value{value.NewInt(int64(i)), secret}); err != nil {
				t.Fatal(err)
			}
		}
		fmt.Println("there is", names(t, directory))
		self, _ := os.FindProcess(os.Getpid())
		self.Kill()
		select {}
	}
	if runtime.GOOS != "linux" {
		t.Skip("elsewhere a partial file stays, as documented")
	}
	directory := t.TempDir()
	command := exec.Command(os.Args[0], "-test.run=^TestKillLeavesNothing$", "-test.v")
	command.Env = append(os.Environ(), variable+"="+directory)
	output, err := command.CombinedOutput()
	if err == nil || !strings.Contains(string(output), "there is []") {
		t.Fatalf("%v\n%s", err, output)
	}
	if found := names(t, directory); len(found) != 0 {
		t.Errorf("there is %v", found)
	}
}

// The other way of working, which Linux has where a file system has no nameless files.
func TestNamedWorkingFile(t *testing.T) {
	directory := t.TempDir()
	for _, taken := range []bool{false, true} {
		final := filepath.Join(directory, fmt.Sprint("x", taken))
		w, err := newWorking(final)
		if err != nil {
			t.Fatal(err)
		}
		if taken {
			if err := os.WriteFile(final, []byte("mine"), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		w.file.WriteString("ours")
		err = w.publish(context.Background())
		b, _ := os.ReadFile(final)
		if taken && (diag.CodeOf(err) != codeExists || string(b) != "mine") || !taken && (err != nil || string(b) != "ours") {
			t.Errorf("%v, %s", err, b)
		}
	}
	if found := names(t, directory); len(found) != 2 {
		t.Errorf("there is %v", found)
	}
}

// A large cell that isn't as long as it says is an error, and no padding.
func TestLargeLength(t *testing.T) {
	ctx := context.Background()
	c := describe(t, "CREATE TABLE t (a, b UNIQUE)")
	for _, column := range []string{"a", "b"} {
		for _, size := range []int64{2, 4} {
			target, err := Memory(ctx, "")
			if err != nil {
				t.Fatal(err)
			}
			if err := target.Create(ctx, engine.Definition{Tables: c.Tables}); err != nil {
				t.Fatal(err)
			}
			loader, err := target.Load(ctx, c.Tables[0].Name, []string{column})
			if err != nil {
				t.Fatal(err)
			}
			v := value.NewLarge(value.Bytes, &value.Large{Size: size, Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader("abc")), nil }})
			if err := loader.Write([]value.Value{v}); !errors.Is(err, errLength) {
				t.Errorf("%s, size %d: %v", column, size, err)
			}
			target.Abort()
		}
	}
}

// schemas generates CREATE statements that SQLite takes.
func schemas() *rapid.Generator[[]string] {
	return rapid.Custom(func(t *rapid.T) []string {
		var statements []string
		word := rapid.SampledFrom([]string{"id", "order", "å ä", `q"q`, "b]c", "it's", "a.b", "KEY", "rowid", "x--y", "/*z"})
		for i := range rapid.IntRange(1, 4).Draw(t, "tables") {
			strict := rapid.Bool().Draw(t, "strict")
			columns := rapid.SliceOfNDistinct(word, 1, 5, rapid.ID[string]).Draw(t, "columns")
			types := []string{"INTEGER", "TEXT", "BLOB", "REAL", "INT", "ANY"}
			if !strict {
				types = append(types, "", "VARCHAR(9)", "DECIMAL(8, -2)", "DATE", "double precision", `"odd type" (3)`)
			}
			collation := rapid.SampledFrom([]string{"", "", " COLLATE NOCASE", " COLLATE RTRIM"})
			var parts, constraints []string
			for _, c := range columns {
				part := quote(c) + " " + rapid.SampledFrom(types).Draw(t, "type") +
					rapid.SampledFrom([]string{"", " NOT NULL"}).Draw(t, "null") + collation.Draw(t, "collation") +
					rapid.SampledFrom([]string{"", "", " DEFAULT 'it''s'", " DEFAULT -1.5", " DEFAULT (1 + /* c */ 2)", " DEFAULT CURRENT_TIMESTAMP", " DEFAULT word"}).Draw(t, "default")
				if rapid.IntRange(0, 4).Draw(t, "check") == 0 {
					constraints = append(constraints, "CONSTRAINT "+quote("c "+c)+" CHECK ("+quote(c)+" <> ')' -- x)\n OR 1)")
				}
				parts = append(parts, part)
			}
			if rapid.IntRange(0, 3).Draw(t, "generated") == 0 {
				parts = append(parts, "gen ANY AS (length("+quote(columns[0])+"))"+rapid.SampledFrom([]string{"", " STORED", " VIRTUAL"}).Draw(t, "stored"))
			}
			key := rapid.SliceOfNDistinct(rapid.SampledFrom(columns), 0, 2, rapid.ID[string])
			var options []string
			primary := key.Draw(t, "primary")
			if len(primary) > 0 {
				constraints = append(constraints, rapid.SampledFrom([]string{"", `CONSTRAINT "pk ("`}).Draw(t, "pk")+" PRIMARY KEY ("+quoteAll(primary)+")")
				if rapid.Bool().Draw(t, "without") {
					options = append(options, "WITHOUT ROWID")
				}
			}
			if unique := key.Draw(t, "unique"); len(unique) > 0 {
				constraints = append(constraints, "CONSTRAINT u UNIQUE ("+quoteAll(unique)+collation.Draw(t, "unique collation")+")")
			}
			if strict {
				options = append(options, "STRICT")
			}
			if len(primary) > 0 && rapid.Bool().Draw(t, "self") {
				constraints = append(constraints, "FOREIGN KEY ("+quoteAll(primary)+") REFERENCES "+quote(fmt.Sprintf("t %d", i))+
					rapid.SampledFrom([]string{"", " (" + quoteAll(primary) + ")", " ON DELETE CASCADE ON UPDATE SET DEFAULT DEFERRABLE INITIALLY DEFERRED"}).Draw(t, "references"))
			}
			statements = append(statements, fmt.Sprintf("CREATE TABLE \"t %d\" (%s) %s", i, strings.Join(append(parts, constraints...), ", "), strings.Join(options, ", ")))
			if index := key.Draw(t, "index"); len(index) > 0 {
				statements = append(statements, fmt.Sprintf("CREATE %s INDEX \"i %d\" ON \"t %d\" (%s) %s", rapid.SampledFrom([]string{"", "UNIQUE"}).Draw(t, "u"), i, i, quoteAll(index),
					rapid.SampledFrom([]string{"", "", "WHERE 1"}).Draw(t, "where")))
			}
		}
		return statements
	})
}

// What is made from a catalog has that catalog.
func TestCreateRoundTrip(t *testing.T) {
	ctx := context.Background()
	rapid.Check(t, func(t *rapid.T) {
		first := memoryOf(t, schemas().Draw(t, "schema"))
		want, err := introspect(first.conn)
		if err != nil {
			t.Fatal(err)
		}
		made, err := Memory(ctx, "")
		if err != nil {
			t.Fatal(err)
		}
		defer made.Abort()
		if err := errors.Join(made.Create(ctx, engine.Definition{Tables: want.Tables}), made.Index(ctx)); err != nil {
			t.Fatal(err)
		}
		got, err := introspect(made.(*target).conn)
		if d := cmp.Diff(want, got); d != "" || err != nil {
			t.Fatal(d, err)
		}
	})
}

func memoryOf(t *rapid.T, statements []string) *target {
	made, err := Memory(context.Background(), "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { made.Abort() })
	for _, s := range statements {
		if err := made.(*target).conn.Exec(s); err != nil {
			t.Fatalf("%v in %s", err, s)
		}
	}
	return made.(*target)
}

// SQLite says that a file is full as it does when the disk is.
func TestFull(t *testing.T) {
	ctx := context.Background()
	directory := t.TempDir()
	made, err := Create(ctx, filepath.Join(directory, "x.db"))
	if err != nil {
		t.Fatal(err)
	}
	c := describe(t, "CREATE TABLE t (a)")
	if err := made.Create(ctx, engine.Definition{Tables: c.Tables}); err != nil {
		t.Fatal(err)
	}
	if _, err := made.(*target).conn.Strings("PRAGMA max_page_count = 10"); err != nil {
		t.Fatal(err)
	}
	loader, err := made.Load(ctx, c.Tables[0].Name, []string{"a"})
	if err != nil {
		t.Fatal(err)
	}
	err = loader.Write([]value.Value{value.NewBinary(strings.Repeat("x", 100_000))})
	if coded, ok := errors.AsType[*diag.Error](err); !ok || coded.Code != codeFull || coded.Class != diag.External {
		t.Errorf("got %v", err)
	}
	if err := made.Commit(ctx); diag.CodeOf(err) != codeEnded {
		t.Errorf("got %v", err)
	}
	if err := made.Abort(); err != nil || len(names(t, directory)) != 0 {
		t.Errorf("%v, and there is %v", err, names(t, directory))
	}
}
