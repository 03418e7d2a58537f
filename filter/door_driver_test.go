package filter_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/utdrag/utdrag/filter"
	"github.com/utdrag/utdrag/filter/diag"
)

// hobbled is a connector over SQLite's whose connections can do less than it, or fail where they are told to.
type hobbled struct {
	driver.Connector
	// old statements know no contexts. skips makes connections that say of a query or statement to prepare it.
	old, skips bool
	// fail is asked before every text that is run. next is asked before every row.
	fail, next func(text string) error
	// statements are those that are open, and conns every connection that was ever made.
	statements atomic.Int32
	mu         sync.Mutex
	conns      []*hobbledConn
	closed     bool
}

func (h *hobbled) Connect(ctx context.Context) (driver.Conn, error) {
	inner, err := h.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	c := &hobbledConn{inner: inner, of: h}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.conns = append(h.conns, c)
	if h.skips {
		return skippingConn{c}, nil
	}
	return c, nil
}

func (h *hobbled) Close() error {
	h.closed = true
	return nil
}

// hobbledConn has nothing but what every connection must have.
type hobbledConn struct {
	inner driver.Conn
	of    *hobbled
	gone  bool
}

func (c *hobbledConn) Close() error {
	c.gone = true
	return c.inner.Close()
}
func (c *hobbledConn) Begin() (driver.Tx, error) { return nil, errors.New("no transactions") }
func (c *hobbledConn) Prepare(query string) (driver.Stmt, error) {
	if c.of.fail != nil {
		if err := c.of.fail(query); err != nil {
			return nil, err
		}
	}
	inner, err := c.inner.Prepare(query)
	if err != nil {
		return nil, err
	}
	c.of.statements.Add(1)
	s := &hobbledStmt{inner: inner, conn: c, query: query}
	if c.of.old {
		return oldStmt{s}, nil
	}
	return s, nil
}

type skippingConn struct{ *hobbledConn }

func (skippingConn) QueryContext(context.Context, string, []driver.NamedValue) (driver.Rows, error) {
	return nil, driver.ErrSkip
}
func (skippingConn) ExecContext(context.Context, string, []driver.NamedValue) (driver.Result, error) {
	return nil, driver.ErrSkip
}

type hobbledStmt struct {
	inner driver.Stmt
	conn  *hobbledConn
	query string
}

func (s *hobbledStmt) Close() error {
	s.conn.of.statements.Add(-1)
	return s.inner.Close()
}
func (s *hobbledStmt) NumInput() int { return strings.Count(s.query, "?") }
func (s *hobbledStmt) Exec([]driver.Value) (driver.Result, error) {
	return nil, errors.New("CANARY of old")
}
func (s *hobbledStmt) Query([]driver.Value) (driver.Rows, error) {
	return nil, errors.New("CANARY of old")
}
func (s *hobbledStmt) ExecContext(ctx context.Context, args []driver.NamedValue) (driver.Result, error) {
	return s.inner.(driver.StmtExecContext).ExecContext(ctx, args)
}
func (s *hobbledStmt) QueryContext(ctx context.Context, args []driver.NamedValue) (driver.Rows, error) {
	rows, err := s.inner.(driver.StmtQueryContext).QueryContext(ctx, args)
	if err != nil {
		return nil, err
	}
	return &hobbledRows{rows, s}, nil
}

type oldStmt struct{ driver.Stmt }

type hobbledRows struct {
	driver.Rows
	stmt *hobbledStmt
}

func (r *hobbledRows) Next(dest []driver.Value) error {
	if next := r.stmt.conn.of.next; next != nil {
		if err := next(r.stmt.query); err != nil {
			return err
		}
	}
	return r.Rows.Next(dest)
}

