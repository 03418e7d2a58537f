package sqlserver

import (
	"io"
	"net"
	"sync"
	"testing"
)

// cutter stands between a client and a server, and cuts every connection when told.
type cutter struct {
	address  *address
	listener net.Listener
	guard    sync.Mutex
	open     []net.Conn
}

func newCutter(t *testing.T, a *address) *cutter {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := &cutter{address: a, listener: listener}
	t.Cleanup(func() {
		listener.Close()
		c.cut()
	})
	go c.serve()
	return c
}

func (c *cutter) serve() {
	for {
		client, err := c.listener.Accept()
		if err != nil {
			return
		}
		host := c.address.url.Host
		if c.address.url.Port() == "" {
			host = net.JoinHostPort(c.address.url.Hostname(), "1433")
		}
		server, err := net.Dial("tcp", host)
		if err != nil {
			client.Close()
			continue
		}
		c.guard.Lock()
		c.open = append(c.open, client, server)
		c.guard.Unlock()
		for _, way := range [][2]net.Conn{{client, server}, {server, client}} {
			go func() {
				io.Copy(way[0], way[1])
				way[0].Close()
			}()
		}
	}
}

func (c *cutter) cut() {
	c.guard.Lock()
	defer c.guard.Unlock()
	for _, conn := range c.open {
		conn.Close()
	}
	c.open = nil
}

// url leads to a database through the cutter.
func (c *cutter) url(database string) string {
	through := *c.address
	through.url.Host = c.listener.Addr().String()
	return through.dsn(database)
}
