package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"golang.org/x/term"
)

// progress shows how a run goes on: on a terminal as one line that is drawn again and again, elsewhere as a line for
// each phase and one each ten seconds. It is a run.Progress, and is told things from one goroutine while another draws.
type progress struct {
	u     *ui
	clock func() time.Time
	width func() int
	done  chan struct{}
	ended sync.WaitGroup

	mu       sync.Mutex
	phase    string
	tables   int
	table    int
	name     string
	expected int64
	inTable  int64
	rows     int64
	bytes    int64
	began    time.Time // of the phase
	entered  time.Time // of the table
	said     time.Time
	drawn    bool
}

const (
	redraw = 150 * time.Millisecond
	quiet  = 10 * time.Second
)

func newProgress(u *ui) *progress {
	p := &progress{u: u, clock: time.Now, width: terminalWidth(u.err), done: make(chan struct{})}
	every := time.Second
	if u.terminal {
		every = redraw
	}
	p.ended.Go(func() {
		ticker := time.NewTicker(every)
		defer ticker.Stop()
		for {
			select {
			case <-p.done:
				return
			case <-ticker.C:
				p.tick()
			}
		}
	})
	return p
}

// stop ends the drawing and takes the line away. Nothing else may be said before.
func (p *progress) stop() {
	close(p.done)
	p.ended.Wait()
	if p.drawn {
		fmt.Fprint(p.u.err, "\r\x1b[K")
		p.drawn = false
	}
}

func terminalWidth(w io.Writer) func() int {
	f, ok := w.(*os.File)
	return func() int {
		if ok {
			if width, _, err := term.GetSize(int(f.Fd())); err == nil && width > 20 {
				return width
			}
		}
		return 80
	}
}

// phases are the words for the phases of a run.
var phases = map[string]string{"key sets": "finding out which rows", "count": "counting", "copy": "copying", "load": "loading", "verify": "verifying"}

func (p *progress) Phase(name string, tables int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.clock()
	p.phase, p.tables, p.table, p.name, p.expected = name, tables, 0, "", -1
	if words, ok := phases[name]; ok {
		p.phase = words
	}
	p.inTable, p.rows, p.bytes, p.began, p.entered, p.said = 0, 0, 0, now, now, now
	if !p.u.terminal {
		text := p.phase
		if tables > 0 {
			text += " " + number(tables, "table")
		}
		p.u.note("%s", text)
	}
}

func (p *progress) Table(name string, rows int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.name, p.expected, p.inTable, p.entered = name, rows, 0, p.clock()
	p.table++
}

func (p *progress) Add(rows, bytes int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.rows += rows
	p.bytes += bytes
	p.inTable += rows
}

// tick draws the line, or writes one when it is time.
func (p *progress) tick() {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.clock()
	switch {
	case p.phase == "":
	case p.u.terminal:
		fmt.Fprint(p.u.err, "\r"+shorten(clean(p.line(now)), p.width()-1)+"\x1b[K")
		p.drawn = true
	case now.Sub(p.said) >= quiet:
		p.said = now
		p.u.note("%s", p.line(now))
	}
}

// line is how things stand.
func (p *progress) line(now time.Time) string {
	parts := []string{p.phase}
	if p.name != "" {
		if p.tables > 0 {
			parts[0] += fmt.Sprintf(" %d/%d", p.table, p.tables)
		}
		parts[0] += " " + p.name
	}
	spent := now.Sub(p.began)
	if p.rows > 0 {
		parts = append(parts, grouped(p.rows)+" rows", size(p.bytes))
		if seconds := spent.Seconds(); seconds >= 1 {
			parts = append(parts, grouped(int64(float64(p.rows)/seconds))+" rows/s")
		}
	}
	parts = append(parts, spent.Round(time.Second).String())
	// The estimate is of the whole table in the source, of which a copy takes some.
	if in := now.Sub(p.entered); p.expected > p.inTable && p.inTable > 0 && in >= time.Second {
		left := time.Duration(float64(in) * float64(p.expected-p.inTable) / float64(p.inTable))
		parts = append(parts, "at most "+left.Round(time.Second).String()+" left in this table")
	}
	return strings.Join(parts, " · ")
}
