package pack

import (
	"context"
	"regexp"
	"strings"
	"testing"

	"github.com/sqlc-dev/teesql/parser"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/mask/value"
)

// everyKind is a table with a column of every kind that SQL Server has.
func everyKind() Table {
	t := Table{Name: catalog.Name{Schema: "vård]", Table: "pa'tient, ]å"}}
	for _, c := range []struct {
		name, engineType string
		kind             value.Kind
	}{
		{"Id", "int", value.Integer}, {"na]m'n", "nvarchar(20)", value.String}, {"ok", "bit", value.Boolean}, {"cost", "decimal(10, 2)", value.Number},
		{"price", "money", value.Number}, {"weight", "float", value.Real}, {"photo", "varbinary(max)", value.Binary}, {"born", "date", value.Date},
		{"at", "datetime2(7)", value.Timestamp}, {"seen", "datetimeoffset(3)", value.TimestampTZ}, {"clock", "time(0)", value.TimeOfDay},
		{"code", "uniqueidentifier", value.UUID}, {"page", "xml", value.XML}, {"node", "hierarchyid", value.Native}, {"alias", "[dbo].[Pnr]", value.Number},
	} {
		t.Columns = append(t.Columns, Column{Name: c.name, EngineType: c.engineType, Type: value.Type{Kind: c.kind}, Nullable: true})
	}
	return t
}

// batches are what sqlcmd would send, without the commands that are its own.
func batches(script string) (all []string) {
	var b strings.Builder
	for line := range strings.Lines(script) {
		switch trimmed := strings.TrimSpace(line); {
		case trimmed == "GO":
			all = append(all, b.String())
			b.Reset()
		case strings.HasPrefix(trimmed, ":"):
		default:
			b.WriteString(line)
		}
	}
	return append(all, b.String())
}

// No SQL Server is at hand here: another parser must read every batch, and the dynamic ones within.
func TestLoadSQLServer(t *testing.T) {
	table := everyKind()
	script, err := LoadSQL("sqlserver", []Table{table, {Name: catalog.Name{Schema: "dbo", Table: "b"}, Columns: table.Columns[:1]}},
		"CREATE TABLE [dbo].[b] ([Id] int NOT NULL);\n\n", "ALTER TABLE [dbo].[b] ADD CONSTRAINT [pk] PRIMARY KEY ([Id]);\n\n")
	if err != nil || script == nil {
		t.Fatalf("no script: %v", err)
	}
	text := string(script)
	got := batches(text)
	if len(got) != 15 { // three that prepare, the definitions, five for each table, what comes after the rows, and nothing
		t.Errorf("%d batches, want 15", len(got))
	}
	for _, batch := range got {
		if _, err := parser.Parse(context.Background(), strings.NewReader(batch)); err != nil {
			t.Errorf("%v in\n%s", err, batch)
		}
	}
	for _, want := range []string{"INSERT INTO [vård]]].[pa'tient, ]]å] ([Id], [na]]m'n]", "OBJECT_ID(N'[vård]]].[pa''tient, ]]å]')",
		"CAST(CASE WHEN c4 + N'.' = N'\\N.' THEN NULL ELSE ISNULL(c4, N'') END AS decimal(10, 2))",
		"CONVERT(varbinary(max), CASE WHEN c7 + N'.' = N'\\N.' THEN NULL ELSE ISNULL(c7, N'') END, 2)",
		"AND c2 + N'.' = N'na]m''n.' AND", "INSERT INTO [dbo].[utdrag_manifest]", "size = 8388608", "N'manifest.json'",
		"BEGIN TRANSACTION;\nCREATE TABLE [dbo].[b]", "COMMIT TRANSACTION;", ":on error exit", "N'$(folder)'"} {
		if !strings.Contains(text, want) {
			t.Errorf("the script lacks %s", want)
		}
	}
	if strings.Count(text, "$(") != 1 {
		t.Error("sqlcmd would look for a variable that isn't there")
	}
	within := regexp.MustCompile(`EXEC \(N'((?:[^']|'')*)'\)`).FindAllStringSubmatch(text, -1)
	if len(within) != 2 {
		t.Errorf("%d statements within others, want 2", len(within))
	}
	for _, w := range within {
		if _, err := parser.Parse(t.Context(), strings.NewReader(strings.ReplaceAll(w[1], "''", "'"))); err != nil {
			t.Errorf("%v in\n%s", err, w[1])
		}
	}
	for _, dynamic := range []string{
		"BULK INSERT #rows FROM N'/x/part-000001.csv' WITH (FORMAT = 'CSV', CODEPAGE = '65001', FIELDQUOTE = '\"', FIELDTERMINATOR = ',', ROWTERMINATOR = '0x0d0a', MAXERRORS = 0, TABLOCK)",
		"INSERT INTO #document SELECT N'package', CONVERT(xml, CONVERT(varbinary(max), '<?xml version=\"1.0\" encoding=\"UTF-8\"?><d><![CDATA[')\n+ f.BulkColumn + CONVERT(varbinary(max), ']]></d>'), 1).value('(/d)[1]', 'nvarchar(max)')\n" +
			"FROM OPENROWSET(BULK N'/x/manifest.json', SINGLE_BLOB) AS f",
	} {
		if _, err := parser.Parse(t.Context(), strings.NewReader(dynamic)); err != nil {
			t.Errorf("a statement that is put together: %v", err)
		}
	}
}

