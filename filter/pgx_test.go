package filter_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"

	"github.com/jackc/pgx/v5"
)

// pgxConnector is database/sql over pgx, as pgx's own package stdlib is, in the few words that these tests need. That one would
// bring a connection pool along. Like it, this passes arguments to pgx as they come.
type pgxConnector struct{ config *pgx.ConnConfig }

func (c pgxConnector) Driver() driver.Driver { return pgxDriver{} }

func (c pgxConnector) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := pgx.ConnectConfig(ctx, c.config.Copy())
	if err != nil {
		return nil, err
	}
	return &pgxConn{conn}, nil
}

type pgxDriver struct{}

func (pgxDriver) Open(string) (driver.Conn, error) { return nil, errors.New("use the connector") }

type pgxConn struct{ *pgx.Conn }

func (c *pgxConn) Prepare(query string) (driver.Stmt, error) {
	return c.PrepareContext(context.Background(), query)
}

func (c *pgxConn) PrepareContext(ctx context.Context, query string) (driver.Stmt, error) {
	d, err := c.Conn.Prepare(ctx, query, query)
	if err != nil {
		return nil, err
	}
	return &pgxStmt{c, query, len(d.ParamOIDs)}, nil
}

func (c *pgxConn) Close() error { return c.Conn.Close(context.Background()) }

func (c *pgxConn) Begin() (driver.Tx, error) {
	return c.BeginTx(context.Background(), driver.TxOptions{})
}

func (c *pgxConn) BeginTx(ctx context.Context, o driver.TxOptions) (driver.Tx, error) {
	options := pgx.TxOptions{}
	if o.ReadOnly {
		options.AccessMode = pgx.ReadOnly
	}
	if sql.IsolationLevel(o.Isolation) == sql.LevelRepeatableRead {
		options.IsoLevel = pgx.RepeatableRead
	}
	tx, err := c.Conn.BeginTx(ctx, options)
	if err != nil {
		return nil, err
	}
	return pgxTx{tx}, nil
}

func (c *pgxConn) CheckNamedValue(*driver.NamedValue) error { return nil }

func (c *pgxConn) ResetSession(context.Context) error {
	if c.Conn.IsClosed() {
		return driver.ErrBadConn
	}
	return nil
}

func values(args []driver.NamedValue) []any {
	list := make([]any, len(args))
	for i, a := range args {
		list[i] = a.Value
	}
	return list
}

func (c *pgxConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	_, err := c.Conn.Exec(ctx, query, values(args)...)
	return driver.ResultNoRows, err
}

func (c *pgxConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	rows, err := c.Conn.Query(ctx, query, values(args)...)
	if err != nil {
		return nil, err
	}
	more := rows.Next() // what goes wrong at the beginning is an error of the query's
	if err := rows.Err(); err != nil {
		return nil, err
	}
	return &pgxRows{rows, more}, nil
}

type pgxStmt struct {
	conn  *pgxConn
	query string
	count int
}

func (s *pgxStmt) Close() error  { return s.conn.Deallocate(context.Background(), s.query) }
func (s *pgxStmt) NumInput() int { return s.count }
func (s *pgxStmt) Exec([]driver.Value) (driver.Result, error) {
	return nil, errors.New("use ExecContext")
}
func (s *pgxStmt) Query([]driver.Value) (driver.Rows, error) {
	return nil, errors.New("use QueryContext")
}
func (s *pgxStmt) QueryContext(ctx context.Context, args []driver.NamedValue) (driver.Rows, error) {
	return s.conn.QueryContext(ctx, s.query, args)
}

type pgxTx struct{ pgx.Tx }

func (t pgxTx) Commit() error   { return t.Tx.Commit(context.Background()) }
func (t pgxTx) Rollback() error { return t.Tx.Rollback(context.Background()) }

type pgxRows struct {
	rows pgx.Rows
	more bool
}

func (r *pgxRows) Columns() []string {
	var names []string
	for _, f := range r.rows.FieldDescriptions() {
		names = append(names, f.Name)
	}
	return names
}

func (r *pgxRows) Close() error {
	r.rows.Close()
	return r.rows.Err()
}

func (r *pgxRows) Next(dest []driver.Value) error {
	if !r.more {
		if err := r.rows.Err(); err != nil {
			return err
		}
		return io.EOF
	}
	cells, err := r.rows.Values()
	if err != nil {
		return err
	}
	for i, c := range cells {
		dest[i] = c
	}
	r.more = r.rows.Next()
	return nil
}
