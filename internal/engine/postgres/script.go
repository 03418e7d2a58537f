package postgres

import (
	"fmt"
	"strings"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/internal/engine"
	"github.com/utdrag/utdrag/mask/value"
)

// scriptTarget is the database that a script fills where the environment names none.
const scriptTarget = "utdrag_copy"

// Script returns the writer of scripts for psql, of version 13 and later. target is the database that a script fills, unless
// the environment variable UTDRAG_TARGET names another, or is a connection string.
//
// The script reads the source in psql's own session. What it makes goes to the target over psql processes that it starts: one for each statement,
// and one for each COPY. Each is checked, by what it says or by counting rows, and the script stops at the first that failed.
func (Dialect) Script(_, target string) (engine.Scripter, error) {
	if target == "" {
		target = scriptTarget
	}
	if strings.ContainsAny(target, "\x00\r\n`\"'\\$") {
		return nil, failure(codeScript, diag.Misuse, "name a database without quotes, dollar signs, backslashes and line breaks", nil, "a script can't name such a target")
	}
	return &scripter{target: target}, nil
}

type scripter struct {
	dialect Dialect
	target  string
	hashes  bool // Mask was called
	work    []workTable
}

var (
	_ engine.Scripter = (*scripter)(nil)
	_ engine.Masker   = (*scripter)(nil)
)

func (s *scripter) Usage() string {
	return "createdb " + s.target + " && UTDRAG_TARGET=" + s.target + " psql -X -d SOURCE -f plan.sql    (UTDRAG_TARGET: the empty database to fill)"
}

func (*scripter) Target() string { return "" }

// targetOptions make the sessions in the target read cells as the source's session writes them.
const targetOptions = "-c search_path=pg_catalog,pg_temp -c datestyle=ISO -c intervalstyle=postgres -c lc_monetary=C -c xmloption=content -c standard_conforming_strings=on -c client_min_messages=warning"

// Open sets both sides up, and demands that the target is empty.
func (s *scripter) Open(engine.Definition) string {
	lines := []string{`\set ON_ERROR_STOP on`, `\set QUIET on`, `\pset pager off`}
	for _, setting := range settings {
		lines = append(lines, "SET "+setting+";")
	}
	lines = append(lines,
		`\set target `+"`"+`printf %s "${UTDRAG_TARGET:-`+s.target+`}"`+"`",
		`\setenv UTDRAG_TARGET :target`,
		`\setenv PGCLIENTENCODING UTF8`,
		`\setenv PGOPTIONS '`+targetOptions+`'`,
		"-- must stops the script with a message",
		"CREATE FUNCTION pg_temp.must(holds boolean, message text) RETURNS void LANGUAGE plpgsql AS $utdrag$",
		"BEGIN IF holds IS NOT TRUE THEN RAISE EXCEPTION '%', message; END IF; END $utdrag$;",
		"-- The target is there, and empty",
		s.asked("there", "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm')"+
			" AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')"),
		must(":'there' <> ''", "the target database can't be reached: make it with createdb, and name it with UTDRAG_TARGET"),
		must(":'there' = '0'", "the target database is not empty: drop it and make it again, or name another with UTDRAG_TARGET"))
	if s.hashes {
		lines = append(lines, "CREATE TEMPORARY TABLE hash_key (line text);", "CREATE TEMPORARY TABLE hash_state (inner_pad bytea, outer_pad bytea);")
	}
	return strings.Join(lines, "\n")
}

// must fails with the message unless the condition is true.
func must(condition, message string) string {
	return "SELECT pg_temp.must(" + condition + ", " + text(message) + ") \\g /dev/null"
}

// asked puts the answer of a query that is put to the target into a psql variable; "" if there was none. Shell quotes stand
// around the query, and psql's backquotes around the command: neither is in it afterwards.
func (s *scripter) asked(variable, query string) string {
	return "SELECT " + dollar(query) + ` AS statement \gset` + "\n" + `\setenv UTDRAG_SQL :statement` + "\n" +
		`\set ` + variable + " `" + `psql -X -q -A -t -d "$UTDRAG_TARGET" -c "$UTDRAG_SQL"` + "`"
}

// dollar is a string constant in which everything stands as it is, for psql too.
func dollar(s string) string {
	tag := "$utdrag$"
	for strings.Contains(s, tag) {
		tag = tag[:len(tag)-1] + "_$"
	}
	return tag + s + tag
}