// What a client would take for commands of its own, and what has no literal form, gets no script; nor does SQLite, which has
// one of its own.
func TestNoLoadSQL(t *testing.T) {
	one := []Table{{Name: catalog.Name{Schema: "dbo", Table: "b"}, Columns: []Column{{Name: "Id", EngineType: "int", Type: value.Type{Kind: value.Integer}}}}}
	variant := []Table{{Name: catalog.Name{Schema: "dbo", Table: "b"}, Columns: []Column{{Name: "v", EngineType: "sql_variant", Type: value.Type{Kind: value.Native}}}}}
	named := []Table{{Name: catalog.Name{Schema: "dbo", Table: "$(x)"}, Columns: one[0].Columns}}
	for name, c := range map[string]struct {
		engine string
		tables []Table
		before string
	}{
		"a line GO":       {"sqlserver", one, "CREATE TABLE t (a text DEFAULT 'x\n go \ny')"},
		"a variable":      {"sqlserver", one, "CREATE TABLE t (a text DEFAULT '$(x)')"},
		"a command":       {"sqlserver", one, "CREATE TABLE t (a text DEFAULT '\n:r x')"},
		"the shell":       {"sqlserver", one, "CREATE TABLE t (a text DEFAULT '\n!!dir')"},
		"no colon":        {"sqlserver", one, "CREATE TABLE t (a text DEFAULT 'x\n  quit\n')"},
		"a variant":       {"sqlserver", variant, ""},
		"a table's name":  {"sqlserver", named, ""},
		"SQLite":          {"sqlite", one, ""},
		"another":         {"mysql", one, ""},
		"without columns": {"postgres", []Table{{Name: catalog.Name{Schema: "a", Table: "b"}}}, ""},
	} {
		if script, err := LoadSQL(c.engine, c.tables, c.before, ""); script != nil {
			t.Errorf("%s: a script, and %v", name, err)
		}
	}
	if script, err := LoadSQL("sqlserver", one, "CREATE TABLE t (a text DEFAULT 'ago\ngood')", ""); err != nil || script == nil {
		t.Errorf("a good one is refused: %v", err)
	}
}

// A table that the manifest doesn't count has no number to be compared with: NULL, which a check alone would let pass.
func TestLoadPostgresCounts(t *testing.T) {
	one := []Table{{Name: catalog.Name{Schema: "public", Table: "b"}, Columns: []Column{{Name: "Id", EngineType: "integer", Type: value.Type{Kind: value.Integer}}}}}
	script, err := LoadSQL("postgres", one, "", "")
	if err != nil || !strings.Contains(string(script), "good boolean NOT NULL CONSTRAINT") {
		t.Errorf("%v\n%s", err, script)
	}
}