// leftovers are the work tables of the connections that are still there.
func (h *hobbled) leftovers(t *testing.T) string {
	t.Helper()
	h.mu.Lock()
	defer h.mu.Unlock()
	var names []string
	for _, c := range h.conns {
		if c.gone {
			continue
		}
		stmt, err := c.inner.Prepare("SELECT name FROM temp.sqlite_schema")
		if err != nil {
			t.Fatal(err)
		}
		rows, err := stmt.(driver.StmtQueryContext).QueryContext(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		for dest := make([]driver.Value, 1); rows.Next(dest) == nil; {
			names = append(names, fmt.Sprint(dest[0]))
		}
		if err := errors.Join(rows.Close(), stmt.Close()); err != nil {
			t.Fatal(err)
		}
	}
	return strings.Join(names, " ")
}

// A driver that has none of the optional interfaces will do, unless its statements know no contexts.
func TestDoorOverALesserDriver(t *testing.T) {
	for _, skips := range []bool{false, true} {
		var h *hobbled
		for mode, db := range doorsTo(t, func(c driver.Connector) driver.Connector { h = &hobbled{Connector: c, skips: skips}; return h }) {
			for range 3 {
				expect(t, mode, "1000 1002")(column(t, db, "SELECT id FROM visit WHERE unit_id = ? ORDER BY id", 10))
			}
			stmt, err := db.Prepare("SELECT name FROM unit WHERE id = :id")
			if err != nil {
				t.Fatal(err)
			}
			rows, err := stmt.Query(sql.Named("id", 11))
			if err != nil {
				t.Fatal(err)
			}
			if types, err := rows.ColumnTypes(); err != nil || len(types) != 1 || types[0].Name() != "name" || types[0].DatabaseTypeName() != "" {
				t.Errorf("%s: %v, %v", mode, types, err)
			}
			expect(t, mode+", prepared", "Lab")(drain(rows))
			if _, err := db.BeginTx(t.Context(), &sql.TxOptions{ReadOnly: true}); diag.CodeOf(err) != filter.CodeDoorWrites {
				t.Errorf("%s: a transaction: %v", mode, err)
			}
			if err := errors.Join(stmt.Close(), db.Close()); err != nil {
				t.Error(err)
			}
		}
		if n := h.statements.Load(); n != 0 {
			t.Errorf("%d statements are left open", n)
		}
		if !h.closed {
			t.Error("closing the handle does not close the connector")
		}
	}
	for mode, db := range doorsTo(t, func(c driver.Connector) driver.Connector { return &hobbled{Connector: c, old: true} }) {
		if err := db.Ping(); diag.CodeOf(err) != filter.CodeDoorSession {
			t.Errorf("%s: %v", mode, err)
		}
	}
}

// Rows that are closed early take their work tables with them, and so does a query that fails, wherever it does.
func TestDoorLeavesNoWorkTables(t *testing.T) {
	h := &hobbled{}
	db := doorsTo(t, func(c driver.Connector) driver.Connector { h.Connector = c; return h })["strict"]
	db.SetMaxOpenConns(1)
	clean := func(when string) {
		t.Helper()
		if names := h.leftovers(t); names != "" {
			t.Errorf("%s: %s", when, names)
		}
	}
	rows, err := db.Query("SELECT v.id FROM visit v, patient p, clinician c")
	if err != nil {
		t.Fatal(err)
	}
	if !rows.Next() {
		t.Fatal("no rows")
	}
	if names := h.leftovers(t); !strings.Contains(names, "rows_1") || !strings.Contains(names, "keys_") {
		t.Errorf("work tables are %s", names)
	}
	if err := errors.Join(rows.Close(), rows.Close()); err != nil {
		t.Error(err)
	}
	clean("closed early")
	for _, text := range []string{"CREATE TEMP TABLE", "INSERT INTO temp.\"keys_", "SELECT COUNT(*) FROM temp", "INSERT INTO temp.\"rows_1\"", "INSERT INTO temp.\"rows_2\"", "SELECT v.id"} {
		h.fail = func(query string) error {
			if strings.Contains(query, text) {
				return errors.New("CANARY of the driver")
			}
			return nil
		}
		_, err := db.Query("SELECT v.id FROM visit v, patient p, clinician c")
		if diag.CodeOf(err) != filter.CodeDoorDriver || strings.Contains(err.Error(), "CANARY") {
			t.Errorf("%s: %v", text, err)
		}
		h.fail = nil
		clean("failed at " + text)
		expect(t, "afterwards", "3")(column(t, db, "SELECT count(*) FROM visit"))
	}
	if len(h.conns) != 1 {
		t.Errorf("%d connections were made", len(h.conns))
	}
	// Where the work tables can't be removed, the connection goes.
	h.fail = func(query string) error {
		if strings.HasPrefix(query, "DROP") {
			return errors.New("CANARY of the driver")
		}
		return nil
	}
	if _, err := column(t, db, "SELECT id FROM visit"); diag.CodeOf(err) != filter.CodeDoorDriver || strings.Contains(err.Error(), "CANARY") {
		t.Error(err)
	}
	h.fail = nil
	expect(t, "on a new connection", "3")(column(t, db, "SELECT count(*) FROM visit"))
	if len(h.conns) != 2 || !h.conns[0].gone {
		t.Errorf("%d connections were made, and the first is gone: %v", len(h.conns), h.conns[0].gone)
	}
	clean("on a new connection")
}

// A strict query has its work tables for itself: no other runs on its connection meanwhile.
func TestDoorBusy(t *testing.T) {
	for mode, db := range doorsTo(t, nil) {
		tx, err := db.BeginTx(t.Context(), &sql.TxOptions{ReadOnly: true})
		if err != nil {
			t.Fatal(err)
		}
		stmt, err := tx.Prepare("SELECT id FROM visit ORDER BY id")
		if err != nil {
			t.Fatal(err)
		}
		first, err := stmt.Query()
		if err != nil {
			t.Fatal(err)
		}
		got, err := column(t, tx, "SELECT id FROM unit ORDER BY id")
		if mode == "usual" && (err != nil || got != "10 11") || mode == "strict" && diag.CodeOf(err) != filter.CodeDoorBusy {
			t.Errorf("%s: %q, %v", mode, got, err)
		}
		if mode == "strict" {
			if _, err := stmt.Query(); diag.CodeOf(err) != filter.CodeDoorBusy {
				t.Errorf("the same statement twice: %v", err)
			}
			// A query without tables needs no work tables.
			expect(t, "beside it", "1")(column(t, tx, "SELECT 1"))
		}
		expect(t, mode+": the first one", "1000 1001 1002")(drain(first))
		expect(t, mode+": then", "10 11")(column(t, tx, "SELECT id FROM unit ORDER BY id"))
		open, err := tx.Query("SELECT id FROM visit")
		if err != nil {
			t.Fatal(err)
		}
		if err := tx.Rollback(); err != nil { // with rows still open
			t.Error(err)
		}
		_ = open.Close()
		expect(t, mode+": afterwards", "3")(column(t, db, "SELECT count(*) FROM visit"))
		conn, err := db.Conn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if open, err = conn.QueryContext(t.Context(), "SELECT id FROM visit"); err != nil {
			t.Fatal(err)
		}
		tx, err = conn.BeginTx(t.Context(), &sql.TxOptions{ReadOnly: true})
		if mode == "strict" && diag.CodeOf(err) != filter.CodeDoorBusy {
			t.Errorf("a transaction beside a query: %v", err)
		}
		err = open.Close()
		if tx != nil {
			err = errors.Join(err, tx.Rollback())
		}
		if err := errors.Join(err, conn.Close()); err != nil {
			t.Error(err)
		}
	}
}

// wordy is an error of a driver's that says what it shouldn't, and wraps what the pool looks for.
type wordy struct{ is error }

func (w wordy) Error() string        { return "CANARY said by the driver" }
func (w wordy) Is(target error) bool { return target == w.is }

func TestDoorKeepsBackWhatErrorsWrap(t *testing.T) {
	for _, is := range []error{driver.ErrBadConn, io.EOF, driver.ErrSkip, sql.ErrNoRows, errors.New("x")} {
		h := &hobbled{}
		for mode, db := range doorsTo(t, func(c driver.Connector) driver.Connector { h.Connector = c; return h }) {
			const query = "SELECT id FROM visit WHERE reason IS NULL"
			broken := func(text string) error {
				if strings.Contains(text, "IS NULL") {
					return wordy{is}
				}
				return nil
			}
			h.fail, h.next = broken, nil
			_, err := column(t, db, query)
			if err == nil || strings.Contains(err.Error(), "CANARY") {
				t.Errorf("%s: preparing: %v", mode, err)
			}
			h.fail, h.next = nil, broken
			got, err := column(t, db, query)
			if err == nil || strings.Contains(err.Error(), "CANARY") {
				t.Errorf("%s: a row: %q, %v", mode, got, err)
			}
			if _, ok := errors.AsType[wordy](err); ok {
				t.Errorf("%s: the driver's own error is inside: %v", mode, err)
			}
			h.next = nil
			expect(t, mode+": afterwards", "1002")(column(t, db, query))
		}
	}
}

// The provider must be one row of the database that is asked, whatever the catalog promises.
func TestDoorProvider(t *testing.T) {
	_, c := wardSQLite(t, bypassFile(t, "schema.sql"))
	for name, rows := range map[string]string{"one": "(1, 'SE1', 'x'), (2, 'SE2', 'y')", "none": "(2, 'SE2', 'CANARY')", "two": "(1, 'SE1', 'x'), (2, 'SE1', 'CANARY')",
		"null": "(1, NULL, 'CANARY')", "empty": "(1, '', 'CANARY')", "padded": "(1, 'SE1 ', 'CANARY')", "case": "(1, 'se1', 'CANARY')"} {
		connector, _ := wardSQLite(t, "CREATE TABLE provider (id INTEGER PRIMARY KEY, hsaid VARCHAR(20), name VARCHAR(40)); INSERT INTO provider VALUES "+rows)
		for _, strict := range []bool{false, true} {
			got, err := column(t, doorTo(t, connector, c, "SE1", strict), "SELECT id FROM provider")
			switch {
			case name == "one":
				if err != nil || got != "1" {
					t.Errorf("%q, %v", got, err)
				}
			case diag.CodeOf(err) != filter.CodeDoorProvider:
				t.Errorf("%s: %q, %v", name, got, err)
			default:
				quiet(t, err.Error())
			}
		}
	}
	connector, _ := wardSQLite(t, "CREATE TABLE other (id INTEGER)")
	if err := doorTo(t, connector, c, "SE1", false).Ping(); diag.CodeOf(err) != filter.CodeDoorDriver {
		t.Errorf("no such table: %v", err)
	}
	if f, found := filter.New(wardFilter(t, c, "SE1", false).Schema().Map, c, filter.Request{}, filter.Options{Key: wardKey(t)}); f != nil || len(found) == 0 || found[0].Code != filter.CodeNoProvider {
		t.Errorf("no provider: %v", found)
	}
}
