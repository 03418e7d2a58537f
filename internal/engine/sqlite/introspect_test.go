package sqlite

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/mask/value"
)

func TestCatalog(t *testing.T) {
	c := describe(t,
		`CREATE TABLE "Vård ""enhet" ("id" INTEGER PRIMARY KEY AUTOINCREMENT, [select] VARCHAR(20) NOT NULL COLLATE NOCASE UNIQUE,
			 `+"`a.b c`"+` DECIMAL(8,2) DEFAULT (1 + 2) CHECK ("a.b c" > 0 /* why not */ ), -- a comment with , and (
			 'åäö' DATE DEFAULT bare, CONSTRAINT "två" CHECK (length([select]) BETWEEN 1 AND 20 AND id <> 7))`,
		`CREATE TABLE child (a TEXT, b BLOB, parent INT REFERENCES "vård ""enhet" ON DELETE CASCADE, up TEXT,
			g INT GENERATED ALWAYS AS (length(a)) STORED, h AS (b),
			CONSTRAINT pk PRIMARY KEY (b, a COLLATE RTRIM), CONSTRAINT me FOREIGN KEY (up, b) REFERENCES child (a, b) ON UPDATE SET NULL
			UNIQUE (a) CONSTRAINT u2 UNIQUE (up COLLATE NOCASE, a) ON CONFLICT IGNORE)`,
		`CREATE TABLE w (k TEXT, "rowid" INT, v ANY, PRIMARY KEY (k, "rowid")) STRICT, WITHOUT ROWID`,
		`CREATE TABLE plain (rowid TEXT, x, k TEXT, r INT, FOREIGN KEY (k, r) REFERENCES W)`,
		`CREATE UNIQUE INDEX plainx ON plain (x)`,
		`CREATE UNIQUE INDEX plainp ON plain (k) WHERE r > 1`,
		`CREATE INDEX plaine ON plain (lower(k), x)`,
		`CREATE VIEW v AS SELECT * FROM plain`,
		`CREATE TRIGGER tr AFTER INSERT ON plain BEGIN SELECT 1; END`,
		`INSERT INTO w VALUES ('a', 1, 2)`, `ANALYZE`)
	one := int64(1)
	binary := value.Collation{Name: "BINARY"}
	want := &catalog.Catalog{Engine: "sqlite", DefaultSchema: "main", FoldsCase: true, Tables: []catalog.Table{
		{Name: catalog.Name{Schema: "main", Table: `Vård "enhet`}, RowID: "rowid",
			Columns: []catalog.Column{
				{Name: "id", EngineType: "INTEGER", Type: value.Type{Kind: value.Integer, Collation: binary}, Identity: true},
				{Name: "select", EngineType: "VARCHAR(20)", Type: value.Type{Kind: value.String, Length: 20,
					Collation: value.Collation{Name: "NOCASE", IgnoresCase: true, ASCIIOnly: true}}},
				{Name: "a.b c", EngineType: "DECIMAL(8,2)", Type: value.Type{Kind: value.Number, Precision: 8, Scale: 2, Collation: binary}, Nullable: true, Default: "1 + 2"},
				{Name: "åäö", EngineType: "DATE", Type: value.Type{Kind: value.Date, Collation: binary}, Nullable: true, Default: "'bare'"},
			},
			PrimaryKey: &catalog.Key{Columns: []string{"id"}},
			UniqueKeys: []catalog.Key{{Columns: []string{"select"}}},
			Checks: []catalog.Check{{Expression: `"a.b c" > 0`, Columns: []string{"a.b c"}},
				{Name: "två", Expression: `length([select]) BETWEEN 1 AND 20 AND id <> 7`, Columns: []string{"id", "select"}}},
		},
		{Name: catalog.Name{Schema: "main", Table: "child"}, RowID: "rowid",
			Columns: []catalog.Column{
				{Name: "a", EngineType: "TEXT", Type: value.Type{Kind: value.String, Collation: binary}, Nullable: true},
				{Name: "b", EngineType: "BLOB", Type: value.Type{Kind: value.Binary, Collation: binary}, Nullable: true},
				{Name: "parent", EngineType: "INT", Type: value.Type{Kind: value.Integer, Collation: binary}, Nullable: true},
				{Name: "up", EngineType: "TEXT", Type: value.Type{Kind: value.String, Collation: binary}, Nullable: true},
				{Name: "g", EngineType: "INT", Type: value.Type{Kind: value.Integer, Collation: binary}, Nullable: true, Computed: "length(a)", Stored: true},
				{Name: "h", EngineType: "", Type: value.Type{Kind: value.Variant, Collation: binary}, Nullable: true, Computed: "b"},
			},
			PrimaryKey: &catalog.Key{Name: "pk", Columns: []string{"b", "a"}, Collations: []string{"BINARY", "RTRIM"}},
			UniqueKeys: []catalog.Key{{Columns: []string{"a"}}, {Name: "u2", Columns: []string{"up", "a"}, Collations: []string{"NOCASE", "BINARY"}}},
			ForeignKeys: []catalog.ForeignKey{
				{Parent: catalog.Name{Schema: "main", Table: `Vård "enhet`}, Columns: []catalog.Pair{{Child: "parent", Parent: "id"}}, OnDelete: "CASCADE", Untrusted: true},
				{Name: "me", Parent: catalog.Name{Schema: "main", Table: "child"}, Columns: []catalog.Pair{{Child: "up", Parent: "a"}, {Child: "b", Parent: "b"}},
					OnUpdate: "SET NULL", Untrusted: true},
			},
		},
		{Name: catalog.Name{Schema: "main", Table: "plain"}, RowID: "_rowid_",
			Columns: []catalog.Column{
				{Name: "rowid", EngineType: "TEXT", Type: value.Type{Kind: value.String, Collation: binary}, Nullable: true},
				{Name: "x", EngineType: "", Type: value.Type{Kind: value.Variant, Collation: binary}, Nullable: true},
				{Name: "k", EngineType: "TEXT", Type: value.Type{Kind: value.String, Collation: binary}, Nullable: true},
				{Name: "r", EngineType: "INT", Type: value.Type{Kind: value.Integer, Collation: binary}, Nullable: true},
			},
			UniqueKeys: []catalog.Key{{Name: "plainx", Columns: []string{"x"}}},
			Indexes: []catalog.Index{{Name: "plaine", Columns: []string{"x"}, Definition: `CREATE INDEX "plaine" ON "plain" (lower(k), x)`},
				{Name: "plainp", Columns: []string{"k"}, Unique: true, Definition: `CREATE UNIQUE INDEX "plainp" ON "plain" (k) WHERE r > 1`}},
			ForeignKeys: []catalog.ForeignKey{{Parent: catalog.Name{Schema: "main", Table: "w"},
				Columns: []catalog.Pair{{Child: "k", Parent: "k"}, {Child: "r", Parent: "rowid"}}, Untrusted: true}},
		},
		{Name: catalog.Name{Schema: "main", Table: "w"}, Options: []string{"STRICT", "WITHOUT ROWID"}, RowEstimate: &one,
			Columns: []catalog.Column{
				{Name: "k", EngineType: "TEXT", Type: value.Type{Kind: value.String, Collation: binary}},
				{Name: "rowid", EngineType: "INT", Type: value.Type{Kind: value.Integer}},
				{Name: "v", EngineType: "ANY", Type: value.Type{Kind: value.Variant, Collation: binary}, Nullable: true},
			},
			PrimaryKey: &catalog.Key{Columns: []string{"k", "rowid"}},
		},
	},
		Views: []catalog.View{{Name: catalog.Name{Schema: "main", Table: "v"}, Columns: []string{"rowid", "x", "k", "r"}, Definition: "CREATE VIEW v AS SELECT * FROM plain"}},
	}
	if d := cmp.Diff(want, c); d != "" {
		t.Error(d)
	}
}

