// Package mysql writes the SQL of the MySQL family: MySQL 8, MariaDB and TiDB.
//
// Databases of the family are only queried, by queries that package filter confines: no copy is made of them, and their
// catalogs are written by somebody else, from information_schema. What is written here means the same whatever the server's
// sql_mode says of quotes, backslashes and ||.
package mysql

import (
	"strings"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/internal/engine"
)

// Name is the name of the engine, as in catalog.Catalog.Engine.
const Name = "mysql"

// Dialect writes SQL for the MySQL family. It is a pure value.
type Dialect struct{}

var (
	_ engine.Dialect   = Dialect{}
	_ engine.Sessioner = Dialect{}
)

// Name is "mysql".
func (Dialect) Name() string { return Name }

// Session makes the server read queries as the reader of package rewrite/mysql does, in a character set that has every
// character.
func (Dialect) Session() []string {
	return []string{
		"SET NAMES utf8mb4",
		"SET SESSION sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES,PIPES_AS_CONCAT,ONLY_FULL_GROUP_BY'",
	}
}

// Quote quotes an identifier in backquotes, with those inside doubled. Nothing else is special between backquotes.
func (Dialect) Quote(identifier string) string { return quote(identifier) }

// Place is the name itself.
func (Dialect) Place(name catalog.Name) catalog.Name { return name }

// Table is `db`.`T`: a bare name could be a common table expression.
func (Dialect) Table(name catalog.Name) string {
	if name.Schema == "" {
		return quote(name.Table)
	}
	return quote(name.Schema) + "." + quote(name.Table)
}

// Work is the name of a temporary table.
func (Dialect) Work(name string) string { return quote(name) }

// Parameter is a question mark: arguments have no numbers.
func (Dialect) Parameter(int) string { return "?" }

// Count is COUNT(*), which has 64 bits.
func (Dialect) Count() string { return "COUNT(*)" }

// ReadOrder is the primary key, by which tables are stored.
func (Dialect) ReadOrder(t *catalog.Table, alias string) []string {
	if t.PrimaryKey == nil {
		return nil
	}
	order := make([]string, len(t.PrimaryKey.Columns))
	for i, name := range t.PrimaryKey.Columns {
		order[i] = alias + "." + quote(name)
	}
	return order
}

func quote(s string) string { return "`" + strings.ReplaceAll(s, "`", "``") + "`" }
