package sqlite

import (
	"github.com/utdrag/utdrag/internal/engine"

	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/utdrag/utdrag/filter/diag"
)

// Tokens written back are the same tokens, and writing those back gives the same text.
func FuzzTokenize(f *testing.F) {
	for _, s := range []string{"a 'b''c' \"d\"\"e\" [f g] `h` x'00' 1.5e-3 0xFF -- c\n/* d */ ->> <> ||", "1e-", "'", "/*", "x'", "[", "é$1", "a/**/b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		tokens, err := tokenize(s)
		if err != nil {
			return
		}
		text := join(tokens)
		again, err := tokenize(text)
		if err != nil || len(again) != len(tokens) {
			t.Fatalf("%q became %q: %v", s, text, err)
		}
		for i := range again {
			if again[i].text != tokens[i].text || again[i].kind != tokens[i].kind {
				t.Fatalf("%q became %q at %d", s, text, i)
			}
		}
		if twice := join(again); twice != text {
			t.Fatalf("%q became %q, then %q", s, text, twice)
		}
	})
}

// Whatever table SQLite takes is either refused by code or described so that one made from the description has that
// description too. SQLite itself says which texts are tables.
func FuzzCreateTable(f *testing.F) {
	for _, s := range []string{
		"a INTEGER PRIMARY KEY AUTOINCREMENT, b)", "a TEXT COLLATE nocase DEFAULT x CHECK (a > ')' -- )\n), PRIMARY KEY (a DESC)) WITHOUT ROWID",
		"'a' 'b c' (1, +2) CONSTRAINT x CONSTRAINT y UNIQUE ON CONFLICT IGNORE REFERENCES t DEFERRABLE INITIALLY DEFERRED NOT NULL)",
		"a INT AS (b + 1) STORED, b ANY) STRICT", "a, b, CONSTRAINT u UNIQUE (a, b) CHECK (a) FOREIGN KEY (a) REFERENCES t (b) MATCH FULL ON DELETE NO ACTION)",
		"[a] GENERATED ALWAYS AS (1), `b` blob default -.5e3, \"c\" default null unique)", "a INTEGER PRIMARY KEY DESC, b UNIQUE, UNIQUE (b), UNIQUE (a))",
		"a DEFAULT (('x')) , b DEFAULT + 5, c DEFAULT \"c\", d DEFAULT true)", "a text collate rtrim primary key, unique (a collate nocase))",
		"a INTEGER NOT NULL PRIMARY KEY DESC, b REFERENCES t)", "a CONSTRAINT n, b CONSTRAINT z NULL)", "a generated always, b always as (1))",
		"a \"0\", b ' ', c \"'x'\", d \"not\", e \"x generated always\", f [a\"b], g \"--\")",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if strings.IndexByte(s, 0) >= 0 || len(s) > 2000 {
			return
		}
		made, err := Memory(context.Background(), "")
		if err != nil {
			t.Fatal(err)
		}
		defer made.Abort()
		conn := made.(*target).conn
		if conn.Exec("CREATE TABLE t ("+s) != nil {
			return
		}
		want, err := introspect(conn)
		if err != nil {
			if diag.CodeOf(err) == "" {
				t.Fatalf("an error without a code: %v", err)
			}
			if diag.CodeOf(err) == codeDefinition {
				t.Logf("refused: %v", err)
			}
			return
		}
		if err := want.Validate().Err(); err != nil {
			t.Fatal(err)
		}
		other, err := Memory(context.Background(), "")
		if err != nil {
			t.Fatal(err)
		}
		defer other.Abort()
		if err := other.Create(context.Background(), engine.Definition{Tables: want.Tables}); err != nil {
			t.Fatal(err)
		}
		got, err := introspect(other.(*target).conn)
		if d := cmp.Diff(want, got); err != nil || d != "" {
			t.Fatal(err, d)
		}
	})
}

// What SQLite takes and we refuse is known, so that nothing is refused by oversight.
func TestReadableDefinitions(t *testing.T) {
	for _, s := range []string{
		"a CONSTRAINT n, b CONSTRAINT z NULL)", "a, b, CONSTRAINT z)", "a INTEGER PRIMARY KEY REFERENCES a NOT DEFERRABLE, b)", "a, CHECK (1) CHECK (2))", "a, CHECK (a IN (1, 2)), UNIQUE (a) UNIQUE (a))",
		"a TEXT DEFAULT 'x' COLLATE NOCASE NOT NULL ON CONFLICT ABORT)", "a DOUBLE PRECISION(1,2) DEFAULT (1))", "'a', \"b\", [c], `d`)",
		"a REFERENCES a (a) ON DELETE SET NULL ON UPDATE RESTRICT MATCH simple)", "a, b AS (a) VIRTUAL NOT NULL)", "a INTEGER PRIMARY KEY ASC ON CONFLICT FAIL AUTOINCREMENT)",
	} {
		made, err := Memory(context.Background(), "")
		if err != nil {
			t.Fatal(err)
		}
		conn := made.(*target).conn
		if err := conn.Exec("CREATE TABLE a (" + s); err != nil {
			t.Errorf("SQLite: %v in %s", err, s)
		} else if _, err := introspect(conn); err != nil {
			t.Errorf("%s: %v", s, err)
		}
		if err := errors.Join(made.Abort()); err != nil {
			t.Error(err)
		}
	}
}
