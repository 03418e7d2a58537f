package receive_test

import (
	"os"
	"strings"
	"testing"
)

// at does something when a phase begins.
type at struct {
	phase string
	do    func()
}

func (a at) Phase(name string, _ int) {
	if name == a.phase {
		a.do()
	}
}
func (at) Table(string, int64) {}
func (at) Add(int64, int64)    {}

// The package was verified, and then its file is written over: with another package by the same sender, with zeros, or with nothing.
func TestAttackWrittenOverAfterTheCheck(t *testing.T) {
	other := making{order: orderAt(2), patients: 400}.make(t)
	for what, over := range map[string]func(t *testing.T, file string){
		"another package": func(t *testing.T, file string) {
			text, err := os.ReadFile(other)
			check(t, err)
			check(t, os.WriteFile(file, text, 0o600))
		},
		"zeros": func(t *testing.T, file string) {
			info, err := os.Stat(file)
			check(t, err)
			check(t, os.WriteFile(file, make([]byte, info.Size()), 0o600))
		},
		"nothing": func(t *testing.T, file string) { check(t, os.Truncate(file, 0)) },
		"less":    func(t *testing.T, file string) { check(t, os.Truncate(file, 3000)) },
	} {
		t.Run(what, func(t *testing.T) {
			d := newDesk(t)
			file := making{order: orderAt(1), patients: 400}.make(t)
			done := false
			d.options.Progress = at{"load", func() { over(t, file); done = true }}
			_, err := d.take(file, d.sqlite("x.db"))
			if !done {
				t.Fatal("loading has no phase of that name any more")
			}
			if err == nil {
				t.Fatal("it was loaded")
			}
			if strings.Contains(err.Error(), "CANARY") {
				t.Errorf("an error holds data: %v", err)
			}
			if text := d.listing(); strings.Contains(text, "x.db") {
				t.Errorf("left behind:\n%s", text)
			}
		})
	}
}

// An old package of another order, which a thief kept, doesn't take the place of what is newer.
func TestAttackAnOldPackageOfAnotherOrder(t *testing.T) {
	d := newDesk(t)
	d.options.Replace = true
	d.loads(making{order: orderAt(3), patients: 6}.make(t), d.sqlite("a.db"), 6)
	old := orderAt(1)
	old.ID = "tallmo-once"
	file := making{order: old}.make(t)
	d.refuses("UD526", file, d.sqlite("a.db"))
	// Named, it is what is asked for; and beside the other one it is in nobody's way.
	d.options.Replace = false
	d.loads(file, d.sqlite("b.db"), 5)
}
