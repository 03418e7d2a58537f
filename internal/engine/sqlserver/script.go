package sqlserver

import (
	"fmt"
	"strings"
	"unicode/utf16"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/internal/engine"
	"github.com/utdrag/utdrag/mask/value"
)

var _ engine.Scripting = Dialect{}

// scriptTarget is the database that a script makes unless told.
const scriptTarget = "utdrag_copy"

// maxName is how many of UTF-16's units a name has at most.
const maxName = 128

// Script returns the writer of scripts for sqlcmd and SQL Server Management Studio. source and target are databases of one
// server.
func (d Dialect) Script(source, target string) (engine.Scripter, error) {
	if target == "" {
		target = scriptTarget
	}
	if source == "" {
		return nil, failure(codeURL, diag.Misuse, "describe the catalog anew, from the database itself", nil,
			"the catalog doesn't say which database it describes, and a script must name it")
	}
	for _, name := range []string{source, target} {
		if len(utf16.Encode([]rune(name))) > maxName || strings.ContainsAny(name, "\x00\r\n") {
			return nil, failure(codeURL, diag.Misuse, "name a database with at most 128 characters on one line", nil, "a script can't name such a database")
		}
	}
	if strings.EqualFold(source, target) {
		return nil, failure(codeURL, diag.Misuse, "name another database", nil, "a script can't copy a database into itself")
	}
	return &scripter{dialect: d, source: source, target: target}, nil
}

// scripter writes one script, from its beginning to its end.
//
// A script is batches, each ended by next: SET XACT_ABORT ON ends a batch at its first error, and the client would go on with
// the one after it. So every batch says at its end, in the session's context, that it came so far; a batch of its own looks
// for that, and switches execution off where it isn't said. This holds in sqlcmd with and without -b, and in Management
// Studio; and for a session that broke and was opened anew, because the new one has no such context.
type scripter struct {
	dialect        Dialect
	source, target string
	batches        int
	provider       string   // the type of the work table's provider key
	works          []string // the work tables
	masks          bool
}

// The errors that a script raises by itself.
const codeScript = "UE340"

func (s *scripter) Usage() string {
	return "sqlcmd -S SERVER -b -x -f 65001 -i plan.sql    (or open it in SQL Server Management Studio; reads " + oneLine(s.source) + " and makes " + oneLine(s.target) + ")"
}

func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == 0x85 || r == 0x2028 || r == 0x2029 {
			return ' '
		}
		return r
	}, s)
}

// Target is "": what Define writes stands in the target's own context, because schemas and types can't be made from another.
func (*scripter) Target() string { return "" }

func (s *scripter) useSource() string { return "USE " + quote(s.source) + ";\n" }
func (s *scripter) useTarget() string { return "USE " + quote(s.target) + ";\n" }

// batch ends a batch. What a client would split, it can't carry.
func (s *scripter) batch(text string) string {
	if splits(text) {
		text = throw(codeScript, "a name or a definition holds a line break, which no script can carry: use utdrag extract") + ";"
	}
	s.batches++
	return fmt.Sprintf("%s\nEXEC sys.sp_set_session_context N'utdrag.batch', %d;\nGO\n"+
		"IF ISNULL(CONVERT(int, SESSION_CONTEXT(N'utdrag.batch')), -1) <> %d SET NOEXEC ON;\nGO", strings.TrimRight(text, "\n"), s.batches, s.batches)
}

// splits reports whether a quoted name or text has a line break. Clients look for GO, and sqlcmd for commands of its own, at
// the beginning of every line.
func splits(text string) bool {
	for line := range strings.SplitSeq(text, "\n") {
		if strings.HasPrefix(line, "--") {
			text = strings.Replace(text, line, "", 1)
		}
	}
	parts, ok := pieces(text)
	for _, p := range parts {
		if p.quote != 0 && strings.ContainsAny(p.text, "\r\n\u0085\u2028\u2029") {
			return true
		}
	}
	return !ok
}

// Define runs a statement in the target.
func (s *scripter) Define(statement string) string {
	return s.batch(s.useTarget() + statement + ";\n" + strings.TrimRight(s.useSource(), "\n"))
}

// Begin starts the snapshot, which it has when the first row is read. Work tables were made before: a snapshot takes no
// definitions. The target needs snapshots too, because rows are written there.
func (s *scripter) Begin() string {
	return s.batch("-- One snapshot of the source for everything until COMMIT\n" +
		"SET TRANSACTION ISOLATION LEVEL SNAPSHOT;\nBEGIN TRANSACTION;")
}

