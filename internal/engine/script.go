package engine

import (
	"strconv"
	"strings"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/mask"
	"github.com/utdrag/utdrag/mask/value"
)

// Scripter writes the statements of a plan for the engine's own client, which stops at the first one that fails. A
// script goes: Open, Define for what the target is made of, the work tables, Begin, key sets and rows, Commit, Define for
// what rows must precede, Close.
type Scripter interface {
	// Usage says in a line how to run the script.
	Usage() string
	// Target names the database of CreateTable, CreateIndex and Complete.
	Target() string
	// Open starts the script: settings, and an empty target database beside the source.
	Open(d Definition) string
	// Define makes a part of the target, by a statement of Prepare, CreateTable, CreateIndex or Complete.
	Define(statement string) string
	// Begin starts the one snapshot of the source that everything until Commit reads. The work tables are there already.
	Begin() string
	// Statement is one statement on work tables, with its arguments written as literals.
	Statement(sql string, args []value.Value) string
	// Fixpoint repeats rounds while the condition, a query, yields 1. size is a query whose number no count of rounds
	// can exceed. number tells fixpoints of one script apart.
	Fixpoint(number int, rounds []string, condition, size string) string
	// Check fails with the message unless the query yields the expected number.
	Check(number int, query string, expect int64, message string) string
	// Insert copies the rows of a SELECT into a table of the target.
	Insert(t *catalog.Table, columns []string, query string) string
	// Commit ends the snapshot.
	Commit() string
	// Close checks the constraints of what was loaded, makes it durable and prints how many rows each table has.
	Close(d Definition) string
}

// Scripting is a dialect that can write scripts. source and target name the two databases in the engine's own way; ""
// stands for the engine's default.
type Scripting interface {
	Script(source, target string) (Scripter, error)
}

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

// Inline replaces the parameters of a statement, prefix and number as in $1, by literals. What stands in quotes, be they
// '…', "…" or […], is left as it is.
func Inline(sql, prefix string, count int, literal func(i int) string) string {
	if count == 0 {
		return sql
	}
	closing := map[byte]byte{'\'': '\'', '"': '"', '[': ']'}
	var b strings.Builder
	for i := 0; i < len(sql); i++ {
		if end, quoted := closing[sql[i]]; quoted {
			length := quotedLength(sql[i:], end)
			b.WriteString(sql[i : i+length])
			i += length - 1
			continue
		}
		rest, ok := strings.CutPrefix(sql[i:], prefix)
		digits := len(rest) - len(strings.TrimLeft(rest, "0123456789"))
		number, err := strconv.Atoi(rest[:digits])
		if !ok || err != nil || number < 1 || number > count {
			b.WriteByte(sql[i])
			continue
		}
		b.WriteString(literal(number - 1))
		i += len(prefix) + digits - 1
	}
	return b.String()
}

// quotedLength is the length of the quoted text that sql begins with, its quotes included. A closing quote that stands twice
// is one character of the text.
func quotedLength(sql string, end byte) int {
	for i := 1; i < len(sql); i++ {
		if sql[i] != end {
			continue
		}
		if i+1 == len(sql) || sql[i+1] != end {
			return i + 1
		}
		i++
	}
	return len(sql)
}
