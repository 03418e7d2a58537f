package receive_test

import (
	"database/sql"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	_ "github.com/microsoft/go-mssqldb"

	"github.com/utdrag/utdrag/internal/engine/postgres/pgtest"
)

// place is a database that copies are put in, and how a reader sees it.
type place interface {
	url() string
	// sees counts two tables in one transaction. err tells of a reader who was kept out.
	sees() (patients, visits int, err error)
	// earlier is the same of the copy before.
	earlier() (patients, visits int, err error)
	// leftovers are the names of what stands beside the copy and the one before.
	leftovers() []string
	// foreign makes it a database that isn't a copy of ours.
	foreign()
}

const twoCounts = `SELECT (SELECT count(*) FROM "Patient"), (SELECT count(*) FROM "Visit")`

func ask(driver, dsn string) (a, b int, err error) {
	db, err := sql.Open(driver, dsn)
	if err != nil {
		return 0, 0, err
	}
	defer db.Close()
	err = db.QueryRow(twoCounts).Scan(&a, &b)
	return a, b, err
}

type sqlitePlace struct {
	t      testing.TB
	folder string
}

func (p *sqlitePlace) file() string { return filepath.Join(p.folder, "tallmo.db") }
func (p *sqlitePlace) url() string  { return "sqlite:" + p.file() }

func (p *sqlitePlace) sees() (int, int, error) { return ask("sqlite", "file:"+p.file()+"?mode=ro") }

func (p *sqlitePlace) earlier() (int, int, error) {
	return ask("sqlite", "file:"+p.file()+".previous?mode=ro")
}

func (p *sqlitePlace) leftovers() (names []string) {
	entries, err := os.ReadDir(p.folder)
	check(p.t, err)
	for _, e := range entries {
		if e.Name() != "tallmo.db" && e.Name() != "tallmo.db.previous" {
			names = append(names, e.Name())
		}
	}
	return names
}

func (p *sqlitePlace) foreign() {
	check(p.t, os.Remove(p.file()))
	db, err := sql.Open("sqlite", p.file())
	check(p.t, err)
	_, err = db.Exec("CREATE TABLE mine (a)")
	check(p.t, err)
	check(p.t, db.Close())
}

type postgresPlace struct {
	t      testing.TB
	server *pgtest.Cluster
	name   string
}

func (p *postgresPlace) url() string { return p.server.URL(p.name) }

func (p *postgresPlace) count(name string) (a, b int, err error) {
	conn, err := pgconn.Connect(p.t.Context(), p.server.URL(name))
	if err != nil {
		return 0, 0, err
	}
	defer conn.Close(p.t.Context())
	results, err := conn.Exec(p.t.Context(), twoCounts).ReadAll()
	if err != nil {
		return 0, 0, err
	}
	row := results[0].Rows[0]
	a, err = strconv.Atoi(string(row[0]))
	b, err2 := strconv.Atoi(string(row[1]))
	return a, b, errors.Join(err, err2)
}

func (p *postgresPlace) sees() (int, int, error)    { return p.count(p.name) }
func (p *postgresPlace) earlier() (int, int, error) { return p.count(p.name + "_previous") }

func (p *postgresPlace) leftovers() (names []string) {
	for _, row := range p.server.Query(p.t, p.server.URL("postgres"), "SELECT datname FROM pg_database WHERE datname LIKE '"+p.name+"%' ORDER BY 1") {
		if row[0] != p.name && row[0] != p.name+"_previous" {
			names = append(names, row[0])
		}
	}
	return names
}

func (p *postgresPlace) foreign() {
	p.server.Exec(p.t, p.server.URL("postgres"), `DROP DATABASE "`+p.name+`"`)
	p.server.Exec(p.t, p.server.URL("postgres"), `CREATE DATABASE "`+p.name+`"`)
	p.server.Exec(p.t, p.server.URL(p.name), `CREATE TABLE mine (a int)`)
}

type sqlserverPlace struct {
	t         testing.TB
	dsn, name string
}

func (p *sqlserverPlace) in(name string) string {
	u, err := url.Parse(p.dsn)
	check(p.t, err)
	q := u.Query()
	q.Set("database", name)
	u.RawQuery = q.Encode()
	return u.String()
}

func (p *sqlserverPlace) url() string             { return p.in(p.name) }
func (p *sqlserverPlace) sees() (int, int, error) { return ask("sqlserver", p.in(p.name)) }
func (p *sqlserverPlace) earlier() (int, int, error) {
	return ask("sqlserver", p.in(p.name+"_previous"))
}

