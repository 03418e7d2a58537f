package enginetest

import (
	"io"
	"net"
	"sync"
	"sync/atomic"
	"testing"
)

// Proxy stands between a client and a server, and cuts every connection when so many bytes have passed.
type Proxy struct {
	listener net.Listener
	network  string
	address  string
	passed   atomic.Int64
	limit    atomic.Int64 // 0 for none

	mu   sync.Mutex
	open map[net.Conn]bool
}

// NewProxy listens on a port of its own for connections to a server. It ends with the test.
func NewProxy(t testing.TB, network, address string) *Proxy {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &Proxy{listener: listener, network: network, address: address, open: map[net.Conn]bool{}}
	go p.serve()
	t.Cleanup(func() {
		_ = listener.Close()
		p.cut()
	})
	return p
}

// Port is where the proxy listens, on the loopback address.
func (p *Proxy) Port() int { return p.listener.Addr().(*net.TCPAddr).Port }

// CutAfter lets so many bytes pass from now on, in both directions together, before it cuts what is open and refuses what
// comes; 0 lets everything pass.
func (p *Proxy) CutAfter(bytes int64) {
	p.passed.Store(0)
	p.limit.Store(bytes)
}

// Passed is how many bytes have passed since CutAfter.
func (p *Proxy) Passed() int64 { return p.passed.Load() }

func (p *Proxy) serve() {
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return
		}
		if limit := p.limit.Load(); limit > 0 && p.passed.Load() >= limit {
			_ = client.Close()
			continue
		}
		server, err := net.Dial(p.network, p.address)
		if err != nil {
			_ = client.Close()
			continue
		}
		p.mu.Lock()
		p.open[client], p.open[server] = true, true
		p.mu.Unlock()
		go p.pass(client, server)
		go p.pass(server, client)
	}
}

func (p *Proxy) pass(from, to net.Conn) {
	buffer := make([]byte, 4096)
	for {
		n, err := from.Read(buffer)
		if n > 0 {
			passed, limit := p.passed.Add(int64(n)), p.limit.Load()
			if limit > 0 && passed >= limit {
				p.cut()
				return
			}
			if _, err := to.Write(buffer[:n]); err != nil {
				break
			}
		}
		if err == io.EOF || err != nil {
			break
		}
	}
	_ = from.Close()
	_ = to.Close()
}

// cut closes every connection.
func (p *Proxy) cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for c := range p.open {
		_ = c.Close()
	}
	clear(p.open)
}
