package engine

import (
	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/mask"
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

// Masker is a Scripter that can apply masks which have no SQL form of their own, because they need more than an
// expression: a secret that must not stand in the script, and statements that compute with it.
type Masker interface {
	// CanMask reports whether a script can apply the rule to cells of the column.
	CanMask(rule mask.Rule, c mask.Column) bool
	// Mask writes what masks the cells of a whole script. CanMask holds for each.
	Mask(cells []Cells) Masking
}

// Cells are one column of the rows that a step copies, before its mask.
type Cells struct {
	Table  catalog.Name
	Column string
	// Rule is the mask, and Of what it may know of the column.
	Rule mask.Rule
	Of   mask.Column
	// SQL is the expression that is masked, and From the text from the word FROM on that yields the rows.
	SQL, From string
}

// Masking is the part of a script that masks cells.
type Masking struct {
	// Needs says in a line what must be at hand where the script is run.
	Needs string
	// Before are the statements that come before the first row is copied, and After those that come after the last; they
	// leave nothing of secrets and originals behind.
	Before, After string
	// SQL has for each of the cells the expression of the masked cell, over the same rows.
	SQL []string
}
