package postgres

import (
	"fmt"
	"strings"
	"testing"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/internal/engine/postgres/pgtest"
	"github.com/utdrag/utdrag/mask/value"
)

// cell is a form and its text.
type cell struct {
	form value.Form
	text string
}

// typeCase is a type, what the catalog says of it, and cells with what is read of them.
type typeCase struct {
	name  string
	kind  value.Kind
	cells map[string]cell
}

var typeCases = []typeCase{
	{"boolean", value.Boolean, map[string]cell{"true": {value.Bool, "t"}, "false": {value.Bool, "f"}}},
	{"smallint", value.Integer, map[string]cell{"'-32768'": {value.Int, "-32768"}, "32767": {value.Int, "32767"}}},
	{"integer", value.Integer, map[string]cell{"'-2147483648'": {value.Int, "-2147483648"}, "2147483647": {value.Int, "2147483647"}, "0": {value.Int, "0"}}},
	{"bigint", value.Integer, map[string]cell{"'-9223372036854775808'": {value.Int, "-9223372036854775808"}, "9223372036854775807": {value.Int, "9223372036854775807"}}},
	{"numeric(10,2)", value.Number, map[string]cell{"12.5": {value.Decimal, "12.50"}, "-0.05": {value.Decimal, "-0.05"}, "0": {value.Decimal, "0.00"}, "'NaN'": {value.Text, "NaN"}}},
	{"numeric(38,0)", value.Number, map[string]cell{"99999999999999999999999999999999999999": {value.Decimal, "99999999999999999999999999999999999999"}}},
	{"numeric(3,-2)", value.Number, map[string]cell{"12345": {value.Decimal, "12300"}}},
	{"numeric(2,5)", value.Number, map[string]cell{"0.00012": {value.Decimal, "0.00012"}}},
	{"numeric", value.Number, map[string]cell{"1.50": {value.Decimal, "1.50"}, "1e40": {value.Decimal, "1" + strings.Repeat("0", 40)}, "1e-20": {value.Decimal, "0.00000000000000000001"},
		"'Infinity'": {value.Text, "Infinity"}, "'-Infinity'": {value.Text, "-Infinity"}}},
	{"real", value.Real, map[string]cell{"1.1": {value.Float, "1.100000023841858"}, "'NaN'": {value.Float, "NaN"}, "'-0'": {value.Float, "-0"}, "'Infinity'": {value.Float, "Infinity"}, "1e-45": {value.Float, "1.401298464324817e-45"},
		"3.4028235e38": {value.Float, "3.4028234663852886e+38"}}},
	{"double precision", value.Real, map[string]cell{"0.1": {value.Float, "0.1"}, "'-0'": {value.Float, "-0"}, "'-Infinity'": {value.Float, "-Infinity"}, "5e-324": {value.Float, "5e-324"},
		"1.7976931348623157e308": {value.Float, "1.7976931348623157e+308"}, "'NaN'": {value.Float, "NaN"}}},
	{"text", value.String, map[string]cell{"''": {value.Text, ""}, `E'a\tb\nc\rd\\e\\.'`: {value.Text, "a\tb\nc\rd\\e\\."}, `'\N'`: {value.Text, `\N`}, `'\.'`: {value.Text, `\.`}, "'åäö 😀'": {value.Text, "åäö 😀"},
		"'it''s '": {value.Text, "it's "}, `E'\x01\x7f'`: {value.Text, "\x01\x7f"}}},
	{"character varying(5)", value.String, map[string]cell{"'åäö  '": {value.Text, "åäö  "}, "''": {value.Text, ""}}},
	{"character(5)", value.String, map[string]cell{"'ab'": {value.Text, "ab"}, "''": {value.Text, ""}, "' a b '": {value.Text, " a b"}}},
	{"bytea", value.Binary, map[string]cell{`'\x'`: {value.Bytes, ""}, `'\x00ff5c0a09'`: {value.Bytes, "\x00\xff\\\n\t"}}},
	{"date", value.Date, map[string]cell{"'2026-01-31'": {value.Time, "2026-01-31"}, "'infinity'": {value.Time, "infinity"}, "'-infinity'": {value.Time, "-infinity"}, "'0044-03-15 BC'": {value.Time, "-0043-03-15"},
		"'0001-01-01 BC'": {value.Time, "0000-01-01"}, "'4714-11-24 BC'": {value.Time, "-4713-11-24"}, "'5874897-12-31'": {value.Time, "+5874897-12-31"}, "'2000-02-29'": {value.Time, "2000-02-29"}, "'1900-03-01'": {value.Time, "1900-03-01"}}},
	{"time without time zone", value.TimeOfDay, map[string]cell{"'08:00'": {value.Time, "08:00:00"}, "'24:00'": {value.Time, "24:00:00"}, "'23:59:59.999999'": {value.Time, "23:59:59.999999"}, "'00:00:00.5'": {value.Time, "00:00:00.5"}}},
	{"time(3) without time zone", value.TimeOfDay, map[string]cell{"'08:00:00.120'": {value.Time, "08:00:00.12"}}},
	{"time with time zone", value.Native, map[string]cell{"'08:00+02'": {value.Text, "08:00:00+02"}}},
	{"timestamp without time zone", value.Timestamp, map[string]cell{"'2026-01-31 08:00'": {value.Time, "2026-01-31T08:00:00"}, "'1999-12-31 23:59:59.000001'": {value.Time, "1999-12-31T23:59:59.000001"},
		"'infinity'": {value.Time, "infinity"}, "'0044-03-15 12:00 BC'": {value.Time, "-0043-03-15T12:00:00"}, "'294276-12-31 23:59:59.999999'": {value.Time, "+294276-12-31T23:59:59.999999"},
		"'4714-11-24 00:00 BC'": {value.Time, "-4713-11-24T00:00:00"}}},
	{"timestamp(3) with time zone", value.TimestampTZ, map[string]cell{"'2026-07-01 08:00+02'": {value.Time, "2026-07-01T06:00:00+00:00"}, "'-infinity'": {value.Time, "-infinity"}, "'12345-01-01 00:00:00.25+00'": {value.Time, "+12345-01-01T00:00:00.25+00:00"},
		"'0002-01-01 00:00+00 BC'": {value.Time, "-0001-01-01T00:00:00+00:00"}}},
	{"interval", value.Native, map[string]cell{"'1 year 2 mons -3 days 04:05:06.7'": {value.Text, "1 year 2 mons -3 days +04:05:06.7"}}},
	{"uuid", value.UUID, map[string]cell{"'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'": {value.Text, "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"}}},
	{"json", value.JSON, map[string]cell{`'{"a" : [1,  2]}'`: {value.Text, `{"a" : [1,  2]}`}}},
	{"jsonb", value.JSON, map[string]cell{`'{"b":1,"a" : "x\\ty"}'`: {value.Text, `{"a": "x\\ty", "b": 1}`}}},
	{"xml", value.XML, map[string]cell{`'<a b="c">å</a>'`: {value.Text, `<a b="c">å</a>`}}},
	{"inet", value.Native, map[string]cell{"'10.0.0.1/8'": {value.Text, "10.0.0.1/8"}, "'::1'": {value.Text, "::1"}}},
	{"cidr", value.Native, map[string]cell{"'10.0.0.0/8'": {value.Text, "10.0.0.0/8"}}},
	{"macaddr", value.Native, map[string]cell{"'08:00:2b:01:02:03'": {value.Text, "08:00:2b:01:02:03"}}},
	{"bit(3)", value.Native, map[string]cell{"B'101'": {value.Text, "101"}}},
	{"bit varying(9)", value.Native, map[string]cell{"B''": {value.Text, ""}, "B'0101'": {value.Text, "0101"}}},
	{"money", value.Native, map[string]cell{"'-1234.5'": {value.Text, "-$1,234.50"}}},
	{"tsvector", value.Native, map[string]cell{"'a:1 fat:2'": {value.Text, "'a':1 'fat':2"}}},
	{"point", value.Native, map[string]cell{"'(1.5,-2)'": {value.Text, "(1.5,-2)"}}},
	{"pg_lsn", value.Native, map[string]cell{"'16/B374D848'": {value.Text, "16/B374D848"}}},
	{"integer[]", value.Native, map[string]cell{"'{1,NULL,3}'": {value.Text, "{1,NULL,3}"}, "'{{1,2},{3,4}}'": {value.Text, "{{1,2},{3,4}}"}, "'[2:3]={7,8}'": {value.Text, "[2:3]={7,8}"}, "'{}'": {value.Text, "{}"}}},
	{"text[]", value.Native, map[string]cell{`ARRAY['a"b', E'c\\d', 'NULL', '', 'å,ä']`: {value.Text, `{"a\"b","c\\d","NULL","","å,ä"}`}}},
	{"int4range", value.Native, map[string]cell{"'[1,5)'": {value.Text, "[1,5)"}, "'empty'": {value.Text, "empty"}}},
	{"nummultirange", value.Native, map[string]cell{"'{[1,2],(5,)}'": {value.Text, "{[1,2],(5,)}"}}},
	{`public."Mood ""x"""`, value.Native, map[string]cell{"'sad'": {value.Text, "sad"}, "'it''s, ok'": {value.Text, "it's, ok"}}},
	{`public."Mood ""x"""[]`, value.Native, map[string]cell{"'{sad}'": {value.Text, "{sad}"}}},
	{"kinds.positive", value.Integer, map[string]cell{"7": {value.Int, "7"}}},
	{"kinds.code", value.String, map[string]cell{"'AB'": {value.Text, "AB"}}},
	{"kinds.pair", value.Native, map[string]cell{"ROW(1, 'a b')::kinds.pair": {value.Text, `(1,"a b")`}}},
	{"kinds.span", value.Native, map[string]cell{"'[1.5,2)'": {value.Text, "[1.5,2)"}}},
	{"kinds.spans", value.Native, map[string]cell{"'{[1.5,2)}'": {value.Text, "{[1.5,2)}"}}},
}

