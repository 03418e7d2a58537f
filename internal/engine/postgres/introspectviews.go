package postgres

import "github.com/utdrag/utdrag/filter/catalog"

// A materialized view is one too: it holds rows of everybody, and what it is made of is read in its place.
//
// pg_get_viewdef writes a schema before every name that the search path doesn't find. That of our sessions finds pg_catalog's
// only, so that a definition means the same whoever reads it.
const (
	ofView   = `c.relkind IN ('v', 'm') AND c.relpersistence <> 't' AND ` + ownSchemas + ` AND NOT ` + ofClass
	askViews = `SELECT c.oid, n.nspname, c.relname, coalesce(pg_get_viewdef(c.oid), '')
		FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE ` + ofView + ` ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C"`
	askViewColumns = `SELECT a.attrelid, a.attname
		FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
		WHERE a.attnum > 0 AND NOT a.attisdropped AND ` + ofView + ` ORDER BY a.attrelid, a.attnum`
)

func (in *introspection) readViews() error {
	rows, err := in.ask(askViews)
	if err != nil || len(rows) == 0 {
		return err
	}
	places := map[string]int{}
	for _, row := range rows {
		places[row[0]] = len(in.views)
		in.views = append(in.views, catalog.View{Name: catalog.Name{Schema: row[1], Table: row[2]}, Definition: row[3]})
	}
	if rows, err = in.ask(askViewColumns); err != nil {
		return err
	}
	for _, row := range rows {
		if at, ok := places[row[0]]; ok {
			in.views[at].Columns = append(in.views[at].Columns, row[1])
		}
	}
	return nil
}
