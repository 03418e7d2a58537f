package postgres

import (
	"context"
	"errors"
	"io"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/internal/engine"
	"github.com/utdrag/utdrag/mask/value"
)

// loader streams the rows of one table to the server by COPY, over a connection of its own.
type loader struct {
	ctx     context.Context
	stop    context.CancelFunc
	target  *target
	table   *catalog.Table
	columns []string
	conn    *pgconn.PgConn
	pipe    *io.PipeWriter
	buffer  []byte
	done    chan struct{} // closed when COPY has ended, with copied and failed
	copied  int64
	failed  error
	rows    int64
	closed  bool
}

// flushed is how many bytes are handed to the connection at a time.
const flushed = 64 << 10

// Load starts loading a table.
func (t *target) Load(ctx context.Context, name catalog.Name, columns []string) (engine.Loader, error) {
	if err := t.usable(true); err != nil {
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
	conn, err := t.session(ctx)
	if err != nil {
		return nil, t.fail(ctx, err, "loading table %s", name)
	}
	reader, writer := io.Pipe()
	l := &loader{target: t, table: table, columns: columns, conn: conn, pipe: writer, done: make(chan struct{})}
	l.ctx, l.stop = context.WithCancel(ctx)
	t.mutex.Lock()
	t.loaders[l] = true
	t.mutex.Unlock()
	go func() {
		defer close(l.done)
		if len(columns) == 0 { // COPY has no form for rows of defaults only
			_, err := io.Copy(io.Discard, reader)
			l.failed = err
			return
		}
		tag, err := conn.CopyFrom(l.ctx, reader, "COPY "+t.dialect.Table(name)+" ("+quoteAll(columns)+") FROM STDIN")
		l.copied, l.failed = tag.RowsAffected(), err
		reader.CloseWithError(io.ErrClosedPipe) // so that nobody waits for it to be read
	}()
	return l, nil
}

// session is an idle connection, or a new one.
func (t *target) session(ctx context.Context) (*pgconn.PgConn, error) {
	t.mutex.Lock()
	if n := len(t.idle); n > 0 {
		conn := t.idle[n-1]
		t.idle = t.idle[:n-1]
		t.mutex.Unlock()
		return conn, nil
	}
	t.mutex.Unlock()
	conn, err := connect(ctx, t.config)
	if err != nil {
		return nil, err
	}
	if err := run(ctx, conn, "SET synchronous_commit = off"); err != nil {
		hangUp(conn)
		return nil, err
	}
	return conn, nil
}

// Write takes one row.
func (l *loader) Write(row []value.Value) error {
	if l.closed {
		return ended("the loader")
	}
	if err := l.target.usable(true); err != nil {
		return err
	}
	if len(row) != len(l.columns) {
		return l.fail(failure(codeTarget, diag.Misuse, "", nil, "a row of %d cells is loaded into %d columns", len(row), len(l.columns)))
	}
	for i, v := range row {
		if i > 0 {
			l.buffer = append(l.buffer, '\t')
		}
		switch large := v.Large(); {
		case large == nil:
			l.buffer = appendCopy(l.buffer, v)
		case large.Size < 0 || large.Size > largestCell || v.Form() == value.Bytes && large.Size > largestCell/2:
			return l.fail(failure(codeLarge, diag.Refused, "mask or omit the column", nil, "a cell of %d bytes is more than PostgreSQL takes", large.Size))
		default:
			if err := l.flush(); err != nil {
				return err
			}
			if err := copyLarge(l.pipe, v); err != nil {
				return l.fail(l.cause(err))
			}
		}
	}
	l.buffer = append(l.buffer, '\n')
	l.rows++
	if len(l.buffer) >= flushed {
		return l.flush()
	}
	return nil
}

func (l *loader) flush() error {
	_, err := l.pipe.Write(l.buffer)
	l.buffer = l.buffer[:0]
	if err != nil {
		return l.fail(l.cause(err))
	}
	return nil
}

// cause is why COPY ended before its time, where that is why a write failed.
func (l *loader) cause(err error) error {
	if !errors.Is(err, io.ErrClosedPipe) {
		return err
	}
	<-l.done
	return errors.Join(l.failed, l.ctx.Err())
}

func (l *loader) fail(err error) error {
	return l.target.fail(l.ctx, err, "loading table %s", l.table.Name)
}

// Close finishes the table: the server has taken every row, or there is an error.
func (l *loader) Close() error {
	if l.closed {
		return nil
	}
	if l.target.usable(true) != nil { // it failed, and so did this
		l.abandon()
		return nil
	}
	if err := l.flush(); err != nil {
		l.abandon()
		return err
	}
	l.closed = true
	l.pipe.Close()
	<-l.done
	if l.failed == nil && len(l.columns) == 0 && l.rows > 0 {
		l.copied, l.failed = l.defaults()
	}
	switch {
	case l.failed != nil:
		err := l.fail(l.failed)
		l.forget(false)
		return err
	case l.copied != l.rows:
		err := l.fail(failure(codeTarget, diag.External, "", nil, "the server took %d rows of %d", l.copied, l.rows))
		l.forget(false)
		return err
	}
	l.forget(true)
	return nil
}

// defaults inserts rows whose every column the server computes.
func (l *loader) defaults() (int64, error) {
	statement := "INSERT INTO " + l.target.dialect.Table(l.table.Name) + " SELECT FROM generate_series(1, $1::bigint)"
	tag, err := l.conn.ExecParams(l.ctx, statement, [][]byte{appendPlain(nil, value.NewInt(l.rows))}, nil, nil, nil).Close()
	return tag.RowsAffected(), err
}

// abandon ends the COPY without its rows.
func (l *loader) abandon() {
	if l.closed {
		return
	}
	l.closed = true
	l.pipe.CloseWithError(errors.New("the table is given up"))
	l.stop()
	<-l.done
	l.forget(false)
}

// forget gives the connection back, to be used again or closed.
func (l *loader) forget(reuse bool) {
	l.stop()
	l.target.mutex.Lock()
	delete(l.target.loaders, l)
	if reuse {
		l.target.idle = append(l.target.idle, l.conn)
	}
	l.target.mutex.Unlock()
	if !reuse {
		hangUp(l.conn)
	}
}
