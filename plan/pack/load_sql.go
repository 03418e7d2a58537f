package pack

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/utdrag/utdrag/mask/value"
)

// LoadSQL returns load.sql for a copy of a PostgreSQL or SQL Server source: a script by which the server's own client, psql or
// sqlcmd, fills a new, empty database from an unpacked package. before and after are the definitions that go before and behind the
// rows. Everything is one transaction, in which the row counts must be the manifest's and every constraint must hold.
//
// Rows are staged as text in a temporary table, since NULL and text that looks like it are told apart by backslashes, which
// no client takes off. nil is returned for what the client can't be told: a definition that sqlcmd would take for commands of
// its own, or a column whose cells have no literal form. Such a package is loaded by Utdrag.
func LoadSQL(engine string, tables []Table, before, after string) ([]byte, error) {
	for _, t := range tables {
		if err := t.check(); err != nil {
			return nil, err
		}
		if len(t.Columns) == 0 {
			return nil, nil
		}
	}
	switch engine {
	case "postgres":
		return psqlScript(tables, before, after), nil
	case "sqlserver":
		if sqlcmdWord.MatchString(before + "\n" + after) {
			return nil, nil
		}
		return sqlcmdScript(tables, before, after), nil
	}
	return nil, nil
}

const psqlHead = `-- Fills a new, empty database with an unpacked extract. In the extract's folder, with PostgreSQL's own client:
--   createdb copy && psql -X -d copy -f load.sql
-- It needs a POSIX shell for cat. Everything is one transaction: an error leaves the database as it was.
\set ON_ERROR_STOP on
\set manifest ` + "`cat manifest.json`" + `
\set catalog ` + "`cat catalog.json`" + `
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SET datestyle = 'ISO, YMD';
SET intervalstyle = 'postgres';
SET timezone = 'UTC';
SET lc_monetary = 'C';
SET search_path = pg_catalog, pg_temp;
BEGIN;
CREATE TEMP TABLE utdrag_said AS SELECT n, (t ->> 'rows')::bigint AS rows FROM json_array_elements(:'manifest'::json -> 'tables') WITH ORDINALITY AS x(t, n);
CREATE TEMP TABLE utdrag_checked (what text, good boolean NOT NULL CONSTRAINT "the number of rows is that of the manifest" CHECK (good));

`

func psqlScript(tables []Table, before, after string) []byte {
	var b strings.Builder
	b.WriteString(psqlHead + before)
	for i, t := range tables {
		place := quoteName(t.Name.Schema) + "." + quoteName(t.Name.Table)
		fmt.Fprintf(&b, "-- %d: %s\nCREATE TEMP TABLE utdrag_rows (%s);\n", i+1, t.Name, numbered(len(t.Columns), "c%d text"))
		fmt.Fprintf(&b, "\\copy utdrag_rows FROM PROGRAM 'cat %s/part-*.csv' WITH (FORMAT csv, HEADER true, NULL '\\N', ENCODING 'UTF8')\n", dirName(i+1, t.Name))
		names, cells := make([]string, len(t.Columns)), make([]string, len(t.Columns))
		for j, c := range t.Columns {
			names[j], cells[j] = quoteName(c.Name), psqlCell(fmt.Sprintf("c%d", j+1), c)
		}
		fmt.Fprintf(&b, "INSERT INTO %s (%s) OVERRIDING SYSTEM VALUE SELECT\n%s\nFROM utdrag_rows;\n", place, strings.Join(names, ", "), strings.Join(cells, ",\n"))
		fmt.Fprintf(&b, "INSERT INTO utdrag_checked SELECT %s, count(*) = (SELECT rows FROM utdrag_said WHERE n = %d) FROM %s;\nDROP TABLE utdrag_rows;\n\n",
			quoteText(t.Name.String()), i+1, place)
	}
	b.WriteString(after)
	fmt.Fprintf(&b, `CREATE TABLE "public"."%[1]s" (name text NOT NULL PRIMARY KEY, document text NOT NULL);
INSERT INTO "public"."%[1]s" VALUES ('%[2]s', :'manifest' || E'\n'), ('%[3]s', :'catalog' || E'\n');
COMMIT;
\echo loaded
`, ManifestTable, PackageDocument, CatalogDocument)
	return []byte(b.String())
}

