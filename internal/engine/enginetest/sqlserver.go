package enginetest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/internal/engine/engines"
	"github.com/utdrag/utdrag/internal/engine/transfer"

	_ "github.com/microsoft/go-mssqldb" // the driver "sqlserver"
)

// EnvSQLServer holds the URL of a SQL Server, or of what speaks its protocol, on which a login may make databases.
const EnvSQLServer = "UTDRAG_TEST_SQLSERVER"

// SQLServer makes an empty database on the server that UTDRAG_TEST_SQLSERVER names, drops it when the test is done, and
// returns its URL. It skips the test where no server is named.
func SQLServer(t testing.TB) string {
	t.Helper()
	text := os.Getenv(EnvSQLServer)
	if text == "" {
		t.Skip("no SQL Server: set " + EnvSQLServer + " to a URL such as sqlserver://user:password@host?database=master")
	}
	server, err := url.Parse(text)
	if err != nil {
		t.Fatal(EnvSQLServer + " is no URL")
	}
	db, err := sql.Open("sqlserver", text)
	if err != nil {
		t.Fatal(EnvSQLServer + " can't be used")
	}
	suffix := make([]byte, 6)
	_, _ = rand.Read(suffix) // it never fails: see crypto/rand
	name := "utdrag_test_" + hex.EncodeToString(suffix)
	if _, err := db.Exec("CREATE DATABASE " + name); err != nil {
		t.Fatal("no database can be made on the test server: ", err)
	}
	t.Cleanup(func() {
		_, err := db.Exec("DROP DATABASE " + name)
		if err != nil {
			t.Errorf("a test's database can't be dropped: %v", err)
		}
		_ = db.Close()
	})
	query := server.Query()
	query.Set("database", name)
	server.RawQuery = query.Encode()
	return server.String()
}

// Clone is transfer.All into a test's database.
func Clone(ctx context.Context, from, to string) (rows int64, err error) {
	return transfer.All(ctx, from, to, func(c *catalog.Catalog) error {
		if engines.Of(to) != engines.SQLServer {
			return nil
		}
		return fewCollations(ctx, to, c)
	})
}

// fewCollations gives columns an older collation on a server that stands in for SQL Server and lacks the newer ones, as
// Babelfish does.
func fewCollations(ctx context.Context, url string, c *catalog.Catalog) error {
	db, err := sql.Open("sqlserver", url)
	if err != nil {
		return err
	}
	defer db.Close()
	var version string
	if err := db.QueryRowContext(ctx, "SELECT @@VERSION").Scan(&version); err != nil || !strings.Contains(version, "Babelfish") {
		return err
	}
	for i := range c.Tables {
		for j := range c.Tables[i].Columns {
			collation := &c.Tables[i].Columns[j].Type.Collation
			collation.Name = strings.ReplaceAll(collation.Name, "_100_CI_AS_SC", "_CI_AS")
		}
	}
	return nil
}

// SQLServerTables are the names of a database's tables.
func SQLServerTables(t *testing.T, url string) (names []string) {
	t.Helper()
	db, err := sql.Open("sqlserver", url)
	if err != nil {
		t.Fatal("the URL can't be used")
	}
	defer db.Close()
	rows, err := db.Query("SELECT TABLE_NAME FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_TYPE = 'BASE TABLE' ORDER BY 1")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		names = append(names, name)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return names
}
