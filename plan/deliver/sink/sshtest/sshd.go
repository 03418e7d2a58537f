package sshtest

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// Options change what [Start] starts.
type Options struct {
	// HostKeys are the kinds of host keys, as ssh-keygen -t and -b take them: "ed25519", "ecdsa 384", "rsa 2048".
	// nil: one of Ed25519.
	HostKeys []string
	// Dir is where one who logs in is put. "": a folder of its own.
	Dir string
	// SFTP are further arguments of internal-sftp, such as -R (read only) or -P and requests to deny.
	SFTP string
	// Config are further lines of sshd_config.
	Config string
	// Port is the port to listen on. 0: a free one.
	Port int
}

// Server is a running sshd. It ends with the test.
type Server struct {
	Host string
	Port int
	User string
	// Dir is the folder that the server shows.
	Dir string
	// KnownHosts is a file with the host keys; Fingerprints has them by kind, as in Options.
	KnownHosts   string
	Fingerprints map[string]string

	home string
	pid  int
}

// Start starts OpenSSH's sshd as the user who runs the test. The test is skipped where there is none.
func Start(t testing.TB, o Options) *Server {
	t.Helper()
	sshd := tool(t, "sshd")
	who, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	if os.Geteuid() == 0 {
		// Where sshd shuts itself in before the login. A package's service makes it at start.
		if err := os.MkdirAll("/run/sshd", 0o755); err != nil {
			t.Skip("sshd as root needs /run/sshd:", err)
		}
	}
	s := &Server{Host: "127.0.0.1", Port: o.Port, User: who.Username, Dir: o.Dir, home: t.TempDir(), Fingerprints: map[string]string{}}
	if s.Dir == "" {
		s.Dir = t.TempDir()
	}
	if s.Port == 0 {
		s.Port = freePort(t)
	}
	if o.HostKeys == nil {
		o.HostKeys = []string{"ed25519"}
	}
	// Without PAM, sshd looks whether the account is locked, which only root can see; others would be told that it is.
	pam := "no"
	if os.Geteuid() != 0 {
		pam = "yes"
	}
	var config, known strings.Builder
	fmt.Fprintf(&config, "ListenAddress %s\nPort %d\n", s.Host, s.Port)
	for i, kind := range o.HostKeys {
		file := makeKey(t, filepath.Join(s.home, "host"+strconv.Itoa(i)), kind, "")
		public, err := os.ReadFile(file + ".pub")
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&config, "HostKey %s\n", file)
		fmt.Fprintf(&known, "[%s]:%d %s", s.Host, s.Port, public)
		s.Fingerprints[kind] = Fingerprint(t, file)
	}
	s.KnownHosts = s.file(t, "known_hosts", known.String())
	s.file(t, "authorized_keys", "")
	fmt.Fprintf(&config, "AuthorizedKeysFile %s\nStrictModes no\nUsePAM %s\nPidFile none\nPasswordAuthentication no\n"+
		"KbdInteractiveAuthentication no\nPermitRootLogin prohibit-password\nMaxStartups 200\nLogLevel VERBOSE\n"+
		"Subsystem sftp internal-sftp -d %s %s\n%s\n", filepath.Join(s.home, "authorized_keys"), pam, s.Dir, o.SFTP, o.Config)
	file := s.file(t, "sshd_config", config.String())

	log := filepath.Join(s.home, "log")
	cmd := exec.Command(sshd, "-D", "-f", file, "-E", log)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	s.pid = cmd.Process.Pid
	ended := make(chan struct{})
	go func() { _ = cmd.Wait(); close(ended) }()
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		<-ended
		if t.Failed() {
			text, _ := os.ReadFile(log)
			t.Logf("sshd said:\n%s", text[max(0, len(text)-4000):])
		}
	})
	for range 200 {
		if c, err := net.Dial("tcp", s.Address()); err == nil {
			_ = c.Close()
			return s
		}
		select {
		case <-ended:
			text, _ := os.ReadFile(log)
			t.Fatalf("sshd didn't start:\n%s", text)
		case <-time.After(25 * time.Millisecond):
		}
	}
	t.Fatal("sshd doesn't listen")
	return nil
}