// psqlCell is the expression that gives a staged cell its form back.
func psqlCell(cell string, c Column) string {
	switch c.Type.Kind {
	case value.String:
		// No cast: an explicit one would cut off what is too long, where an assignment fails.
		return fmt.Sprintf(`CASE WHEN %[1]s ~ '^\\{2,}N$' THEN substr(%[1]s, 2) ELSE %[1]s END`, cell)
	case value.Binary:
		return fmt.Sprintf("decode(%s, 'hex')", cell)
	case value.Real, value.Number:
		return fmt.Sprintf("(CASE %[1]s WHEN '%[2]s' THEN 'Infinity' WHEN '-%[2]s' THEN '-Infinity' ELSE %[1]s END)::%[3]s", cell, infinite, c.EngineType)
	case value.Date, value.Timestamp, value.TimestampTZ:
		// ISO 8601 has a year 0, which is 1 BC, and signs before years that aren't of four digits.
		return fmt.Sprintf(`(CASE WHEN %[1]s ~ '^(-[0-9]|0000-)' THEN lpad((ltrim(substring(%[1]s FROM '^-?[0-9]+'), '-')::int + 1)::text, 4, '0') || regexp_replace(%[1]s, '^-?[0-9]+', '') || ' BC' ELSE ltrim(%[1]s, '+') END)::%[2]s`,
			cell, c.EngineType)
	case value.Native, value.Variant:
		return fmt.Sprintf("(CASE WHEN starts_with(%[1]s, '%[2]s') THEN substr(%[1]s, %[3]d) END)::%[4]s", cell, prefixes[value.Text], len(prefixes[value.Text])+1, c.EngineType)
	case value.JSON, value.XML, value.UUID:
		return fmt.Sprintf(`(CASE WHEN %[1]s ~ '^\\{2,}N$' THEN substr(%[1]s, 2) ELSE %[1]s END)::%[2]s`, cell, c.EngineType)
	}
	return cell + "::" + c.EngineType
}

// sqlcmdWord matches what sqlcmd would take for a command or a variable of its own, wherever it stands. Some commands need no colon:
// https://learn.microsoft.com/sql/tools/sqlcmd/sqlcmd-commands.
var sqlcmdWord = regexp.MustCompile(`(?im)^\s*((GO|RESET|ED|QUIT|EXIT)\b|:|!!)|\$\(`)

// sqlcmdHead looks at the server and reads the package's documents.
//
// The documents are UTF-8, which the XML parser reads in every version. "]]>" would end it; it stands in them only where a name
// ends in a bracket, and is an error then. On Linux a server converts no code page
// (https://learn.microsoft.com/sql/t-sql/statements/bulk-insert-transact-sql, CODEPAGE): lines are read there into columns that are
// UTF-8 themselves, which came with SQL Server 2019.
const sqlcmdHead = `-- Fills a new, empty database with an unpacked extract, by Microsoft's own client:
--   sqlcmd -S SERVER -d DATABASE -b -f 65001 -i load.sql -v folder="FOLDER"
-- FOLDER is the extract's folder as the server sees it, which reads it: C:\extract, /extract. It takes SQL Server 2017 or later, on
-- Linux 2019 or later. The login owns the database and has ADMINISTER BULK OPERATIONS; on Linux it may have to be a sysadmin.
-- Everything is one transaction: an error leaves the database as it was.
:on error exit
SET ANSI_NULLS, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL, QUOTED_IDENTIFIER, XACT_ABORT, NOCOUNT ON;
SET NUMERIC_ROUNDABORT, IMPLICIT_TRANSACTIONS OFF;
SET LANGUAGE us_english;
SET DATEFORMAT ymd;
IF UNICODE(N'å') <> 229 THROW 51000, N'this file was not read as UTF-8: give sqlcmd -f 65001', 1;
IF DB_ID() <= 4 THROW 51000, N'this is a database of the server itself: name a new one with -d', 1;
IF EXISTS (SELECT 1 FROM sys.tables WHERE is_ms_shipped = 0) THROW 51000, N'the database is not empty', 1;
DECLARE @version int = CONVERT(int, SERVERPROPERTY('ProductMajorVersion'));
DECLARE @linux int = (SELECT COUNT(*) FROM sys.dm_os_host_info WHERE host_platform = N'Linux');
IF @version < 14 + @linux THROW 51000, N'the server is too old: it takes SQL Server 2017 or later, on Linux 2019 or later', 1;
CREATE TABLE #place (folder nvarchar(3000) NOT NULL, separator nchar(1) NOT NULL, code_page nvarchar(5) NOT NULL);
INSERT INTO #place SELECT f, CASE WHEN CHARINDEX(N'\', f) > 0 THEN N'\' ELSE N'/' END, CASE @linux WHEN 0 THEN N'65001' ELSE N'RAW' END
FROM (SELECT N'$(folder)' AS f) AS given;
CREATE TABLE #document (name nvarchar(20) NOT NULL PRIMARY KEY, document nvarchar(max) NOT NULL);
CREATE TABLE #said (n int NOT NULL PRIMARY KEY, number_of_rows bigint NOT NULL);
CREATE TABLE #part (n int NOT NULL, part int NOT NULL, name nvarchar(200) NOT NULL, size bigint NOT NULL, PRIMARY KEY (n, part));
GO
DECLARE @sql nvarchar(max);
SELECT @sql = N'%[1]s
%[2]s' FROM #place;
EXEC (@sql);
GO
DECLARE @manifest nvarchar(max) = (SELECT document FROM #document WHERE name = N'%[3]s');
INSERT INTO #said SELECT CONVERT(int, t.[key]) + 1, CONVERT(bigint, JSON_VALUE(t.[value], '$.rows')) FROM OPENJSON(@manifest, '$.tables') AS t;
INSERT INTO #part SELECT CONVERT(int, t.[key]) + 1, CONVERT(int, p.[key]) + 1, JSON_VALUE(p.[value], '$.name'), CONVERT(bigint, JSON_VALUE(p.[value], '$.size'))
FROM OPENJSON(@manifest, '$.tables') AS t CROSS APPLY OPENJSON(t.[value], '$.parts') AS p;
GO
BEGIN TRANSACTION;
`

