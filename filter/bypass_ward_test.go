package filter_test

import (
	"bytes"
	"crypto/sha256"
	"database/sql"
	"database/sql/driver"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"modernc.org/sqlite"

	"github.com/utdrag/utdrag/filter"
	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/filter/rewrite"
	"github.com/utdrag/utdrag/filter/schemamap"
	"github.com/utdrag/utdrag/internal/engine/engines"
	"github.com/utdrag/utdrag/internal/engine/enginetest"
	"github.com/utdrag/utdrag/internal/engine/postgres/pgtest"
	"github.com/utdrag/utdrag/mask"
	"github.com/utdrag/utdrag/plan"
)

// warded is the database of testdata/bypass/schema.sql on one engine, with its filters.
type warded struct {
	dialect string
	filters map[string]*filter.Filter
	// doors are by filter, and copy is what the provider's copy would hold; nil where there is no server.
	doors map[string]*sql.DB
	copy  *sql.DB
}

func bypassFile(t testing.TB, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(bypass, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func ward(t testing.TB, dialect string) *warded {
	t.Helper()
	w := &warded{dialect: dialect, filters: map[string]*filter.Filter{}, doors: map[string]*sql.DB{}}
	var connector driver.Connector
	var c *catalog.Catalog
	switch dialect {
	case "sqlite":
		connector, c = wardSQLite(t, bypassFile(t, "schema.sql"))
		copied, _ := wardSQLite(t, bypassFile(t, "own.sql"))
		w.copy = sql.OpenDB(copied)
	case "postgres":
		server := pgtest.Server(t)
		url := server.Database(t)
		server.Exec(t, url, bypassFile(t, "schema.sql")+bypassFile(t, "postgres.sql"))
		connector, c = pgConnector(t, url), catalogAt(t, url)
		url = server.Database(t)
		server.Exec(t, url, bypassFile(t, "own.sql"))
		w.copy = sql.OpenDB(pgConnector(t, url))
	case "sqlserver":
		connector, c = wardSQLServer(t)
	case "mysql":
		_, c = wardSQLite(t, bypassFile(t, "schema.sql"))
		c = elsewhere(t, c, "mysql", "journal")
	}
	if w.copy != nil {
		t.Cleanup(func() { w.copy.Close() })
	}
	modes := []string{"usual", "strict"}
	if dialect == "mysql" { // its rows can't be staged
		modes = modes[:1]
	}
	for _, mode := range modes {
		f := wardFilter(t, c, "SE1", mode == "strict")
		if f == nil {
			t.Fatal("queries of this engine are not read")
		}
		w.filters[mode] = f
		if connector != nil {
			db := filter.OpenDB(connector, f)
			t.Cleanup(func() { db.Close() })
			w.doors[mode] = db
		}
	}
	return w
}

// wardFilter is nil where the engine's queries are not read.
func wardFilter(t testing.TB, c *catalog.Catalog, provider string, strict bool) *filter.Filter {
	t.Helper()
	m, found := schemamap.Parse("map.hcl", []byte(bypassFile(t, "map.hcl")))
	if found.Refused() {
		t.Fatal(found)
	}
	f, found := filter.New(m, c, filter.Request{Provider: provider}, filter.Options{Key: wardKey(t), Strict: strict})
	if f == nil && strings.Contains(found.Error(), string(rewrite.CodeDialect)) {
		return nil
	}
	if f == nil {
		t.Fatal(found)
	}
	return f
}

func wardKey(t testing.TB) *mask.Key {
	t.Helper()
	secret := sha256.Sum256([]byte("ward")) // own.sql has its hashes
	key, err := mask.NewKey(secret[:])
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func wardSQLite(t testing.TB, statements string) (driver.Connector, *catalog.Catalog) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "ward.db")
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	_, err = db.Exec(statements)
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	connector, err := sqlite.NewConnector("file:" + path + "?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	return connector, catalogAt(t, "sqlite:"+path)
}

func pgConnector(t testing.TB, url string) driver.Connector {
	t.Helper()
	config, err := pgx.ParseConfig(url)
	if err != nil {
		t.Fatal(err)
	}
	return pgxConnector{config}
}

func catalogAt(t testing.TB, url string) *catalog.Catalog {
	t.Helper()
	source, err := engines.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	c, err := source.Catalog(t.Context())
	if err := errors.Join(err, source.Close()); err != nil {
		t.Fatal(err)
	}
	return c
}

// wardSQLServer is without a connector where no server is named.
func wardSQLServer(t testing.TB) (driver.Connector, *catalog.Catalog) {
	t.Helper()
	_, c := wardSQLite(t, bypassFile(t, "schema.sql"))
	if os.Getenv(enginetest.EnvSQLServer) == "" {
		c := elsewhere(t, c, "sqlserver", "dbo")
		c.SetViews(c.Views, []catalog.Name{{Schema: "dbo", Table: "encounter"}})
		return nil, c
	}
	url := enginetest.SQLServer(t)
	db, err := sql.Open("sqlserver", url)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	text := strings.ReplaceAll(bypassFile(t, "schema.sql"), "initials VARCHAR(2) GENERATED ALWAYS AS (substr(name, 1, 2)) STORED", "initials AS (substring(name, 1, 2))")
	for _, statement := range strings.Split(text+"CREATE SYNONYM encounter FOR visit;\n", ";\n") {
		if strings.TrimSpace(statement) == "" {
			continue
		}
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err, statement)
		}
	}
	connector, err := db.Driver().(driver.DriverContext).OpenConnector(url)
	if err != nil {
		t.Fatal(err)
	}
	return connector, catalogAt(t, url)
}

// elsewhere is the catalog as another engine would have it.
func elsewhere(t testing.TB, c *catalog.Catalog, engine, schema string) *catalog.Catalog {
	t.Helper()
	var text bytes.Buffer
	if err := c.Write(&text); err != nil {
		t.Fatal(err)
	}
	c, err := catalog.Read(&text)
	if err != nil {
		t.Fatal(err)
	}
	views := c.Views
	for i := range c.Tables {
		if f := c.Tables[i].Column("initials"); f != nil {
			f.Computed = "substring(name, 1, 2)"
		}
	}
	if engine == "sqlserver" {
		var found diag.List
		if c, found = plan.Translate(c, engine); c == nil {
			t.Fatal(found)
		}
	}
	c.Engine, c.DefaultSchema = engine, schema
	for i := range c.Tables {
		table := &c.Tables[i]
		table.Name.Schema = schema
		for j := range table.ForeignKeys {
			table.ForeignKeys[j].Parent.Schema = schema
		}
	}
	views = slices.Clone(views)
	for i := range views {
		views[i].Name.Schema = schema
	}
	c.SetViews(views, nil)
	return c
}
