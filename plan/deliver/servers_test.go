package deliver

import (
	"context"
	"crypto/rand"
	"database/sql"
	"io/fs"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib"
	_ "github.com/microsoft/go-mssqldb"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/internal/engine/enginetest"
	"github.com/utdrag/utdrag/internal/engine/postgres/pgtest"
	"github.com/utdrag/utdrag/plan/deliver/disclosure"
	"github.com/utdrag/utdrag/plan/deliver/order"
	"github.com/utdrag/utdrag/plan/run"
)

// journalSQL is testdata/journal.sql for servers, which keep the case of names in quotes only.
const journalSQL = `CREATE TABLE [Provider] ([Id] int NOT NULL PRIMARY KEY, [HsaId] varchar(31) NOT NULL UNIQUE);
CREATE TABLE [Unit] ([Id] int NOT NULL PRIMARY KEY, [HsaId] varchar(31) NOT NULL UNIQUE, [ProviderId] int NOT NULL REFERENCES [Provider]([Id]));
CREATE TABLE [Patient] ([Id] int NOT NULL PRIMARY KEY, [Pnr] varchar(20) NOT NULL UNIQUE, [Name] varchar(100));
CREATE TABLE [Visit] ([Id] int NOT NULL PRIMARY KEY, [UnitId] int NOT NULL REFERENCES [Unit]([Id]), [PatientId] int NOT NULL REFERENCES [Patient]([Id]), [Reason] varchar(100));
INSERT INTO [Provider] VALUES (1, 'SE5500000020-1000'), (2, 'SE5500000061-1000');
INSERT INTO [Unit] VALUES (10, 'SE5500000020-U002', 1), (11, 'SE5500000020-U003', 1), (20, 'SE5500000061-U006', 2);
INSERT INTO [Patient] VALUES (1, 'canary-pnr-1', 'canary-name-1'), (2, 'canary-pnr-2', 'canary-name-2'), (3, 'canary-pnr-3', 'canary-name-3'), (4, 'canary-pnr-4', 'canary-name-4');
INSERT INTO [Visit] VALUES (100, 10, 1, 'canary-reason-1'), (101, 10, 2, 'canary-reason-2'), (102, 10, 3, 'canary-reason-3'), (103, 20, 4, 'canary-reason-4'), (104, 11, 4, 'canary-reason-5');
`

// journalServer is a database server with the journal of testdata/journal.sql in it.
type journalServer struct {
	t      testing.TB
	driver string
	// format and schema are what orders and plans call them.
	format, schema string
	// url is what orders lead to: a login that may read and nothing else, where there is one. owner may change rows.
	url, owner string
	// canary is the login's password, where it has one.
	canary string
	// sessions asks who else uses the database, and end ends those sessions: "" where that can't be asked for.
	sessions, end string
}

// exec changes the journal.
func (s *journalServer) exec(statements ...string) {
	s.t.Helper()
	db, err := sql.Open(s.driver, s.owner)
	if err != nil {
		s.t.Fatal(err)
	}
	defer db.Close()
	for _, statement := range statements {
		if _, err := db.ExecContext(context.WithoutCancel(s.t.Context()), statement); err != nil {
			s.t.Fatalf("%v in\n%s", err, statement)
		}
	}
}

// quoted is a table's name in statements.
func (s *journalServer) quoted(name string) string {
	if s.driver == "pgx" {
		return `"` + name + `"`
	}
	return "[" + name + "]"
}

// others counts those who use the database.
func (s *journalServer) others() (n int) {
	s.t.Helper()
	db, err := sql.Open(s.driver, s.owner)
	if err != nil {
		s.t.Fatal(err)
	}
	defer db.Close()
	if err := db.QueryRowContext(s.t.Context(), s.sessions).Scan(&n); err != nil {
		s.t.Fatal(err)
	}
	return n
}