// Quiet waits until every connection's own process has ended, also those whose client was killed: nothing of theirs is written
// after that. It can be seen on Linux alone; elsewhere a while must do.
func (s *Server) Quiet(t testing.TB) {
	t.Helper()
	for range 3000 {
		children, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", s.pid, s.pid))
		if err != nil {
			time.Sleep(time.Second)
			return
		}
		if len(bytes.TrimSpace(children)) == 0 && !s.serving() {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Fatal("sshd still serves somebody")
}

// serving reports whether a process works in the server's folder. One that serves SFTP does, and when its client is gone it outlives
// the connection until it has done what it was told.
func (s *Server) serving() bool {
	all, _ := filepath.Glob("/proc/[0-9]*/cwd")
	for _, link := range all {
		if dir, err := os.Readlink(link); err == nil && dir == s.Dir {
			return true
		}
	}
	return false
}

// Address is host:port.
func (s *Server) Address() string { return net.JoinHostPort(s.Host, strconv.Itoa(s.Port)) }

// Authorize lets the holder of a private key file in.
func (s *Server) Authorize(t testing.TB, file string) {
	t.Helper()
	public, err := os.ReadFile(file + ".pub")
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(filepath.Join(s.home, "authorized_keys"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.Write(public); err != nil {
		t.Fatal(err)
	}
}

func (s *Server) file(t testing.TB, name, text string) string {
	t.Helper()
	path := filepath.Join(s.home, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// Key makes a private key file with its public part beside it (.pub). kind is as in [Options.HostKeys].
func Key(t testing.TB, kind, passphrase string) string {
	t.Helper()
	return makeKey(t, filepath.Join(t.TempDir(), "key"), kind, passphrase)
}

func makeKey(t testing.TB, file, kind, passphrase string) string {
	t.Helper()
	name, bits, _ := strings.Cut(kind, " ")
	args := []string{"-q", "-t", name, "-N", passphrase, "-C", "test", "-f", file}
	if bits != "" {
		args = append(args, "-b", bits)
	}
	if out, err := exec.Command(tool(t, "ssh-keygen"), args...).CombinedOutput(); err != nil {
		t.Fatalf("ssh-keygen: %v\n%s", err, out)
	}
	return file
}

// Fingerprint is what ssh-keygen -l prints for a key file.
func Fingerprint(t testing.TB, file string) string {
	t.Helper()
	out, err := exec.Command(tool(t, "ssh-keygen"), "-l", "-f", file+".pub").Output()
	fields := strings.Fields(string(out))
	if err != nil || len(fields) < 2 {
		t.Fatalf("ssh-keygen -l: %v\n%s", err, out)
	}
	return fields[1]
}

// Agent starts a real ssh-agent that holds the keys, and returns its socket. It ends with the test.
func Agent(t testing.TB, files ...string) string {
	t.Helper()
	// A socket's path has little room; the test's own folder may be deep.
	dir, err := os.MkdirTemp("", "agent")
	if err != nil {
		t.Fatal(err)
	}
	socket := filepath.Join(dir, "s")
	cmd := exec.Command(tool(t, "ssh-agent"), "-D", "-a", socket)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait(); _ = os.RemoveAll(dir) })
	for range 200 {
		if _, err := os.Stat(socket); err == nil {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	for _, f := range files {
		add := exec.Command(tool(t, "ssh-add"), "-q", f)
		add.Env = append(os.Environ(), "SSH_AUTH_SOCK="+socket)
		if out, err := add.CombinedOutput(); err != nil {
			t.Fatalf("ssh-add: %v\n%s", err, bytes.TrimSpace(out))
		}
	}
	return socket
}

// RequireVariable is the environment variable that, set to anything, makes a test fail where a program that it needs is missing,
// instead of being skipped: for where it is known that they are there, and their loss should be seen.
const RequireVariable = "UTDRAG_TEST_REQUIRE"

// Demand skips a test, or fails it (see [RequireVariable]), where one of the programs isn't installed.
func Demand(t testing.TB, names ...string) {
	t.Helper()
	for _, name := range names {
		tool(t, name)
	}
}

// tool finds a program, also where only root looks.
func tool(t testing.TB, name string) string {
	t.Helper()
	if path, err := exec.LookPath(name); err == nil {
		if path, err = filepath.Abs(path); err == nil {
			return path
		}
	}
	for _, dir := range []string{"/usr/sbin", "/usr/local/sbin", "/sbin"} {
		if info, err := os.Stat(filepath.Join(dir, name)); err == nil && info.Mode()&0o111 != 0 {
			return filepath.Join(dir, name)
		}
	}
	if os.Getenv(RequireVariable) != "" {
		t.Fatalf("%s isn't installed, and %s is set", name, RequireVariable)
	}
	t.Skipf("%s isn't installed: nothing is proved against it", name)
	return ""
}

func freePort(t testing.TB) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}
