package sqlite

import (
	"strings"

	"github.com/utdrag/utdrag/filter/rewrite"
)

// functions are SQLite's own functions that work on their arguments, or on the rows of the query, and have no effect
// (https://www.sqlite.org/lang_corefunc.html, lang_aggfunc, lang_datefunc, lang_mathfunc, windowfunctions, json1). What is
// not here is left to the map's list.
var functions = set(
	// Values and texts.
	"abs", "char", "coalesce", "concat", "concat_ws", "format", "glob", "hex", "if", "ifnull", "iif", "instr", "length", "like", "likely",
	"likelihood", "lower", "ltrim", "max", "min", "nullif", "octet_length", "printf", "quote", "random", "randomblob", "replace", "round",
	"rtrim", "sign", "soundex", "substr", "substring", "trim", "typeof", "unhex", "unicode", "unistr", "unistr_quote", "unlikely", "upper", "zeroblob",
	// Dates.
	"current_date", "current_time", "current_timestamp", "date", "datetime", "julianday", "strftime", "time", "timediff", "unixepoch",
	// Numbers.
	"acos", "acosh", "asin", "asinh", "atan", "atan2", "atanh", "ceil", "ceiling", "cos", "cosh", "degrees", "exp", "floor", "ln", "log",
	"log10", "log2", "mod", "pi", "pow", "power", "radians", "sin", "sinh", "sqrt", "tan", "tanh", "trunc",
	// Aggregates and windows.
	"avg", "count", "group_concat", "median", "percentile", "percentile_cont", "percentile_disc", "string_agg", "sum", "total",
	"cume_dist", "dense_rank", "first_value", "lag", "last_value", "lead", "nth_value", "ntile", "percent_rank", "rank", "row_number",
	// JSON.
	"json", "json_array", "json_array_insert", "json_array_length", "json_error_position", "json_extract", "json_group_array",
	"json_group_object", "json_insert", "json_object", "json_patch", "json_pretty", "json_quote", "json_remove", "json_replace", "json_set",
	"json_type", "json_valid", "jsonb", "jsonb_array", "jsonb_array_insert", "jsonb_extract", "jsonb_group_array", "jsonb_group_object",
	"jsonb_insert", "jsonb_object", "jsonb_patch", "jsonb_remove", "jsonb_replace", "jsonb_set",
)

func set(names ...string) map[string]bool {
	m := make(map[string]bool, len(names))
	for _, n := range names {
		m[n] = true
	}
	return m
}

// forbidden says why no map may allow a function, whose name is folded. The code is "" where one may.
func forbidden(name string) (rewrite.Code, string) {
	switch name {
	case "load_extension", "readfile", "writefile", "edit", "eval", "fsdir", "lsmode", "fts3_tokenizer", "shell_add_schema", "shell_module_schema",
		"zipfile", "zipfile_cds", "sqlar_uncompress", "undo", "define", "undefine":
		return rewrite.CodeFunction, "reaches outside the query"
	case "last_insert_rowid", "changes", "total_changes":
		return rewrite.CodeFunction, "tells what the connection did before"
	case "match", "snippet", "highlight", "offsets", "matchinfo", "optimize", "bm25", "fts5", "fts5_decode", "fts5_expr", "fts5_fold", "rtreecheck",
		"rtreedepth", "rtreenode", "dbdata", "sha3_query", "checkfreelist":
		return rewrite.CodeNamesTable, "asks a virtual table, or takes the name of one"
	}
	for _, prefix := range []string{"sqlite_", "fts3", "fts5", "pragma_"} {
		if strings.HasPrefix(name, prefix) {
			return rewrite.CodeFunction, "tells of the database itself"
		}
	}
	return "", ""
}
