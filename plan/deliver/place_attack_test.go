package deliver

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/utdrag/utdrag/plan/deliver/order"
)

// Somebody who may write in the folder of orders puts a link where a lock is to be: what it leads to, here the disclosure log, keeps
// every byte.
func TestAttackALockThatIsALink(t *testing.T) {
	for _, name := range []string{"tallmo.lock", folderLock} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			o := w.order("tallmo", orderText())
			before := w.read(w.path("disclosure.log"))
			if err := os.Mkdir(w.path(StateFolder), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.Symlink(w.path("disclosure.log"), filepath.Join(w.path(StateFolder), name)); err != nil {
				t.Skip("no links here")
			}
			var err error
			if name == folderLock {
				_, err = Run(t.Context(), w.folder, RunOptions{Options: w.options()})
			} else {
				_, err = w.deliver(o)
			}
			wantCode(t, err, codeStateDisk)
			if after := w.read(w.path("disclosure.log")); after != before {
				t.Errorf("the log has %d bytes and had %d", len(after), len(before))
			}
			if laid := w.names("out"); len(laid) > 0 {
				t.Errorf("there lie %q", laid)
			}
		})
	}
}

// within fails where something takes for ever: an open pipe can't be called off.
func within(t *testing.T, what string, do func()) {
	t.Helper()
	done := make(chan struct{})
	go func() { defer close(done); do() }()
	select {
	case <-done:
	case <-time.After(5 * time.Second):
		t.Fatalf("%s waits for ever", what)
	}
}

// A pipe in the place of a file is refused, and nobody waits for its other end.
func TestAttackPipes(t *testing.T) {
	for _, test := range []struct {
		name string
		do   func(w *world, o *order.Order) error
		want string
	}{
		{"pipe.order.hcl", func(w *world, _ *order.Order) error {
			_, err := Run(context.Background(), w.folder, RunOptions{Options: w.options()})
			return err
		}, order.CodeFolder},
		{"notes.hcl", func(w *world, _ *order.Order) error {
			_, _, err := order.LoadFolder(w.folder)
			return err
		}, ""},
		{"tallmo.asc", func(w *world, o *order.Order) error { _, err := w.deliver(o); return err }, order.CodeKeyFile},
		{"journal.hcl", func(w *world, o *order.Order) error { _, err := w.deliver(o); return err }, order.CodeFileMissing},
		{StateFolder + "/tallmo.json", func(w *world, o *order.Order) error { _, err := w.deliver(o); return err }, codeState},
		{StateFolder + "/tallmo.lock", func(w *world, o *order.Order) error { _, err := w.deliver(o); return err }, codeStateDisk},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld(t)
			o := w.order("tallmo", orderText())
			if err := os.Mkdir(w.path(StateFolder), 0o700); err != nil {
				t.Fatal(err)
			}
			_ = os.Remove(w.path(test.name))
			if !makePipe(w.path(test.name)) {
				t.Skip("no pipes with a name here")
			}
			var err error
			within(t, test.name, func() { err = test.do(w, o) })
			if test.want == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			wantCode(t, err, test.want)
		})
	}
}

// A secret that is a pipe.
func TestAttackSecretInAPipe(t *testing.T) {
	w := newWorld(t)
	o := w.order("tallmo", orderText(`folder { path = "out" }`, `sftp {
    host = "127.0.0.1"
    port = 1
    user = "tallmo"
    host_key = "SHA256:TMU90eFj66UeiMdcHQQ72OnQ/g6baTaqiLooi2H55dU"
    password = "file:pipe"
  }`))
	if !makePipe(w.path("pipe")) {
		t.Skip("no pipes with a name here")
	}
	var err error
	within(t, "the secret", func() { _, err = o.Secret(o.Delivery.SFTP.Password, os.Getenv) })
	wantCode(t, err, order.CodeNoValue)
	wantCode(t, order.Check(t.Context(), []*order.Order{o}, w.now, nil).Err(), order.CodeFileMissing)
}

// One source by two spellings is one source, and no two deliveries read it at once.
func TestAttackSpellingsOfOneSource(t *testing.T) {
	for _, same := range [][]string{
		{"postgres://db.example.se/journal", "postgresql://db.example.se/journal", "postgres://db.example.se:5432/journal", "postgres://DB.example.se./journal", "postgres://other:pw@db.example.se/journal?sslmode=require"},
		{"sqlserver://db.example.se?database=Journal", "sqlserver://sa:x@db.example.se:1433?database=journal&encrypt=true"},
		{"sqlserver://db.example.se/inst?database=Journal", "sqlserver://db.example.se:1433/INST?database=Journal"},
	} {
		for _, other := range same[1:] {
			if sourceMark(same[0]) != sourceMark(other) {
				t.Errorf("%s and %s are two", same[0], other)
			}
		}
	}
	marks := map[string]string{}
	for _, source := range []string{"postgres://db.example.se/journal", "postgres://db.example.se/other", "postgres://db.example.se:5433/journal", "sqlserver://db.example.se?database=Journal",
		"sqlserver://db.example.se?database=Other", "sqlite:/a.db", "sqlite:/b.db"} {
		if before, ok := marks[sourceMark(source)]; ok {
			t.Errorf("%s and %s are one", before, source)
		}
		marks[sourceMark(source)] = source
	}
}