func (p *sqlserverPlace) babelfish() bool {
	db, err := sql.Open("sqlserver", p.in("master"))
	check(p.t, err)
	defer db.Close()
	var version string
	check(p.t, db.QueryRow("SELECT @@VERSION").Scan(&version))
	return strings.Contains(version, "Babelfish")
}

func (p *sqlserverPlace) exec(statements ...string) {
	db, err := sql.Open("sqlserver", p.in("master"))
	check(p.t, err)
	defer db.Close()
	for _, s := range statements {
		_, err := db.Exec(s)
		check(p.t, err)
	}
}

func (p *sqlserverPlace) databases() (names []string) {
	db, err := sql.Open("sqlserver", p.in("master"))
	check(p.t, err)
	defer db.Close()
	rows, err := db.Query("SELECT name FROM sys.databases WHERE name LIKE '" + p.name + "%' ORDER BY 1")
	check(p.t, err)
	defer rows.Close()
	for rows.Next() {
		var name string
		check(p.t, rows.Scan(&name))
		names = append(names, name)
	}
	check(p.t, rows.Err())
	return names
}

func (p *sqlserverPlace) leftovers() []string {
	return slices.DeleteFunc(p.databases(), func(name string) bool { return name == p.name || name == p.name+"_previous" })
}

func (p *sqlserverPlace) foreign() {
	p.exec("DROP DATABASE "+p.name, "CREATE DATABASE "+p.name)
	db, err := sql.Open("sqlserver", p.in(p.name))
	check(p.t, err)
	defer db.Close()
	_, err = db.Exec("CREATE TABLE mine (a int)")
	check(p.t, err)
}

// places are one of each engine that can be had.
func places(t *testing.T, with func(*testing.T, place, string)) {
	t.Run("sqlite", func(t *testing.T) { with(t, &sqlitePlace{t: t, folder: t.TempDir()}, "UE026") })
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
		with(t, p, "UE226")
	})
	t.Run("sqlserver", func(t *testing.T) {
		dsn := os.Getenv("UTDRAG_TEST_SQLSERVER")
		if dsn == "" {
			t.Skip("no server: set UTDRAG_TEST_SQLSERVER to the URL of one, with a login that may make databases")
		}
		p := newSQLServerPlace(t, dsn)
		if p.babelfish() {
			t.Skip("Babelfish takes a database for used whose users are gone, and refuses to rename it: see TestReplaceUnderReaders")
		}
		with(t, p, "UE326")
	})
}

func demandCounts(t *testing.T, want int, a, b int, err error) {
	t.Helper()
	if err != nil || a != want || b != want {
		t.Fatalf("%d patients and %d visits, want %d of both: %v", a, b, want, err)
	}
}

// A copy takes the place of the one before, which is kept until the next comes; nothing else is replaced.
func TestReplace(t *testing.T) {
	places(t, func(t *testing.T, p place, code string) {
		d := newDesk(t)
		d.options.Replace = true
		for day := 1; day <= 3; day++ {
			r := d.loads(making{order: orderAt(day), patients: 10 + day}.make(t), p.url(), int64(10+day))
			if !r.Replaced || (r.Previous != "") != (day > 1) {
				t.Errorf("report: %+v", r)
			}
			a, b, err := p.sees()
			demandCounts(t, 10+day, a, b, err)
			if day > 1 {
				a, b, err = p.earlier()
				demandCounts(t, 9+day, a, b, err)
			}
			if left := p.leftovers(); len(left) > 0 {
				t.Fatalf("left behind: %q", left)
			}
		}
		// Without being told, what is there stays.
		d.options.Replace = false
		next := making{order: orderAt(4)}.make(t)
		if _, err := d.take(next, p.url()); err == nil {
			t.Fatal("a copy was written over")
		}
		a, b, err := p.sees()
		demandCounts(t, 13, a, b, err)
		d.options.Replace = true
		p.foreign()
		_, err = d.take(next, p.url())
		demandCode(t, err, code)
		if left := p.leftovers(); len(left) > 0 {
			t.Fatalf("left behind: %q", left)
		}
	})
}

