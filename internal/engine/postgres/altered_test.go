package postgres

import (
	"strings"
	"testing"

	"github.com/utdrag/utdrag/internal/engine/postgres/pgtest"
	"github.com/utdrag/utdrag/mask/value"
)

const partitioned = `CREATE TABLE t (k int, a text) PARTITION BY LIST (k); CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1);
	CREATE TABLE t2 PARTITION OF t FOR VALUES IN (2) PARTITION BY LIST (k); CREATE TABLE t3 PARTITION OF t2 FOR VALUES IN (2);
	CREATE TABLE other (k int, a text); INSERT INTO t VALUES (1, 'a'), (2, 'b')`

// What happened to a table under a snapshot is found once it is read, its partitions included; what takes no rows away is no matter.
func TestAltered(t *testing.T) {
	server := pgtest.Server(t)
	for _, c := range []struct{ made, then, code string }{
		{partitioned, "TRUNCATE t3", codeAltered},
		{partitioned, "TRUNCATE t", codeAltered},
		{partitioned, "ALTER TABLE t DETACH PARTITION t1", codeAltered},
		{partitioned, "ALTER TABLE t ATTACH PARTITION other FOR VALUES IN (3)", codeAltered},
		{partitioned, "DROP TABLE t2", codeAltered},
		{partitioned, "DELETE FROM t", ""},
		{partitioned, "ALTER TABLE t ADD b text DEFAULT 'c'", ""},
		{partitioned, "TRUNCATE other", ""},
		{"CREATE TABLE t (a text)", "ALTER TABLE t ADD b text", ""},
		{"CREATE TABLE t (a text)", "DROP TABLE t; CREATE TABLE t (a text)", codeAltered},
		{"CREATE TABLE t (a text)", "DROP TABLE t; CREATE TABLE u (a text)", codeAltered},
		{"CREATE SCHEMA s; CREATE TABLE s.t (a text)", "ALTER SCHEMA s RENAME TO r", codeAltered},
		{"CREATE TABLE t (a text, b text)", "ALTER TABLE t RENAME b TO c", codeAltered},
		{"CREATE TABLE t (a text, b text)", "ALTER TABLE t DROP b; ALTER TABLE t ADD b text", codeAltered},
	} {
		url := database(t, c.made)
		s := source(t, url)
		all := described(t, s)
		table := &all.Tables[len(all.Tables)-1]
		snap := snapshot(t, s)
		server.Exec(t, url, c.then)
		whole := plain(table)
		rows, err := snap.Read(ctx, whole)
		if err == nil {
			row := make([]value.Value, len(whole.Columns))
			for rows.Next(row) {
			}
			err = rows.Err()
			rows.Close()
		}
		switch {
		case c.code == "" && err != nil:
			t.Errorf("%s: %v", c.then, err)
		case c.code == "":
			if _, err := snap.Exec(ctx, "SELECT 1"); err != nil {
				t.Errorf("%s: the snapshot has ended: %v", c.then, err)
			}
		case err == nil:
			t.Errorf("%s: not noticed", c.then)
		case code(t, err) != c.code || !strings.Contains(err.Error(), table.Name.Table):
			t.Errorf("%s: %v", c.then, err)
		}
	}
}
