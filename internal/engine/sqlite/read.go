package sqlite

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/internal/engine"
	"github.com/utdrag/utdrag/internal/engine/sqlite/capi"
	"github.com/utdrag/utdrag/mask/value"
)

// Large is the size in bytes above which [Snapshot.Read] gives a cell as a handle.
const Large = 1 << 20

// flagged is how many columns one flag integer describes, two bits each.
const flagged = 31

// Query streams the rows of one SELECT.
func (s *Snapshot) Query(ctx context.Context, query string, args ...value.Value) (engine.Rows, error) {
	return s.query(ctx, query, args, nil)
}

// Read streams the rows of a copy. A plain column's cell of more than [Large] bytes is a handle, which reads the cell
// in pieces within the same transaction. Whole values come, whatever their size, from tables WITHOUT ROWID and tables
// with generated columns, whose cells SQLite doesn't open in pieces, from expressions, and as texts from a database in
// UTF-16.
func (s *Snapshot) Read(ctx context.Context, c engine.Copy) (engine.Rows, error) {
	query, large := compose(c, s.utf8)
	return s.query(ctx, query, nil, large)
}

// largeCells says where a composed query keeps what is needed to open a large cell.
type largeCells struct {
	table   string
	names   []string // per output column: the table's column, or "" where cells come whole
	flags   int      // the first flag column; the row id follows the last
	rowID   int
	visible int
}

// compose writes the SELECT. A cell that may be large is replaced by NULL if it is, and its two bits in a flag integer
// then say so, and whether it is text or blob. octet_length and typeof read a row's header only, not the content.
func compose(c engine.Copy, utf8 bool) (string, *largeCells) {
	large := &largeCells{names: make([]string, len(c.Columns)), visible: len(c.Columns)}
	var output, flags []string
	possible := c.Table != nil && c.Table.RowID != "" &&
		!slices.ContainsFunc(c.Table.Columns, func(c catalog.Column) bool { return c.Computed != "" })
	if possible {
		large.table = c.Table.Name.Table
	}
	count := 0
	for i, column := range c.Columns {
		sql := column.SQL
		if possible && column.Plain && mayBeLarge(c.Table, column.Name) {
			large.names[i] = column.Name
			test := fmt.Sprintf("octet_length(%s) > %d", column.SQL, Large)
			kind := fmt.Sprintf("iif(typeof(%s) = 'blob', 2, 1)", column.SQL)
			if !utf8 {
				test = fmt.Sprintf("typeof(%s) = 'blob' AND %s", column.SQL, test)
				kind = "2"
			}
			sql = fmt.Sprintf("CASE WHEN %s THEN NULL ELSE %s END", test, column.SQL)
			flag := fmt.Sprintf("(CASE WHEN %s THEN %s ELSE 0 END << %d)", test, kind, 2*(count%flagged))
			if count%flagged == 0 {
				flags = append(flags, flag)
			} else {
				flags[len(flags)-1] += " | " + flag
			}
			count++
		}
		output = append(output, sql+" AS "+quote(column.Name))
	}
	if count == 0 {
		large = nil
	} else {
		large.flags = len(output)
		output = append(output, flags...)
		large.rowID = len(output)
		output = append(output, "t."+quote(c.Table.RowID))
	}
	if len(output) == 0 {
		output = []string{"NULL"} // a SELECT needs one; a table of generated columns only has none
	}
	query := "SELECT " + strings.Join(output, ", ") + " " + c.From
	if len(c.Order) > 0 {
		query += " ORDER BY " + strings.Join(c.Order, ", ")
	}
	return query, large
}

// mayBeLarge reports whether a column can hold more than a number. Any can, save the row id and the number columns of a
// STRICT table.
func mayBeLarge(t *catalog.Table, name string) bool {
	c := t.Column(name)
	if c == nil {
		return false
	}
	if inlineKey(t) && t.PrimaryKey.Columns[0] == name && !c.Nullable {
		return false
	}
	if slices.Contains(t.Options, strictOption) {
		switch strings.ToUpper(c.EngineType) {
		case "INT", "INTEGER", "REAL":
			return false
		}
	}
	return true
}

