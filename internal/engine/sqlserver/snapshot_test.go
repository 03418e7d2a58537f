package sqlserver

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/internal/engine"
	"github.com/utdrag/utdrag/mask/value"
)

func wants(t *testing.T, err error, code string) {
	t.Helper()
	if err == nil || diag.CodeOf(err) != code {
		t.Fatalf("got %v, want an error with code %s", err, code)
	}
}

// oneNumber reads the one number of a query.
func oneNumber(t *testing.T, snap engine.Snapshot, query string, args ...value.Value) int64 {
	t.Helper()
	r, err := snap.Query(t.Context(), query, args...)
	rows := rowsOf(t, r, err, 1)
	if len(rows) != 1 || rows[0][0].Form() != value.Int {
		t.Fatalf("%s: %d rows", query, len(rows))
	}
	return rows[0][0].Int()
}

const people = "CREATE TABLE dbo.person (id int NOT NULL PRIMARY KEY, name nvarchar(20) NULL, born date NULL)"

// fill are statements that put so many rows into dbo.person.
func fill(rows int) (statements []string) {
	for from := 0; from < rows; from += 1000 {
		var values []string
		for i := from; i < min(rows, from+1000); i++ {
			values = append(values, fmt.Sprintf("(%d, N'person %d', '2026-01-31')", i, i))
		}
		statements = append(statements, "INSERT INTO dbo.person VALUES "+strings.Join(values, ", "))
	}
	return statements
}

// What others commit after the snapshot's first read isn't seen, and work tables can be written all the same.
func TestSnapshotIsStable(t *testing.T) {
	s := live(t)
	name := s.database(append([]string{people}, fill(10)...)...)
	snap := s.begin(name, "CREATE TABLE #w (id int NOT NULL PRIMARY KEY)", "INSERT INTO #w VALUES (-1)")
	if n := oneNumber(t, snap, "SELECT COUNT_BIG(*) FROM dbo.person"); n != 10 {
		t.Fatalf("%d rows", n)
	}
	s.run(name, "INSERT INTO dbo.person VALUES (100, N'later', NULL)", "DELETE FROM dbo.person WHERE id < 5")
	if n := oneNumber(t, snap, "SELECT COUNT_BIG(*) FROM dbo.person"); n != 10 {
		t.Errorf("%d rows after others changed the table", n)
	}
	n, err := snap.Exec(t.Context(), "INSERT INTO #w SELECT id FROM dbo.person WHERE id >= @p1 AND name <> @p2", value.NewInt(3), value.NewText("person 4"))
	if err != nil || n != 6 {
		t.Errorf("%d rows, %v", n, err)
	}
	if n := oneNumber(t, snap, "SELECT COUNT_BIG(*) FROM #w"); n != 7 {
		t.Errorf("%d rows in the work table", n)
	}
	if snap.Kind() != kindTransaction {
		t.Errorf("kind %q", snap.Kind())
	}
	other := s.begin(name)
	if n := oneNumber(t, other, "SELECT COUNT_BIG(*) FROM dbo.person"); n != 6 {
		t.Errorf("another snapshot has %d rows", n)
	}
	if _, err := other.Exec(t.Context(), "DELETE FROM #w"); err == nil {
		t.Error("another snapshot has the same work table")
	}
}

// Arguments are typed and the server converts them, NULL too.
func TestArguments(t *testing.T) {
	s := live(t)
	snap := s.begin("master", "CREATE TABLE #a (i int NULL, d decimal(9,3) NULL, t nvarchar(max) NULL, b varbinary(20) NULL, u uniqueidentifier NULL, m datetime NULL, f float NULL, o bit NULL)")
	row := []value.Value{value.NewInt(5), value.NewDecimal("5.125"), value.NewText(strings.Repeat("å", 5000)), value.NewBinary("\x00\xff"),
		value.NewText("6f9619ff-8b86-d011-b42d-00cf4fc964ff"), value.NewTime("2026-01-31T08:00:00.003"), value.NewFloat(0.1), value.NewBool(true)}
	n, err := snap.Exec(t.Context(), "INSERT INTO #a VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8)", row...)
	if err != nil || n != 1 {
		t.Fatal(n, err)
	}
	r, err := snap.Query(t.Context(), "SELECT i, d, t, b, u, m, f, o FROM #a WHERE t = @p1 AND d = @p2", row[2], row[1])
	got := rowsOf(t, r, err, len(row))
	if len(got) != 1 {
		t.Fatalf("%d rows", len(got))
	}
	for i := range row {
		if !value.Equal(got[0][i], row[i]) {
			t.Errorf("column %d: %v %.40q", i, got[0][i], got[0][i].Text())
		}
	}
	if n, err := snap.Exec(t.Context(), "INSERT INTO #a (i, t, d) VALUES (@p1, @p1, @p1)", value.Value{}); err != nil || n != 1 {
		t.Error(n, err)
	}
	_, err = snap.Exec(t.Context(), "SELECT @p1", value.NewLarge(value.Text, &value.Large{}))
	wants(t, err, codeLarge)
}

