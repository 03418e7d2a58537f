package filter_test

import (
	"context"
	"database/sql/driver"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"

	"github.com/utdrag/utdrag/filter/rewrite/postgres"
	"github.com/utdrag/utdrag/internal/engine/postgres/pgtest"
	"github.com/utdrag/utdrag/internal/oracle"
)

// TestNonInterferencePostgres is for PostgreSQL.
func TestNonInterferencePostgres(t *testing.T) {
	server := pgtest.Server(t)
	interfere(t, postgresWorld{server}, 80, 20, append([]string{"lateral", "all", "any", "parenthesised branch"}, constructs...))
}

type postgresWorld struct{ server *pgtest.Cluster }

func (postgresWorld) tongue() *tongue {
	return &tongue{syntax: postgres.Syntax{}, postgres: true, lower: true, quote: func(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }}
}

func (postgresWorld) flavour() *oracle.Flavour { return oracle.Postgres }

func (w postgresWorld) place(t testing.TB) string { return w.server.URL(w.server.Name(t)) }

func (w postgresWorld) database(t testing.TB, c *oracle.Case, statements string) string {
	url := w.server.Database(t)
	schemas := ""
	for _, name := range c.Schemas {
		schemas += "CREATE SCHEMA " + w.tongue().quote(name) + ";\n"
	}
	if err := w.exec(url, schemas+statements); err != nil {
		t.Fatalf("%v\n%s", err, statements)
	}
	return url
}

func (postgresWorld) exec(url, statements string) error {
	ctx := context.Background()
	conn, err := pgconn.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, statements).ReadAll()
	return err
}

func (postgresWorld) connector(t testing.TB, url string) driver.Connector {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		t.Fatal(err)
	}
	config.RuntimeParams["timezone"] = "UTC"
	return stdlib.GetConnector(*config)
}
