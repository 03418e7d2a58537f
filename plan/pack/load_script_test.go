package pack

import (
	"bytes"
	"database/sql"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	_ "modernc.org/sqlite"

	"github.com/utdrag/utdrag/mask/value"
)

const loadSchema = `
CREATE TABLE "patient, ""å"" .ä"("Id å" INTEGER PRIMARY KEY, "na""mn" TEXT NOT NULL, vikt REAL, född DATE, aktiv BOOLEAN, belopp DECIMAL(10,2), "order" VARCHAR(20), journal JSON);
CREATE TABLE "besök.2"(a INT, p INTEGER REFERENCES "patient, ""å"" .ä", bild BLOB, vad, t TEXT, r REAL, d TIMESTAMP);
CREATE TABLE strikt(i INTEGER, r REAL, t TEXT, b BLOB, x ANY) STRICT;
CREATE TABLE utan_rad(k TEXT PRIMARY KEY, n NUMERIC) WITHOUT ROWID;
CREATE TABLE utdrag_rows("c1" TEXT);
CREATE TABLE tom(a INTEGER, b BLOB);
CREATE TABLE "$(touch evil) ` + "`touch evil`" + ` 'x' \"("c\" TEXT, b BLOB);
`

// kindsOf reads the kinds as the SQLite engine does.
var kindsOf = map[string]value.Kind{"INTEGER": value.Integer, "INT": value.Integer, "TEXT": value.String, "VARCHAR(20)": value.String,
	"REAL": value.Real, "DATE": value.Date, "BOOLEAN": value.Boolean, "DECIMAL(10,2)": value.Number, "NUMERIC": value.Number, "JSON": value.JSON,
	"BLOB": value.Binary, "": value.Variant, "ANY": value.Variant, "TIMESTAMP": value.Timestamp}

func openSQLite(t *testing.T, path string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func exec1(t *testing.T, db *sql.DB, statement string, args ...any) {
	t.Helper()
	if _, err := db.Exec(statement, args...); err != nil {
		t.Fatalf("%v in %s", err, statement)
	}
}

// dump reads tables and rows with their storage classes: what SQLite holds, not what a driver makes of it.
func dump(t *testing.T, db *sql.DB) []data {
	t.Helper()
	var all []data
	names := column1(t, db, "SELECT name FROM sqlite_schema WHERE type='table' ORDER BY rowid")
	for _, name := range names {
		var columns []Column
		types := column1(t, db, "SELECT type FROM pragma_table_info(?) ORDER BY cid", name)
		for i, c := range column1(t, db, "SELECT name FROM pragma_table_info(?) ORDER BY cid", name) {
			columns = append(columns, Column{Name: c, EngineType: types[i], Type: value.Type{Kind: kindsOf[types[i]]}})
		}
		d := data{table: table(name, columns...)}
		var list []string
		for _, c := range columns {
			q := quoteName(c.Name)
			// Blobs and texts as hex, floats as their exact digits: the driver turns dates and booleans into its own types.
			list = append(list, "typeof("+q+")", fmt.Sprintf("CASE typeof(%[1]s) WHEN 'blob' THEN hex(%[1]s) WHEN 'text' THEN hex(%[1]s) WHEN 'null' THEN '' ELSE +%[1]s END", q))
		}
		rows, err := db.Query("SELECT " + strings.Join(list, ",") + " FROM " + quoteName(name) + " ORDER BY " + numbered(len(list), "%d"))
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			cells := make([]any, len(list))
			for i := range cells {
				cells[i] = new(any)
			}
			if err := rows.Scan(cells...); err != nil {
				t.Fatal(err)
			}
			row := make([]value.Value, len(columns))
			for i := range row {
				class, content := *cells[2*i].(*any), *cells[2*i+1].(*any)
				switch class {
				case "null":
				case "integer":
					row[i] = value.NewInt(content.(int64))
				case "real":
					row[i] = value.NewFloat(content.(float64))
				case "text":
					row[i] = value.NewText(unhex(t, content.(string)))
				case "blob":
					row[i] = value.NewBinary(unhex(t, content.(string)))
				default:
					t.Fatalf("class %v", class)
				}
			}
			d.rows = append(d.rows, row)
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		_ = rows.Close()
		all = append(all, d)
	}
	return all
}

func unhex(t *testing.T, s string) string {
	t.Helper()
	v, ok := parseHex(bytes.ToLower([]byte(s)))
	if !ok {
		t.Fatal("not hex")
	}
	return v.Text()
}

func column1(t *testing.T, db *sql.DB, query string, args ...any) (all []string) {
	t.Helper()
	rows, err := db.Query(query, args...)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			t.Fatal(err)
		}
		all = append(all, s)
	}
	return all
}

