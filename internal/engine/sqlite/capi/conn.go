// Package capi is a thin, typed face of SQLite's C interface, as modernc.org/sqlite/lib translates it to Go.
//
// The database/sql driver on top of that library turns DATE columns into times and reads every cell whole. A copy must
// carry cells exactly as they are stored, and must not hold a scanned document of a gigabyte in memory, so this package
// goes below the driver: a cell comes out in its storage class, and [Conn.OpenBlob] reads one in pieces.
//
// Call [Open], then [Conn.Prepare], [Stmt.Bind], [Stmt.Step] and [Stmt.Column]. A Conn and what belongs to it is used
// by one goroutine at a time; only [Conn.Interrupt] may be called from another. An [Error] never holds a cell's
// content: see there.
package capi

import (
	"errors"
	"fmt"
	"sync"
	"unsafe"

	"modernc.org/libc"
	lib "modernc.org/sqlite/lib"
)

// Flags of Open.
const (
	ReadOnly  = lib.SQLITE_OPEN_READONLY
	ReadWrite = lib.SQLITE_OPEN_READWRITE
	Create    = lib.SQLITE_OPEN_READWRITE | lib.SQLITE_OPEN_CREATE
	Memory    = lib.SQLITE_OPEN_MEMORY
)

// Conn is one connection.
type Conn struct {
	tls *libc.TLS
	db  uintptr
	out uintptr // one pointer's worth of memory for C's out parameters

	interrupting sync.Mutex // guards closed and interrupts against Close
	interruptTLS *libc.TLS
	closed       bool
}

// Open opens a database file by its path, which is not read as a URI. The connection trusts nothing in the schema that
// would call a function with side effects, never reads "x" as a string, and attaches no other file.
func Open(path string, flags int32) (*Conn, error) {
	c := &Conn{tls: libc.NewTLS(), interruptTLS: libc.NewTLS()}
	c.out = libc.Xmalloc(c.tls, 16)
	name, err := libc.CString(path)
	if err != nil || c.out == 0 {
		c.free()
		return nil, errMemory
	}
	defer libc.Xfree(c.tls, name)
	// One goroutine at a time needs no lock; sqlite3_interrupt takes none, and is safe from any thread until the
	// connection is closed (https://sqlite.org/c3ref/interrupt.html), which Close and Interrupt see to.
	rc := lib.Xsqlite3_open_v2(c.tls, name, c.out, flags|lib.SQLITE_OPEN_NOMUTEX|lib.SQLITE_OPEN_EXRESCODE, 0)
	c.db = c.outPointer()
	if rc != lib.SQLITE_OK {
		err := &Error{Code: int(rc), Offset: -1}
		c.Close()
		return nil, err
	}
	lib.Xsqlite3_extended_result_codes(c.tls, c.db, 1)
	lib.Xsqlite3_busy_timeout(c.tls, c.db, 10_000)
	lib.Xsqlite3_limit(c.tls, c.db, lib.SQLITE_LIMIT_ATTACHED, 0)
	for _, config := range []struct {
		op int32
		on int32
	}{
		{lib.SQLITE_DBCONFIG_DEFENSIVE, 1},
		{lib.SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
		{lib.SQLITE_DBCONFIG_DQS_DML, 0},
		// DQS_DDL stays on: with it off SQLite refuses whole files whose old CHECKs or indexes say "x" for 'x'.
	} {
		if err := c.config(config.op, config.on); err != nil {
			c.Close()
			return nil, err
		}
	}
	return c, nil
}

func (c *Conn) config(op, on int32) error {
	args := libc.NewVaList(on, uintptr(0))
	if args == 0 {
		return errMemory
	}
	defer libc.Xfree(c.tls, args)
	return c.check(lib.Xsqlite3_db_config(c.tls, c.db, op, args))
}

// Close closes the connection and what is still open in it.
func (c *Conn) Close() error {
	c.interrupting.Lock()
	defer c.interrupting.Unlock()
	if c.closed {
		return nil
	}
	c.closed = true
	rc := int32(lib.SQLITE_OK)
	if c.db != 0 {
		rc = lib.Xsqlite3_close_v2(c.tls, c.db)
	}
	c.free()
	if rc != lib.SQLITE_OK {
		return &Error{Code: int(rc), Offset: -1}
	}
	return nil
}

func (c *Conn) free() {
	if c.out != 0 {
		libc.Xfree(c.tls, c.out)
	}
	c.out, c.db = 0, 0
	c.tls.Close()
	c.interruptTLS.Close()
}

// Interrupt makes what the connection does at the moment fail with SQLITE_INTERRUPT. Any goroutine may call it.
func (c *Conn) Interrupt() {
	c.interrupting.Lock()
	defer c.interrupting.Unlock()
	if !c.closed {
		lib.Xsqlite3_interrupt(c.interruptTLS, c.db)
	}
}

// TotalChanges returns the rows that INSERT, UPDATE and DELETE have changed since the connection was opened.
func (c *Conn) TotalChanges() int64 { return int64(lib.Xsqlite3_total_changes64(c.tls, c.db)) }

// LastRow is the row id of the latest INSERT into a rowid table.
func (c *Conn) LastRow() int64 { return int64(lib.Xsqlite3_last_insert_rowid(c.tls, c.db)) }

// Exec runs one statement that takes no arguments, and throws away its rows.
func (c *Conn) Exec(sql string) error {
	s, err := c.Prepare(sql)
	if err != nil {
		return err
	}
	for {
		more, err := s.Step()
		if err != nil || !more {
			return errors.Join(err, s.Close())
		}
	}
}

// Strings runs a query and returns its rows as text, with NULL as "". It is for what the database says of itself.
func (c *Conn) Strings(sql string) ([][]string, error) {
	s, err := c.Prepare(sql)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	var rows [][]string
	for {
		more, err := s.Step()
		if err != nil || !more {
			return rows, err
		}
		row := make([]string, s.Columns())
		for i := range row {
			row[i] = s.text(i)
		}
		rows = append(rows, row)
	}
}

func (c *Conn) outPointer() uintptr {
	return pointerAt(c.out)
}

func (c *Conn) check(rc int32) error {
	if rc == lib.SQLITE_OK {
		return nil
	}
	return c.failure(rc)
}

// memory is the n bytes at a C address. They are C's: valid until C frees them.
func memory(address uintptr, n int) []byte {
	if n == 0 {
		return nil
	}
	return unsafe.Slice(*(**byte)(unsafe.Pointer(&address)), n)
}

var errMemory = fmt.Errorf("sqlite: %w", &Error{Code: lib.SQLITE_NOMEM, Offset: -1})
