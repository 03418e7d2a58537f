package sqlite

import (
	"strings"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/internal/engine"
)

// Dialect writes SQLite's SQL. It is a pure value.
type Dialect struct{}

var _ engine.Dialect = Dialect{}

// Name is "sqlite".
func (Dialect) Name() string { return Name }

// Quote quotes an identifier in double quotes, with those inside doubled.
func (Dialect) Quote(identifier string) string { return quote(identifier) }

// Table is "main"."T", so that a work table of the same name can't come before it.
func (Dialect) Table(name catalog.Name) string {
	if name.Schema == "" {
		name.Schema = mainSchema
	}
	return quote(name.Schema) + "." + quote(name.Table)
}

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
