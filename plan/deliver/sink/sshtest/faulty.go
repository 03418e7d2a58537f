package sshtest

import (
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"io"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pkg/sftp"
	"golang.org/x/crypto/ssh"
)

// Faults say how the server of [StartFaulty] misbehaves.
type Faults struct {
	// Password lets in whoever knows it, by the ways named.
	Password        string
	ByPassword      bool
	ByInteractive   bool
	Questions       []string // instead of one hidden "Password: "
	Echo            bool
	Renames         bool          // rename replaces what is there
	NoLinks         bool          // a link is refused as not supported
	CorruptAt       int64         // more than 0: the byte at that offset is altered as it is written
	Full            int64         // more than 0: the bytes that all files together may have
	SilentAfter     int64         // more than 0: once that many bytes were written, nothing is answered any more
	Slow            time.Duration // each write takes that long
	NoRead          bool          // reading is refused
	Ciphers         []string
	NoSFTP          bool
	MuteAfterSecret bool // hangs up on a wrong password without a word
	// Instead puts other handlers in the place of the server's own, which it is given. May be nil.
	Instead func(own sftp.Handlers) sftp.Handlers
}

// Faulty is a server inside the test. Its files lie in Dir.
type Faulty struct {
	Host, User, Dir string
	Port            int
	Fingerprint     string
	Logins          atomic.Int64

	faults  Faults
	written atomic.Int64
	end     chan struct{}
}

// StartFaulty starts a server for the user "kund" that misbehaves as told.
func StartFaulty(t testing.TB, f Faults) *Faulty {
	t.Helper()
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := ssh.NewSignerFromKey(key)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &Faulty{Host: "127.0.0.1", Port: l.Addr().(*net.TCPAddr).Port, User: "kund", Dir: t.TempDir(),
		Fingerprint: ssh.FingerprintSHA256(signer.PublicKey()), faults: f, end: make(chan struct{})}
	var mu sync.Mutex
	var open []net.Conn
	var all sync.WaitGroup
	t.Cleanup(func() {
		close(s.end)
		_ = l.Close()
		mu.Lock()
		for _, c := range open {
			_ = c.Close()
		}
		mu.Unlock()
		all.Wait()
	})
	all.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			mu.Lock()
			open = append(open, c)
			mu.Unlock()
			all.Go(func() { s.serve(c, signer) })
		}
	})
	return s
}

func (s *Faulty) config(conn net.Conn, signer ssh.Signer) *ssh.ServerConfig {
	wrong := errors.New("no")
	try := func(secret string) error {
		s.Logins.Add(1)
		if secret == s.faults.Password && secret != "" {
			return nil
		}
		if s.faults.MuteAfterSecret {
			_ = conn.Close()
		}
		return wrong
	}
	c := &ssh.ServerConfig{Config: ssh.Config{Ciphers: s.faults.Ciphers}}
	c.AddHostKey(signer)
	if s.faults.ByPassword {
		c.PasswordCallback = func(m ssh.ConnMetadata, secret []byte) (*ssh.Permissions, error) {
			if m.User() != s.User {
				return nil, wrong
			}
			return nil, try(string(secret))
		}
	}
	if s.faults.ByInteractive {
		c.KeyboardInteractiveCallback = func(m ssh.ConnMetadata, ask ssh.KeyboardInteractiveChallenge) (*ssh.Permissions, error) {
			questions := s.faults.Questions
			if questions == nil {
				questions = []string{"Password: "}
			}
			echos := make([]bool, len(questions))
			for i := range echos {
				echos[i] = s.faults.Echo
			}
			answers, err := ask("", "", questions, echos)
			if err != nil || len(answers) == 0 || m.User() != s.User {
				return nil, wrong
			}
			return nil, try(answers[0])
		}
	}
	return c
}