// Define runs a statement in the target.
func (s *scripter) Define(statement string) string {
	return "SELECT " + dollar(statement) + ` AS statement \gset` + "\n" + `\setenv UTDRAG_SQL :statement` + "\n" +
		`\set done ` + "`" + `psql -X -q -v ON_ERROR_STOP=1 -d "$UTDRAG_TARGET" -c "$UTDRAG_SQL" >/dev/null && printf yes` + "`\n" +
		must(":'done' = 'yes'", "the target refuses the statement above")
}

// Begin starts the one snapshot.
func (*scripter) Begin() string {
	return "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;"
}

// Commit ends the snapshot.
func (*scripter) Commit() string { return "COMMIT;" }

// Statement replaces each $1, $2 and so on outside quotes by a literal. The server looks at a work table that was filled by a
// query, because nobody else looks at a temporary table.
func (s *scripter) Statement(sql string, args []value.Value) string {
	if w, err := parseWork(sql); err == nil {
		s.work = append(s.work, w)
	}
	statement := engine.Inline(sql, "$", len(args), func(i int) string { return s.dialect.Literal(args[i], value.Type{Kind: value.String}) }) + ";"
	name, ok := inserts(sql)
	if !ok || len(args) > 0 {
		return statement
	}
	for _, w := range s.work {
		if w.name == name {
			statement += "\nANALYZE " + workSchema + "." + quote(w.table) + ";"
		}
	}
	return statement
}

// Fixpoint is a loop of the server's. Every round is planned anew, because the work tables change a great deal between rounds.
func (s *scripter) Fixpoint(_ int, rounds []string, condition, _ string) string {
	var b strings.Builder
	b.WriteString("  WHILE (" + condition + ") = 1 LOOP\n")
	for _, r := range rounds {
		for statement := range strings.SplitSeq(r, ";\nANALYZE ") {
			if statement != r && !strings.HasPrefix(r, statement) {
				statement = "ANALYZE " + statement
			}
			b.WriteString("    EXECUTE " + dollar(strings.TrimSuffix(statement, ";")) + ";\n")
		}
	}
	b.WriteString("  END LOOP;")
	body := "\nBEGIN\n" + b.String() + "\nEND\n"
	return "DO " + dollar(body) + ";"
}

// Check fails with the message unless the query yields the number.
func (*scripter) Check(_ int, query string, expect int64, message string) string {
	return must(fmt.Sprintf("(%s) = %d", query, expect), message)
}

// Insert streams rows from the source's session to a process in the target, and counts those that arrived.
func (s *scripter) Insert(t *catalog.Table, columns []string, query string) string {
	table := s.dialect.Table(t.Name)
	into := "COPY " + table + " (" + quoteAll(columns) + ") FROM STDIN"
	if strings.ContainsAny(into, "\r\n\x00") || len(columns) == 0 {
		return must("false", "a table without columns to copy, or with a line break in a name, can't be copied by a script: use utdrag extract")
	}
	count := "SELECT count(*) FROM " + table
	return strings.Join([]string{
		s.asked("before", count),
		"COPY (", query,
		`) TO STDOUT \g |psql -X -q -v ON_ERROR_STOP=1 -d "$UTDRAG_TARGET" -c ` + shell(into),
		`\set copied :ROW_COUNT`,
		s.asked("after", count),
		must(":'after' <> '' AND :'after'::numeric - :'before'::numeric = :copied", "not every row of "+t.Name.String()+" arrived in the target"),
	}, "\n")
}

// shell is a word of a POSIX shell.
func shell(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }

// Close prints how many rows each table of the target has. Its foreign keys were checked when they were added.
func (s *scripter) Close(d engine.Definition) string {
	var parts []string
	for i := range d.Tables {
		t := &d.Tables[i]
		parts = append(parts, "SELECT "+text(t.Name.String())+" AS copied_table, count(*) AS copied_rows FROM "+s.dialect.Table(t.Name))
	}
	if len(parts) == 0 {
		return ""
	}
	return "SELECT " + dollar(strings.Join(parts, "\nUNION ALL ")) + ` AS statement \gset` + "\n" + `\setenv UTDRAG_SQL :statement` + "\n" +
		`\! psql -X -P pager=off -d "$UTDRAG_TARGET" -c "$UTDRAG_SQL"`
}
