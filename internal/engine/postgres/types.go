package postgres

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/mask/value"
)

// kinds are the types of pg_catalog that have a neutral kind.
var kinds = map[string]value.Kind{
	"bool": value.Boolean, "int2": value.Integer, "int4": value.Integer, "int8": value.Integer, "numeric": value.Number,
	"float4": value.Real, "float8": value.Real, "text": value.String, "varchar": value.String, "bpchar": value.String,
	"bytea": value.Binary, "date": value.Date, "time": value.TimeOfDay, "timestamp": value.Timestamp, "timestamptz": value.TimestampTZ,
	"uuid": value.UUID, "json": value.JSON, "jsonb": value.JSON, "xml": value.XML,
}

// natives are the other types of pg_catalog whose text form says all that a cell holds. Types that hold numbers of the
// server's own objects (regclass, xid …) are not among them: they mean nothing elsewhere.
var natives = []string{"interval", "timetz", "inet", "cidr", "macaddr", "macaddr8", "bit", "varbit", "money", "tsvector", "tsquery", "point",
	"line", "lseg", "path", "box", "polygon", "circle", "pg_lsn", "char", "name", "jsonpath"}

// secondDigits is how many digits of a second's fraction the server keeps.
const secondDigits = 6

// foundType is a row of pg_type.
type foundType struct {
	oid            string
	name           catalog.Name
	class          string // typtype: b, c, d, e, m, p, r
	base           string // a domain's base type
	element        string // an array's element type
	modifier       int
	notNull        bool
	ofExtension    bool
	isTable        bool // the type of a table's rows
	collation      string
	defaultValue   string
	printed        string // format_type without a modifier
	system         bool
	definition     string
	uses           []string // oids
	rangeOf        string   // a multirange's range type
	unknownBecause string
}

// neutral is the neutral type of a base type of pg_catalog with its modifier (see typmodin functions of the server, such as
// numerictypmodin in src/backend/utils/adt/numeric.c).
func neutral(name string, modifier int) (value.Type, bool) {
	kind, ok := kinds[name]
	if !ok {
		return value.Type{}, false
	}
	t := value.Type{Kind: kind}
	switch name {
	case "varchar", "bpchar":
		if modifier >= 4 {
			t.Length = modifier - 4
		}
		t.Collation.IgnoresTrailingSpace = name == "bpchar"
	case "numeric":
		if modifier >= 4 {
			t.Precision = (modifier - 4) >> 16 & 0xffff
			scale := (modifier - 4) & 0x7ff
			t.Scale = (scale ^ 1024) - 1024 // eleven bits with a sign, since version 15
			if t.Scale < 0 {                // whole numbers with zeros at the end
				t.Precision, t.Scale = t.Precision-t.Scale, 0
			}
		}
	case "time", "timestamp", "timestamptz":
		t.Scale = secondDigits
		if modifier >= 0 {
			t.Scale = modifier
		}
	}
	return t, true
}

var modifiers = regexp.MustCompile(`\([-0-9,]+\)`)

// baseType is a type as the server prints it, without length and precision.
func baseType(engineType string) string {
	if strings.HasPrefix(engineType, `"`) {
		return engineType
	}
	return modifiers.ReplaceAllString(engineType, "")
}

// Comparable reports whether the server has an operator = of pg_catalog for both columns that converts neither in a way that
// could make different cells equal, or equal cells different.
func (Dialect) Comparable(child, parent catalog.Column) bool {
	a, b := child.Type, parent.Type
	exact := func(k value.Kind) bool { return k == value.Integer || k == value.Number }
	if exact(a.Kind) && exact(b.Kind) {
		return true
	}
	if a.Kind != b.Kind {
		return false
	}
	switch a.Kind {
	case value.Real, value.Boolean, value.UUID, value.Binary, value.Date, value.TimeOfDay, value.Timestamp, value.TimestampTZ:
		return true
	case value.String:
		return a.Collation == b.Collation
	case value.JSON:
		return baseType(child.EngineType) == "jsonb" && baseType(parent.EngineType) == "jsonb"
	case value.Native:
		// An extension's operators are not in pg_catalog, and its type would be compared as some other type. A type with a
		// schema and no definition here is an extension's.
		if baseType(child.EngineType) != baseType(parent.EngineType) || a.Collation != b.Collation {
			return false
		}
		return child.DataType != (catalog.Name{}) || !strings.Contains(child.EngineType, ".")
	}
	return false
}

