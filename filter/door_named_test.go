package filter_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/utdrag/utdrag/filter"
	"github.com/utdrag/utdrag/filter/diag"
)

// recorder is a server that answers every query with one row, the number 1, and remembers the last one with its arguments.
type recorder struct {
	query string
	args  []driver.NamedValue
}

func (r *recorder) Connect(context.Context) (driver.Conn, error) { return recorderConn{r}, nil }
func (r *recorder) Driver() driver.Driver                        { return pgxDriver{} }

type recorderConn struct{ *recorder }

var errNothing = errors.New("there is nothing of the kind")

func (recorderConn) Prepare(string) (driver.Stmt, error) { return nil, errNothing }
func (recorderConn) Begin() (driver.Tx, error)           { return nil, errNothing }
func (recorderConn) Close() error                        { return nil }
func (c recorderConn) ExecContext(context.Context, string, []driver.NamedValue) (driver.Result, error) {
	return driver.ResultNoRows, nil
}
func (c recorderConn) QueryContext(_ context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	c.query, c.args = query, slices.Clone(args)
	return &oneRow{}, nil
}

type oneRow struct{ read bool }

func (*oneRow) Columns() []string { return []string{"n"} }
func (*oneRow) Close() error      { return nil }
func (r *oneRow) Next(dest []driver.Value) error {
	if r.read {
		return io.EOF
	}
	dest[0], r.read = []byte("1"), true
	return nil
}

// On SQL Server arguments only have names. Each of the query's own is given once, under its own name wherever it comes to stand, and
// the filter's are there beside them.
func TestDoorNamesArguments(t *testing.T) {
	_, c := wardSQLite(t, bypassFile(t, "schema.sql"))
	f := wardFilter(t, elsewhere(t, c, "sqlserver", "dbo"), "SE1", false)
	if f == nil {
		t.Fatal("queries of this engine are not read")
	}
	server := &recorder{}
	db := filter.OpenDB(server, f)
	defer db.Close()
	for _, c := range []struct {
		query string
		args  []any
		want  string // the names and values, or a code
	}{
		{"SELECT id FROM visit", nil, "utdrag_p1=SE1"},
		{"SELECT id FROM visit WHERE id = @id", []any{sql.Named("id", 5)}, "utdrag_p1=SE1 id=5"},
		{"SELECT id FROM visit WHERE id = @p1 AND reason = @p2", []any{5, "x"}, "utdrag_p1=SE1 p1=5 p2=x"},
		{"SELECT id FROM visit WHERE id = @P1 OR id = @p1", []any{5}, "utdrag_p1=SE1 p1=5"},
		{"SELECT id FROM visit WHERE id = @id AND reason = @p2", []any{sql.Named("id", 5), "x"}, "utdrag_p1=SE1 id=5 p2=x"},

		{"SELECT id FROM visit", []any{"SE2"}, "UF031"},
		{"SELECT id FROM visit", []any{sql.Named("utdrag_p1", "SE2")}, "UF031"},
		{"SELECT id FROM visit WHERE id = @id", nil, "UF031"},
		{"SELECT id FROM visit WHERE id = @id", []any{5}, "UF031"},
		{"SELECT id FROM visit WHERE id = @id", []any{sql.Named("id", 5), sql.Named("ID", 6)}, "UF031"},
		{"SELECT id FROM visit WHERE id = @id", []any{sql.Named("id", 5), sql.Named("utdrag_p1", "SE2")}, "UF031"},
		{"SELECT id FROM visit WHERE id = @id", []any{sql.Named("id", 5), sql.Named("UTDRAG_P1", "SE2")}, "UF031"},
		{"SELECT id FROM visit WHERE id = @p1", []any{5, 6}, "UF031"},
		{"SELECT id FROM visit WHERE id = @utdrag_p1", []any{sql.Named("utdrag_p1", "SE2")}, "UR009"},
	} {
		server.query = ""
		_, err := column(t, db, c.query, c.args...)
		var names []string
		for i, a := range server.args {
			if a.Ordinal != i+1 {
				t.Errorf("%s: argument %d has the ordinal %d", c.query, i+1, a.Ordinal)
			}
			names = append(names, fmt.Sprintf("%s=%v", a.Name, a.Value))
		}
		got := strings.Join(names, " ")
		if err != nil {
			got = diag.CodeOf(err)
		}
		if got != c.want || err == nil && !strings.Contains(server.query, "@utdrag_p1") || err != nil && strings.Contains(server.query, "visit") {
			t.Errorf("%s %v: %s and %v, not %s\n%s", c.query, c.args, got, err, c.want, server.query)
		}
	}
}
