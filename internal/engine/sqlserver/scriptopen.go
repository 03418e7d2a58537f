package sqlserver

import (
	"fmt"
	"strings"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/internal/engine"
)

// Open settles the session, and makes the target or sees that it holds nothing but what an earlier run of this script left
// behind: its tables, without a row.
func (s *scripter) Open(d engine.Definition) string {
	batches := []string{
		s.batch("USE master;\nSET NOEXEC OFF;\nSET XACT_ABORT, NOCOUNT, ANSI_NULLS, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL, QUOTED_IDENTIFIER ON;\n" +
			"SET NUMERIC_ROUNDABORT OFF;\nSET IMPLICIT_TRANSACTIONS OFF;\nSET DATEFORMAT ymd;\n" +
			"-- Others come first: where somebody waits for somebody, it is this script that gives in\n" +
			"SET DEADLOCK_PRIORITY LOW;\nSET LOCK_TIMEOUT 60000;\n" +
			"IF @@TRANCOUNT <> 0\nBEGIN\n  " + throw(codeScript, "this session has a transaction open: run the script in a session of its own") + ";\nEND;\n" +
			"-- sqlcmd on Windows takes a file without a mark for the machine's code page, and texts would be others\n" +
			"IF UNICODE(N'å') <> 229\nBEGIN\n  " + throw(codeScript, "this file was not read as UTF-8: give sqlcmd -f 65001") + ";\nEND;"),
		s.batch(s.sourceThere()),
		s.batch(s.makeTarget()),
		s.batch(s.snapshotsAllowed()),
		s.batch(s.emptied(d) + s.useSource()),
	}
	return strings.Join(batches, "\n")
}

func (s *scripter) sourceThere() string {
	return "-- The source, of which only snapshots are read\n" +
		"IF DB_ID(" + text(s.source, false) + ") IS NULL\nBEGIN\n  " + throw(codeMissing, "there is no database "+s.source+" on this server, or this login may not see it") + ";\nEND;\n" +
		"IF NOT EXISTS (SELECT 1 FROM sys.databases WHERE name = " + text(s.source, false) + " AND snapshot_isolation_state = 1)\nBEGIN\n  " +
		throw(codeSnapshot, "the source gives no snapshots: ALTER DATABASE "+quote(s.source)+" SET ALLOW_SNAPSHOT_ISOLATION ON") + ";\nEND;"
}

// makeTarget makes the database with the source's collation, so that alias types, which take the database's, keep theirs.
func (s *scripter) makeTarget() string {
	return "-- The target, in the source's collation\n" +
		"IF DB_ID(" + text(s.target, false) + ") IS NULL\nBEGIN\n" +
		"  DECLARE @collation nvarchar(128) = CONVERT(nvarchar(128), DATABASEPROPERTYEX(" + text(s.source, false) + ", 'Collation'));\n" +
		"  EXEC (" + text("CREATE DATABASE "+quote(s.target)+" COLLATE ", false) + " + @collation);\nEND;\n" +
		"IF NOT EXISTS (SELECT 1 FROM sys.databases WHERE name = " + text(s.target, false) + " AND snapshot_isolation_state = 1)\n" +
		"  EXEC (" + text("ALTER DATABASE "+quote(s.target)+" SET ALLOW_SNAPSHOT_ISOLATION ON", false) + ");"
}

// snapshotsAllowed: the server may take its time to allow them, and then this script can be started again.
func (s *scripter) snapshotsAllowed() string {
	return "IF NOT EXISTS (SELECT 1 FROM sys.databases WHERE name = " + text(s.target, false) + " AND snapshot_isolation_state = 1)\nBEGIN\n  " +
		throw(codeSnapshot, "the target gives no snapshots yet: wait until other transactions in it have ended, and run this again") + ";\nEND;"
}

