package sshtest

import (
	"io"
	"net"
	"sync"
	"sync/atomic"
	"testing"
)

// Line is a TCP connection's way to a server, on which each connection breaks after so many bytes.
type Line struct {
	Port int
	// Breaks counts the connections that broke; Connections all.
	Breaks, Connections atomic.Int64

	target string
	limits func(connection int) int64
	mu     sync.Mutex
	open   []net.Conn
}

// Cut listens on the loopback interface and passes on to target. limits tells how many bytes towards the server the
// connection with that number, counted from 0, takes before it breaks; less than 0: it doesn't.
func Cut(t testing.TB, target string, limits func(connection int) int64) *Line {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	line := &Line{Port: l.Addr().(*net.TCPAddr).Port, target: target, limits: limits}
	var all sync.WaitGroup
	t.Cleanup(func() {
		_ = l.Close()
		line.Break()
		all.Wait()
	})
	all.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			all.Go(func() { line.pass(c) })
		}
	})
	return line
}

// Break ends every connection that is open now.
func (l *Line) Break() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, c := range l.open {
		_ = c.Close()
	}
	l.open = nil
}

func (l *Line) pass(near net.Conn) {
	defer near.Close()
	limit := l.limits(int(l.Connections.Add(1) - 1))
	far, err := net.Dial("tcp", l.target)
	if err != nil {
		return
	}
	defer far.Close()
	l.mu.Lock()
	l.open = append(l.open, near, far)
	l.mu.Unlock()
	go func() {
		_, _ = io.Copy(near, far)
		_ = near.Close()
	}()
	if limit < 0 {
		_, _ = io.Copy(far, near)
		return
	}
	if n, _ := io.CopyN(far, near, limit); n == limit {
		l.Breaks.Add(1)
	}
}
