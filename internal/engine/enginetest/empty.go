package enginetest

import (
	"context"
	"database/sql"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
)

// Empty drops every table of a test's database, those that reference others first.
func Empty(t *testing.T, url string) {
	t.Helper()
	if strings.HasPrefix(url, "postgres") {
		conn, err := pgx.Connect(context.Background(), url)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close(context.Background())
		if _, err := conn.Exec(context.Background(), "DROP SCHEMA public CASCADE; CREATE SCHEMA public"); err != nil {
			t.Fatal(err)
		}
		return
	}
	db, err := sql.Open("sqlserver", url)
	if err != nil {
		t.Fatal("the URL can't be used")
	}
	defer db.Close()
	for range 20 { // each pass drops what nothing references any more
		names := SQLServerTables(t, url)
		if len(names) == 0 {
			return
		}
		for _, name := range names {
			_, _ = db.Exec("DROP TABLE [" + strings.ReplaceAll(name, "]", "]]") + "]")
		}
	}
	t.Fatal("the database can't be emptied")
}
