package sqlserver

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	mssql "github.com/microsoft/go-mssqldb"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/internal/engine"
	"github.com/utdrag/utdrag/mask/value"
)

// What one bulk copy takes before the next begins: the server's log holds a whole one until it has ended.
const (
	bulkRows  = 500_000
	bulkBytes = 256 << 20
)

// loader takes the rows of one table over a session of its own.
type loader struct {
	ctx     context.Context
	target  *target
	table   *catalog.Table
	columns []loadColumn
	conn    *sql.Conn
	sink    sink
	count   int64
	least   []int64 // of identity columns: what the server must have kept
	most    []int64
	cells   []any
	closed  bool
}

// sink brings rows to the server. Its rows are those of columns; flush ends what was begun.
type sink interface {
	write(cells []any) error
	flush() error
}

// Load starts loading a table.
func (t *target) Load(ctx context.Context, name catalog.Name, columns []string) (engine.Loader, error) {
	if err := t.living(); err != nil {
		return nil, err
	}
	table := t.table(name)
	if table == nil {
		return nil, failure(codeTarget, diag.Misuse, "", nil, "table %s was not made in this target", name)
	}
	for _, c := range columns {
		if own := table.Column(c); own == nil || !own.Inserted() {
			return nil, failure(codeTarget, diag.Misuse, "", nil, "table %s has no column %s that can be loaded", name, quote(c))
		}
	}
	l := &loader{ctx: ctx, target: t, table: table, cells: make([]any, len(columns))}
	t.guard.Lock()
	refused := len(t.open) >= loaders
	for other := range t.open {
		refused = refused || other.table == table
	}
	if !refused {
		t.open[l] = true
	}
	t.guard.Unlock()
	if refused {
		return nil, failure(codeEnded, diag.Misuse, "", nil, "table %s is loaded beside itself, or beside more tables than are loaded at a time", name)
	}
	if err := l.begin(columns); err != nil {
		l.discard()
		return nil, t.fail(ctx, err, "loading table %s", table.Name)
	}
	return l, nil
}

// loading is a session for a loader: one that another left as it was, or a new one.
func (t *target) loading(ctx context.Context) (*sql.Conn, error) {
	t.guard.Lock()
	if last := len(t.idle) - 1; last >= 0 {
		conn := t.idle[last]
		t.idle = t.idle[:last]
		t.guard.Unlock()
		return conn, nil
	}
	t.guard.Unlock()
	return session(ctx, t.db)
}

func (l *loader) begin(columns []string) (err error) {
	if l.conn, err = l.target.loading(l.ctx); err != nil {
		return err
	}
	server, err := l.described()
	if err != nil {
		return err
	}
	for _, name := range columns {
		i := slices.IndexFunc(server, func(c loadColumn) bool { return c.name == name })
		if i < 0 { // a server that keeps names in lower case
			i = slices.IndexFunc(server, func(c loadColumn) bool { return strings.EqualFold(c.name, name) })
		}
		if i < 0 {
			return failure(codeTarget, diag.External, "", nil, "the server has no column %s in table %s", quote(name), l.table.Name)
		}
		own := l.table.Column(name)
		c := server[i]
		c.name, c.words = name, l.target.dialect.typeName(own)
		if c.base, c.numbers = baseOf(c.words); c.base == "" {
			return failure(codeType, diag.Refused, "omit the column", nil, "column %s of table %s is of a type that SQL Server doesn't have", quote(name), l.table.Name)
		}
		l.columns = append(l.columns, c)
	}
	if l.numbers() {
		if err := batch(l.ctx, l.conn, "SET IDENTITY_INSERT "+Dialect{}.Table(l.table.Name)+" ON"); err != nil {
			return err
		}
	}
	l.least, l.most = make([]int64, len(l.columns)), make([]int64, len(l.columns))
	if len(l.columns) > 0 && !slices.ContainsFunc(l.columns, func(c loadColumn) bool { return !c.bulk() }) {
		l.sink = &bulkSink{loader: l}
	} else {
		l.sink = &insertSink{loader: l}
	}
	return nil
}

// described is what the server says of the table's columns.
func (l *loader) described() ([]loadColumn, error) {
	var id int64
	if err := one(l.ctx, l.conn, "SELECT CONVERT(bigint, OBJECT_ID("+text(Dialect{}.Table(l.table.Name), false)+"))", &id); err != nil {
		return nil, err
	}
	return l.target.described[id], nil
}

// describe asks the server what columns its tables have, all at once.
func (t *target) describe(ctx context.Context) error {
	rows, err := t.control.QueryContext(ctx, "SELECT CONVERT(bigint, c.object_id), c.name, COALESCE(c.collation_name, N''), CONVERT(bit, c.is_nullable), CONVERT(bit, c.is_identity)"+
		" FROM sys.columns c JOIN sys.tables t ON t.object_id = c.object_id ORDER BY c.object_id, c.column_id")
	if err != nil {
		return err
	}
	defer rows.Close()
	t.described = map[int64][]loadColumn{}
	for rows.Next() {
		var id int64
		var c loadColumn
		if err := rows.Scan(&id, &c.name, &c.collation, &c.nullable, &c.identity); err != nil {
			return err
		}
		t.described[id] = append(t.described[id], c)
	}
	return rows.Err()
}

// Write takes one row.
func (l *loader) Write(row []value.Value) error {
	if err := l.target.living(); err != nil {
		return err
	}
	if l.closed {
		return ended("the loader")
	}
	if len(row) != len(l.columns) {
		return l.fail(failure(codeTarget, diag.Misuse, "", nil, "a row of %d cells is loaded into %d columns", len(row), len(l.columns)))
	}
	if err := l.ctx.Err(); err != nil {
		return l.fail(err)
	}
	for i, v := range row {
		cell, err := l.cell(i, v)
		if err != nil {
			return l.fail(err)
		}
		l.cells[i] = cell
	}
	if err := l.sink.write(l.cells); err != nil {
		return l.fail(err)
	}
	l.count++
	return nil
}

