package run

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"
	"io"
	"math/bits"

	"github.com/utdrag/utdrag/mask/value"
)

// Digest sums rows without regard to their order: it adds the SHA-256 of each row, modulo 2^256. It tells apart what
// happens by mistake or mischief in a database; it is not a commitment against somebody who can choose rows freely.
type Digest struct {
	sum  [4]uint64
	Rows int64
}

// String is the digest as it stands in reports and manifests.
func (d *Digest) String() string {
	var b [32]byte
	for i, word := range d.sum {
		binary.BigEndian.PutUint64(b[8*(3-i):], word)
	}
	return "sum-sha256:" + hex.EncodeToString(b[:])
}

func (d *Digest) add(sum *[32]byte) {
	var carry uint64
	for i := range d.sum {
		d.sum[i], carry = bits.Add64(d.sum[i], binary.BigEndian.Uint64(sum[8*(3-i):]), carry)
	}
	d.Rows++
}

// tally digests rows. It reuses its buffers from row to row.
type tally struct {
	Digest
	row     []byte
	pending []*metered // large cells of the row at hand
}

// largeFrom is the size from which a cell enters its row by its own digest, held in memory or not.
const largeFrom = 1 << 20

// Add digests one row whose large cells, if any, are read now.
func (t *tally) Add(row []value.Value) error {
	t.begin()
	for _, v := range row {
		if err := t.cell(v); err != nil {
			return err
		}
	}
	t.end()
	return nil
}

func (t *tally) begin() { t.row = t.row[:0] }

func (t *tally) end() {
	sum := sha256.Sum256(t.row)
	t.Digest.add(&sum)
}

// cell appends the canonical form: the form, the length, the content.
func (t *tally) cell(v value.Value) error {
	if large := v.Large(); large != nil {
		m := newMetered(large)
		if err := m.drain(); err != nil {
			return err
		}
		t.large(v.Form(), large.Size, m)
		return nil
	}
	switch v.Form() {
	case value.Null:
		t.head(v.Form(), 0)
	case value.Bool, value.Int:
		t.head(v.Form(), 8)
		t.row = binary.BigEndian.AppendUint64(t.row, uint64(v.Int()))
	case value.Float:
		t.head(v.Form(), 8)
		t.row = binary.BigEndian.AppendUint64(t.row, v.FloatBits())
	default:
		text := v.Text()
		if len(text) > largeFrom {
			sum := sha256.Sum256([]byte(text))
			t.head(v.Form()|0x80, int64(len(text)))
			t.row = append(t.row, sum[:]...)
			return nil
		}
		t.head(v.Form(), int64(len(text)))
		t.row = append(t.row, text...)
	}
	return nil
}

func (t *tally) head(form value.Form, size int64) {
	t.row = append(t.row, byte(form))
	t.row = binary.BigEndian.AppendUint64(t.row, uint64(size))
}

func (t *tally) large(form value.Form, size int64, m *metered) {
	t.head(form|0x80, size)
	t.row = m.hash.Sum(t.row)
}

// meter digests a row on its way: it returns the row with large cells replaced by handles that are digested as the
// sink reads them. settle must follow once the sink is done with the row.
func (t *tally) meter(row []value.Value) []value.Value {
	t.pending = t.pending[:0]
	for i, v := range row {
		if v.Large() == nil {
			continue
		}
		m := newMetered(v.Large())
		t.pending = append(t.pending, m)
		row[i] = value.NewLarge(v.Form(), &value.Large{Size: v.Large().Size, Open: m.open})
	}
	return row
}

// settle adds the row that meter returned.
func (t *tally) settle(row []value.Value) error {
	t.begin()
	next := 0
	for _, v := range row {
		if v.Large() == nil {
			if err := t.cell(v); err != nil {
				return err
			}
			continue
		}
		m := t.pending[next]
		next++
		if err := m.drain(); err != nil {
			return err
		}
		t.large(v.Form(), v.Large().Size, m)
	}
	t.end()
	return nil
}

// metered digests a large cell the first time that somebody reads it to its end.
type metered struct {
	source *value.Large
	hash   hash.Hash
	whole  bool
}

func newMetered(source *value.Large) *metered { return &metered{source: source, hash: sha256.New()} }

func (m *metered) open() (io.ReadCloser, error) {
	r, err := m.source.Open()
	if err != nil || m.whole {
		return r, err
	}
	m.hash.Reset()
	return &meteredReader{r, m}, nil
}

// drain reads the cell itself where nobody has.
func (m *metered) drain() error {
	if m.whole {
		return nil
	}
	r, err := m.open()
	if err != nil {
		return err
	}
	if _, err := io.Copy(io.Discard, r); err != nil {
		_ = r.Close()
		return err
	}
	return r.Close()
}

type meteredReader struct {
	io.ReadCloser
	m *metered
}

func (r *meteredReader) Read(p []byte) (int, error) {
	n, err := r.ReadCloser.Read(p)
	if !r.m.whole {
		r.m.hash.Write(p[:n])
		r.m.whole = err == io.EOF
	}
	return n, err
}
