package sqlserver

import (
	"database/sql"

	"github.com/utdrag/utdrag/filter/catalog"
)

// readOwnViews takes the views that somebody made. Their columns are those of the day on which the view was made or refreshed.
func (in *introspection) readOwnViews() error {
	if !in.view("views", "object_id") {
		return nil
	}
	places := map[int64]int{}
	err := in.each("views", "SELECT v.object_id, v.schema_id, v.name FROM sys.views v WHERE "+in.column("views", "is_ms_shipped", "0")+" = 0", func(row []sql.NullString) {
		schema := in.schemas[number(row[1])]
		places[number(row[0])] = len(in.views)
		in.views = append(in.views, catalog.View{Name: catalog.Name{Schema: schema, Table: in.written(schema, row[2].String, "")}})
	})
	if err != nil || len(places) == 0 {
		return err
	}
	err = in.each("columns of views", "SELECT c.object_id, c.name FROM sys.columns c ORDER BY c.object_id, c.column_id", func(row []sql.NullString) {
		if at, ok := places[number(row[0])]; ok {
			v := &in.views[at]
			v.Columns = append(v.Columns, in.written(v.Schema, v.Name.Table, row[1].String))
		}
	})
	if err != nil || !in.view("sql_modules", "definition") {
		return err
	}
	// A module keeps the settings under which it was made. Without QUOTED_IDENTIFIER "x" is a text to it, and without ANSI_NULLS NULL
	// equals NULL: its text put in a query of ours would be another query. That of an encrypted module is NULL.
	return in.each("definitions of views", `SELECT s.object_id, s.definition, `+in.column("sql_modules", "uses_quoted_identifier", "1")+`, `+
		in.column("sql_modules", "uses_ansi_nulls", "1")+` FROM sys.sql_modules s`, func(row []sql.NullString) {
		if at, ok := places[number(row[0])]; ok && set(row[2]) && set(row[3]) {
			in.views[at].Definition = row[1].String
		}
	})
}

// readSynonyms takes other names for what may be in another database or on another server. A server that has none lacks the
// system's view of them.
func (in *introspection) readSynonyms() error {
	if !in.view("synonyms", "name") {
		return nil
	}
	return in.each("synonyms", "SELECT s.schema_id, s.name FROM sys.synonyms s WHERE "+in.column("synonyms", "is_ms_shipped", "0")+" = 0", func(row []sql.NullString) {
		in.synonyms = append(in.synonyms, catalog.Name{Schema: in.schemas[number(row[0])], Table: row[1].String})
	})
}
