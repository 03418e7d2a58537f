package plan_test

import (
	"regexp"
	"strings"
	"testing"
)

// edit is a change that somebody makes to the example's script. It is written as the script for SQLite has it, and translated.
type edit struct {
	name     string
	old, new string
	want     string // what changes() has to say
	only     string // an engine
}

const (
	visitWhere = `FROM "main"."Visit" t
  WHERE EXISTS (SELECT 1 FROM temp."keys_9_Unit" p1 WHERE p1."Id" = t."UnitId")
    AND (((t."Cancelled" IS NULL) OR (NOT (t."Cancelled" = 1))))`
	visitKeys = `EXISTS (SELECT 1 FROM temp."keys_9_Unit" p1 WHERE p1."Id" = t."UnitId")`
	visitOwn  = `(((t."Cancelled" IS NULL) OR (NOT (t."Cancelled" = 1))))`
	unitWhere = `FROM "main"."Unit" t
  WHERE EXISTS (SELECT 1 FROM temp."keys_9_Unit" k WHERE k."Id" = t."Id")`
	unitHead = `"ProviderId", "HeadId")
SELECT t."Id",
  t."HsaId",
  t."ProviderId",
  t."HeadId"`
	patientCells = `SELECT t."Id",
  t."Pnr",
  CASE WHEN t."Name" IS NULL THEN NULL ELSE '***' END AS "Name"`
	patientWhere = `FROM "main"."Patient" t
  WHERE EXISTS (SELECT 1 FROM temp."keys_5_Patient" k WHERE k."Id" = t."Id")`
	patientKeys = `EXISTS (SELECT 1 FROM temp."keys_5_Patient" k WHERE k."Id" = t."Id")`

	proven  = "proven copy\n"
	missing = "missing copy\n"
	table   = "UR052\n"
	column  = "UR053\n"
	join    = "UR054\n"
)

