package receive_test

import (
	"context"
	"database/sql"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"

	"github.com/utdrag/utdrag/filter"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/filter/schemamap"
	"github.com/utdrag/utdrag/internal/engine/postgres/pgtest"
	"github.com/utdrag/utdrag/plan/run"
)

// slowly counts two tables by two statements of one session, with time for a swap between them. Whoever replaced tables one by one, or
// within the database, would be found out by it.
func slowly(ctx context.Context, driver, dsn string) (a, b int, err error) {
	db, err := sql.Open(driver, dsn)
	if err != nil {
		return 0, 0, err
	}
	defer db.Close()
	conn, err := db.Conn(ctx)
	if err != nil {
		return 0, 0, err
	}
	defer conn.Close()
	if err = conn.QueryRowContext(ctx, `SELECT count(*) FROM "Patient"`).Scan(&a); err != nil {
		return 0, 0, err
	}
	time.Sleep(3 * time.Millisecond)
	return a, b, conn.QueryRowContext(ctx, `SELECT count(*) FROM "Visit"`).Scan(&b)
}

// On servers too a copy takes the place of the one before while somebody reads without a pause, who sees one of them or nothing at
// all, and never a part or two halves; and what is there afterwards is verified against its evidence.
func TestReplaceUnderReaders(t *testing.T) {
	t.Run("postgres", func(t *testing.T) {
		if !pgtest.Installed() {
			t.Skip("no PostgreSQL server is installed")
		}
		p := &postgresPlace{t: t, server: pgtest.Server(t)}
		p.name = p.server.Name(t)
		t.Cleanup(func() {
			for _, name := range []string{"_previous", "_incoming"} {
				p.server.Exec(t, p.server.URL("postgres"), `DROP DATABASE IF EXISTS "`+p.name+name+`" WITH (FORCE)`)
			}
		})
		underReaders(t, p, "pgx", nil)
	})
	t.Run("sqlserver", func(t *testing.T) {
		dsn := os.Getenv("UTDRAG_TEST_SQLSERVER")
		if dsn == "" {
			t.Skip("no server: set UTDRAG_TEST_SQLSERVER to the URL of one, with a login that may make databases")
		}
		p := newSQLServerPlace(t, dsn)
		if !p.babelfish() {
			underReaders(t, p, "sqlserver", nil)
			return
		}
		// It takes a database for used whose users are gone, and refuses to rename it. Then the copy that was there must be whole, and
		// nothing of the newer one be left; SQL Server must swap.
		underReaders(t, p, "sqlserver", func(err error) bool { return diag.CodeOf(err) == "UE307" })
	})
}

// underReaders replaces a copy several times; excused are errors that a swap may end with.
func underReaders(t *testing.T, p place, driver string, excused func(error) bool) {
	sizes := []int{40, 55, 70}
	var files []string
	for i, size := range sizes {
		files = append(files, making{order: orderAt(i + 1), patients: size}.make(t))
	}
	d := newDesk(t)
	d.loads(files[0], p.url(), int64(sizes[0])) // into a new database
	d.options.Replace, d.options.Patience, d.options.Disconnect = true, 30*time.Second, true
	if excused != nil { // who doesn't swap sends nobody away either
		d.options.Patience, d.options.Disconnect = time.Second, false
	}

	var stop atomic.Bool
	var readers sync.WaitGroup
	var seen, out atomic.Int64
	latest := make([]atomic.Bool, len(sizes))
	for range 2 {
		readers.Go(func() {
			for !stop.Load() {
				a, b, err := slowly(t.Context(), driver, p.url())
				i := slices.Index(sizes, a)
				switch {
				case err != nil:
					out.Add(1)
				case a != b || i < 0:
					t.Errorf("a reader saw %d patients and %d visits", a, b)
				default:
					seen.Add(1)
					latest[i].Store(true)
				}
				time.Sleep(5 * time.Millisecond)
			}
		})
	}
	for deadline := time.Now().Add(30 * time.Second); seen.Load() == 0 && time.Now().Before(deadline); time.Sleep(time.Millisecond) {
	}
	there := sizes[0]
	if excused != nil {
		files = files[:2] // each attempt waits for ten seconds
	}
	for i, file := range files[1:] {
		size := sizes[i+1]
		r, err := d.take(file, p.url())
		switch {
		case err == nil && (!r.Replaced || r.Previous == ""):
			t.Errorf("it replaced nothing: %+v", r)
		case err == nil:
			there = size
			for deadline := time.Now().Add(30 * time.Second); !latest[i+1].Load() && time.Now().Before(deadline); time.Sleep(time.Millisecond) {
			}
			if !latest[i+1].Load() {
				t.Error("no reader came to the newer copy")
			}
		case excused != nil && excused(err):
			t.Logf("not swapped: %v", err)
		default:
			t.Fatal(err)
		}
		if left := p.leftovers(); len(left) > 0 {
			t.Fatalf("left behind: %q", left)
		}
	}
	stop.Store(true)
	readers.Wait()
	t.Logf("%d readings, %d refused", seen.Load(), out.Load())
	if seen.Load() == 0 {
		t.Error("the readers never got in")
	}
	a, b, err := p.sees()
	demandCounts(t, there, a, b, err)

	m, found := schemamap.Parse("journal.hcl", []byte(mapText))
	check(t, found.Err())
	copied, err := run.Open(t.Context(), p.url())
	check(t, err)
	defer copied.Close()
	v, err := run.VerifyDatabase(t.Context(), m, filter.Request{Provider: provider}, copied, run.VerifyOptions{})
	check(t, err)
	check(t, v.Err())
}
