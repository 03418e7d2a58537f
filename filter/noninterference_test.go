package filter_test

import (
	"context"
	"database/sql"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"sort"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/utdrag/utdrag/filter"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/filter/rewrite"
)

var oneSetting = flag.Int("setting", 0, "the number of the one generated database to try queries on")

// The proof of non-interference, on generated databases, maps and queries. A confined query over all rows yields what the
// query itself yields on the copy that a run makes for the same provider, which verification and an oracle that knows no SQL
// stand for; and it yields the same once other providers' rows are other ones. With -rapid.checks=N there are N queries,
// two hundred to a database. A failure says by which flags to see it again.
func interfere(t *testing.T, w world, queries, each int, constructs []string) {
	checks := flag.Lookup("rapid.checks")
	if checks.Value.String() != checks.DefValue {
		queries = must(strconv.Atoi(checks.Value.String()))
		each = min(queries, 200)
	}
	set := func(n string) {
		if err := checks.Value.Set(n); err != nil {
			t.Fatal(err)
		}
	}
	before := checks.Value.String()
	set(strconv.Itoa(each))
	t.Cleanup(func() { set(before) })

	tally := &tally{uses: map[string]int{}, failures: map[string]int{}}
	first := rand.IntN(1<<30) + 1
	base := must(strconv.ParseUint(flag.Lookup("rapid.seed").Value.String(), 10, 64))
	if base != 0 {
		first = int(base%(1<<30)) + 1
		t.Cleanup(func() { _ = flag.Set("rapid.seed", strconv.FormatUint(base, 10)) })
	}
	t.Run("group", func(t *testing.T) {
		for i := range max(1, queries/each) {
			seed := first + i*1000
			if *oneSetting != 0 {
				seed = *oneSetting
			}
			t.Run(strconv.Itoa(seed), func(t *testing.T) {
				t.Parallel()
				var s *setting
				for ; s == nil; seed++ {
					s = settle(t, w, seed)
				}
				seed--
				t.Cleanup(func() {
					if t.Failed() {
						t.Logf("again: go test ./filter -run '%s' -setting=%d\n%s", strings.Split(t.Name(), "/")[0], seed, s.story())
					}
				})
				seeded(t, base, seed, func(rt *rapid.T) { s.check(rt, tally) })
				s.refuses(t)
				tally.setting(s)
			})
			if *oneSetting != 0 {
				return
			}
		}
	})
	if !t.Failed() && *oneSetting == 0 {
		tally.report(t, queries, constructs)
	}
}

var seeding sync.Mutex

// seeded is rapid.Check, with a seed of each database's own where there is a base for it: with the base itself all would be asked alike.
// Rapid reads its flag once, before the first case.
func seeded(t *testing.T, base uint64, setting int, check func(*rapid.T)) {
	if base == 0 {
		rapid.Check(t, check)
		return
	}
	seeding.Lock()
	begun := sync.OnceFunc(seeding.Unlock)
	defer begun()
	if err := flag.Set("rapid.seed", strconv.FormatUint(base+uint64(setting), 10)); err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(rt *rapid.T) {
		begun()
		check(rt)
	})
}

// patience is how long a query may take on the copy. Now and then one is written that joins tables without end; nobody waits for that.
const patience = 10 * time.Second

// check holds one query against the copy.
func (s *setting) check(rt *rapid.T, tally *tally) {
	q := rapid.Custom(func(rt *rapid.T) query { return write(rt, s.tongue, s.relations, s.literals) }).Draw(rt, "query")
	how := coins(rt, 3)
	ctx, stop := context.WithTimeout(context.Background(), patience)
	want := askWithin(ctx, s.copy, q.sql, q.args...)
	slow := ctx.Err() != nil
	if stop(); slow {
		tally.gaveUp()
		return
	}
	tally.query(q, want)
	if want.err != nil && strings.Contains(want.err.Error(), "ON clause references tables to its right") {
		return // SQLite says so of what it made of a query itself, and not of what is written
	}
	rewritten, err := s.plain.Rewrite(q.sql)
	if err != nil {
		if want.err != nil { // it means nothing, and the reader says so
			return
		}
		if q.uses["omitted column"] { // in quotes, SQLite would take it for a text
			return
		}
		if hasCode(err, rewrite.CodeCommonScope) && q.uses["one name in two scopes"] {
			tally.refusal()
			return
		}
		rt.Fatalf("refused: %v", err)
	}
	s.receipt(rt, q, rewritten)
	if len(rewritten.Setup) > 0 {
		tally.use("key sets in work tables")
	}
	s.hold(rt, tally, "confined", q, want, s.plain, s.doors[0], how)
	s.hold(rt, tally, "with other rows of other providers", q, want, s.plain, s.doors[1], how)
	if q.fallible || coins(rt, 2) == 0 {
		s.hold(rt, tally, "strict", q, want, s.strict, s.strictDoors[0], how)
		s.hold(rt, tally, "strict, with other rows of other providers", q, want, s.strict, s.strictDoors[1], how)
	}
}

