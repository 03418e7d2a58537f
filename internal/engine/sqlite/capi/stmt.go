package capi

import (
	"fmt"
	"strings"

	"modernc.org/libc"
	lib "modernc.org/sqlite/lib"

	"github.com/utdrag/utdrag/mask/value"
)

// Stmt is one prepared statement.
type Stmt struct {
	conn    *Conn
	stmt    uintptr
	columns int
	args    int
	// arena holds the bound texts and blobs, so that a row costs no allocation. SQLite reads it until the next Bind.
	arena uintptr
	size  int
	slots []slot
}

// slot is the place of one bound text or blob in the arena.
type slot struct{ start, length int }

// Prepare compiles exactly one statement.
func (c *Conn) Prepare(sql string) (*Stmt, error) {
	if strings.IndexByte(sql, 0) >= 0 {
		return nil, &Error{Code: lib.SQLITE_ERROR, Reason: "the statement holds a NUL character", Offset: strings.IndexByte(sql, 0)}
	}
	text, err := libc.CString(sql)
	if err != nil {
		return nil, errMemory
	}
	defer libc.Xfree(c.tls, text)
	tail := c.out + 8
	if rc := lib.Xsqlite3_prepare_v3(c.tls, c.db, text, int32(len(sql)+1), 0, c.out, tail); rc != lib.SQLITE_OK {
		return nil, c.failure(rc)
	}
	s := &Stmt{conn: c, stmt: c.outPointer()}
	if s.stmt == 0 {
		return nil, &Error{Code: lib.SQLITE_MISUSE, Reason: "the statement is empty", Offset: -1}
	}
	if rest := pointerAt(tail) - text; !c.blank(pointerAt(tail)) {
		s.Close()
		return nil, &Error{Code: lib.SQLITE_MISUSE, Reason: "more than one statement", Offset: int(rest)}
	}
	s.columns = int(lib.Xsqlite3_column_count(c.tls, s.stmt))
	s.args = int(lib.Xsqlite3_bind_parameter_count(c.tls, s.stmt))
	s.slots = make([]slot, s.args)
	return s, nil
}

// blank reports whether nothing but space and comments is left of a text.
func (c *Conn) blank(text uintptr) bool {
	rc := lib.Xsqlite3_prepare_v3(c.tls, c.db, text, -1, 0, c.out, 0)
	rest := c.outPointer()
	lib.Xsqlite3_finalize(c.tls, rest)
	return rc == lib.SQLITE_OK && rest == 0
}

// Columns is the number of columns of the result.
func (s *Stmt) Columns() int { return s.columns }

// Name is the name of a result column, from 0.
func (s *Stmt) Name(i int) string {
	return libc.GoString(lib.Xsqlite3_column_name(s.conn.tls, s.stmt, int32(i)))
}

// Bind resets the statement and binds all its parameters, which are numbered from the first. Decimals and times are
// bound as their text.
func (s *Stmt) Bind(args []value.Value) error {
	if len(args) != s.args {
		return &Error{Code: lib.SQLITE_RANGE, Reason: fmt.Sprintf("%d arguments for %d parameters", len(args), s.args), Offset: -1}
	}
	s.Reset()
	total := 0
	for i, v := range args {
		if v.Large() != nil {
			return &Error{Code: lib.SQLITE_MISUSE, Reason: "a large cell can't be bound", Offset: -1}
		}
		s.slots[i] = slot{total, len(v.Text())}
		total += len(v.Text()) + 1
	}
	if err := s.reserve(total); err != nil {
		return err
	}
	for i, v := range args {
		if err := s.bind(i, v); err != nil {
			return err
		}
	}
	return nil
}

func (s *Stmt) bind(i int, v value.Value) error {
	tls, n := s.conn.tls, int32(i+1)
	at := s.slots[i]
	address := s.arena + uintptr(at.start)
	if at.length > 0 {
		copy(memory(address, at.length), v.Text())
	}
	// A nil destructor is SQLITE_STATIC: the arena outlives the binding.
	switch v.Form() {
	case value.Null:
		return s.conn.check(lib.Xsqlite3_bind_null(tls, s.stmt, n))
	case value.Bool, value.Int:
		return s.conn.check(lib.Xsqlite3_bind_int64(tls, s.stmt, n, v.Int()))
	case value.Float:
		return s.conn.check(lib.Xsqlite3_bind_double(tls, s.stmt, n, v.Float()))
	case value.Text, value.Decimal, value.Time:
		return s.conn.check(lib.Xsqlite3_bind_text64(tls, s.stmt, n, address, uint64(at.length), 0, lib.SQLITE_UTF8))
	case value.Bytes:
		if at.length == 0 { // an address with no bytes would do as well, but says it less clearly
			return s.conn.check(lib.Xsqlite3_bind_zeroblob64(tls, s.stmt, n, 0))
		}
		return s.conn.check(lib.Xsqlite3_bind_blob64(tls, s.stmt, n, address, uint64(at.length), 0))
	}
	return &Error{Code: lib.SQLITE_MISUSE, Reason: "unknown form " + v.Form().String(), Offset: -1}
}

