package postgres

import (
	"context"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/internal/engine"
	"github.com/utdrag/utdrag/mask/value"
)

// Query streams the rows of one SELECT.
func (s *Snapshot) Query(ctx context.Context, query string, args ...value.Value) (engine.Rows, error) {
	r, err := s.query(ctx, query, args, nil)
	if err != nil {
		return nil, wrap(ctx, err, "beginning a query")
	}
	return r, nil
}

// Read streams the rows of a copy. Cells larger than [Large] come as handles.
func (s *Snapshot) Read(ctx context.Context, c engine.Copy) (engine.Rows, error) {
	query, large := compose(s.dialect, c)
	if large != nil && s.aside == nil {
		if err := s.usable(); err != nil {
			return nil, err
		}
		if err := s.export(ctx); err != nil {
			return nil, err
		}
		s.aside = &aside{config: s.config, snapshot: s.exported}
	}
	r, err := s.query(ctx, query, nil, large)
	switch {
	case err == nil:
		r.table = c.Table
		return r, nil
	case c.Table == nil:
		return nil, wrap(ctx, err, "beginning a query")
	}
	return nil, altered(ctx, c.Table.Name, err)
}

// query starts a query. Its errors are not wrapped yet.
func (s *Snapshot) query(ctx context.Context, query string, args []value.Value, large *largeCells) (*rows, error) {
	if err := s.usable(); err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, wrap(ctx, err, "beginning a query")
	}
	parameters, err := arguments(args)
	if err != nil {
		return nil, err
	}
	if s.held != nil {
		query, parameters = s.held.expand(query, parameters)
	}
	result, fields, err := s.start(ctx, query, parameters)
	if err != nil {
		return nil, err
	}
	r := &rows{ctx: ctx, snapshot: s, result: result, decoder: newDecoder(fields), fields: fields, visible: len(fields), all: make([]value.Value, len(fields))}
	if large != nil {
		r.visible, r.large = large.visible, large
	}
	s.rows = r
	return r, nil
}

// start runs a query whose columns come each in the form that is simplest to read. It takes two round trips, because the
// columns' types are not known before the server says them.
func (s *Snapshot) start(ctx context.Context, query string, parameters [][]byte) (*pgconn.ResultReader, []pgconn.FieldDescription, error) {
	described, err := s.conn.Prepare(ctx, "", query, nil)
	if err != nil {
		return nil, nil, err
	}
	formats := make([]int16, len(described.Fields))
	for i, f := range described.Fields {
		formats[i] = binaryFormat(f.DataTypeOID)
	}
	return s.conn.ExecPrepared(ctx, "", parameters, nil, formats), described.Fields, nil
}

func arguments(args []value.Value) ([][]byte, error) {
	parameters := make([][]byte, len(args))
	for i, v := range args {
		var err error
		if parameters[i], err = argument(v); err != nil {
			return nil, err
		}
	}
	return parameters, nil
}

// rows is an open query. A session has one at a time.
type rows struct {
	ctx      context.Context
	snapshot *Snapshot
	result   *pgconn.ResultReader
	decoder  *decoder
	fields   []pgconn.FieldDescription
	visible  int
	all      []value.Value // the cells of a row, with those that are read for large cells
	large    *largeCells
	table    *catalog.Table // what is read whole, or nil
	count    int            // rows so far
	err      error
	closed   bool
}

// Columns are the names of the columns.
func (r *rows) Columns() []string {
	names := make([]string, r.visible)
	for i := range names {
		names[i] = r.fields[i].Name
	}
	return names
}

// Next reads the next row.
func (r *rows) Next(row []value.Value) bool {
	if r.closed || r.err != nil {
		return false
	}
	if len(row) != r.visible {
		r.err = failure(codeStatement, diag.Misuse, "", nil, "a query of %d columns is read into a row of %d", r.visible, len(row))
		return false
	}
	r.count++
	if !r.result.NextRow() {
		if r.err = r.finish(); r.err == nil && r.table != nil {
			r.err = r.snapshot.unaltered(r.ctx, r.table.Name)
		}
		return false
	}
	if err := r.decoder.decode(r.result.Values(), r.all); err != nil {
		r.err = wrap(r.ctx, err, "reading rows")
		return false
	}
	copy(row, r.all)
	if r.large != nil {
		r.handles(row)
	}
	return true
}

// Err is what ended the rows before their end.
func (r *rows) Err() error { return r.err }

// Close ends the query. Rows that were not read are read and thrown away: canceling the statement would end the snapshot too.
func (r *rows) Close() error {
	if r.closed {
		return nil
	}
	r.count++
	return r.finish()
}

func (r *rows) finish() error {
	if r.closed {
		return nil
	}
	r.closed = true
	r.snapshot.rows = nil
	_, err := r.result.Close()
	return wrap(r.ctx, err, "reading rows")
}

// selectText is the SELECT of output columns.
func selectText(output []string, c engine.Copy) string {
	query := "SELECT " + strings.Join(output, ", ") + " " + c.From
	if len(c.Order) > 0 {
		query += " ORDER BY " + strings.Join(c.Order, ", ")
	}
	return query
}