// sqlcmdRead puts together the statement that reads a document.
func sqlcmdRead(name, file string) string {
	return `INSERT INTO #document SELECT N''` + name + `'', CONVERT(xml, CONVERT(varbinary(max), ''<?xml version="1.0" encoding="UTF-8"?><d><![CDATA['') + f.BulkColumn
+ CONVERT(varbinary(max), '']]></d>''), 1).value(''(/d)[1]'', ''nvarchar(max)'') FROM OPENROWSET(BULK N''' + REPLACE(folder + separator + N'` + file + `', N'''', N'''''') + N''', SINGLE_BLOB) AS f;`
}

// sqlcmdStage fills #rows with the lines of a table as they are, by its number and the size of a part that may end within a line.
const sqlcmdStage = `DECLARE @part int = 1, @code_page nvarchar(5) = (SELECT code_page FROM #place), @sql nvarchar(max);
IF EXISTS (SELECT 1 FROM #part WHERE n = %[1]d AND size = %[2]d)
THROW 51000, N'a row of table %[1]d is larger than a part, and goes on in the next: load the package with utdrag', 1;
WHILE EXISTS (SELECT 1 FROM #part WHERE n = %[1]d AND part = @part)
BEGIN
SELECT @sql = N'BULK INSERT #rows FROM N''' + REPLACE(p.folder + p.separator + REPLACE(f.name, N'/', p.separator), N'''', N'''''') + N''' WITH (FORMAT = ''CSV'', CODEPAGE = '''
+ @code_page + N''', FIELDQUOTE = ''"'', FIELDTERMINATOR = '','', ROWTERMINATOR = ''0x0d0a'', MAXERRORS = 0, TABLOCK)'
FROM #place AS p CROSS JOIN #part AS f WHERE f.n = %[1]d AND f.part = @part;
EXEC (@sql);
SET @part = @part + 1;
END;
GO
`

// sqlcmdTail leaves the evidence by which utdrag verify knows a copy, and utdrag receive one that it may replace.
const sqlcmdTail = `GO
IF EXISTS (SELECT 1 FROM sys.foreign_keys WHERE is_not_trusted = 1 OR is_disabled = 1) OR EXISTS (SELECT 1 FROM sys.check_constraints WHERE is_not_trusted = 1 OR is_disabled = 1)
THROW 51000, N'the server does not trust a constraint', 1;
CREATE TABLE [dbo].[%[1]s] (name nvarchar(20) NOT NULL PRIMARY KEY, document nvarchar(max) NOT NULL);
INSERT INTO [dbo].[%[1]s] (name, document) SELECT name, document FROM #document;
COMMIT TRANSACTION;
PRINT 'loaded';
GO
`

