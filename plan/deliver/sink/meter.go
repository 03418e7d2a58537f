package sink

import (
	"net"
	"sync"
)

// metered is a connection that counts what the other side sends while it is told to.
type metered struct {
	net.Conn
	mu       sync.Mutex
	counting bool
	left     int64
	exceeded func()
}

// limit begins to count: exceeded is called, once, when more than so many bytes have come. With nil it ends, and reports whether
// there were more.
func (m *metered) limit(bytes int64, exceeded func()) (more bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	more = m.counting && m.left < 0
	m.counting, m.left, m.exceeded = exceeded != nil, bytes, exceeded
	return more
}

func (m *metered) Read(p []byte) (int, error) {
	n, err := m.Conn.Read(p)
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.counting && m.left >= 0 {
		if m.left -= int64(n); m.left < 0 {
			m.exceeded()
		}
	}
	return n, err
}
