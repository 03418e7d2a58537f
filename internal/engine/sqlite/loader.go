package sqlite

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/internal/engine/sqlite/capi"
	"github.com/utdrag/utdrag/mask/value"
)

// loader inserts the rows of one table, one statement a row within the target's one transaction.
type loader struct {
	ctx     context.Context
	target  *target
	table   *catalog.Table
	columns []string
	pieces  []bool
	stmt    *capi.Stmt
	small   []value.Value
	stop    func() bool
	closed  bool
}

// Write inserts one row.
func (l *loader) Write(row []value.Value) error {
	if l.closed || l.target.ended {
		return ended("the loader")
	}
	if err := l.target.failed; err != nil {
		return failure(codeEnded, diag.Misuse, "abort it, and start over", err, "the target is used after it failed")
	}
	if len(row) != len(l.columns) {
		return l.fail(failure(codeTarget, diag.Misuse, "", nil, "a row of %d cells is loaded into %d columns", len(row), len(l.columns)))
	}
	if err := l.ctx.Err(); err != nil {
		return l.fail(err)
	}
	var large []int
	for i, v := range row {
		switch {
		case v.Large() == nil:
			l.small[i] = v
		case v.Form() == value.Bytes && l.pieces[i]:
			l.small[i] = value.Value{}
			large = append(large, i)
		default:
			whole, err := read(v)
			if err != nil {
				return l.fail(err)
			}
			l.small[i] = whole
		}
	}
	if err := l.stmt.Bind(l.small); err != nil {
		return l.fail(err)
	}
	for _, i := range large {
		if err := l.stmt.BindZeros(i, row[i].Large().Size); err != nil {
			return l.fail(err)
		}
	}
	if _, err := l.stmt.Step(); err != nil {
		return l.fail(err)
	}
	l.stmt.Reset()
	for _, i := range large {
		if err := l.fill(i, row[i].Large()); err != nil {
			return l.fail(err)
		}
	}
	return nil
}

func (l *loader) fail(err error) error {
	return l.target.fail(l.ctx, err, "loading table %s", l.table.Name)
}

var errLength = errors.New("a large cell didn't have the length that it was said to have")

// read takes a large cell into memory.
func read(v value.Value) (value.Value, error) {
	r, err := v.Large().Open()
	if err != nil {
		return value.Value{}, err
	}
	defer r.Close()
	size := v.Large().Size
	if size < 0 || size > 1<<31-1 {
		return value.Value{}, failure(codeLarge, diag.Refused, "mask or omit the column", nil, "a cell of %d bytes is more than SQLite holds", size)
	}
	var b strings.Builder
	b.Grow(int(size))
	n, err := io.Copy(&b, io.LimitReader(r, size+1))
	if err == nil && n != size {
		err = errLength
	}
	switch {
	case err != nil:
		return value.Value{}, err
	case v.Form() == value.Bytes:
		return value.NewBinary(b.String()), nil
	}
	return value.NewText(b.String()), nil
}

// fill writes a large cell over the zeros of the row just inserted.
func (l *loader) fill(i int, large *value.Large) error {
	r, err := large.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	blob, err := l.target.conn.OpenBlob(l.table.Name.Table, l.columns[i], l.target.conn.LastRow(), true)
	if err != nil {
		return err
	}
	_, err = io.CopyBuffer(onlyWriter{blob}, r, make([]byte, 256<<10))
	if err == nil && blob.Rest() > 0 || errors.Is(err, io.ErrShortWrite) {
		err = errLength
	}
	return errors.Join(err, blob.Close())
}

// onlyWriter hides a Blob's other methods from io.Copy.
type onlyWriter struct{ io.Writer }

// Close finishes the table.
func (l *loader) Close() error {
	if l.closed {
		return nil
	}
	l.closed = true
	l.stop()
	l.target.loader = nil
	if l.target.ended {
		return nil
	}
	return wrap(l.ctx, l.stmt.Close(), "loading table %s", l.table.Name)
}

// writable reports whether SQLite can write a cell of the column in pieces, and whether zeros may stand in its place
// until then (https://www.sqlite.org/c3ref/blob_open.html).
func writable(t *catalog.Table, column string) bool {
	if slices.Contains(t.Options, withoutRowidOption) || slices.ContainsFunc(t.Columns, func(c catalog.Column) bool { return c.Computed != "" }) {
		return false
	}
	return !slices.ContainsFunc(t.Keys(), func(k catalog.Key) bool { return slices.Contains(k.Columns, column) }) &&
		!slices.ContainsFunc(t.Checks, func(c catalog.Check) bool { return slices.Contains(c.Columns, column) }) &&
		!slices.ContainsFunc(t.ForeignKeys, func(f catalog.ForeignKey) bool { return slices.Contains(f.ChildColumns(), column) })
}
