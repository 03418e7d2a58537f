package run_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/utdrag/utdrag/filter"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/mask/value"
	"github.com/utdrag/utdrag/plan"
	"github.com/utdrag/utdrag/plan/pack"
	"github.com/utdrag/utdrag/plan/run"
)

// into runs a plan into a sink and demands the code of its error.
func into(t *testing.T, s *scene, sink run.Sink, o run.Options, code string) error {
	t.Helper()
	r, err := run.Run(context.Background(), s.plan, s.source, sink, o)
	if err == nil || r != nil || diag.CodeOf(err) != code {
		t.Errorf("got report %v, error %v; want %s", r != nil, err, code)
	}
	return err
}

func TestRefusedBeforeAnything(t *testing.T) {
	s := newScene(t, clinicSQL, clinicMap)
	sink := &failing{at: "never"}
	into(t, s, sink, run.Options{}, run.CodeNeedsKey)
	into(t, s, sink, run.Options{Key: testKey(t), PlanHash: s.plan.MapHash}, run.CodePlanHash)
	if len(sink.calls) > 0 {
		t.Errorf("the sink was called: %v", sink.calls)
	}
	if _, err := run.Run(context.Background(), s.plan, s.source, &memorySink{}, run.Options{Key: testKey(t), PlanHash: s.plan.Hash}); err != nil {
		t.Errorf("the plan that was reviewed: %v", err)
	}
}

// An order for somebody who isn't there, or for another's unit, leaves nothing.
func TestWrongOrder(t *testing.T) {
	s := newScene(t, clinicSQL, clinicMap)
	for _, c := range []struct {
		request filter.Request
		code    string
	}{
		{filter.Request{Provider: "SE3"}, plan.CodeAnchorRow},
		{filter.Request{Provider: "se1"}, plan.CodeAnchorRow},
		{filter.Request{Provider: "SE1", Units: []string{"U20"}}, plan.CodeUnitRow},
		{filter.Request{Provider: "SE1", Units: []string{"U10", "U20"}}, plan.CodeUnitRow},
		{filter.Request{Provider: "SE1", Units: []string{"U99"}}, plan.CodeUnitRow},
	} {
		s.plan = build(t, s.source, clinicMap, c.request)
		if code, err := s.fails(); code != c.code {
			t.Errorf("%v: got %v, want %s", c.request, err, c.code)
		}
	}
	s.plan = build(t, s.source, clinicMap, filter.Request{Provider: "SE1", Units: []string{"U11"}})
	holds(t, s.copy(), "SELECT (SELECT count(*) FROM Unit), (SELECT count(*) FROM Visit), (SELECT count(*) FROM Patient)", "1|0|0")
}

// The source's tables changed since the plan was made.
func TestDrift(t *testing.T) {
	for _, statement := range []string{"CREATE TABLE New (x)", "ALTER TABLE Note ADD COLUMN Secret TEXT", "DROP TABLE Log", "CREATE INDEX late ON Note (Body)"} {
		s := newScene(t, clinicSQL, clinicMap)
		change(t, s.path, statement)
		if code, err := s.fails(); code != run.CodeDrift {
			t.Errorf("%s: got %v", statement, err)
		}
	}
	s := newScene(t, clinicSQL, clinicMap)
	change(t, s.path, "INSERT INTO Note VALUES (9, 1000, NULL, 'new')")
	holds(t, s.copy(), "SELECT Body FROM Note WHERE Id = 9", "new")
}

