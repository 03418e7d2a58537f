package postgres

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/internal/engine/postgres/pgtest"
)

const scenery = `CREATE SCHEMA "Å b"; CREATE EXTENSION citext; CREATE SEQUENCE shared;
CREATE COLLATION blind (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
CREATE TABLE "Å b"."Parent ""1""" (a int, b bigint, c text COLLATE "C", UNIQUE (b, a), PRIMARY KEY (a, b), CONSTRAINT "up!" UNIQUE (c));
CREATE TABLE child (id smallint GENERATED ALWAYS AS IDENTITY (START WITH -5 INCREMENT BY -2), y bigint, x int, code citext, num int DEFAULT nextval('shared'),
	ser bigserial, name varchar(7) COLLATE blind NOT NULL, twice int GENERATED ALWAYS AS (x * 2) STORED, d date DEFAULT CURRENT_DATE, n numeric DEFAULT 1.5,
	CONSTRAINT "to parent" FOREIGN KEY (x, y) REFERENCES "Å b"."Parent ""1""" (a, b) ON DELETE CASCADE ON UPDATE SET NULL,
	CONSTRAINT a_check CHECK (x > 0 AND y <> x), EXCLUDE USING gist (int4range(x, x + 1) WITH &&), UNIQUE (name));
ALTER TABLE child ADD CONSTRAINT late FOREIGN KEY (x, y) REFERENCES "Å b"."Parent ""1""" NOT VALID;
ALTER TABLE child ADD CONSTRAINT maybe CHECK (n > 0) NOT VALID;
CREATE UNIQUE INDEX plain_key ON child (ser); CREATE UNIQUE INDEX "some" ON child (ser) WHERE x > 5; CREATE INDEX "both" ON child (lower(name), x DESC) INCLUDE (y);
CREATE UNIQUE INDEX other_way ON child (code, (name COLLATE "C")); CREATE UNIQUE INDEX other_coll ON "Å b"."Parent ""1""" (c COLLATE "POSIX");
CREATE UNIQUE INDEX once ON child (n) NULLS NOT DISTINCT;
CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; CREATE TRIGGER zz AFTER INSERT ON child EXECUTE FUNCTION nothing(); CREATE TRIGGER "Aa" AFTER INSERT ON child EXECUTE FUNCTION nothing();
CREATE TABLE bare (x int);
CREATE TABLE parts (k int NOT NULL, v text) PARTITION BY LIST (k); CREATE TABLE parts_1 PARTITION OF parts FOR VALUES IN (1); CREATE TABLE parts_2 PARTITION OF parts FOR VALUES IN (2);
INSERT INTO parts SELECT 1 + i % 2, 'x' FROM generate_series(1, 10) i; INSERT INTO bare VALUES (1), (2), (3);
INSERT INTO "Å b"."Parent ""1""" VALUES (1, 2, 'x'); INSERT INTO child (x, y, name) VALUES (1, 2, 'n'); ANALYZE;
CREATE VIEW seen AS SELECT 1; CREATE MATERIALIZED VIEW kept AS SELECT 1; CREATE TEMP TABLE gone (x int)`

// icu skips a test where the server knows no collations of ICU.
func icu(t testing.TB) {
	s := pgtest.Server(t)
	if len(s.Query(t, s.URL("postgres"), "SELECT 1 FROM pg_collation WHERE collprovider = 'i' LIMIT 1")) == 0 {
		t.Skip("the server was built without ICU")
	}
}

