package sink

import (
	"context"
	"errors"
	"io"
	"net"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/pkg/sftp"
	"golang.org/x/crypto/ssh"

	"github.com/utdrag/utdrag/filter/diag"
)

// SFTP is a folder on a server. It is both sink and [Store]. Its zero fields must not change during a call.
//
// What is spoken: key exchange by ML-KEM-768 with X25519, X25519, the NIST curves, or groups 14 and 16 with SHA-2; AES-GCM,
// ChaCha20-Poly1305 or AES-CTR with HMAC-SHA-2; keys of Ed25519, ECDSA, or RSA of at least 2048 bits with SHA-2.
type SFTP struct {
	Host string
	Port int // 0: 22
	User string
	// Folder must exist. "": where the server puts one who logs in.
	Folder   string
	HostKey  HostKey
	Auth     Auth
	Timeouts Timeouts
	// Dial connects. nil: by net.Dialer.
	Dial    func(ctx context.Context, network, address string) (net.Conn, error)
	Options Options

	family atomic.Int32 // of the host key that was right, plus 1
}

// Timeouts say when a server is held to be gone. 0 stands for what is in brackets.
type Timeouts struct {
	Connect   time.Duration // until the connection is made [30 s]
	Handshake time.Duration // until we are logged in, without the time that a prompt takes [60 s]
	Answer    time.Duration // until a request is answered, or a block of at most 4 MB is written [2 min]
	KeepAlive time.Duration // between signs of life [15 s]; less than 0: none
}

func (t Timeouts) withDefaults() Timeouts {
	for _, d := range []struct {
		value    *time.Duration
		standard time.Duration
	}{{&t.Connect, 30 * time.Second}, {&t.Handshake, time.Minute}, {&t.Answer, 2 * time.Minute}, {&t.KeepAlive, 15 * time.Second}} {
		if *d.value == 0 {
			*d.value = d.standard
		}
	}
	return t
}

// Put delivers the package to the server.
func (s *SFTP) Put(ctx context.Context, name string, source Source) (*Receipt, error) {
	connect, end, err := s.begin()
	if err != nil {
		return nil, err
	}
	defer end()
	return put(ctx, name, source, s.Options, connect)
}

func (s *SFTP) address() string {
	port := s.Port
	if port == 0 {
		port = 22
	}
	return net.JoinHostPort(s.Host, strconv.Itoa(port))
}

// begin checks the settings and loads keys: what is wrong there is found before anything is made.
func (s *SFTP) begin() (connector, func(), error) {
	if s.Host == "" || s.User == "" || s.Port < 0 || s.Port > 65535 || strings.ContainsAny(s.Host+s.User+s.Folder, "\x00\r\n\t") ||
		strings.ContainsAny(s.Host, " @/") {
		return nil, nil, misuse(codeSettings, "an SFTP area has a host, a port, a user and a folder", "the address of the SFTP area isn't one")
	}
	t := s.Timeouts.withDefaults()
	if t.Connect < 0 || t.Handshake < 0 || t.Answer < 0 {
		return nil, nil, misuse(codeSettings, "", "a time to wait for the server is less than nothing")
	}
	pins, err := s.HostKey.read()
	if err != nil {
		return nil, nil, err
	}
	login, err := s.Auth.begin(s.where())
	if err != nil {
		return nil, nil, err
	}
	d := &dialing{sftp: s, pins: pins, login: login, timeouts: t}
	return d.connect, login.end, nil
}

func (s *SFTP) where() string { return s.User + "@" + s.address() }

type dialing struct {
	sftp     *SFTP
	pins     *pins
	login    *login
	timeouts Timeouts
}

// connect makes a connection to the pinned host. Where a fingerprint alone is known, the server is asked for its keys one
// kind after the other; nothing is said to it before one is right.
func (d *dialing) connect(ctx context.Context) (shelf, error) {
	offers := d.pins.offers(d.sftp.address())
	first := int(d.sftp.family.Load()) - 1
	if first >= len(offers) {
		first = -1
	}
	var mismatch, none error
	var shown []string
	for i := -1; i < len(offers); i++ {
		at := i
		if i < 0 {
			if at = first; first < 0 {
				continue
			}
		} else if i == first {
			continue
		}
		client, conn, key, err := d.handshake(ctx, offers[at])
		switch {
		case err == nil:
			d.sftp.family.Store(int32(at) + 1)
			return d.session(ctx, client, conn)
		case diag.CodeOf(err) == codeHostChanged && d.pins.known == nil:
			mismatch, shown = err, append(shown, key)
		case diag.CodeOf(err) == codeAlgorithms && len(offers) > 1:
			none = err
		default:
			return nil, err
		}
	}
	if mismatch != nil {
		return nil, changed(d.sftp.where(), d.pins.fingerprints, shown)
	}
	return nil, none
}

