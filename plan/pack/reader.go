package pack

import (
	"io"

	"github.com/utdrag/utdrag/mask/value"
)

// Reader reads the rows of a verified package, a table at a time, in the order to load them:
//
//	r, err := p.Rows()
//	for r.NextTable() {
//		row := make([]value.Value, len(r.Table().Columns))
//		for r.Next(row) {
//			…
//		}
//	}
//	err = r.Err()
//
// A row is handed out only when the whole part that it stands in, or ends in, was checked. Cells are held in memory,
// each up to Limits.Cell.
type Reader struct {
	p       *Package
	second  *second
	table   int // index in the manifest; -1 before the first
	part    int // parts of the table that were read
	left    []byte
	decoder *decoder
	ended   bool
	err     error
}

// Rows starts reading the rows.
func (p *Package) Rows() (*Reader, error) {
	s, err := p.second()
	if err != nil {
		return nil, err
	}
	for range p.manifest.Files {
		if _, _, err := s.next(); err != nil {
			return nil, err
		}
	}
	return &Reader{p: p, second: s, table: -1}, nil
}

// Table is what the manifest says of the table at hand.
func (r *Reader) Table() Content { return r.p.manifest.Tables[r.table] }

// Err is the first error, or nil. A caller that made something of the rows must look at it before keeping any of it.
func (r *Reader) Err() error { return r.err }

// NextTable moves to the next table, over what wasn't read of this one, and reports false after the last and on error.
func (r *Reader) NextTable() bool {
	if r.err != nil || r.ended {
		return false
	}
	tables := r.p.manifest.Tables
	if r.table >= 0 {
		for r.part < len(tables[r.table].Parts) {
			if r.err = r.fetch(); r.err != nil {
				return false
			}
		}
	}
	r.left, r.decoder, r.part = nil, nil, 0
	if r.table+1 >= len(tables) {
		r.ended = true
		r.err = r.end()
		return false
	}
	r.table++
	t := tables[r.table]
	r.decoder, r.err = newDecoder(parts{r}, t.Table, isLoose(r.p.manifest.Engine), r.p.limits.Cell)
	return r.err == nil
}

// end reads the manifest again and checks the seal.
func (r *Reader) end() error {
	for {
		if _, _, err := r.second.next(); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
	}
}

// Next fills row, which has one place a column, and reports false at the table's end and on error.
func (r *Reader) Next(row []value.Value) bool {
	if r.err != nil || r.decoder == nil {
		return false
	}
	more, err := r.decoder.next(row)
	if err == nil && !more && r.decoder.rows != r.Table().Rows {
		err = mismatch("the rows of " + r.Table().Name.String())
	}
	r.err = err
	if !more {
		r.decoder = nil
	}
	return more && err == nil
}

// fetch reads the next part of the table at hand.
func (r *Reader) fetch() error {
	_, content, err := r.second.next()
	if err != nil {
		return err
	}
	r.left = content
	r.part++
	return nil
}

// parts reads the parts of the table at hand in a row.
type parts struct{ r *Reader }

func (p parts) Read(b []byte) (int, error) {
	r := p.r
	if len(r.left) == 0 {
		if r.part == len(r.Table().Parts) {
			return 0, io.EOF
		}
		if err := r.fetch(); err != nil {
			return 0, err
		}
	}
	n := copy(b, r.left)
	r.left = r.left[n:]
	return n, nil
}
