package run_test

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/filter/schemamap"
	"github.com/utdrag/utdrag/internal/engine/enginetest"
	"github.com/utdrag/utdrag/internal/engine/postgres/pgtest"
	"github.com/utdrag/utdrag/plan"
	"github.com/utdrag/utdrag/plan/pack"
	"github.com/utdrag/utdrag/plan/run"
)

// A faulty engine is a source and a target, each behind a proxy that can cut the connection.
type faulty struct {
	source, target           string // straight
	brokenSource, brokenCopy string // through the proxies
	toSource, toTarget       *enginetest.Proxy
	tables                   func(t *testing.T, url string) []string
}

func faultyPostgres(t *testing.T) *faulty {
	server := pgtest.Server(t)
	f := &faulty{source: server.Database(t), target: server.Database(t)}
	behind := func(text string) (string, *enginetest.Proxy) {
		u, err := url.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		query := u.Query()
		port := query.Get("port")
		if port == "" {
			port = "5432"
		}
		proxy := enginetest.NewProxy(t, "unix", filepath.Join(query.Get("host"), ".s.PGSQL."+port))
		query.Set("host", "127.0.0.1")
		query.Set("port", strconv.Itoa(proxy.Port()))
		query.Set("sslmode", "disable")
		u.RawQuery = query.Encode()
		return u.String(), proxy
	}
	f.brokenSource, f.toSource = behind(f.source)
	f.brokenCopy, f.toTarget = behind(f.target)
	f.tables = func(t *testing.T, url string) (names []string) {
		for _, row := range server.Query(t, url, "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1") {
			names = append(names, row[0])
		}
		return names
	}
	return f
}

func faultySQLServer(t *testing.T) *faulty {
	f := &faulty{source: enginetest.SQLServer(t), target: enginetest.SQLServer(t)}
	behind := func(text string) (string, *enginetest.Proxy) {
		u, err := url.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		proxy := enginetest.NewProxy(t, "tcp", u.Host)
		u.Host = "127.0.0.1:" + strconv.Itoa(proxy.Port())
		return u.String(), proxy
	}
	f.brokenSource, f.toSource = behind(f.source)
	f.brokenCopy, f.toTarget = behind(f.target)
	f.tables = enginetest.SQLServerTables
	return f
}

// A connection that is cut, wherever it is, fails the run as something from outside, and leaves no package and no database
// that looks finished. A rerun completes.
func TestConnectionCut(t *testing.T) {
	for name, start := range map[string]func(*testing.T) *faulty{"postgres": faultyPostgres, "sqlserver": faultySQLServer} {
		t.Run(name, func(t *testing.T) { connectionCut(t, start(t)) })
	}
}

const cuts = 8

func connectionCut(t *testing.T, f *faulty) {
	ctx := context.Background()
	if _, err := enginetest.Clone(ctx, "sqlite:"+database(t, strings.Replace(manySQL, "20000", "3000", 1)), f.source); err != nil {
		t.Fatal(err)
	}
	recipient, _ := keyPair(t)

	extract := func(source string, sink run.Sink) error {
		s, err := run.Open(ctx, source)
		if err != nil {
			return err
		}
		p, err := planned(ctx, s)
		if err == nil {
			_, err = run.Run(ctx, p, s, sink, run.Options{Jobs: 2, AllowInconsistent: true})
		}
		return errors.Join(err, s.Close())
	}
	dir := t.TempDir()
	toPackage := func(name string) run.Sink {
		return run.NewPackage(filepath.Join(dir, name), run.PackageOptions{Recipients: []*pack.Recipient{recipient}, Tool: "test"})
	}

	// The source.
	f.toSource.CutAfter(0)
	if err := extract(f.brokenSource, toPackage("whole")); err != nil {
		t.Fatal(err)
	}
	whole := f.toSource.Passed()
	for i := range cuts {
		f.toSource.CutAfter(whole*int64(i)/cuts + 1)
		err := extract(f.brokenSource, toPackage(fmt.Sprint("cut", i)))
		outside(t, fmt.Sprintf("source cut at %d/%d", i, cuts), err)
	}
	lone(t, dir, "whole")

	// The target. What a broken run could not clear away is marked, and the next run clears it.
	f.toTarget.CutAfter(0)
	if err := extract(f.source, run.NewDatabase(f.brokenCopy)); err != nil {
		t.Fatal(err)
	}
	whole = f.toTarget.Passed()
	if err := extract(f.source, run.NewDatabase(f.target)); err == nil || !strings.Contains(err.Error(), "already") {
		t.Errorf("a second copy into the same database: %v", err)
	}
	enginetest.Empty(t, f.target)
	for i := range cuts {
		f.toTarget.CutAfter(whole*int64(i)/cuts + 1)
		outside(t, fmt.Sprintf("target cut at %d/%d", i, cuts), extract(f.source, run.NewDatabase(f.brokenCopy)))
		tables := f.tables(t, f.target)
		if len(tables) > 0 && !strings.Contains(strings.ToLower(strings.Join(tables, " ")), "utdrag_partial") {
			t.Errorf("target cut at %d/%d: unmarked tables %v", i, cuts, tables)
		}
	}
	f.toTarget.CutAfter(0)
	if err := eventually(func() error { return extract(f.source, run.NewDatabase(f.target)) }); err != nil {
		t.Fatalf("the rerun: %v", err)
	}
	if tables := f.tables(t, f.target); strings.Contains(strings.ToLower(strings.Join(tables, " ")), "utdrag_partial") || len(tables) != 4 {
		t.Errorf("after the rerun there are %v", tables)
	}
}

// eventually tries again for a while: a server takes its time to notice that a client is gone.
func eventually(do func() error) (err error) {
	for range 50 {
		if err = do(); err == nil {
			return nil
		}
		time.Sleep(200 * time.Millisecond)
	}
	return err
}

func planned(ctx context.Context, s *run.Source) (*plan.Plan, error) {
	return plannedMap(ctx, s, manyMap)
}

func plannedMap(ctx context.Context, s *run.Source, text string) (*plan.Plan, error) {
	m, found := schemamap.Parse("map.hcl", []byte(text))
	if found.Refused() {
		return nil, found
	}
	c, err := s.Catalog(ctx)
	if err != nil {
		return nil, err
	}
	p, found := plan.Build(m, c, requestSE1)
	return p, found.Err()
}

// outside demands an error from outside, coded, that quotes nothing.
func outside(t *testing.T, what string, err error) {
	t.Helper()
	var coded *diag.Error
	if !errors.As(err, &coded) || coded.Class != diag.External {
		t.Errorf("%s: %v", what, err)
		return
	}
	for _, secret := range []string{"password", "127.0.0.1", "text 1"} {
		if strings.Contains(err.Error(), secret) {
			t.Errorf("%s: the error holds %q", what, secret)
		}
	}
}

// lone demands that a folder holds one file and no other.
func lone(t *testing.T, dir, name string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	hidden, err2 := filepath.Glob(filepath.Join(dir, ".*"))
	if err := errors.Join(err, err2); err != nil {
		t.Fatal(err)
	}
	if all := append(files, hidden...); len(all) != 1 || filepath.Base(all[0]) != name {
		t.Errorf("the folder holds %v", all)
	}
}
