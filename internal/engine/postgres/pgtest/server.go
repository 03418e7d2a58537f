// Package pgtest runs a PostgreSQL server for tests.
//
// [Server] starts one server for the test process, the first time it is asked for: a new cluster in a temporary folder,
// reached over a unix socket in that folder only. It needs the server's programs and skips the test where there are
// none. The server ends with the test process, however that ends, and its folder goes with it.
package pgtest

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

const (
	superuser = "utdrag"
	port      = "5432"
	// Reader is a role that may log in, and whatever a test grants it. PasswordRole is another, which must give Password.
	Reader       = "reader"
	PasswordRole = "clerk"
	Password     = "correct horse"
)

// Cluster is a running server.
type Cluster struct {
	directory string
	stdin     io.Closer // the server stops when this is closed
	done      chan struct{}
}

var (
	start   sync.Once
	shared  *Cluster
	failure error
)

// errNone is why tests are skipped.
var errNone = errors.New("no PostgreSQL server is installed: neither PATH, pg_config nor /usr/lib/postgresql has initdb")

// Installed reports whether the server's programs are there, without which [Server] skips a test.
func Installed() bool {
	_, err := program("initdb")
	return err == nil
}

// Server returns the server of this test process.
func Server(t testing.TB) *Cluster {
	t.Helper()
	start.Do(func() { shared, failure = newCluster() })
	if errors.Is(failure, errNone) {
		t.Skip(failure)
	}
	if failure != nil {
		t.Fatal(failure)
	}
	return shared
}

// Main runs the tests of a package and waits until the server is gone. A package that doesn't call it leaves the server
// to end a moment after the process.
func Main(m *testing.M) { os.Exit(Run(m)) }

// Run is Main for a package that has more to do before it exits. It returns the exit code.
func Run(m *testing.M) int {
	code := m.Run()
	if shared != nil {
		shared.stop()
	}
	return code
}

func newCluster() (*Cluster, error) {
	directory, err := folder()
	if err != nil {
		return nil, err
	}
	data := filepath.Join(directory, "data")
	if err := run("initdb", "--pgdata="+data, "--username="+superuser, "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions"); err != nil {
		return nil, errors.Join(err, os.RemoveAll(directory))
	}
	access := "local all " + PasswordRole + " scram-sha-256\nlocal all all trust\nlocal replication all trust\n"
	if err := os.WriteFile(filepath.Join(data, "pg_hba.conf"), []byte(access), 0o600); err != nil {
		return nil, err
	}
	c, err := launch(directory)
	if err != nil {
		return nil, err
	}
	return c, c.exec(context.Background(), c.URL("postgres"), "CREATE ROLE "+Reader+" LOGIN; CREATE ROLE "+PasswordRole+" LOGIN PASSWORD '"+Password+"'")
}

// folder makes a folder that the server's user owns. The path of a socket has at most 107 bytes, so that it isn't in a
// test's own folder.
func folder() (string, error) {
	if _, err := program("initdb"); err != nil {
		return "", err
	}
	directory, err := os.MkdirTemp("", "utdrag-pg-")
	if err != nil {
		return "", err
	}
	return directory, Own(directory)
}

// Own gives a folder to the server's user.
func Own(directory string) error {
	id, err := runAs()
	if err != nil || id == nil {
		return err
	}
	return os.Chown(directory, id.uid, id.gid)
}

// identity is the user that the server runs as; PostgreSQL refuses to run as root.
type identity struct{ uid, gid int }

func runAs() (*identity, error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err1 := strconv.Atoi(u.Uid)
		gid, err2 := strconv.Atoi(u.Gid)
		return &identity{uid, gid}, errors.Join(err1, err2)
	}
	return nil, errors.New("a server can't run as root, and there is no user postgres or nobody")
}

// program finds one of the server's programs.
func program(name string) (string, error) {
	if path, err := exec.LookPath(name); err == nil {
		return path, nil
	}
	var folders []string
	if out, err := exec.Command("pg_config", "--bindir").Output(); err == nil {
		folders = append(folders, strings.TrimSpace(string(out)))
	}
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin")
	for i := len(found) - 1; i >= 0; i-- { // the newest version last in the list
		folders = append(folders, found[i])
	}
	for _, f := range folders {
		path := filepath.Join(f, name)
		if info, err := os.Stat(path); err == nil && info.Mode()&0o111 != 0 {
			return path, nil
		}
	}
	return "", errNone
}

func run(name string, args ...string) error {
	path, err := program(name)
	if err != nil {
		return err
	}
	cmd := exec.Command(path, args...)
	cmd.Dir = "/"
	if err := asServer(cmd); err != nil {
		return err
	}
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", name, err, out)
	}
	return nil
}

