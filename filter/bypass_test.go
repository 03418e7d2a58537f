package filter_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/utdrag/utdrag/filter"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/filter/rewrite"
)

const bypass = "../testdata/bypass"

// TestBypass runs each testdata/bypass/*.txtar: a hole that another system had, or that somebody thought of for this one. What
// the files hold is described in testdata/bypass/README.md.
func TestBypass(t *testing.T) {
	cases := holes(t)
	for _, dialect := range []string{"sqlite", "postgres", "sqlserver", "mysql"} {
		t.Run(dialect, func(t *testing.T) {
			w := ward(t, dialect)
			for _, h := range cases {
				if slices.Contains(h.dialects, dialect) {
					t.Run(h.name, func(t *testing.T) { w.try(t, h) })
				}
			}
		})
	}
}

// hole is one case.
type hole struct {
	name, file string
	// expect is what must come of the query, by dialect; that of "" holds for the others.
	expect   map[string]string
	dialects []string
	args     []any
	archive  *txtar.Archive
}

func holes(t *testing.T) []*hole {
	t.Helper()
	files, err := filepath.Glob(bypass + "/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	seen, own := 0, 0
	var cases []*hole
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		h := &hole{name: strings.TrimSuffix(filepath.Base(file), ".txtar"), file: file, archive: archive, expect: map[string]string{}}
		for line := range strings.Lines(string(archive.Comment)) {
			key, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
			key, dialect, _ := strings.Cut(key, ".")
			switch key {
			case "title":
			case "seen":
				if value == "here" {
					own++
				} else {
					seen++
				}
			case "dialects":
				h.dialects = strings.Fields(value)
			case "expect":
				if !slices.Contains([]string{"rows", "refused", "fails", "rows, or an error"}, value) {
					t.Fatalf("%s expects %q", file, value)
				}
				h.expect[dialect] = value
			case "args":
				for _, a := range strings.Split(value, " | ") {
					if n, err := strconv.ParseInt(a, 10, 64); err == nil {
						h.args = append(h.args, n)
					} else {
						h.args = append(h.args, a)
					}
				}
			default:
				t.Fatalf("%s: line %q", file, line)
			}
		}
		if len(h.dialects) == 0 || h.expect[""] == "" {
			t.Fatalf("%s: no dialects, or expects nothing", file)
		}
		cases = append(cases, h)
	}
	if seen < 40 || own < 40 {
		t.Errorf("%d holes of other systems and %d of ours, and there must be 40 of each", seen, own)
	}
	return cases
}

func (h *hole) expects(dialect string) string {
	if expect, ok := h.expect[dialect]; ok {
		return expect
	}
	return h.expect[""]
}

// part is what the file says for a dialect, or for all of them.
func (h *hole) part(name, dialect string) (string, bool) {
	for _, full := range []string{name + "." + dialect, name} {
		for _, f := range h.archive.Files {
			if f.Name == full {
				return string(f.Data), true
			}
		}
	}
	return "", false
}

// want checks an answer. With -update it becomes the file's: for all dialects if it is the first one, else for its own.
func (h *hole) want(t *testing.T, dialect, got string) {
	t.Helper()
	want, ok := h.part("want", dialect)
	if ok && want == got {
		return
	}
	if !*update {
		t.Errorf("(-want +got):\n%s", cmp.Diff(want, got))
		return
	}
	name := "want." + dialect
	if dialect == h.dialects[0] {
		name = "want"
	}
	h.archive.Files = slices.DeleteFunc(h.archive.Files, func(f txtar.File) bool { return f.Name == name })
	h.archive.Files = append(h.archive.Files, txtar.File{Name: name, Data: []byte(got)})
	if err := os.WriteFile(h.file, txtar.Format(h.archive), 0o666); err != nil {
		t.Fatal(err)
	}
}