// BindZeros binds a blob of n zero bytes to one parameter, counted from 0, after Bind.
func (s *Stmt) BindZeros(i int, n int64) error {
	return s.conn.check(lib.Xsqlite3_bind_zeroblob64(s.conn.tls, s.stmt, int32(i+1), uint64(n)))
}

func (s *Stmt) reserve(n int) error {
	const keep = 1 << 20 // a larger arena is given back, so that one big row doesn't stay in memory
	if n <= s.size && (s.size <= keep || n > keep) && s.arena != 0 {
		return nil
	}
	if s.arena != 0 {
		lib.Xsqlite3_clear_bindings(s.conn.tls, s.stmt)
		libc.Xfree(s.conn.tls, s.arena)
		s.arena, s.size = 0, 0
	}
	size := max(n, 256)
	if s.arena = libc.Xmalloc(s.conn.tls, libcSize(size)); s.arena == 0 {
		return errMemory
	}
	s.size = size
	return nil
}

// Step runs the statement to its next row and reports whether there is one.
func (s *Stmt) Step() (bool, error) {
	switch rc := lib.Xsqlite3_step(s.conn.tls, s.stmt); rc {
	case lib.SQLITE_ROW:
		return true, nil
	case lib.SQLITE_DONE:
		return false, nil
	default:
		return false, s.conn.failure(rc)
	}
}

// Reset makes the statement ready to run again. It keeps its arguments.
func (s *Stmt) Reset() { lib.Xsqlite3_reset(s.conn.tls, s.stmt) }

// Close frees the statement. An error of an earlier Step is not repeated.
func (s *Stmt) Close() error {
	if s.stmt == 0 || s.conn.closed {
		return nil
	}
	lib.Xsqlite3_finalize(s.conn.tls, s.stmt)
	if s.arena != 0 {
		libc.Xfree(s.conn.tls, s.arena)
	}
	s.stmt, s.arena = 0, 0
	return nil
}

// Column is one cell of the current row, in its storage class. It is the caller's own copy.
func (s *Stmt) Column(i int) (value.Value, error) {
	tls, n := s.conn.tls, int32(i)
	switch class := lib.Xsqlite3_column_type(tls, s.stmt, n); class {
	case lib.SQLITE_NULL:
		return value.Value{}, nil
	case lib.SQLITE_INTEGER:
		return value.NewInt(lib.Xsqlite3_column_int64(tls, s.stmt, n)), nil
	case lib.SQLITE_FLOAT:
		return value.NewFloat(lib.Xsqlite3_column_double(tls, s.stmt, n)), nil
	case lib.SQLITE_TEXT:
		address := lib.Xsqlite3_column_text(tls, s.stmt, n)
		if address == 0 {
			return value.Value{}, errMemory
		}
		return value.NewText(string(memory(address, int(lib.Xsqlite3_column_bytes(tls, s.stmt, n))))), nil
	case lib.SQLITE_BLOB:
		address := lib.Xsqlite3_column_blob(tls, s.stmt, n)
		size := int(lib.Xsqlite3_column_bytes(tls, s.stmt, n))
		if address == 0 && size > 0 {
			return value.Value{}, errMemory
		}
		return value.NewBinary(string(memory(address, size))), nil
	default:
		return value.Value{}, &Error{Code: lib.SQLITE_INTERNAL, Reason: fmt.Sprintf("unknown storage class %d", class), Offset: -1}
	}
}

// Int is a column of the current row as an integer.
func (s *Stmt) Int(i int) int64 { return lib.Xsqlite3_column_int64(s.conn.tls, s.stmt, int32(i)) }

func (s *Stmt) text(i int) string {
	address := lib.Xsqlite3_column_text(s.conn.tls, s.stmt, int32(i))
	if address == 0 {
		return ""
	}
	return string(memory(address, int(lib.Xsqlite3_column_bytes(s.conn.tls, s.stmt, int32(i)))))
}
