package sqlite

import (
	"strings"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/internal/engine"
)

// CreateStage declares each column as its table does, so that it compares alike: a table made from a SELECT has no collations.
func (Dialect) CreateStage(name string, columns []engine.StageColumn, _ string) string {
	declared := make([]string, len(columns))
	for i, c := range columns {
		text := quote(c.Name)
		engineType := c.Like.EngineType
		if c.EngineType != "" {
			engineType = c.EngineType
		}
		if engineType != "" {
			text += " " + engineType
		}
		declared[i] = text + collation(c.Like.Type.Collation.Name)
	}
	return "CREATE TEMP TABLE " + quote(name) + " (" + strings.Join(declared, ", ") + ")"
}

func collation(name string) string {
	if name == "" {
		return ""
	}
	return " COLLATE " + quote(name)
}

// DropWork removes a work table.
func (d Dialect) DropWork(name string) string { return "DROP TABLE IF EXISTS " + d.Work(name) }

// Shape gives an expression the affinity and the collation that a column of that type has.
func (Dialect) Shape(expression, engineType string, c *catalog.Column) string {
	if engineType != "" {
		expression = "CAST(" + expression + " AS " + engineType + ")"
	}
	return expression + collation(c.Type.Collation.Name)
}

// Compute converts as the column's affinity does. CAST AS INTEGER would cut decimals off, so numbers that are whole are made
// integers first; but a text that is no number becomes 0, which a column would keep.
func (d Dialect) Compute(expression string, c *catalog.Column) string {
	engineType := string(affinityOf(c.EngineType, c.Type.Kind))
	switch affinity(engineType) {
	case none:
		return expression + collation(c.Type.Collation.Name)
	case numeric, integer:
		engineType = string(numeric)
		expression = "(SELECT CASE WHEN typeof(v) = 'real' AND v = CAST(v AS INTEGER) THEN CAST(v AS INTEGER) ELSE v END FROM (SELECT " + expression + " AS v))"
	}
	return d.Shape(expression, engineType, c)
}

// Blank is a scalar subquery: it has the affinity of its column, and CASE has none.
func (Dialect) Blank(cell, condition string) string {
	return "(SELECT " + cell + " WHERE CASE WHEN " + condition + " THEN 0 ELSE 1 END)"
}
