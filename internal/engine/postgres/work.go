package postgres

import (
	"strings"

	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/internal/engine"
)

// The forms of CreateWork's statements, which parseWork reads back.
const (
	makesTable = "CREATE TEMPORARY TABLE "
	makesView  = "CREATE TEMPORARY VIEW "
	placeTable = "_r" // what is added to the name of a work table of row ids to name the table behind it
	placeName  = "place"
	unfit      = "<no type>" // stands for what is none, and is no SQL
)

// CreateWork makes a temporary table. Its column of row ids is behind a view, because the name ctid is taken in every
// table and in no view; the view passes what is inserted on.
func (d Dialect) CreateWork(name string, columns []engine.WorkColumn) string {
	if len(columns) == 1 && columns[0].Like == nil {
		behind := name + placeTable
		return makesTable + quote(behind) + " (" + quote(placeName) + " tid, PRIMARY KEY (" + quote(placeName) + "));\n" +
			makesView + quote(name) + " (" + quote(columns[0].Name) + ") AS SELECT " + quote(placeName) + " FROM " + d.Work(behind)
	}
	var b strings.Builder
	names := make([]string, len(columns))
	b.WriteString(makesTable + quote(name) + " (")
	for i, c := range columns {
		names[i] = c.Name
		engineType := "tid"
		if c.Like != nil {
			engineType = unfit
			if isType(c.Like.EngineType) {
				engineType = c.Like.EngineType + collate(c.Like.Type.Collation.Name)
			}
		}
		b.WriteString(quote(c.Name) + " " + engineType + ", ")
	}
	b.WriteString("PRIMARY KEY (" + quoteAll(names) + "))")
	return b.String()
}

// workTable is a work table that a session has.
type workTable struct {
	name      string // by which statements know it
	table     string // the temporary table
	statement string
	columns   []workColumn
}

type workColumn struct{ name, engineType string }

// parseWork reads what CreateWork writes.
func parseWork(statement string) (workTable, error) {
	w := workTable{statement: statement}
	unknown := failure(codeStatement, diag.Misuse, "", nil, "a statement is none that makes a work table")
	rest, ok := strings.CutPrefix(statement, makesTable)
	if !ok {
		return w, unknown
	}
	if w.table, rest, ok = identifier(rest); !ok {
		return w, unknown
	}
	w.name = w.table
	if rest, ok = strings.CutPrefix(rest, " ("); !ok {
		return w, unknown
	}
	for !strings.HasPrefix(rest, "PRIMARY KEY (") {
		var c workColumn
		if c.name, rest, ok = identifier(rest); !ok || !strings.HasPrefix(rest, " ") {
			return w, unknown
		}
		end := typeEnd(rest)
		if end < 0 {
			return w, unknown
		}
		c.engineType = strings.TrimSpace(rest[:end])
		w.columns = append(w.columns, c)
		rest = rest[end+2:]
	}
	if _, view, ok := strings.Cut(rest, ";\n"+makesView); ok {
		if w.name, rest, ok = identifier(view); !ok || len(w.columns) != 1 {
			return w, unknown
		}
		if w.columns[0].name, _, ok = identifier(strings.TrimPrefix(rest, " (")); !ok {
			return w, unknown
		}
	}
	return w, nil
}

// typeEnd is where the comma after a type stands; commas in its parentheses and names don't count.
func typeEnd(s string) int {
	depth, quoted := 0, false
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '(':
			depth++
		case c == ')':
			depth--
		case c == ',' && depth == 0:
			return i
		}
	}
	return -1
}

// identifier reads a quoted identifier and returns what follows it.
func identifier(s string) (name, rest string, ok bool) {
	if !strings.HasPrefix(s, `"`) {
		return "", "", false
	}
	for i := 1; i < len(s); i++ {
		if s[i] != '"' {
			continue
		}
		if i+1 < len(s) && s[i+1] == '"' {
			i++
			continue
		}
		return strings.ReplaceAll(s[1:i], `""`, `"`), s[i+1:], true
	}
	return "", "", false
}

// inserts is the name of the work table that a statement inserts into.
func inserts(statement string) (string, bool) {
	rest, ok := strings.CutPrefix(statement, "INSERT INTO "+workSchema+".")
	if !ok {
		return "", false
	}
	name, _, ok := identifier(rest)
	return name, ok
}
