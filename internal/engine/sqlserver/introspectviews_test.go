package sqlserver

import (
	"slices"
	"strings"
	"testing"

	"github.com/utdrag/utdrag/filter/catalog"
)

func foundView(t *testing.T, c *catalog.Catalog, schema, name string) *catalog.View {
	t.Helper()
	for i := range c.Views {
		if c.Views[i].Schema == schema && strings.EqualFold(c.Views[i].Name.Table, name) {
			return &c.Views[i]
		}
	}
	t.Fatalf("there is no view %s.%s in %+v", schema, name, c.Views)
	return nil
}

func TestViews(t *testing.T) {
	s := live(t)
	tables := []string{"CREATE SCHEMA code", "CREATE TABLE dbo.Visit (Id int NOT NULL PRIMARY KEY, Note nvarchar(50))"}
	c := describe(t, s, append(tables, "CREATE VIEW dbo.Seen (A, [b c]) AS SELECT Id, Note FROM dbo.Visit", "CREATE VIEW code.Above AS SELECT * FROM dbo.Seen")...)
	if len(c.Views) != 2 {
		t.Fatalf("views: %+v", c.Views)
	}
	seen, above := foundView(t, c, "dbo", "Seen"), foundView(t, c, "code", "Above")
	for _, v := range []*catalog.View{seen, above} {
		if !slices.EqualFunc(v.Columns, []string{"A", "b c"}, strings.EqualFold) {
			t.Errorf("columns of %s: %q", v.Name, v.Columns)
		}
	}
	for v, want := range map[*catalog.View]string{seen: "SELECT Id, Note FROM dbo.Visit", above: "SELECT * FROM dbo.Seen"} {
		if !strings.Contains(strings.ToLower(v.Definition), strings.ToLower(want)) {
			t.Errorf("definition of %s: %q", v.Name, v.Definition)
		}
	}
	if bare := describe(t, s, tables...); bare.Hash() != c.Hash() || bare.Views != nil {
		t.Error("views change the hash")
	}
}

// What Babelfish doesn't have.
func TestViewsUnread(t *testing.T) {
	s := live(t)
	if s.babelfish {
		t.Skip("Babelfish has no encrypted modules, no synonyms, and one setting of quotes and NULL")
	}
	c := describe(t, s, "CREATE TABLE dbo.Visit (Id int NOT NULL PRIMARY KEY)",
		"CREATE VIEW dbo.Hidden WITH ENCRYPTION AS SELECT Id FROM dbo.Visit",
		"SET QUOTED_IDENTIFIER OFF", `CREATE VIEW dbo.Quotes AS SELECT "Id" AS T FROM dbo.Visit`, "SET QUOTED_IDENTIFIER ON",
		"SET ANSI_NULLS OFF", "CREATE VIEW dbo.Nulls AS SELECT Id FROM dbo.Visit WHERE Id = NULL", "SET ANSI_NULLS ON",
		"CREATE VIEW dbo.Sound AS SELECT Id FROM dbo.Visit",
		"CREATE SYNONYM dbo.Other FOR elsewhere.dbo.Visit", "CREATE SYNONYM dbo.Here FOR dbo.Visit")
	for name, want := range map[string]bool{"Hidden": false, "Quotes": false, "Nulls": false, "Sound": true} {
		if v := foundView(t, c, "dbo", name); (v.Definition != "") != want || len(v.Columns) != 1 {
			t.Errorf("%+v", v)
		}
	}
	if !slices.Equal(c.Synonyms, []catalog.Name{{Schema: "dbo", Table: "Here"}, {Schema: "dbo", Table: "Other"}}) {
		t.Errorf("synonyms: %v", c.Synonyms)
	}
}
