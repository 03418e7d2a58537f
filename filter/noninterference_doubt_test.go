package filter_test

import (
	"database/sql"
	"slices"
	"strings"

	"github.com/google/go-cmp/cmp"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/rewrite"
)

// doubted reports whether an answer that differs from the copy's is nevertheless what the copy holds: engines have errors of
// their own, such as SQLite 3.53's with row values over a RIGHT JOIN, and do not always answer a question as they answer the
// same question put in another way. So the copy is asked again with each table T as (SELECT its columns FROM T), which means
// the same, and without indexes. A row that the filter lets through or keeps back wrongly is in none of these answers.
func (s *setting) doubted(q query, got reply) bool {
	texts := []string{q.sql}
	if r, err := rewrite.Replace(s.syntax, q.sql, &outright{s}); err == nil {
		texts = append(texts, r.SQL)
	}
	for _, db := range []*sql.DB{s.copy, s.bare} {
		if db == nil {
			continue
		}
		for _, text := range texts {
			other := ask(db, text, q.args...)
			if (other.err != nil) == (got.err != nil) && agree(q, other, got) {
				return true
			}
		}
	}
	return false
}

// misjoined reports whether the strict filter answers as the copy does, where SQLite is known to lose rows: a RIGHT or FULL JOIN over
// subqueries that it flattens. (With one row on the right of RIGHT JOIN and one in a table after a comma, 3.53 gave none;
// 3.40 refused the query as one whose ON clause references tables to its right.) What the strict filter stages are the very
// SELECTs that stand in the other's query, so that no row of theirs is missing or too many.
func (s *setting) misjoined(q query, want reply, door *sql.DB, how int) bool {
	if !q.uses["right join"] && !q.uses["full join"] || want.err != nil {
		return false
	}
	staged := s.strictDoors[slices.Index(s.doors, door)]
	got := through(staged, q, how)
	return got.err == nil && agree(q, want, got)
}

// agree compares rows, and their order where the query gives them one.
func agree(q query, a, b reply) bool {
	x, y := slices.Clone(a.rows), slices.Clone(b.rows)
	if !q.ordered {
		slices.Sort(x)
		slices.Sort(y)
	}
	return cmp.Equal(x, y)
}

// outright shows every table of the copy as it is.
type outright struct{ *setting }

func (o *outright) Relation(name []string) (*rewrite.Relation, error) {
	full := catalog.Name{Schema: o.full.DefaultSchema, Table: name[len(name)-1]}
	if len(name) > 1 {
		full.Schema = name[0]
	}
	for _, r := range o.relations {
		if named := (catalog.Name{Schema: r.schema, Table: r.name}); named != full && !(o.folds && strings.EqualFold(r.label, full.String())) {
			continue
		}
		shown := &rewrite.Relation{Label: r.label, Schema: r.schema, Confined: "as it is", Rule: "reference"}
		text := ""
		for i, c := range r.columns {
			shown.Columns = append(shown.Columns, rewrite.Visible{Name: c.name})
			if i > 0 {
				text += ", "
			}
			text += "t." + o.quote(c.name)
		}
		if r.view {
			shown.View = o.full.View(catalog.Name{Schema: r.schema, Table: r.name}).Definition
			return shown, nil
		}
		shown.Rows = func(rewrite.Use) (string, error) {
			return "SELECT " + text + " FROM " + o.quote(r.schema) + "." + o.quote(r.name) + " AS t", nil
		}
		return shown, nil
	}
	return nil, &rewrite.Refused{Code: rewrite.CodeUnknownTable, Summary: "not a table of the copy"}
}

func (o *outright) Function([]string) bool                    { return false }
func (o *outright) Type([]string) bool                        { return true }
func (o *outright) Definitions([]string) []rewrite.Definition { return nil }
func (o *outright) Quote(name string) string                  { return o.quote(name) }