// launch starts the server of a folder. A shell stands between: it stops the server and removes the folder when its
// standard input ends, which it does when this process is gone, be it killed.
func launch(directory string) (*Cluster, error) {
	path, err := program("postgres")
	if err != nil {
		return nil, err
	}
	const script = `"$0" -D "$1/data" -k "$1" -c listen_addresses= -c port=` + port + ` -c fsync=off -c synchronous_commit=off -c full_page_writes=off ` +
		`-c max_connections=100 -c shared_buffers=64MB -c max_locks_per_transaction=256 -c jit=off -c autovacuum=off -c log_min_messages=fatal & pid=$!
cat >/dev/null; kill -INT $pid; wait $pid; rm -rf "$1"`
	cmd := exec.Command("/bin/sh", "-c", script, path, directory)
	cmd.Dir = "/"
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	if err := asServer(cmd); err != nil {
		return nil, err
	}
	log, err := os.CreateTemp("", "utdrag-pg-log-")
	if err != nil {
		return nil, err
	}
	defer log.Close()
	defer os.Remove(log.Name())
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	c := &Cluster{directory: directory, stdin: stdin, done: make(chan struct{})}
	go func() {
		defer close(c.done)
		_ = cmd.Wait() // stopping is what makes it end
	}()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(20 * time.Millisecond) {
		err := c.exec(context.Background(), c.URL("postgres"), "SELECT 1")
		if err == nil {
			return c, nil
		}
		if time.Now().After(deadline) {
			said, _ := os.ReadFile(log.Name())
			c.stop()
			return nil, fmt.Errorf("the server doesn't start: %w\n%s", err, said)
		}
	}
}

func (c *Cluster) stop() {
	c.stdin.Close()
	<-c.done
}

// URL is the URL of a database for the superuser.
func (c *Cluster) URL(database string) string { return c.URLAs(superuser, "", database) }

// URLAs is the URL of a database for another role.
func (c *Cluster) URLAs(role, password, database string) string {
	u := url.URL{Scheme: "postgres", User: url.User(role), Path: "/" + database, RawQuery: url.Values{"host": {c.directory}, "port": {port}}.Encode()}
	if password != "" {
		u.User = url.UserPassword(role, password)
	}
	return u.String()
}

// Name is a name for a database that no other has. It is dropped, if it is there, when the test ends.
func (c *Cluster) Name(t testing.TB) string {
	name := "test_" + strings.ToLower(rand.Text()[:12])
	t.Cleanup(func() {
		if err := c.exec(context.Background(), c.URL("postgres"), `DROP DATABASE IF EXISTS "`+name+`" WITH (FORCE)`); err != nil {
			t.Error(err)
		}
	})
	return name
}

// Database makes an empty database and returns its URL. It is dropped when the test ends.
func (c *Cluster) Database(t testing.TB) string {
	t.Helper()
	name := c.Name(t)
	c.Exec(t, c.URL("postgres"), `CREATE DATABASE "`+name+`"`)
	return c.URL(name)
}

// Exec runs SQL, which may be several statements.
func (c *Cluster) Exec(t testing.TB, url, sql string) {
	t.Helper()
	if err := c.exec(context.Background(), url, sql); err != nil {
		t.Fatalf("%v\n%.300s", err, sql)
	}
}

func (c *Cluster) exec(ctx context.Context, url, sql string) error {
	conn, err := pgconn.Connect(ctx, url)
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, sql).ReadAll()
	return errors.Join(err, conn.Close(ctx))
}

// Query returns the cells of a query as text; a NULL is "<null>".
func (c *Cluster) Query(t testing.TB, url, sql string) [][]string {
	t.Helper()
	ctx := context.Background()
	conn, err := pgconn.Connect(ctx, url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	results, err := conn.Exec(ctx, sql).ReadAll()
	if err != nil {
		t.Fatalf("%v\n%.300s", err, sql)
	}
	var rows [][]string
	for _, result := range results {
		for _, cells := range result.Rows {
			row := make([]string, len(cells))
			for i, cell := range cells {
				row[i] = string(cell)
				if cell == nil {
					row[i] = "<null>"
				}
			}
			rows = append(rows, row)
		}
	}
	return rows
}

// Replica makes a hot standby of the server, which follows it. It ends with the test.
func (c *Cluster) Replica(t testing.TB) *Cluster {
	t.Helper()
	directory, err := folder()
	if err != nil {
		t.Fatal(err)
	}
	err = run("pg_basebackup", "--pgdata="+filepath.Join(directory, "data"), "--host="+c.directory, "--port="+port, "--username="+superuser,
		"--write-recovery-conf", "--checkpoint=fast", "--no-sync")
	if err != nil {
		os.RemoveAll(directory)
		t.Fatal(err)
	}
	replica, err := launch(directory)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(replica.stop)
	return replica
}

// Follow waits until a replica has all that the server has now.
func (c *Cluster) Follow(t testing.TB, replica *Cluster) {
	t.Helper()
	at := c.Query(t, c.URL("postgres"), "SELECT pg_current_wal_lsn()")[0][0]
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if replica.Query(t, replica.URL("postgres"), "SELECT pg_last_wal_replay_lsn() >= '"+at+"'")[0][0] == "t" {
			return
		}
	}
	t.Fatal("the replica doesn't follow")
}
