package pack

import (
	"context"
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
	if len(got) != 7 {
		t.Errorf("%d batches, want 7", len(got))
	}
	for _, batch := range got {
		if _, err := parser.Parse(context.Background(), strings.NewReader(batch)); err != nil {
			t.Errorf("%v in\n%s", err, batch)
		}
	}
	for _, want := range []string{"INSERT INTO [vård]]].[pa'tient, ]]å] ([Id], [na]]m'n]", "OBJECT_ID(N'[vård]]].[pa''tient, ]]å]')",
		"CONVERT(decimal(10, 2), NULLIF(ISNULL(c4, N''), N'\\N'))", "CONVERT(varbinary(max), NULLIF(ISNULL(c7, N''), N'\\N'), 2)",
		"BEGIN TRANSACTION;\nCREATE TABLE [dbo].[b]", "COMMIT TRANSACTION;", ":on error exit", "N'$(folder)'"} {
		if !strings.Contains(text, want) {
			t.Errorf("the script lacks %s", want)
		}
	}
	if strings.Count(text, "$(") != 1 {
		t.Error("sqlcmd would look for a variable that isn't there")
	}
	if _, err := parser.Parse(context.Background(), strings.NewReader("BULK INSERT #rows FROM N'/x/part-000001.csv' WITH (FORMAT = 'CSV', CODEPAGE = '65001', FIELDQUOTE = '\"', FIELDTERMINATOR = ',', ROWTERMINATOR = '0x0d0a', FIRSTROW = 2, TABLOCK)")); err != nil {
		t.Errorf("the statement that is put together: %v", err)
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
