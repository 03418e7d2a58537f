package filter

import (
	"context"
	"database/sql/driver"
	"errors"
)

// exec runs a statement of ours.
func (c *doorConn) exec(ctx context.Context, statement string, args []driver.NamedValue) error {
	if e, ok := c.inner.(driver.ExecerContext); ok {
		_, err := e.ExecContext(ctx, statement, args)
		if err != driver.ErrSkip {
			return redacted(ctx, err)
		}
	}
	stmt, err := c.statement(ctx, statement)
	if err != nil {
		return err
	}
	s, ok := stmt.(driver.StmtExecContext)
	if !ok {
		return errors.Join(errOld, redacted(ctx, stmt.Close()))
	}
	_, err = s.ExecContext(ctx, args)
	return errors.Join(redacted(ctx, err), redacted(ctx, stmt.Close()))
}

// query runs a query that is ours or rewritten.
func (c *doorConn) query(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	if q, ok := c.inner.(driver.QueryerContext); ok {
		rows, err := q.QueryContext(ctx, query, args)
		if err != driver.ErrSkip {
			return rows, redacted(ctx, err)
		}
	}
	stmt, err := c.statement(ctx, query)
	if err != nil {
		return nil, err
	}
	rows, err := queryStmt(ctx, stmt, args)
	if err != nil {
		return nil, errors.Join(err, redacted(ctx, stmt.Close()))
	}
	return &doorRows{inner: rows, ctx: ctx, after: func() error { return redacted(ctx, stmt.Close()) }}, nil
}

// statement prepares a text that is ours or rewritten.
func (c *doorConn) statement(ctx context.Context, text string) (driver.Stmt, error) {
	var stmt driver.Stmt
	var err error
	if p, ok := c.inner.(driver.ConnPrepareContext); ok {
		stmt, err = p.PrepareContext(ctx, text)
	} else {
		stmt, err = c.inner.Prepare(text)
	}
	return stmt, redacted(ctx, err)
}

// queryStmt runs a prepared query. Drivers rely on being given as many arguments as they say.
func queryStmt(ctx context.Context, stmt driver.Stmt, args []driver.NamedValue) (driver.Rows, error) {
	q, ok := stmt.(driver.StmtQueryContext)
	if !ok {
		return nil, errOld
	}
	if n := stmt.NumInput(); n >= 0 && n != len(args) {
		return nil, doorError(CodeDoorArgument, "the driver counts other arguments than the query has", "give each of the query's parameters one argument")
	}
	rows, err := q.QueryContext(ctx, args)
	return rows, redacted(ctx, err)
}

var errOld = doorError(CodeDoorSession, "the driver is too old", "use a driver that knows contexts")
