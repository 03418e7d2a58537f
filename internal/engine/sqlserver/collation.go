package sqlserver

import (
	"slices"
	"strings"

	"github.com/utdrag/utdrag/mask/value"
)

// The collations of columns that come from another engine. All of SQL Server's ignore trailing spaces.
const (
	foreignExact  = "Latin1_General_100_BIN2"
	foreignFolded = "Latin1_General_100_CI_AS_SC"
)

// collationOf describes a collation by its name, whose parts after the language say how it compares
// (https://learn.microsoft.com/en-us/sql/relational-databases/collations/collation-and-unicode-support): _BIN and _BIN2 compare
// code points; otherwise _CI or _CS and _AI or _AS must both be there. Comparison pads with spaces as SQL-92 has it, whatever
// the collation.
func collationOf(name string) (value.Collation, bool) {
	if strings.Trim(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_") != "" {
		return value.Collation{}, false
	}
	parts := strings.Split(strings.ToUpper(name), "_")
	has := func(part string) bool { return slices.Contains(parts[1:], part) }
	c := value.Collation{Name: name, IgnoresTrailingSpace: true}
	switch {
	case has("BIN"), has("BIN2"):
		return c, true
	case has("CI") == has("CS"), has("AI") == has("AS"):
		return value.Collation{}, false
	}
	c.IgnoresCase, c.IgnoresAccents = has("CI"), has("AI")
	return c, true
}

// isUTF8 reports whether char and varchar hold UTF-8 under the collation.
func isUTF8(collation string) bool { return strings.HasSuffix(strings.ToUpper(collation), "_UTF8") }

// isOwn reports whether the name is that of a collation of SQL Server's.
func isOwn(collation string) bool {
	_, ok := collationOf(collation)
	return ok
}

// collationName is the collation that a copy's text column has: its own, or that of text which comes from elsewhere.
func collationName(c value.Collation) string {
	switch {
	case isOwn(c.Name):
		return c.Name
	case c.IgnoresCase:
		return foreignFolded
	}
	return foreignExact
}
