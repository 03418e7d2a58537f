package pack

import (
	"io"
	"sync/atomic"
)

const asyncBuffer = 256 << 10

// async hands what is written to another goroutine, which writes it on, so that two stages work at once. What it holds
// is bounded by three buffers.
type async struct {
	current    []byte
	full, free chan []byte
	done       chan struct{}
	failed     atomic.Pointer[error]
}

func newAsync(w io.Writer) *async {
	a := &async{full: make(chan []byte, 2), free: make(chan []byte, 3), done: make(chan struct{})}
	for range cap(a.free) {
		a.free <- nil
	}
	go func() {
		defer close(a.done)
		for b := range a.full {
			if a.failed.Load() == nil {
				if _, err := w.Write(b); err != nil {
					a.failed.Store(&err)
				}
			}
			a.free <- b[:0]
		}
	}()
	return a
}

func (a *async) Write(p []byte) (n int, err error) {
	for n < len(p) {
		if err := a.failed.Load(); err != nil {
			return n, *err
		}
		if a.current == nil {
			if a.current = <-a.free; a.current == nil {
				a.current = make([]byte, 0, asyncBuffer)
			}
		}
		m := min(len(p)-n, asyncBuffer-len(a.current))
		a.current = append(a.current, p[n:n+m]...)
		n += m
		if len(a.current) == asyncBuffer {
			a.full <- a.current
			a.current = nil
		}
	}
	return n, nil
}

// Close waits until all is written on, and returns the first error of doing so. It doesn't close what lies behind.
func (a *async) Close() error {
	if len(a.current) > 0 {
		a.full <- a.current
	}
	a.current = nil
	close(a.full)
	<-a.done
	if err := a.failed.Load(); err != nil {
		return *err
	}
	return nil
}
