package postgres

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
	"math"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/mask/value"
)

// The types' numbers are fixed (src/include/catalog/pg_type.dat).
const (
	oidBool        = 16
	oidBytea       = 17
	oidInt8        = 20
	oidInt2        = 21
	oidInt4        = 23
	oidFloat4      = 700
	oidFloat8      = 701
	oidBpchar      = 1042
	oidDate        = 1082
	oidTime        = 1083
	oidTimestamp   = 1114
	oidTimestampTZ = 1184
	oidNumeric     = 1700
	oidUUID        = 2950
)

// binaryFormat says which types' cells come in the server's binary form: those whose forms are simple and never change. All others come as
// text.
func binaryFormat(oid uint32) int16 {
	switch oid {
	case oidBool, oidBytea, oidInt8, oidInt2, oidInt4, oidFloat4, oidFloat8, oidDate, oidTime, oidTimestamp, oidTimestampTZ, oidUUID:
		return pgBinary
	}
	return pgText
}

const (
	pgText   = 0
	pgBinary = 1
)

var errForm = errors.New("a cell has a form that its type doesn't have")

// decoder makes cells of the server's rows. The texts of a row share one allocation.
type decoder struct {
	oids   []uint32
	buffer []byte
	ends   []int // per column: where its text ends in the buffer
}

func newDecoder(fields []pgconn.FieldDescription) *decoder {
	d := &decoder{oids: make([]uint32, len(fields)), ends: make([]int, len(fields))}
	for i, f := range fields {
		d.oids[i] = f.DataTypeOID
	}
	return d
}

// decode fills row, which has a place for each column.
func (d *decoder) decode(cells [][]byte, row []value.Value) error {
	d.buffer = d.buffer[:0]
	for i, cell := range cells {
		if cell == nil {
			row[i] = value.Value{}
		} else if done, err := d.number(i, cell, row); err != nil {
			return err
		} else if !done {
			if err := d.text(d.oids[i], cell); err != nil {
				return err
			}
		}
		d.ends[i] = len(d.buffer)
	}
	all, start := string(d.buffer), 0
	for i, cell := range cells {
		own := all[start:d.ends[i]]
		start = d.ends[i]
		if cell == nil {
			continue
		}
		switch d.oids[i] {
		case oidBool, oidInt2, oidInt4, oidInt8, oidFloat4, oidFloat8:
		case oidBytea:
			row[i] = value.NewBinary(own)
		case oidNumeric:
			row[i] = value.NewDecimal(own)
			if own[len(own)-1] > '9' { // NaN and Infinity, which are no decimals
				row[i] = value.NewText(own)
			}
		case oidDate, oidTime, oidTimestamp, oidTimestampTZ:
			row[i] = value.NewTime(own)
		default:
			row[i] = value.NewText(own)
		}
	}
	return nil
}

// number decodes cells that are held in no text.
func (d *decoder) number(i int, cell []byte, row []value.Value) (bool, error) {
	switch oid := d.oids[i]; {
	case oid == oidBool && len(cell) == 1:
		row[i] = value.NewBool(cell[0] != 0)
	case oid == oidInt2 && len(cell) == 2:
		row[i] = value.NewInt(int64(int16(binary.BigEndian.Uint16(cell))))
	case oid == oidInt4 && len(cell) == 4:
		row[i] = value.NewInt(int64(int32(binary.BigEndian.Uint32(cell))))
	case oid == oidInt8 && len(cell) == 8:
		row[i] = value.NewInt(int64(binary.BigEndian.Uint64(cell)))
	case oid == oidFloat4 && len(cell) == 4:
		row[i] = value.NewFloat(float64(math.Float32frombits(binary.BigEndian.Uint32(cell))))
	case oid == oidFloat8 && len(cell) == 8:
		row[i] = value.NewFloat(math.Float64frombits(binary.BigEndian.Uint64(cell)))
	case oid == oidBool || oid == oidInt2 || oid == oidInt4 || oid == oidInt8 || oid == oidFloat4 || oid == oidFloat8:
		return false, errForm
	default:
		return false, nil
	}
	return true, nil
}

// text appends a cell's text to the buffer.
func (d *decoder) text(oid uint32, cell []byte) error {
	switch oid {
	case oidBpchar: // its padding means nothing (https://www.postgresql.org/docs/15/datatype-character.html)
		for len(cell) > 0 && cell[len(cell)-1] == ' ' {
			cell = cell[:len(cell)-1]
		}
		d.buffer = append(d.buffer, cell...)
	case oidUUID:
		if len(cell) != 16 {
			return errForm
		}
		for i, part := range [][]byte{cell[:4], cell[4:6], cell[6:8], cell[8:10], cell[10:]} {
			if i > 0 {
				d.buffer = append(d.buffer, '-')
			}
			d.buffer = hex.AppendEncode(d.buffer, part)
		}
	case oidDate:
		if len(cell) != 4 {
			return errForm
		}
		switch days := int32(binary.BigEndian.Uint32(cell)); days {
		case math.MaxInt32:
			d.buffer = append(d.buffer, infinity...)
		case math.MinInt32:
			d.buffer = append(d.buffer, pastInfinity...)
		default:
			d.buffer = appendDate(d.buffer, int64(days))
		}
	case oidTime, oidTimestamp, oidTimestampTZ:
		if len(cell) != 8 {
			return errForm
		}
		microseconds := int64(binary.BigEndian.Uint64(cell))
		switch oid {
		case oidTime:
			d.buffer = appendTime(d.buffer, microseconds)
		case oidTimestamp:
			d.buffer = appendTimestamp(d.buffer, microseconds, "")
		default:
			d.buffer = appendTimestamp(d.buffer, microseconds, "+00:00")
		}
	default:
		d.buffer = append(d.buffer, cell...)
	}
	return nil
}

// argument is a bound argument in text form; the server infers its type.
func argument(v value.Value) ([]byte, error) {
	if v.Large() != nil {
		return nil, failure(codeLarge, diag.Misuse, "", nil, "a large cell can't be an argument")
	}
	switch v.Form() {
	case value.Null:
		return nil, nil
	case value.Bytes:
		return []byte(`\x` + hex.EncodeToString([]byte(v.Text()))), nil
	case value.Text:
		return []byte(v.Text()), nil
	}
	return appendPlain(nil, v), nil
}
