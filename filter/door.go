package filter

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"sync"

	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/internal/engine"
)

// The codes of what the door refuses. A query's own refusals are package rewrite's.
const (
	CodeDoorWrites   = "UF030" // Exec, or a transaction that may write
	CodeDoorArgument = "UF031" // bound arguments that are not those of the query
	CodeDoorBusy     = "UF032" // a second query while one that needs work tables is open on the same connection
	CodeDoorDriver   = "UF033" // the database refused a query; what it said is kept back
	CodeDoorProvider = "UF034" // the provider is not exactly one row
	CodeDoorSession  = "UF035" // the connection can't be set up as the filter needs it
)

// OpenDB returns a handle of the connector's database on which every query is rewritten by the filter. Nothing else gets
// through: Exec is refused, and so is a transaction that isn't read only. A connection that [sql.Conn.Raw] gives is the door's
// own, and no way around it.
//
// Bound arguments are values: those of [driver.Value], what converts to them, and slices of them where the driver takes any.
// What tells a driver how to run a query, or to run another one, is refused.
//
// What the driver says of a failed query may quote cells of rows that the filter hides, so its text is kept back. The number
// of the error comes through.
//
// A query that needs work tables, because the filter is strict or tables of its map depend on themselves, takes several statements.
// They see one state of the database; on SQL Server they do so in a transaction with [sql.LevelSnapshot] only.
//
// The handle doesn't own the filter: several handles may share one. The connector should be for an account that can only
// read.
func OpenDB(connector driver.Connector, f *Filter) *sql.DB { return sql.OpenDB(&door{connector, f}) }

// door is a connector whose connections pass confined queries only.
type door struct {
	inner  driver.Connector
	filter *Filter
}

func (d *door) Driver() driver.Driver { return closed{} }

// Close closes the inner connector where it can be closed.
func (d *door) Close() error {
	if c, ok := d.inner.(interface{ Close() error }); ok {
		return c.Close()
	}
	return nil
}

// closed is the driver of a door: connections come from its connector only.
type closed struct{}

func (closed) Open(string) (driver.Conn, error) {
	return nil, doorError(CodeDoorWrites, "a door opens no other database", "use filter.OpenDB")
}

func (d *door) Connect(ctx context.Context) (driver.Conn, error) {
	inner, err := d.inner.Connect(ctx)
	if err != nil {
		return nil, redacted(ctx, err)
	}
	c := &doorConn{inner: inner, filter: d.filter}
	if err := c.prepare(ctx); err != nil {
		return nil, errors.Join(err, redacted(ctx, inner.Close()))
	}
	return c, nil
}

// doorConn is one connection. Like any driver's it is used by one goroutine at a time.
type doorConn struct {
	inner  driver.Conn
	filter *Filter
	busy   bool // a query's work tables are there
	inTx   bool // in a transaction of the user's
}

// prepare sets the session up and sees that the provider is there.
func (c *doorConn) prepare(ctx context.Context) error {
	if err := c.session(ctx); err != nil {
		return err
	}
	check := c.filter.Registered()
	check.Code = CodeDoorProvider
	return c.check(ctx, check)
}

// session runs the statements after which confined queries mean what they say.
func (c *doorConn) session(ctx context.Context) error {
	s, ok := c.filter.engine().(engine.Sessioner)
	if !ok {
		return nil
	}
	for _, statement := range s.Session() {
		if err := c.exec(ctx, statement, nil); err != nil {
			return &diag.Error{Code: CodeDoorSession, Class: diag.External, Message: "the connection can't be set up for confined queries", Err: err}
		}
	}
	return nil
}

func doorError(code, message, advice string) error {
	return &diag.Error{Code: code, Class: diag.Refused, Message: message, Advice: advice}
}

var errWrites = doorError(CodeDoorWrites, "only queries pass", "use Query, or a transaction with sql.TxOptions{ReadOnly: true}")

var errBusy = doorError(CodeDoorBusy, "another query of this connection is still open", "close its rows first")

// Prepare is PrepareContext.
func (c *doorConn) Prepare(query string) (driver.Stmt, error) {
	return c.PrepareContext(context.Background(), query)
}

// PrepareContext rewrites a query once. The filter keeps the text that it became.
func (c *doorConn) PrepareContext(ctx context.Context, query string) (driver.Stmt, error) {
	q, err := c.filter.Rewrite(query)
	if err != nil {
		return nil, err
	}
	s := &doorStmt{conn: c, query: &q}
	if len(q.Setup) > 0 {
		return s, nil
	}
	if s.inner, err = c.statement(ctx, q.SQL); err != nil {
		return nil, err
	}
	return s, nil
}

// QueryContext rewrites a query and runs it.
func (c *doorConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	q, err := c.filter.Rewrite(query)
	if err != nil {
		return nil, err
	}
	return c.run(ctx, &q, args)
}

// ExecContext is refused.
func (c *doorConn) ExecContext(context.Context, string, []driver.NamedValue) (driver.Result, error) {
	return nil, errWrites
}

// Begin is refused: it promises writes.
func (c *doorConn) Begin() (driver.Tx, error) { return nil, errWrites }

// Close closes the connection.
func (c *doorConn) Close() error { return redacted(context.Background(), c.inner.Close()) }

// Ping asks the server, where the driver can.
func (c *doorConn) Ping(ctx context.Context) error {
	if p, ok := c.inner.(driver.Pinger); ok {
		return redacted(ctx, p.Ping(ctx))
	}
	return nil
}

