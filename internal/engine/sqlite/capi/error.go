package capi

import (
	"fmt"
	"strings"

	"modernc.org/libc"
	lib "modernc.org/sqlite/lib"
)

// Error is a failed call. SQLite's own message may quote the statement, and so whatever a literal in it holds;
// therefore only the name of the result code is kept, what the message begins with where that is known to be fixed,
// and the message of a violated constraint, which names columns or the constraint and no value.
type Error struct {
	// Code is SQLite's extended result code.
	Code int
	// Reason is the part of SQLite's message that can't quote data, or "".
	Reason string
	// Offset is the byte of the statement that the error is about, or -1.
	Offset int
}

// Primary is the result code without its extension.
func (e *Error) Primary() int { return e.Code & 0xff }

// Error is the code's name, the reason and the offset.
func (e *Error) Error() string {
	text := Name(e.Code)
	if e.Reason != "" {
		text += ": " + e.Reason
	}
	if e.Offset >= 0 {
		text += fmt.Sprintf(" (byte %d of the statement)", e.Offset)
	}
	return text
}

// fixed are the beginnings of SQLite's messages that are kept; what follows a colon is not.
var fixed = []string{"no such table", "no such column", "no such function", "no such index", "no such collation sequence",
	"ambiguous column name", "incomplete input", "too many SQL variables", "unrecognized token", "malformed database schema",
	"datatype mismatch", "database disk image is malformed", "file is not a database", "string or blob too big",
	"integer overflow", "malformed JSON", "cannot start a transaction within a transaction", "wrong number of arguments",
	"misuse of aggregate", "cannot open"}

// violated are the constraints whose message names a column, a constraint or its expression, and nothing else.
var violated = map[int]bool{lib.SQLITE_CONSTRAINT_UNIQUE: true, lib.SQLITE_CONSTRAINT_PRIMARYKEY: true,
	lib.SQLITE_CONSTRAINT_NOTNULL: true, lib.SQLITE_CONSTRAINT_CHECK: true, lib.SQLITE_CONSTRAINT_FOREIGNKEY: true,
	lib.SQLITE_CONSTRAINT_DATATYPE: true, lib.SQLITE_CONSTRAINT_ROWID: true}

func (c *Conn) failure(rc int32) error {
	e := &Error{Code: int(rc), Offset: int(lib.Xsqlite3_error_offset(c.tls, c.db))}
	message := libc.GoString(lib.Xsqlite3_errmsg(c.tls, c.db))
	switch {
	case violated[e.Code]:
		e.Reason = message
	case strings.HasSuffix(message, ": syntax error"):
		e.Reason = "syntax error"
	default:
		for _, start := range fixed {
			if strings.HasPrefix(message, start) {
				e.Reason = start
				break
			}
		}
	}
	return e
}

var names = map[int]string{
	lib.SQLITE_ERROR: "SQLITE_ERROR", lib.SQLITE_INTERNAL: "SQLITE_INTERNAL", lib.SQLITE_PERM: "SQLITE_PERM",
	lib.SQLITE_ABORT: "SQLITE_ABORT", lib.SQLITE_BUSY: "SQLITE_BUSY", lib.SQLITE_LOCKED: "SQLITE_LOCKED",
	lib.SQLITE_NOMEM: "SQLITE_NOMEM", lib.SQLITE_READONLY: "SQLITE_READONLY", lib.SQLITE_INTERRUPT: "SQLITE_INTERRUPT",
	lib.SQLITE_IOERR: "SQLITE_IOERR", lib.SQLITE_CORRUPT: "SQLITE_CORRUPT", lib.SQLITE_NOTFOUND: "SQLITE_NOTFOUND",
	lib.SQLITE_FULL: "SQLITE_FULL", lib.SQLITE_CANTOPEN: "SQLITE_CANTOPEN", lib.SQLITE_PROTOCOL: "SQLITE_PROTOCOL",
	lib.SQLITE_SCHEMA: "SQLITE_SCHEMA", lib.SQLITE_TOOBIG: "SQLITE_TOOBIG", lib.SQLITE_CONSTRAINT: "SQLITE_CONSTRAINT",
	lib.SQLITE_MISMATCH: "SQLITE_MISMATCH", lib.SQLITE_MISUSE: "SQLITE_MISUSE", lib.SQLITE_NOLFS: "SQLITE_NOLFS",
	lib.SQLITE_AUTH: "SQLITE_AUTH", lib.SQLITE_RANGE: "SQLITE_RANGE", lib.SQLITE_NOTADB: "SQLITE_NOTADB",
}

// Name is the name of a result code, with the extended code's number where there is one.
func Name(code int) string {
	name, ok := names[code&0xff]
	if !ok {
		name = "SQLITE result"
	}
	if code > 0xff || !ok {
		name += fmt.Sprintf(" (%d)", code)
	}
	return name
}