// cell makes what the sink takes.
func (l *loader) cell(i int, v value.Value) (any, error) {
	c := &l.columns[i]
	if v.Large() != nil {
		whole, err := read(v)
		if err != nil {
			return nil, err
		}
		v = whole
	}
	if v.IsNull() {
		// A column that takes no NULL has no way to say it in a bulk copy: the driver would send a row that is too short.
		if !c.nullable {
			return nil, failure(codeConstraint, diag.Refused, "", nil, "column %s takes no NULL", quote(c.name))
		}
		return nil, nil
	}
	if c.identity && v.Form() == value.Int {
		if l.count == 0 || v.Int() < l.least[i] {
			l.least[i] = v.Int()
		}
		if l.count == 0 || v.Int() > l.most[i] {
			l.most[i] = v.Int()
		}
	}
	if _, inserts := l.sink.(*insertSink); inserts {
		return v, nil
	}
	return c.encode(l.ctx, v, l.target.pages)
}

func (l *loader) fail(err error) error {
	l.discard()
	return l.target.fail(l.ctx, err, "loading table %s", l.table.Name)
}

// discard cuts the session off; what it was in the middle of is rolled back.
func (l *loader) discard() {
	l.target.guard.Lock()
	delete(l.target.open, l)
	l.target.guard.Unlock()
	if l.closed {
		return
	}
	l.closed = true
	if l.conn != nil {
		l.conn.Close()
	}
}

// Close finishes the table.
func (l *loader) Close() error {
	if l.closed {
		return nil
	}
	if err := l.ctx.Err(); err != nil {
		return l.fail(err)
	}
	if err := l.sink.flush(); err != nil {
		return l.fail(err)
	}
	if err := l.kept(); err != nil {
		return l.fail(err)
	}
	if l.numbers() {
		if err := batch(l.ctx, l.conn, "SET IDENTITY_INSERT "+Dialect{}.Table(l.table.Name)+" OFF"); err != nil {
			return l.fail(err)
		}
	}
	l.closed = true
	l.target.guard.Lock()
	defer l.target.guard.Unlock()
	delete(l.target.open, l)
	if l.target.ended {
		l.conn.Close()
	} else {
		l.target.idle = append(l.target.idle, l.conn)
	}
	return nil
}

// numbers reports whether rows come with their numbers, which a session allows for one table at a time.
func (l *loader) numbers() bool {
	return slices.ContainsFunc(l.columns, func(c loadColumn) bool { return c.identity })
}

// kept asserts that the server has as many rows as were written, and didn't number them anew.
func (l *loader) kept() error {
	outputs, into := []string{"COUNT_BIG(*)"}, []any{new(int64)}
	for i, c := range l.columns {
		if c.identity && !strings.HasPrefix(c.base, "decimal") && !strings.HasPrefix(c.base, "numeric") {
			outputs = append(outputs, fmt.Sprintf("CONVERT(bigint, COALESCE(MIN(%s), 0))", quote(l.columns[i].name)), fmt.Sprintf("CONVERT(bigint, COALESCE(MAX(%s), 0))", quote(l.columns[i].name)))
			into = append(into, new(int64), new(int64))
		}
	}
	if err := one(l.ctx, l.conn, "SELECT "+strings.Join(outputs, ", ")+" FROM "+Dialect{}.Table(l.table.Name), into...); err != nil {
		return err
	}
	if n := *into[0].(*int64); n != l.count {
		return failure(codeTarget, diag.External, "", nil, "the server has %d rows after %d were loaded", n, l.count)
	}
	at := 1
	for i, c := range l.columns {
		if c.identity && at+1 < len(into) {
			if *into[at].(*int64) != l.least[i] || *into[at+1].(*int64) != l.most[i] {
				return failure(codeTarget, diag.External, "", nil, "the server gave rows other numbers in column %s than they had", quote(c.name))
			}
			at += 2
		}
	}
	return nil
}

// bulkSink bulk copies.
type bulkSink struct {
	loader *loader
	stmt   *sql.Stmt
	rows   int64
	bytes  int
}

func (b *bulkSink) write(cells []any) error {
	l := b.loader
	if b.stmt == nil {
		names := make([]string, len(l.columns))
		for i := range l.columns {
			names[i] = l.columns[i].name
		}
		options := mssql.BulkOptions{Tablock: true, KeepNulls: true, CheckConstraints: true}
		stmt, err := l.conn.PrepareContext(l.ctx, mssql.CopyIn(Dialect{}.Table(l.table.Name), options, names...))
		if err != nil {
			return err
		}
		b.stmt, b.rows, b.bytes = stmt, 0, 0
	}
	if _, err := b.stmt.ExecContext(l.ctx, cells...); err != nil {
		return err
	}
	b.rows++
	for _, cell := range cells {
		switch cell := cell.(type) {
		case string:
			b.bytes += 2 * len(cell)
		case []byte:
			b.bytes += len(cell)
		default:
			b.bytes += 8
		}
	}
	if b.rows >= bulkRows || b.bytes >= bulkBytes {
		return b.flush()
	}
	return nil
}

func (b *bulkSink) flush() error {
	if b.stmt == nil {
		return nil
	}
	result, err := b.stmt.ExecContext(b.loader.ctx)
	if err != nil {
		return err
	}
	stmt := b.stmt
	b.stmt = nil
	if n, err := result.RowsAffected(); err != nil || n != b.rows {
		return failure(codeTarget, diag.External, "", nil, "the server took %d rows of %d", n, b.rows)
	}
	return stmt.Close()
}
