package postgres

import (
	"testing"

	"github.com/utdrag/utdrag/filter/catalog"
)

func TestHarmless(t *testing.T) {
	for text, want := range map[string]bool{
		"((a > 0) AND (b = ANY (ARRAY['x'::text, 'y;--'::text])))": true, "'kö'::text": true, "now()": true, "CURRENT_DATE": true, "(a)::numeric(10,2)": true,
		`"substring"(a, 1, 2)`: true, "pg_catalog.lower(a)": true, "(a ~ '^[0-9]{8}$'::text)": true, "lower((a)::text)": true, "USING gist (room WITH =, during WITH &&) WHERE ((a > 0))": true,
		`USING btree (lower(a) public.opclass DESC) INCLUDE (b) NULLS NOT DISTINCT WITH (fillfactor='70')`: true, "'x'::public.kind": true, "'B'::bit(3)": true, "B'101'": true,
		"'2020-01-01 00:00:00'::timestamp(3) without time zone": true, "(a)::character varying(20)": true, `COALESCE("a b", "CASE"[1:2])`: true,
		"lo_create(1)": false, "pg_catalog.lo_create(1)": false, `"lo_create" (1)`: false, "public.lower(a)": false, "x.pg_catalog.lower(a)": false, "public.all(a)": false, "LOWER ( pg_read_file('x') )": false,
		"(SELECT 1)": false, "(a OPERATOR(public.=) b)": false, "nextval('s'::regclass)": false, "query_to_xml('x', true, true, '')": false, "dblink_exec('x')": false,
		"1; DROP TABLE x": false, "1, b int": false, "1)": false, "(1": false, "(1]": false, "1 -- x": false, "1 /* x */": false, "$$x$$": false, "$1": false, `E'\''`: false, "U&'\\0061'": false, "'x": false,
		`"x`: false, `""`: false, "a\x00": false, "ä(1)": false, "": false, "\\gset": false,
	} {
		if got := harmless(text); got != want {
			t.Errorf("%s: %v", text, got)
		}
	}
}

func TestIsType(t *testing.T) {
	for text, want := range map[string]bool{
		"integer": true, "character varying(20)": true, "numeric(10,-2)": true, "timestamp(3) with time zone": true, `"char"`: true, `public."Kind of"[]`: true, "public.geometry(Point,3006)": true,
		"interval day to second(3)": true, "text[]": true, "public.kind": true,
		"": false, "int); DROP TABLE x; --": false, "int DEFAULT f()": false, "int, b int": false, "int CHECK (true)": false, "int NOT NULL": false, "(int)": false, "int (f(1))": false, "int 'x'": false,
		"int; x": false, "int COLLATE x": false, "5": false, "int)": false,
	} {
		if got := isType(text); got != want {
			t.Errorf("%s: %v", text, got)
		}
	}
}

func TestIsDataType(t *testing.T) {
	name := catalog.Name{Schema: "public", Table: `a"b`}
	for text, want := range map[string]bool{
		`CREATE TYPE "public"."a""b" AS ENUM ('x', 'y''; DROP')`: true, `CREATE TYPE "public"."a""b" AS ("x" integer)`: true, `CREATE TYPE "public"."a""b" AS RANGE (SUBTYPE = date)`: true,
		`CREATE DOMAIN "public"."a""b" AS text CONSTRAINT "c" CHECK ((VALUE <> ''::text))`: true,
		`CREATE TYPE "public"."other" AS ENUM ('x')`:                                       false, `CREATE TYPE "public"."a""b" AS ENUM ('x'); DROP TABLE t`: false,
		`CREATE TYPE "public"."a""b" (INPUT = f, OUTPUT = g)`: false, `CREATE FUNCTION "public"."a""b"() RETURNS int AS 'x'`: false, `DROP TABLE t`: false, "": false,
	} {
		if got := isDataType(&catalog.DataType{Name: name, Definition: text}); got != want {
			t.Errorf("%s: %v", text, got)
		}
	}
}
