package disclosure

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
)

var (
	errNoNewline = errors.New("the last line has no newline")
	errLineLong  = errors.New("the line is too long")
	errEnough    = errors.New("nothing more is asked for")
)

// lines reads lines of bounded length.
type lines struct {
	r *bufio.Reader
	// number counts from 1, start is the line's first byte, and hash is of the line with its newline.
	number int
	start  int64
	hash   string
	next   int64
	buf    []byte
}

func newLines(r io.Reader) *lines { return &lines{r: bufio.NewReaderSize(r, 64<<10)} }

// read returns the next line without its newline, valid until the next call; io.EOF at the end, errNoNewline and
// errLineLong for lines that are not to be used.
func (l *lines) read() ([]byte, error) {
	h := sha256.New()
	l.buf = l.buf[:0]
	l.start = l.next
	long := false
	for {
		piece, err := l.r.ReadSlice('\n')
		h.Write(piece)
		l.next += int64(len(piece))
		if long = long || len(l.buf)+len(piece) > maxLine; !long {
			l.buf = append(l.buf, piece...)
		}
		switch {
		case err == bufio.ErrBufferFull:
			continue
		case err == io.EOF && l.next == l.start:
			return nil, io.EOF
		case err != nil && err != io.EOF:
			return nil, err
		}
		l.number++
		l.hash = hex.EncodeToString(h.Sum(nil))
		switch {
		case err == io.EOF:
			return nil, errNoNewline
		case long:
			return nil, errLineLong
		}
		return l.buf[:len(l.buf)-1], nil
	}
}
