package sqlite

import (
	"fmt"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/internal/engine"
	"github.com/utdrag/utdrag/mask/value"
)

var _ engine.Imager = Dialect{}

// exactDigits are the digits of a decimal that a double keeps (https://www.sqlite.org/floatingpoint.html section 1).
const exactDigits = 15

// Image is the type in which SQLite keeps another engine's cells. Numeric affinity would round decimals of more digits
// than a double has, and make numbers of JSON texts that are numbers, so those are text. Where the other engine's collation
// ignores case, so does the copy's, for the letters A to Z: what is one key there is at most one key here.
func (d Dialect) Image(t value.Type, _ bool) (string, value.Type, string) {
	own := t
	own.Collation, own.Narrow = value.Collation{}, false
	name := ""
	switch t.Kind {
	case value.String, value.UUID, value.JSON, value.XML:
		name = "TEXT"
		if t.Kind == value.String && t.Length > 0 {
			name = fmt.Sprintf("VARCHAR(%d)", t.Length)
		}
		own.Collation.Name = "BINARY"
		if t.Collation.IgnoresCase || t.Kind == value.UUID {
			own.Collation = value.Collation{Name: "NOCASE", IgnoresCase: true, ASCIIOnly: true}
		}
	case value.Number:
		if t.Precision > 0 && t.Precision <= exactDigits {
			name = fmt.Sprintf("DECIMAL(%d,%d)", t.Precision, t.Scale)
			break
		}
		name = "TEXT"
		own.Collation.Name = "BINARY"
	case value.Variant, value.Native:
		return "", own, fmt.Sprintf("is of a type that only its own engine has (%s)", t.Kind)
	default:
		var err error
		if name, err = d.TypeName(t); err != nil {
			return "", own, fmt.Sprintf("is of a kind that SQLite has no type for (%s)", t.Kind)
		}
	}
	return name, own, ""
}

// Moment counts steps of 100 nanoseconds since 1970. The text is a day, a T, a time, perhaps a point and digits, and an offset of six
// characters; strftime(), which rounds fractions, sees none (https://www.sqlite.org/lang_datefunc.html). It may also be what PostgreSQL
// has before and after all days.
func (Dialect) Moment(sql string) string {
	return "CASE " + sql + " WHEN 'infinity' THEN 9223372036854775807 WHEN '-infinity' THEN -9223372036854775807" +
		" ELSE CAST(strftime('%s', substr(" + sql + ", 1, 19) || substr(" + sql + ", -6)) AS INTEGER) * 10000000" +
		" + CAST(substr(substr(" + sql + ", 21, max(length(" + sql + ") - 26, 0)) || '0000000', 1, 7) AS INTEGER) END"
}

// HiddenRowID is the name of the row id that no column hides.
func (Dialect) HiddenRowID(t *catalog.Table) string { return rowID(t) }
