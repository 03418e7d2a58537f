package sqlite

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/internal/engine"
	"github.com/utdrag/utdrag/internal/engine/sqlite/capi"
	"github.com/utdrag/utdrag/mask"
	"github.com/utdrag/utdrag/mask/value"
)

// hashed is a table of one column that a script masks.
type hashed struct {
	definition string // "TEXT COLLATE NOCASE"
	of         value.Type
	domain     string
	cells      []string // SQL
}

func (h hashed) column() mask.Column { return mask.Column{Type: h.of, Nullable: true} }

func (h hashed) rule(t testing.TB) mask.Rule {
	t.Helper()
	rule, err := mask.New("hash", value.NewText(h.domain))
	if err != nil {
		t.Fatal(err)
	}
	return rule
}

// inFolder makes journal.db with a table of the columns, and a script that copies them hashed.
func inFolder(t testing.TB, columns []hashed) (folder, script string) {
	t.Helper()
	folder = t.TempDir()
	source, err := capi.Open(filepath.Join(folder, "journal.db"), capi.Create)
	if err != nil {
		t.Fatal(err)
	}
	defer source.Close()
	s := scripter{file: scriptFile}
	script = s.Open(engine.Definition{}) + "\n"
	copies, cells := "", []engine.Cells{}
	for i, h := range columns {
		name := fmt.Sprintf("T%d", i)
		statements := []string{fmt.Sprintf("CREATE TABLE %s (Id INTEGER PRIMARY KEY, C %s)", name, h.definition)}
		for start := 0; start < len(h.cells); start += 500 {
			statements = append(statements, "INSERT INTO "+name+" (C) VALUES ("+strings.Join(h.cells[start:min(start+500, len(h.cells))], "), (")+")")
		}
		for _, statement := range statements {
			if err := source.Exec(statement); err != nil {
				t.Fatal(err)
			}
		}
		script += fmt.Sprintf("CREATE TABLE copy.%s (Id INTEGER PRIMARY KEY, C %s);\n", name, h.definition)
		cells = append(cells, engine.Cells{Table: catalog.Name{Schema: "main", Table: name}, Column: "C", Rule: h.rule(t), Of: h.column(),
			SQL: `t."C"`, From: "FROM main." + name + " t WHERE t.Id > 0"})
		if !s.CanMask(cells[i].Rule, cells[i].Of) {
			t.Fatalf("%s can't be masked", h.definition)
		}
	}
	masking := s.Mask(cells)
	tables := []catalog.Table{}
	for i, c := range cells {
		copies += s.Insert(&catalog.Table{Name: c.Table}, []string{"Id", "C"}, "SELECT t.Id, "+masking.SQL[i]+" "+c.From) + "\n"
		tables = append(tables, catalog.Table{Name: c.Table})
	}
	return folder, script + masking.Before + "\n" + copies + masking.After + "\n" + s.Close(engine.Definition{Tables: tables})
}

// shell runs a script in the sqlite3 shell.
func shell(t testing.TB, folder, script string) (string, error) {
	t.Helper()
	if _, err := exec.LookPath("sqlite3"); err != nil {
		t.Skip("the sqlite3 shell is not installed: ", err)
	}
	command := exec.Command("sqlite3", "journal.db")
	command.Dir, command.Stdin = folder, strings.NewReader(script)
	out, err := command.CombinedOutput()
	return string(out), err
}

func copiedRows(t testing.TB, folder, query string) [][]value.Value {
	t.Helper()
	s, err := Open(t.Context(), Scheme+filepath.Join(folder, scriptFile))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	found, err := snapshot(t, s).Query(t.Context(), query)
	return all(t, found, err, 2)
}

