package mysql

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// server is a MariaDB of the tests' own: it listens on a socket in a directory of its own and nowhere else.
type server struct {
	socket, client string
	process        *exec.Cmd
	dir            string
}

var (
	started  *server
	startErr error
	start    sync.Once
)

// mariadb returns the server, or skips the test where none is installed.
func mariadb(t *testing.T) *server {
	t.Helper()
	start.Do(func() { started, startErr = startServer() })
	if startErr != nil {
		t.Skipf("no MariaDB to try it on: %v", startErr)
	}
	return started
}

func startServer() (*server, error) {
	daemon, err := exec.LookPath("mariadbd")
	if err != nil {
		if daemon, err = exec.LookPath("mysqld"); err != nil {
			return nil, err
		}
	}
	install, err := exec.LookPath("mariadb-install-db")
	if err != nil {
		return nil, err
	}
	client, err := exec.LookPath("mariadb")
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "m")
	if err != nil {
		return nil, err
	}
	data := filepath.Join(dir, "data")
	user := "--user=" + os.Getenv("USER")
	if os.Geteuid() == 0 {
		user = "--user=root"
	}
	if out, err := exec.Command(install, "--no-defaults", "--datadir="+data, "--auth-root-authentication-method=normal", "--skip-test-db", user).CombinedOutput(); err != nil {
		return nil, fmt.Errorf("%w: %s", err, out)
	}
	s := &server{socket: filepath.Join(dir, "s"), client: client, dir: dir}
	s.process = exec.Command(daemon, "--no-defaults", "--datadir="+data, "--socket="+s.socket, "--skip-networking", user,
		"--pid-file="+filepath.Join(dir, "pid"), "--innodb-buffer-pool-size=16M", "--innodb-flush-log-at-trx-commit=0",
		"--character-set-server=utf8mb4", "--sql-mode=ANSI_QUOTES,NO_BACKSLASH_ESCAPES,PIPES_AS_CONCAT")
	if err := s.process.Start(); err != nil {
		return nil, err
	}
	for range 100 {
		if _, err = s.run("", "SELECT 1"); err == nil {
			return s, nil
		}
		time.Sleep(100 * time.Millisecond)
	}
	return nil, err
}

func (s *server) stop() {
	_ = s.process.Process.Kill()
	_ = s.process.Wait()
	_ = os.RemoveAll(s.dir)
}

// run returns the rows of some statements, one a line, with the names of their columns.
func (s *server) run(database, sql string) (string, error) {
	c := exec.Command(s.client, "--no-defaults", "--socket="+s.socket, "--user=root", "--batch", "--default-character-set=utf8mb4", database)
	if database == "" {
		c.Args = c.Args[:len(c.Args)-1]
	}
	c.Stdin = strings.NewReader(sql)
	var out, problem bytes.Buffer
	c.Stdout, c.Stderr = &out, &problem
	if err := c.Run(); err != nil {
		return "", fmt.Errorf("%w: %s", err, problem.String())
	}
	return out.String(), nil
}

// problems runs statements to the last one and returns what the server had to say against them.
func (s *server) problems(database, sql string) string {
	c := exec.Command(s.client, "--no-defaults", "--socket="+s.socket, "--user=root", "--batch", "--force", database)
	c.Stdin = strings.NewReader(sql)
	var problems bytes.Buffer
	c.Stderr = &problems
	_ = c.Run() // it fails where any of the statements does
	return problems.String()
}

func TestMain(m *testing.M) {
	code := m.Run()
	if started != nil {
		started.stop()
	}
	os.Exit(code)
}
