package receive_test

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/utdrag/utdrag/filter"
	"github.com/utdrag/utdrag/filter/schemamap"
	"github.com/utdrag/utdrag/plan"
	"github.com/utdrag/utdrag/plan/pack"
	"github.com/utdrag/utdrag/plan/run"
)

// serverSQL has what CSV files and NULLs are usually got wrong with, numbers that go up and down, and keys that form a cycle. Texts
// end in spaces, of which a comparison takes no notice there.
var serverSQL = []string{
	"CREATE SCHEMA [vård]",
	"CREATE TABLE dbo.Provider (Id int NOT NULL PRIMARY KEY, HsaId varchar(31) NOT NULL UNIQUE)",
	`CREATE TABLE dbo.Patient (Id int IDENTITY(1,1) NOT NULL CONSTRAINT pk_patient PRIMARY KEY, ProviderId int NOT NULL CONSTRAINT fk_provider REFERENCES dbo.Provider(Id),
  [na"m'n, å] nvarchar(20) NULL CONSTRAINT df_name DEFAULT (N'standard'), note nvarchar(max) NULL, code varchar(10) NULL, [order] bit NULL, weight float NULL, small real NULL,
  cost decimal(28,2) NULL, price money NULL, born date NULL, at datetime2(6) NULL, old datetime NULL, seen datetimeoffset(3) NULL, clock time(3) NULL,
  guid uniqueidentifier NULL, page xml NULL, MainId int NULL CONSTRAINT fk_main REFERENCES dbo.Patient(Id), twice AS (Id * 2), CONSTRAINT ck_cost CHECK (cost < 100000000))`,
	"CREATE TABLE [vård].[plan å] (Id int NOT NULL PRIMARY KEY, ProviderId int NOT NULL CONSTRAINT fk_plan REFERENCES dbo.Provider(Id))",
	"CREATE INDEX ix_note ON dbo.Patient (code)",
	"CREATE TABLE dbo.Down (Id bigint IDENTITY(-1,-1) NOT NULL PRIMARY KEY, ProviderId int NOT NULL CONSTRAINT fk_down REFERENCES dbo.Provider(Id))",
	"CREATE TABLE dbo.Deeper (Id smallint IDENTITY(-5,-5) NOT NULL PRIMARY KEY, ProviderId int NOT NULL CONSTRAINT fk_deeper REFERENCES dbo.Provider(Id), text nvarchar(100) NULL)",
	"INSERT INTO dbo.Provider VALUES (1, '" + provider + "'), (2, 'SE5560000019-0001')",
	`SET IDENTITY_INSERT dbo.Patient ON; INSERT INTO dbo.Patient (Id, ProviderId, [na"m'n, å], note, code, [order], weight, small, cost, price, born, at, old, seen, clock, guid, page) VALUES
  (1, 1, N'\N', N'rad ett' + NCHAR(13) + NCHAR(10) + N'rad "två", slut\', 'a', 1, 1e300, 1.1, 12.50, 12.3456, '2025-02-28', '2025-02-28 12:34:56.789', '2025-02-28T12:34:56.003', '2025-02-28 12:34:56.5 +02:00', '23:59:59.5', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', N'<a b="c">å</a>'),
  (2, 1, N'', N'\\N', '', 0, -0.1, 0, 99999999.99, -0.01, '0001-01-01', '0001-01-01', '1753-01-01', '0001-01-01 00:00 +00:00', '00:00', NULL, NULL),
  (3, 1, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  (4, 1, N'\N  ', N' \N', '\N ', NULL, 4.9406564584124654e-290, NULL, -0.01, NULL, '9999-12-31', '9999-12-31 23:59:59.999999', '9999-12-31T23:59:59.997', '9999-12-30 23:59:59 -01:00', NULL, NULL, N'<p> </p>'),
  (6, 1, N' N  ', N'\\N ', '\\\N', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  (7, 1, N'na"m''n, å', N'"', ',', NULL, 123456789.123456789, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  (9, 2, N'x', N'CANARY', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL); SET IDENTITY_INSERT dbo.Patient OFF`,
	"UPDATE dbo.Patient SET MainId = 2 WHERE Id IN (1, 3); UPDATE dbo.Patient SET MainId = 1 WHERE Id = 2",
	"INSERT INTO [vård].[plan å] VALUES (1, 1), (2, 2)",
	"INSERT INTO dbo.Down (ProviderId) VALUES (1), (1), (2)",
	"INSERT INTO dbo.Deeper (ProviderId, text) VALUES (1, N'text'), (2, N'CANARY'), (1, NULL), (1, N'ProviderId')",
}

