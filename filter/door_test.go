package filter_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/utdrag/utdrag/filter"
	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/diag"
)

// doorTo is a door to a connector for a provider, over the schema of testdata/bypass.
func doorTo(t testing.TB, connector driver.Connector, c *catalog.Catalog, provider string, strict bool) *sql.DB {
	t.Helper()
	db := filter.OpenDB(connector, wardFilter(t, c, provider, strict))
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

// doorsTo are the usual door and the strict one to a SQLite file of their own.
func doorsTo(t testing.TB, wrap func(driver.Connector) driver.Connector) map[string]*sql.DB {
	t.Helper()
	connector, c := wardSQLite(t, bypassFile(t, "schema.sql"))
	if wrap != nil {
		connector = wrap(connector)
	}
	return map[string]*sql.DB{"usual": doorTo(t, connector, c, "SE1", false), "strict": doorTo(t, connector, c, "SE1", true)}
}

type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// column is the first column of an answer.
func column(t testing.TB, q querier, query string, args ...any) (string, error) {
	t.Helper()
	rows, err := q.QueryContext(t.Context(), query, args...)
	if err != nil {
		return "", err
	}
	return drain(rows)
}

func drain(rows *sql.Rows) (string, error) {
	var cells []string
	for rows.Next() {
		var c any
		if err := rows.Scan(&c); err != nil {
			return "", errors.Join(err, rows.Close())
		}
		cells = append(cells, fmt.Sprint(c))
	}
	return strings.Join(cells, " "), errors.Join(rows.Err(), rows.Close())
}

func expect(t testing.TB, what, want string) func(string, error) {
	return func(got string, err error) {
		t.Helper()
		if err != nil || got != want {
			t.Errorf("%s: %q and %v, not %q", what, got, err, want)
		}
	}
}

// The same text through two doors is two queries: nothing that is kept of one provider's is used for the other.
func TestDoorKeepsProvidersApart(t *testing.T) {
	connector, c := wardSQLite(t, bypassFile(t, "schema.sql"))
	for _, strict := range []bool{false, true} {
		const query = "SELECT id FROM unit WHERE id > ? ORDER BY id"
		own, theirs := doorTo(t, connector, c, "SE1", strict), doorTo(t, connector, c, "SE2", strict)
		ownStmt, err1 := own.Prepare(query)
		theirStmt, err2 := theirs.Prepare(query)
		if err := errors.Join(err1, err2); err != nil {
			t.Fatal(err)
		}
		for range 3 {
			for stmt, want := range map[*sql.Stmt]string{ownStmt: "10 11", theirStmt: "66620"} {
				rows, err := stmt.Query(1)
				if err != nil {
					t.Fatal(err)
				}
				expect(t, "prepared", want)(drain(rows))
			}
			expect(t, "SE1", "10 11")(column(t, own, query, 1))
			expect(t, "SE2", "66620")(column(t, theirs, query, 1))
		}
		if err := errors.Join(ownStmt.Close(), theirStmt.Close()); err != nil {
			t.Error(err)
		}
	}
}

func TestDoorArguments(t *testing.T) {
	type word string
	text := "flu"
	for mode, db := range doorsTo(t, nil) {
		for _, c := range []struct {
			query string
			args  []any
			want  string // or a code
		}{
			{"SELECT id FROM visit WHERE id = ?", []any{1000}, "1000"},
			{"SELECT id FROM visit WHERE id = ? OR reason = ? ORDER BY id", []any{1001, "flu"}, "1000 1001"},
			{"SELECT id FROM visit WHERE id = ?2 AND reason = ?1", []any{"flu", 1000}, "1000"},
			{"SELECT ?1 FROM unit WHERE id = 10 AND ?3 = ?2", []any{"a", 2, 2}, "a"},
			{"SELECT id FROM visit WHERE id = :id AND reason = @reason", []any{sql.Named("reason", "flu"), sql.Named("id", 1000)}, "1000"},
			{"SELECT id FROM visit WHERE id = $id AND id = $id", []any{sql.Named("id", 1000)}, "1000"},
			{"SELECT id FROM visit WHERE id = :id AND reason = :reason", []any{1000, "flu"}, "1000"},
			{"SELECT id FROM visit WHERE id = :id AND reason = :reason", []any{sql.Named("id", 1000), "flu"}, "1000"},
			{"SELECT id FROM visit WHERE reason = ?", []any{word("flu")}, "1000"},
			{"SELECT id FROM visit WHERE reason = ?", []any{&text}, "1000"},
			{"SELECT id FROM visit WHERE reason = ?", []any{sql.NullString{String: "flu", Valid: true}}, "1000"},
			{"SELECT id FROM visit WHERE reason = ?", []any{nil}, ""},
			{"SELECT id FROM visit WHERE reason = ?", []any{sql.NullString{}}, ""},
			{"SELECT CAST(? AS TEXT) FROM unit WHERE id = 10", []any{[]byte("x")}, "x"},

			{"SELECT id FROM visit WHERE id = ?", nil, "UF031"},
			{"SELECT id FROM visit WHERE id = ?", []any{1, 2}, "UF031"},
			{"SELECT id FROM visit WHERE id = ?1 AND reason = ?3", []any{1, 2}, "UF031"},
			{"SELECT id FROM visit", []any{"SE2"}, "UF031"},
			{"SELECT id FROM visit", []any{sql.Named("x", "SE2")}, "UF031"},
			{"SELECT id FROM visit WHERE id = ?", []any{sql.Named("id", 1000)}, "UF031"},
			{"SELECT id FROM visit WHERE id = :id", []any{sql.Named("ID", 1000)}, "UF031"},
			{"SELECT id FROM visit WHERE id = :id", []any{sql.Named("id", 1000), sql.Named("id", 1001)}, "UF031"},
			{"SELECT id FROM visit WHERE id = :id", []any{sql.Named("id", 1000), sql.Named("other", 1001)}, "UF031"},
			{"SELECT id FROM visit WHERE id = :id", []any{1000, sql.Named("id", 1000)}, "UF031"},
			{"SELECT id FROM visit WHERE id = :a AND id = :b", []any{sql.Named("a", 1000)}, "UF031"},
			{"SELECT id FROM visit WHERE id = ?", []any{[]string{"1000"}}, "UF031"},
			{"SELECT id FROM visit WHERE id = ?", []any{map[string]any{"x": 1}}, "UF031"},
			{"SELECT id FROM visit WHERE id = ?", []any{struct{}{}}, "UF031"},
			{"SELECT id FROM visit WHERE id = ?", []any{func() {}}, "UF031"},
			{"SELECT id FROM visit WHERE id = ?", []any{sql.Out{Dest: &text}}, "UF031"},
			{"SELECT id FROM visit WHERE id = ?", []any{uint64(1 << 63)}, "UF031"},
		} {
			got, err := column(t, db, c.query, c.args...)
			if err != nil {
				got = diag.CodeOf(err)
			}
			if got != c.want {
				t.Errorf("%s: %s %v: %q and %v, not %q", mode, c.query, c.args, got, err, c.want)
			}
			stmt, err := db.Prepare(c.query)
			if err != nil {
				if diag.CodeOf(err) != c.want {
					t.Error(err)
				}
				continue
			}
			rows, err := stmt.Query(c.args...)
			if err == nil {
				got, err = drain(rows)
			}
			if err != nil {
				got = diag.CodeOf(err)
			}
			if got != c.want {
				t.Errorf("%s, prepared: %s %v: %q and %v, not %q", mode, c.query, c.args, got, err, c.want)
			}
			if err := stmt.Close(); err != nil {
				t.Error(err)
			}
		}
	}
}

func TestDoorOnlyReads(t *testing.T) {
	for mode, db := range doorsTo(t, nil) {
		ctx := t.Context()
		refused := func(what string, err error) {
			t.Helper()
			if diag.CodeOf(err) != filter.CodeDoorWrites {
				t.Errorf("%s: %s: %v", mode, what, err)
			}
		}
		_, err := db.Exec("DELETE FROM visit")
		refused("Exec", err)
		_, err = db.Exec("SELECT id FROM visit")
		refused("Exec of a query", err)
		_, err = db.Begin()
		refused("Begin", err)
		for _, o := range []*sql.TxOptions{nil, {}, {Isolation: sql.LevelSerializable}} {
			_, err = db.BeginTx(ctx, o)
			refused("BeginTx", err)
		}
		_, err = db.Driver().Open("x")
		refused("Driver.Open", err)
		stmt, err := db.Prepare("SELECT id FROM visit")
		if err != nil {
			t.Fatal(err)
		}
		_, err = stmt.Exec()
		refused("Exec of a statement", err)
		conn, err := db.Conn(ctx)
		if err != nil {
			t.Fatal(err)
		}
		_, err = conn.ExecContext(ctx, "PRAGMA query_only = 0")
		refused("Exec of a connection", err)
		tx, err := conn.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
		if err != nil {
			t.Fatal(err)
		}
		_, err = tx.Exec("DELETE FROM visit")
		refused("Exec in a transaction", err)
		_, err = tx.StmtContext(ctx, stmt).Exec()
		refused("Exec of a statement in a transaction", err)
		expect(t, mode+": in a transaction", "1000 1001 1002")(column(t, tx, "SELECT id FROM visit ORDER BY id"))
		expect(t, mode+": again", "10 11")(column(t, tx, "SELECT id FROM unit ORDER BY id"))
		if err := errors.Join(tx.Commit(), conn.Close(), stmt.Close()); err != nil {
			t.Error(err)
		}
		tx, err = db.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
		if err != nil {
			t.Fatal(err)
		}
		expect(t, mode+": rolled back", "3")(column(t, tx, "SELECT count(*) FROM visit"))
		if err := tx.Rollback(); err != nil {
			t.Error(err)
		}
		if err := db.PingContext(ctx); err != nil {
			t.Error(err)
		}
	}
}

// json_extract says the path that it can't read: here, the text of a stranger's visit.
const quotesACell = `SELECT id FROM visit WHERE json_extract('[7]', CASE WHEN amount > 600 THEN reason ELSE '$[0]' END) = 7 ORDER BY id`

func TestDoorKeepsBackWhatTheDriverSays(t *testing.T) {
	connector, _ := wardSQLite(t, bypassFile(t, "schema.sql"))
	raw := sql.OpenDB(connector)
	defer raw.Close()
	if _, err := column(t, raw, quotesACell); err == nil || !strings.Contains(err.Error(), "CANARY reason") {
		t.Fatalf("the driver itself says %v", err)
	}
	// A provider's own cell can make a query fail too, and who knows what else is said then.
	own := strings.ReplaceAll(quotesACell, "> 600", "> 60")
	for mode, db := range doorsTo(t, nil) {
		if got, err := column(t, db, quotesACell); err == nil && got != "1000 1001 1002" || err != nil && (mode == "strict" || diag.CodeOf(err) != filter.CodeDoorDriver) {
			t.Errorf("%s: %q and %v", mode, got, err)
		} else if err != nil {
			quiet(t, err.Error())
		}
		for _, query := range []string{own, "SELECT nowhere FROM visit", "SELECT abs(-9223372036854775807 - 1) FROM visit"} {
			_, err := column(t, db, query)
			if diag.CodeOf(err) != filter.CodeDoorDriver || strings.Contains(err.Error(), "x-ray") || strings.Contains(err.Error(), "nowhere") {
				t.Errorf("%s: %s: %v", mode, query, err)
			}
			for ; err != nil; err = errors.Unwrap(err) {
				if _, ok := err.(interface{ Code() int }); ok {
					t.Errorf("%s: the driver's own error is inside: %v", mode, err)
				}
			}
		}
	}
}

const endless = `WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT max(x) FROM n, visit`

func TestDoorCancel(t *testing.T) {
	for mode, db := range doorsTo(t, nil) {
		db.SetMaxOpenConns(1)
		for range 2 {
			ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
			_, err := db.QueryContext(ctx, endless)
			if !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("%s: %v", mode, err)
			}
			cancel()
			if _, err := db.QueryContext(ctx, "SELECT id FROM visit"); !errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("%s: with a context that is over: %v", mode, err)
			}
			ctx, cancel = context.WithCancel(t.Context())
			rows, err := db.QueryContext(ctx, "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 1000000) SELECT x FROM n, visit")
			if err != nil {
				t.Fatal(err)
			}
			rows.Next()
			cancel()
			for rows.Next() {
			}
			if err := rows.Err(); !errors.Is(err, context.Canceled) {
				t.Errorf("%s: canceled in the middle: %v", mode, err)
			}
			_ = rows.Close()
			expect(t, mode+": afterwards", "3")(column(t, db, "SELECT count(*) FROM visit"))
		}
	}
}

