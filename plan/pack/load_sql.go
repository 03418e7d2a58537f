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
CREATE TEMP TABLE utdrag_checked (what text, good boolean CONSTRAINT "the number of rows is that of the manifest" CHECK (good));

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

// sqlcmdWord matches what sqlcmd would take for a command or a variable of its own, wherever it stands.
var sqlcmdWord = regexp.MustCompile(`(?im)^\s*(GO\b|:|!!)|\$\(`)

const sqlcmdHead = `-- Fills a new, empty database with an unpacked extract, by Microsoft's own client:
--   sqlcmd -S SERVER -d DATABASE -b -i load.sql -v folder="FOLDER"
-- FOLDER is the extract's folder as the server's own account sees it, which reads it: C:\extract, /extract. The login needs
-- ADMINISTER BULK OPERATIONS. SQL Server 2017 or later. Everything is one transaction: an error leaves the database as it was.
:on error exit
SET ANSI_NULLS, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL, QUOTED_IDENTIFIER, XACT_ABORT, NOCOUNT ON;
SET LANGUAGE us_english;
SET DATEFORMAT ymd;
IF EXISTS (SELECT 1 FROM sys.tables WHERE is_ms_shipped = 0) THROW 51000, N'the database is not empty', 1;
CREATE TABLE #said (n int NOT NULL PRIMARY KEY, number_of_rows bigint NOT NULL);
CREATE TABLE #part (n int NOT NULL, part int NOT NULL, path nvarchar(4000) NOT NULL, PRIMARY KEY (n, part));
DECLARE @folder nvarchar(3000) = N'$(folder)', @manifest nvarchar(max), @sql nvarchar(max);
SET @sql = N'SELECT @manifest = BulkColumn FROM OPENROWSET(BULK N''' + REPLACE(@folder + N'/manifest.json', N'''', N'''''') + N''', SINGLE_CLOB) AS f';
EXEC sys.sp_executesql @sql, N'@manifest nvarchar(max) OUTPUT', @manifest = @manifest OUTPUT;
INSERT INTO #said SELECT CONVERT(int, t.[key]) + 1, CONVERT(bigint, JSON_VALUE(t.[value], '$.rows')) FROM OPENJSON(@manifest, '$.tables') AS t;
INSERT INTO #part SELECT CONVERT(int, t.[key]) + 1, CONVERT(int, p.[key]) + 1, @folder + N'/' + JSON_VALUE(p.[value], '$.name')
FROM OPENJSON(@manifest, '$.tables') AS t CROSS APPLY OPENJSON(t.[value], '$.parts') AS p;
GO
BEGIN TRANSACTION;
`

func sqlcmdScript(tables []Table, before, after string) []byte {
	var b strings.Builder
	b.WriteString(sqlcmdHead + before + "GO\n")
	for i, t := range tables {
		place := bracketed(t.Name.Schema) + "." + bracketed(t.Name.Table)
		names, quoted, cells := make([]string, len(t.Columns)), make([]string, len(t.Columns)), make([]string, len(t.Columns))
		for j, c := range t.Columns {
			cell, ok := sqlcmdCell(fmt.Sprintf("c%d", j+1), c)
			if !ok || sqlcmdWord.MatchString(c.Name) {
				return nil
			}
			names[j], quoted[j], cells[j] = bracketed(c.Name), "N"+quoteText(c.Name), cell
		}
		if sqlcmdWord.MatchString(t.Name.String()) {
			return nil
		}
		fmt.Fprintf(&b, "-- %d: %s\nCREATE TABLE #rows (%s);\n", i+1, t.Name, numbered(len(t.Columns), "c%d nvarchar(max) COLLATE Latin1_General_100_BIN2 NULL"))
		fmt.Fprintf(&b, `DECLARE @part int = 1, @sql nvarchar(max);
WHILE 1 = 1
BEGIN
SET @sql = NULL;
SELECT @sql = N'BULK INSERT #rows FROM N''' + REPLACE(path, N'''', N'''''') + N''' WITH (FORMAT = ''CSV'', CODEPAGE = ''65001'', FIELDQUOTE = ''"'', FIELDTERMINATOR = '','', ROWTERMINATOR = ''0x0d0a'', FIRSTROW = '
+ CASE @part WHEN 1 THEN N'2' ELSE N'1' END + N', TABLOCK)' FROM #part WHERE n = %d AND part = @part;
IF @sql IS NULL BREAK;
EXEC (@sql);
SET @part = @part + 1;
END;
`, i+1)
		object := "OBJECT_ID(N" + quoteText(place) + ")"
		numberedBy := fmt.Sprintf("IF EXISTS (SELECT 1 FROM sys.identity_columns WHERE object_id = %s AND name IN (%s)) SET IDENTITY_INSERT %s ", object, strings.Join(quoted, ", "), place)
		fmt.Fprintf(&b, "%sON;\nINSERT INTO %s (%s) SELECT\n%s\nFROM #rows;\n%sOFF;\n", numberedBy, place, strings.Join(names, ", "), strings.Join(cells, ",\n"), numberedBy)
		fmt.Fprintf(&b, "IF (SELECT COUNT_BIG(*) FROM %s) <> (SELECT number_of_rows FROM #said WHERE n = %d) THROW 51000, N'table %d has another number of rows than the manifest says', 1;\n",
			place, i+1, i+1)
		b.WriteString("DROP TABLE #rows;\nGO\n")
	}
	b.WriteString(after + "GO\nCOMMIT TRANSACTION;\nDROP TABLE #part, #said;\nPRINT 'loaded';\nGO\n")
	return []byte(b.String())
}

func bracketed(name string) string { return "[" + strings.ReplaceAll(name, "]", "]]") + "]" }

// builtIn are the types that CONVERT takes by their bare name; what is more is an alias type, which an assignment converts to.
var builtIn = []string{"bigint", "int", "smallint", "tinyint", "decimal", "numeric", "money", "smallmoney", "float", "real", "date", "time",
	"datetime", "smalldatetime", "datetime2", "datetimeoffset", "uniqueidentifier", "xml"}

// sqlcmdCell is the expression that gives a staged cell its form back, or false where there is none. BULK INSERT may take an empty
// text for NULL; a NULL of ours is never empty.
func sqlcmdCell(cell string, c Column) (string, bool) {
	given := fmt.Sprintf(`NULLIF(ISNULL(%s, N''), N'\N')`, cell)
	base, _, _ := strings.Cut(strings.ToLower(c.EngineType), "(")
	switch c.Type.Kind {
	case value.Boolean:
		return fmt.Sprintf("CASE %s WHEN N'true' THEN 1 WHEN N'false' THEN 0 END", cell), true
	case value.Binary:
		return fmt.Sprintf("CONVERT(varbinary(max), %s, 2)", given), true
	case value.String, value.JSON:
		return fmt.Sprintf(`CASE WHEN LEFT(%[1]s, 2) = N'\\' AND RIGHT(%[1]s, 1) = N'N' AND REPLACE(%[1]s, N'\', N'') = N'N' THEN SUBSTRING(%[1]s, 2, 2147483647) ELSE %[2]s END`, cell, given), true
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
		return fmt.Sprintf("CONVERT(%s, %s)", c.EngineType, given), true
	}
	return given, true
}
