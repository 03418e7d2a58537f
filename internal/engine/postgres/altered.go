package postgres

import (
	"context"
	"strconv"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/diag"
)

// A snapshot shows rows as they were, but names of tables and columns are looked up as they are now, and a table that was
// truncated or rewritten since shows no rows at all ("Caveats", https://www.postgresql.org/docs/15/mvcc-caveats.html). Reading a
// table locks it against all that until the snapshot ends. So it is enough to look, once it was read, whether it is still what
// the snapshot says of it: the table of that name, with the same file, the same partitions with the same files,
// and the same columns.
const askAltered = `WITH RECURSIVE root AS (SELECT c.oid, c.relkind FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relname = $2),
	tree AS (SELECT oid FROM root UNION SELECT i.inhrelid FROM pg_inherits i JOIN tree t ON i.inhparent = t.oid),
	now AS (SELECT p.relid FROM root, pg_partition_tree(to_regclass($3)) p WHERE root.relkind = 'p')
	SELECT x.same, a.attnum, a.attname FROM (SELECT
		coalesce((SELECT oid FROM root) = to_regclass($3), false)
		AND NOT EXISTS (SELECT FROM tree t JOIN pg_class c ON c.oid = t.oid WHERE c.relkind = 'r' AND c.relfilenode IS DISTINCT FROM pg_relation_filenode(c.oid))
		AND NOT EXISTS (SELECT FROM root, tree t WHERE root.relkind = 'p' AND t.oid NOT IN (SELECT relid FROM now))
		AND NOT EXISTS (SELECT FROM now WHERE relid NOT IN (SELECT oid FROM tree)) AS same) x
	LEFT JOIN pg_attribute a ON a.attrelid = (SELECT oid FROM root) AND a.attnum > 0 AND NOT a.attisdropped`

// unaltered refuses a table that was read if it is not the one that the snapshot describes. Columns that came to it are no
// matter: nobody asked for them.
func (s *Snapshot) unaltered(ctx context.Context, name catalog.Name) error {
	place := s.dialect.Place(name)
	if place.Schema == "" {
		place.Schema = defaultSchema
	}
	described, err := s.conn.Prepare(ctx, "", "SELECT * FROM "+s.dialect.Table(name), nil)
	if err != nil {
		return altered(ctx, name, err)
	}
	columns := map[string]string{}
	for _, f := range described.Fields {
		columns[strconv.Itoa(int(f.TableAttributeNumber))] = f.Name
	}
	rows, err := cells(ctx, s.conn, askAltered, place.Schema, place.Table, s.dialect.Table(name))
	if err != nil {
		return wrap(ctx, err, "looking at table %s", name)
	}
	for _, row := range rows {
		if row[0] != "t" || columns[row[1]] != row[2] {
			return altered(ctx, name, nil)
		}
	}
	return nil
}

// altered is the error of a table that is not what it was. What the server says of names that it doesn't find is one.
func altered(ctx context.Context, name catalog.Name, err error) error {
	var cause error
	if err != nil {
		switch state := sqlState(err); state {
		case "42703", "42P01", "3F000": // undefined column, table, schema
			cause = &Failure{SQLState: state}
		default:
			return wrap(ctx, err, "reading table %s", name)
		}
	}
	return failure(codeAltered, diag.External, "start over when nobody alters tables: plan again, too, if the table has other columns now", cause,
		"table %s was altered, truncated or rewritten while it was to be read", name)
}
