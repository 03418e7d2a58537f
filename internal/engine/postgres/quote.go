package postgres

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/internal/engine"
	"github.com/utdrag/utdrag/mask/value"
)

// Dialect writes PostgreSQL's SQL. It is a pure value.
type Dialect struct {
	// Home is the default schema of the database that names come from, in the dialect of a copy of another engine's
	// database; "" where names are PostgreSQL's own.
	Home string
}

var (
	_ engine.Dialect   = Dialect{}
	_ engine.Imager    = Dialect{}
	_ engine.Scripting = Dialect{}
)

// defaultSchema is the schema of a table that is named without one.
const defaultSchema = "public"

// rowID is the system column that names a row version: its place in the table's file
// (https://www.postgresql.org/docs/15/ddl-system-columns.html). It stays while a snapshot that sees the row lasts.
const rowID = "ctid"

// longest is how many bytes of a name the server keeps; it cuts off the rest with a mere notice.
const longest = 63

// Name is "postgres".
func (Dialect) Name() string { return Name }

// Quote quotes an identifier in double quotes, with those inside doubled.
func (Dialect) Quote(identifier string) string { return quote(identifier) }

// Place puts a table of another engine's default schema into schema public.
func (d Dialect) Place(name catalog.Name) catalog.Name {
	if name.Schema == "" || d.Home != "" && name.Schema == d.Home {
		name.Schema = defaultSchema
	}
	return name
}

// Table is "schema"."T".
func (d Dialect) Table(name catalog.Name) string {
	name = d.Place(name)
	return quote(name.Schema) + "." + quote(name.Table)
}

// Parameter is $1, $2 and so on.
func (Dialect) Parameter(number int) string { return "$" + strconv.Itoa(number) }

// Count is COUNT(*), which has 64 bits.
func (Dialect) Count() string { return "COUNT(*)" }

// Work is pg_temp."name".
func (Dialect) Work(name string) string { return workSchema + "." + quote(name) }

const workSchema = "pg_temp"

// Representable reports whether the column can hold the text: short enough, without U+0000, and in the form of the column's
// type where that has one.
func (Dialect) Representable(text string, c *catalog.Column) bool {
	if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
		return false
	}
	switch c.Type.Kind {
	case value.String:
		if c.Type.Collation.IgnoresTrailingSpace {
			text = strings.TrimRight(text, " ")
		}
		return c.Type.Length == 0 || utf8.RuneCountInString(text) <= c.Type.Length
	case value.Integer:
		n, err := strconv.ParseInt(text, 10, 64)
		switch baseType(c.EngineType) {
		case "smallint":
			return err == nil && n >= math.MinInt16 && n <= math.MaxInt16
		case "integer":
			return err == nil && n >= math.MinInt32 && n <= math.MaxInt32
		}
		return err == nil
	case value.UUID:
		return plainUUID(text)
	}
	return true
}

// plainUUID reports whether a text is 32 hexadecimal digits in the groups of RFC 9562.
func plainUUID(text string) bool {
	if len(text) != 36 {
		return false
	}
	for i, c := range []byte(text) {
		dash := i == 8 || i == 13 || i == 18 || i == 23
		digit := '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
		if dash && c != '-' || !dash && !digit {
			return false
		}
	}
	return true
}

// Moment is the cell itself: timestamptz is a moment.
func (Dialect) Moment(sql string) string { return sql }

// HiddenRowID is the row id of a table that nothing better names a row of. The partitions of a table have places of their
// own, so that a row of a divided table has no place that is its alone.
func (Dialect) HiddenRowID(t *catalog.Table) string {
	usable := func(k catalog.Key) bool { return len(k.Collations) == 0 && t.NotNull(k.Columns) }
	if t.Partitioning != "" || slices.ContainsFunc(t.Keys(), usable) {
		return ""
	}
	return rowID
}

func quote(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }

func quoteAll(names []string) string {
	quoted := make([]string, len(names))
	for i, n := range names {
		quoted[i] = quote(n)
	}
	return strings.Join(quoted, ", ")
}

func qualified(name catalog.Name) string { return quote(name.Schema) + "." + quote(name.Table) }

// text is a string constant. The server reads backslashes in it as they are: standard_conforming_strings is on.
func text(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// FoldsNames is false: quoted names differ in case.
func (Dialect) FoldsNames() bool { return false }
