package mysql

// The functions below compute from their arguments, or tell the time. Each of them is built in to MySQL 8 and to MariaDB:
// a name that one of the two doesn't have would lead there to a stored function of that name, whose body nobody sees, and
// so it is a call for the map to allow. None reads a table, a file, a setting, the session or another user, waits, locks, or
// remembers anything.

// scalar functions are compared in lower case.
var scalar = set(`
	ascii bin bit_length char_length character_length concat concat_ws elt export_set field find_in_set format from_base64
	hex instr lcase left length locate lower lpad ltrim make_set mid oct octet_length ord position quote
	regexp_instr regexp_replace regexp_substr repeat replace reverse right rpad rtrim soundex space strcmp substr substring
	substring_index to_base64 trim ucase unhex upper

	abs acos asin atan atan2 ceil ceiling conv cos cot crc32 degrees exp floor greatest least ln log log10 log2 mod pi pow
	power radians rand round sign sin sqrt tan truncate bit_count

	adddate addtime curdate current_date current_time current_timestamp curtime date date_add date_format date_sub datediff
	day dayname dayofmonth dayofweek dayofyear extract from_days from_unixtime get_format hour last_day localtime
	localtimestamp makedate maketime microsecond minute month monthname now period_add period_diff quarter sec_to_time second
	str_to_date subdate subtime sysdate time time_format time_to_sec timediff timestamp timestampadd timestampdiff to_days
	to_seconds unix_timestamp utc_date utc_time utc_timestamp week weekday weekofyear year yearweek

	if ifnull nullif coalesce isnull interval convert

	json_array json_array_append json_array_insert json_contains json_contains_path json_depth json_extract json_insert
	json_keys json_length json_merge_patch json_merge_preserve json_object json_overlaps json_quote json_remove json_replace
	json_search json_set json_type json_unquote json_valid json_value

	md5 sha sha1 sha2 inet_aton inet_ntoa inet6_aton inet6_ntoa uuid
`)

var aggregates = set(`
	avg bit_and bit_or bit_xor count group_concat json_arrayagg json_objectagg max min std stddev stddev_pop stddev_samp sum
	var_pop var_samp variance
`)

// windows are the functions that take OVER. group_concat is none: the parser prints it wrongly there.
var windows = set(`
	avg bit_and bit_or bit_xor count max min std stddev stddev_pop stddev_samp sum var_pop var_samp variance
	cume_dist dense_rank first_value lag last_value lead nth_value ntile percent_rank rank row_number
`)

// harmful functions are refused even where a map allows a function of that name: they are the server's own.
var harmful = set(`
	load_file sleep benchmark get_lock release_lock release_all_locks is_free_lock is_used_lock
	user current_user current_role session_user system_user database schema version connection_id
	last_insert_id found_rows row_count name_const master_pos_wait source_pos_wait master_gtid_wait
	wait_for_executed_gtid_set wait_until_sql_thread_after_gtids gtid_subset gtid_subtract uuid_short icu_version roles_graphml
	ps_current_thread_id ps_thread_id statement_digest statement_digest_text default values
	nextval lastval setval password old_password encrypt des_encrypt des_decrypt aes_encrypt aes_decrypt encode decode
	json_table match extractvalue updatexml xmltype sys_exec sys_eval sys_get sys_set lib_mysqludf_sys_info
	tidb_parse_tso tidb_version tidb_is_ddl_owner tidb_decode_plan tidb_decode_key tidb_decode_binary_plan tidb_current_tso
	tidb_bounded_staleness tidb_encode_sql_digest tidb_decode_sql_digests tidb_row_checksum tidb_shard tidb_mvcc_info
	tidb_encode_record_key tidb_encode_index_key vitess_hash
	can_access_table can_access_column can_access_database can_access_view can_access_routine can_access_trigger
	can_access_event can_access_user can_access_resource_group get_dd_column_privileges get_dd_create_options
	get_dd_index_sub_part_length get_dd_index_private_data get_dd_property_key_value internal_table_rows internal_data_length
	internal_avg_row_length internal_max_data_length internal_index_length internal_data_free internal_auto_increment
	internal_update_time internal_check_time internal_checksum internal_keys_disabled internal_get_view_warning_or_error
	internal_get_comment_or_error internal_index_column_cardinality internal_tablespace_id internal_tablespace_type
	asynchronous_connection_failover_add_source group_replication_switch_to_single_primary_mode
	keyring_key_fetch keyring_key_generate keyring_key_store keyring_key_remove audit_log_read audit_log_filter_set_filter
	service_get_write_locks service_get_read_locks service_release_locks version_tokens_set version_tokens_show
	version_tokens_lock_exclusive version_tokens_lock_shared
`)

// The word DUAL after FROM is no table; these schemas are the server's own.
var systemSchemas = set(`information_schema mysql performance_schema sys metrics_schema ndbinfo`)

// pseudoColumns stand for a row's key or place.
var pseudoColumns = set(`_rowid _tidb_rowid _tidb_commit_ts _tidb_softdelete_time _tidb_origin_ts`)

// introducers are the character sets that a literal may be declared in.
var introducers = set(`utf8mb4 utf8 utf8mb3 binary`)

// notAliases are words that the parser takes for an alias and that some server takes for a join or a clause.
var notAliases = set(`
	FULL ANTI SEMI ASOF POSITIONAL QUALIFY PIVOT UNPIVOT SAMPLE TABLESAMPLE FETCH MINUS OFFSET RETURNING SYSTEM_TIME WINDOW
	EXCEPT INTERSECT LATERAL OUTER PORTION PERIOD ROWNUM SKIP LOCKED NOWAIT CUBE ROLLUP PREPARE UNTIL SHARE
`)