func coins(rt *rapid.T, n int) (drawn int) {
	for range n {
		drawn *= 2
		if coin.Draw(rt, "how") {
			drawn++
		}
	}
	return drawn
}

// hold compares what a door yields with what the copy does.
func (s *setting) hold(rt *rapid.T, tally *tally, what string, q query, want reply, f *filter.Filter, door *sql.DB, how int) {
	got := through(door, q, how)
	story := func() string {
		text := "the query:\n" + q.GoString() + "\nrewritten:\n"
		r, err := f.Rewrite(q.sql)
		if err != nil {
			return text + err.Error()
		}
		for _, step := range r.Setup {
			text += step.SQL + ";\n"
			for _, round := range step.Rounds {
				text += "  " + round.SQL + ";\n"
			}
		}
		return text + r.SQL
	}
	differs := (got.err != nil) != (want.err != nil) || want.err == nil && !agree(q, want, got)
	if differs && !(q.fallible && f == s.strict) && s.doubted(q, got) {
		tally.doubt(q)
		return
	}
	if differs && f == s.plain && s.misjoined(q, want, door, how) {
		tally.doubt(q)
		return
	}
	if (got.err != nil) != (want.err != nil) {
		if q.fallible && want.err == nil && f == s.plain {
			return // only the strict filter promises that no stranger's row is evaluated
		}
		rt.Fatalf("%s: the error is %v, and on the copy %v\n%s", what, got.err, want.err, story())
	}
	if want.err != nil {
		return
	}
	if !q.ordered {
		got.rows, want.rows = slices.Sorted(slices.Values(got.rows)), slices.Sorted(slices.Values(want.rows))
	}
	if diff := cmp.Diff(want.rows, got.rows); diff != "" {
		rt.Fatalf("%s (-copy +confined):\n%s\n%s", what, diff, story())
	}
	if !q.uses["omitted column"] {
		s.names(rt, q, want.names, got.names, f, story)
	}
}

// names compares the columns' names. An expression without a name has one of the engine's making.
func (s *setting) names(rt *rapid.T, q query, want, got []string, f *filter.Filter, story func() string) {
	r, err := f.Rewrite(q.sql)
	if err != nil {
		rt.Fatal(err)
	}
	if len(r.Columns) != len(want) {
		rt.Fatalf("columns are %q, and on the copy %q\n%s", r.Columns, want, story())
	}
	for i, name := range r.Columns {
		// SQLite numbers names that are there twice in a join in parentheses, and keeps the quotes of a name that it takes for a text.
		plain, _, _ := strings.Cut(strings.Trim(want[i], `"`), ":")
		if name != "" && (want[i] != got[i] || !strings.EqualFold(name, want[i]) && !strings.EqualFold(name, plain)) {
			rt.Fatalf("column %d is called %q (in advance: %q), and on the copy %q\n%s", i+1, got[i], name, want[i], story())
		}
	}
}

// through asks by one of the ways that database/sql has.
func through(door *sql.DB, q query, how int) reply {
	ctx := context.Background()
	switch how {
	case 0:
		stmt, err := door.PrepareContext(ctx, q.sql)
		if err != nil {
			return reply{err: err}
		}
		defer stmt.Close()
		rows, err := stmt.QueryContext(ctx, q.args...)
		if err != nil {
			return reply{err: err}
		}
		return read(rows)
	case 1:
		tx, err := door.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
		if err != nil {
			return reply{err: err}
		}
		defer tx.Rollback()
		return ask(tx, q.sql, q.args...)
	}
	return ask(door, q.sql, q.args...)
}

// receipt holds the receipt against what the query was written of: every reference is there, in order and where it stands.
func (s *setting) receipt(rt *rapid.T, q query, r filter.Query) {
	var tables []string
	for _, reference := range r.Receipt {
		if len(reference.Through) > 0 {
			continue
		}
		tables = append(tables, reference.Table)
		text := q.sql[reference.At.Start.Byte:reference.At.End.Byte]
		name := reference.Table[strings.LastIndex(reference.Table, ".")+1:]
		for _, relation := range s.relations {
			if relation.label == reference.Table {
				name = relation.name
			}
		}
		if !strings.Contains(strings.ToLower(text), strings.ToLower(strings.Trim(s.quote(name), `"`))) || reference.Confined == "" || reference.Rule == "" {
			rt.Fatalf("the receipt has %+v for %q\n%s", reference, text, q.sql)
		}
	}
	if diff := cmp.Diff(q.tables, tables); diff != "" {
		rt.Fatalf("the query's tables and the receipt's (-query +receipt):\n%s\n%s", diff, q.sql)
	}
}

