package sqlite

import (
	"strconv"
	"strings"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/internal/engine"
)

// Dialect writes SQLite's SQL. It is a pure value.
type Dialect struct {
	// Home is the default schema of the database that names come from, in the dialect of a copy of another engine's
	// database; "" where names are SQLite's own.
	Home string
}

var _ engine.Dialect = Dialect{}

// Name is "sqlite".
func (Dialect) Name() string { return Name }

// Quote quotes an identifier in double quotes, with those inside doubled.
func (Dialect) Quote(identifier string) string { return quote(identifier) }

// Place puts a table of another engine's default schema into the only one that a file has, and a table of any other schema
// there too, under its whole name: code.Icd10 is "code.Icd10".
func (d Dialect) Place(name catalog.Name) catalog.Name {
	switch {
	case d.Home == "" || name.Schema == mainSchema:
		return name
	case name.Schema == d.Home || name.Schema == "":
		return catalog.Name{Schema: mainSchema, Table: name.Table}
	}
	return catalog.Name{Schema: mainSchema, Table: name.Schema + "." + name.Table}
}

// Table is "main"."T", so that a work table of the same name can't come before it.
func (d Dialect) Table(name catalog.Name) string {
	name = d.Place(name)
	if name.Schema == "" {
		name.Schema = mainSchema
	}
	return quote(name.Schema) + "." + quote(name.Table)
}

// Parameter is ?1, ?2 and so on.
func (Dialect) Parameter(number int) string { return "?" + strconv.Itoa(number) }

// Representable reports true: a declared type limits no text.
func (Dialect) Representable(string, *catalog.Column) bool { return true }

// Count is COUNT(*), which has 64 bits.
func (Dialect) Count() string { return "COUNT(*)" }

// Work is temp."name".
func (Dialect) Work(name string) string { return "temp." + quote(name) }

func quote(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }

func quoteAll(names []string) string {
	quoted := make([]string, len(names))
	for i, n := range names {
		quoted[i] = quote(n)
	}
	return strings.Join(quoted, ", ")
}

// fold is a name as SQLite compares names: A to Z without case, everything else as it is.
func fold(s string) string {
	for i := 0; i < len(s); i++ {
		if c := s[i]; 'A' <= c && c <= 'Z' {
			b := []byte(s)
			for ; i < len(b); i++ {
				if 'A' <= b[i] && b[i] <= 'Z' {
					b[i] += 'a' - 'A'
				}
			}
			return string(b)
		}
	}
	return s
}

// FoldsNames is true: A to Z and a to z are the same in every name.
func (Dialect) FoldsNames() bool { return true }