func TestDoorConcurrently(t *testing.T) {
	for mode, db := range doorsTo(t, nil) {
		db.SetMaxOpenConns(4)
		var group sync.WaitGroup
		for g := range 8 {
			group.Go(func() {
				for i := range 25 {
					query := fmt.Sprintf("SELECT count(*) + %d FROM visit v, unit u, patient p -- %d", i%5, (g+i)%7)
					if got, err := column(t, db, query); err != nil || got != strconv.Itoa(12+i%5) {
						t.Errorf("%s: %q, %v", mode, got, err)
					}
					if _, err := column(t, db, "SELECT * FROM payroll"); diag.CodeOf(err) != "UR011" {
						t.Errorf("%s: %v", mode, err)
					}
				}
			})
		}
		group.Wait()
		if s := db.Stats(); s.InUse != 0 || s.OpenConnections > 4 {
			t.Errorf("%s: %+v", mode, s)
		}
	}
}

// Every code of the door's is met.
func TestDoorCodes(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "door.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	codes := map[string]bool{}
	ast.Inspect(file, func(n ast.Node) bool {
		if spec, ok := n.(*ast.ValueSpec); ok && strings.HasPrefix(spec.Names[0].Name, "CodeDoor") {
			code, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			codes[code] = false
		}
		return true
	})
	connector, c := wardSQLite(t, bypassFile(t, "schema.sql"))
	usual, strict := doorTo(t, connector, c, "SE1", false), doorTo(t, connector, c, "SE1", true)
	met := func(err error) {
		t.Helper()
		code := diag.CodeOf(err)
		if _, known := codes[code]; !known {
			t.Errorf("%q is none of the door's codes: %v", code, err)
		}
		codes[code] = true
		if e, ok := errors.AsType[*diag.Error](err); ok && (e.Message == "" || e.Advice == "" && code != filter.CodeDoorSession || strings.HasSuffix(e.Message, ".")) {
			t.Errorf("%q, advice %q", e.Message, e.Advice)
		}
	}
	_, err = usual.Exec("SELECT 1")
	met(err)
	_, err = column(t, usual, "SELECT ?")
	met(err)
	_, err = column(t, usual, "SELECT nowhere FROM unit")
	met(err)
	met(doorTo(t, connector, c, "SE3", false).Ping())
	met(doorTo(t, &hobbled{Connector: connector, old: true}, c, "SE1", false).Ping())
	tx, err := strict.BeginTx(t.Context(), &sql.TxOptions{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	rows, err := tx.Query("SELECT id FROM visit")
	if err != nil {
		t.Fatal(err)
	}
	_, err = column(t, tx, "SELECT id FROM unit")
	met(err)
	if err := errors.Join(rows.Close(), tx.Rollback()); err != nil {
		t.Error(err)
	}
	for code, seen := range codes {
		if !seen {
			t.Errorf("nothing meets %s", code)
		}
	}
	if len(codes) < 6 {
		t.Errorf("door.go has the codes %v", codes)
	}
}
