package sqlserver

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/mask/value"
)

// family is what types have in common that compare with each other without a conversion that could change the answer.
type family uint8

const (
	uncomparable family = iota // the engine has no = for them
	bits
	integers
	decimals
	moneys
	floats
	narrowTexts
	wideTexts
	binaries
	dates
	times
	datetimes
	smalldatetimes
	datetime2s
	datetimeoffsets
	uuids
	variants
	hierarchies
)

// shape is how a type's words are completed.
type shape uint8

const (
	plain     shape = iota
	sized           // (n) or (max), in bytes
	sizedWide       // (n) or (max), in pairs of bytes
	exact           // (precision, scale)
	fraction        // (scale), the fractional digits of a second
)

type ownType struct {
	kind   value.Kind
	family family
	shape  shape
}

// ownTypes are SQL Server's own types. A type that isn't here is refused.
var ownTypes = map[string]ownType{
	"bit":     {value.Boolean, bits, plain},
	"tinyint": {value.Integer, integers, plain}, "smallint": {value.Integer, integers, plain},
	"int": {value.Integer, integers, plain}, "bigint": {value.Integer, integers, plain},
	"decimal": {value.Number, decimals, exact}, "numeric": {value.Number, decimals, exact},
	"money": {value.Number, moneys, plain}, "smallmoney": {value.Number, moneys, plain},
	"real": {value.Real, floats, plain}, "float": {value.Real, floats, plain},
	"char": {value.String, narrowTexts, sized}, "varchar": {value.String, narrowTexts, sized}, "text": {value.String, uncomparable, plain},
	"nchar": {value.String, wideTexts, sizedWide}, "nvarchar": {value.String, wideTexts, sizedWide}, "ntext": {value.String, uncomparable, plain},
	"binary": {value.Binary, binaries, sized}, "varbinary": {value.Binary, binaries, sized}, "image": {value.Binary, uncomparable, plain},
	"rowversion": {value.Binary, binaries, plain},
	"date":       {value.Date, dates, plain}, "time": {value.TimeOfDay, times, fraction},
	"datetime": {value.Timestamp, datetimes, plain}, "smalldatetime": {value.Timestamp, smalldatetimes, plain},
	"datetime2": {value.Timestamp, datetime2s, fraction}, "datetimeoffset": {value.TimestampTZ, datetimeoffsets, fraction},
	"uniqueidentifier": {value.UUID, uuids, plain}, "xml": {value.XML, uncomparable, plain},
	"sql_variant": {value.Native, variants, plain}, "hierarchyid": {value.Native, hierarchies, plain},
	"geography": {value.Native, uncomparable, plain}, "geometry": {value.Native, uncomparable, plain},
}

var narrow = map[string]bool{"char": true, "varchar": true, "text": true}

// The precisions by which Literal knows types that are of one kind: see typeOf.
const (
	precisionDatetime      = 23
	precisionSmalldatetime = 16
	precisionReal          = 24
	precisionFloat         = 53
)

// typeOf is the engine's words for a type, and its neutral type, from what sys.columns says of it: the length in bytes, -1 for
// (max). Kinds that several types have are told apart by Precision, which is that of sys.columns: 23 and 16 for datetime and
// smalldatetime, 0 for datetime2; 24 and 53 for real and float.
func typeOf(base string, length, precision, scale int, collation string) (string, value.Type, bool) {
	if base == "timestamp" { // the older name of rowversion
		base = "rowversion"
	}
	own, known := ownTypes[base]
	t := value.Type{Kind: own.kind}
	words := base
	switch own.shape {
	case sized, sizedWide:
		if length == -1 {
			words += "(max)"
			break
		}
		t.Length = length
		if own.shape == sizedWide {
			t.Length /= 2
		}
		words += fmt.Sprintf("(%d)", t.Length)
	case exact:
		t.Precision, t.Scale = precision, scale
		words += fmt.Sprintf("(%d,%d)", precision, scale)
	case fraction:
		t.Scale = scale
		words += fmt.Sprintf("(%d)", scale)
	}
	switch base {
	case "money":
		t.Precision, t.Scale = 19, 4
	case "smallmoney":
		t.Precision, t.Scale = 10, 4
	case "real":
		t.Precision = precisionReal
	case "float":
		t.Precision = precisionFloat
	case "datetime":
		t.Precision, t.Scale = precisionDatetime, 3
	case "smalldatetime":
		t.Precision = precisionSmalldatetime
	case "rowversion":
		t.Length = 8
	}
	if t.Kind == value.String {
		var ok bool
		t.Collation, ok = collationOf(collation)
		known = known && ok
		t.Narrow = narrow[base] && !isUTF8(collation)
	}
	return words, t, known
}