// Rows that are left before their end leave the snapshot usable; two queries at a time are refused, as is anything after
// Close.
func TestRowsAreReadOneQueryAtATime(t *testing.T) {
	s := live(t)
	name := s.database(append([]string{people}, fill(20)...)...)
	snap := s.begin(name)
	r, err := snap.Query(t.Context(), "SELECT id, name FROM dbo.person ORDER BY id")
	if err != nil {
		t.Fatal(err)
	}
	row := make([]value.Value, 2)
	if !r.Next(row) || row[0].Int() != 0 || row[1].Text() != "person 0" {
		t.Fatal(row, r.Err())
	}
	_, err = snap.Query(t.Context(), "SELECT 1")
	wants(t, err, codeEnded)
	_, err = snap.Exec(t.Context(), "SELECT 1")
	wants(t, err, codeEnded)
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	if r.Next(row) {
		t.Error("a row after Close")
	}
	if n := oneNumber(t, snap, "SELECT COUNT_BIG(*) FROM dbo.person"); n != 20 {
		t.Errorf("%d rows", n)
	}
	r, err = snap.Query(t.Context(), "SELECT id FROM dbo.person")
	if err != nil {
		t.Fatal(err)
	}
	if r.Next(row) {
		t.Error("a row of one column was read into two")
	}
	wants(t, r.Err(), codeStatement)
	r.Close()
	if err := snap.Close(); err != nil {
		t.Fatal(err)
	}
	if err := snap.Close(); err != nil {
		t.Fatal(err)
	}
	_, err = snap.Query(t.Context(), "SELECT 1")
	wants(t, err, codeEnded)
}

// A statement that ends the transaction ends the snapshot: what followed would see another state.
func TestSnapshotEndsWithItsTransaction(t *testing.T) {
	s := live(t)
	name := s.database(people)
	snap := s.begin(name, "CREATE TABLE #w (id int NOT NULL PRIMARY KEY)")
	_, err := snap.Exec(t.Context(), "INSERT INTO #w VALUES (1), (1)")
	wants(t, err, codeConstraint)
	// Babelfish and SQL Server may differ in whether the transaction outlives the error; never may it go unnoticed.
	var open int
	if err := one(t.Context(), snap.(*snapshot).conn, "SELECT @@TRANCOUNT", &open); err != nil {
		t.Fatal(err)
	}
	_, err = snap.Query(t.Context(), "SELECT COUNT(*) FROM dbo.person")
	if open == 0 {
		wants(t, err, codeEnded)
	} else if err != nil {
		t.Error(err)
	}
}

// A cancelled snapshot is unusable, closes, and leaves no session behind.
func TestCancel(t *testing.T) {
	s := live(t)
	name := s.database(append([]string{people}, fill(3000)...)...)
	snap := s.begin(name)
	ctx, cancel := context.WithCancelCause(t.Context())
	r, err := snap.Query(ctx, "SELECT a.id, a.name FROM dbo.person a CROSS JOIN dbo.person b")
	if err != nil {
		t.Fatal(err)
	}
	row := make([]value.Value, 2)
	for range 100 {
		if !r.Next(row) {
			t.Fatal(r.Err())
		}
	}
	reason := errors.New("enough")
	cancel(reason)
	for r.Next(row) {
	}
	wants(t, r.Err(), codeCanceled)
	if !errors.Is(r.Err(), reason) {
		t.Errorf("%v doesn't say why", r.Err())
	}
	r.Close()
	_, err = snap.Query(t.Context(), "SELECT 1")
	wants(t, err, codeEnded)
	if err := snap.Close(); err != nil {
		t.Error(err)
	}
	_, err = s.open(name).Begin(ctx, engine.Terms{})
	wants(t, err, codeCanceled)
}

// A session that somebody ends is an external failure, and the snapshot says so ever after.
func TestSessionIsKilled(t *testing.T) {
	s := live(t)
	name := s.database(append([]string{people}, fill(10)...)...)
	proxy := newCutter(t, s.address)
	source, err := Open(t.Context(), proxy.url(name))
	if err != nil {
		t.Fatal(err)
	}
	defer source.Close()
	snap, err := source.Begin(t.Context(), engine.Terms{})
	if err != nil {
		t.Fatal(err)
	}
	proxy.cut()
	_, err = snap.Query(t.Context(), "SELECT COUNT(*) FROM dbo.person")
	wants(t, err, codeLost)
	_, err = snap.Query(t.Context(), "SELECT COUNT(*) FROM dbo.person")
	wants(t, err, codeEnded)
	if err := snap.Close(); err != nil {
		t.Error(err)
	}
}

