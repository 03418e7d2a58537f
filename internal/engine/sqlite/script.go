package sqlite

import (
	"fmt"
	"strings"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/internal/engine"
	"github.com/utdrag/utdrag/mask/value"
)

// scriptTarget is the name under which a script attaches its target, and scriptFile the target's file.
const (
	scriptTarget = "copy"
	scriptFile   = "copy.db"
)

// Script returns the writer of scripts for the sqlite3 shell. target is the file that a script makes.
func (Dialect) Script(_, target string) (engine.Scripter, error) {
	if target == "" {
		target = scriptFile
	}
	if strings.ContainsAny(target, "\x00\r\n") {
		return nil, failure(codeURL, diag.Misuse, "name a file", nil, "a script can't name such a target")
	}
	return scripter{file: target}, nil
}

type scripter struct {
	dialect Dialect
	file    string
}

func (s scripter) Usage() string {
	return "sqlite3 journal.db < plan.sql    (makes " + s.file + " in the current folder)"
}

func (scripter) Target() string { return scriptTarget }

// Open attaches the target and starts the one transaction in which everything happens. Work tables stay in memory:
// they hold keys, and keys may be person numbers. A target that holds anything already stops the script.
func (s scripter) Open(engine.Definition) string {
	return strings.Join([]string{
		".bail on",
		"PRAGMA temp_store = MEMORY;",
		"PRAGMA trusted_schema = OFF;",
		"PRAGMA foreign_keys = OFF; -- loaded first, checked at the end",
		"ATTACH " + text(s.file) + " AS " + scriptTarget + ";",
		"BEGIN;",
		s.Check(0, "SELECT COUNT(*) FROM "+scriptTarget+".sqlite_schema", 0, s.file+" is not empty: remove it, or run this in another folder"),
	}, "\n")
}

func (scripter) Define(statement string) string { return statement + ";" }

// Begin has nothing to add: everything is one transaction from Open on, and Close ends it.
func (scripter) Begin() string  { return "" }
func (scripter) Commit() string { return "" }

// Statement replaces each ?1, ?2 and so on outside quotes by a literal.
func (s scripter) Statement(sql string, args []value.Value) string {
	return engine.Inline(sql, "?", len(args), func(i int) string {
		return s.dialect.Literal(args[i], value.Type{Kind: value.String})
	}) + ";"
}

// Fixpoint makes a loop of a trigger, as the shell has none: each row of a series fires one round, and does nothing
// once the condition yields 0. The series is as long as the tables have rows, which no number of rounds can exceed.
func (s scripter) Fixpoint(number int, rounds []string, condition, size string) string {
	tick, round := fmt.Sprintf("tick_%d", number), fmt.Sprintf("round_%d", number)
	var b strings.Builder
	fmt.Fprintf(&b, "CREATE TEMP TABLE %s (number INTEGER PRIMARY KEY);\n", tick)
	fmt.Fprintf(&b, "CREATE TEMP TRIGGER %s AFTER INSERT ON %s WHEN (%s) = 1\nBEGIN\n", round, tick, condition)
	for _, r := range rounds {
		// A trigger's statements change tables by their bare names; those of temp come first.
		for _, change := range []string{"INSERT INTO ", "DELETE FROM "} {
			if rest, ok := strings.CutPrefix(r, change+"temp."); ok {
				r = change + rest
			}
		}
		b.WriteString("  " + r + "\n")
	}
	b.WriteString("END;\n")
	fmt.Fprintf(&b, "INSERT INTO %s\n  WITH RECURSIVE series(number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM series WHERE number < (%s))\n  SELECT number FROM series;\n", tick, size)
	fmt.Fprintf(&b, "DROP TABLE %s;\n", tick)
	b.WriteString(s.Check(number, condition, 0, "the rounds came to no end"))
	return b.String()
}

// Check writes the message as the name of a constraint, which is what the shell prints when it fails.
func (s scripter) Check(number int, query string, expect int64, message string) string {
	name := fmt.Sprintf("check_%d", number)
	return fmt.Sprintf("CREATE TEMP TABLE %s (found INTEGER CONSTRAINT %s CHECK (found = %d));\nINSERT INTO %s %s;\nDROP TABLE %s;",
		name, s.dialect.Quote(message), expect, name, query, name)
}

func (s scripter) Insert(t *catalog.Table, columns []string, query string) string {
	quoted := make([]string, len(columns))
	for i, c := range columns {
		quoted[i] = s.dialect.Quote(c)
	}
	return "INSERT INTO " + scriptTarget + "." + s.dialect.Quote(t.Name.Table) + " (" + strings.Join(quoted, ", ") + ")\n" + query + ";"
}

// Close checks every foreign key of the target before anything becomes durable.
func (s scripter) Close(d engine.Definition) string {
	var b strings.Builder
	b.WriteString("-- Every foreign key of the copy holds\n")
	b.WriteString(s.Check(0, "SELECT COUNT(*) FROM pragma_foreign_key_check(NULL, '"+scriptTarget+"')", 0, "a foreign key of the copy doesn't hold"))
	b.WriteString("\nCREATE TEMP TABLE summary (copied_table TEXT, copied_rows INTEGER);\n")
	for _, t := range d.Tables {
		fmt.Fprintf(&b, "INSERT INTO summary SELECT %s, COUNT(*) FROM %s.%s;\n",
			s.dialect.Literal(value.NewText(t.Name.Table), value.Type{Kind: value.String}), scriptTarget, s.dialect.Quote(t.Name.Table))
	}
	b.WriteString("COMMIT;\n.mode column\n.headers on\nSELECT copied_table, copied_rows FROM summary;\n")
	return b.String()
}