const typeSetup = `CREATE SCHEMA kinds; CREATE TYPE public."Mood ""x""" AS ENUM ('sad', 'it''s, ok');
	CREATE DOMAIN kinds.whole AS integer; CREATE DOMAIN kinds.positive AS kinds.whole DEFAULT 3 NOT NULL CONSTRAINT "is > 0" CHECK (VALUE > 0);
	CREATE DOMAIN kinds.code AS varchar(4) COLLATE "C" CHECK (VALUE ~ '^[A-Z]*$');
	CREATE TYPE kinds.pair AS (number kinds.whole, "The Name" text COLLATE "C"); CREATE TYPE kinds.span AS RANGE (SUBTYPE = float8, SUBTYPE_DIFF = float8mi, MULTIRANGE_TYPE_NAME = kinds.spans)`

// typeTables is one table a type, with one row a cell and one of NULL.
func typeTables() []string {
	statements := []string{typeSetup}
	for i, c := range typeCases {
		statements = append(statements, fmt.Sprintf("CREATE TABLE t%02d (id int PRIMARY KEY GENERATED BY DEFAULT AS IDENTITY, said text, c %s)", i, c.name))
		for literal := range c.cells {
			statements = append(statements, fmt.Sprintf("INSERT INTO t%02d (said, c) VALUES (%s, %s)", i, text(literal), literal))
		}
		if !strings.HasPrefix(c.name, "kinds.positive") {
			statements = append(statements, fmt.Sprintf("INSERT INTO t%02d (said) VALUES ('NULL')", i))
		}
	}
	return statements
}

