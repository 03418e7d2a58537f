package main

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"path"
	"strings"
	"sync"

	"github.com/pkg/sftp"
	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/knownhosts"
)

// demoServer is an SFTP server for one demonstration: on the loopback interface alone, at a free port, with a host key of its
// own, one account, and one folder, which nothing leads out of. It is no server for anything else.
type demoServer struct {
	port        int
	fingerprint string // of the host key, as ssh-keygen -l prints it
	knownHosts  string // the line of a known_hosts file

	root     *os.Root
	listener net.Listener
	config   *ssh.ServerConfig

	mu     sync.Mutex
	open   map[net.Conn]bool // nil once it is closed
	served sync.WaitGroup
}

// startDemoServer shows a folder to whoever knows the password.
func startDemoServer(folder, user, password string) (*demoServer, error) {
	public, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, err
	}
	signer, err := ssh.NewSignerFromKey(key)
	if err != nil {
		return nil, err
	}
	host, err := ssh.NewPublicKey(public)
	if err != nil {
		return nil, err
	}
	s := &demoServer{fingerprint: ssh.FingerprintSHA256(host), open: map[net.Conn]bool{}}
	s.config = &ssh.ServerConfig{PasswordCallback: func(m ssh.ConnMetadata, given []byte) (*ssh.Permissions, error) {
		known := subtle.ConstantTimeCompare([]byte(m.User()), []byte(user)) & subtle.ConstantTimeCompare(given, []byte(password))
		if known != 1 {
			return nil, errors.New("no such account")
		}
		return nil, nil
	}}
	s.config.AddHostKey(signer)
	if s.root, err = os.OpenRoot(folder); err != nil {
		return nil, err
	}
	if s.listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		return nil, errors.Join(err, s.root.Close())
	}
	s.port = s.listener.Addr().(*net.TCPAddr).Port
	s.knownHosts = knownhosts.Line([]string{fmt.Sprintf("[127.0.0.1]:%d", s.port)}, host)
	s.served.Go(s.accept)
	return s, nil
}

// Close ends the server and every connection to it.
func (s *demoServer) Close() error {
	err := s.listener.Close()
	s.mu.Lock()
	for conn := range s.open {
		_ = conn.Close() // it has nothing to lose
	}
	s.open = nil
	s.mu.Unlock()
	s.served.Wait()
	return errors.Join(err, s.root.Close())
}

func (s *demoServer) accept() {
	for {
		conn, err := s.listener.Accept()
		if err != nil {
			return
		}
		s.mu.Lock()
		if s.open != nil {
			s.open[conn] = true
			s.served.Go(func() { s.serve(conn) })
		} else {
			_ = conn.Close()
		}
		s.mu.Unlock()
	}
}

func (s *demoServer) serve(conn net.Conn) {
	defer func() {
		_ = conn.Close()
		s.mu.Lock()
		delete(s.open, conn)
		s.mu.Unlock()
	}()
	c, channels, requests, err := ssh.NewServerConn(conn, s.config)
	if err != nil {
		return
	}
	defer c.Close()
	s.served.Go(func() { ssh.DiscardRequests(requests) })
	for n := range channels {
		if n.ChannelType() != "session" {
			_ = n.Reject(ssh.UnknownChannelType, "sessions only")
			continue
		}
		channel, requests, err := n.Accept()
		if err != nil {
			return
		}
		s.served.Go(func() { s.session(channel, requests) })
	}
}

// session lets SFTP be asked for, once, and nothing else.
func (s *demoServer) session(channel ssh.Channel, requests <-chan *ssh.Request) {
	asked := false
	for r := range requests {
		var subsystem struct{ Name string }
		ok := !asked && r.Type == "subsystem" && ssh.Unmarshal(r.Payload, &subsystem) == nil && subsystem.Name == "sftp"
		_ = r.Reply(ok, nil)
		if !ok {
			continue
		}
		asked = true
		s.served.Go(func() {
			h := demoFiles{s.root}
			server := sftp.NewRequestServer(channel, sftp.Handlers{FileGet: h, FilePut: h, FileCmd: h, FileList: h})
			_ = server.Serve() // it ends when the client goes
			_ = channel.Close()
		})
	}
}

// demoFiles are the files of a folder, as SFTP asks for them.
type demoFiles struct{ root *os.Root }

// name is a path of the server's, which begins at the folder.
func (demoFiles) name(of string) string {
	if name := strings.TrimPrefix(path.Clean("/"+of), "/"); name != "" {
		return name
	}
	return "."
}

func (f demoFiles) Fileread(r *sftp.Request) (io.ReaderAt, error) {
	return f.root.Open(f.name(r.Filepath))
}

func (f demoFiles) Filewrite(r *sftp.Request) (io.WriterAt, error) {
	flags, asked := os.O_WRONLY, r.Pflags()
	for _, one := range []struct {
		asked bool
		flag  int
	}{{asked.Creat, os.O_CREATE}, {asked.Trunc, os.O_TRUNC}, {asked.Excl, os.O_EXCL}} {
		if one.asked {
			flags |= one.flag
		}
	}
	return f.root.OpenFile(f.name(r.Filepath), flags, 0o600)
}

func (f demoFiles) Filecmd(r *sftp.Request) error {
	from, to := f.name(r.Filepath), f.name(r.Target)
	switch r.Method {
	case "Link":
		return f.root.Link(from, to)
	case "Rename": // which replaces nothing (draft-ietf-secsh-filexfer-02, 6.5)
		if _, err := f.root.Lstat(to); err == nil {
			return sftp.ErrSSHFxFailure
		}
		return f.root.Rename(from, to)
	case "Remove":
		return f.root.Remove(from)
	}
	return sftp.ErrSSHFxOpUnsupported
}

func (f demoFiles) Filelist(r *sftp.Request) (sftp.ListerAt, error) {
	name := f.name(r.Filepath)
	switch r.Method {
	case "Stat":
		info, err := f.root.Stat(name)
		return demoListing{info}, err
	case "List":
		entries, err := fs.ReadDir(f.root.FS(), name)
		if err != nil {
			return nil, err
		}
		var all demoListing
		for _, e := range entries {
			if info, err := e.Info(); err == nil { // it may have gone meanwhile
				all = append(all, info)
			}
		}
		return all, nil
	}
	return nil, sftp.ErrSSHFxOpUnsupported
}

// Lstat is asked for what a name itself is.
func (f demoFiles) Lstat(r *sftp.Request) (sftp.ListerAt, error) {
	info, err := f.root.Lstat(f.name(r.Filepath))
	return demoListing{info}, err
}

type demoListing []fs.FileInfo

func (l demoListing) ListAt(to []fs.FileInfo, offset int64) (int, error) {
	if offset >= int64(len(l)) {
		return 0, io.EOF
	}
	n := copy(to, l[offset:])
	if n < len(to) {
		return n, io.EOF
	}
	return n, nil
}
