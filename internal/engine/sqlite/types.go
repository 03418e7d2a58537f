package sqlite

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/mask/value"
)

// affinity is how a column converts what is stored in it (https://www.sqlite.org/datatype3.html section 3).
type affinity string

const (
	none    affinity = "BLOB"
	textual affinity = "TEXT"
	numeric affinity = "NUMERIC"
	integer affinity = "INTEGER"
	real    affinity = "REAL"
)

// affinityOf follows the five rules of section 3.1 in their order. ANY is no rule's: in a STRICT table it means none,
// elsewhere NUMERIC, and typeOf gives it the kind Variant only in the former.
func affinityOf(declared string, kind value.Kind) affinity {
	word := strings.ToUpper(declared)
	switch {
	case word == "ANY" && kind == value.Variant:
		return none
	case strings.Contains(word, "INT"):
		return integer
	case strings.Contains(word, "CHAR"), strings.Contains(word, "CLOB"), strings.Contains(word, "TEXT"):
		return textual
	case strings.Contains(word, "BLOB"), strings.TrimSpace(word) == "":
		return none
	case strings.Contains(word, "REAL"), strings.Contains(word, "FLOA"), strings.Contains(word, "DOUB"):
		return real
	}
	return numeric
}

// class is the part of an affinity that counts when two columns are compared.
func (a affinity) class() affinity {
	if a == integer || a == real {
		return numeric
	}
	return a
}

// Comparable reports whether both columns convert alike when compared: as text, as numbers, or not at all.
func (Dialect) Comparable(child, parent catalog.Column) bool {
	return affinityOf(child.EngineType, child.Type.Kind).class() == affinityOf(parent.EngineType, parent.Type.Kind).class()
}

// kinds are the first words of declared types that say more than their affinity does.
var kinds = map[string]value.Kind{
	"BOOL": value.Boolean, "BOOLEAN": value.Boolean, "BIT": value.Boolean,
	"DECIMAL": value.Number, "DEC": value.Number, "NUMERIC": value.Number, "NUMBER": value.Number,
	"MONEY": value.Number, "SMALLMONEY": value.Number,
	"BINARY": value.Binary, "VARBINARY": value.Binary, "IMAGE": value.Binary,
	"DATE": value.Date, "TIME": value.TimeOfDay,
	"DATETIME": value.Timestamp, "TIMESTAMP": value.Timestamp, "DATETIME2": value.Timestamp, "SMALLDATETIME": value.Timestamp,
	"DATETIMEOFFSET": value.TimestampTZ, "TIMESTAMPTZ": value.TimestampTZ,
	"UUID": value.UUID, "UNIQUEIDENTIFIER": value.UUID,
	"JSON": value.JSON, "JSONB": value.JSON, "XML": value.XML,
}

// typeOf is the neutral type of a declared one. SQLite itself enforces a declared type in STRICT tables only.
func typeOf(declared string, strict bool) value.Type {
	word, numbers := splitType(declared)
	var t value.Type
	kind, known := kinds[word]
	switch {
	case word == "", word == "ANY" && strict:
		t.Kind = value.Variant
	case known:
		t.Kind = kind
		if strings.HasPrefix(word, "TIMESTAMP") && strings.Contains(strings.ToUpper(declared), "WITH TIME ZONE") &&
			!strings.Contains(strings.ToUpper(declared), "WITHOUT") {
			t.Kind = value.TimestampTZ
		}
	default:
		switch affinityOf(declared, value.Unknown) {
		case integer:
			t.Kind = value.Integer
		case textual:
			t.Kind = value.String
		case real:
			t.Kind = value.Real
		case none:
			t.Kind = value.Binary
		default:
			t.Kind = value.Number
		}
	}
	switch t.Kind {
	case value.String, value.Binary:
		if len(numbers) == 1 {
			t.Length = numbers[0]
		}
	case value.Number:
		if len(numbers) > 0 {
			t.Precision = numbers[0]
		}
		if len(numbers) == 2 {
			t.Scale = numbers[1]
		}
	case value.TimeOfDay, value.Timestamp, value.TimestampTZ:
		if len(numbers) == 1 {
			t.Scale = numbers[0]
		}
	}
	return t
}

// splitType is the first word of a declared type and the numbers in its parentheses. Anything but whole numbers there
// ("MAX") counts as no numbers.
func splitType(declared string) (string, []int) {
	before, rest, found := strings.Cut(strings.ToUpper(declared), "(")
	word := ""
	if fields := strings.Fields(before); len(fields) > 0 {
		word = fields[0]
	}
	if !found {
		return word, nil
	}
	inside, _, _ := strings.Cut(rest, ")")
	var numbers []int
	for part := range strings.SplitSeq(inside, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(part))
		if err != nil || n < 0 {
			return word, nil
		}
		numbers = append(numbers, n)
	}
	return word, numbers
}

// TypeName is a declared type that typeOf reads back as t's kind, length, precision and scale.
func (Dialect) TypeName(t value.Type) (string, error) {
	sized := func(plain, word string, n int) string {
		if n == 0 {
			return plain
		}
		return fmt.Sprintf("%s(%d)", word, n)
	}
	switch t.Kind {
	case value.Boolean:
		return "BOOLEAN", nil
	case value.Integer:
		return "INTEGER", nil
	case value.Number:
		if t.Precision == 0 {
			return "NUMERIC", nil
		}
		return fmt.Sprintf("DECIMAL(%d,%d)", t.Precision, t.Scale), nil
	case value.Real:
		return "REAL", nil
	case value.String:
		return sized("TEXT", "VARCHAR", t.Length), nil
	case value.Binary:
		return sized("BLOB", "VARBINARY", t.Length), nil
	case value.Date:
		return "DATE", nil
	case value.TimeOfDay:
		return sized("TIME", "TIME", t.Scale), nil
	case value.Timestamp:
		return sized("DATETIME", "DATETIME", t.Scale), nil
	case value.TimestampTZ:
		return sized("DATETIMEOFFSET", "DATETIMEOFFSET", t.Scale), nil
	case value.UUID:
		return "UUID", nil
	case value.JSON:
		return "JSON", nil
	case value.XML:
		return "XML", nil
	case value.Variant:
		return "", nil
	}
	return "", failure(codeType, diag.Refused, "", nil, "SQLite has no type for a column of kind %s", t.Kind)
}

// collationOf describes a built-in collation; any other is known to the application that made it and not to us.
func collationOf(name string) (value.Collation, bool) {
	switch fold(name) {
	case "binary":
		return value.Collation{Name: "BINARY"}, true
	case "nocase":
		return value.Collation{Name: "NOCASE", IgnoresCase: true, ASCIIOnly: true}, true
	case "rtrim":
		return value.Collation{Name: "RTRIM", IgnoresTrailingSpace: true}, true
	}
	return value.Collation{}, false
}
