package run_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/internal/engine/engines"
	"github.com/utdrag/utdrag/internal/engine/postgres/pgtest"
	"github.com/utdrag/utdrag/mask/value"
	"github.com/utdrag/utdrag/plan/pack"
	"github.com/utdrag/utdrag/plan/run"
)

// hostilePackage is a package that anybody can make: sealed for us, signed by nobody, with a definition of its maker's choice.
func hostilePackage(t *testing.T, c *catalog.Catalog) *pack.Package {
	t.Helper()
	recipient, secret := keyPair(t)
	var sealed, definition bytes.Buffer
	if err := c.Write(&definition); err != nil {
		t.Fatal(err)
	}
	zeros := strings.Repeat("0", 64)
	w, err := pack.NewWriter(&sealed, pack.Options{Recipients: []*pack.Recipient{recipient},
		Info: pack.Info{Tool: "x", Provider: "SE1", Engine: c.Engine, MapHash: zeros, CatalogHash: zeros, PlanHash: zeros, Snapshot: "x"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"definition.json", "catalog.json"} {
		if err := w.File(name, definition.Bytes()); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := w.Commit(); err != nil {
		t.Fatal(err)
	}
	p, err := pack.Open(bytes.NewReader(sealed.Bytes()), pack.Keys{Secrets: []*pack.Secret{secret}}, pack.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// oneTable is a catalog of one table.
func oneTable(engine, schema, integer string) (*catalog.Catalog, *catalog.Table) {
	c := &catalog.Catalog{Engine: engine, DefaultSchema: schema, Tables: []catalog.Table{{
		Name:    catalog.Name{Schema: schema, Table: "T"},
		Columns: []catalog.Column{{Name: "a", EngineType: integer, Type: value.Type{Kind: value.Integer}, Nullable: true}},
	}}}
	return c, &c.Tables[0]
}

// What a package says of its tables is made on the recipient's server, and none of it may be another statement there, or call
// a function that does more than compute.
func TestHostileDefinitions(t *testing.T) {
	ctx := context.Background()
	t.Run("sqlite", func(t *testing.T) {
		evil := filepath.Join(t.TempDir(), "evil")
		attack := "ATTACH DATABASE '" + evil + "' AS e; CREATE TABLE e.x (y)"
		for name, spoil := range map[string]func(*catalog.Table){
			"default":      func(t *catalog.Table) { t.Columns[0].Default = "1)); " + attack + "; SELECT ((1" },
			"open comment": func(t *catalog.Table) { t.Columns[0].Default = "1)); " + attack + "; --" },
			"computed":     func(t *catalog.Table) { t.Columns[0].Computed = "1)); " + attack + "; SELECT ((1" },
			"check":        func(t *catalog.Table) { t.Checks = []catalog.Check{{Expression: "1)); " + attack + "; SELECT ((1"}} },
			"index": func(t *catalog.Table) {
				t.Indexes = []catalog.Index{{Name: "i", Definition: `CREATE INDEX i ON "T" (a); ` + attack}}
			},
			"type":          func(t *catalog.Table) { t.Columns[0].EngineType = "int); " + attack + "; --" },
			"collation":     func(t *catalog.Table) { t.Columns[0].Type.Collation.Name = "x\"); " + attack + "; --" },
			"table option":  func(t *catalog.Table) { t.Options = []string{"STRICT; " + attack} },
			"column option": func(t *catalog.Table) { t.Columns[0].Options = []string{"); " + attack} },
		} {
			c, table := oneTable(engines.SQLite, "main", "int")
			spoil(table)
			_, err := run.Load(ctx, hostilePackage(t, c), "sqlite:"+filepath.Join(t.TempDir(), "copy.db"), run.LoadOptions{})
			if diag.CodeOf(err) == "" {
				t.Errorf("%s: %v", name, err)
			}
			if _, err := os.Stat(evil); err == nil {
				t.Errorf("%s: the package made a file", name)
				os.Remove(evil)
			}
		}
	})
	t.Run("postgres", func(t *testing.T) {
		server := pgtest.Server(t)
		url := server.Database(t)
		attack := "CREATE ROLE hostile"
		calls := "lo_create(424242) IS NOT NULL"
		for name, spoil := range map[string]func(*catalog.Catalog, *catalog.Table){
			"default":  func(_ *catalog.Catalog, t *catalog.Table) { t.Columns[0].Default = "1); " + attack + "; SELECT (1" },
			"computed": func(_ *catalog.Catalog, t *catalog.Table) { t.Columns[0].Computed = "1)); " + attack + "; --" },
			"check": func(_ *catalog.Catalog, t *catalog.Table) {
				t.Checks = []catalog.Check{{Expression: "true)); " + attack + "; SELECT ((1"}}
			},
			"check calls": func(_ *catalog.Catalog, t *catalog.Table) { t.Checks = []catalog.Check{{Expression: calls}} },
			"check calls 2": func(_ *catalog.Catalog, t *catalog.Table) {
				t.Checks = []catalog.Check{{Expression: "pg_catalog . \"" + strings.Replace(calls, "(", "\" (", 1)}}
			},
			"default calls": func(_ *catalog.Catalog, t *catalog.Table) { t.Columns[0].Default = "lo_create(424242)" },
			"check calls 3": func(_ *catalog.Catalog, t *catalog.Table) {
				t.Checks = []catalog.Check{{Expression: "public.format(a) IS NOT NULL"}}
			},
			"check calls 4": func(_ *catalog.Catalog, t *catalog.Table) {
				t.Checks = []catalog.Check{{Expression: "public.row(a) IS NOT NULL"}}
			},
			"default, check": func(_ *catalog.Catalog, t *catalog.Table) { t.Columns[0].Default = "1 CHECK (" + calls + ")" },
			"default, more":  func(_ *catalog.Catalog, t *catalog.Table) { t.Columns[0].Default = "1, b text DEFAULT 'x'" },
			"index": func(_ *catalog.Catalog, t *catalog.Table) {
				t.Indexes = []catalog.Index{{Name: "i", Definition: "USING btree (a); " + attack}}
			},
			"exclusion": func(_ *catalog.Catalog, t *catalog.Table) {
				t.Indexes = []catalog.Index{{Name: "i", Definition: "EXCLUDE USING btree (a WITH =), OWNER TO nobody"}}
			},
			"type": func(_ *catalog.Catalog, t *catalog.Table) {
				t.Columns[0].EngineType = "int); " + attack + "; SELECT (1"
			},
			"type, check": func(_ *catalog.Catalog, t *catalog.Table) { t.Columns[0].EngineType = "int CHECK (" + calls + ")" },
			"collation": func(_ *catalog.Catalog, t *catalog.Table) {
				t.Columns[0].Type.Collation.Name = `"C"); ` + attack + "; SELECT (1"
			},
			"key collation": func(_ *catalog.Catalog, t *catalog.Table) {
				t.UniqueKeys = []catalog.Key{{Columns: []string{"a"}, Collations: []string{`"C"); ` + attack + "; SELECT (1"}}}
			},
			"data type": func(c *catalog.Catalog, _ *catalog.Table) {
				c.DataTypes = []catalog.DataType{{Name: catalog.Name{Schema: "public", Table: "d"}, Definition: attack}}
			},
			"data type 2": func(c *catalog.Catalog, _ *catalog.Table) {
				c.DataTypes = []catalog.DataType{{Name: catalog.Name{Schema: "public", Table: "d"}, Definition: `CREATE TYPE "public"."d" AS ENUM ('a'); ` + attack}}
			},
			"domain calls": func(c *catalog.Catalog, t *catalog.Table) {
				c.DataTypes = []catalog.DataType{{Name: catalog.Name{Schema: "public", Table: "d"}, Definition: `CREATE DOMAIN "public"."d" AS integer CONSTRAINT "c" CHECK (` + calls + ")"}}
				t.Columns[0].DataType, t.Columns[0].EngineType = c.DataTypes[0].Name, "public.d"
			},
			"function": func(c *catalog.Catalog, _ *catalog.Table) {
				c.DataTypes = []catalog.DataType{{Name: catalog.Name{Schema: "public", Table: "d"}, Definition: `CREATE FUNCTION "public"."d"() RETURNS int LANGUAGE sql AS 'SELECT 1'`}}
			},
		} {
			c, table := oneTable(engines.Postgres, "public", "integer")
			spoil(c, table)
			_, err := run.Load(ctx, hostilePackage(t, c), url, run.LoadOptions{})
			if code := diag.CodeOf(err); code != "UE211" && code != "UE231" && code != "UE225" {
				t.Errorf("%s: %v", name, err)
			}
			if server.Query(t, url, "SELECT count(*) FROM pg_roles WHERE rolname = 'hostile'")[0][0] != "0" {
				t.Errorf("%s: the package made a role", name)
				server.Exec(t, url, "DROP ROLE hostile")
			}
			if left := server.Query(t, url, "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace")[0][0]; left != "0" {
				t.Errorf("%s: %s things are left", name, left)
			}
		}
	})
}