// emptied drops the empty tables of an earlier run. Anything else in the target is somebody's, and stops the script.
func (s *scripter) emptied(d engine.Definition) string {
	var b strings.Builder
	b.WriteString(s.useTarget() + "-- Nothing is there but what an earlier run of this script left: its tables, all empty\n")
	own := make([]string, len(d.Tables))
	for i := range d.Tables {
		name := s.dialect.Place(d.Tables[i].Name)
		own[i] = "(" + text(name.Schema, false) + ", " + text(name.Table, false) + ")"
	}
	if len(own) == 0 {
		own = []string{"(N'', N'')"}
	}
	b.WriteString("IF EXISTS (SELECT 1 FROM sys.objects o JOIN sys.schemas s ON s.schema_id = o.schema_id\n" +
		"  WHERE o.is_ms_shipped = 0 AND o.type IN ('U', 'V', 'P', 'FN', 'IF', 'TF', 'SN')\n" +
		"    AND NOT EXISTS (SELECT 1 FROM (VALUES\n      " + strings.Join(own, ",\n      ") + ") own (s, t)\n" +
		"      WHERE own.s = s.name AND own.t = o.name AND o.type = 'U'))\nBEGIN\n  " +
		throw(codeExists, s.target+" holds something else than this copy: name another database, or drop it") + ";\nEND;\n")
	for i := range d.Tables {
		table := s.dialect.Table(d.Tables[i].Name)
		fmt.Fprintf(&b, "IF OBJECT_ID(%s, N'U') IS NOT NULL\nBEGIN\n  IF EXISTS (SELECT 1 FROM %s)\n  BEGIN\n    %s;\n  END;\nEND;\n", text(table, false), table,
			throw(codeExists, s.target+" has rows in "+table+": a copy that was finished, or stopped at its checks; drop the database to make it anew"))
	}
	for i := len(d.Tables) - 1; i >= 0; i-- {
		b.WriteString("DROP TABLE IF EXISTS " + s.dialect.Table(d.Tables[i].Name) + ";\n")
	}
	for i := len(d.DataTypes) - 1; i >= 0; i-- {
		t := d.DataTypes[i]
		b.WriteString("DROP TYPE IF EXISTS " + quote(t.Schema) + "." + quote(t.Table) + ";\n")
	}
	return b.String()
}

// Close sees that the engine trusts every constraint, which it does when it has held each row against it, and prints how
// many rows each table has.
func (s *scripter) Close(d engine.Definition) string {
	var keys, counts []string
	for i := range d.Tables {
		t := &d.Tables[i]
		table := s.dialect.Table(t.Name)
		if n := len(t.ForeignKeys); n > 0 {
			keys = append(keys, fmt.Sprintf("IF (SELECT COUNT(*) FROM sys.foreign_keys WHERE parent_object_id = OBJECT_ID(%s)) <> %d\nBEGIN\n  %s;\nEND;",
				text(table, false), n, throw(codeForeign, table+" doesn't have every foreign key that it should")))
		}
		place := s.dialect.Place(t.Name)
		counts = append(counts, fmt.Sprintf("SELECT %s AS copied_table, COUNT_BIG(*) AS copied_rows FROM %s",
			text(catalog.Name{Schema: place.Schema, Table: place.Table}.String(), false), table))
	}
	checks := s.useTarget() + "-- Every constraint of the copy was held against every row\n" +
		"IF EXISTS (SELECT 1 FROM sys.foreign_keys WHERE is_disabled = 1 OR is_not_trusted = 1)\nBEGIN\n  " +
		throw(codeForeign, "a foreign key of the copy is not trusted") + ";\nEND;\n" +
		"IF EXISTS (SELECT 1 FROM sys.check_constraints WHERE is_disabled = 1 OR is_not_trusted = 1)\nBEGIN\n  " +
		throw(codeConstraint, "a check of the copy is not trusted") + ";\nEND;"
	if len(keys) > 0 {
		checks += "\n" + strings.Join(keys, "\n")
	}
	summary := ""
	if len(counts) > 0 {
		summary = "-- What was copied\n" + s.useTarget() + strings.Join(counts, "\nUNION ALL ") + "\nORDER BY copied_table;\n" + s.useSource()
	}
	return s.batch(checks) + "\n" + s.batch(summary+"PRINT N'The copy is complete.';") + "\n" + s.leave()
}

// leave comes last, whatever happened before: what is not committed is undone, and nothing of keys stays in the session.
func (s *scripter) leave() string {
	var b strings.Builder
	b.WriteString("-- Whatever happened: what is not committed is undone, and the session holds no keys\nSET NOEXEC OFF;\nGO\n" +
		"IF @@TRANCOUNT <> 0 ROLLBACK TRANSACTION;\n" + wipe("utdrag.batch"))
	if s.masks {
		b.WriteString(wipeKey())
	}
	for _, name := range s.works {
		b.WriteString("DROP TABLE IF EXISTS " + name + ";\n")
	}
	return b.String() + "GO\n"
}