func sqlcmdScript(tables []Table, before, after string) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, sqlcmdHead, sqlcmdRead(PackageDocument, manifestName), sqlcmdRead(CatalogDocument, "catalog.json"), PackageDocument)
	b.WriteString(before + "GO\n")
	for i, t := range tables {
		place := bracketed(t.Name.Schema) + "." + bracketed(t.Name.Table)
		names, quoted, cells, header := make([]string, len(t.Columns)), make([]string, len(t.Columns)), make([]string, len(t.Columns)), make([]string, len(t.Columns))
		for j, c := range t.Columns {
			staged := fmt.Sprintf("c%d", j+1)
			cell, ok := sqlcmdCell(staged, c)
			if !ok || sqlcmdWord.MatchString(c.Name) {
				return nil
			}
			names[j], quoted[j], cells[j], header[j] = bracketed(c.Name), "N"+quoteText(c.Name), cell, same(staged, c.Name)
		}
		if sqlcmdWord.MatchString(t.Name.String()) {
			return nil
		}
		fmt.Fprintf(&b, "-- %d: %s\nCREATE TABLE #rows (%s);\nGO\n", i+1, t.Name, numbered(len(t.Columns), "c%d nvarchar(max) COLLATE Latin1_General_100_BIN2 NULL"))
		fmt.Fprintf(&b, "IF (SELECT code_page FROM #place) = N'RAW' EXEC (N'%s');\nGO\n",
			strings.ReplaceAll(numbered(len(t.Columns), "ALTER TABLE #rows ALTER COLUMN c%d varchar(max) COLLATE Latin1_General_100_BIN2_UTF8 NULL"), ",", ";\n"))
		fmt.Fprintf(&b, sqlcmdStage, i+1, writtenPart)
		// The line of names came as a row: FIRSTROW, which is not made for it, would count commas, and names may hold some. A row that
		// is equal may go in its place.
		fmt.Fprintf(&b, "DELETE TOP (1) FROM #rows WHERE %s;\nIF @@ROWCOUNT <> 1 THROW 51000, N'the columns of table %d are not those that its first line names', 1;\n",
			strings.Join(header, " AND "), i+1)
		object := "OBJECT_ID(N" + quoteText(place) + ")"
		numberedBy := fmt.Sprintf("IF EXISTS (SELECT 1 FROM sys.identity_columns WHERE object_id = %s AND name IN (%s)) SET IDENTITY_INSERT %s ", object, strings.Join(quoted, ", "), place)
		fmt.Fprintf(&b, "%sON;\nINSERT INTO %s (%s) SELECT\n%s\nFROM #rows;\n%sOFF;\n", numberedBy, place, strings.Join(names, ", "), strings.Join(cells, ",\n"), numberedBy)
		fmt.Fprintf(&b, "IF NOT EXISTS (SELECT 1 FROM #said WHERE n = %[1]d AND number_of_rows = (SELECT COUNT_BIG(*) FROM %[2]s)) THROW 51000, N'table %[1]d has another number of rows than the manifest says', 1;\n",
			i+1, place)
		b.WriteString("DROP TABLE #rows;\nGO\n")
	}
	b.WriteString(after)
	fmt.Fprintf(&b, sqlcmdTail, ManifestTable)
	return []byte(b.String())
}

// same compares a staged cell with a text to the last space, of which SQL Server's own comparison takes no notice.
func same(cell, text string) string { return cell + " + N'.' = N" + quoteText(text+".") }

func bracketed(name string) string { return "[" + strings.ReplaceAll(name, "]", "]]") + "]" }

// builtIn are the types that CONVERT takes by their bare name; what is more is an alias type, which an assignment converts to.
var builtIn = []string{"bigint", "int", "smallint", "tinyint", "decimal", "numeric", "money", "smallmoney", "float", "real", "date", "time",
	"datetime", "smalldatetime", "datetime2", "datetimeoffset", "uniqueidentifier"}

// sqlcmdCell is the expression that gives a staged cell its form back, or false where there is none. BULK INSERT may take an empty
// text for NULL; a NULL of ours is never empty.
func sqlcmdCell(cell string, c Column) (string, bool) {
	given := fmt.Sprintf(`CASE WHEN %s THEN NULL ELSE ISNULL(%s, N'') END`, same(cell, `\N`), cell)
	text := fmt.Sprintf(`CASE WHEN LEFT(%[1]s, 2) = N'\\' AND RIGHT(%[1]s, 1) = N'N' AND REPLACE(%[1]s, N'\', N'') = N'N' THEN SUBSTRING(%[1]s, 2, 2147483647) ELSE %[2]s END`, cell, given)
	base, _, _ := strings.Cut(strings.ToLower(c.EngineType), "(")
	switch c.Type.Kind {
	case value.Boolean:
		return fmt.Sprintf("CONVERT(bit, %s)", given), true
	case value.Binary:
		return fmt.Sprintf("CONVERT(varbinary(max), %s, 2)", given), true
	case value.String, value.JSON:
		return text, true
	case value.XML:
		// Style 1 keeps white space: https://learn.microsoft.com/sql/t-sql/functions/cast-and-convert-transact-sql.
		return fmt.Sprintf("CONVERT(xml, CONVERT(nvarchar(max), %s), 1)", text), true
	case value.Native:
		if !slices.Contains([]string{"hierarchyid", "geography", "geometry"}, base) {
			return "", false
		}
		hex := prefixes[value.Bytes]
		return fmt.Sprintf("CONVERT(%s, CONVERT(varbinary(max), CASE WHEN LEFT(%[2]s, %[3]d) = N'%[4]s' THEN SUBSTRING(%[2]s, %[5]d, 2147483647) END, 2))",
			base, cell, len(hex), hex, len(hex)+1), true
	case value.Variant, value.Unknown:
		return "", false
	}
	if slices.Contains(builtIn, base) {
		return fmt.Sprintf("CAST(%s AS %s)", given, c.EngineType), true
	}
	return given, true
}