// ResetSession prepares the connection for another user of the pool. The pool uses the connection unless the error is
// [driver.ErrBadConn], so it is that, whatever went wrong.
func (c *doorConn) ResetSession(ctx context.Context) error {
	if c.busy { // work tables of a query that was not closed are still there
		return driver.ErrBadConn
	}
	r, ok := c.inner.(driver.SessionResetter)
	if !ok {
		return nil
	}
	if r.ResetSession(ctx) != nil || c.session(ctx) != nil { // the driver may have undone what was set up
		return driver.ErrBadConn
	}
	return nil
}

// IsValid reports whether the pool may keep the connection.
func (c *doorConn) IsValid() bool {
	if v, ok := c.inner.(driver.Validator); ok && !v.IsValid() {
		return false
	}
	return !c.busy
}

// run runs a rewritten query: what comes before it, itself, and when its rows are closed what comes after.
func (c *doorConn) run(ctx context.Context, q *Query, args []driver.NamedValue) (driver.Rows, error) {
	bound, err := q.bind(args)
	if err != nil {
		return nil, err
	}
	if len(q.Setup) == 0 {
		rows, err := c.query(ctx, q.SQL, bound)
		if err != nil {
			return nil, err
		}
		return &doorRows{inner: rows, ctx: ctx}, nil
	}
	if c.busy {
		return nil, errBusy
	}
	tx, err := c.snapshot(ctx)
	if err != nil {
		return nil, err
	}
	c.busy = true
	after := sync.OnceValue(func() error { return c.teardown(q, tx) })
	if err := c.setup(ctx, q.Setup); err != nil {
		return nil, errors.Join(err, after())
	}
	rows, err := c.query(ctx, q.SQL, bound)
	if err != nil {
		return nil, errors.Join(err, after())
	}
	return &doorRows{inner: rows, ctx: ctx, after: after}, nil
}

func (c *doorConn) setup(ctx context.Context, steps []Step) error {
	for _, s := range steps {
		var err error
		switch s.Kind {
		case StepCheck:
			err = c.check(ctx, s)
		case StepFixpoint:
			err = c.fixpoint(ctx, s)
		default:
			err = c.exec(ctx, s.SQL, named(s.Args))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (c *doorConn) fixpoint(ctx context.Context, s Step) error {
	for {
		more, err := c.number(ctx, s.SQL, named(s.Args))
		if err != nil || more != "1" {
			return err
		}
		if err := c.setup(ctx, s.Rounds); err != nil {
			return err
		}
	}
}

func (c *doorConn) check(ctx context.Context, s Step) error {
	n, err := c.number(ctx, s.SQL, named(s.Args))
	if err == nil && n != fmt.Sprint(s.Expect) {
		err = &diag.Error{Code: s.Code, Class: diag.Refused, Message: s.Message, Advice: s.Advice}
	}
	return err
}

// number is the one number that a query yields.
func (c *doorConn) number(ctx context.Context, query string, args []driver.NamedValue) (string, error) {
	rows, err := c.query(ctx, query, args)
	if err != nil {
		return "", err
	}
	dest := make([]driver.Value, len(rows.Columns()))
	err = rows.Next(dest)
	var text string
	switch {
	case len(dest) != 1:
		err = errors.Join(err, errors.New("no number"))
	default:
		text = fmt.Sprint(dest[0])
		if b, ok := dest[0].([]byte); ok { // valid until the rows are closed
			text = string(b)
		}
	}
	if closing := rows.Close(); err == nil {
		err = closing
	}
	return text, redacted(ctx, err)
}

// teardown removes work tables. Where that fails the connection stays busy, and the pool drops it.
func (c *doorConn) teardown(q *Query, tx driver.Tx) error {
	var failed error
	if tx == nil || !c.filter.tables().undone {
		for _, s := range q.Teardown {
			failed = errors.Join(failed, c.exec(context.Background(), s.SQL, nil))
		}
	}
	if tx != nil {
		failed = errors.Join(failed, redacted(context.Background(), tx.Rollback()))
	}
	c.busy = failed != nil
	return failed
}

// doorStmt is a prepared query.
type doorStmt struct {
	conn  *doorConn
	query *Query
	inner driver.Stmt // nil for a query that needs work tables
}

// NumInput is unknown here; binding counts.
func (s *doorStmt) NumInput() int { return -1 }

// Close ends the statement.
func (s *doorStmt) Close() error {
	if s.inner == nil {
		return nil
	}
	return redacted(context.Background(), s.inner.Close())
}

// Exec is refused.
func (s *doorStmt) Exec([]driver.Value) (driver.Result, error) { return nil, errWrites }

// Query is for drivers' users of old, and refused: arguments come with names.
func (s *doorStmt) Query([]driver.Value) (driver.Rows, error) { return nil, errWrites }

// QueryContext runs the query.
func (s *doorStmt) QueryContext(ctx context.Context, args []driver.NamedValue) (driver.Rows, error) {
	if s.inner == nil {
		return s.conn.run(ctx, s.query, args)
	}
	bound, err := s.query.bind(args)
	if err != nil {
		return nil, err
	}
	rows, err := queryStmt(ctx, s.inner, bound)
	if err != nil {
		return nil, err
	}
	return &doorRows{inner: rows, ctx: ctx}, nil
}

// CheckNamedValue lets the inner driver say which arguments it takes.
func (s *doorStmt) CheckNamedValue(v *driver.NamedValue) error { return s.conn.CheckNamedValue(v) }
