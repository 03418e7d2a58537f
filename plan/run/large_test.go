package run_test

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"io"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"

	"github.com/utdrag/utdrag/mask/value"
	"github.com/utdrag/utdrag/plan/run"
)

// largeSource has documents of the sizes at which something changes, and of 20 MB: binary and text, in tables with and
// without a row id, kept and masked.
func largeSource(t *testing.T) (*scene, map[string]string) {
	t.Helper()
	path := database(t, ownerSQL+`
CREATE TABLE Doc (Id INTEGER PRIMARY KEY, UnitId INTEGER REFERENCES Unit(Id), Scan BLOB, Text TEXT, Masked TEXT, Hashed TEXT, Cut TEXT);
CREATE TABLE Bare (UnitId INTEGER REFERENCES Unit(Id), Scan BLOB);
CREATE TABLE Flat (Id TEXT PRIMARY KEY NOT NULL, UnitId INTEGER REFERENCES Unit(Id), Scan BLOB) WITHOUT ROWID;
CREATE TABLE Made (Id INTEGER PRIMARY KEY, UnitId INTEGER REFERENCES Unit(Id), Scan BLOB, Size INTEGER AS (length(Scan)));`)
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	sums := map[string]string{}
	random := rand.NewChaCha8([32]byte{1})
	for i, size := range []int{0, 1, 1<<20 - 1, 1 << 20, 1<<20 + 1, 20 << 20} {
		blob := make([]byte, size)
		_, _ = random.Read(blob)
		text := strings.Repeat("å😀b", size/7) + strings.Repeat("x", size%7)
		args := []any{i, blob, text}
		for _, statement := range []string{
			"INSERT INTO Doc VALUES (?1, 10, ?2, ?3, ?3, ?3, ?3)", "INSERT INTO Bare VALUES (10, ?2)",
			"INSERT INTO Flat VALUES ('k' || ?1, 10, ?2)", "INSERT INTO Made (Id, UnitId, Scan) VALUES (?1, 10, ?2)",
			"INSERT INTO Doc VALUES (100 + ?1, 20, ?2, ?3, NULL, NULL, NULL)",
		} {
			if _, err := db.Exec(statement, args...); err != nil {
				t.Fatal(err)
			}
		}
		sums[sum(blob)] = "blob"
		sums[sum([]byte(text))] = "text"
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	unit := "path { via = [\"UnitId\"] }\n"
	s := &scene{t: t, path: path, source: open(t, path)}
	s.plan = build(t, s.source, mapHead+unitBlock+"table \"Doc\" {\n"+unit+`
  column "Masked" { mask = redact }
  column "Hashed" { mask = hash("doc") }
  column "Cut" { mask = partial(2, 1) }
}
table "Bare" {
`+unit+"}\ntable \"Flat\" {\n"+unit+"}\ntable \"Made\" {\n"+unit+"}\n", requestSE1)
	return s, sums
}

func sum(content []byte) string {
	s := sha256.Sum256(content)
	return hex.EncodeToString(s[:])
}

// Large cells arrive as they were, in a database and in a package; both are verified, by themselves and by the source.
func TestLargeCells(t *testing.T) {
	s, sums := largeSource(t)
	to := s.copy()
	db, err := sql.Open("sqlite", to)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for table, columns := range map[string]string{"Doc": "Scan, Text", "Bare": "Scan, NULL", "Flat": "Scan, NULL", "Made": "Scan, NULL"} {
		count := 0
		rows, err := db.Query("SELECT " + columns + " FROM " + table)
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			var blob, text []byte
			if err := rows.Scan(&blob, &text); err != nil {
				t.Fatal(err)
			}
			if sums[sum(blob)] == "" || text != nil && sums[sum(text)] == "" {
				t.Errorf("%s: a blob of %d bytes or a text of %d is another", table, len(blob), len(text))
			}
			count++
		}
		if err := rows.Err(); err != nil || count != 6 {
			t.Errorf("%s: %d rows, %v", table, count, err)
		}
	}
	holds(t, to, "SELECT count(*) FROM Doc WHERE length(Cut) <> length(Text) OR Masked <> '***' OR length(Hashed) <> 64", "0")
	holds(t, to, "SELECT count(*) FROM Doc WHERE length(Cut) > 3 AND replace(substr(Cut, 3, length(Cut) - 3), '*', '') <> ''", "0")
	largePackage(t, s, sums)
}

func largePackage(t *testing.T, s *scene, sums map[string]string) {
	t.Helper()
	p := openPackage(t, s, filepath.Join(t.TempDir(), "copy.utdrag"))
	v, err := run.VerifyPackage(context.Background(), s.plan.Schema().Map, s.plan.Request, p, run.VerifyOptions{Source: s.source, Key: testKey(t)})
	if err != nil || v.Err() != nil {
		t.Fatalf("%v, %v", err, v.Err())
	}
	rows, err := p.Rows()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]int{}
	for rows.NextTable() {
		columns := rows.Table().Columns
		row := make([]value.Value, len(columns))
		for rows.Next(row) {
			for i, c := range columns {
				if c.Name == "Scan" || c.Name == "Text" {
					content, err := whole(row[i])
					if err != nil {
						t.Fatal(err)
					}
					seen[sum(content)]++
				}
			}
		}
	}
	if rows.Err() != nil {
		t.Fatal(rows.Err())
	}
	for s, what := range sums {
		if seen[s] == 0 {
			t.Errorf("a %s is not in the package", what)
		}
		delete(seen, s)
	}
	if len(seen) > 0 {
		t.Errorf("%d cells of the package are others", len(seen))
	}
}

func whole(v value.Value) ([]byte, error) {
	large := v.Large()
	if large == nil {
		return []byte(v.Text()), nil
	}
	r, err := large.Open()
	if err != nil {
		return nil, err
	}
	content, err := io.ReadAll(r)
	return content, errors.Join(err, r.Close())
}

// A byte changed in the middle of a large cell is found.
func TestMutationLarge(t *testing.T) {
	s, _ := largeSource(t)
	to := s.copy()
	change(t, to, "UPDATE Doc SET Scan = CAST(substr(Scan, 1, 1000000) || x'00' || substr(Scan, 1000002) AS BLOB) WHERE Id = 5")
	if codes := s.verify(to, nil); len(codes) != 1 || codes[0] != run.CodeContent {
		t.Errorf("found %v", codes)
	}
}