// refuses looks that tables which the copy doesn't have are refused wherever they stand.
func (s *setting) refuses(t *testing.T) {
	for _, name := range s.left {
		for _, format := range []string{"SELECT * FROM %s", "SELECT 1 WHERE EXISTS (SELECT 1 FROM %s)", "WITH c AS (SELECT 1 AS x FROM %s) SELECT 1", "SELECT 1 UNION SELECT 2 FROM %s"} {
			if s.postgres {
				continue
			}
			query := fmt.Sprintf(format, s.quote(name))
			if _, err := s.plain.Rewrite(query); err == nil || !hasCode(err, rewrite.CodeExcluded) {
				t.Errorf("%s: %v", query, err)
			}
		}
	}
}

func hasCode(err error, code rewrite.Code) bool {
	list, ok := err.(diag.List)
	return ok && len(list) > 0 && list[0].Code == string(code)
}

// tally counts what was tried.
type tally struct {
	mu                                                        sync.Mutex
	uses, failures                                            map[string]int
	queries, failed, fallible, fallibleFailed, rows, settings int
	changes, refused, slow                                    int
	doubts                                                    map[string]bool
}

func (y *tally) gaveUp() {
	y.mu.Lock()
	defer y.mu.Unlock()
	y.slow++
}

func (y *tally) query(q query, a reply) {
	y.mu.Lock()
	defer y.mu.Unlock()
	y.queries++
	for use := range q.uses {
		if a.err == nil {
			y.uses[use]++
		}
	}
	if q.fallible {
		y.fallible++
		if a.err != nil {
			y.fallibleFailed++
		}
		return
	}
	if a.err != nil && !q.uses["omitted column"] {
		y.failed++
		y.failures[a.err.Error()]++
	}
	if len(a.rows) > 0 {
		y.rows++
	}
}

func (y *tally) use(construct string) {
	y.mu.Lock()
	defer y.mu.Unlock()
	y.uses[construct]++
}

// doubt counts queries to which the engine gives one answer or another.
func (y *tally) doubt(q query) {
	y.mu.Lock()
	defer y.mu.Unlock()
	if y.doubts == nil {
		y.doubts = map[string]bool{}
	}
	y.doubts[q.sql] = true
}

func (y *tally) refusal() {
	y.mu.Lock()
	defer y.mu.Unlock()
	y.refused++
}

func (y *tally) setting(s *setting) {
	y.mu.Lock()
	defer y.mu.Unlock()
	y.settings++
	y.changes += s.changes
}

// report looks that the queries were worth asking: that each construct was among them, that nearly all mean something, and that
// most find rows.
func (y *tally) report(t *testing.T, queries int, constructs []string) {
	t.Logf("%d queries on %d databases: %d fail by themselves, %d find rows, %d are refused because a name is defined inside itself; of %d that may fail %d do; %d changes of other providers' rows",
		y.queries, y.settings, y.failed, y.rows, y.refused, y.fallible, y.fallibleFailed, y.changes)
	if y.slow*1000 > y.queries {
		t.Errorf("%d queries took longer than %s", y.slow, patience)
	}
	var uses []string
	for use, n := range y.uses {
		uses = append(uses, fmt.Sprintf("%s %d", use, n))
	}
	sort.Strings(uses)
	t.Logf("%s", strings.Join(uses, ", "))
	for message, n := range y.failures {
		t.Logf("%d× %s", n, message)
	}
	missing := slices.DeleteFunc(slices.Clone(constructs), func(c string) bool { return y.uses[c] > 0 })
	if queries >= 3000 && len(missing) > 0 || queries >= 400 && len(missing) > 8 { // TestEveryConstructIsWritten looks for the rare ones
		t.Errorf("no query that means something has any of %q", missing)
	}
	if queries < 400 {
		return
	}
	for use := range y.uses {
		if !slices.Contains(constructs, use) {
			t.Errorf("nobody looks for %q", use)
		}
	}
	if y.failed*100 > y.queries*3 {
		t.Errorf("%d of %d queries mean nothing", y.failed, y.queries)
	}
	t.Logf("to %d queries the engine gives one answer or another", len(y.doubts))
	if len(y.doubts)*500 > y.queries {
		t.Errorf("to %d of %d queries the engine gives one answer or another, such as\n%s", len(y.doubts), y.queries, slices.Collect(maps.Keys(y.doubts))[0])
	}
	if y.refused*100 > y.queries {
		t.Errorf("%d of %d queries are refused", y.refused, y.queries)
	}
	if y.rows*100 < y.queries*40 {
		t.Errorf("only %d of %d queries find rows", y.rows, y.queries)
	}
	if y.changes < y.settings {
		t.Errorf("only %d changes of other providers' rows on %d databases", y.changes, y.settings)
	}
}