// Every type is read as it should be, and a copy gives the very same cells.
func TestTypes(t *testing.T) {
	s := opened(t, typeTables()...)
	url := copied(t, s)
	c := described(t, s)
	again := source(t, url)
	if copy := described(t, again); copy.Hash() != c.Hash() {
		for _, d := range catalog.Compare(c, copy) {
			t.Error(d)
		}
	}
	first, second := snapshot(t, s), snapshot(t, again)
	for i, kind := range typeCases {
		table := c.Table(catalog.Name{Schema: "public", Table: fmt.Sprintf("t%02d", i)})
		if got := table.Column("c"); got.Type.Kind != kind.kind || got.EngineType != kind.name {
			t.Errorf("%s is %s, of kind %s", kind.name, got.EngineType, got.Type.Kind)
		}
		rows, err := first.Read(ctx, plain(table))
		before := all(t, rows, err, 3)
		for _, row := range before {
			want, ok := kind.cells[row[1].Text()]
			if got := row[2]; got.Form() != want.form || ok && string(appendPlain(nil, got)) != string(appendPlain(nil, formed(want))) {
				t.Errorf("%s %s is read as %s", kind.name, row[1].Text(), shown(row[2:]))
			}
		}
		rows, err = second.Read(ctx, plain(table))
		if after := all(t, rows, err, 3); !equal(before, after) {
			t.Errorf("%s: %d rows were\n%s\nand are\n%s", kind.name, len(after), show(before), show(after))
		}
	}
	// The server itself finds the same text, whatever our decoding.
	server := pgtest.Server(t)
	for i, kind := range typeCases {
		query := fmt.Sprintf("SELECT id, c::text, c IS NULL FROM t%02d ORDER BY id", i)
		if before, after := fmt.Sprint(server.Query(t, urlOf(s), query)), fmt.Sprint(server.Query(t, url, query)); before != after {
			t.Errorf("%s: %s became %s", kind.name, before, after)
		}
	}
}

func urlOf(s *Source) string {
	return "postgres:///" + s.config.Database + "?host=" + s.config.Host + "&user=" + s.config.User
}

func formed(c cell) value.Value {
	switch c.form {
	case value.Time:
		return value.NewTime(c.text)
	case value.Decimal:
		return value.NewDecimal(c.text)
	}
	return value.NewText(c.text)
}

func show(rows [][]value.Value) string {
	var b strings.Builder
	for _, row := range rows {
		b.WriteString(shown(row) + "\n")
	}
	return b.String()
}
