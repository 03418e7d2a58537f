package filter_test

// behaviourRows is how many rows the behaviour table of rewriting has.
const behaviourRows = 47

// behaviour are its rows, from 1.
var behaviour = [behaviourRows + 1]string{
	1: "WHERE with OR and NOT", 2: "inner, comma and parenthesised joins", 3: "outer joins and anti-joins", 4: "CROSS JOIN, USING, NATURAL",
	5: "the same table or alias twice", 6: "subqueries anywhere", 7: "EXISTS, NOT EXISTS, NOT IN", 8: "correlated and nested derived tables",
	9: "common table expressions", 10: "one named like a table", 11: "one that shadows a table of the filter", 12: "recursive ones",
	13: "forward references and one name in two scopes", 14: "set operations", 15: "APPLY and LATERAL", 16: "PIVOT and UNPIVOT", 17: "views",
	18: "synonyms", 19: "other databases and servers", 20: "rowsets from outside", 21: "table functions", 22: "functions that take a table's name",
	23: "scalar functions", 24: "temporary tables", 25: "former rows", 26: "FOR XML and FOR JSON", 27: "GROUP BY ALL", 28: "windows, limits, aggregates",
	29: "samples and hints", 30: "stars", 31: "qualified columns and odd aliases", 32: "pseudo columns", 33: "system tables", 34: "what is not a SELECT",
	35: "several statements", 36: "no provider", 37: "the query's own filter", 38: "tables that the map leaves out", 39: "reference tables",
	40: "the provider's key", 41: "long paths", 42: "capture", 43: "masks", 44: "masked columns that decide", 45: "errors, and the strict mode",
	46: "parameters", 47: "EXPLAIN, PREPARE, caches",
}

// lacking says, row by row, which dialects have no such construct, and why. All others have fixtures.
var lacking = [behaviourRows + 1]map[string]string{
	15: {"sqlite": "a derived table sees nothing that stands beside it, and there are no other words for it"},
	16: {
		"sqlite":   "no PIVOT",
		"postgres": "no PIVOT; crosstab is a function that takes SQL, and on no list",
		"mysql":    "no PIVOT",
	},
	18: {
		"sqlite":   "no synonyms",
		"postgres": "no synonyms: a view stands in for one",
		"mysql":    "no synonyms: a view stands in for one",
	},
	24: {"mysql": "a temporary table has no name of its own kind: it hides a table, or is in no catalog"},
	25: {"sqlite": "no former rows", "postgres": "no former rows"},
	26: {
		"sqlite":   "JSON is made by functions, which are of row 23",
		"postgres": "XML and JSON are made by functions, which are of row 23",
		"mysql":    "JSON is made by functions, which are of row 23",
	},
	27: {"sqlite": "no GROUP BY ALL", "mysql": "no GROUP BY ALL"},
}
