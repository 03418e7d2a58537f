package mysql

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/mask/value"
)

// TypeName is the type that a column of a neutral one has.
func (Dialect) TypeName(t value.Type) (string, error) {
	sized := func(plain, word string, n int) string {
		if n == 0 {
			return plain
		}
		return fmt.Sprintf("%s(%d)", word, n)
	}
	switch t.Kind {
	case value.Boolean:
		return "TINYINT(1)", nil
	case value.Integer:
		return "BIGINT", nil
	case value.Number:
		if t.Precision == 0 {
			return "DECIMAL(65,30)", nil
		}
		return fmt.Sprintf("DECIMAL(%d,%d)", t.Precision, t.Scale), nil
	case value.Real:
		return "DOUBLE", nil
	case value.String:
		return sized("LONGTEXT", "VARCHAR", t.Length), nil
	case value.Binary:
		return sized("LONGBLOB", "VARBINARY", t.Length), nil
	case value.Date:
		return "DATE", nil
	case value.TimeOfDay:
		return sized("TIME", "TIME", t.Scale), nil
	case value.Timestamp:
		return sized("DATETIME", "DATETIME", t.Scale), nil
	case value.UUID:
		return "CHAR(36)", nil
	case value.JSON:
		return "JSON", nil
	}
	return "", failure(codeType, diag.Refused, "", nil, "MySQL has no type for a column of kind %s", t.Kind)
}

// Comparable reports whether the server compares both columns as they are. A number and a text, say, it compares as two
// floating-point numbers, and two texts of different collations not at all, or by one that neither has.
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
	case value.Boolean, value.Binary, value.Date, value.Timestamp, value.TimestampTZ, value.TimeOfDay:
		return true
	case value.String, value.UUID:
		return a.Collation == b.Collation
	}
	return false
}

// Representable reports whether the column can hold the text: short enough, and of characters that its character set is
// known to have.
func (Dialect) Representable(text string, c *catalog.Column) bool {
	if !utf8.ValidString(text) {
		return false
	}
	switch c.Type.Kind {
	case value.Integer:
		n, err := strconv.ParseInt(text, 10, 64)
		return err == nil && strconv.FormatInt(n, 10) == text
	case value.String, value.UUID:
		if c.Type.Length > 0 && utf8.RuneCountInString(text) > c.Type.Length {
			return false
		}
		highest := rune(utf8.RuneSelf - 1)
		switch charset, _, _ := strings.Cut(c.Type.Collation.Name, "_"); charset {
		case "utf8mb4", "utf16", "utf16le", "utf32", "uca1400":
			highest = utf8.MaxRune
		case "utf8", "utf8mb3", "ucs2":
			highest = 0xFFFF
		}
		return !strings.ContainsFunc(text, func(r rune) bool { return r == 0 || r > highest })
	}
	return true
}
