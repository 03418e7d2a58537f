package sqlite

import (
	"errors"

	lib "modernc.org/sqlite/lib"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/internal/engine/sqlite/capi"
)

const askViews = `SELECT name, sql FROM main.sqlite_schema WHERE type = 'view' ORDER BY name`

// readViews asks for each view's columns by itself: SQLite works them out when asked, and fails for one whose tables or functions
// are gone. Such a view stays without columns, and so out of the catalog; no query can read it.
func (in *introspection) readViews() error {
	rows, err := in.conn.Strings(askViews)
	if err != nil {
		return err
	}
	for _, row := range rows {
		v := catalog.View{Name: catalog.Name{Schema: mainSchema, Table: row[0]}, Definition: row[1]}
		columns, err := in.conn.Strings("SELECT name FROM pragma_table_info(" + text(row[0]) + ", 'main') ORDER BY cid")
		if broken, ok := errors.AsType[*capi.Error](err); ok && broken.Primary() == lib.SQLITE_ERROR {
			continue
		}
		if err != nil {
			return err
		}
		for _, column := range columns {
			v.Columns = append(v.Columns, column[0])
		}
		in.views = append(in.views, v)
	}
	return nil
}