// baseOf is the first word of a type of SQL Server's, which is "" for any other text.
func baseOf(words string) (base string, numbers []int) {
	base, inside, found := strings.Cut(words, "(")
	if found {
		inside, closed := strings.CutSuffix(inside, ")")
		if !closed {
			return "", nil
		}
		for part := range strings.SplitSeq(inside, ",") {
			n, err := strconv.Atoi(strings.TrimSpace(part))
			if part == "max" {
				n, err = -1, nil
			}
			if err != nil {
				return "", nil
			}
			numbers = append(numbers, n)
		}
	}
	own, known := ownTypes[base]
	want := map[shape]int{sized: 1, sizedWide: 1, exact: 2, fraction: 1}[own.shape]
	if !known || len(numbers) != want {
		return "", nil
	}
	return base, numbers
}

// typeName is the type of a copy's column, or "".
func (d Dialect) typeName(c *catalog.Column) string {
	if base, _ := baseOf(c.EngineType); base != "" {
		return c.EngineType
	}
	name, err := d.TypeName(c.Type)
	if err != nil {
		return ""
	}
	return name
}

// TypeName is a type that holds whatever a column of type t can hold. An undeclared scale becomes the greatest. What another
// engine's columns become, [Dialect.Image] says.
func (d Dialect) TypeName(t value.Type) (string, error) {
	refuse := func(why string) (string, error) {
		return "", failure(codeType, diag.Refused, "omit the column", nil, "SQL Server has no type for a column of kind %s%s", t.Kind, why)
	}
	sized := func(word string, length, most int) string {
		if length == 0 || length > most {
			return word + "(max)"
		}
		return fmt.Sprintf("%s(%d)", word, length)
	}
	fraction := func(word string) (string, error) {
		switch {
		case t.Scale == 0:
			return word + "(7)", nil
		case t.Scale > maxSecond:
			return refuse(" with more than 7 decimals of a second")
		}
		return fmt.Sprintf("%s(%d)", word, t.Scale), nil
	}
	switch t.Kind {
	case value.Boolean:
		return "bit", nil
	case value.Integer:
		return "bigint", nil
	case value.Number:
		if t.Precision == 0 {
			return refuse(" without a declared precision")
		}
		if t.Precision > maxDigits || t.Scale < 0 || t.Scale > t.Precision {
			return refuse(fmt.Sprintf(" with %d digits, %d of them after the point", t.Precision, t.Scale))
		}
		return fmt.Sprintf("decimal(%d,%d)", t.Precision, t.Scale), nil
	case value.Real:
		if t.Precision == precisionReal {
			return "real", nil
		}
		return "float", nil
	case value.String:
		if t.Narrow || isUTF8(t.Collation.Name) {
			return sized("varchar", t.Length, maxBinary), nil
		}
		return sized("nvarchar", t.Length, maxUnicode), nil
	case value.Binary:
		return sized("varbinary", t.Length, maxBinary), nil
	case value.Date:
		return "date", nil
	case value.TimeOfDay:
		return fraction("time")
	case value.Timestamp:
		return fraction("datetime2")
	case value.TimestampTZ:
		return fraction("datetimeoffset")
	case value.UUID:
		return "uniqueidentifier", nil
	case value.JSON:
		return "nvarchar(max)", nil
	case value.XML:
		return "xml", nil
	case value.Unknown, value.Variant, value.Native:
	}
	return refuse("")
}

// Comparable reports whether both columns are of one family, and texts of one collation. A narrow text becomes a wide one
// without a change of order or equality, save under the older collations whose names begin with SQL_, which have other rules
// for each. Numbers with so many digits that no type has room for both are not compared.
func (d Dialect) Comparable(child, parent catalog.Column) bool {
	a, numbersA := baseOf(d.typeName(&child))
	b, numbersB := baseOf(d.typeName(&parent))
	x, y := ownTypes[a].family, ownTypes[b].family
	switch {
	case a == "" || b == "" || x == uncomparable || y == uncomparable:
		return false
	case child.Type.Kind == value.String && parent.Type.Kind == value.String:
		collation := collationName(child.Type.Collation)
		return collation == collationName(parent.Type.Collation) && (x == y || !strings.HasPrefix(strings.ToUpper(collation), "SQL_"))
	case x == decimals && y == decimals:
		return max(numbersA[0]-numbersA[1], numbersB[0]-numbersB[1])+max(numbersA[1], numbersB[1]) <= 38
	}
	return x == y
}
