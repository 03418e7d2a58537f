package postgres

import (
	"strings"

	"github.com/utdrag/utdrag/filter/rewrite"
)

func words(lists ...string) map[string]bool {
	m := map[string]bool{}
	for _, list := range lists {
		for _, w := range strings.Fields(list) {
			m[w] = true
		}
	}
	return m
}

// functions are the server's functions that work on their arguments alone: they read no table, file, setting or session,
// take no name of a table and no SQL, and change nothing. The test holds each against the server's catalog.
//
// Random ones are here: they tell of nothing. Those that turn a row or any value into text or JSON are, too: what
// they are given has been confined before.
var functions = words(
	// texts
	`ascii bit_length btrim char_length character_length chr concat concat_ws decode encode format initcap left length lower lpad ltrim md5
	normalize octet_length overlay position quote_literal quote_nullable regexp_count regexp_instr regexp_like regexp_match
	regexp_matches regexp_replace regexp_split_to_array regexp_substr repeat replace reverse right rpad rtrim split_part
	starts_with string_to_array strpos substr substring to_hex translate unistr upper array_to_string text bpchar varchar`,
	// bytes
	`convert convert_from convert_to get_bit get_byte set_bit set_byte sha224 sha256 sha384 sha512 bit_count uuid_send`,
	// numbers
	`abs acos acosd acosh asin asind asinh atan atan2 atan2d atand atanh cbrt ceil ceiling cos cosd cosh cot cotd degrees div exp factorial
	floor gcd lcm ln log log10 min_scale mod pi power pow radians random round scale sign sin sind sinh sqrt tan tand tanh
	trim_scale trunc width_bucket int2 int4 int8 float4 float8 numeric`,
	// dates
	`age clock_timestamp date date_bin date_part date_trunc extract isfinite justify_days justify_hours justify_interval make_date
	make_interval make_time make_timestamp make_timestamptz now statement_timestamp timeofday timezone to_char to_date
	to_number to_timestamp transaction_timestamp timestamp timestamptz time timetz interval overlaps`,
	// comparison and conversion
	`num_nonnulls num_nulls bool gen_random_uuid`,
	// JSON
	`array_to_json row_to_json to_json to_jsonb json_array_length jsonb_array_length json_build_array jsonb_build_array json_build_object
	jsonb_build_object json_extract_path jsonb_extract_path json_extract_path_text jsonb_extract_path_text json_object jsonb_object
	json_object_keys jsonb_object_keys json_strip_nulls jsonb_strip_nulls json_typeof jsonb_typeof jsonb_set jsonb_set_lax jsonb_insert
	jsonb_path_exists jsonb_path_match jsonb_path_query jsonb_path_query_array jsonb_path_query_first jsonb_path_exists_tz
	jsonb_path_match_tz jsonb_path_query_tz jsonb_path_query_array_tz jsonb_path_query_first_tz jsonb_pretty jsonb_contains jsonb_exists
	jsonb_exists_any jsonb_exists_all jsonb_concat jsonb_delete`,
	// arrays and ranges
	`array_append array_cat array_dims array_fill array_length array_lower array_ndims array_position array_positions array_prepend
	array_remove array_replace array_upper cardinality trim_array isempty lower_inc lower_inf upper_inc upper_inf range_merge multirange
	int4range int8range numrange tsrange tstzrange daterange int4multirange int8multirange nummultirange tsmultirange tstzmultirange
	datemultirange`,
	// text search, as far as it takes no name of a configuration that could be somebody's own
	`numnode plainto_tsquery phraseto_tsquery websearch_to_tsquery to_tsquery to_tsvector querytree setweight strip ts_rank ts_rank_cd
	ts_headline ts_delete ts_filter tsvector_to_array array_to_tsvector tsquery_phrase`,
	// network addresses and geometry
	`abbrev broadcast family host hostmask inet_merge inet_same_family masklen netmask network set_masklen macaddr8_set7bit area box center
	circle diagonal diameter height isclosed isopen line lseg npoints path pclose point polygon popen radius slope width bound_box`,
	// aggregates
	`array_agg avg bit_and bit_or bit_xor bool_and bool_or count every json_agg json_object_agg jsonb_agg jsonb_object_agg max min
	range_agg range_intersect_agg string_agg sum corr covar_pop covar_samp regr_avgx regr_avgy regr_count regr_intercept regr_r2
	regr_slope regr_sxx regr_sxy regr_syy stddev stddev_pop stddev_samp variance var_pop var_samp mode percentile_cont percentile_disc`,
	// windows
	`row_number rank dense_rank percent_rank cume_dist ntile lag lead first_value last_value nth_value`,
)