// strictSQL is what Babelfish doesn't have: supplementary characters that count as one, names with brackets and quotes in them, alias
// types, binary content written in hexadecimal, types of the server's own, and former rows.
var strictSQL = []string{
	"CREATE TYPE dbo.Pnr FROM varchar(13) NULL",
	`CREATE TABLE [vård].[st]]r'i ct] (Id int NOT NULL PRIMARY KEY, ProviderId int NOT NULL REFERENCES dbo.Provider(Id), Pnr dbo.Pnr, Node hierarchyid NULL, Photo varbinary(max) NULL, Place geography NULL,
  Emoji nvarchar(10) COLLATE Latin1_General_100_CI_AS_SC NULL, Stamp rowversion, Precise datetime2(7) NULL, Stored AS (Id + 1) PERSISTED)`,
	`INSERT INTO [vård].[st]]r'i ct] (Id, ProviderId, Pnr, Node, Photo, Place, Emoji, Precise) VALUES (1, 1, '191212121212', '/1/2/', 0x00FF5C4E, geography::Point(59.3, 18.1, 4326), N'😀\N', '2025-02-28 12:34:56.7890123'),
  (2, 1, NULL, hierarchyid::GetRoot(), 0x, NULL, N'', NULL)`,
	`CREATE TABLE dbo.Temporal (Id int NOT NULL PRIMARY KEY, ProviderId int NOT NULL REFERENCES dbo.Provider(Id), Text nvarchar(10) NULL,
  ValidFrom datetime2 GENERATED ALWAYS AS ROW START NOT NULL, ValidTo datetime2 GENERATED ALWAYS AS ROW END NOT NULL, PERIOD FOR SYSTEM_TIME (ValidFrom, ValidTo))
  WITH (SYSTEM_VERSIONING = ON (HISTORY_TABLE = dbo.TemporalHistory))`,
	"INSERT INTO dbo.Temporal (Id, ProviderId, Text) VALUES (1, 1, N'a')",
	"UPDATE dbo.Temporal SET Text = N'b'",
}

const serverMap = `version = 1
provider {
  table = "dbo.Provider"
  key   = "HsaId"
}
table "dbo.Patient" {
  path { via = ["ProviderId"] }
  foreign "fk_main" { outside = "error" }
}
table "vård.plan å" {
  path { via = ["ProviderId"] }
}
table "dbo.Down" {
  path { via = ["ProviderId"] }
}
table "dbo.Deeper" {
  path { via = ["ProviderId"] }
}
`

const strictMap = `table "vård.st]r'i ct" {
  path { via = ["ProviderId"] }
}
table "dbo.Temporal" {
  path { via = ["ProviderId"] }
}
`

// client runs a script as sqlcmd -b does, over one session.
type client struct {
	t      *testing.T
	conn   *sql.Conn
	folder string
	// instead, where it isn't nil, is asked for each batch whether it has done what the batch would do.
	instead func(batch string) bool
}

var (
	lineOfGo   = regexp.MustCompile(`(?i)^\s*GO\s*$`)
	lineOfOurs = regexp.MustCompile(`(?i)^\s*(:|!!|(GO|RESET|ED|QUIT|EXIT)\b)`)
	tableOf    = regexp.MustCompile(`WHERE f\.n = ([0-9]+) AND`)
	downward   = regexp.MustCompile(`IF (@last_[0-9a-f]+) IS NOT NULL DBCC CHECKIDENT \(N'[^']+', RESEED, @last_[0-9a-f]+\) WITH NO_INFOMSGS;`)
	variable   = regexp.MustCompile(`\$\(([^)]*)\)`)
)

// run stops at the first error, and returns it. What sqlcmd would take for a command and is none that the script may have fails the
// test.
func (c *client) run(script string) error {
	c.t.Helper()
	var batch strings.Builder
	send := func() error {
		text := batch.String()
		batch.Reset()
		if strings.TrimSpace(text) == "" || c.instead != nil && c.instead(text) {
			return nil
		}
		_, err := c.conn.ExecContext(context.Background(), text)
		return err
	}
	stops := false
	for line := range strings.Lines(script) {
		switch trimmed := strings.TrimSpace(line); {
		case lineOfGo.MatchString(trimmed):
			if !stops {
				c.t.Fatal("the script doesn't say that it stops at an error")
			}
			if err := send(); err != nil {
				return err
			}
		case trimmed == ":on error exit":
			stops = true
		case lineOfOurs.MatchString(line):
			c.t.Fatalf("sqlcmd would take this for a command: %s", line)
		default:
			batch.WriteString(variable.ReplaceAllStringFunc(line, func(v string) string {
				if v != "$(folder)" {
					c.t.Fatalf("sqlcmd would look for %s", v)
				}
				return c.folder
			}))
		}
	}
	return send()
}

