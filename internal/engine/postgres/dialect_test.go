package postgres

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/filter/schemamap"
	"github.com/utdrag/utdrag/internal/engine"
	"github.com/utdrag/utdrag/mask"
	"github.com/utdrag/utdrag/mask/value"
)

var plainText = value.Type{Kind: value.String, Collation: value.Collation{Name: defaultCollation}}

// asked is the one cell of a query.
func asked(t testing.TB, s *Snapshot, query string, args ...value.Value) value.Value {
	t.Helper()
	rows, err := s.Query(ctx, query, args...)
	got := all(t, rows, err, 1)
	if len(got) != 1 {
		t.Fatalf("%s gives %d rows", query, len(got))
	}
	return got[0][0]
}

// A literal is read as what it was made of.
func TestLiteral(t *testing.T) {
	s := snapshot(t, opened(t))
	of := func(kind value.Kind) value.Type { return value.Type{Kind: kind} }
	for _, c := range []struct {
		v value.Value
		t value.Type
	}{
		{value.Value{}, of(value.String)}, {value.NewBool(true), of(value.Boolean)}, {value.NewBool(false), of(value.Boolean)},
		{value.NewInt(-9223372036854775808), of(value.Integer)}, {value.NewInt(9223372036854775807), of(value.Integer)}, {value.NewInt(-1), of(value.Integer)},
		{value.NewDecimal("-0.050"), of(value.Number)}, {value.NewDecimal("99999999999999999999"), of(value.Number)}, {value.NewFloat(0.1), of(value.Real)}, {value.NewFloat(-5e-324), of(value.Real)},
		{value.NewBinary("\x00'\\\xff"), of(value.Binary)}, {value.NewText(`it's \ "å" $1 :x`), plainText}, {value.NewText(""), plainText},
		{value.NewTime("2026-01-31"), of(value.Date)}, {value.NewTime("-0043-03-15"), of(value.Date)}, {value.NewTime("infinity"), of(value.Date)}, {value.NewTime("08:00:00.5"), of(value.TimeOfDay)},
		{value.NewTime("2026-01-31T08:00:00"), of(value.Timestamp)}, {value.NewTime("+12345-01-31T08:00:00"), of(value.Timestamp)}, {value.NewTime("2026-01-31T08:00:00+00:00"), of(value.TimestampTZ)},
		{value.NewText("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"), of(value.UUID)},
	} {
		literal := Dialect{}.Literal(c.v, c.t)
		if got := asked(t, s, "SELECT "+literal); !value.Equal(got, c.v) {
			t.Errorf("%s is read as %s", literal, shown([]value.Value{got}))
		}
	}
	if _, err := s.Query(ctx, "SELECT "+Dialect{}.Literal(value.NewText("a\x00b"), plainText)); err == nil {
		t.Error("a text with U+0000 is a literal")
	}
}

// SQL masks give what their Go forms give, whatever the text; a character(n) is seen without its padding.
func TestMasks(t *testing.T) {
	s := snapshot(t, opened(t))
	padded := plainText
	padded.Length, padded.Collation.IgnoresTrailingSpace = 12, true
	rapid.Check(t, func(r *rapid.T) {
		rule, err := mask.New("partial", value.NewInt(int64(rapid.IntRange(0, 3).Draw(r, "first"))), value.NewInt(int64(rapid.IntRange(0, 3).Draw(r, "last"))))
		if err != nil {
			r.Fatal(err)
		}
		cell := rapid.StringMatching(`[a*å😀 ]{0,8}`).Draw(r, "text")
		c, sql := mask.Column{Type: plainText, Nullable: true}, text(cell)+"::text"
		if rapid.Bool().Draw(r, "padded") {
			c.Type, sql, cell = padded, text(cell)+"::character(12)", strings.TrimRight(cell, " ")
		}
		f, err := rule.Func(c, nil)
		if err != nil {
			r.Fatal(err)
		}
		want, err := f(value.NewText(cell))
		if err != nil {
			r.Fatal(err)
		}
		masked, ok := rule.SQL(Dialect{}, c, "c")
		if got := asked(t, s, "SELECT "+masked+" FROM (SELECT "+sql+" AS c) t"); !ok || !value.Equal(got, want) {
			r.Errorf("%q is %q, not %q", cell, got.Text(), want.Text())
		}
	})
}

