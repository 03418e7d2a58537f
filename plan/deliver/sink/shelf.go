package sink

import (
	"context"
	"io"
	"time"
)

// shelf is one flat folder, near or far, as a delivery sees it. Errors that say so wrap fs.ErrNotExist, fs.ErrExist or
// fs.ErrPermission; errTransient means that another attempt may do. All carry a code.
type shelf interface {
	// where tells the user which folder this is: no secrets.
	where() string
	lstat(name string) (entry, error)
	list() ([]entry, error)
	// create makes a file that must not exist.
	create(name string) (shelfFile, error)
	// extend opens one of ours that exists, for writing, and leaves what it holds.
	extend(name string) (shelfFile, error)
	open(name string) (readerAtCloser, error)
	// take renames an unfinished file to another unfinished one's name, which nobody else uses.
	take(from, to string) error
	// publish gives a file its final name and replaces nothing. The remark says what this shelf can't promise.
	publish(from, to string) (remark string, err error)
	remove(name string) error
	// free is the room in bytes, if it can be told.
	free() (int64, bool)
	close()
}

type shelfFile interface {
	io.WriterAt
	// flush makes durable what was written. The remark says that it couldn't be asked for.
	flush() (remark string, err error)
	io.Closer
}

type readerAtCloser interface {
	io.ReaderAt
	io.Closer
}

type entry struct {
	name    string
	size    int64
	changed time.Time // by the clock of the folder's host
	regular bool
}

type connector func(ctx context.Context) (shelf, error)

const (
	smallestBlock = 256 << 10
	largestBlock  = 4 << 20
)

// blocks writes in blocks. Their size follows the line, so that on a slow one a block is answered well before the server
// is held to be gone, and on a long one enough is under way.
type blocks struct {
	file     io.WriterAt
	offset   int64 // of what was answered
	buffer   []byte
	limit    int
	answered func(offset int64)
}

func newBlocks(file io.WriterAt, offset int64, answered func(int64)) *blocks {
	return &blocks{file: file, offset: offset, limit: smallestBlock, answered: answered,
		buffer: make([]byte, 0, smallestBlock)}
}

func (b *blocks) Write(p []byte) (n int, err error) {
	for n < len(p) {
		m := min(len(p)-n, b.limit-len(b.buffer))
		b.buffer = append(b.buffer, p[n:n+m]...)
		n += m
		if len(b.buffer) >= b.limit {
			if err := b.flush(); err != nil {
				return n, err
			}
		}
	}
	return n, nil
}

func (b *blocks) flush() error {
	if len(b.buffer) == 0 {
		return nil
	}
	began := time.Now()
	n, err := b.file.WriteAt(b.buffer, b.offset)
	b.offset += int64(n)
	b.answered(b.offset)
	if err != nil {
		return err
	}
	switch took := time.Since(began); {
	case took < time.Second:
		b.limit = min(2*b.limit, largestBlock)
	case took > 10*time.Second:
		b.limit = max(b.limit/2, smallestBlock)
	}
	b.buffer = b.buffer[:0]
	return nil
}

// contents reads a file's first size bytes in order. Unlike io.SectionReader it takes a short answer for what it is in
// SFTP, where only an empty one means the end.
type contents struct {
	file   io.ReaderAt
	offset int64
	size   int64
}

func (c *contents) Read(p []byte) (int, error) {
	if c.offset >= c.size {
		return 0, io.EOF
	}
	p = p[:min(int64(len(p)), c.size-c.offset)]
	n, err := c.file.ReadAt(p, c.offset)
	c.offset += int64(n)
	switch {
	case n > 0 && err == io.EOF:
		err = nil
	case n == 0 && err == io.EOF:
		err = io.ErrUnexpectedEOF
	}
	return n, err
}
