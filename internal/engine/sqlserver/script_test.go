package sqlserver

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/internal/engine"
	"github.com/utdrag/utdrag/mask"
	"github.com/utdrag/utdrag/mask/value"
)

var update = flag.Bool("update", false, "write the golden files anew")

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

// scripted writes a script as package plan does: every table is copied whole, and Note is hashed.
func scripted(t testing.TB, d engine.Definition, source, target string, masks bool) string {
	t.Helper()
	made, err := Dialect{}.Script(source, target)
	if err != nil {
		t.Fatal(err)
	}
	s := made.(*scripter)
	var masking engine.Masking
	if masks {
		rule, err := mask.New("hash", value.NewText("note"))
		if err != nil {
			t.Fatal(err)
		}
		of := func(words, collation string) mask.Column {
			c := ofType(t, words)
			c.Type.Collation, _ = collationOf(collation)
			return mask.Column{Type: c.Type, Nullable: true}
		}
		var cells []engine.Cells
		for _, c := range []struct {
			column string
			of     mask.Column
		}{{"Note", of("nvarchar(max)", "Finnish_Swedish_CS_AS")}, {"Folded", of("varchar(64)", swedish)}, {"Guid", mask.Column{Type: ofType(t, "uniqueidentifier").Type}}} {
			if !s.CanMask(rule, c.of) {
				t.Fatal(c.column, "can't be masked")
			}
			cells = append(cells, engine.Cells{Table: d.Tables[0].Name, Column: c.column, Rule: rule, Of: c.of, SQL: "t." + quote(c.column), From: "FROM " + s.dialect.Table(d.Tables[0].Name) + " t"})
		}
		masking = s.Mask(cells)
	}
	var parts []string
	add := func(text string) { parts = append(parts, text) }
	add(s.Open(d))
	before, err := s.dialect.Prepare(d)
	if err != nil {
		t.Fatal(err)
	}
	for _, statement := range before {
		add(s.Define(statement))
	}
	for i := range d.Tables {
		text, err := s.dialect.CreateTable(s.Target(), &d.Tables[i])
		if err != nil {
			t.Fatal(err)
		}
		add(s.Define(text))
	}
	key := ofType(t, "varchar(31)")
	add(s.Statement(s.dialect.CreateWork("provider", []engine.WorkColumn{{Name: "HsaId", Like: key}}), nil))
	number := ofType(t, "int")
	for _, work := range []string{"keys", "delta", "next"} {
		add(s.Statement(s.dialect.CreateWork(work, []engine.WorkColumn{{Name: "Id", Like: number}}), nil))
	}
	add(s.Begin())
	add(s.Statement("INSERT INTO [#provider] ([HsaId]) VALUES (@p1)", []value.Value{value.NewText("SE2321000016-1003")}))
	add(s.Check(1, "SELECT COUNT_BIG(*) FROM [#provider]", 1, "UP001: the ordered provider key is not exactly one row"))
	add(s.Statement("INSERT INTO [#delta] ([Id])\nSELECT 1", nil))
	add(s.Statement("INSERT INTO [#keys] ([Id])\nSELECT [Id] FROM [#delta]", nil))
	add(s.Fixpoint(2, []string{
		s.Statement("INSERT INTO [#next] ([Id])\nSELECT d.[Id] + 1 FROM [#delta] d WHERE d.[Id] < @p1", []value.Value{value.NewInt(5)}),
		s.Statement("DELETE FROM [#delta]", nil),
		s.Statement("INSERT INTO [#delta] ([Id])\nSELECT [Id] FROM [#next]", nil),
		s.Statement("DELETE FROM [#next]", nil),
		s.Statement("INSERT INTO [#keys] ([Id])\nSELECT [Id] FROM [#delta]", nil),
	}, "SELECT CASE WHEN EXISTS (SELECT 1 FROM [#delta]) THEN 1 ELSE 0 END", "SELECT 1"))
	add(s.Check(3, "SELECT COUNT_BIG(*) FROM [#keys]", 5, "the rounds found another number"))
	add(masking.Before)
	for i := range d.Tables {
		table := &d.Tables[i]
		var columns, output []string
		for j := range table.Columns {
			if c := &table.Columns[j]; c.Inserted() {
				columns = append(columns, c.Name)
				if masks && c.Name == "Note" {
					output = append(output, masking.SQL[0]+" AS [Note]")
					continue
				}
				output = append(output, "t."+quote(c.Name))
			}
		}
		add(s.Insert(table, columns, "SELECT "+strings.Join(output, ", ")+"\n  FROM "+s.dialect.Table(table.Name)+" t"))
	}
	add(masking.After)
	add(s.Commit())
	for i := range d.Tables {
		for _, x := range d.Tables[i].Indexes {
			text, err := s.dialect.CreateIndex(s.Target(), &d.Tables[i], x)
			if err != nil {
				t.Fatal(err)
			}
			add(s.Define(text))
		}
	}
	for i := range d.Tables {
		complete, err := s.dialect.Complete(s.Target(), &d.Tables[i])
		if err != nil {
			t.Fatal(err)
		}
		for _, statement := range complete {
			add(s.Define(statement))
		}
	}
	add(s.Close(d))
	return strings.Join(parts, "\n") + "\n"
}

func TestScriptGolden(t *testing.T) {
	script := scripted(t, definitions("Vårdenhet a]b"), "Journal å", "", true)
	golden(t, "script.sql", script)
	if again := scripted(t, definitions("Vårdenhet a]b"), "Journal å", "", true); again != script {
		t.Error("the same plan gives another script")
	}
}