func (d *dialing) handshake(ctx context.Context, hostKeys []string) (_ *ssh.Client, _ *metered, shown string, err error) {
	where, address := d.sftp.where(), d.sftp.address()
	dial := d.sftp.Dial
	if dial == nil {
		dial = (&net.Dialer{}).DialContext
	}
	dialing, stop := context.WithTimeout(ctx, d.timeouts.Connect)
	plain, err := dial(dialing, "tcp", address)
	stop()
	if err != nil {
		if ctx.Err() != nil {
			return nil, nil, "", canceled(ctx, "connecting to "+where)
		}
		return nil, nil, "", external(codeConnect, "check the address, and that the firewalls between let it through", errTransient,
			"%s can't be reached", where)
	}
	conn := &metered{Conn: plain}
	interrupt := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer interrupt()

	limit := func(waiting bool) {
		until := time.Time{}
		if !waiting {
			until = time.Now().Add(d.timeouts.Handshake)
		}
		_ = conn.SetDeadline(until)
	}
	limit(false)
	var hostKey error
	right := false
	methods, end := d.login.methods(limit)
	defer end()
	d.login.failed, d.login.used = nil, false
	config := &ssh.ClientConfig{
		Config:            ssh.Config{KeyExchanges: keyExchanges, Ciphers: ciphers, MACs: macs},
		User:              d.sftp.User,
		Auth:              methods,
		HostKeyAlgorithms: hostKeys,
		ClientVersion:     "SSH-2.0-Utdrag",
		HostKeyCallback: func(_ string, remote net.Addr, key ssh.PublicKey) error {
			shown = ssh.FingerprintSHA256(key)
			hostKey = d.pins.check(where, address, remote, key)
			right = hostKey == nil
			return hostKey
		},
	}
	c, channels, requests, err := ssh.NewClientConn(conn, address, config)
	if err == nil {
		_ = conn.SetDeadline(time.Time{})
		if !interrupt() { // the context ended at this very moment
			_ = conn.Close()
			return nil, nil, shown, canceled(ctx, "connecting to "+where)
		}
		return ssh.NewClient(c, channels, requests), conn, shown, nil
	}
	_ = conn.Close()
	return nil, nil, shown, d.explain(ctx, err, hostKey, right)
}

// explain says why a handshake failed. What the library says isn't passed on: parts of it are the server's words.
func (d *dialing) explain(ctx context.Context, err, hostKey error, right bool) error {
	where := d.sftp.where()
	if ctx.Err() != nil {
		return canceled(ctx, "connecting to "+where)
	}
	if hostKey != nil {
		return hostKey
	}
	if _, ok := errors.AsType[*ssh.AlgorithmNegotiationError](err); ok {
		return refused(codeAlgorithms, "the recipient's server needs Ed25519, ECDSA or RSA with SHA-2, X25519 or its like, and AES-GCM or its like",
			"%s offers no algorithm that is good enough", where)
	}
	if timeout, ok := errors.AsType[net.Error](err); ok && timeout.Timeout() {
		return external(codeStalled, "", errTransient, "%s didn't finish the handshake in %s", where, d.timeouts.Handshake)
	}
	if d.login.failed != nil {
		return d.login.failed
	}
	// A server may hang up on a wrong password without a word. Trying it again and again would lock the account.
	if cut(err) && !d.login.used {
		return external(codeConnect, "", errTransient, "%s ended the connection during the handshake", where)
	}
	if right {
		return refused(codeAuth, "check the account, that the server knows the key, and the password; too many attempts may lock the account",
			"%s doesn't let us in", where)
	}
	return external(codeProtocol, "check host and port", nil, "%s doesn't speak SSH as it should", where)
}

// cut reports whether the connection ended, rather than that someone refused.
func cut(err error) bool {
	if _, ok := errors.AsType[net.Error](err); ok {
		return true
	}
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.ErrClosedPipe) ||
		errors.Is(err, net.ErrClosed) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)
}

// session asks for the SFTP subsystem.
func (d *dialing) session(ctx context.Context, client *ssh.Client, conn *metered) (shelf, error) {
	s := newSession(ctx, d, client, conn)
	err := s.do(func() (err error) {
		// Blocks are cut into requests that are sent in order and answered together: see the package's comment.
		s.sftp, err = sftp.NewClient(client, sftp.UseConcurrentWrites(true))
		return err
	})
	if err != nil {
		s.close()
		if err = s.explain(err, "opening", "the SFTP subsystem"); transient(err) {
			return nil, err
		}
		return nil, external(codeProtocol, "check that the account is one for SFTP", nil, "%s offers no SFTP", s.where())
	}
	if d.sftp.Folder != "" {
		if err := s.checkFolder(); err != nil {
			s.close()
			return nil, err
		}
	}
	return s, nil
}