func (s *Snapshot) query(ctx context.Context, query string, args []value.Value, large *largeCells) (engine.Rows, error) {
	if err := s.usable(); err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, wrap(ctx, err, "beginning a query")
	}
	stmt, err := s.conn.Prepare(query)
	if err != nil {
		return nil, wrap(ctx, err, "preparing a query")
	}
	if err := stmt.Bind(args); err != nil {
		stmt.Close()
		return nil, wrap(ctx, err, "preparing a query")
	}
	r := &rows{ctx: ctx, snapshot: s, stmt: stmt, visible: stmt.Columns(), large: large, next: s.rows}
	if large != nil {
		r.visible = large.visible
	}
	if r.next != nil {
		r.next.previous = r
	}
	s.rows = r
	r.stop = context.AfterFunc(ctx, s.conn.Interrupt)
	return r, nil
}

// rows is an open query. A snapshot's open queries are a list, so that closing the snapshot closes them.
type rows struct {
	ctx      context.Context
	snapshot *Snapshot
	stmt     *capi.Stmt
	visible  int
	large    *largeCells
	open     []*capi.Blob
	count    int // rows so far
	stop     func() bool
	err      error
	closed   bool
	next     *rows
	previous *rows
}

// Columns are the names of the columns.
func (r *rows) Columns() []string {
	names := make([]string, r.visible)
	for i := range names {
		names[i] = r.stmt.Name(i)
	}
	return names
}

// Next reads the next row.
func (r *rows) Next(row []value.Value) bool {
	if r.closed || r.err != nil {
		return false
	}
	r.closeCells()
	r.count++
	if err := r.ctx.Err(); err != nil {
		r.err = wrap(r.ctx, err, "reading rows")
		return false
	}
	if len(row) != r.visible {
		r.err = failure(codeStatement, diag.Misuse, "", nil, "a query of %d columns is read into a row of %d", r.visible, len(row))
		return false
	}
	more, err := r.stmt.Step()
	if err != nil {
		r.err = wrap(r.ctx, err, "reading rows")
		return false
	}
	if !more {
		r.Close()
		return false
	}
	for i := range row {
		if row[i], err = r.stmt.Column(i); err != nil {
			r.err = wrap(r.ctx, err, "reading rows")
			return false
		}
	}
	if r.large != nil {
		r.err = r.handles(row)
	}
	return r.err == nil
}

// handles puts handles in the places of the cells that are too large.
func (r *rows) handles(row []value.Value) error {
	place := -1
	var flags int64
	for i, name := range r.large.names {
		if name == "" {
			continue
		}
		place++
		if place%flagged == 0 {
			flags = r.stmt.Int(r.large.flags + place/flagged)
		}
		form := value.Text
		switch flags >> (2 * (place % flagged)) & 3 {
		case 0:
			continue
		case 2:
			form = value.Bytes
		}
		id := r.stmt.Int(r.large.rowID)
		blob, err := r.openCell(name, id)
		if err != nil {
			return err
		}
		size := blob.blob.Size()
		blob.Close()
		row[i] = value.NewLarge(form, &value.Large{Size: size, Open: r.opener(name, id)})
	}
	return nil
}

// opener opens a cell for as long as its row is the current one.
func (r *rows) opener(column string, id int64) func() (io.ReadCloser, error) {
	at := r.count
	return func() (io.ReadCloser, error) {
		if at != r.count {
			return nil, ended("a large cell")
		}
		return r.openCell(column, id)
	}
}

func (r *rows) openCell(column string, id int64) (*cell, error) {
	if r.closed || r.snapshot.closed {
		return nil, ended("a large cell")
	}
	blob, err := r.snapshot.conn.OpenBlob(r.large.table, column, id, false)
	if err != nil {
		return nil, wrap(r.ctx, err, "opening a large cell")
	}
	r.open = append(r.open, blob)
	return &cell{r.ctx, blob}, nil
}

// cell reads one large cell.
type cell struct {
	ctx  context.Context
	blob *capi.Blob
}

func (c *cell) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, wrap(c.ctx, err, "reading a large cell")
	}
	n, err := c.blob.Read(p)
	if err == io.EOF {
		return n, err
	}
	return n, wrap(c.ctx, err, "reading a large cell")
}

func (c *cell) Close() error { return wrap(c.ctx, c.blob.Close(), "reading a large cell") }

func (r *rows) closeCells() {
	for _, b := range r.open {
		b.Close()
	}
	r.open = r.open[:0]
}

// Err is what ended the rows before their end.
func (r *rows) Err() error { return r.err }

// Close ends the query.
func (r *rows) Close() error {
	if r.closed {
		return nil
	}
	r.closed = true
	r.stop()
	r.closeCells()
	if r.previous != nil {
		r.previous.next = r.next
	} else {
		r.snapshot.rows = r.next
	}
	if r.next != nil {
		r.next.previous = r.previous
	}
	return wrap(r.ctx, r.stmt.Close(), "ending a query")
}
