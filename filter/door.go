package filter

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/internal/engine"
	"github.com/utdrag/utdrag/mask/value"
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
// What the driver says of a failed query may quote cells of rows that the filter hides, so its text is kept back, unless it is
// about the query's own words.
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
}

// prepare sets the session up and sees that the provider is there.
func (c *doorConn) prepare(ctx context.Context) error {
	if s, ok := c.filter.engine().(engine.Sessioner); ok {
		for _, statement := range s.Session() {
			if err := c.exec(ctx, statement, nil); err != nil {
				return &diag.Error{Code: CodeDoorSession, Class: diag.External, Message: "the connection can't be set up for confined queries", Err: err}
			}
		}
	}
	check := c.filter.Registered()
	rows, err := c.query(ctx, check.SQL, named(check.Args))
	if err != nil {
		return err
	}
	defer rows.Close()
	dest := make([]driver.Value, len(rows.Columns()))
	if err := rows.Next(dest); err != nil || len(dest) != 1 {
		return redacted(ctx, err)
	}
	if fmt.Sprint(dest[0]) != fmt.Sprint(check.Expect) {
		return &diag.Error{Code: CodeDoorProvider, Class: diag.Refused, Message: check.Message, Advice: check.Advice}
	}
	return nil
}

func doorError(code, message, advice string) error {
	return &diag.Error{Code: code, Class: diag.Refused, Message: message, Advice: advice}
}