func (w *warded) try(t *testing.T, h *hole) {
	query, ok := h.part("query", w.dialect)
	if !ok {
		t.Fatal("no query")
	}
	query = strings.TrimSuffix(query, "\n")
	expect := h.expects(w.dialect)
	if expect == "refused" {
		h.want(t, w.dialect, w.refusal(t, query))
		return
	}
	for mode, f := range w.filters {
		q, err := f.Rewrite(query)
		if err != nil {
			t.Fatalf("%s: %v", mode, err)
		}
		said, err := json.Marshal([]any{q.Columns, q.Receipt, q.Warnings})
		if err != nil {
			t.Fatal(err)
		}
		quiet(t, string(said))
		tables := slices.ContainsFunc(q.Receipt, func(r rewrite.Reference) bool { return r.Rule != "view" && r.Rule != "allowed" })
		if staged := len(q.Setup) > 0; staged != (tables && mode == "strict") {
			t.Errorf("%s: %d statements come first", mode, len(q.Setup))
		}
		if w.doors[mode] == nil {
			continue
		}
		got, err := w.answer(t, w.doors[mode], query, h.args)
		switch {
		case expect == "fails" && diag.CodeOf(err) == filter.CodeDoorDriver:
			if w.copy != nil {
				if _, err := w.answer(t, w.copy, query, h.args); err == nil {
					t.Error("the provider's copy answers")
				}
			}
		case expect == "rows, or an error" && mode == "usual" && diag.CodeOf(err) == filter.CodeDoorDriver:
		case err != nil:
			t.Errorf("%s: %v\n%s", mode, err, q.SQL)
		case expect == "fails":
			t.Errorf("%s: answers %s", mode, got)
		default:
			if w.copy != nil {
				own, err := w.answer(t, w.copy, query, h.args)
				if err != nil || own != got {
					t.Errorf("%s: the provider's copy says %v (-copy +door)\n%s", mode, err, cmp.Diff(own, got))
					got = own
				}
			}
			h.want(t, w.dialect, got)
		}
	}
}

// refusal is how a query is refused, by all ways in.
func (w *warded) refusal(t *testing.T, query string) string {
	t.Helper()
	said := ""
	for mode, f := range w.filters {
		_, err := f.Rewrite(query)
		list, ok := errors.AsType[diag.List](err)
		if !ok || len(list) == 0 {
			t.Fatalf("%s: not refused: %v", mode, err)
		}
		quiet(t, err.Error())
		text := fmt.Sprintf("%s at %d:%d\n", list[0].Code, list[0].Subject.Start.Line, list[0].Subject.Start.Column)
		if said != "" && said != text {
			t.Errorf("%s refuses with %s, and the other mode with %s", mode, text, said)
		}
		said = text
		db := w.doors[mode]
		if db == nil {
			continue
		}
		if _, err := db.Query(query); diag.CodeOf(err) != list[0].Code {
			t.Errorf("%s: the door says %v", mode, err)
		}
		if _, err := db.Prepare(query); diag.CodeOf(err) != list[0].Code {
			t.Errorf("%s: the door prepares: %v", mode, err)
		}
		if _, err := db.Exec(query); diag.CodeOf(err) != filter.CodeDoorWrites {
			t.Errorf("%s: the door executes: %v", mode, err)
		}
	}
	return said
}

// quiet fails the test where a text has a cell that no query may show.
func quiet(t *testing.T, text string) {
	t.Helper()
	for _, word := range []string{"CANARY", "SECRET", "666"} {
		if strings.Contains(text, word) {
			t.Errorf("%s is said: %s", word, text)
		}
	}
}

// answer is the rows of a query as text, in an order of their own, by a query and by a prepared one.
func (w *warded) answer(t *testing.T, db *sql.DB, query string, args []any) (string, error) {
	t.Helper()
	once, err := w.rows(t, db.QueryContext, query, args)
	if db == w.copy {
		return once, err
	}
	stmt, preparing := db.Prepare(query)
	if preparing != nil {
		quiet(t, preparing.Error())
		return once, errors.Join(err, preparing)
	}
	defer stmt.Close()
	twice, again := w.rows(t, func(ctx context.Context, _ string, args ...any) (*sql.Rows, error) {
		return stmt.QueryContext(ctx, args...)
	}, query, args)
	if once != twice || diag.CodeOf(err) != diag.CodeOf(again) {
		t.Errorf("prepared: %v and %v\n%s", err, again, cmp.Diff(once, twice))
	}
	return once, err
}

func (w *warded) rows(t *testing.T, run func(context.Context, string, ...any) (*sql.Rows, error), query string, args []any) (string, error) {
	t.Helper()
	var lines []string
	err := func() (err error) {
		rows, err := run(t.Context(), query, args...)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, rows.Close()) }()
		columns, err := rows.Columns()
		if err != nil {
			return err
		}
		quiet(t, strings.Join(columns, " "))
		for rows.Next() {
			cells, to := make([]any, len(columns)), make([]any, len(columns))
			for i := range cells {
				to[i] = &cells[i]
			}
			if err := rows.Scan(to...); err != nil {
				return err
			}
			texts := make([]string, len(cells))
			for i, c := range cells {
				switch c := c.(type) {
				case nil:
					texts[i] = "null"
				case []byte:
					texts[i] = string(c)
				default:
					texts[i] = fmt.Sprint(c)
				}
			}
			lines = append(lines, strings.Join(texts, " | ")+"\n")
		}
		return rows.Err()
	}()
	slices.Sort(lines)
	got := strings.Join(lines, "")
	quiet(t, got)
	if err != nil {
		quiet(t, err.Error())
	}
	return got, err
}
