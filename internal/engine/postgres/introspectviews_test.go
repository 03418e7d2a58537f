package postgres

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/utdrag/utdrag/filter/catalog"
)

const viewed = `CREATE SCHEMA "Å b"; CREATE TABLE visit (id int PRIMARY KEY, note text, "order" date); CREATE TABLE "Å b"."T" (x int)`

// Definitions name every table with its schema, whatever the search path of the database or the role is.
func TestViews(t *testing.T) {
	s := opened(t, viewed, `CREATE EXTENSION pg_stat_statements`,
		`CREATE FUNCTION age(int) RETURNS int LANGUAGE sql AS 'SELECT $1'`,
		`CREATE VIEW "Seen" (a, "b c") AS SELECT id, note FROM visit`,
		`CREATE VIEW a WITH (security_barrier) AS SELECT v.*, age(1), lower(note) FROM visit v`,
		`CREATE MATERIALIZED VIEW "Å b".kept AS SELECT x, count(*) FROM "Å b"."T" GROUP BY 1 WITH NO DATA`,
		`CREATE RECURSIVE VIEW b (n) AS VALUES (1) UNION ALL SELECT n + 1 FROM b WHERE n < 3`,
		`CREATE VIEW nothing AS SELECT`,
		`CREATE TEMP VIEW ours AS SELECT 1 AS x`,
		`ALTER TABLE visit RENAME COLUMN note TO remark`, `ALTER VIEW "Seen" RENAME COLUMN a TO "A"`,
		`DO $$ BEGIN EXECUTE 'ALTER DATABASE ' || quote_ident(current_database()) || ' SET search_path = "Å b", public'; END $$`)
	c := described(t, s)
	want := []catalog.View{
		{Name: catalog.Name{Schema: "public", Table: "Seen"}, Columns: []string{"A", "b c"},
			Definition: " SELECT visit.id AS \"A\",\n    visit.remark AS \"b c\"\n   FROM public.visit;"},
		{Name: catalog.Name{Schema: "public", Table: "a"}, Columns: []string{"id", "note", "order", "age", "lower"},
			Definition: " SELECT v.id,\n    v.remark AS note,\n    v.\"order\",\n    public.age(1) AS age,\n    lower(v.remark) AS lower\n   FROM public.visit v;"},
		{Name: catalog.Name{Schema: "public", Table: "b"}, Columns: []string{"n"},
			Definition: " WITH RECURSIVE b(n) AS (\n         VALUES (1)\n        UNION ALL\n         SELECT (b_1.n + 1)\n           FROM b b_1\n          WHERE (b_1.n < 3)\n        )\n SELECT b.n\n   FROM b;"},
		{Name: catalog.Name{Schema: "Å b", Table: "kept"}, Columns: []string{"x", "count"},
			Definition: " SELECT \"T\".x,\n    count(*) AS count\n   FROM \"Å b\".\"T\"\n  GROUP BY \"T\".x;"},
	}
	if d := cmp.Diff(want, c.Views); d != "" {
		t.Error(d)
	}
	if len(c.Synonyms) > 0 {
		t.Error("PostgreSQL has no synonyms")
	}
	inside, err := snapshot(t, s).Catalog(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(c.Views, inside.Views); d != "" {
		t.Errorf("a snapshot gives other views: %s", d)
	}
	if bare := describe(t, viewed, `ALTER TABLE visit RENAME COLUMN note TO remark`); bare.Hash() != c.Hash() || bare.Views != nil {
		t.Error("views change the hash")
	}
}