var errWrites = doorError(CodeDoorWrites, "only queries pass", "use Query, or a transaction with sql.TxOptions{ReadOnly: true}")

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
	if p, ok := c.inner.(driver.ConnPrepareContext); ok {
		s.inner, err = p.PrepareContext(ctx, q.SQL)
	} else {
		s.inner, err = c.inner.Prepare(q.SQL)
	}
	if err != nil {
		return nil, redacted(ctx, err)
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

// BeginTx begins a transaction that reads. Not every driver knows read-only ones; no write passes the door in any.
func (c *doorConn) BeginTx(ctx context.Context, opts driver.TxOptions) (driver.Tx, error) {
	b, ok := c.inner.(driver.ConnBeginTx)
	if !opts.ReadOnly || !ok {
		return nil, errWrites
	}
	tx, err := b.BeginTx(ctx, opts)
	if err != nil && ctx.Err() == nil {
		opts.ReadOnly = false
		tx, err = b.BeginTx(ctx, opts)
	}
	if err != nil {
		return nil, redacted(ctx, err)
	}
	return doorTx{tx}, nil
}

type doorTx struct{ inner driver.Tx }

func (t doorTx) Commit() error   { return redacted(context.Background(), t.inner.Commit()) }
func (t doorTx) Rollback() error { return redacted(context.Background(), t.inner.Rollback()) }

// Close closes the connection.
func (c *doorConn) Close() error { return redacted(context.Background(), c.inner.Close()) }

// Ping asks the server, where the driver can.
func (c *doorConn) Ping(ctx context.Context) error {
	if p, ok := c.inner.(driver.Pinger); ok {
		return redacted(ctx, p.Ping(ctx))
	}
	return nil
}

// ResetSession prepares the connection for another user of the pool.
func (c *doorConn) ResetSession(ctx context.Context) error {
	if c.busy { // work tables of a query that was not closed are still there
		return driver.ErrBadConn
	}
	if r, ok := c.inner.(driver.SessionResetter); ok {
		return redacted(ctx, r.ResetSession(ctx))
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

// CheckNamedValue lets the inner driver say which arguments it takes.
func (c *doorConn) CheckNamedValue(v *driver.NamedValue) error {
	if ch, ok := c.inner.(driver.NamedValueChecker); ok {
		return ch.CheckNamedValue(v)
	}
	return driver.ErrSkip
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
		return &doorRows{Rows: rows, ctx: ctx}, nil
	}
	if c.busy {
		return nil, doorError(CodeDoorBusy, "another query of this connection is still open", "close its rows first")
	}
	c.busy = true
	after := sync.OnceValue(func() error { return c.teardown(q) })
	if err := c.setup(ctx, q.Setup); err != nil {
		return nil, errors.Join(err, after())
	}
	rows, err := c.query(ctx, q.SQL, bound)
	if err != nil {
		return nil, errors.Join(err, after())
	}
	return &doorRows{Rows: rows, ctx: ctx, after: after}, nil
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
	if closing := rows.Close(); err == nil {
		err = closing
	}
	if err != nil || len(dest) != 1 {
		return "", redacted(ctx, errors.Join(err, errors.New("no number")))
	}
	return fmt.Sprint(dest[0]), nil
}

// teardown removes work tables. Where that fails the connection stays busy, and the pool drops it.
func (c *doorConn) teardown(q *Query) error {
	var failed error
	for _, s := range q.Teardown {
		if err := c.exec(context.Background(), s.SQL, nil); err != nil {
			failed = errors.Join(failed, err)
		}
	}
	c.busy = failed != nil
	return failed
}

// exec runs a statement of ours.
func (c *doorConn) exec(ctx context.Context, statement string, args []driver.NamedValue) error {
	if e, ok := c.inner.(driver.ExecerContext); ok {
		_, err := e.ExecContext(ctx, statement, args)
		if err != driver.ErrSkip {
			return redacted(ctx, err)
		}
	}
	stmt, err := c.inner.Prepare(statement)
	if err != nil {
		return redacted(ctx, err)
	}
	defer stmt.Close()
	s, ok := stmt.(driver.StmtExecContext)
	if !ok {
		return doorError(CodeDoorSession, "the driver is too old", "use a driver that knows contexts")
	}
	_, err = s.ExecContext(ctx, args)
	return redacted(ctx, err)
}

// query runs a query that is ours or rewritten.
func (c *doorConn) query(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	if q, ok := c.inner.(driver.QueryerContext); ok {
		rows, err := q.QueryContext(ctx, query, args)
		if err != driver.ErrSkip {
			return rows, redacted(ctx, err)
		}
	}
	stmt, err := c.inner.Prepare(query)
	if err != nil {
		return nil, redacted(ctx, err)
	}
	s, ok := stmt.(driver.StmtQueryContext)
	if !ok {
		return nil, errors.Join(doorError(CodeDoorSession, "the driver is too old", "use a driver that knows contexts"), stmt.Close())
	}
	rows, err := s.QueryContext(ctx, args)
	if err != nil {
		return nil, errors.Join(redacted(ctx, err), redacted(ctx, stmt.Close()))
	}
	return rows, nil
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
	q, ok := s.inner.(driver.StmtQueryContext)
	if !ok {
		return nil, doorError(CodeDoorSession, "the driver is too old", "use a driver that knows contexts")
	}
	rows, err := q.QueryContext(ctx, bound)
	if err != nil {
		return nil, redacted(ctx, err)
	}
	return &doorRows{Rows: rows, ctx: ctx}, nil
}

// CheckNamedValue lets the inner driver say which arguments it takes.
func (s *doorStmt) CheckNamedValue(v *driver.NamedValue) error { return s.conn.CheckNamedValue(v) }

// bind puts the query's own arguments where its parameters are, exactly one for each, and the filter's with them.
func (q *Query) bind(args []driver.NamedValue) ([]driver.NamedValue, error) {
	mismatch := func(format string, a ...any) error {
		return doorError(CodeDoorArgument, fmt.Sprintf(format, a...), "give each of the query's parameters one argument")
	}
	highest, numbers := 0, map[string]int{}
	for _, p := range q.Theirs {
		highest = max(highest, p.Number)
		if p.Name != "" {
			numbers[p.Name] = p.Number
		}
	}
	if highest == 0 && len(numbers) > 0 { // parameters that only have names: the driver knows them
		for _, a := range args {
			if _, known := numbers[a.Name]; a.Name != "" && !known {
				return nil, mismatch("an argument has a name that no parameter of the query has")
			}
		}
		return q.place(args), nil
	}
	ordered := make([]driver.NamedValue, highest)
	given := make([]bool, highest)
	for _, a := range args {
		number, known := numbers[a.Name]
		if a.Name == "" {
			number, known = a.Ordinal, a.Ordinal >= 1 && a.Ordinal <= highest
		}
		if !known || given[number-1] {
			return nil, mismatch("the query has %d parameters, and an argument is for none of them", highest)
		}
		ordered[number-1], given[number-1] = driver.NamedValue{Value: a.Value}, true
	}
	if slices.Contains(given, false) {
		return nil, mismatch("the query has %d parameters and %d arguments", highest, len(args))
	}
	return q.place(ordered), nil
}

// place puts the filter's arguments where their parameters are.
func (q *Query) place(args []driver.NamedValue) []driver.NamedValue {
	bound := make([]driver.NamedValue, 0, len(args)+len(q.Args))
	own := named(q.Args)
	for i := range own {
		own[i].Name = q.name(i + 1)
	}
	if q.first {
		bound = append(append(bound, own...), args...)
	} else {
		bound = append(append(bound, args...), own...)
	}
	for i := range bound {
		bound[i].Ordinal = i + 1
	}
	return bound
}

// named are arguments as drivers take them.
func named(args []value.Value) []driver.NamedValue {
	values := make([]driver.NamedValue, len(args))
	for i, a := range args {
		values[i] = driver.NamedValue{Ordinal: i + 1}
		switch a.Form() {
		case value.Int:
			values[i].Value = a.Int()
		case value.Bytes:
			values[i].Value = []byte(a.Text())
		default:
			values[i].Value = a.Text()
		}
	}
	return values
}