// A lock that another holds is waited for, and then is an error that says so.
func TestLockTimeout(t *testing.T) {
	s := live(t)
	name := s.database(append([]string{people}, fill(10)...)...)
	other := s.session(name)
	if err := batch(t.Context(), other, "BEGIN TRANSACTION; ALTER TABLE dbo.person ADD extra int NULL"); err != nil {
		t.Fatal(err)
	}
	snap := s.begin(name)
	if err := batch(t.Context(), snap.(*snapshot).conn, "SET LOCK_TIMEOUT 100"); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	_, err := snap.Query(ctx, "SELECT COUNT_BIG(*) FROM dbo.person")
	if s.babelfish && err != nil && diag.CodeOf(err) == codeStatement {
		t.Logf("Babelfish has a number of its own for it: %v", err)
		return
	}
	wants(t, err, codeBusy)
}

// A masked text, a text in a code page and a column of no special kind in one copy.
func TestReadComposes(t *testing.T) {
	s := live(t)
	name := s.database("CREATE TABLE dbo.[odd name] (id int NOT NULL PRIMARY KEY, [narrow] varchar(10) COLLATE "+finnish+" NULL, v sql_variant NULL, n int NULL)",
		"INSERT INTO dbo.[odd name] VALUES (1, 'Åke', CONVERT(int, 5), 7), (2, NULL, NULL, NULL)")
	id, narrowColumn, v, n := column("id", "int", ""), column("narrow", "varchar(10)", finnish), column("v", "sql_variant", ""), column("n", "int", "")
	table := &catalog.Table{Columns: []catalog.Column{id, narrowColumn, v, n}}
	c := engine.Copy{Table: table, From: "FROM dbo.[odd name] t", Order: []string{"t.[id] DESC"}, Columns: []engine.CopyColumn{
		{Name: "v", SQL: "t.[v]", Plain: true}, {Name: "narrow", SQL: "SUBSTRING(t.[narrow], 1, 1) + '**'"}, {Name: "n", SQL: "t.[n]", Plain: true}}}
	snap := s.begin(name)
	r, err := snap.Read(t.Context(), c)
	got := rowsOf(t, r, err, 3)
	want := [][]value.Value{{{}, {}, {}}, {value.NewText("int:5"), value.NewText("Å**"), value.NewInt(7)}}
	if len(got) != 2 {
		t.Fatalf("%d rows", len(got))
	}
	for i := range want {
		for j := range want[i] {
			if !value.Equal(got[i][j], want[i][j]) {
				t.Errorf("row %d, cell %d: %v %q", i, j, got[i][j], got[i][j].Text())
			}
		}
	}
	_, err = snap.Query(t.Context(), "SELECT v FROM dbo.[odd name]")
	wants(t, err, codeType)
}

func TestChoose(t *testing.T) {
	tests := []struct {
		state databaseState
		terms engine.Terms
		kind  string
	}{
		{databaseState{still: true}, engine.Terms{}, kindReadOnly},
		{databaseState{still: true, isolation: true}, engine.Terms{DatabaseSnapshot: true}, kindReadOnly},
		{databaseState{isolation: true}, engine.Terms{DatabaseSnapshot: true, AllowInconsistent: true}, kindTransaction},
		{databaseState{}, engine.Terms{DatabaseSnapshot: true, AllowInconsistent: true}, kindDatabase},
		{databaseState{}, engine.Terms{AllowInconsistent: true}, kindInconsistent},
	}
	for _, test := range tests {
		if kind, err := choose(test.state, test.terms); err != nil || kind != test.kind {
			t.Errorf("%+v, %+v: %q, %v", test.state, test.terms, kind, err)
		}
	}
	_, err := choose(databaseState{}, engine.Terms{})
	wants(t, err, codeSnapshot)
}

// What no server at hand takes is at least Transact-SQL to another parser, and says what it should.
func TestStatementsParse(t *testing.T) {
	statement := createSnapshot("care]s_utdrag_x", "care]s", "_utdrag_x", []dataFile{{"da]ta", `D:\it's\care.mdf`}, {"more", "/var/opt/more.ndf"}})
	if want := `CREATE DATABASE [care]]s_utdrag_x] ON (NAME = [da]]ta], FILENAME = N'D:\it''s\care.mdf_utdrag_x.ss'), (NAME = [more], FILENAME = N'/var/opt/more.ndf_utdrag_x.ss') AS SNAPSHOT OF [care]]s]`; statement != want {
		t.Error(statement)
	}
	parsed(t, statement)
	parsed(t, strings.Join(settings, ";\n"))
	parsed(t, beginTransaction)
	parsed(t, "SELECT "+variantType("t.[v]")+" FROM [dbo].[t] t")
	for _, cell := range variantCells {
		literal, ok := Dialect{}.variantLiteral(cell.Text())
		if !ok {
			t.Errorf("%s has no literal", cell.Text())
		}
		if strings.Contains(literal, "COLLATE") {
			continue // which that parser doesn't know in the argument of a function
		}
		parsed(t, "INSERT INTO t VALUES ("+literal+")")
	}
	if _, ok := (Dialect{}).variantLiteral("int); DROP TABLE t--:5"); ok {
		t.Error("a cell that is no variant has a literal")
	}
}