// A source whose file is replaced after it was opened is read as the file that is there, and held against the plan as
// such: rows never come from one file while the tables are looked at in another.
func TestSourceReplaced(t *testing.T) {
	s := newScene(t, clinicSQL, clinicMap)
	other := database(t, strings.ReplaceAll(strings.Replace(clinicSQL, "Name TEXT);\nCREATE TABLE Visit", "Name TEXT, Secret TEXT);\nCREATE TABLE Visit", 1),
		"INSERT INTO Patient VALUES (100, '200001019801', 'Anna'), (101, '200001019802', 'Bo'), (102, NULL, 'Cecilia');", ""))
	if err := os.Rename(other, s.path); err != nil {
		t.Fatal(err)
	}
	if code, err := s.fails(); code != run.CodeDrift {
		t.Errorf("got %v", err)
	}
	s = newScene(t, clinicSQL, clinicMap)
	if err := os.WriteFile(s.path+".new", []byte("not a database, but long enough to be read as one, and then some more of it..................................."), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(s.path+".new", s.path); err != nil {
		t.Fatal(err)
	}
	if code, err := s.fails(); code == "" {
		t.Errorf("got %v", err)
	}
}

// Nothing is overwritten: neither a database nor a package.
func TestNoOverwriting(t *testing.T) {
	s := newScene(t, clinicSQL, clinicMap)
	recipient, _ := keyPair(t)
	to := filepath.Join(t.TempDir(), "there")
	if err := os.WriteFile(to, []byte("something of somebody's"), 0o600); err != nil {
		t.Fatal(err)
	}
	into(t, s, run.NewDatabase("sqlite:"+to), run.Options{Key: testKey(t)}, "UE020")
	into(t, s, run.NewPackage(to, run.PackageOptions{Recipients: []*pack.Recipient{recipient}, Tool: "test"}), run.Options{Key: testKey(t)}, "UK010")
	into(t, s, run.NewDatabase("sqlite:"+s.path), run.Options{Key: testKey(t)}, "UE020")
	if content, err := os.ReadFile(to); err != nil || string(content) != "something of somebody's" {
		t.Errorf("%q, %v", content, err)
	}
	into(t, s, run.NewDatabase("sqlite:"+filepath.Join(to, "no", "such", "folder")), run.Options{Key: testKey(t)}, "UE021")
	into(t, s, run.NewDatabase("oracle:x"), run.Options{Key: testKey(t)}, "UE100")
}

// The same rows give the same report, into whatever they go, and equal manifests.
func TestDeterministic(t *testing.T) {
	s := newScene(t, mutationSQL, mutationMap)
	recipient, secret := keyPair(t)
	var reports []*run.Report
	var manifests []pack.Manifest
	for range 2 {
		dir := t.TempDir()
		r, err := run.Run(context.Background(), s.plan, s.source, run.NewDatabase("sqlite:"+filepath.Join(dir, "copy.db")), run.Options{Key: testKey(t)})
		if err != nil {
			t.Fatal(err)
		}
		reports = append(reports, r)
		path := filepath.Join(dir, "copy.utdrag")
		if _, err := run.Run(context.Background(), s.plan, s.source, run.NewPackage(path, run.PackageOptions{Recipients: []*pack.Recipient{recipient}, Tool: "test"}), run.Options{Key: testKey(t)}); err != nil {
			t.Fatal(err)
		}
		f, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		p, err := pack.Open(f, pack.Keys{Secrets: []*pack.Secret{secret}}, pack.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		manifests = append(manifests, *p.Manifest())
		v, err := run.VerifyPackage(context.Background(), s.plan.Schema().Map, s.plan.Request, p, run.VerifyOptions{Source: s.source, Key: testKey(t)})
		if err = errors.Join(err, f.Close()); err != nil || v.Err() != nil {
			t.Fatalf("%v, %v", err, v.Err())
		}
	}
	if !reflect.DeepEqual(reports[0], reports[1]) {
		t.Errorf("reports differ:\n%+v\n%+v", reports[0], reports[1])
	}
	if !reflect.DeepEqual(manifests[0], manifests[1]) {
		t.Errorf("manifests differ:\n%+v\n%+v", manifests[0], manifests[1])
	}
	for i, table := range reports[0].Tables {
		if m := manifests[0].Tables[i]; m.KeyDigest != table.Content || m.Rows != table.Rows || m.Name != table.Name {
			t.Errorf("report %+v, manifest %+v", table, m)
		}
	}
}

// A package for another provider, or by another map, is told as such.
func TestVerifyPackageOfAnother(t *testing.T) {
	s := newScene(t, mutationSQL, mutationMap)
	p := openPackage(t, s, filepath.Join(t.TempDir(), "copy.utdrag"))
	for _, other := range []struct {
		text    string
		request filter.Request
	}{
		{mutationMap, filter.Request{Provider: "SE2"}},
		{mutationMap + "# another\n", filter.Request{Provider: "SE1"}},
	} {
		o := build(t, s.source, other.text, other.request)
		v, err := run.VerifyPackage(context.Background(), o.Schema().Map, other.request, p, run.VerifyOptions{})
		if err == nil {
			err = v.Err()
		}
		if diag.CodeOf(err) != run.CodeStructure {
			t.Errorf("got %v", err)
		}
	}
}

// failing is a sink that fails at one call, and remembers all of them.
type failing struct {
	memorySink
	at    string
	calls []string
}

var errSink = errors.New("the sink failed")

func (s *failing) call(name string) error {
	s.calls = append(s.calls, name)
	if name == s.at {
		return errSink
	}
	return nil
}

func (s *failing) Begin(ctx context.Context, p *plan.Plan, r *run.Report) error {
	return errors.Join(s.call("begin"), s.memorySink.Begin(ctx, p, r))
}

func (s *failing) Table(ctx context.Context, t *plan.Table) (run.RowWriter, error) {
	if err := s.call("table"); err != nil {
		return nil, err
	}
	w, err := s.memorySink.Table(ctx, t)
	return &failingTable{w, s}, err
}

func (s *failing) Finish(context.Context, *run.Report) error { return s.call("finish") }
func (s *failing) Abort() error                              { return s.call("abort") }

type failingTable struct {
	run.RowWriter
	sink *failing
}

func (t *failingTable) Write(row []value.Value) error {
	return errors.Join(t.sink.call("write"), t.RowWriter.Write(row))
}

func (t *failingTable) Close() error { return errors.Join(t.sink.call("close"), t.RowWriter.Close()) }

// A sink that fails at any call is aborted, once, and not called again; its error comes through.
func TestSinkFails(t *testing.T) {
	s := newScene(t, clinicSQL, clinicMap)
	for _, at := range []string{"begin", "table", "write", "close", "finish"} {
		sink := &failing{at: at}
		r, err := run.Run(context.Background(), s.plan, s.source, sink, run.Options{Key: testKey(t)})
		if r != nil || !errors.Is(err, errSink) {
			t.Errorf("%s: report %v, error %v", at, r, err)
		}
		first := slices.Index(sink.calls, at)
		rest := sink.calls[first+1:]
		if at == "write" && len(rest) > 0 && rest[0] == "close" {
			rest = rest[1:] // the table at hand is closed
		}
		if !slices.Equal(rest, []string{"abort"}) {
			t.Errorf("%s: afterwards %v", at, rest)
		}
	}
	sink := &failing{at: "abort"}
	if _, err := run.Run(context.Background(), s.plan, s.source, sink, run.Options{Key: testKey(t)}); err != nil || slices.Contains(sink.calls, "abort") || sink.calls[len(sink.calls)-1] != "finish" {
		t.Errorf("%v: %v", err, sink.calls)
	}
}
