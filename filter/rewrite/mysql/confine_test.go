package mysql

import (
	"strings"
	"testing"

	"github.com/utdrag/utdrag/filter/rewrite"
)

// resolver shows two tables and a view over them, through a set that asks for one bound argument.
type resolver struct{}

func (resolver) Relation(name []string) (*rewrite.Relation, error) {
	table := strings.ToLower(name[len(name)-1])
	switch table {
	case "p", "v":
		return &rewrite.Relation{Label: table, Columns: []rewrite.Visible{{Name: "id"}, {Name: "name"}}, Rule: "path",
			Rows: func(u rewrite.Use) (string, error) {
				return "SELECT t.`id`, t.`name` FROM `alla`.`" + table + "` " + u.Before + " AS t " + u.After +
					" WHERE EXISTS (SELECT 1 FROM `utdrag_keys` k WHERE k.`provider` = t.`provider`) AND t.`provider` = " + rewrite.Placeholder(2), nil
			}}, nil
	case "seen":
		return &rewrite.Relation{Label: table, Columns: []rewrite.Visible{{Name: "a"}}, Rule: "view", View: "select `alla`.`p`.`id` AS `a` from (`alla`.`p` join `alla`.`v` on(`alla`.`p`.`id` = `alla`.`v`.`id`))"}, nil
	}
	return nil, &rewrite.Refused{Code: rewrite.CodeUnknownTable, Summary: "no table " + table}
}

func (resolver) Function([]string) bool { return false }
func (resolver) Type([]string) bool     { return false }
func (resolver) Definitions([]string) []rewrite.Definition {
	return []rewrite.Definition{{Name: "`utdrag_keys`", Columns: "(`provider`)", Body: "SELECT `provider` FROM `alla`.`p` WHERE `provider` = " + rewrite.Placeholder(1)}}
}
func (resolver) Quote(name string) string { return backquoted(name) }

// The reader does what the pipeline asks of it: views are put together with placeholders, which become question marks, in the
// order in which the text has them.
func TestConfine(t *testing.T) {
	result, err := rewrite.Confine(Syntax{}, "SELECT p.id, s.a, alla.v.name FROM p JOIN seen s ON s.a = p.id LEFT JOIN alla.v ON v.id = p.id", resolver{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	row := func(table string) string {
		return "(SELECT `t`.`id`,`t`.`name` FROM `alla`.`" + table + "` AS `t` WHERE (EXISTS (SELECT 1 FROM `utdrag_keys` AS `k` WHERE `k`.`provider` = `t`.`provider`)) AND (`t`.`provider` = ?)) AS `" + table + "`"
	}
	want := "WITH `utdrag_keys` (`provider`) AS (SELECT `provider` FROM `alla`.`p` WHERE `provider` = ?), `utdrag_view_1` (`a`) AS (SELECT `p`.`id` AS `a` FROM " +
		row("p") + " JOIN " + row("v") + " ON (`p`.`id` = `v`.`id`)) SELECT `p`.`id`,`s`.`a`,`v`.`name` FROM (" + row("p") +
		" JOIN (SELECT `a` FROM `utdrag_view_1`) AS `s` ON `s`.`a` = `p`.`id`) LEFT JOIN " + row("v") + " ON `v`.`id` = `p`.`id`"
	if result.SQL != want {
		t.Errorf("got\n%s\nwant\n%s", result.SQL, want)
	}
	if len(result.Used) != strings.Count(result.SQL, "?") || result.Used[0] != 1 || result.Used[1] != 2 {
		t.Errorf("arguments %v for %d places", result.Used, strings.Count(result.SQL, "?"))
	}
	for query, code := range map[string]rewrite.Code{
		"SELECT * FROM p WHERE id = ?":                    rewrite.CodeParameter, // the arguments of both sides would be mixed
		"SELECT * FROM unknown":                           rewrite.CodeUnknownTable,
		"SELECT f(id) FROM p":                             rewrite.CodeFunction,
		"WITH utdrag_x AS (SELECT 1) SELECT * FROM p":     rewrite.CodeReserved,
		"SELECT * FROM p, P":                              rewrite.CodeAliasTwice,
		"SELECT alla.p.id FROM p x":                       rewrite.CodeQualifier,
		"SELECT * FROM seen PARTITION (p0)":               rewrite.CodeHint,
		"SELECT * FROM (SELECT * FROM p FOR UPDATE) AS x": rewrite.CodeWrites,
	} {
		_, err := rewrite.Confine(Syntax{}, query, resolver{}, nil)
		if got, _ := refusal(err); got != code {
			t.Errorf("%s: got %q, want %s: %v", query, got, code, err)
		}
	}
}