// TypeName is the type for a neutral one.
func (Dialect) TypeName(t value.Type) (string, error) {
	refuse := func(what string) (string, error) {
		return "", failure(codeType, diag.Refused, "", nil, "PostgreSQL has no type for a column %s", what)
	}
	switch t.Kind {
	case value.Boolean:
		return "boolean", nil
	case value.Integer:
		return "bigint", nil
	case value.Number:
		switch {
		case t.Precision == 0:
			return "numeric", nil
		case t.Precision > 1000 || t.Scale > 1000:
			return refuse(fmt.Sprintf("of %d digits", t.Precision))
		}
		return fmt.Sprintf("numeric(%d,%d)", t.Precision, t.Scale), nil
	case value.Real:
		return "double precision", nil
	case value.String:
		switch {
		case t.Length == 0 || t.Length > 10485760: // the longest that may be declared
			return "text", nil
		case t.Collation.IgnoresTrailingSpace:
			return fmt.Sprintf("character(%d)", t.Length), nil
		}
		return fmt.Sprintf("character varying(%d)", t.Length), nil
	case value.Binary:
		return "bytea", nil
	case value.Date:
		return "date", nil
	case value.TimeOfDay, value.Timestamp, value.TimestampTZ:
		if t.Scale > secondDigits {
			return refuse(fmt.Sprintf("that keeps %d digits of a second", t.Scale))
		}
		words := map[value.Kind]string{value.TimeOfDay: "time(%d) without time zone", value.Timestamp: "timestamp(%d) without time zone",
			value.TimestampTZ: "timestamp(%d) with time zone"}
		return fmt.Sprintf(words[t.Kind], t.Scale), nil
	case value.UUID:
		return "uuid", nil
	case value.JSON:
		return "json", nil // which keeps the text as it is
	case value.XML:
		return "xml", nil
	}
	return refuse("of kind " + t.Kind.String())
}

// Image is the type in which PostgreSQL keeps another engine's cells. A time with an offset is text here, and so is an XML document: the type xml takes no
// document type declarations, and drops what a declaration says of the encoding. Text compares by the database's own collation, by bytes:
// where the source held texts equal that differ, as 'a' and 'A', a foreign key between them doesn't hold here, and the copy is refused.
func (d Dialect) Image(t value.Type, _ bool) (string, value.Type, string) {
	own := t
	own.Collation, own.Narrow = value.Collation{}, false
	switch t.Kind {
	case value.String:
		own.Collation.Name = defaultCollation
	case value.XML:
		own = value.Type{Kind: value.String, Collation: value.Collation{Name: defaultCollation}}
	case value.TimestampTZ: // each cell has an offset of its own, and timestamptz keeps the moment only
		own = value.Type{Kind: value.String, Collation: value.Collation{Name: defaultCollation}}
	case value.Binary:
		own.Length = 0
	case value.TimeOfDay, value.Timestamp:
		own.Scale = max(own.Scale, secondDigits) // no declared scale is any scale to an engine that enforces none
	case value.Variant, value.Native:
		return "", own, fmt.Sprintf("is of a type that only its own engine has (%s)", t.Kind)
	}
	if own.Kind == value.String && own.Length > 10485760 {
		own.Length = 0
	}
	name, err := d.TypeName(own)
	switch {
	case t.Scale > secondDigits && slices.Contains([]value.Kind{value.TimeOfDay, value.Timestamp}, t.Kind):
		return "", own, fmt.Sprintf("keeps %d digits of a second, and PostgreSQL %d", t.Scale, secondDigits)
	case err != nil:
		return "", own, fmt.Sprintf("is of a kind that PostgreSQL has no type for (%s)", t.Kind)
	}
	return name, own, ""
}

// defaultCollation is the name of the database's own collation.
const defaultCollation = "default"
