package sqlserver

import (
	"strings"
	"testing"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/internal/engine"
)

func TestHarmless(t *testing.T) {
	for text, want := range map[string]bool{
		"((0))": true, "(getdate())": true, "[a]>(0) AND [b] IN ('x', 'y')": true, "CONVERT([nvarchar](50),[a],(0))": true, "([a] IS NOT NULL)": true,
		"[a] collate Latin1_General_BIN2 like N'[0-9];--'": true, "newid()": true, "(-(1))*([a]+(2))": true,
		"[dbo].[fn]([a])": false, "dbo.fn([a])": false, "[fn]([a])": false, "fn([a])": false, "[other].[dbo].[fn]((1))": false, "[a].value('.', 'int')": false,
		"dbo.len([a])": false, "[dbo].[int]([a])": false, "(select 1)": false, "0, [x] int": false, "1) EXEC ('x'": false, "geography::Parse([a])": false, "": false,
		"OPENROWSET('x')": false,
	} {
		if got := harmless(text); got != want {
			t.Errorf("%s: %v", text, got)
		}
	}
}

// A statement of SQL Server's needs no semicolon before the next one, so that an index's definition is read to its end.
func TestHostileIndex(t *testing.T) {
	table := &catalog.Table{Name: catalog.Name{Schema: "dbo", Table: "T"}, Columns: []catalog.Column{*ofType(t, "int")}}
	prefix := "CREATE INDEX [i] ON [dbo].[T] "
	for body, want := range map[string]bool{
		"([a])": true, "([a] DESC, [b]) INCLUDE ([c], [d])": true, "([a]) WHERE ([a] IS NOT NULL)": true, "([a]) INCLUDE ([b]) WHERE ([a]>(0) AND [b]=')')": true,
		"([a]) EXEC ('CREATE LOGIN x')": false, "([a]) WHERE ([a]=1) EXEC ('x')": false, "([a]) INCLUDE ([b]) DROP TABLE x": false, "([a]) INCLUDE ([b]) WHERE [a]=1 DROP TABLE x": false,
		"(fn([a]))": false, "": false, "[a]": false, "([a]": false,
	} {
		index := catalog.Index{Name: "i", Columns: []string{"C"}, Definition: prefix + body}
		got, err := Dialect{}.CreateIndex("", table, index)
		if err != nil {
			t.Errorf("%s: %v", body, err)
		}
		if (got == prefix+body) != want || strings.Contains(got, "EXEC") || strings.Contains(got, "DROP") {
			t.Errorf("%s: %s", body, got)
		}
	}
}

func TestVet(t *testing.T) {
	good := func() catalog.Table {
		c := ofType(t, "int")
		c.Default = "((1))"
		return catalog.Table{Name: catalog.Name{Schema: "dbo", Table: "T"}, Columns: []catalog.Column{*c}, Checks: []catalog.Check{{Expression: "[C]>(0)"}},
			Indexes: []catalog.Index{{Name: "i", Columns: []string{"C"}, Definition: "CREATE INDEX [i] ON [dbo].[T] ([C]) WHERE ([C]>(0))"}}}
	}
	for name, spoil := range map[string]func(*catalog.Table){
		"":         func(*catalog.Table) {},
		"default":  func(t *catalog.Table) { t.Columns[0].Default = "[dbo].[f]()" },
		"computed": func(t *catalog.Table) { t.Columns[0].Computed = "[dbo].[f]()" },
		"check":    func(t *catalog.Table) { t.Checks[0].Expression = "[dbo].[f]()=1" },
		"index": func(t *catalog.Table) {
			t.Indexes[0].Definition = "CREATE INDEX [i] ON [dbo].[T] ([C]) WHERE ([dbo].[f]()=1)"
		},
	} {
		table := good()
		spoil(&table)
		want := ""
		if name != "" {
			want = codeDefinition
		}
		if err := (Dialect{}).Vet(engine.Definition{Tables: []catalog.Table{table}}); diag.CodeOf(err) != want {
			t.Errorf("%q: %v", name, err)
		}
	}
}
