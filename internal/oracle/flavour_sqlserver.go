package oracle

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/utdrag/utdrag/mask/value"
)

// SQLServer ignores case, in the names of tables and in every text, as the collation of most of its databases does.
var SQLServer = sqlServer("Z]")

// Babelfish is SQLServer without what that stand-in can't have: names with ] in them; identity columns,
// which it tells apart by their names alone when it describes them; names of tables and constraints in their own case;
// what tells a unique index from a filtered one; collations that count characters as partial does; and LIKE inside CASE
// where the collation ignores case.
var Babelfish = babelfish()

func babelfish() *Flavour {
	f := sqlServer("Z[")
	f.unnumbered, f.filtered, f.lower = true, true, true
	f.unmasked, f.unlike = "partial", true
	f.second = strings.ToLower(f.second)
	for i, name := range f.names {
		f.names[i] = strings.ToLower(name)
	}
	return f
}

func sqlServer(bracket string) *Flavour {
	return &Flavour{
		home: "dbo", second: "Kod verk",
		names: []string{"Provider", "unit", "order", "Vårdkontakt", `a"b.c`, "x y'", bracket, "user"},
		numbers: []columnType{
			{ddl: "int", sort: integers},
			{ddl: "bigint", sort: bigIntegers},
			{ddl: "int IDENTITY(1,1)", child: "int", sort: integers, identity: true, always: true},
			{ddl: "bigint IDENTITY(100,10)", child: "bigint", sort: bigIntegers, identity: true, always: true},
		},
		naturals: []columnType{
			{ddl: "nvarchar(40)", sort: texts, fold: true, trim: true, hashable: true},
			{ddl: "varchar(40)", sort: texts, fold: true, trim: true, narrow: true, hashable: true},
			{ddl: "nchar(9)", sort: texts, fold: true, trim: true},
			{ddl: "uniqueidentifier", sort: uuids, hashable: true},
			{ddl: "decimal(10,2)", sort: decimals},
			{ddl: "date", sort: dates},
			{ddl: "datetime2(3)", sort: timestamps},
		},
		codes: []columnType{
			{ddl: "nvarchar(20)", sort: texts, fold: true, trim: true},
			{ddl: "varchar(20)", sort: texts, fold: true, trim: true, narrow: true},
			{ddl: "int", sort: integers},
			{ddl: "uniqueidentifier", sort: uuids},
		},
		parts: []columnType{
			{ddl: "nvarchar(12)", sort: texts, fold: true, trim: true},
			{ddl: "varchar(12)", sort: texts, fold: true, trim: true, narrow: true},
			{ddl: "uniqueidentifier", sort: uuids},
			{ddl: "date", sort: dates},
			{ddl: "decimal(12,4)", sort: decimals},
		},
		integer: columnType{ddl: "int", sort: integers},
		texts: []columnType{
			{ddl: "nvarchar(40)", sort: texts, fold: true, trim: true},
			{ddl: "varchar(40)", sort: texts, fold: true, trim: true, narrow: true},
			{ddl: "nvarchar(max)", sort: texts, fold: true, trim: true},
		},
		extras: []extraColumn{
			{name: "Amount", columnType: columnType{ddl: "decimal(10,2)", sort: decimals}, cells: decimalCells("0.00", "-0.05", "12.50", "99999999.99"),
				wheres: []string{"Amount > 1.5", "Amount IN (12.5, 0) OR Amount IS NULL"}, masks: []string{"null", "constant(0)", "constant(7.5)"}},
			{name: "Flag", columnType: columnType{ddl: "bit", sort: booleans}, cells: boolCells,
				wheres: []string{"Flag = TRUE", "NOT (Flag = FALSE)"}, masks: []string{"null", "constant(false)"}},
			{name: "Day", columnType: columnType{ddl: "date", sort: dates}, cells: timeCells("2026-01-31", "1900-03-01", "2024-02-29"),
				wheres: []string{"Day < '2026-01-31'", "Day BETWEEN '1900-03-01' AND '2024-02-29'"}, masks: []string{"null", `constant("1900-01-01")`}},
			{name: "At", columnType: columnType{ddl: "datetime2(6)", sort: timestamps}, cells: timeCells("2026-01-31T08:00:00", "1999-12-31T23:59:59.123456", "2024-02-29T00:00:00.5"),
				wheres: []string{"At >= '2024-02-29T00:00:00.5'", "At <> '2026-01-31 08:00'"}, masks: []string{"null", `constant("2000-01-01T00:00:00")`}},
			{name: "Zoned", columnType: columnType{ddl: "datetimeoffset(3)", sort: zoned}, cells: timeCells("2026-01-31T08:00:00+01:00", "1999-12-31T23:59:59.25+00:00"),
				wheres: []string{"Zoned > '2026-01-31T07:30:00+01:00'"}, masks: []string{"null", `constant("2000-01-01T01:00:00+01:00")`}},
			{name: "Clock", columnType: columnType{ddl: "time(3)", sort: clocks}, cells: timeCells("08:00:00", "23:59:59.999", "00:00:00"),
				wheres: []string{"Clock >= '08:00'"}, masks: []string{"null", `constant("12:00:00")`}},
			{name: "Guid", columnType: columnType{ddl: "uniqueidentifier", sort: uuids}, cells: uuidCells,
				wheres: []string{"Guid = '7C9E6679-7425-40de-944b-e07fc1f90ae7'", "Guid IS NOT NULL"}, masks: []string{"null", `hash("guid")`, `constant("` + someUUID + `")`}},
			{name: "Big", columnType: columnType{ddl: "bigint", sort: bigIntegers}, cells: intCells(9007199254740993, -9223372036854775808, 0),
				wheres: []string{"Big > 9007199254740992"}, masks: []string{"null", "constant(5)"}},
			{name: "Real", columnType: columnType{ddl: "float", sort: reals}, cells: []value.Value{value.NewFloat(0.1), value.NewFloat(-1.5e300), value.NewFloat(0)},
				wheres: []string{"Real < 0.5"}, masks: []string{"null", "constant(0.25)"}},
			{name: "Fixed 'char'", columnType: columnType{ddl: "nchar(5)", sort: texts, fold: true, trim: true}, cells: textCells("ab", "åäöåä", ""),
				masks: []string{"null", `constant("x")`}},
			{name: `b"in`, columnType: columnType{ddl: "varbinary(max)", sort: binaries}, cells: byteCells, masks: []string{"null"}},
		},
		computed:  "[Twice] AS ([N] * 2)",
		letters:   []string{"a", "b", "å", "d", "É", "ö", "w"},
		late:      true,
		collide:   true,
		actions:   []string{"", "", "CASCADE", "SET NULL"},
		oneAction: true,
		quote:     func(name string) string { return "[" + strings.ReplaceAll(name, "]", "]]") + "]" },
		literal:   sqlServerLiteral,
		numbered: func(table string, t *columnType) (string, string, string) {
			if t.identity {
				return "SET IDENTITY_INSERT " + table + " ON;\n", "", "SET IDENTITY_INSERT " + table + " OFF;\n"
			}
			return "", "", ""
		},
	}
}

// sqlServerLiteral converts where SQL Server would rather not: a T in a datetime2 and an offset are ISO 8601, and
// never depend on a login's language.
func sqlServerLiteral(v value.Value, t *columnType) string {
	switch v.Form() {
	case value.Null:
		return "NULL"
	case value.Bool:
		return map[bool]string{true: "1", false: "0"}[v.Bool()]
	case value.Int:
		return strconv.FormatInt(v.Int(), 10)
	case value.Float:
		return strconv.FormatFloat(v.Float(), 'e', -1, 64)
	case value.Bytes:
		return fmt.Sprintf("0x%x", v.Text())
	case value.Decimal:
		return v.Text()
	case value.Time:
		return singleQuoted(v.Text())
	case value.Text:
		if t.narrow || t.sort == uuids {
			return singleQuoted(v.Text())
		}
		return "N" + singleQuoted(v.Text())
	}
	panic("oracle: SQL Server has no cell of the form " + v.Form().String())
}
