package sqlserver

import (
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/internal/engine"
	"github.com/utdrag/utdrag/mask/value"
)

// Name is the engine's name.
const Name = "sqlserver"

// defaultSchema is where a table stands that is named without a schema.
const defaultSchema = "dbo"

// Dialect writes Transact-SQL. It is a pure value.
type Dialect struct {
	// Home is the default schema of the database that names come from, in the dialect of a copy of another engine's
	// database; "" where names are SQL Server's own.
	Home string
}

var _ engine.Dialect = Dialect{}

// Name is "sqlserver".
func (Dialect) Name() string { return Name }

// Quote quotes an identifier in brackets, with closing ones inside doubled.
func (Dialect) Quote(identifier string) string { return quote(identifier) }

// Place puts a table of another engine's default schema into dbo. Tables of other schemas keep their names.
func (d Dialect) Place(name catalog.Name) catalog.Name {
	if name.Schema == "" || d.Home != "" && name.Schema == d.Home {
		name.Schema = defaultSchema
	}
	return name
}

// Table is [dbo].[T].
func (d Dialect) Table(name catalog.Name) string {
	name = d.Place(name)
	return quote(name.Schema) + "." + quote(name.Table)
}

// at is Table in the database that target names, or in the current one.
func (d Dialect) at(target string, name catalog.Name) string {
	if target == "" {
		return d.Table(name)
	}
	return quote(target) + "." + d.Table(name)
}

// Work is [#name], a table of this session's in tempdb.
func (Dialect) Work(name string) string { return quote("#" + name) }

// Parameter is @p1, @p2 and so on, as the driver names them.
func (Dialect) Parameter(number int) string { return "@p" + strconv.Itoa(number) }

// Count is COUNT_BIG(*), which has 64 bits; COUNT(*) has 32.
func (Dialect) Count() string { return "COUNT_BIG(*)" }

// integerRanges are what the integer types hold.
var integerRanges = map[string][2]int64{
	"tinyint": {0, 255}, "smallint": {-1 << 15, 1<<15 - 1}, "int": {-1 << 31, 1<<31 - 1}, "bigint": {-1 << 63, 1<<63 - 1},
}

// Representable reports whether the column can hold the text: all of it, and every character of it. Of a code page only
// ASCII is known to be in it, because which other characters it has is the server's knowledge.
func (d Dialect) Representable(text string, c *catalog.Column) bool {
	if !utf8.ValidString(text) || strings.IndexByte(text, 0) >= 0 {
		return false
	}
	switch c.Type.Kind {
	case value.String:
		length := len(utf16.Encode([]rune(text)))
		base, _ := baseOf(d.typeName(c))
		if narrow[base] {
			if isUTF8(c.Type.Collation.Name) {
				length = len(text)
			} else if !ascii(text) {
				return false
			}
		}
		return c.Type.Length == 0 || length <= c.Type.Length
	case value.UUID:
		return isUUID(text)
	case value.Integer:
		base, _ := baseOf(d.typeName(c))
		n, err := strconv.ParseInt(text, 10, 64)
		limits, known := integerRanges[base]
		return err == nil && known && limits[0] <= n && n <= limits[1]
	}
	return true
}

func isUUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i := range len(s) {
		if i == 8 || i == 13 || i == 18 || i == 23 {
			if s[i] != '-' {
				return false
			}
		} else if !strings.ContainsRune("0123456789abcdefABCDEF", rune(s[i])) {
			return false
		}
	}
	return true
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func quote(s string) string { return "[" + strings.ReplaceAll(s, "]", "]]") + "]" }

func quoteAll(names []string) string {
	quoted := make([]string, len(names))
	for i, n := range names {
		quoted[i] = quote(n)
	}
	return strings.Join(quoted, ", ")
}

// FoldsNames is true: the collation of most databases ignores case.
func (Dialect) FoldsNames() bool { return true }
