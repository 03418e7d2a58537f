package postgres

import (
	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/internal/engine"
	"github.com/utdrag/utdrag/mask/value"
)

// CreateStage takes types and collations from the shape.
func (d Dialect) CreateStage(name string, _ []engine.StageColumn, shape string) string {
	return "CREATE TEMPORARY TABLE " + quote(name) + " AS " + shape + " WITH NO DATA"
}

// DropWork removes a work table. One of row ids is a view, which goes with the table behind it.
func (d Dialect) DropWork(name string) string {
	return "DROP TABLE IF EXISTS " + d.Work(name+placeTable) + " CASCADE; DROP TABLE IF EXISTS " + d.Work(name)
}

// Shape casts, and gives text the column's collation.
func (Dialect) Shape(expression, engineType string, c *catalog.Column) string {
	if engineType != "" {
		expression = "CAST(" + expression + " AS " + engineType + ")"
	}
	if c.Type.Kind == value.String {
		expression += collate(c.Type.Collation.Name)
	}
	return expression
}

// Compute casts, as the assignment to the column does.
func (d Dialect) Compute(expression string, c *catalog.Column) string {
	return d.Shape(expression, c.EngineType, c)
}