// fillSource makes rows with everything that is hard to carry.
func fillSource(t *testing.T, db *sql.DB) {
	t.Helper()
	r := rand.New(rand.NewPCG(3, 4))
	texts := []any{nil, "", `\N`, `\\N`, `\\\N`, `\`, `\\`, `N`, `\Nej`, "a\r\nb", "a\nb\r", "\r\n", "\r", "\n", `"`, `""`, `a"b`, `","`, `'`, `';DROP TABLE strikt;--`,
		"åäö ÅÄÖ", "🎈", " ", " a ", "text:x", "hex:00", ";\n.quit\n", "\n.quit\n", "\n;\n", "/\ngo\n", "\ufeffbom", strings.Repeat("lång \"text\"\r\n", 5000), "\u2028", "\x1b[31m", `\r\n`, "$(touch evil)", "`touch evil`"}
	floats := []any{nil, 0.5, 0.1, 1.0, -2.5, 1e300, 5e-324, math.MaxFloat64, math.Inf(1), math.Inf(-1), math.Pi, 1e22, 123456789.125, 2.2250738585072014e-308}
	integers := []any{nil, int64(0), int64(-1), int64(math.MaxInt64), int64(math.MinInt64), int64(5)}
	blobs := []any{nil, []byte{}, []byte{0}, []byte("text"), []byte{0xff, 0, '\n', '"'}, bytes.Repeat([]byte{1, 2, 3, 0}, 20000)}
	loose := []any{nil, int64(5), 2.5, "2020-01-31", "2020-01-31 08:00:00.123", "ja", `\N`, `\\N`, math.Inf(1), 1e300, "Infinity", "NaN", "1,5", "0x10", "true", "", "'", int64(math.MinInt64), 0.1}
	pick := func(list []any) any { return list[r.IntN(len(list))] }
	for i := range max(len(texts), 60) {
		var note any = texts[i%len(texts)]
		name := note
		if name == nil {
			name = "x"
		}
		exec1(t, db, `INSERT INTO "patient, ""å"" .ä" VALUES(?,?,?,?,?,?,?,?)`, i+1, name, floats[i%len(floats)], loose[i%len(loose)],
			pick([]any{nil, int64(0), int64(1), "yes", 0.5}), pick(loose), note, pick(loose))
		var kind any = pick([]any{pick(texts), pick(floats), pick(integers), pick(blobs)})
		exec1(t, db, `INSERT INTO "besök.2" VALUES(?,?,?,?,?,?,?)`, integers[i%len(integers)], i+1, blobs[i%len(blobs)], kind, note, math.Float64frombits(r.Uint64()&^(1<<62)), pick(loose))
		exec1(t, db, `INSERT INTO strikt VALUES(?,?,?,?,?)`, pick(integers), pick(floats), note, pick(blobs), pick([]any{pick(texts), pick(floats), pick(integers), pick(blobs), "5", "5.0"}))
		exec1(t, db, `INSERT OR IGNORE INTO utan_rad VALUES(?,?)`, name, pick(loose))
	}
	for range 1500 { // floats of every size
		for _, bit := range []uint64{0, 1 << 62} {
			if f := math.Float64frombits(r.Uint64()&^(1<<62) | bit); !math.IsInf(f, 0) && !math.IsNaN(f) {
				exec1(t, db, `INSERT INTO strikt(r) VALUES(?)`, f)
			}
		}
		exec1(t, db, `INSERT INTO strikt(r) VALUES(?)`, r.NormFloat64())
		exec1(t, db, `INSERT INTO utan_rad VALUES(?,?)`, fmt.Sprint(r.Uint64()), r.NormFloat64())
	}
	exec1(t, db, `INSERT INTO utdrag_rows VALUES('x')`)
	exec1(t, db, "INSERT INTO \"$(touch evil) `touch evil` 'x' \\\" VALUES('x', x'00')")
}

// extracted makes a package of a database and unpacks it.
func extracted(t *testing.T, all []data, schema string) (dir string) {
	t.Helper()
	anna, _, _ := keys(t)
	var b bytes.Buffer
	w, err := NewWriter(&b, Options{Info: testInfo("sqlite"), Recipients: []*Recipient{anna.recipient}, partSize: 10000})
	if err != nil {
		t.Fatal(err)
	}
	tables := make([]Table, len(all))
	for i, d := range all {
		tables[i] = d.table
	}
	script, err := LoadScript(tables)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range []struct{ name, text string }{{"schema.sql", schema}, {"load.sh", string(script)}} {
		if err := w.File(f.name, []byte(f.text)); err != nil {
			t.Fatal(err)
		}
	}
	for _, d := range all {
		tw, err := w.Table(d.table)
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range d.rows {
			if err := tw.Write(row); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := tw.Close(""); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := w.Commit(); err != nil {
		t.Fatal(err)
	}
	p, err := Open(bytes.NewReader(b.Bytes()), Keys{Secrets: []*Secret{anna.secret}}, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	dir = filepath.Join(t.TempDir(), "ut 'drag\" $x")
	if err := p.Extract(dir); err != nil {
		t.Fatal(err)
	}
	return dir
}

func runLoad(t *testing.T, dir, target string) (string, error) {
	cmd := exec.Command("sh", filepath.Join(dir, "load.sh"), target)
	cmd.Dir = filepath.Dir(dir)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func needSQLite(t *testing.T) {
	if _, err := exec.LookPath("sqlite3"); err != nil {
		t.Skip("sqlite3 isn't installed: load.sh isn't tried")
	}
}

// The copy that load.sh makes holds, cell by cell, what the source holds: value and storage class.
func TestLoadScript(t *testing.T) {
	needSQLite(t)
	source := openSQLite(t, filepath.Join(t.TempDir(), "source.db"))
	source.SetMaxOpenConns(1)
	exec1(t, source, "PRAGMA synchronous=OFF")
	exec1(t, source, "PRAGMA journal_mode=MEMORY")
	exec1(t, source, loadSchema)
	fillSource(t, source)
	want := dump(t, source)
	dir := extracted(t, want, loadSchema)
	out, err := runLoad(t, dir, "copy å.db")
	if err != nil {
		t.Fatalf("%v\n%.2000s", err, out)
	}
	got := dump(t, openSQLite(t, filepath.Join(filepath.Dir(dir), "copy å.db")))
	wrong := 0
	for i := range want {
		if len(got[i].rows) != len(want[i].rows) {
			t.Fatalf("%s: %d rows, want %d", want[i].table.Name, len(got[i].rows), len(want[i].rows))
		}
		for j := range want[i].rows {
			for k := range want[i].rows[j] {
				if a, b := got[i].rows[j][k], want[i].rows[j][k]; !value.Equal(a, b) && !nearZero(a, b) {
					if wrong++; wrong < 20 {
						t.Errorf("%s row %d column %d: %s %.40q %v, want %s %.40q %v", want[i].table.Name, j, k, a, a.Text(), a.Float(), b, b.Text(), b.Float())
					}
				}
			}
		}
	}
	if wrong > 0 {
		t.Errorf("%d cells differ", wrong)
	}
	onlyThese(t, filepath.Dir(dir), "copy å.db", filepath.Base(dir))
	if out, err := runLoad(t, dir, "copy å.db"); err == nil || !strings.Contains(out, "exists") {
		t.Errorf("an existing file: %v, %s", err, out)
	}
	if out, err := runLoad(t, dir, ""); err == nil {
		t.Errorf("no file: %s", out)
	}
}

// nearZero lets pass what LoadScript warns of: SQLite 3.40 reads the last digit of the smallest numbers wrong.
func nearZero(a, b value.Value) bool {
	x, y := a.Float(), b.Float()
	return a.Form() == value.Float && b.Form() == value.Float && math.Abs(y) < 1e-290 && math.Abs(x-y) <= max(1e-14*math.Abs(y), 5e-324)
}

// A load that goes wrong says so and leaves nothing.
func TestLoadScriptRefuses(t *testing.T) {
	needSQLite(t)
	schema := "CREATE TABLE p(id INTEGER PRIMARY KEY); CREATE TABLE c(id INTEGER REFERENCES p, b BLOB); CREATE TABLE s(a TEXT);"
	tables := func() []data {
		return []data{
			{table("p", column("id", value.Integer)), [][]value.Value{{value.NewInt(1)}, {value.NewInt(2)}}},
			{table("c", column("id", value.Integer), column("b", value.Binary)), [][]value.Value{{value.NewInt(2), value.NewBytes([]byte("x"))}}},
			{table("s", column("a", value.String)), [][]value.Value{{value.NewText("a")}, {value.NewText("b")}}},
		}
	}
	file := func(dir, name string, change func(s string) string) {
		t.Helper()
		path := filepath.Join(dir, name)
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(change(string(content))), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	replace := func(old, new string) func(string) string {
		return func(s string) string { return strings.Replace(s, old, new, 1) }
	}
	tests := map[string]func(dir string){
		"a row is missing":     func(dir string) { file(dir, "data/0003-s/part-000001.csv", replace("\"b\"\r\n", "")) },
		"a row is there twice": func(dir string) { file(dir, "data/0003-s/part-000001.csv", replace("\"b\"\r\n", "\"b\"\r\n\"b\"\r\n")) },
		"a constraint":         func(dir string) { file(dir, "data/0001-p/part-000001.csv", replace("2\r\n", "1\r\n")) },
		"a staged row is gone": func(dir string) { file(dir, "data/0002-c/part-000001.csv", replace("2,\"78\"\r\n", "")) },
		"no hex":               func(dir string) { file(dir, "data/0002-c/part-000001.csv", replace("78", "7x")) },
		"a foreign key":        func(dir string) { file(dir, "data/0002-c/part-000001.csv", replace("2,\"78\"", "3,\"78\"")) },
		"the schema is wrong": func(dir string) {
			file(dir, "schema.sql", replace("CREATE TABLE s(a TEXT);", "CREATE TABEL s(a TEXT);"))
		},
		"a table isn't there":    func(dir string) { file(dir, "schema.sql", replace("CREATE TABLE s(a TEXT);", "")) },
		"a part is missing":      func(dir string) { _ = os.Remove(filepath.Join(dir, "data/0003-s/part-000001.csv")) },
		"the manifest is broken": func(dir string) { file(dir, "manifest.json", replace("{", "")) },
		"the manifest is gone":   func(dir string) { _ = os.Remove(filepath.Join(dir, "manifest.json")) },
	}
	dir := extracted(t, tables(), schema)
	if out, err := runLoad(t, dir, "copy.db"); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for name, spoil := range tests {
		t.Run(name, func(t *testing.T) {
			dir := extracted(t, tables(), schema)
			spoil(dir)
			out, err := runLoad(t, dir, "copy.db")
			if err == nil || out == "" {
				t.Errorf("loaded: %s", out)
			}
			onlyThese(t, filepath.Dir(dir), filepath.Base(dir))
		})
	}
}