// A file that somebody writes to, and one in WAL mode, are left alone.
func TestReplaceUnderWriters(t *testing.T) {
	d := newDesk(t)
	d.options.Replace, d.options.Patience = true, 300*time.Millisecond
	p := &sqlitePlace{t: t, folder: t.TempDir()}
	d.loads(making{order: orderAt(1)}.make(t), p.url(), 5)
	next := making{order: orderAt(2), patients: 6}.make(t)
	db, err := sql.Open("sqlite", p.file())
	check(t, err)
	db.SetMaxOpenConns(1)
	_, err = db.Exec("BEGIN IMMEDIATE")
	check(t, err)
	_, err = d.take(next, p.url())
	demandCode(t, err, "UE007")
	_, err = db.Exec("ROLLBACK; PRAGMA journal_mode = WAL")
	check(t, err)
	_, err = d.take(next, p.url())
	demandCode(t, err, "UE026")
	if a, b, err := p.sees(); err != nil || a != 5 || b != 5 {
		t.Errorf("the copy before: %d, %d, %v", a, b, err)
	}
	_, err = db.Exec("PRAGMA journal_mode = DELETE")
	check(t, err)
	check(t, db.Close())
	// A journal with something in it would be taken for the newer file's.
	for _, suffix := range []string{"-wal", "-shm"} {
		check(t, errors.Join(os.WriteFile(p.file()+suffix, nil, 0o600), os.Remove(p.file()+suffix)))
	}
	check(t, os.WriteFile(p.file()+"-journal", []byte("something"), 0o600))
	_, err = d.take(next, p.url())
	demandCode(t, err, "UE026")
	check(t, os.Remove(p.file()+"-journal"))
	d.loads(next, p.url(), 6)

	// The newer file is as open to others as the older one was.
	check(t, os.Chmod(p.file(), 0o640))
	d.loads(making{order: orderAt(3)}.make(t), p.url(), 5)
	if info, err := os.Stat(p.file()); err != nil || info.Mode().Perm() != 0o640 {
		t.Errorf("mode %v, want 0640: %v", info.Mode(), err)
	}
	if left := p.leftovers(); len(left) > 0 {
		t.Errorf("left behind: %q", left)
	}
}

// A database that somebody uses is waited for, and then left alone; or they are sent away.
func TestReplaceUnderSessions(t *testing.T) {
	if !pgtest.Installed() {
		t.Skip("no PostgreSQL server is installed")
	}
	p := &postgresPlace{t: t, server: pgtest.Server(t)}
	p.name = p.server.Name(t)
	defer p.server.Exec(t, p.server.URL("postgres"), `DROP DATABASE IF EXISTS "`+p.name+`_previous" WITH (FORCE)`)
	d := newDesk(t)
	d.options.Replace = true
	d.loads(making{order: orderAt(1)}.make(t), p.url(), 5)
	next := making{order: orderAt(2), patients: 6}.make(t)
	conn, err := pgconn.Connect(t.Context(), p.url())
	check(t, err)
	_, err = d.take(next, p.url())
	demandCode(t, err, "UE207")
	if left := p.leftovers(); len(left) > 0 {
		t.Fatalf("left behind: %q", left)
	}
	a, b, err := p.sees()
	demandCounts(t, 5, a, b, err)
	// Another run that replaces the same database, with a state of its own.
	other, err := pgconn.Connect(t.Context(), p.server.URL("postgres"))
	check(t, err)
	_, err = other.Exec(t.Context(), "SELECT pg_advisory_lock(1970562162, hashtext('"+p.name+"'))").ReadAll()
	check(t, err)
	_, err = d.take(next, p.url())
	demandCode(t, err, "UE207")
	check(t, other.Close(t.Context()))

	d.options.Disconnect = true
	d.loads(next, p.url(), 6)
	_ = conn.Close(t.Context()) // it was ended
	a, b, err = p.sees()
	demandCounts(t, 6, a, b, err)
}

// On SQL Server a package becomes a database of its own.
func TestSQLServer(t *testing.T) {
	dsn := os.Getenv("UTDRAG_TEST_SQLSERVER")
	if dsn == "" {
		t.Skip("no server: set UTDRAG_TEST_SQLSERVER to the URL of one, with a login that may make databases")
	}
	p := &sqlserverPlace{t: t, dsn: dsn, name: "utdrag_received_" + strings.ToLower(time.Now().Format("150405"))}
	t.Cleanup(func() { p.exec("DROP DATABASE " + p.name) })
	d := newDesk(t)
	d.loads(making{order: orderAt(1), patients: 7}.make(t), p.url(), 7)
	a, b, err := p.sees()
	demandCounts(t, 7, a, b, err)
	_, err = d.take(making{order: orderAt(2)}.make(t), p.url())
	demandCode(t, err, "UE320")
}