func (s *Faulty) serve(conn net.Conn, signer ssh.Signer) {
	defer conn.Close()
	c, channels, requests, err := ssh.NewServerConn(conn, s.config(conn, signer))
	if err != nil {
		return
	}
	defer c.Close()
	go ssh.DiscardRequests(requests)
	for n := range channels {
		channel, requests, err := n.Accept()
		if err != nil {
			return
		}
		go func() {
			for r := range requests {
				ok := r.Type == "subsystem" && len(r.Payload) > 4 && string(r.Payload[4:]) == "sftp" && !s.faults.NoSFTP
				_ = r.Reply(ok, nil)
				if ok {
					go func() {
						h := &handlers{s}
						all := sftp.Handlers{FileGet: h, FilePut: h, FileCmd: h, FileList: h}
						if s.faults.Instead != nil {
							all = s.faults.Instead(all)
						}
						server := sftp.NewRequestServer(channel, all)
						_ = server.Serve()
						_ = channel.Close()
					}()
				}
			}
		}()
	}
}

type handlers struct{ s *Faulty }

func (h *handlers) path(name string) string { return filepath.Join(h.s.Dir, filepath.FromSlash(name)) }

func (h *handlers) Fileread(r *sftp.Request) (io.ReaderAt, error) {
	if h.s.faults.NoRead {
		return nil, sftp.ErrSSHFxPermissionDenied
	}
	return os.Open(h.path(r.Filepath))
}

func (h *handlers) Filewrite(r *sftp.Request) (io.WriterAt, error) {
	flags := os.O_WRONLY
	asked := r.Pflags()
	for _, f := range []struct {
		set  bool
		flag int
	}{{asked.Creat, os.O_CREATE}, {asked.Trunc, os.O_TRUNC}, {asked.Excl, os.O_EXCL}} {
		if f.set {
			flags |= f.flag
		}
	}
	f, err := os.OpenFile(h.path(r.Filepath), flags, 0o600)
	if err != nil {
		return nil, err
	}
	return &faultyFile{f, h.s}, nil
}

type faultyFile struct {
	*os.File
	s *Faulty
}

func (f *faultyFile) WriteAt(p []byte, off int64) (int, error) {
	faults := f.s.faults
	written := f.s.written.Add(int64(len(p)))
	if faults.Full > 0 && written > faults.Full {
		return 0, errors.New("no space left on device")
	}
	if faults.SilentAfter > 0 && written > faults.SilentAfter {
		<-f.s.end
	}
	time.Sleep(faults.Slow)
	if at := faults.CorruptAt - off; faults.CorruptAt > 0 && at >= 0 && at < int64(len(p)) {
		p = append([]byte(nil), p...)
		p[at] ^= 1
	}
	return f.File.WriteAt(p, off)
}

func (h *handlers) Filecmd(r *sftp.Request) error {
	from, to := h.path(r.Filepath), h.path(r.Target)
	switch r.Method {
	case "Rename":
		if _, err := os.Lstat(to); err == nil && !h.s.faults.Renames {
			return sftp.ErrSSHFxFailure
		}
		return os.Rename(from, to)
	case "Remove":
		return os.Remove(from)
	case "Link":
		if h.s.faults.NoLinks {
			return sftp.ErrSSHFxOpUnsupported
		}
		return os.Link(from, to)
	}
	return sftp.ErrSSHFxOpUnsupported
}

func (h *handlers) Filelist(r *sftp.Request) (sftp.ListerAt, error) {
	path := h.path(r.Filepath)
	if r.Method != "List" {
		info, err := os.Lstat(path)
		if err != nil {
			return nil, err
		}
		return listing{info}, nil
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		return nil, err
	}
	var all listing
	for _, e := range entries {
		if info, err := e.Info(); err == nil {
			all = append(all, info)
		}
	}
	return all, nil
}

type listing []fs.FileInfo

func (l listing) ListAt(to []fs.FileInfo, offset int64) (int, error) {
	if offset >= int64(len(l)) {
		return 0, io.EOF
	}
	n := copy(to, l[offset:])
	if n < len(to) {
		return n, io.EOF
	}
	return n, nil
}
