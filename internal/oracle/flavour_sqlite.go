package oracle

import (
	"fmt"

	"github.com/utdrag/utdrag/mask/value"
)

// SQLite has collations by the column, tables without rowids and tables without keys.
var SQLite = &Flavour{
	home:  "main",
	names: []string{"Provider", "Unit", "order", "Vårdkontakt", `a"b.c`, "x y", "Z]", "log"},
	numbers: []columnType{
		{ddl: "INTEGER PRIMARY KEY", child: "INTEGER", sort: integers, inline: true},
	},
	naturals: []columnType{
		{ddl: "TEXT", sort: texts, hashable: true},
		{ddl: "TEXT", sort: texts, hashable: true},
		{ddl: "TEXT COLLATE NOCASE", child: "TEXT", sort: texts, fold: true},
		{ddl: "TEXT COLLATE RTRIM", child: "TEXT", sort: texts, trim: true},
	},
	codes:    []columnType{{ddl: "TEXT COLLATE NOCASE", child: "TEXT", sort: texts, fold: true}},
	parts:    []columnType{{ddl: "TEXT", sort: texts}},
	integer:  columnType{ddl: "INTEGER", sort: integers},
	texts:    []columnType{{ddl: "TEXT", sort: texts}},
	computed: `"Twice" INTEGER GENERATED ALWAYS AS ("N" * 2) STORED`,
	letters:  []string{"a", "b", "c", "d", "e", "f", "g"},
	rowless:  true,
	keyless:  true,
	actions:  []string{"", "", "CASCADE", "SET NULL", "RESTRICT"},
	quote:    doubleQuoted,
	literal:  sqliteLiteral,
	numbered: func(string, *columnType) (string, string, string) { return "", "", "" },
}

func sqliteLiteral(v value.Value, _ *columnType) string {
	switch v.Form() {
	case value.Null:
		return "NULL"
	case value.Int:
		return fmt.Sprint(v.Int())
	case value.Text:
		return singleQuoted(v.Text())
	}
	panic("oracle: SQLite has no cell of the form " + v.Form().String())
}