// What a person expects to be refused, by code.
func TestCatalogRefused(t *testing.T) {
	for _, test := range []struct {
		name, code string
		statements []string
	}{
		{"virtual tables", codeVirtual, []string{"CREATE VIRTUAL TABLE f USING fts5(a)"}},
		{"a foreign key to nowhere", codeReference, []string{"CREATE TABLE a (b REFERENCES c)"}},
		{"a foreign key to a table without key", codeReference, []string{"CREATE TABLE c (d)", "CREATE TABLE a (b REFERENCES c)"}},
		{"a foreign key to a column that isn't there", codeReference, []string{"CREATE TABLE c (d)", "CREATE TABLE a (b REFERENCES c (e))"}},
		{"an implicit foreign key of the wrong width", codeReference, []string{"CREATE TABLE c (d, e, PRIMARY KEY (d, e))", "CREATE TABLE a (b REFERENCES c)"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := opened(t, test.statements...).Catalog(context.Background())
			if got := diag.CodeOf(err); got != test.code {
				t.Errorf("got %v, want code %s", err, test.code)
			}
		})
	}
}

// The file knows the collation's name only; whoever opens it must bring the collation.
func TestForeignCollation(t *testing.T) {
	path := file(t, "CREATE TABLE a (b TEXT COLLATE NOCASE)", "CREATE TABLE c (d COLLATE NOCASE UNIQUE)")
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, bytes.ReplaceAll(content, []byte("NOCASE"), []byte("SWEDIS")), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := OpenFile(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	_, err = s.Catalog(context.Background())
	if got := diag.CodeOf(err); got != codeCollation || strings.Count(err.Error(), "SWEDIS") < 2 {
		t.Errorf("got %v", err)
	}
}

// An INTEGER PRIMARY KEY DESC is no row id, and may hold NULL; so may any primary key that isn't declared NOT NULL.
func TestNullableKeys(t *testing.T) {
	for definition, want := range map[string]bool{
		"a INTEGER PRIMARY KEY": false, "a INTEGER PRIMARY KEY DESC": true, "a INT PRIMARY KEY": true, "a TEXT PRIMARY KEY": true,
		"a INTEGER, PRIMARY KEY (a)": false, "a INTEGER, PRIMARY KEY (a DESC)": false, "a TEXT NOT NULL PRIMARY KEY": false,
	} {
		c := describe(t, "CREATE TABLE t ("+definition+")")
		if got := c.Tables[0].Columns[0].Nullable; got != want {
			t.Errorf("%s: nullable %v, want %v", definition, got, want)
		}
	}
}

func TestManyTables(t *testing.T) {
	statements := []string{"BEGIN"}
	for i := range 5000 {
		statements = append(statements, fmt.Sprintf("CREATE TABLE t%d (id INTEGER PRIMARY KEY, a TEXT UNIQUE, b INT REFERENCES t%d, c, d, e)", i, i/2))
	}
	s := opened(t, append(statements, "COMMIT")...)
	start := time.Now()
	c, err := s.Catalog(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if took := time.Since(start); len(c.Tables) != 5000 || took > 20*time.Second {
		t.Errorf("%d tables in %v", len(c.Tables), took)
	} else {
		t.Log(took)
	}
}

func TestOpenErrors(t *testing.T) {
	dir := t.TempDir()
	for url, code := range map[string]string{
		"sqlite:" + dir + "/none.db": codeMissing, "sqlite:": codeURL, "postgres://x": codeURL, "sqlite::memory:": codeURL,
		"sqlite:" + dir: codeOpen, "sqlite:connect.go": codeNotSQLite,
	} {
		_, err := Open(context.Background(), url)
		if got := diag.CodeOf(err); got != code {
			t.Errorf("%s: %v, want %s", url, err, code)
		}
		if err != nil && strings.Contains(err.Error(), dir) {
			t.Errorf("the error tells the path: %v", err)
		}
	}
}
