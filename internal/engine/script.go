package engine

import (
	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/mask/value"
)

// Scripter writes the statements of a plan for the engine's own client, which stops at the first one that fails.
type Scripter interface {
	// Usage says in a line how to run the script.
	Usage() string
	// Open starts the script: one snapshot of the source, and an empty target database beside it.
	Open() string
	// Statement is one statement with its arguments written as literals.
	Statement(sql string, args []value.Value) string
	// Fixpoint repeats rounds while the condition, a query, yields 1. size is a query whose number no count of rounds
	// can exceed. number tells fixpoints of one script apart.
	Fixpoint(number int, rounds []string, condition, size string) string
	// Check fails with the message unless the query yields the expected number.
	Check(number int, query string, expect int64, message string) string
	// Insert copies the rows of a SELECT into a table of the target.
	Insert(table catalog.Name, columns []string, query string) string
	// Target names the database of CreateTable and CreateIndex.
	Target() string
	// Close checks the constraints of what was loaded, makes it durable and prints how many rows each table has.
	Close(tables []catalog.Name) string
}

// Scripting is a dialect that can write scripts.
type Scripting interface{ Script() Scripter }
