package sqlserver

import (
	"encoding/hex"
	"regexp"
	"strconv"
	"strings"

	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/mask/value"
)

// A cell of sql_variant is the text TYPE:CONTENT. TYPE has all that SQL_VARIANT_PROPERTY tells, so that the same value can be
// made again: its base type with length or precision, and a text's collation. CONTENT is as a column of that type has it, binary
// as 0x and hexadecimal digits.

// variantType is the SQL for TYPE of a column. https://learn.microsoft.com/sql/t-sql/functions/sql-variant-property-transact-sql
func variantType(column string) string {
	property := func(name, as string) string {
		return "CONVERT(" + as + ", SQL_VARIANT_PROPERTY(" + column + ", '" + name + "'))"
	}
	base, number := property("BaseType", "nvarchar(128)"), func(name string) string { return "CONVERT(nvarchar(12), " + property(name, "int") + ")" }
	length := "CONVERT(nvarchar(12), " + property("MaxLength", "int")
	return "CASE WHEN " + base + " IN ('decimal', 'numeric') THEN " + base + " + '(' + " + number("Precision") + " + ',' + " + number("Scale") + " + ')'" +
		" WHEN " + base + " IN ('time', 'datetime2', 'datetimeoffset') THEN " + base + " + '(' + " + number("Scale") + " + ')'" +
		" WHEN " + base + " IN ('binary', 'varbinary') THEN " + base + " + '(' + " + length + ") + ')'" +
		" WHEN " + base + " IN ('char', 'varchar') THEN " + base + " + '(' + " + length + ") + ') COLLATE ' + " + property("Collation", "nvarchar(128)") +
		" WHEN " + base + " IN ('nchar', 'nvarchar') THEN " + base + " + '(' + " + length + " / 2) + ') COLLATE ' + " + property("Collation", "nvarchar(128)") +
		" ELSE " + base + " END"
}

var variantWords = regexp.MustCompile(`^([a-z0-9]+)(\([0-9]+(?:,[0-9]+)?\))?(?: COLLATE ([A-Za-z0-9_]+))?$`)

// variantConverters are by base type: those that sql_variant can hold.
var variantConverters = map[string]converter{
	"bit": ofBool, "tinyint": ofInt, "smallint": ofInt, "int": ofInt, "bigint": ofInt, "real": ofFloat, "float": ofFloat, "decimal": ofDecimal,
	"numeric": ofDecimal, "money": ofDecimal, "smallmoney": ofDecimal, "char": ofText, "varchar": ofText, "nchar": ofText, "nvarchar": ofText,
	"binary": ofBytes, "varbinary": ofBytes, "uniqueidentifier": ofUUID, "date": ofTime(layoutDate), "time": ofTime(layoutTime),
	"datetime": ofTime(layoutDateTime), "smalldatetime": ofTime(layoutDateTime), "datetime2": ofTime(layoutDateTime), "datetimeoffset": ofTime(layoutOffset),
}

// variantCell makes the cell of what the driver gives and the words of its type.
func variantCell(words string, v any) (value.Value, error) {
	convert, known := variantConverters[variantBase(words)]
	if !known {
		return value.Value{}, failure(codeType, diag.Refused, "omit the column", nil, "a cell of sql_variant is of a type that is not known")
	}
	cell, err := convert(v)
	if err != nil {
		return value.Value{}, err
	}
	var content string
	switch cell.Form() {
	case value.Bool:
		content = "0"
		if cell.Bool() {
			content = "1"
		}
	case value.Int:
		content = strconv.FormatInt(cell.Int(), 10)
	case value.Float:
		content = strconv.FormatFloat(cell.Float(), 'g', -1, 64)
	case value.Bytes:
		content = "0x" + strings.ToUpper(hex.EncodeToString([]byte(cell.Text())))
	default:
		content = cell.Text()
	}
	return value.NewText(words + ":" + content), nil
}

func variantBase(words string) string {
	if part := variantWords.FindStringSubmatch(words); part != nil {
		return part[1]
	}
	return ""
}

// variant is a cell taken apart: the type that it is converted to, its collation, and the argument.
type variant struct {
	base, words, collation string
	content                value.Value
}

// parseVariant takes the text of a cell of sql_variant apart. It is strict: the words of the type become SQL.
func parseVariant(text string) (variant, error) {
	bad := failure(codeType, diag.Refused, `write TYPE:CONTENT, as in "decimal(10,2):12.50"`, nil, "a cell for a column of sql_variant doesn't begin with its type")
	words, content, found := strings.Cut(text, ":")
	part := variantWords.FindStringSubmatch(words)
	if !found || part == nil || variantConverters[part[1]] == nil {
		return variant{}, bad
	}
	v := variant{base: part[1], words: part[1] + part[2], collation: part[3], content: value.NewText(content)}
	switch v.base {
	case "float", "real":
		f, err := strconv.ParseFloat(content, 64)
		if err != nil {
			return variant{}, bad
		}
		v.content = value.NewFloat(f)
	case "binary", "varbinary":
		digits, prefixed := strings.CutPrefix(content, "0x")
		b, err := hex.DecodeString(digits)
		if !prefixed || err != nil {
			return variant{}, bad
		}
		v.content = value.NewBytes(b)
	}
	return v, nil
}

// expression is the SQL that makes the variant of content, which is an expression of the content's type.
func (v variant) expression(content string) string {
	if v.collation != "" {
		content = "CONVERT(" + v.words + ", " + content + " COLLATE " + v.collation + ") COLLATE " + v.collation
	} else {
		content = cast(v.words, content)
	}
	return "CONVERT(sql_variant, " + content + ")"
}

// cast is the SQL that makes a value of a type of an argument. Times are read in ISO 8601 form in every language.
func cast(words, content string) string { return "CAST(" + content + " AS " + words + ")" }

// variantLiteral is the SQL that makes the variant that a cell says, for scripts; false where it says none.
func (d Dialect) variantLiteral(cell string) (string, bool) {
	v, err := parseVariant(cell)
	if err != nil {
		return "", false
	}
	t := value.Type{Kind: value.String}
	if v.base == "float" || v.base == "real" {
		t = value.Type{Kind: value.Real, Precision: precisionFloat}
	}
	return v.expression(d.Literal(v.content, t)), true
}