// Every batch parses, and says at its end that it came so far: the next one is not run otherwise.
func TestScriptBatches(t *testing.T) {
	for _, name := range names {
		script := scripted(t, definitions(name), "source of "+name, "target of "+name, true)
		list := batches(script)
		leaving := len(list) - 2
		for i, b := range list {
			parsed(t, b)
			switch {
			case i >= leaving:
			case i%2 == 0 && !strings.Contains(b, "\nEXEC sys.sp_set_session_context N'utdrag.batch', "):
				t.Errorf("batch %d of %q doesn't say that it came to its end:\n%s", i, name, b)
			case i%2 == 1 && !strings.HasPrefix(strings.TrimSpace(b), "IF ISNULL(CONVERT(int, SESSION_CONTEXT(N'utdrag.batch')), -1) <> "):
				t.Errorf("batch %d of %q doesn't look whether the one before came to its end:\n%s", i, name, b)
			}
		}
		if strings.Contains(script, "NOCHECK") {
			t.Error("a constraint is left unchecked")
		}
	}
}

// A line break in a name would let a client split the script there.
func TestScriptNeverSplits(t *testing.T) {
	for _, name := range []string{"a\nGO\nDROP DATABASE x\nGO\n", "a\r\n:r other.sql", "a\n!!dir"} {
		script := scripted(t, definitions(name), "s", "t", false)
		if strings.Contains(script, "\nDROP DATABASE") || strings.Contains(script, "\n:r") || strings.Contains(script, "\n!!") {
			t.Errorf("%q came through:\n%s", name, script)
		}
		if !strings.Contains(script, "holds a line break, which no script can carry") {
			t.Errorf("%q is not refused", name)
		}
		if _, err := (Dialect{}).Script(name, ""); diag.CodeOf(err) != codeURL {
			t.Error("a source of that name:", err)
		}
		if _, err := (Dialect{}).Script("s", name); diag.CodeOf(err) != codeURL {
			t.Error("a target of that name:", err)
		}
	}
}

func TestScriptRefuses(t *testing.T) {
	for _, c := range [][2]string{{"", "copy"}, {"Journal", "JOURNAL"}, {"Journal", strings.Repeat("x", 129)}} {
		if _, err := (Dialect{}).Script(c[0], c[1]); diag.CodeOf(err) != codeURL {
			t.Errorf("%q to %q: %v", c[0], c[1], err)
		}
	}
	if (&scripter{}).CanMask(mustRule(t, "redact"), mask.Column{Type: ofType(t, "varchar(50)").Type}) {
		t.Error("a mask that is no keyed hash")
	}
}

func mustRule(t testing.TB, name string, args ...value.Value) mask.Rule {
	t.Helper()
	rule, err := mask.New(name, args...)
	if err != nil {
		t.Fatal(err)
	}
	return rule
}

// Definitions that could end their statement are refused, and so is what nobody knows.
func TestDefinitionsRefused(t *testing.T) {
	for what, change := range map[string]func(*catalog.Table){
		"a check":         func(t *catalog.Table) { t.Checks[0].Expression = "1=1); DROP TABLE x --" },
		"a default":       func(t *catalog.Table) { t.Columns[6].Default = "(0); DROP TABLE x" },
		"a computed":      func(t *catalog.Table) { t.Columns[3].Computed = "1) -- x" },
		"a column option": func(t *catalog.Table) { t.Columns[0].Options = []string{"FILESTREAM"} },
		"a table option":  func(t *catalog.Table) { t.Options = []string{"STRICT"} },
		"a retention":     func(t *catalog.Table) { t.Temporal.Retention = "6 MONTHS)) DROP TABLE x" },
		"a period":        func(t *catalog.Table) { t.Temporal.End = "gone" },
		"an action":       func(t *catalog.Table) { t.ForeignKeys[0].OnDelete = "EXPLODE" },
		"an unknown type": func(t *catalog.Table) {
			t.Columns[7].EngineType, t.Columns[7].Type = "vector(3)", value.Type{Kind: value.Native}
		},
		"too many digits": func(t *catalog.Table) {
			t.Columns[7].EngineType, t.Columns[7].Type = "", value.Type{Kind: value.Number, Precision: 39}
		},
		"an index of none": func(t *catalog.Table) {
			t.Indexes[0].Columns, t.Indexes[0].Definition = nil, "CREATE INDEX x ON y (lower(z))"
		},
	} {
		table := definitions("x").Tables[0]
		change(&table)
		_, err1 := Dialect{}.CreateTable("", &table)
		_, err2 := Dialect{}.Complete("", &table)
		_, err3 := Dialect{}.CreateIndex("", &table, table.Indexes[0])
		if err1 == nil && err2 == nil && err3 == nil {
			t.Errorf("%s is made", what)
		}
	}
	d := definitions("x")
	d.DataTypes[0].Definition = "CREATE TYPE [x].[x type] FROM varchar(13) NULL; DROP TABLE x"
	if _, err := (Dialect{}).Prepare(d); diag.CodeOf(err) != codeType {
		t.Error(err)
	}
	if _, err := (Dialect{Home: "public"}).Prepare(definitions("x")); diag.CodeOf(err) != codeType {
		t.Error("another engine's data type:", err)
	}
}

// runScript runs a script as a client does that stops at the first error.
func (s *server) runScript(script string) error {
	s.t.Helper()
	conn := s.session("master")
	defer conn.Close()
	if s.babelfish { // it has no collation of this kind, and counts code points under any
		script = withoutSupplementary(script)
	}
	for _, b := range batches(script) {
		if _, err := conn.ExecContext(context.Background(), b); err != nil {
			return err
		}
	}
	return nil
}
