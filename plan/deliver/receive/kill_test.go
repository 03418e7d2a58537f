package receive_test

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/utdrag/utdrag/internal/engine/postgres/pgtest"
)

// killsVariable is how many times a reception is killed.
const killsVariable = "UTDRAG_TEST_KILLS"

// Killed at any moment while it loads and swaps, a reception leaves readers the older copy or the newer one, whole; what else
// it leaves, the next one clears away.
func TestKilled(t *testing.T) {
	kills := 20
	if text := os.Getenv(killsVariable); text != "" {
		var err error
		kills, err = strconv.Atoi(text)
		check(t, err)
	}
	t.Run("sqlite", func(t *testing.T) {
		p := &sqlitePlace{t: t, folder: t.TempDir()}
		killed(t, p, kills, func() bool {
			_, err := os.Stat(filepath.Join(p.folder, ".tallmo.db.utdrag-incoming"))
			return err == nil
		})
	})
	t.Run("postgres", func(t *testing.T) {
		if !pgtest.Installed() {
			t.Skip("no PostgreSQL server is installed")
		}
		p := &postgresPlace{t: t, server: pgtest.Server(t)}
		p.name = p.server.Name(t)
		t.Cleanup(func() {
			for _, name := range []string{"_previous", "_incoming"} {
				p.server.Exec(t, p.server.URL("postgres"), `DROP DATABASE IF EXISTS "`+p.name+name+`" WITH (FORCE)`)
			}
		})
		killed(t, p, kills, func() bool {
			return len(p.server.Query(t, p.server.URL("postgres"), `SELECT FROM pg_database WHERE datname = '`+p.name+`_incoming'`)) > 0
		})
	})
}

// killed receives two packages in turn and kills; swapping tells when an early kill is worth while.
func killed(t *testing.T, p place, kills int, arriving func() bool) {
	sizes := []int{3000, 3001}
	files := []string{making{order: orderAt(1), patients: sizes[0]}.make(t), making{order: orderAt(2), patients: sizes[1]}.make(t)}
	folder := t.TempDir()
	key, signer := filepath.Join(folder, "key"), filepath.Join(folder, "signer")
	check(t, os.WriteFile(key, people()["provider"].private, 0o600))
	check(t, os.WriteFile(signer, people()["region"].public, 0o600))
	start := func(i int) *exec.Cmd {
		text, err := json.Marshal(child{File: files[i&1], Target: p.url(), State: filepath.Join(folder, "received-"+strconv.Itoa(i)+".json"), Key: key, Signer: signer})
		check(t, err)
		c := exec.Command(os.Args[0])
		c.Env = append(os.Environ(), childVariable+"="+string(text))
		c.Stderr = &bytes.Buffer{}
		check(t, c.Start())
		return c
	}
	began := time.Now()
	for i := range 2 {
		if c := start(-2 + i); c.Wait() != nil {
			t.Fatalf("in peace: %s", c.Stderr)
		}
	}
	takes := time.Since(began) / 2

	// A reader who never stops.
	var stop atomic.Bool
	var reader sync.WaitGroup
	var seen, out atomic.Int64
	reader.Go(func() {
		for !stop.Load() {
			a, b, err := p.sees()
			switch {
			case err != nil:
				out.Add(1)
			case a != b || a != sizes[0] && a != sizes[1]:
				t.Errorf("a reader saw %d patients and %d visits", a, b)
			default:
				seen.Add(1)
			}
			time.Sleep(5 * time.Millisecond)
		}
	})
	for i := range kills {
		c := start(i)
		if i%2 == 0 {
			time.Sleep(rand.N(takes))
		} else {
			for deadline := time.Now().Add(2 * takes); !arriving() && time.Now().Before(deadline); time.Sleep(time.Millisecond / 2) {
			}
			time.Sleep(rand.N(3 * time.Millisecond))
		}
		_ = c.Process.Kill()
		_ = c.Wait() // it may have been done
		a, b, err := p.sees()
		if err != nil || a != b || a != sizes[0] && a != sizes[1] {
			t.Fatalf("killed for the %d. time: %d patients and %d visits: %v", i+1, a, b, err)
		}
	}
	stop.Store(true)
	reader.Wait()
	t.Logf("%d readings, %d refused", seen.Load(), out.Load())
	if seen.Load() == 0 {
		t.Error("the reader never got in")
	}
	if c := start(kills + kills%2); c.Wait() != nil {
		t.Fatalf("after them all: %s", c.Stderr)
	}
	a, b, err := p.sees()
	demandCounts(t, sizes[0], a, b, err)
	if left := p.leftovers(); len(left) > 0 {
		t.Errorf("left behind: %q", left)
	}
}