// clientAt opens a session in a database.
func (p *sqlserverPlace) clientAt(t *testing.T, database, folder string) *client {
	t.Helper()
	db, err := sql.Open("sqlserver", p.in(database))
	check(t, err)
	db.SetMaxIdleConns(-1) // so that the session ends when it is closed
	conn, err := db.Conn(t.Context())
	check(t, err)
	t.Cleanup(func() { conn.Close(); db.Close() })
	return &client{t: t, conn: conn, folder: folder}
}

// standIn makes a client do by itself what Babelfish refuses: reading files. It is asserted that it refuses that, and nothing else.
func (c *client) standIn() {
	c.instead = func(batch string) bool {
		c.t.Helper()
		switch {
		case strings.Contains(batch, "FROM OPENROWSET(BULK "):
			for name, file := range map[string]string{"package": "manifest.json", "catalog": "catalog.json"} {
				if !strings.Contains(batch, "INSERT INTO #document SELECT N''"+name+"''") || !strings.Contains(batch, "N'"+file+"'") {
					c.t.Fatalf("another batch: %s", batch)
				}
				text, err := os.ReadFile(filepath.Join(c.folder, file))
				check(c.t, err)
				_, err = c.conn.ExecContext(c.t.Context(), "INSERT INTO #document VALUES (@p1, @p2)", name, string(text))
				check(c.t, err)
			}
			return true
		case strings.Contains(batch, "BULK INSERT #rows"):
			number, err := strconv.Atoi(tableOf.FindStringSubmatch(batch)[1])
			check(c.t, err)
			c.stage(number)
			return true
		}
		return false
	}
}

// stage does as BULK INSERT: every line of the table's parts becomes a row of texts, the first one too.
func (c *client) stage(number int) {
	c.t.Helper()
	parts, err := filepath.Glob(filepath.Join(c.folder, "data", fmt.Sprintf("%04d-*", number), "part-*.csv"))
	check(c.t, err)
	slices.Sort(parts)
	for _, part := range parts {
		text, err := os.ReadFile(part)
		check(c.t, err)
		for _, line := range linesOf(c.t, string(text)) {
			places, cells := make([]string, len(line)), make([]any, len(line))
			for i := range line {
				places[i], cells[i] = fmt.Sprintf("@p%d", i+1), line[i]
			}
			_, err := c.conn.ExecContext(c.t.Context(), "INSERT INTO #rows VALUES ("+strings.Join(places, ", ")+")", cells...)
			check(c.t, err)
		}
	}
}

// linesOf reads CSV by RFC 4180, line ends within cells as they are, which encoding/csv changes.
func linesOf(t *testing.T, text string) (lines [][]string) {
	t.Helper()
	line := []string{}
	for text != "" {
		cell := ""
		if strings.HasPrefix(text, `"`) {
			text = text[1:]
			for {
				i := strings.IndexByte(text, '"')
				if i < 0 {
					t.Fatal("a quote is open at the end")
				}
				cell, text = cell+text[:i], text[i+1:]
				if !strings.HasPrefix(text, `"`) {
					break
				}
				cell, text = cell+`"`, text[1:]
			}
		} else {
			i := strings.IndexAny(text, ",\r")
			cell, text = text[:i], text[i:]
		}
		line = append(line, cell)
		if rest, ok := strings.CutPrefix(text, "\r\n"); ok {
			lines, line, text = append(lines, line), []string{}, rest
		} else if text, ok = strings.CutPrefix(text, ","); !ok {
			t.Fatal("neither a comma nor the end of a line")
		}
	}
	return lines
}

// contents are a query's rows, each as a text.
func (p *sqlserverPlace) contents(t *testing.T, database, query string) (all []string) {
	t.Helper()
	db, err := sql.Open("sqlserver", p.in(database))
	check(t, err)
	defer db.Close()
	rows, err := db.Query(query)
	check(t, err)
	defer rows.Close()
	names, err := rows.Columns()
	check(t, err)
	for rows.Next() {
		cells, places := make([]any, len(names)), make([]any, len(names))
		for i := range cells {
			places[i] = &cells[i]
		}
		check(t, rows.Scan(places...))
		row := make([]string, len(cells))
		for i, cell := range cells {
			switch cell := cell.(type) {
			case nil:
				row[i] = "NULL"
			case string:
				row[i] = strconv.Quote(cell)
			case []byte:
				row[i] = fmt.Sprintf("%x", cell)
			case time.Time:
				row[i] = cell.Format(time.RFC3339Nano)
			default:
				row[i] = fmt.Sprint(cell)
			}
		}
		all = append(all, strings.Join(row, " "))
	}
	check(t, rows.Err())
	return all
}