// LIKE does what the map's LIKE does.
func TestLike(t *testing.T) {
	s := snapshot(t, opened(t))
	padded := plainText
	padded.Collation.IgnoresTrailingSpace = true
	for _, c := range []struct {
		text, pattern string
		padded        bool
		want          bool
	}{
		{"abc", "a%", false, true}, {"abc", "A%", false, false}, {"a%c", `a\%c`, false, true}, {"abc", `a\%c`, false, false}, {`a\c`, `a\\c`, false, true}, {"å", "_", false, true}, {"😀", "_", false, true},
		{"a\nb", "a%b", false, true}, {"", "%", false, true}, {"", "_", false, false}, {"it's", "it's", false, true}, {"ab", "ab", true, true}, {"ab", "ab_", true, false}, {"abc", `\a\b_`, false, true},
	} {
		kind, cell := plainText, text(c.text)+"::text"
		if c.padded {
			kind, cell = padded, text(c.text)+"::character(5)"
		}
		sql, err := Dialect{}.Like("c", c.pattern, kind)
		if err != nil {
			t.Fatal(err)
		}
		if got := asked(t, s, "SELECT "+sql+" FROM (SELECT "+cell+" AS c) t"); got.Bool() != c.want {
			t.Errorf("%q LIKE %q is %v", c.text, c.pattern, got.Bool())
		}
	}
	blind := plainText
	blind.Collation.IgnoresCase = true
	for _, c := range []struct {
		pattern string
		t       value.Type
	}{{`a\`, plainText}, {`a\\\`, plainText}, {"a\x00", plainText}, {"a", blind}, {"a", value.Type{Kind: value.Native}}} {
		if sql, err := (Dialect{}).Like("c", c.pattern, c.t); err == nil || code(t, err) != codeLike {
			t.Errorf("%q gives %s", c.pattern, sql)
		}
	}
	if _, err := (Dialect{}).Like("c", `a\\`, plainText); err != nil {
		t.Error(err)
	}
}

var _ schemamap.Printer = Dialect{}

// Columns that Comparable lets pass do compare, and others are refused.
func TestComparable(t *testing.T) {
	s := opened(t, `CREATE TYPE e AS ENUM ('a'); CREATE DOMAIN d AS text; CREATE EXTENSION citext;
		CREATE TABLE t (a smallint, b bigint, c numeric(5,2), d real, e double precision, f text, g varchar(3), h char(3), i text COLLATE "C", j e, k d, l citext, m uuid, n date, o timestamp, p timestamptz,
		q int[], r inet, s bytea, t boolean, u jsonb, v json, w time(3), x time, y char(9), z e[])`)
	c := described(t, s).Tables[0]
	snap := snapshot(t, s)
	groups := []string{"abc", "de", "fgk", "hy", "i", "j", "m", "n", "o", "p", "q", "r", "s", "t", "u", "wx", "z"} // and l and v with none
	for i := range c.Columns {
		for j := range c.Columns {
			a, b := c.Columns[i], c.Columns[j]
			want := false
			for _, group := range groups {
				want = want || strings.Contains(group, a.Name) && strings.Contains(group, b.Name)
			}
			if got := (Dialect{}).Comparable(a, b); got != want {
				t.Errorf("%s and %s: %v", a.EngineType, b.EngineType, got)
			}
			if want {
				rows, err := snap.Query(ctx, "SELECT COUNT(*) FROM t JOIN t u ON "+(Dialect{}).Compare("t."+quote(a.Name), "u."+quote(b.Name)))
				_ = rows
				if err == nil {
					t.Fatal("t is found without its schema")
				}
				snap.Close()
				snap = snapshot(t, s)
				asked(t, snap, "SELECT COUNT(*) FROM public.t t JOIN public.t u ON "+(Dialect{}).Compare("t."+quote(a.Name), "u."+quote(b.Name)))
			}
		}
	}
}

func TestRepresentable(t *testing.T) {
	column := func(engineType string, kind value.Kind, length int) *catalog.Column {
		return &catalog.Column{EngineType: engineType, Type: value.Type{Kind: kind, Length: length}}
	}
	for _, c := range []struct {
		text string
		c    *catalog.Column
		want bool
	}{
		{"åäö", column("character varying(3)", value.String, 3), true}, {"abcd", column("character varying(3)", value.String, 3), false}, {"a\x00", column("text", value.String, 0), false},
		{"\xff", column("text", value.String, 0), false}, {"32768", column("smallint", value.Integer, 0), false}, {"-32768", column("smallint", value.Integer, 0), true}, {"2147483648", column("integer", value.Integer, 0), false},
		{"2147483648", column("bigint", value.Integer, 0), true}, {"1.5", column("bigint", value.Integer, 0), false}, {"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", column("uuid", value.UUID, 0), true}, {"a0eebc999c0b4ef8bb6d6bb9bd380a11", column("uuid", value.UUID, 0), false},
	} {
		if got := (Dialect{}).Representable(c.text, c.c); got != c.want {
			t.Errorf("%q in %s: %v", c.text, c.c.EngineType, got)
		}
	}
}

// Every type that TypeName and Image give is one that the server makes and describes as the same.
func TestTypeNames(t *testing.T) {
	var statements []string
	var types []value.Type
	for _, kind := range []value.Type{{Kind: value.Boolean}, {Kind: value.Integer}, {Kind: value.Number}, {Kind: value.Number, Precision: 38, Scale: 4}, {Kind: value.Real}, plainText, {Kind: value.String, Length: 7, Collation: plainText.Collation},
		{Kind: value.Binary}, {Kind: value.Date}, {Kind: value.TimeOfDay, Scale: 6}, {Kind: value.Timestamp, Scale: 6}, {Kind: value.UUID}, {Kind: value.JSON}} {
		name, err := Dialect{}.TypeName(kind)
		if err != nil {
			t.Fatal(err)
		}
		image, own, problem := Dialect{Home: "dbo"}.Image(kind, false)
		if image != name || own != kind || problem != "" {
			t.Errorf("%s has the image %s, %+v, %s", name, image, own, problem)
		}
		types = append(types, kind)
		statements = append(statements, fmt.Sprintf("CREATE TABLE t%02d (x %s)", len(types), name))
	}
	for i, table := range describe(t, statements...).Tables {
		if got := table.Columns[0]; got.Type != types[i] {
			t.Errorf("%s is described as %+v, not %+v", got.EngineType, got.Type, types[i])
		}
	}
	for _, kind := range []value.Type{{Kind: value.Timestamp, Scale: 7}, {Kind: value.Native}, {Kind: value.Variant}, {Kind: value.Number, Precision: 2000}} {
		if name, _, problem := (Dialect{Home: "dbo"}).Image(kind, false); problem == "" {
			t.Errorf("%s has the image %s", kind.Kind, name)
		}
	}
	for _, kind := range []value.Kind{value.XML, value.TimestampTZ} {
		if name, own, problem := (Dialect{Home: "dbo"}).Image(value.Type{Kind: kind}, false); name != "text" || own.Kind != value.String || problem != "" {
			t.Errorf("%s has the image %s", kind, name)
		}
	}
}

func TestNames(t *testing.T) {
	d, home := Dialect{}, Dialect{Home: "dbo"}
	for got, want := range map[string]string{
		d.Table(catalog.Name{Table: `a"b`}):                  `"public"."a""b"`,
		d.Table(catalog.Name{Schema: "dbo", Table: "T"}):     `"dbo"."T"`,
		home.Table(catalog.Name{Schema: "dbo", Table: "T"}):  `"public"."T"`,
		home.Table(catalog.Name{Schema: "code", Table: "T"}): `"code"."T"`,
		d.Work("keys_1_T"): `pg_temp."keys_1_T"`,
		strings.Join(d.ReadOrder(&catalog.Table{RowID: rowID}, "t"), ""): `t."ctid"`,
	} {
		if got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	long := strings.Repeat("å", 32)
	for _, table := range []catalog.Table{
		{Name: catalog.Name{Table: long}, Columns: []catalog.Column{{Name: "a", EngineType: "text"}}},
		{Name: catalog.Name{Table: "t"}, Columns: []catalog.Column{{Name: long, EngineType: "text"}}},
		{Name: catalog.Name{Table: "t"}, Columns: []catalog.Column{{Name: "a", EngineType: "text"}}, PrimaryKey: &catalog.Key{Name: long, Columns: []string{"a"}}},
		{Name: catalog.Name{Table: "t"}, Columns: []catalog.Column{{Name: "a", EngineType: "text", Stamped: true}}},
		{Name: catalog.Name{Table: "t"}, Columns: []catalog.Column{{Name: "a", EngineType: "text", Options: []string{"SPARSE"}}}},
		{Name: catalog.Name{Table: "t"}, Columns: []catalog.Column{{Name: "a", EngineType: "text"}}, Options: []string{"STRICT"}},
	} {
		_, err := d.CreateTable("", &table)
		if e, ok := errors.AsType[*diag.Error](err); !ok || e.Code != codeDefinition {
			t.Errorf("%+v: %v", table, err)
		}
	}
}

// A work table takes keys as its columns do, and what the plan composes runs on it, be it in the database or in this process.
func TestWork(t *testing.T) {
	s := opened(t, `CREATE DOMAIN d AS numeric(5,2); CREATE TABLE t (a text COLLATE "C", b d, PRIMARY KEY (a, b)); INSERT INTO t VALUES ('x"\,{}', 1), ('NULL', 2), ('', 3), ('å', 4);
		CREATE TABLE bare (x int); INSERT INTO bare VALUES (1), (1), (2)`)
	c := described(t, s)
	bare, keyed := &c.Tables[0], &c.Tables[1]
	d := Dialect{}
	like := func(name string) engine.WorkColumn { return engine.WorkColumn{Name: name, Like: keyed.Column(name)} }
	work := []string{d.CreateWork("keys", []engine.WorkColumn{like("a"), like("b")}), d.CreateWork("rows", []engine.WorkColumn{{Name: bare.RowID}}), d.CreateWork(`it's "one", (`, []engine.WorkColumn{like("a")})}
	for _, held := range []bool{false, true} {
		snap := snapshot(t, s, work...)
		if held {
			snap.held = newHeldTables(snap.work)
		}
		exec := func(sql string, want int64, args ...value.Value) {
			t.Helper()
			if n, err := snap.Exec(ctx, sql, args...); err != nil || n != want {
				t.Errorf("%s changes %d rows: %v", sql, n, err)
			}
		}
		exec(`INSERT INTO pg_temp."keys" ("a", "b")
SELECT t."a", t."b" FROM "public"."t" t`, 4)
		exec(`INSERT INTO pg_temp."it's ""one"", (" ("a") VALUES ($1)`, 1, value.NewText(`x"\,{}`))
		exec(`INSERT INTO pg_temp."rows" SELECT * FROM (SELECT t."ctid" FROM "public"."bare" t WHERE t.x = 1) AS found EXCEPT SELECT "ctid" FROM pg_temp."rows"`, 2)
		exec(`INSERT INTO pg_temp."rows" SELECT * FROM (SELECT t."ctid" FROM "public"."bare" t) AS found EXCEPT SELECT "ctid" FROM pg_temp."rows"`, 1)
		for query, want := range map[string]int64{
			`SELECT COUNT(*) FROM "public"."t" t WHERE EXISTS (SELECT 1 FROM pg_temp."keys" k WHERE k."a" = t."a" AND k."b" = t."b")`:   4,
			`SELECT COUNT(*) FROM "public"."bare" t WHERE EXISTS (SELECT 1 FROM pg_temp."rows" k WHERE k."ctid" = t."ctid")`:            3,
			`SELECT COUNT(*) FROM "public"."t" t JOIN pg_temp."it's ""one"", (" k ON k."a" = t."a" WHERE 'pg_temp."keys"' <> ''`:        1,
			`SELECT CASE WHEN EXISTS (SELECT 1 FROM pg_temp."rows") OR EXISTS (SELECT 1 FROM pg_temp."keys") THEN 1 ELSE 0 END`:         1,
			`SELECT COUNT(*) FROM (SELECT "a", "b" FROM pg_temp."keys" EXCEPT SELECT "a", "b" FROM pg_temp."keys" WHERE "a" = '') AS x`: 3,
		} {
			if got := asked(t, snap, query); got.Int() != want {
				t.Errorf("held %v: %s is %d", held, query, got.Int())
			}
		}
		shared, err := snap.Share(ctx)
		if err != nil {
			t.Fatal(err)
		}
		exec(`DELETE FROM pg_temp."keys"`, 4)
		exec(`DELETE FROM pg_temp."keys"`, 0)
		if got := asked(t, shared.(*Snapshot), `SELECT COUNT(*) FROM pg_temp."keys"`); got.Int() != 4 {
			t.Errorf("held %v: who joined has %d keys", held, got.Int())
		}
		if got := asked(t, shared.(*Snapshot), `SELECT COUNT(*) FROM pg_temp."rows" k JOIN "public"."bare" t ON t."ctid" = k."ctid"`); got.Int() != 3 {
			t.Errorf("held %v: who joined has %d rows", held, got.Int())
		}
		shared.Close()
		if held {
			for _, sql := range []string{`UPDATE pg_temp."keys" SET a = ''`, `INSERT INTO pg_temp."other" SELECT 1`, `DELETE FROM pg_temp."keys" WHERE a = ''`, `INSERT INTO pg_temp."keys" ("b", "a") SELECT 1, 'x'`, `DROP TABLE public.t`} {
				if _, err := snap.Exec(ctx, sql); err == nil {
					t.Errorf("%s runs", sql)
				}
			}
		}
	}
	if _, err := s.Begin(ctx, engine.Terms{Work: []string{"CREATE TABLE public.x (a int)"}}); err == nil {
		t.Error("a table is made in the source")
	}
}

// Rows that change after the snapshot began are seen as they were, by whoever joins it too.
func TestSnapshot(t *testing.T) {
	url := database(t, "CREATE TABLE t (id int PRIMARY KEY, a text); INSERT INTO t VALUES (1, 'a'), (2, repeat('x', 3000000))")
	s := source(t, url)
	table := table(t, s)
	first := snapshot(t, s)
	other := source(t, url)
	if err := run(ctx, other.conn, "UPDATE public.t SET a = 'changed'; DELETE FROM public.t WHERE id = 1"); err != nil {
		t.Fatal(err)
	}
	second, err := first.Share(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close()
	for _, snap := range []engine.Snapshot{first, second} {
		rows, err := snap.Read(ctx, plain(table))
		if err != nil {
			t.Fatal(err)
		}
		row := make([]value.Value, 2)
		if !rows.Next(row) || row[1].Text() != "a" {
			t.Fatalf("the first row is %s, %v", shown(row), rows.Err())
		}
		if _, err := snap.Query(ctx, "SELECT 1"); code(t, err) != codeEnded {
			t.Error("two queries run at a time")
		}
		if !rows.Next(row) || row[1].Large() == nil || row[1].Large().Size != 3000000 {
			t.Fatalf("the second row is %s, %v", shown(row), rows.Err())
		}
		open := row[1].Large().Open
		cell, err := open()
		if err != nil {
			t.Fatal(err)
		}
		content := make([]byte, 4000000)
		n, _ := readFull(cell, content)
		if string(content[:n]) != strings.Repeat("x", 3000000) {
			t.Errorf("the large cell has %d bytes", n)
		}
		if rows.Next(row) {
			t.Error("there is a third row")
		}
		if _, err := open(); err == nil {
			t.Error("a cell outlives its row")
		}
		rows.Close()
	}
}

func readFull(r interface{ Read([]byte) (int, error) }, p []byte) (n int, err error) {
	for n < len(p) {
		m, err := r.Read(p[n:])
		n += m
		if err != nil {
			return n, err
		}
	}
	return n, nil
}
