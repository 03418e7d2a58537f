package sqlserver

import (
	"database/sql"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	mssql "github.com/microsoft/go-mssqldb"

	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/mask/value"
)

// The layouts of times. Fractions follow without trailing zeros: a 9 in a layout drops them.
const (
	layoutDate     = "2006-01-02"
	layoutTime     = "15:04:05.9999999"
	layoutDateTime = "2006-01-02T15:04:05.9999999"
	layoutOffset   = "2006-01-02T15:04:05.9999999-07:00"
)

// bind makes arguments of values. None is NULL without a type. Texts and decimals go as nvarchar, which the server
// converts to what they are compared with or stored in.
func bind(args []value.Value) ([]any, error) {
	bound := make([]any, len(args))
	for i, v := range args {
		if v.Large() != nil {
			return nil, failure(codeLarge, diag.Misuse, "", nil, "a large cell is given as an argument")
		}
		bound[i] = argument(v)
	}
	return bound, nil
}

func argument(v value.Value) any {
	switch v.Form() {
	case value.Bool:
		return v.Bool()
	case value.Int:
		return v.Int()
	case value.Float:
		return v.Float()
	case value.Bytes:
		return []byte(v.Text())
	case value.Null:
		return sql.NullString{}
	}
	if len(v.Text()) > 2000 {
		return mssql.NVarCharMax(v.Text()) // a length of its own for each text would be a plan of its own for each
	}
	return v.Text()
}

// converter makes a cell of what the driver gives.
type converter func(any) (value.Value, error)

// converters are by the driver's name of a result's type.
var converters = map[string]converter{
	"BIT": ofBool, "TINYINT": ofInt, "SMALLINT": ofInt, "INT": ofInt, "BIGINT": ofInt, "REAL": ofFloat, "FLOAT": ofFloat,
	"DECIMAL": ofDecimal, "MONEY": ofDecimal, "SMALLMONEY": ofDecimal, "CHAR": ofPadded, "VARCHAR": ofText, "NCHAR": ofPadded, "NVARCHAR": ofText,
	"TEXT": ofText, "NTEXT": ofText, "XML": ofText, "BINARY": ofBytes, "VARBINARY": ofBytes, "IMAGE": ofBytes, "UNIQUEIDENTIFIER": ofUUID,
	"DATE": ofTime(layoutDate), "TIME": ofTime(layoutTime), "DATETIME": ofTime(layoutDateTime), "SMALLDATETIME": ofTime(layoutDateTime),
	"DATETIME2": ofTime(layoutDateTime), "DATETIMEOFFSET": ofTime(layoutOffset),
}

// narrowTypes are the results that come in a code page.
var narrowTypes = map[string]bool{"CHAR": true, "VARCHAR": true, "TEXT": true}

func unexpected(v any) error {
	return failure(codeType, diag.Refused, "", nil, "the driver gives a cell as %T, which its column's type doesn't say", v)
}

func ofBool(v any) (value.Value, error) {
	if b, ok := v.(bool); ok {
		return value.NewBool(b), nil
	}
	return value.Value{}, unexpected(v)
}

func ofInt(v any) (value.Value, error) {
	if n, ok := v.(int64); ok {
		return value.NewInt(n), nil
	}
	return value.Value{}, unexpected(v)
}

func ofFloat(v any) (value.Value, error) {
	if f, ok := v.(float64); ok {
		return value.NewFloat(f), nil
	}
	return value.Value{}, unexpected(v)
}

// ofDecimal keeps the driver's text, which has the column's scale.
func ofDecimal(v any) (value.Value, error) {
	if b, ok := v.([]byte); ok {
		return value.NewDecimal(string(b)), nil
	}
	return value.Value{}, unexpected(v)
}

func ofText(v any) (value.Value, error) {
	if s, ok := v.(string); ok {
		return value.NewText(s), nil
	}
	return value.Value{}, unexpected(v)
}

func ofBytes(v any) (value.Value, error) {
	if b, ok := v.([]byte); ok {
		return value.NewBytes(b), nil
	}
	return value.Value{}, unexpected(v)
}

// ofUUID writes the sixteen bytes as SQL Server does: the first three groups come with their low byte first.
func ofUUID(v any) (value.Value, error) {
	b, ok := v.([]byte)
	if !ok || len(b) != 16 {
		return value.Value{}, unexpected(v)
	}
	return value.NewText(fmt.Sprintf("%08x-%04x-%04x-%x-%x", binary.LittleEndian.Uint32(b), binary.LittleEndian.Uint16(b[4:]),
		binary.LittleEndian.Uint16(b[6:]), b[8:10], b[10:])), nil
}

// bytesOfUUID is the way back.
func bytesOfUUID(text string) ([]byte, bool) {
	if len(text) != 36 || text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-' {
		return nil, false
	}
	b, err := hex.DecodeString(strings.ReplaceAll(text, "-", ""))
	if err != nil || len(b) != 16 {
		return nil, false
	}
	b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7] = b[3], b[2], b[1], b[0], b[5], b[4], b[7], b[6]
	return b, true
}

func ofTime(layout string) converter {
	return func(v any) (value.Value, error) {
		if t, ok := v.(time.Time); ok {
			return value.NewTime(t.Format(layout)), nil
		}
		return value.Value{}, unexpected(v)
	}
}

// parseTime reads what ofTime writes, and no more: the whole text, four digits of year, seven of fraction at most.
func parseTime(layout, text string) (time.Time, bool) {
	t, err := time.Parse(layout, text)
	if err != nil || t.Year() < 1 && layout != layoutTime || t.Year() > 9999 || t.Nanosecond()%100 != 0 {
		return time.Time{}, false
	}
	return t, true
}

// ofPadded reads text of a fixed length without the spaces that fill it up: they are the column's, not the cell's.
func ofPadded(v any) (value.Value, error) {
	if s, ok := v.(string); ok {
		return value.NewText(strings.TrimRight(s, " ")), nil
	}
	return value.Value{}, unexpected(v)
}