// A SQL Server copy by gpg, tar and zstd, and by the script as sqlcmd runs it: every cell comes out as it was, keys are trusted,
// numbers go on, and the copy carries its evidence. Babelfish reads no files, and the test reads them in its place.
func TestWithoutUtdragSQLServer(t *testing.T) {
	dsn := os.Getenv("UTDRAG_TEST_SQLSERVER")
	if dsn == "" {
		t.Skip("no server: set UTDRAG_TEST_SQLSERVER to the URL of one, with a login that may make databases")
	}
	demandTools(t, "gpg", "tar", "zstd")
	p := newSQLServerPlace(t, dsn)
	babelfish := p.babelfish()
	from, to := p.name+"_from", p.name+"_to"
	p.exec("CREATE DATABASE "+from, "CREATE DATABASE "+to)
	statements, mapText := serverSQL, serverMap
	if !babelfish {
		p.exec("ALTER DATABASE " + from + " SET ALLOW_SNAPSHOT_ISOLATION ON")
		statements, mapText = append(slices.Clone(serverSQL), strictSQL...), serverMap+strictMap
	}
	at := p.clientAt(t, from, "")
	for _, s := range statements {
		if _, err := at.conn.ExecContext(t.Context(), s); err != nil {
			t.Fatalf("%v in\n%s", err, s)
		}
	}
	source, err := run.Open(t.Context(), p.in(from))
	check(t, err)
	defer source.Close()
	c, err := source.Catalog(t.Context())
	check(t, err)
	m, found := schemamap.Parse("server.hcl", []byte(mapText))
	check(t, found.Err())
	request := filter.Request{Provider: provider}
	made, found := plan.Build(m, c, request)
	check(t, found.Err())
	file := filepath.Join(t.TempDir(), "p.pgp")
	_, err = run.Run(t.Context(), made, source, run.NewPackage(file, run.PackageOptions{Tool: "utdrag test", Recipients: []*pack.Recipient{people()["provider"].recipient(t)}, Signer: people()["region"].secret(t)}), run.Options{})
	check(t, err)

	folder := unpackByHand(t, file)
	readme, err := os.ReadFile(filepath.Join(folder, "README.txt"))
	check(t, err)
	if !strings.Contains(string(readme), "sqlcmd -S SERVER -d copy -b -f 65001 -i extract\\load.sql -v folder=\"FOLDER\"") {
		t.Errorf("README.txt doesn't say how to load:\n%s", readme)
	}
	text, err := os.ReadFile(filepath.Join(folder, "load.sql"))
	check(t, err)
	script := string(text)
	load := func(database, script string) error {
		c := p.clientAt(t, database, folder)
		defer c.conn.Close() // as sqlcmd does when it exits, which rolls back what is open
		if babelfish {
			c.standIn()
		}
		return c.run(script)
	}
	empty := func() {
		t.Helper()
		if got := p.contents(t, to, "SELECT TABLE_NAME FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_TYPE = 'BASE TABLE'"); len(got) > 0 {
			t.Fatalf("a load that failed left %s", got)
		}
	}
	if babelfish {
		// It says that it is SQL Server 2014 on Linux, and the script that it is too old. It refuses the statement that reads the
		// documents, for its XML (and OPENROWSET after that), that which gives columns UTF-8, and BULK INSERT for FORMAT = 'CSV';
		// teesql reads them all in the tests of pack.
		if err := load(to, script); err == nil || !strings.Contains(err.Error(), "the server is too old") {
			t.Fatal("Babelfish's version:", err)
		}
		script = strings.Replace(script, "CONVERT(int, SERVERPROPERTY('ProductMajorVersion'))", "15", 1)
		strict := p.clientAt(t, to, folder)
		if err := strict.run(script); err == nil || !strings.Contains(err.Error(), "'XML VALUE' is not currently supported") {
			t.Fatal("reading the manifest:", err)
		}
		check(t, strict.conn.Close())
		if err := load(to, script); err == nil || !strings.Contains(err.Error(), "'COLLATE in ALTER TABLE ALTER COLUMN' is not currently supported") {
			t.Fatal("columns in UTF-8:", err)
		}
		// DBCC CHECKIDENT takes no variable there, which numbers that go down need.
		if n := len(downward.FindAllString(script, -1)); n != 2 {
			t.Fatalf("%d tables whose numbers go down, want 2", n)
		}
		script = downward.ReplaceAllString(script, "SELECT $1;")
		script = strings.Replace(script, "CASE @linux WHEN 0", "CASE 0 WHEN 0", 1)
		strict = p.clientAt(t, to, folder)
		strict.standIn()
		reads := strict.instead
		strict.instead = func(batch string) bool {
			return !strings.Contains(batch, "BULK INSERT #rows") && reads(batch)
		}
		if err := strict.run(script); err == nil || !strings.Contains(err.Error(), "invalid insert bulk option FORMAT") {
			t.Fatal("reading rows:", err)
		}
		check(t, strict.conn.Close())
		empty()
	}

	// What goes wrong leaves nothing, and what is right loads after it.
	wrong := map[string][2]string{
		"another column":         {"N'HsaId.'", "N'Hsa.'"},
		"a table of no manifest": {"WHERE n = 2 AND number", "WHERE n = 77 AND number"},
	}
	if !babelfish { // where a load takes seconds
		wrong["another encoding"] = [2]string{"N'å'", "N'Ã¥'"}
		wrong["a row too many or too few"] = [2]string{"number_of_rows = (SELECT", "number_of_rows = 1 + (SELECT"}
		wrong["the end"] = [2]string{"COMMIT TRANSACTION", "THROW 51000, N'stopped', 1"}
	}
	for what, change := range wrong {
		if !strings.Contains(script, change[0]) {
			t.Fatalf("%s: the script has no %s", what, change[0])
		}
		if err := load(to, strings.Replace(script, change[0], change[1], 1)); err == nil {
			t.Errorf("%s: loaded", what)
		}
		empty()
	}
	if err := load("master", script); err == nil || !strings.Contains(err.Error(), "of the server itself") {
		t.Error("into master:", err)
	}
	check(t, load(to, script))

	for _, table := range made.Tables {
		var columns, key []string
		for _, c := range table.Columns {
			columns = append(columns, "["+strings.ReplaceAll(c.Name, "]", "]]")+"]")
		}
		key = columns[:1]
		where := " WHERE ProviderId = 1"
		if !slices.Contains(columns, "[ProviderId]") {
			where = " WHERE 1 = 1"
			if table.Name.Table == "Provider" {
				where = " WHERE Id = 1"
			}
		}
		query := "SELECT " + strings.Join(columns, ", ") + " FROM [" + table.Name.Schema + "].[" + strings.ReplaceAll(table.Name.Table, "]", "]]") + "]"
		want, got := p.contents(t, from, query+where+" ORDER BY "+key[0]), p.contents(t, to, query+" ORDER BY "+key[0])
		if len(want) == 0 || !slices.Equal(want, got) {
			t.Errorf("%s:\n%s\nwant\n%s", table.Name, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
	if got := p.contents(t, to, "SELECT COUNT(*) FROM sys.foreign_keys WHERE is_not_trusted = 1 OR is_disabled = 1"); got[0] != "0" {
		t.Errorf("%s keys aren't trusted", got[0])
	}
	copied, err := run.Open(t.Context(), p.in(to))
	check(t, err)
	defer copied.Close()
	v, err := run.VerifyDatabase(t.Context(), m, request, copied, run.VerifyOptions{Source: source})
	check(t, err)
	check(t, v.Err())

	// A second time, the database isn't empty any more, and stays as it is.
	if err := load(to, script); err == nil || !strings.Contains(err.Error(), "not empty") {
		t.Error("loaded twice:", err)
	}
	if got := p.contents(t, to, "SELECT Id FROM dbo.Patient"); len(got) != 6 {
		t.Errorf("%s patients", got)
	}

	// Numbers go on from the copy's own, in their direction.
	for table, want := range map[string]string{"Down": "-3", "Deeper": "-25"} {
		if got := p.contents(t, to, "INSERT INTO dbo."+table+" (ProviderId) OUTPUT inserted.Id VALUES (1)"); got[0] != want && !babelfish {
			t.Errorf("the next number of %s is %s, want %s", table, got[0], want)
		}
	}
}

// newSQLServerPlace has a name of its own. What is called so, or begins so, is dropped when the test ends.
func newSQLServerPlace(t *testing.T, dsn string) *sqlserverPlace {
	p := &sqlserverPlace{t: t, dsn: dsn, name: "utdrag_" + strings.ToLower(rand.Text()[:10])}
	t.Cleanup(func() {
		for _, name := range p.databases() {
			p.exec("DROP DATABASE [" + name + "]")
		}
	})
	return p
}