// tableFunctions may stand in FROM as well: they make rows of their arguments.
var tableFunctions = words(`generate_series generate_subscripts unnest json_each jsonb_each json_each_text jsonb_each_text json_array_elements
	jsonb_array_elements json_array_elements_text jsonb_array_elements_text json_to_record jsonb_to_record json_to_recordset
	jsonb_to_recordset regexp_split_to_table string_to_table`)

// refused says why no map can allow a function, or "".
func refused(name string) (rewrite.Code, string) {
	switch {
	case pseudoColumns[name]:
		return rewrite.CodePseudo, "is a pseudo column"
	case refusedTables[name], strings.HasSuffix(name, "_to_xml"), strings.HasSuffix(name, "_to_xmlschema"), strings.HasSuffix(name, "_to_xml_and_xmlschema"),
		strings.HasPrefix(name, "to_reg"):
		return rewrite.CodeNamesTable, "takes the name of a table, or SQL"
	case strings.HasPrefix(name, "dblink"), strings.HasPrefix(name, "lo_"), name == "loread", name == "lowrite":
		return rewrite.CodeRowset, "reads from outside the database"
	case refusedFunctions[name], strings.HasPrefix(name, "has_") && strings.HasSuffix(name, "_privilege"):
		return rewrite.CodeFunction, "tells of the session or the server, or does something"
	}
	for _, prefix := range []string{"pg_", "txid_", "inet_client_", "inet_server_", "binary_upgrade_", "brin_", "gin_", "ts_debug", "xpath_table"} {
		if strings.HasPrefix(name, prefix) {
			return rewrite.CodeFunction, "is one of the server's own workings"
		}
	}
	return "", ""
}

// refusedTables take the name of a table, a sequence or another thing of the catalog, or a query as text.
var refusedTables = words(`nextval currval setval lastval ts_stat ts_rewrite regclass regproc regprocedure regoper regoperator regtype regrole
	regnamespace regconfig regdictionary regcollation crosstab crosstab2 crosstab3 crosstab4 connectby currtid currtid2 cursor_to_xml
	query_to_xml table_to_xml schema_to_xml database_to_xml oid`)

// refusedFunctions tell of users, settings and the server, or act on them.
var refusedFunctions = words(`current_setting set_config current_database current_catalog current_schema current_schemas current_user session_user
	user system_user current_role version current_query obj_description col_description shobj_description format_type row_security_active
	query_to_xmlschema suppress_redundant_updates_trigger getdatabaseencoding get_current_ts_config icu_unicode_version acldefault
	aclexplode makeaclitem mxid_age hashtext amvalidate gtsvector elog`)

// types are the server's types that a conversion may lead to: their input reads nothing but the text.
var types = words(`bool int2 int4 int8 float4 float8 numeric money text varchar bpchar char name bytea bit varbit date time timetz timestamp
	timestamptz interval uuid json jsonb jsonpath inet cidr macaddr macaddr8 tsvector tsquery point line lseg box path polygon circle
	int4range int8range numrange tsrange tstzrange daterange int4multirange int8multirange nummultirange tsmultirange tstzmultirange
	datemultirange`)

// namingTypes look their input up in the catalog, or point into the server.
var namingTypes = words(`regclass regproc regprocedure regoper regoperator regtype regrole regnamespace regconfig regdictionary regcollation oid xid xid8
	cid tid oidvector int2vector refcursor aclitem pg_lsn pg_snapshot txid_snapshot pg_node_tree pg_ndistinct pg_dependencies pg_mcv_list
	record cstring any anyelement anyarray anynonarray anyenum anyrange anycompatible void trigger event_trigger internal opaque xml
	language_handler fdw_handler table_am_handler index_am_handler tsm_handler unknown gtsvector`)

// operators are the symbols of the server's own operators. Any other calls a function that somebody wrote.
var operators = words(`+ - * / % ^ |/ ||/ @ & | # ~ << >> = <> < <= > >= || ~~ ~~* !~~ !~~* ~* !~ !~* ^@
	-> ->> #> #>> #- @> <@ ? ?| ?& @? @@ @@@ && -|- &< &> |>> <<| &<| |&> <-> ## ?# ?- ?-| ?|| <^ >^ ~= @-@ @@ !! <<= >>=
	*= *<> *< *> *<= *>=`)