func writeKey(t testing.TB, folder, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(folder, keyFile), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// texts are of every length around the ends of a block, with what a text may hold.
func texts(random *rand.Rand, count int) []string {
	list := []string{"NULL", text(""), text(" "), text("19121212-1212"), text("a\x00B"), text("a\x00C"), text("\x00"),
		"CAST(X'FF41C3' AS TEXT)", "CAST(X'FF61C3' AS TEXT)", "CAST(X'4100FFC320' AS TEXT)", text(strings.Repeat("å", 2500)), text(strings.Repeat("Ä 😀", 1000))}
	for length := range 140 {
		list = append(list, text(strings.Repeat("x", length)), text(strings.Repeat("Y", length)+strings.Repeat(" ", length%3)))
	}
	letters := []rune("abcXYZ åäöÅÄÖéß😀漢\t\n'-0129")
	for range count {
		runes := make([]rune, random.IntN(80))
		for i := range runes {
			runes[i] = letters[random.IntN(len(letters))]
		}
		list = append(list, text(string(runes)))
	}
	return list
}

func uuids(random *rand.Rand, count int) []string {
	list := []string{"NULL", "'00000000-0000-0000-0000-000000000000'", "'FFFFFFFF-ffff-FFFF-ffff-FFFFFFFFFFFF'"}
	for range count {
		d := fmt.Sprintf("%016x%016X", random.Uint64(), random.Uint64())
		list = append(list, "'"+d[:8]+"-"+d[8:12]+"-"+d[12:16]+"-"+d[16:20]+"-"+d[20:]+"'")
	}
	return list
}

// What a script hashes is what a run hashes, cell by cell.
func TestScriptHashIsTheRunsHash(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	binary, _ := collationOf("BINARY")
	nocase, _ := collationOf("NOCASE")
	trimmed, _ := collationOf("RTRIM")
	columns := []hashed{
		{"TEXT", value.Type{Kind: value.String, Collation: binary}, "person", texts(random, 400)},
		{"TEXT COLLATE NOCASE", value.Type{Kind: value.String, Collation: nocase}, "user", texts(random, 300)},
		{"TEXT COLLATE RTRIM", value.Type{Kind: value.String, Collation: trimmed}, "person", texts(random, 200)},
		{"VARCHAR(40)", value.Type{Kind: value.String, Length: 40, Collation: binary}, strings.Repeat("d", 64), texts(random, 100)},
		{"VARCHAR(32) COLLATE NOCASE", value.Type{Kind: value.String, Length: 32, Collation: nocase}, "p", texts(random, 100)},
		{"VARCHAR(200)", value.Type{Kind: value.String, Length: 200, Collation: binary}, "person", []string{"NULL"}},
		{"TEXT", value.Type{Kind: value.String, Collation: binary}, "person", nil},
		{"UUID", value.Type{Kind: value.UUID}, "member", uuids(random, 300)},
	}
	secret := func(size int) []byte {
		b := make([]byte, size)
		for i := range b {
			b[i] = byte(random.Uint32())
		}
		return b
	}
	for name, key := range map[string]string{
		"32 bytes":                  hex.EncodeToString(secret(32)),
		"33, in capitals and space": " \t\r\n" + strings.ToUpper(hex.EncodeToString(secret(33))) + "\r\n\n",
		"64, a block":               hex.EncodeToString(secret(64)) + "\n",
		"65, hashed first":          hex.EncodeToString(secret(65)) + "\n",
		"200":                       hex.EncodeToString(secret(200)),
	} {
		t.Run(name, func(t *testing.T) {
			columns := slices.Clone(columns)
			for i := range columns { // the key and the messages have nothing to do with each other: all of them once
				if len(key) != 64 {
					columns[i].cells = columns[i].cells[:min(50, len(columns[i].cells))]
				}
			}
			folder, script := inFolder(t, columns)
			writeKey(t, folder, key)
			if out, err := shell(t, folder, script); err != nil {
				t.Fatalf("%v: %s", err, out)
			}
			k, err := mask.ReadKey(strings.NewReader(key))
			if err != nil {
				t.Fatal(err)
			}
			source, err := Open(t.Context(), Scheme+filepath.Join(folder, "journal.db"))
			if err != nil {
				t.Fatal(err)
			}
			defer source.Close()
			from := snapshot(t, source)
			for i, h := range columns {
				query := fmt.Sprintf("SELECT Id, C FROM T%d ORDER BY Id", i)
				found, err := from.Query(t.Context(), query)
				want := all(t, found, err, 2)
				f, err := h.rule(t).Func(h.column(), k)
				if err != nil {
					t.Fatal(err)
				}
				for j := range want {
					if want[j][1], err = f(want[j][1]); err != nil {
						t.Fatal(err)
					}
				}
				got := copiedRows(t, folder, query)
				if len(got) != len(h.cells) || len(got) != len(want) {
					t.Fatalf("%s: %d rows of %d", h.definition, len(got), len(want))
				}
				for j := range want {
					if !equal(want[j:j+1], got[j:j+1]) {
						t.Errorf("%s: %.80s became %q, not %q", h.definition, h.cells[j], got[j][1].Text(), want[j][1].Text())
					}
				}
			}
		})
	}
}

// A vector from outside: it was computed with Python's hmac, over the message that mask.Keyed describes.
func TestScriptHashVector(t *testing.T) {
	folder, script := inFolder(t, []hashed{{"TEXT", value.Type{Kind: value.String}, "person", []string{"'191212121212'"}}})
	writeKey(t, folder, "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n")
	if out, err := shell(t, folder, script); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if got := copiedRows(t, folder, "SELECT Id, C FROM T0")[0][1].Text(); got != "bee9bbbfc619dde84750e915c976b079878a3d395a6cff551846d570c6d712d9" {
		t.Error(got)
	}
}

// A script that can't hash stops, says why, and leaves nothing in the copy; the key is in nothing that it says.
func TestScriptHashStops(t *testing.T) {
	const key = "8f0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
	plain := value.Type{Kind: value.String, Collation: value.Collation{Name: "BINARY"}}
	tests := []struct {
		name, key string
		column    hashed
		want      string
	}{
		{"no key", "", hashed{"TEXT", plain, "p", []string{"'a'"}}, "there is no file mask.key in this folder"},
		{"an empty key", "\n", hashed{"TEXT", plain, "p", []string{"'a'"}}, "mask.key holds no masking key"},
		{"a short key", key[2:], hashed{"TEXT", plain, "p", []string{"'a'"}}, "mask.key holds no masking key"},
		{"an odd key", key + "0", hashed{"TEXT", plain, "p", []string{"'a'"}}, "mask.key holds no masking key"},
		{"a key in two lines", key[:32] + "\n" + key[32:], hashed{"TEXT", plain, "p", []string{"'a'"}}, "mask.key holds no masking key"},
		{"a pass phrase", strings.Repeat("correct horse battery staple ", 4), hashed{"TEXT", plain, "p", []string{"'a'"}}, "mask.key holds no masking key"},
		{"a raw key", key + "\x00\xff", hashed{"TEXT", plain, "p", []string{"'a'"}}, "mask.key holds no masking key"},
		{"one byte over and over", strings.Repeat("aB", 16) + strings.Repeat("Ab", 16), hashed{"TEXT", plain, "p", []string{"'a'"}}, "mask.key holds no masking key"},
		{"too long a key", strings.Repeat(key, 65), hashed{"TEXT", plain, "p", []string{"'a'"}}, "mask.key holds no masking key"},
		{"a blob", key, hashed{"TEXT", plain, "p", []string{"'a'", "X'6162'"}}, "column C of T0 has a cell that is not text"},
		{"a number", key, hashed{"BLOB", plain, "p", []string{"'a'", "19121212"}}, "column C of T0 has a cell that is not text"},
		{"no UUID", key, hashed{"UUID", value.Type{Kind: value.UUID}, "p", []string{"'abc'"}}, "column C of T0 has a cell that is not a UUID"},
		{"a longer UUID", key, hashed{"UUID", value.Type{Kind: value.UUID}, "p", []string{"'00000000-0000-0000-0000-000000000000' || char(0)"}}, "column C of T0 has a cell that is not a UUID"},
		{"a UUID's bytes", key, hashed{"UUID", value.Type{Kind: value.UUID}, "p", []string{"X'00112233445566778899AABBCCDDEEFF'"}}, "column C of T0 has a cell that is not a UUID"},
		{"a UUID as a blob", key, hashed{"UUID", value.Type{Kind: value.UUID}, "p", []string{"CAST('00000000-0000-0000-0000-000000000000' AS BLOB)"}}, "column C of T0 has a cell that is not a UUID"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			folder, script := inFolder(t, []hashed{test.column})
			if test.key != "" {
				writeKey(t, folder, test.key)
			}
			out, err := shell(t, folder, script)
			if err == nil || !strings.Contains(out, test.want) {
				t.Errorf("%v: %s", err, out)
			}
			if test.key != "" && len(test.key) > 8 && strings.Contains(out, test.key[:8]) {
				t.Errorf("the key is shown: %s", out)
			}
			if content, err := os.ReadFile(filepath.Join(folder, scriptFile)); err != nil && !os.IsNotExist(err) || len(content) > 0 {
				t.Errorf("the copy has %d bytes, %v", len(content), err)
			}
		})
	}
}