// Commit ends the snapshot.
func (s *scripter) Commit() string {
	return s.batch("COMMIT TRANSACTION;\nSET TRANSACTION ISOLATION LEVEL READ COMMITTED;")
}

// Statement writes the arguments as literals, and the provider's key once, as a variable of its column's own type.
func (s *scripter) Statement(sql string, args []value.Value) string {
	return s.batch(s.statement(sql, args))
}

func (s *scripter) statement(sql string, args []value.Value) string {
	if name, ok := workTable(sql); ok {
		s.works = append(s.works, name)
		sql = "DROP TABLE IF EXISTS " + name + ";\n" + sql
	}
	work := "DROP TABLE IF EXISTS " + s.dialect.Work(providerTable) + ";\nCREATE TABLE " + s.dialect.Work(providerTable) + " ("
	if rest, ok := strings.CutPrefix(sql, work); ok {
		s.provider = declaredType(rest)
	}
	if strings.HasPrefix(sql, "INSERT INTO "+s.dialect.Work(providerTable)+" ") && len(args) == 1 && s.provider != "" {
		kind := s.provider
		base, _ := baseOf(kind)
		key := s.dialect.Literal(args[0], value.Type{Kind: value.String, Narrow: narrow[base]})
		if narrow[base] && !ascii(args[0].Text()) { // a variable's code page is the database's, not the column's
			kind = "nvarchar(4000)"
		}
		return "DECLARE @provider " + kind + " = " + key + ";\n" + engine.Inline(sql, "@p", 1, func(int) string { return "@provider" }) + ";"
	}
	return engine.Inline(sql, "@p", len(args), func(i int) string { return s.dialect.Literal(args[i], value.Type{Kind: value.String}) }) + ";"
}

// workTable is the quoted name of the work table that a statement makes.
func workTable(sql string) (string, bool) {
	rest, ok := strings.CutPrefix(sql, "CREATE TABLE [#")
	if !ok {
		return "", false
	}
	parts, ok := pieces("[#" + rest)
	return parts[0].text, ok
}

// providerTable is the work table of the ordered provider key, as package filter names it.
const providerTable = "provider"

// declaredType is the type of the first column of a work table.
func declaredType(columns string) string {
	parts, _ := pieces(columns)
	if len(parts) < 2 || parts[0].quote != '[' {
		return ""
	}
	words, _, _ := strings.Cut(strings.TrimSpace(parts[1].text), " ")
	if base, _ := baseOf(words); base == "" {
		return ""
	}
	return words
}

// Fixpoint is a loop. The rounds were written by Statement, each as a batch, and are one batch here.
func (s *scripter) Fixpoint(_ int, rounds []string, condition, _ string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "WHILE (%s) = 1\nBEGIN\n", condition)
	for _, round := range rounds {
		round, _, _ = strings.Cut(round, "\nEXEC sys.sp_set_session_context N'utdrag.batch', ")
		b.WriteString("  " + strings.ReplaceAll(round, "\n", "\n  ") + "\n")
	}
	b.WriteString("END;")
	return s.batch(b.String())
}

// Check compares the one number that a query yields.
func (s *scripter) Check(_ int, query string, expect int64, message string) string {
	return s.batch(check(query, expect, message))
}

// check is Check within a batch. The message has its code already where it comes from a plan.
func check(query string, expect int64, message string) string {
	code, rest, coded := strings.Cut(message, ": ")
	if !coded || len(code) != len(codeScript) || code[0] != 'U' {
		code, rest = codeScript, message
	}
	return fmt.Sprintf("IF ISNULL((%s), -1) <> %d\nBEGIN\n  %s;\nEND;", query, expect, throw(code, oneLine(rest)))
}

// Insert copies rows between the databases. A session can give numbers to one table's identity at a time.
func (s *scripter) Insert(t *catalog.Table, columns []string, query string) string {
	numbered := false
	for _, name := range columns {
		c := t.Column(name)
		numbered = numbered || c != nil && c.Identity
	}
	var b strings.Builder
	if strings.Contains(query, innerPad) {
		b.WriteString(declarePads)
	}
	identity := func(state string) string {
		return s.useTarget() + "SET IDENTITY_INSERT " + s.dialect.Table(t.Name) + " " + state + ";\n" + s.useSource()
	}
	if numbered {
		b.WriteString(identity("ON"))
	}
	b.WriteString("INSERT INTO " + s.dialect.at(s.target, t.Name) + " WITH (TABLOCK) (" + quoteAll(columns) + ")\n" + query + ";\n")
	if numbered {
		b.WriteString(identity("OFF"))
	}
	return s.batch(b.String())
}