var edits = []edit{
	// What people change, and may.
	{name: "comments", old: visitKeys, new: "/* theirs */ " + visitKeys + " -- only\n"},
	{name: "nothing but white space", old: patientCells, new: strings.Join(strings.Fields(patientCells), "\n\t ")},
	{name: "narrower", old: visitWhere, new: visitWhere + ` AND t."Year" >= 2020`, want: proven},
	{name: "narrower, first", old: visitKeys, new: `t."Year" >= 2020 AND ` + visitKeys, want: proven},
	{name: "narrower, in the middle", old: visitOwn, new: `t."Year" IN (2020, 2021) AND ` + visitOwn, want: proven},
	{name: "narrower by BETWEEN before", old: visitKeys, new: `t."Year" BETWEEN 2020 AND 2024 AND ` + visitKeys, want: proven},
	{name: "narrower by OR in parentheses", old: visitWhere, new: visitWhere + ` AND (t."Year" = 2020 OR t."Year" = 2022)`, want: proven},
	{name: "narrower by CASE after", old: visitWhere, new: visitWhere + ` AND CASE WHEN t."Year" > 2020 AND t."No" > 1 THEN 1 ELSE 0 END = 1`, want: proven},
	{name: "another alias", old: visitWhere, new: strings.ReplaceAll(strings.ReplaceAll(visitWhere, `t.`, `visit.`), `"Visit" t`, `"Visit" visit`), want: column},
	{name: "a reference table narrows", old: visitWhere, new: visitWhere + ` AND EXISTS (SELECT 1 FROM "main"."Kind" kind WHERE kind."Code" = t."Kind" AND kind."Name" = 'x')`, want: proven},
	{name: "a reference table is joined", old: `FROM "main"."Visit" t
  WHERE EXISTS (SELECT 1 FROM temp."keys_9_Unit" p1`, new: `FROM "main"."Visit" t JOIN "main"."Kind" kind ON kind."Code" = t."Kind"
  WHERE EXISTS (SELECT 1 FROM temp."keys_9_Unit" p1`, want: proven},
	{name: "a reference table is joined from the left", old: `FROM "main"."Visit" t
  WHERE EXISTS (SELECT 1 FROM temp."keys_9_Unit" p1`, new: `FROM "main"."Visit" t LEFT JOIN "main"."Kind" kind ON kind."Code" = t."Kind"
  WHERE EXISTS (SELECT 1 FROM temp."keys_9_Unit" p1`, want: proven},
	{name: "columns in another order", old: unitHead, new: `"HeadId", "ProviderId")
SELECT t."Id",
  t."HsaId",
  t."HeadId",
  t."ProviderId"`, want: proven, only: "sqlite sqlserver"},
	{name: "a column less", old: unitHead, new: `"ProviderId")
SELECT t."Id",
  t."HsaId",
  t."ProviderId"`, want: proven, only: "sqlite sqlserver"},
	{name: "a column emptied", old: patientCells, new: strings.Replace(patientCells, `t."Pnr"`, `NULL`, 1), want: proven},
	{name: "a masked column used further", old: patientCells, new: strings.Replace(patientCells, `CASE WHEN t."Name" IS NULL THEN NULL ELSE '***' END`, `upper(CASE WHEN t."Name" IS NULL THEN NULL ELSE '***' END)`, 1), want: proven},
	{name: "without its order", old: unitWhere + "\n  ORDER BY t.\"rowid\"", new: unitWhere, want: proven, only: "sqlite"},
	{name: "the first rows", old: unitWhere + "\n  ORDER BY t.\"rowid\"", new: unitWhere + "\n  ORDER BY t.\"rowid\" LIMIT 3", want: proven, only: "sqlite"},
	{name: "both branches proven", old: visitWhere, new: visitWhere + " AND t.\"Year\" = 2020 UNION ALL\n" + `SELECT v."No", v."Year", v."UnitId", v."PatientId", v."SeenById", v."Kind", v."Cancelled" ` +
		regexp.MustCompile(`\bt\b`).ReplaceAllString(visitWhere, "v") + ` AND v."Year" = 2021 `, want: proven, only: "sqlserver"},

	// The condition.
	{name: "a condition dropped", old: visitWhere, new: `FROM "main"."Visit" t WHERE ` + visitOwn, want: table},
	{name: "the where of the map dropped", old: visitWhere, new: `FROM "main"."Visit" t WHERE ` + visitKeys, want: table},
	{name: "no WHERE", old: unitWhere, new: `FROM "main"."Unit" t`, want: table},
	{name: "WHERE commented out", old: `WHERE EXISTS (SELECT 1 FROM temp."keys_9_Unit" k WHERE k."Id" = t."Id")`, new: `-- WHERE EXISTS (SELECT 1 FROM temp."keys_9_Unit" k WHERE k."Id" = t."Id")` + "\n", want: table},
	{name: "WHERE in a comment in a comment", old: patientWhere, new: `FROM "main"."Patient" t
 /* /* */ WHERE ` + patientKeys + ` -- */`, want: table, only: "postgres sqlserver"},
	{name: "OR", old: visitWhere, new: visitWhere + ` OR t."Year" = 1`, want: table},
	{name: "OR instead of AND", old: "\n    AND " + visitOwn, new: "\n    OR " + visitOwn, want: table},
	{name: "OR before", old: visitKeys, new: `t."Year" = 1 OR ` + visitKeys, want: table},
	{name: "NOT", old: patientKeys, new: "NOT " + patientKeys, want: table},
	{name: "compared", old: patientKeys, new: patientKeys + ` = 0`, want: table, only: "sqlite"},
	{name: "IS NOT NULL", old: patientKeys, new: patientKeys + ` IS NOT NULL`, want: table, only: "sqlite postgres"},
	{name: "in parentheses with OR", old: patientKeys, new: `(` + patientKeys + ` OR 1 = 1)`, want: table},
	{name: "the AND of BETWEEN", old: patientKeys, new: `1 BETWEEN 0 AND ` + patientKeys, want: table, only: "sqlite"},
	{name: "in CASE", old: patientKeys, new: `CASE WHEN 1 = 1 THEN 1 WHEN 1 = 0 AND ` + patientKeys + ` AND 1 = 0 THEN 0 ELSE 1 END = 1`, want: table},
	{name: "widened key set", old: visitKeys, new: strings.Replace(visitKeys, `p1."Id" = t."UnitId"`, `p1."Id" = t."UnitId" OR 1 = 1`, 1), want: "UR014\n"},
	{name: "compared with itself", old: patientKeys, new: strings.Replace(patientKeys, `k."Id" = t."Id"`, `k."Id" = k."Id"`, 1), want: "UR014\n"},
	{name: "in HAVING", old: patientWhere, new: `FROM "main"."Patient" t GROUP BY t."Id", t."Pnr", t."Name" HAVING ` + patientKeys, want: table},
	{name: "in ON of an outer join", old: patientWhere, new: `FROM "main"."Patient" t LEFT JOIN "main"."Kind" kind ON ` + patientKeys, want: table},
	{name: "in the select list", old: patientWhere, new: `, ` + patientKeys + ` FROM "main"."Patient" t`, want: table, only: "sqlite postgres"},
	{name: "of another table", old: `FROM "main"."Patient" t
  WHERE`, new: `FROM "main"."Visit" t
  WHERE`, want: "UR014\n"},
	{name: "in a subquery's WHERE", old: patientKeys, new: `EXISTS (SELECT 1 WHERE ` + patientKeys + `)`, want: table},
	{name: "in a FILTER", old: patientWhere, new: `, count(*) FILTER (WHERE ` + patientKeys + `) FROM "main"."Patient" t`, want: table, only: "sqlite postgres"},

	// Other tables.
	{name: "another provider's rows by UNION", old: patientWhere, new: patientWhere + ` UNION ALL SELECT "Id", "Pnr", NULL FROM "main"."Patient"`, want: table, only: "sqlserver"},
	{name: "a second branch without its condition", old: patientWhere, new: patientWhere + ` UNION ALL SELECT o."Id", o."Pnr", NULL FROM "main"."Patient" o`, want: table, only: "sqlserver"},
	{name: "a table without its condition is joined", old: patientWhere, new: strings.Replace(patientWhere, `t
`, `t JOIN "main"."Visit" v ON v."PatientId" = t."Id"
`, 1), want: table},
	{name: "a table in a subquery", old: patientWhere, new: patientWhere + ` AND t."Id" IN (SELECT v."PatientId" FROM "main"."Visit" v)`, want: table},
	{name: "an excluded table", old: patientWhere, new: patientWhere + ` AND EXISTS (SELECT 1 FROM "main"."EventLog" e)`, want: table},
	{name: "an empty table", old: patientWhere, new: patientWhere + ` AND EXISTS (SELECT 1 FROM "main"."Outbox" e)`, want: table},
	{name: "a table that nobody knows", old: patientWhere, new: patientWhere + ` AND EXISTS (SELECT 1 FROM "main"."Elsewhere" e)`, want: table},
	{name: "a table without its schema", old: patientWhere, new: patientWhere + ` AND EXISTS (SELECT 1 FROM "Kind" e)`, want: table},
	{name: "right join", old: patientWhere, new: strings.Replace(patientWhere, `"main"."Patient" t`, `"main"."Kind" kind RIGHT JOIN "main"."Patient" t ON kind."Code" = t."Pnr"`, 1), want: join},
	{name: "left join to the table", old: patientWhere, new: strings.Replace(patientWhere, `"main"."Patient" t`, `"main"."Kind" kind LEFT JOIN "main"."Patient" t ON kind."Code" = t."Pnr"`, 1), want: join},
	{name: "full join", old: patientWhere, new: strings.Replace(patientWhere, `"main"."Patient" t`, `"main"."Patient" t FULL OUTER JOIN "main"."Kind" kind ON kind."Code" = t."Pnr"`, 1), want: join},
	{name: "natural join", old: patientWhere, new: strings.Replace(patientWhere, `"main"."Patient" t`, `"main"."Patient" t NATURAL JOIN "main"."Kind" kind`, 1), want: join, only: "sqlite postgres"},

	// Aliases.
	{name: "an alias of the key set's", old: patientCells + "\n  " + patientWhere, new: regexp.MustCompile(`\bt\b`).ReplaceAllString(patientCells+"\n  "+patientWhere, "k"), want: "UR014\n"},
	{name: "two tables under one alias", old: patientWhere, new: strings.Replace(patientWhere, `"Patient" t`, `"Patient" t, "main"."Kind" t`, 1), want: "UR029\n", only: "sqlite"},
	{name: "an alias swapped", old: patientWhere, new: `FROM "main"."Patient" s, "main"."Patient" t WHERE ` + patientKeys, want: table},
	{name: "shadowed in a subquery", old: patientWhere, new: patientWhere + ` AND EXISTS (SELECT 1 FROM (SELECT 1 AS "Name") t)`, want: "UR029\n"},
	{name: "columns under new names", old: patientWhere, new: strings.Replace(patientWhere, `"Patient" t`, `"Patient" t (a, b, c)`, 1), want: "UR024\n", only: "postgres"},

	// Columns.
	{name: "unmasked", old: patientCells, new: `SELECT t."Id", t."Pnr", t."Name" AS "Name"`, want: column},
	{name: "unmasked without alias", old: patientCells, new: `SELECT t."Id", t."Pnr", "Name"`, want: column},
	{name: "unmasked by another expression", old: patientCells, new: strings.Replace(patientCells, "'***'", `t."Name"`, 1), want: column},
	{name: "unmasked in CASE", old: patientCells, new: strings.Replace(patientCells, `CASE WHEN t."Name" IS NULL THEN NULL ELSE '***' END`, `CASE WHEN t."Name" LIKE 'A%' THEN 'A' END`, 1), want: column},
	{name: "a masked column decides", old: patientWhere, new: patientWhere + ` AND t."Name" LIKE 'A%'`, want: column},
	{name: "a masked column sorts", old: unitWhere, new: strings.Replace(unitWhere, `"Unit" t`, `"Unit" t JOIN "main"."Kind" kind ON 1 = 1`, 1) + ` AND EXISTS (SELECT 1 FROM "main"."Patient" b WHERE ` +
		strings.ReplaceAll(patientKeys, "t.", "b.") + ` AND b."Name" = 'x')`, want: column},
	{name: "a star", old: patientCells, new: `SELECT *`, want: column},
	{name: "a star of the table", old: patientCells, new: `SELECT t.*`, want: column},
	{name: "a whole row", old: patientCells, new: `SELECT t."Id", t."Pnr", CAST(t AS text)`, want: column, only: "postgres"},
	{name: "a row's field", old: patientCells, new: `SELECT t."Id", t."Pnr", (t)."Name"`, want: column, only: "postgres"},
	{name: "a column called as a function", old: patientCells, new: `SELECT t."Id", t."Pnr", "Name"(t)`, want: "UR020\n", only: "postgres"},
	{name: "an alias that some collations hold equal", old: patientWhere, new: patientWhere + ` AND EXISTS (SELECT 1 FROM "main"."Kind" "ｔ" WHERE t."Pnr" = 'x')`, want: "UR029\n"},
	{name: "a LIMIT by what is masked", old: "  ORDER BY t.\"Year\", t.\"No\"", new: "  ORDER BY (SELECT b.\"Name\" FROM \"main\".\"Patient\" b WHERE EXISTS (SELECT 1 FROM temp.\"keys_5_Patient\" k WHERE k.\"Id\" = b.\"Id\")) LIMIT 1", want: column, only: "sqlite postgres"},
	{name: "an omitted column", old: `NULL AS "Body"`, new: `t."Draft" AS "Body"`, want: column},
	{name: "a masked column raw", old: `NULL AS "Body"`, new: `t."Body" AS "Body"`, want: column},
	{name: "the other column's expression cut off", old: patientCells, new: strings.Replace(patientCells, `END AS`, `END || t."Name" AS`, 1), want: column, only: "sqlite postgres"},
	{name: "a text in double quotes", old: patientWhere, new: patientWhere + ` AND t."Pnr" <> "x"`, want: column},
	{name: "a pseudo column", old: patientWhere, new: patientWhere + ` AND t.rowid > 1`, want: "UR021\n", only: "sqlite"},
	{name: "a function", old: patientWhere, new: patientWhere + ` AND reveal(t."Pnr") = 1`, want: "UR020\n"},
	{name: "a parameter", old: patientWhere, new: patientWhere + ` AND t."Id" = ?1`, want: "UR026\n", only: "sqlite"},
	{name: "a variable of psql's", old: patientWhere, new: patientWhere + ` AND t."Id" = :copied`, want: "UR056\n", only: "postgres"},
	{name: "a variable of sqlcmd's", old: patientWhere, new: patientWhere + ` AND t."Pnr" = '$(x)'`, want: "UR056\n", only: "sqlserver"},
	{name: "a reserved name", old: patientWhere, new: patientWhere + ` AND t.utdrag_cell_1 = 1`, want: "UR009\n"},
	{name: "a condition by its reserved name", old: patientWhere, new: `FROM "main"."Patient" t WHERE (t.utdrag_kept_1_0 IS NULL)`, want: "UR009\n"},
	{name: "the stubs as rows", old: `FROM "main"."Staff" t
  WHERE EXISTS (SELECT 1 FROM temp."stubs_8_Staff" k WHERE k."Id" = t."Id")`, new: `FROM "main"."Staff" t
  WHERE EXISTS (SELECT 1 FROM temp."keys_5_Patient" k WHERE k."Id" = t."Id")`, want: "UR014\n"},

	// What is not a copy.
	{name: "another target", old: `."Patient" ("Id", "Pnr", "Name")
SELECT`, new: `."Nowhere" ("Id", "Pnr", "Name")
SELECT`, want: "UR055\n", only: "sqlite"},
	{name: "an omitted column is filled", old: `"ThreadId", "Body")`, new: `"ThreadId", "Draft")`, want: "UR055\n", only: "sqlite sqlserver"},
	{name: "the provider", old: `VALUES ('SE1')`, new: `VALUES ('SE2')`, want: "UR051\n", only: "sqlite postgres"},
	{name: "a key set", old: `WHERE EXISTS (SELECT 1 FROM temp."keys_6_Provider" p1 WHERE p1."Id" = t."ProviderId")`, new: `WHERE 1 = 1`, want: "UR051\n"},
}

var quotedNames = regexp.MustCompile(`"([^"]*)"`)

// translate writes an edit as an engine's script has it.
func translate(text, engine string) string {
	switch engine {
	case "postgres":
		return strings.ReplaceAll(text, " temp.", " pg_temp.")
	case "sqlserver":
		text = strings.ReplaceAll(text, " temp.\"", " \"#")
		text = quotedNames.ReplaceAllString(text, "[$1]")
		return strings.ReplaceAll(text, "'***'", "N'***'")
	}
	return text
}

func TestCheckEdits(t *testing.T) {
	for _, engine := range scriptEngines {
		s := exampleScript(t, engine)
		for _, e := range edits {
			if e.only != "" && !strings.Contains(e.only, engine) {
				continue
			}
			t.Run(engine+"/"+e.name, func(t *testing.T) {
				checked := s.check(t, s.edited(t, translate(e.old, engine), translate(e.new, engine)))
				if got := changes(checked); got != e.want {
					t.Errorf("got\n%swant\n%s%v", got, e.want, checked.Found)
				}
			})
		}
	}
}