// A database in UTF-16 would be hashed by other bytes.
func TestScriptHashRefusesUTF16(t *testing.T) {
	folder, script := inFolder(t, []hashed{{"TEXT", value.Type{Kind: value.String}, "p", []string{"'a'"}}})
	path := filepath.Join(folder, "journal.db")
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	conn, err := capi.Open(path, capi.Create)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	for _, statement := range []string{"PRAGMA encoding = 'UTF-16'", "CREATE TABLE T0 (Id INTEGER PRIMARY KEY, C TEXT)"} {
		if err := conn.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	writeKey(t, folder, "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f")
	if out, err := shell(t, folder, script); err == nil || !strings.Contains(out, "the source is not in UTF-8") {
		t.Errorf("%v: %s", err, out)
	}
}

// Neither the copy nor what is beside it holds the key or an original, and the shell's folder has no more files.
func TestScriptHashLeavesNothing(t *testing.T) {
	const key = "8f0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
	folder, script := inFolder(t, []hashed{{"TEXT", value.Type{Kind: value.String}, "p", []string{"'original-of-a-cell'"}}})
	writeKey(t, folder, key)
	// After the end of the script the shell still has its connection.
	out, err := shell(t, folder, script+".mode list\n.headers off\nSELECT 'left: ' || name FROM sqlite_temp_schema;\n")
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if left := strings.ReplaceAll(out, "left: summary", ""); strings.Contains(left, "left: ") {
		t.Error(out)
	}
	content, err := os.ReadFile(filepath.Join(folder, scriptFile))
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"original-of-a-cell", hex.EncodeToString([]byte("original-of-a-cell")), key} {
		if bytes.Contains(bytes.ToLower(content), []byte(secret)) || strings.Contains(strings.ToLower(out), secret) {
			t.Errorf("%s is left", secret)
		}
	}
	files, err := os.ReadDir(folder)
	if err != nil || len(files) != 3 {
		t.Error(files, err)
	}
}

