package receive_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/utdrag/utdrag/filter"
	"github.com/utdrag/utdrag/filter/schemamap"
	"github.com/utdrag/utdrag/internal/engine/postgres/pgtest"
	"github.com/utdrag/utdrag/plan"
	"github.com/utdrag/utdrag/plan/pack"
	"github.com/utdrag/utdrag/plan/run"
)

// stockSQL has what CSV files and NULLs are usually got wrong with, keys that form a cycle, and types of PostgreSQL's own.
const stockSQL = `CREATE SCHEMA "vård";
CREATE TYPE "vård".mood AS ENUM ('glad', 'o''n, "x"');
CREATE TABLE public."Provider" ("Id" int PRIMARY KEY, "HsaId" text NOT NULL UNIQUE);
CREATE TABLE "vård"."Patient" ("Id" int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, "ProviderId" int NOT NULL REFERENCES public."Provider"("Id"),
 "na""mn, å" varchar(3), note text, "order" boolean, weight double precision, small real, cost numeric(10,2), photo bytea, born date, at timestamp, seen timestamptz,
 clock time, doc jsonb, page xml, code uuid, tags text[], feels "vård".mood, addr inet, span interval, "MainId" int, part char(4), twice int GENERATED ALWAYS AS ("Id" * 2) STORED);
ALTER TABLE "vård"."Patient" ADD FOREIGN KEY ("MainId") REFERENCES "vård"."Patient"("Id");
CREATE INDEX ON "vård"."Patient" (note);
CREATE TABLE public.empty ("Id" int PRIMARY KEY, "ProviderId" int NOT NULL REFERENCES public."Provider"("Id"));
INSERT INTO public."Provider" VALUES (1, '` + provider + `'), (2, 'SE5560000019-0001');
INSERT INTO "vård"."Patient" ("Id", "ProviderId", "na""mn, å", note, "order", weight, small, cost, photo, born, at, seen, clock, doc, page, code, tags, feels, addr, span, "MainId", part) OVERRIDING SYSTEM VALUE VALUES
 (1, 1, '\N', E'rad ett\r\nrad "två", slut\\', true, 'Infinity', '-Infinity', 12.50, '\x00ff5c4e', '2025-02-28', '2025-02-28 12:34:56.789', '2025-02-28 12:34:56+02', '23:59:59.5', '{"a": "\\N"}', '<a b="c">å</a>', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '{a,NULL,"b,c"}', 'glad', '10.0.0.1/8', '1 mon 2 days', 2, 'ab'),
 (2, 1, '', '\\N', false, 'NaN', 1.1, 99999999.99, '', '0044-03-15 BC', '0001-01-01 BC', 'infinity', '00:00', 'null', '', NULL, '{}', 'o''n, "x"', NULL, NULL, 1, NULL),
 (3, 1, NULL, NULL, NULL, 0.1, NULL, -0.01, NULL, '12025-01-01', NULL, '0044-03-15 00:00:00+00 BC', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
 (4, 1, 'N', '\NN', NULL, 1e-300, NULL, NULL, '\x5c4e', 'infinity', '-infinity', NULL, NULL, '"\\N"', NULL, NULL, '{"\\N"}', NULL, NULL, NULL, NULL, '\N'),
 (9, 2, 'x', 'CANARY', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
`

const stockMap = `version = 1
provider {
  table = "public.Provider"
  key   = "HsaId"
}
table "vård.Patient" {
  path { via = ["ProviderId"] }
  foreign "Patient_MainId_fkey" { outside = "error" }
}
table "public.empty" {
  path { via = ["ProviderId"] }
}
`

// stock runs a program of somebody else's, without the user's settings.
func stock(t *testing.T, dir string, args ...string) string {
	t.Helper()
	c := exec.Command(args[0], args[1:]...)
	c.Dir = dir
	c.Env = append(os.Environ(), "GNUPGHOME="+filepath.Join(dir, "g"), "LC_ALL=C.UTF-8", "PGCLIENTENCODING=LATIN1")
	out, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("%q: %v\n%s", args, err, out)
	}
	return string(out)
}

func demandTools(t *testing.T, names ...string) {
	t.Helper()
	for _, name := range names {
		if _, err := exec.LookPath(name); err != nil {
			t.Skipf("%s is not installed", name)
		}
	}
}

