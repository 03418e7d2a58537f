package mysql

import (
	"fmt"
	"strings"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/internal/engine"
)

// CreateWork makes a temporary table, whose columns take the types of those that they are like in the server's own words.
func (Dialect) CreateWork(name string, columns []engine.WorkColumn) string {
	var b strings.Builder
	names := make([]string, len(columns))
	fmt.Fprintf(&b, "CREATE TEMPORARY TABLE %s (", quote(name))
	for i, c := range columns {
		names[i] = quote(c.Name)
		b.WriteString(names[i] + " ")
		if c.Like == nil {
			b.WriteString("BIGINT")
		} else {
			b.WriteString(c.Like.EngineType)
			if collation := c.Like.Type.Collation.Name; collation != "" {
				b.WriteString(" COLLATE " + quote(collation))
			}
		}
		b.WriteString(", ")
	}
	fmt.Fprintf(&b, "PRIMARY KEY (%s))", strings.Join(names, ", "))
	return b.String()
}

// onlyQueries is why there are no statements that make a copy.
func onlyQueries() error {
	return failure(codeCopy, diag.Misuse, "confine queries of it, or copy it with another tool", nil, "no copies are made in MySQL: only queries are confined")
}

// Prepare refuses.
func (Dialect) Prepare(engine.Definition) ([]string, error) { return nil, onlyQueries() }

// CreateTable refuses.
func (Dialect) CreateTable(string, *catalog.Table) (string, error) { return "", onlyQueries() }

// CreateIndex refuses.
func (Dialect) CreateIndex(string, *catalog.Table, catalog.Index) (string, error) {
	return "", onlyQueries()
}

// Complete refuses.
func (Dialect) Complete(string, *catalog.Table) ([]string, error) { return nil, onlyQueries() }
