package run_test

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/utdrag/utdrag/filter"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/plan/pack"
	"github.com/utdrag/utdrag/plan/run"
)

const manySQL = ownerSQL + `
CREATE TABLE Visit (Id INTEGER PRIMARY KEY, UnitId INTEGER REFERENCES Unit(Id), Text TEXT);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) INSERT INTO Visit SELECT i, 10, 'text ' || i FROM n;`

var requestSE1 = filter.Request{Provider: "SE1"}

const manyMap = mapHead + unitBlock + "table \"Visit\" {\n  path { via = [\"UnitId\"] }\n}\n"

// canceller is told how a run goes on, and interrupts it at one point.
type canceller struct {
	phase, table string
	cancel       context.CancelFunc
	at           string
	done         bool
}

func (c *canceller) Phase(name string, _ int) { c.phase = name; c.look() }
func (c *canceller) Table(name string, _ int64) {
	c.table = name
	c.look()
}
func (c *canceller) Add(rows, _ int64) {
	if rows > 0 {
		c.phase += " rows"
		c.look()
		c.phase = strings.TrimSuffix(c.phase, " rows")
	}
}

func (c *canceller) look() {
	if c.phase+" "+c.table == c.at && !c.done {
		c.done = true
		c.cancel()
	}
}

// A run that is interrupted says so and leaves nothing, wherever it was.
func TestCancel(t *testing.T) {
	s := newScene(t, manySQL, manyMap)
	recipient, _ := keyPair(t)
	for _, at := range []string{"key sets main.Provider", "copy main.Provider", "copy main.Visit", "copy rows main.Visit", "verify main.Visit"} {
		for _, sink := range []string{"database", "package"} {
			dir := t.TempDir()
			to := run.NewDatabase("sqlite:" + filepath.Join(dir, "copy.db"))
			if sink == "package" {
				to = run.NewPackage(filepath.Join(dir, "copy.utdrag"), run.PackageOptions{Recipients: []*pack.Recipient{recipient}, Tool: "test"})
			}
			ctx, cancel := context.WithCancel(context.Background())
			progress := &canceller{at: at, cancel: cancel}
			r, err := run.Run(ctx, s.plan, s.source, to, run.Options{Progress: progress})
			cancel()
			if !progress.done {
				t.Fatalf("%s: never there", at)
			}
			if r != nil || diag.CodeOf(err) != run.CodeInterrupted || !errors.Is(err, context.Canceled) {
				t.Errorf("%s, %s: report %v, error %v", at, sink, r != nil, err)
			}
			empty(t, dir)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	dir := t.TempDir()
	if _, err := run.Run(ctx, s.plan, s.source, run.NewDatabase("sqlite:"+filepath.Join(dir, "copy.db")), run.Options{}); diag.CodeOf(err) != run.CodeInterrupted {
		t.Errorf("before it began: %v", err)
	}
	empty(t, dir)
}

// An interrupted run doesn't claim to have left nothing where the sink couldn't clear up.
func TestCancelAbortFails(t *testing.T) {
	s := newScene(t, manySQL, manyMap)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	_, err := run.Run(ctx, s.plan, s.source, &failing{at: "abort"}, run.Options{Progress: &canceller{at: "copy rows main.Visit", cancel: cancel}})
	if diag.CodeOf(err) != run.CodeInterrupted || !errors.Is(err, errSink) || strings.Contains(err.Error(), "left nothing") {
		t.Errorf("got %v", err)
	}
}