// unpackByHand does what README.txt says until the package lies open, and returns the folder.
func unpackByHand(t *testing.T, file string) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "u") // short: gpg-agent's socket is in it
	check(t, err)
	t.Cleanup(func() {
		_ = exec.Command("gpgconf", "--homedir", filepath.Join(dir, "g"), "--kill", "all").Run()
		check(t, os.RemoveAll(dir))
	})
	check(t, os.Mkdir(filepath.Join(dir, "g"), 0o700))
	check(t, os.WriteFile(filepath.Join(dir, "key"), people()["provider"].private, 0o600))
	check(t, os.WriteFile(filepath.Join(dir, "sender"), people()["region"].public, 0o600))
	stock(t, dir, "gpg", "--batch", "--quiet", "--import", "key", "sender")
	said := stock(t, dir, "gpg", "--batch", "--status-fd", "1", "--output", "p.tar.zst", "--decrypt", file)
	if !strings.Contains(said, "[GNUPG:] GOODSIG ") || !strings.Contains(said, "VALIDSIG "+people()["region"].sender(t).Fingerprint()) {
		t.Fatalf("gpg: %s", said)
	}
	stock(t, dir, "sh", "-c", "mkdir extract && zstd -dc p.tar.zst | tar -x -C extract")
	return filepath.Join(dir, "extract")
}

// A SQLite copy by gpg, tar, zstd and sqlite3 alone, as README.txt says.
func TestWithoutUtdragSQLite(t *testing.T) {
	demandTools(t, "gpg", "tar", "zstd", "sqlite3")
	folder := unpackByHand(t, making{order: orderAt(1), patients: 9}.make(t))
	readme, err := os.ReadFile(filepath.Join(folder, "README.txt"))
	check(t, err)
	for _, step := range []string{"gpg --output p.tar.zst --decrypt FILE", "mkdir extract && zstd -dc p.tar.zst | tar -x -C extract", "cd extract && sh load.sh ../copy.db"} {
		if !strings.Contains(string(readme), "     "+step) {
			t.Errorf("README.txt doesn't say %q", step)
		}
	}
	stock(t, filepath.Dir(folder), "sh", "-c", "cd extract && sh load.sh ../copy.db")
	copied := filepath.Join(filepath.Dir(folder), "copy.db")
	if n := strings.TrimSpace(stock(t, filepath.Dir(folder), "sqlite3", copied, `SELECT count(*) || ' ' || sum(Note = '\N') || ' ' || sum(Note IS NULL) FROM Patient`)); n != "9 3 3" {
		t.Errorf("patients, notes and none: %s", n)
	}
}

// A PostgreSQL copy by gpg, tar, zstd and psql alone: every cell comes out as it was, and the copy carries its evidence.
func TestWithoutUtdragPostgres(t *testing.T) {
	if !pgtest.Installed() {
		t.Skip("no PostgreSQL server is installed")
	}
	demandTools(t, "gpg", "tar", "zstd", "psql")
	server := pgtest.Server(t)
	from, to := server.Database(t), server.Database(t)
	server.Exec(t, from, stockSQL)
	source, err := run.Open(t.Context(), from)
	check(t, err)
	defer source.Close()
	c, err := source.Catalog(t.Context())
	check(t, err)
	m, found := schemamap.Parse("stock.hcl", []byte(stockMap))
	check(t, found.Err())
	request := filter.Request{Provider: provider}
	p, found := plan.Build(m, c, request)
	check(t, found.Err())
	file := filepath.Join(t.TempDir(), "p.pgp")
	_, err = run.Run(t.Context(), p, source, run.NewPackage(file, run.PackageOptions{Tool: "utdrag test", Recipients: []*pack.Recipient{people()["provider"].recipient(t)}, Signer: people()["region"].secret(t)}), run.Options{})
	check(t, err)

	folder := unpackByHand(t, file)
	readme, err := os.ReadFile(filepath.Join(folder, "README.txt"))
	check(t, err)
	if !strings.Contains(string(readme), "psql -X -d copy -f load.sql") {
		t.Errorf("README.txt doesn't say how to load:\n%s", readme)
	}
	if said := stock(t, folder, "psql", "-X", "-q", "-d", to, "-f", "load.sql"); !strings.HasSuffix(strings.TrimSpace(said), "loaded") {
		t.Errorf("psql: %s", said)
	}
	for table, where := range map[string]string{`"vård"."Patient"`: ` WHERE "ProviderId" = 1`, `public."Provider"`: ` WHERE "Id" = 1`, "public.empty": ""} {
		query := "SELECT t::text FROM " + table + " t" + where + " ORDER BY 1"
		want, got := server.Query(t, from, query), server.Query(t, to, query)
		if !slices.EqualFunc(want, got, slices.Equal[[]string]) {
			t.Errorf("%s:\n%q\nwant\n%q", table, got, want)
		}
	}
	copied, err := run.Open(t.Context(), to)
	check(t, err)
	defer copied.Close()
	v, err := run.VerifyDatabase(t.Context(), m, request, copied, run.VerifyOptions{Source: source})
	check(t, err)
	check(t, v.Err())

	// A second time, the database isn't empty any more, and stays as it is.
	c2 := exec.Command("psql", "-X", "-q", "-d", to, "-f", "load.sql")
	c2.Dir = folder
	if out, err := c2.CombinedOutput(); err == nil {
		t.Errorf("loaded twice: %s", out)
	}
	if n := server.Query(t, to, `SELECT count(*) FROM "vård"."Patient"`)[0][0]; n != "4" {
		t.Errorf("%s patients", n)
	}
}
