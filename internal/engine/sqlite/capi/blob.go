package capi

import (
	"io"
	"unsafe"

	"modernc.org/libc"
	"modernc.org/libc/sys/types"
	lib "modernc.org/sqlite/lib"
)

// pieces is how much of a blob passes between C and Go at a time.
const pieces = 256 << 10

// Blob is the content of one TEXT or BLOB cell, read or written in pieces. It implements io.ReadCloser and io.Writer.
type Blob struct {
	conn   *Conn
	blob   uintptr
	buffer uintptr
	size   int64
	offset int64
}

// OpenBlob opens a cell of a table of the main database by its row id. A table with generated columns has none that can
// be opened, nor has one WITHOUT ROWID.
func (c *Conn) OpenBlob(table, column string, row int64, write bool) (*Blob, error) {
	names := [3]uintptr{}
	for i, s := range []string{"main", table, column} {
		p, err := libc.CString(s)
		if err != nil {
			return nil, errMemory
		}
		defer libc.Xfree(c.tls, p)
		names[i] = p
	}
	flag := int32(0)
	if write {
		flag = 1
	}
	if rc := lib.Xsqlite3_blob_open(c.tls, c.db, names[0], names[1], names[2], row, flag, c.out); rc != lib.SQLITE_OK {
		return nil, c.failure(rc)
	}
	b := &Blob{conn: c, blob: c.outPointer()}
	b.size = int64(lib.Xsqlite3_blob_bytes(c.tls, b.blob))
	if b.buffer = libc.Xmalloc(c.tls, pieces); b.buffer == 0 {
		b.Close()
		return nil, errMemory
	}
	return b, nil
}

// Size is the length of the content in bytes.
func (b *Blob) Size() int64 { return b.size }

// Read reads on.
func (b *Blob) Read(p []byte) (int, error) {
	if b.blob == 0 {
		return 0, &Error{Code: lib.SQLITE_MISUSE, Reason: "a closed cell is read", Offset: -1}
	}
	if b.offset == b.size {
		return 0, io.EOF
	}
	n := int(min(int64(len(p)), b.size-b.offset, pieces))
	if n == 0 {
		return 0, nil
	}
	if rc := lib.Xsqlite3_blob_read(b.conn.tls, b.blob, b.buffer, int32(n), int32(b.offset)); rc != lib.SQLITE_OK {
		return 0, b.conn.failure(rc)
	}
	b.offset += int64(n)
	return copy(p, memory(b.buffer, n)), nil
}

// Write writes on. The content can't grow: what is left over is an error.
func (b *Blob) Write(p []byte) (int, error) {
	if b.blob == 0 {
		return 0, &Error{Code: lib.SQLITE_MISUSE, Reason: "a closed cell is written", Offset: -1}
	}
	written := 0
	for len(p) > 0 {
		n := int(min(int64(len(p)), b.size-b.offset, pieces))
		if n == 0 {
			return written, io.ErrShortWrite
		}
		copy(memory(b.buffer, n), p)
		if rc := lib.Xsqlite3_blob_write(b.conn.tls, b.blob, b.buffer, int32(n), int32(b.offset)); rc != lib.SQLITE_OK {
			return written, b.conn.failure(rc)
		}
		b.offset += int64(n)
		written += n
		p = p[n:]
	}
	return written, nil
}

// Rest is how much is still to be read or written.
func (b *Blob) Rest() int64 { return b.size - b.offset }

// Close closes the cell.
func (b *Blob) Close() error {
	if b.blob == 0 || b.conn.closed {
		return nil
	}
	rc := lib.Xsqlite3_blob_close(b.conn.tls, b.blob)
	libc.Xfree(b.conn.tls, b.buffer)
	b.blob, b.buffer = 0, 0
	if rc != lib.SQLITE_OK {
		return b.conn.failure(rc)
	}
	return nil
}

func libcSize(n int) types.Size_t { return types.Size_t(n) }

func pointerAt(address uintptr) uintptr {
	return *(*uintptr)(unsafe.Pointer(&memory(address, int(unsafe.Sizeof(uintptr(0))))[0]))
}