func postgresJournal(t *testing.T) *journalServer {
	if !pgtest.Installed() {
		t.Skip("no PostgreSQL server is installed")
	}
	server := pgtest.Server(t)
	s := &journalServer{t: t, driver: "pgx", format: "postgres", schema: "public", owner: server.Database(t), canary: pgtest.Password}
	u, err := url.Parse(s.owner)
	if err != nil {
		t.Fatal(err)
	}
	s.url = server.URLAs(pgtest.PasswordRole, pgtest.Password, strings.TrimPrefix(u.Path, "/"))
	where := "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND usename = '" + pgtest.PasswordRole + "'"
	s.sessions, s.end = "SELECT count(*) "+where, "SELECT pg_terminate_backend(pid) "+where
	s.exec(strings.NewReplacer("[", `"`, "]", `"`).Replace(journalSQL), "GRANT SELECT ON ALL TABLES IN SCHEMA public TO "+pgtest.PasswordRole)
	return s
}

func sqlServerJournal(t *testing.T) *journalServer {
	dsn := os.Getenv(enginetest.EnvSQLServer)
	at := enginetest.SQLServer(t) // skips the test where no server is named
	s := &journalServer{t: t, driver: "sqlserver", format: "sqlserver", schema: "dbo", url: at, owner: at}
	db, err := sql.Open("sqlserver", dsn)
	if err != nil {
		t.Fatal("the server's URL can't be used")
	}
	defer db.Close()
	var version, name string
	if err := db.QueryRow("SELECT @@VERSION").Scan(&version); err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(at)
	if err != nil {
		t.Fatal(err)
	}
	name, s.canary = u.Query().Get("database"), rand.Text()
	if password, ok := u.User.Password(); ok && len(password) > 7 {
		s.canary = password
	}
	if !strings.Contains(version, "Babelfish") { // which has snapshots without being told, and says so; it counts no sessions by database
		if _, err := db.Exec("ALTER DATABASE " + name + " SET ALLOW_SNAPSHOT_ISOLATION ON"); err != nil {
			t.Fatal(err)
		}
		where := "FROM sys.dm_exec_sessions WHERE database_id = DB_ID() AND session_id <> @@SPID AND is_user_process = 1 AND program_name = 'utdrag'"
		s.sessions = "SELECT COUNT(*) " + where
		s.end = "DECLARE @kill nvarchar(max) = N''; SELECT @kill = @kill + N'KILL ' + CONVERT(nvarchar(10), session_id) + N'; ' " + where + "; EXEC (@kill)"
	}
	s.exec(journalSQL)
	return s
}