// BenchmarkScriptHash reports how many different values the shell hashes in a second.
func BenchmarkScriptHash(b *testing.B) {
	for _, length := range []int{12, 80, 5000} {
		b.Run(fmt.Sprintf("%d bytes", length), func(b *testing.B) {
			count := max(100, 120000/(length+12))
			cells := make([]string, count)
			for i := range cells {
				cells[i] = fmt.Sprintf("'%0*d'", length, i)
			}
			for b.Loop() {
				b.StopTimer()
				folder, script := inFolder(b, []hashed{{"TEXT", value.Type{Kind: value.String}, "person", cells}})
				writeKey(b, folder, "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f")
				b.StartTimer()
				start := time.Now()
				if out, err := shell(b, folder, script); err != nil {
					b.Fatalf("%v: %s", err, out)
				}
				b.ReportMetric(float64(count)/time.Since(start).Seconds(), "values/s")
			}
		})
	}
}

// What SQLite's functions can't fold as package mask does is left to a run, and so is any rule that isn't a keyed hash.
func TestCanMask(t *testing.T) {
	h := hashed{domain: "p", of: value.Type{Kind: value.String}}
	var s engine.Masker = scripter{}
	if !s.CanMask(h.rule(t), h.column()) {
		t.Error("a hash of plain text is refused")
	}
	h.of.Collation = value.Collation{Name: "Finnish_Swedish_CI_AS", IgnoresCase: true}
	if s.CanMask(h.rule(t), h.column()) {
		t.Error("a hash that folds every letter is taken")
	}
	h.of = value.Type{Kind: value.Integer}
	if s.CanMask(h.rule(t), h.column()) {
		t.Error("a hash of a number is taken")
	}
	redact, err := mask.New("redact")
	if err != nil {
		t.Fatal(err)
	}
	if s.CanMask(redact, mask.Column{Type: value.Type{Kind: value.String}}) {
		t.Error("redact is no hash, and is taken")
	}
}
