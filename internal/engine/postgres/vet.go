package postgres

import (
	"slices"
	"strings"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/internal/engine"
)

// Vet refuses a definition with an expression that does more than compute. The server would run it, with the rights of whoever
// loads the copy: a check is run for every row, and may call what reads files, writes them or ends sessions. So nothing is
// called but functions of the server's own that are listed here, and no query is made.
func (d Dialect) Vet(definition engine.Definition) error {
	for _, t := range definition.DataTypes {
		if !isDataType(&t) || !harmless(t.Definition) {
			return unvetted("data type " + t.Name.String())
		}
	}
	for i := range definition.Tables {
		t := &definition.Tables[i]
		for _, c := range t.Columns {
			if c.Default != "" && !harmless(c.Default) {
				return unvetted("the default of column " + quote(c.Name) + " of table " + t.Name.String())
			}
			if c.Computed != "" && !harmless(c.Computed) {
				return unvetted("computed column " + quote(c.Name) + " of table " + t.Name.String())
			}
		}
		for _, c := range t.Checks {
			if !harmless(c.Expression) {
				return unvetted("check " + quote(c.Name) + " of table " + t.Name.String())
			}
		}
		for _, x := range t.Indexes {
			if isOwnIndex(x.Definition) && !harmless(x.Definition) {
				return unvetted("index " + quote(x.Name) + " of table " + t.Name.String())
			}
		}
	}
	return nil
}

func unvetted(what string) error {
	return failure(codeDefinition, diag.Refused, "ask the sender to leave it out, or load the package into another engine, which makes no such thing", nil,
		"%s is no plain expression: it calls a function that is not known to only compute, or is none that PostgreSQL prints", what)
}

// harmless reports whether a text is whole, and calls nothing but what is listed.
func harmless(s string) bool {
	tokens, ok := whole(s)
	if !ok {
		return false
	}
	for i, t := range tokens {
		if t.is("select") || t.is("values") || t.is("table") {
			return false
		}
		called := (t.kind == word || t.kind == quoted) && i+1 < len(tokens) && tokens[i+1].sign("(")
		if !called {
			continue
		}
		if i > 0 && tokens[i-1].is("using") { // an index's method
			continue
		}
		if t.kind == word && slices.Contains(notFunctions, t.name) && (i == 0 || !tokens[i-1].sign(".")) {
			continue
		}
		own := i == 0 || !tokens[i-1].sign(".") || i > 1 && tokens[i-2].name == "pg_catalog" && (i == 2 || !tokens[i-3].sign("."))
		if !own || !slices.Contains(functions, t.name) {
			return false
		}
	}
	return true
}

// notFunctions are the keywords, and the types, that a parenthesis follows.
var notFunctions = strings.Fields(`all and any array as between by case check coalesce distinct else enum exclude from greatest ilike in include is least like not nullif
	or range row similar some then to when where with
	bit character decimal float interval numeric time timestamp varying`)

// functions are those of pg_catalog that only compute: immutable ones that somebody might write in a definition, and those that tell the time
// or make an identifier.
var functions = strings.Fields(`abs acos age ascii asin atan atan2 bit_count bit_length bool btrim bpchar cardinality cbrt ceil ceiling char char_length character_length chr
	array_dims array_length array_lower array_ndims array_position array_positions array_remove array_replace array_to_string array_upper
	clock_timestamp concat concat_ws convert_from convert_to cos cot current_schema current_timestamp localtime localtimestamp
	date date_bin date_part date_trunc daterange daterange_subdiff decode degrees div encode exp extract factorial family floor float4 float8 format
	gcd gen_random_uuid get_bit get_byte height host hostmask initcap int2 int4 int4range int8 int8range isclosed isempty isfinite
	json_array_length json_build_array json_build_object json_object json_strip_nulls json_typeof jsonb_array_length jsonb_build_array jsonb_build_object jsonb_extract_path
	jsonb_extract_path_text jsonb_object jsonb_path_exists jsonb_path_match jsonb_path_query_array jsonb_path_query_first jsonb_set jsonb_strip_nulls jsonb_typeof
	justify_days justify_hours justify_interval lcm left length ln log log10 lower lower_inc lower_inf lpad ltrim make_date make_interval make_time make_timestamp
	make_timestamptz masklen md5 min_scale mod netmask network normalize is_normalized now num_nonnulls num_nulls numrange octet_length overlaps overlay pi point position power quote_ident
	quote_literal quote_nullable radians random range_merge regexp_count regexp_instr regexp_like regexp_match regexp_replace regexp_split_to_array regexp_substr
	replace reverse right round row_to_json rpad rtrim scale set_bit set_byte sha224 sha256 sha384 sha512 sign similar_to_escape sin slope split_part sqrt starts_with
	statement_timestamp string_to_array strip strpos substr substring tan text time timestamp timestamptz timetz timezone to_char to_date to_hex to_json to_jsonb to_number
	to_timestamp to_tsquery to_tsvector transaction_timestamp translate trim trim_scale trunc tsrange tstzrange setweight upper upper_inc upper_inf varbit varchar width_bucket
	xml_is_well_formed xml_is_well_formed_content xml_is_well_formed_document xpath_exists float8mi numrange_subdiff int4range_subdiff int8range_subdiff tsrange_subdiff tstzrange_subdiff`)

// isDataType reports whether a text is one statement that makes the data type which it is named for, of a kind that introspection writes.
func isDataType(t *catalog.DataType) bool {
	name := qualified(t.Name)
	for _, begins := range []string{"CREATE TYPE " + name + " AS ENUM (", "CREATE TYPE " + name + " AS (", "CREATE TYPE " + name + " AS RANGE (", "CREATE DOMAIN " + name + " AS "} {
		if strings.HasPrefix(t.Definition, begins) {
			return isWhole(t.Definition)
		}
	}
	return false
}

// isOwnIndex reports whether an index is defined in PostgreSQL's own words.
func isOwnIndex(definition string) bool {
	return strings.HasPrefix(definition, using) || strings.HasPrefix(definition, exclusion)
}