func TestCatalog(t *testing.T) {
	icu(t)
	s := opened(t, scenery)
	c := described(t, s)
	var names []string
	for _, table := range c.Tables {
		names = append(names, table.Name.String())
	}
	if want := []string{"public.bare", "public.child", "public.parts", `Å b.[Parent "1"]`}; fmt.Sprint(names) != fmt.Sprint(want) {
		t.Errorf("tables are %q", names)
	}
	parent := c.Table(catalog.Name{Schema: "Å b", Table: `Parent "1"`})
	child := c.Table(catalog.Name{Schema: "public", Table: "child"})
	got := func(of any) string {
		text, err := json.Marshal(of)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	for _, want := range []struct{ what, got, want string }{
		{"the parent's key", got(parent.PrimaryKey), `{"name":"Parent \"1\"_pkey","columns":["a","b"]}`},
		{"the parent's unique keys", got(parent.UniqueKeys), `[{"name":"Parent \"1\"_b_a_key","columns":["b","a"]},{"name":"other_coll","columns":["c"],"collations":["POSIX"]},{"name":"up!","columns":["c"]}]`},
		{"the child's unique keys", got(child.UniqueKeys), `[{"name":"child_name_key","columns":["name"]},{"name":"other_way","columns":["code","name"],"collations":["default","C"]},{"name":"plain_key","columns":["ser"]}]`},
		{"the child's indexes", got(child.Indexes), `[{"name":"both","columns":["x","y"],"definition":"USING btree (lower((name)::text), x DESC) INCLUDE (y)"},` +
			`{"name":"child_int4range_excl","columns":[],"definition":"EXCLUDE USING gist (int4range(x, (x + 1)) WITH \u0026\u0026)"},` +
			`{"name":"once","columns":["n"],"unique":true,"definition":"USING btree (n) NULLS NOT DISTINCT"},` +
			`{"name":"some","columns":["ser"],"unique":true,"definition":"USING btree (ser) WHERE (x \u003e 5)"}]`},
		{"foreign keys", got(child.ForeignKeys), `[{"name":"late","parent":{"schema":"Å b","table":"Parent \"1\""},"columns":[{"child":"x","parent":"a"},{"child":"y","parent":"b"}],"untrusted":true},` +
			`{"name":"to parent","parent":{"schema":"Å b","table":"Parent \"1\""},"columns":[{"child":"x","parent":"a"},{"child":"y","parent":"b"}],"on_delete":"CASCADE","on_update":"SET NULL"}]`},
		{"checks", got(child.Checks), `[{"name":"a_check","expression":"((x \u003e 0) AND (y \u003c\u003e x))","columns":["x","y"]}]`},
		{"options", got(child.Options), `["NOT VALID CHECK maybe"]`},
		{"triggers", got(child.Triggers), `["Aa","zz"]`},
		{"id", got(child.Column("id").Numbering), `{"start":-5,"increment":-2,"always":true,"last":-5}`},
		{"ser", got(child.Column("ser")), `{"name":"ser","engine_type":"bigint","type":{"kind":"integer"},"identity":true,"numbering":{"start":1,"increment":1,"serial":true,"last":1}}`},
		{"num", got(child.Column("num")), `{"name":"num","engine_type":"integer","type":{"kind":"integer"},"nullable":true,"options":["NUMBERED BY nextval('public.shared'::regclass)"]}`},
		{"code", got(child.Column("code")), `{"name":"code","engine_type":"public.citext","type":{"kind":"native","collation":{"name":"default"}},"nullable":true}`},
		{"name", got(child.Column("name")), `{"name":"name","engine_type":"character varying(7)","type":{"kind":"text","length":7,"collation":{"name":"\"public\".\"blind\"","ignores_case":true,"ignores_accents":true}}}`},
		{"twice", got(child.Column("twice").Computed), `"(x * 2)"`},
		{"d", got(child.Column("d").Default), `"CURRENT_DATE"`},
		{"row ids", got([]string{c.Tables[0].RowID, child.RowID, c.Tables[2].RowID, parent.RowID}), `["ctid","","",""]`},
		{"partitions", got([]any{c.Tables[2].Partitioning, c.Tables[2].RowEstimate}), `["LIST (k)",10]`},
		{"rows", got(c.Tables[0].RowEstimate), `3`},
		{"engine", got([]any{c.Engine, c.DefaultSchema, c.FoldsCase, c.NullsCollide, len(c.DataTypes)}), `["postgres","public",false,false,0]`},
	} {
		if want.got != want.want {
			t.Errorf("%s: got\n%s\nwant\n%s", want.what, want.got, want.want)
		}
	}
	if c.Hash() != described(t, s).Hash() {
		t.Error("a second look gives another catalog")
	}
	snap := snapshot(t, s)
	if inside, err := snap.Catalog(ctx); err != nil || inside.Hash() != c.Hash() {
		t.Errorf("a snapshot gives another catalog: %v", err)
	}
}

// What a copy is made of gives the catalog that it was made of, save for what a copy can't have.
func TestCatalogOfCopy(t *testing.T) {
	icu(t)
	setup := strings.NewReplacer("CREATE EXTENSION citext;", "", "code citext", "code text", "CREATE UNIQUE INDEX other_way ON child (code, (name COLLATE \"C\"));", "",
		"COLLATE blind", "").Replace(scenery)
	s := opened(t, setup)
	c := described(t, s)
	again := described(t, source(t, copied(t, s)))
	var differences []string
	for _, d := range catalog.Compare(c, again) {
		differences = append(differences, d.String())
	}
	for _, table := range c.Tables {
		for _, column := range table.Columns {
			other := again.Table(table.Name).Column(column.Name)
			if column.Numbering != nil && (other.Numbering == nil || other.Numbering.Start != column.Numbering.Start || other.Numbering.Last == nil) {
				t.Errorf("column %s of %s is numbered otherwise", column.Name, table.Name)
			}
		}
	}
	for _, d := range differences {
		if !slices.ContainsFunc([]string{"trigger", "NUMBERED BY", "option", "divided", "partition", "late", "row id"}, func(part string) bool { return strings.Contains(d, part) }) {
			t.Errorf("the copy differs: %s", d)
		}
	}
}

func TestCatalogRefuses(t *testing.T) {
	for _, c := range []struct{ setup, code, names string }{
		{"CREATE TABLE a (x int); CREATE TABLE b () INHERITS (a)", codeKind, "public.b"},
		{"CREATE TABLE a (x regclass)", codeType, "regclass"},
		{"CREATE TABLE a (x regclass[])", codeType, "regclass[]"},
		{"CREATE TABLE a (x int); CREATE TABLE b (y a)", codeType, "rows"},
		{"CREATE TYPE p AS (x xid); CREATE TABLE a (y p[])", codeType, "xid"},
		{"CREATE TABLE a (x int, y int, PRIMARY KEY (x, y)); CREATE TABLE b (x int, y int, FOREIGN KEY (x, y) REFERENCES a MATCH FULL)", codeReference, "b_x_y_fkey"},
		{"CREATE TABLE a (x int PRIMARY KEY) PARTITION BY LIST (x); CREATE TABLE a1 PARTITION OF a FOR VALUES IN (1); CREATE TABLE b (x int REFERENCES a1)", codeReference, "a1"},
		{"CREATE TABLE a (x int, y int, PRIMARY KEY (x, y)); CREATE TABLE b (x int, y int, FOREIGN KEY (x, y) REFERENCES a ON DELETE SET NULL (y))", codeReference, "b_x_y_fkey"},
		{"CREATE TABLE utdrag_partial (kind text)", codeExists, "not finished"},
		{"CREATE TABLE a ()", codeCatalog, "public.a"},
		{"CREATE TYPE f AS RANGE (SUBTYPE = text, SUBTYPE_OPCLASS = text_pattern_ops); CREATE TABLE a (x f)", codeType, "operator class"},
	} {
		_, err := opened(t, c.setup).Catalog(ctx)
		if err == nil {
			t.Errorf("%s: is not refused", c.setup)
		} else if got := code(t, err); got != c.code || !strings.Contains(err.Error(), c.names) {
			t.Errorf("%s: got %s %v", c.setup, got, err)
		}
	}
	// One column of a type that means nothing elsewhere doesn't hide another's.
	_, err := opened(t, "CREATE TABLE a (x regclass, y xid)").Catalog(ctx)
	if !strings.Contains(err.Error(), "regclass") || !strings.Contains(err.Error(), "xid") {
		t.Errorf("not everything is said: %v", err)
	}
}

// A foreign key whose triggers are switched off is not checked.
func TestCatalogDisabled(t *testing.T) {
	c := describe(t, "CREATE TABLE a (x int PRIMARY KEY); CREATE TABLE b (x int REFERENCES a); ALTER TABLE b DISABLE TRIGGER ALL")
	if f := c.Tables[1].ForeignKeys[0]; !f.Disabled || !f.Untrusted {
		t.Errorf("the foreign key is %+v", f)
	}
}

// A foreign table's rows are elsewhere.
func TestCatalogForeignTable(t *testing.T) {
	c := describe(t, "CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w; CREATE FOREIGN TABLE f (x int) SERVER s; CREATE TABLE a (x int)")
	if len(c.Tables) != 1 {
		t.Errorf("there are %d tables", len(c.Tables))
	}
}