// atServers runs a test for each server that is there, with a world whose orders lead to it. At the end no session is left, and no
// file of the world's holds a row or the password.
func atServers(t *testing.T, with func(*testing.T, *world, *journalServer, string)) {
	for name, journal := range map[string]func(*testing.T) *journalServer{"postgres": postgresJournal, "sqlserver": sqlServerJournal} {
		t.Run(name, func(t *testing.T) {
			s := journal(t)
			w := newWorld(t)
			if err := os.Remove(w.path("journal.db")); err != nil { // nothing can come from there
				t.Fatal(err)
			}
			with(t, w, s, orderText("sqlite:journal.db", "env:JOURNAL", `"sqlite"`, `"`+s.format+`"`))
			if s.sessions != "" {
				if n := s.others(); n != 0 {
					t.Errorf("%d sessions are left", n)
				}
			}
			err := fs.WalkDir(os.DirFS(w.folder), ".", func(path string, e fs.DirEntry, err error) error {
				if err == nil && e.Type().IsRegular() {
					if text := w.read(w.path(path)); strings.Contains(text, s.canary) || strings.Contains(text, "canary") {
						t.Errorf("%s holds a row or the password", path)
					}
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		})
	}
}

// from gives orders the journal's address.
func (s *journalServer) from(o *Options) {
	o.Getenv = func(name string) string { return map[string]string{"JOURNAL": s.url}[name] }
}

func (s *journalServer) rows(name string) catalog.Name {
	return catalog.Name{Schema: s.schema, Table: name}
}

// A delivery out of a server: spooled and straight through, held when it differs, and only of the provider's own rows.
func TestDeliverFromServers(t *testing.T) {
	atServers(t, func(t *testing.T, w *world, s *journalServer, text string) {
		o := w.order("tallmo", text)
		wants := func(out *Outcome, visits int64) {
			t.Helper()
			want := map[catalog.Name]int64{s.rows("Provider"): 1, s.rows("Unit"): 1, s.rows("Visit"): visits, s.rows("Patient"): 3}
			state, err := LoadState(o)
			if err != nil || state.Begun != nil || state.Held != nil || len(out.Tables) != len(want) || !slices.Equal(state.Delivered.Tables, out.Tables) {
				t.Fatalf("%+v %v", state, err)
			}
			m := w.open("out", out.Package.Name, 1).Manifest()
			if m.Engine != s.format || m.Provider != "SE5500000020-1000" || !slices.Equal(m.Units, []string{"SE5500000020-U002"}) || m.Order.Sequence != state.Delivered.Record {
				t.Errorf("%+v", m.Info)
			}
			for i, c := range m.Tables {
				if n, known := want[c.Name]; !known || c.Rows != n {
					t.Errorf("%s has %d rows, want %d", c.Name, c.Rows, n)
				}
				if !slices.ContainsFunc(out.Tables, func(r run.Rows) bool { return r.Table == m.Tables[i].Name && r.Rows == c.Rows }) {
					t.Errorf("the state says another number of rows of %s", c.Name)
				}
			}
		}
		wants(w.delivered(o, s.from), 3)
		wants(w.delivered(o, s.from, spool(w)), 3)
		if left := w.names("spool"); len(left) > 0 {
			t.Errorf("in the spool: %q", left)
		}

		// Somebody writes while it is copied: the package holds the rows of one moment, those that were counted.
		s.exec("INSERT INTO " + s.quoted("Visit") + " VALUES (900, 20, 4, 'another provider')")
		during := &when{phase: "copy", do: func() {
			s.exec("INSERT INTO " + s.quoted("Visit") + " VALUES (901, 10, 1, 'late')")
		}}
		wants(w.delivered(o, s.from, during.watch), 3)
		if !during.done {
			t.Error("nothing came meanwhile")
		}

		// What changed by more than the order allows is held, and delivered when it was confirmed.
		s.exec("INSERT INTO " + s.quoted("Visit") + " VALUES (902, 10, 2, 'more')")
		out, err := w.deliver(o, s.from, spool(w))
		wantCode(t, err, codeHeld)
		if out.Outcome != disclosure.Held || !slices.Equal(out.Changes, []Change{{Table: s.rows("Visit"), Before: 3, Now: 5, Bound: 25}}) {
			t.Fatalf("%+v", out)
		}
		if n := len(w.names("out")); n != 6 {
			t.Errorf("%d files", n)
		}
		wants(w.delivered(o, s.from, func(options *Options) { options.Confirm = out.Held.Hash }), 5)
		if got := w.outcomes(); !slices.Equal(got, []string{"started", "delivered", "started", "delivered", "started", "delivered", "started", "held " + codeHeld, "started", "delivered"}) {
			t.Error(got)
		}
	})
}

// when does something once, when a run comes to a phase.
type when struct {
	phase string
	do    func()
	once  sync.Once
	done  bool
}

func (p *when) watch(o *Options)    { o.Progress = p }
func (p *when) Table(string, int64) {}
func (p *when) Add(int64, int64)    {}
func (p *when) Phase(phase string, _ int) {
	if phase == p.phase {
		p.once.Do(func() { p.do(); p.done = true })
	}
}

// What a server knows of providers and units is what the check of an order and a delivery go by.
func TestServersKnow(t *testing.T) {
	atServers(t, func(t *testing.T, w *world, s *journalServer, text string) {
		o := w.order("tallmo", text)
		options := w.options()
		s.from(&options)
		m, c, source, err := OpenSource(t.Context(), o, options.Getenv)
		if err != nil {
			t.Fatal(err)
		}
		asked := NewSource(m, c, source)
		for provider, want := range map[string][]string{"SE5500000020-1000": {"SE5500000020-U002", "SE5500000020-U003"}, "SE5500000061-1000": {"SE5500000061-U006"}} {
			there, err := asked.Registered(t.Context(), provider)
			units, err2 := asked.UnitsOf(t.Context(), provider)
			slices.Sort(units)
			if !there || err != nil || err2 != nil || !slices.Equal(units, want) {
				t.Errorf("%s: %v %q %v %v", provider, there, units, err, err2)
			}
		}
		strangers := []string{"SE5500000020-1001", "' OR 1=1 --"}
		if s.driver == "pgx" { // SQL Server's collation decides, which may not tell these apart; an order has neither
			strangers = append(strangers, "se5500000020-1000", "SE5500000020-1000 ")
		}
		for _, stranger := range strangers {
			if there, err := asked.Registered(t.Context(), stranger); there || err != nil {
				t.Errorf("%q is registered: %v", stranger, err)
			}
		}
		if err := source.Close(); err != nil {
			t.Error(err)
		}
		for name, c := range map[string]struct{ from, to, code string }{
			"a provider that isn't registered": {"SE5500000020-1000", "SE5500000020-1001", order.CodeNotRegistered},
			"another provider's unit":          {"SE5500000020-U002", "SE5500000061-U006", order.CodeNotItsUnit},
		} {
			before := len(w.outcomes())
			out, err := w.deliver(w.order("tallmo", strings.Replace(text, c.from, c.to, 1)), s.from)
			if diag.CodeOf(err) != c.code || out.Outcome != disclosure.Refused || len(w.names("out")) > 0 {
				t.Errorf("%s: %v %v", name, out, err)
			}
			if got := w.outcomes()[before:]; !slices.Equal(got, []string{"started", "refused " + c.code}) {
				t.Error(name, got)
			}
		}
	})
}

// A login that is wrong, and a session that ends half-way are failures from outside, of which nothing is
// left and nothing is told.
func TestServersFail(t *testing.T) {
	atServers(t, func(t *testing.T, w *world, s *journalServer, text string) {
		o := w.order("tallmo", text)
		u, err := url.Parse(s.url)
		if err != nil {
			t.Fatal(err)
		}
		failed := func(what string, change ...func(*Options)) {
			t.Helper()
			before := len(w.outcomes())
			out, err := w.deliver(o, change...)
			if err == nil || out.Outcome != disclosure.Failed || ClassOf(err) != diag.External || len(w.names("out")) > 0 {
				t.Fatalf("%s: %+v %v", what, out, err)
			}
			if strings.Contains(err.Error(), s.canary) || strings.Contains(err.Error(), "canary") {
				t.Errorf("%s: the error holds a row or the password", what)
			}
			got := w.outcomes()[before:]
			if last := got[len(got)-1]; !strings.HasPrefix(last, "failed ") {
				t.Error(what, got)
			}
		}
		name := u.User.Username()
		if s.driver == "sqlserver" { // where a stand-in may trust whoever comes from this machine
			name = "utdrag_nobody"
		}
		wrong := *u
		wrong.User = url.UserPassword(name, "canary of another")
		failed("a wrong login", func(o *Options) { o.Getenv = func(string) string { return wrong.String() } })
		if s.end != "" {
			for _, change := range [][]func(*Options){nil, {spool(w)}} {
				cut := &when{phase: "copy", do: func() { s.exec(s.end) }}
				failed("a session that ends", append(change, s.from, cut.watch)...)
				if !cut.done {
					t.Error("the session went on")
				}
			}
			if left := w.names("spool"); len(left) > 0 {
				t.Errorf("in the spool: %q", left)
			}
		}
		w.delivered(o, s.from)
	})
}
