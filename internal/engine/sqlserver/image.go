package sqlserver

import (
	"fmt"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/internal/engine"
	"github.com/utdrag/utdrag/mask/value"
)

var _ engine.Imager = Dialect{}

const (
	// keyLength keeps a key's text or bytes below the 900 bytes that every version takes in a clustered index
	// (https://learn.microsoft.com/sql/sql-server/maximum-capacity-specifications-for-sql-server).
	keyLength = 450
	// maxUnicode and maxBinary are the greatest declared lengths; longer is (max).
	maxUnicode = 4000
	maxBinary  = 8000
	maxDigits  = 38
	maxSecond  = 7
)

// Image is the type in which SQL Server keeps another engine's cells. Text is nvarchar, whose length counts UTF-16 code
// units: twice the characters. XML and JSON are text, because the type xml keeps another text than it was given.
func (d Dialect) Image(t value.Type, key bool) (string, value.Type, string) {
	own := t
	own.Narrow, own.Collation = false, value.Collation{}
	switch t.Kind {
	case value.Boolean:
		return "bit", own, ""
	case value.Integer:
		return "bigint", own, ""
	case value.Real:
		return "float", own, ""
	case value.Number:
		if t.Precision == 0 || t.Precision > maxDigits {
			return "", own, "may have more digits than the 38 of SQL Server's decimal"
		}
		return fmt.Sprintf("decimal(%d,%d)", t.Precision, t.Scale), own, ""
	case value.String, value.JSON, value.XML:
		name := foreignExact
		if t.Collation.IgnoresCase {
			name = foreignFolded
		}
		own.Collation, _ = collationOf(name)
		own.Length = limited(2*t.Length, keyLength, maxUnicode, key)
		return withLength("nvarchar", own.Length), own, ""
	case value.Binary:
		own.Length = limited(t.Length, 2*keyLength, maxBinary, key)
		return withLength("varbinary", own.Length), own, ""
	case value.Date:
		return "date", own, ""
	case value.TimeOfDay, value.Timestamp, value.TimestampTZ:
		if t.Scale > maxSecond {
			return "", own, "has more decimals of a second than the 7 of SQL Server"
		}
		own.Scale = maxSecond
		return map[value.Kind]string{value.TimeOfDay: "time(7)", value.Timestamp: "datetime2(7)", value.TimestampTZ: "datetimeoffset(7)"}[t.Kind], own, ""
	case value.UUID:
		return "uniqueidentifier", own, ""
	}
	return "", own, fmt.Sprintf("is of a type that only its own engine has (%s)", t.Kind)
}

// limited is a declared length; 0 is none.
func limited(length, keys, greatest int, key bool) int {
	switch {
	case key && (length == 0 || length > keys):
		return keys
	case length > greatest:
		return 0
	}
	return length
}

func withLength(name string, length int) string {
	if length == 0 {
		return name + "(max)"
	}
	return fmt.Sprintf("%s(%d)", name, length)
}

// Moment is the cell itself: a datetimeoffset compares as its moment does.
func (Dialect) Moment(sql string) string { return sql }

// HiddenRowID is "": nothing names a row for as long as a snapshot lasts.
func (Dialect) HiddenRowID(*catalog.Table) string { return "" }
