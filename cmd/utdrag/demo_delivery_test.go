package main

import (
	"context"
	"database/sql"
	"errors"
	"io"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/pkg/sftp"
	"golang.org/x/crypto/ssh"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/plan/deliver/disclosure"
)

func dialDemo(s *demoServer, user, password string) (*ssh.Client, error) {
	return ssh.Dial("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(s.port)), &ssh.ClientConfig{User: user, Auth: []ssh.AuthMethod{ssh.Password(password)},
		HostKeyCallback: func(_ string, _ net.Addr, key ssh.PublicKey) error {
			if ssh.FingerprintSHA256(key) != s.fingerprint {
				return errors.New("another host key")
			}
			return nil
		}})
}

// The demonstration's server lets one account in, from this machine, and nothing leads out of its folder.
func TestDemoServer(t *testing.T) {
	outside := t.TempDir()
	folder := filepath.Join(outside, "folder")
	for name, text := range map[string]string{"secret": "outside", "folder/one": "one", "folder/two": "two"} {
		if err := errors.Join(os.MkdirAll(folder, 0o700), os.WriteFile(filepath.Join(outside, name), []byte(text), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	linked := os.Symlink("../secret", filepath.Join(folder, "link")) == nil // Windows may forbid it
	s, err := startDemoServer(folder, "kund", "rätt")
	if err != nil {
		t.Fatal(err)
	}
	if ip := s.listener.Addr().(*net.TCPAddr).IP; !ip.IsLoopback() {
		t.Errorf("it listens at %s", ip)
	}
	for _, wrong := range [][2]string{{"kund", "fel"}, {"kund", ""}, {"annan", "rätt"}} {
		if c, err := dialDemo(s, wrong[0], wrong[1]); err == nil {
			_ = c.Close()
			t.Errorf("%q was let in", wrong)
		}
	}
	conn, err := dialDemo(s, "kund", "rätt")
	if err != nil {
		t.Fatal(err)
	}
	if session, err := conn.NewSession(); err != nil || session.Run("true") == nil {
		t.Errorf("a command was run, or there was no session: %v", err)
	}
	if c, err := conn.Dial("tcp", s.listener.Addr().String()); err == nil {
		_ = c.Close()
		t.Error("it forwards connections")
	}
	c, err := sftp.NewClient(conn)
	if err != nil {
		t.Fatal(err)
	}
	read := func(name string) (string, error) {
		f, err := c.Open(name)
		if err != nil {
			return "", err
		}
		text, err := io.ReadAll(f)
		return string(text), errors.Join(err, f.Close())
	}
	if text, err := read("one"); text != "one" || err != nil {
		t.Errorf("%q %v", text, err)
	}
	names := []string{"../secret", "/../../secret", filepath.Join(outside, "secret")}
	if linked {
		names = append(names, "link")
	}
	for _, name := range names {
		if text, err := read(name); err == nil {
			t.Errorf("%s leads to %q", name, text)
		}
	}
	if c.Rename("one", "two") == nil || c.Link("one", "two") == nil {
		t.Error("a file was replaced")
	}
	if f, err := c.OpenFile("two", os.O_WRONLY|os.O_CREATE|os.O_EXCL); err == nil {
		_ = f.Close()
		t.Error("a file that is there was made again")
	}
	if text, err := read("two"); text != "two" || err != nil {
		t.Errorf("%q %v", text, err)
	}
	if _, err := c.Lstat("none"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file that isn't there: %v", err)
	}

	// The client is still connected, and the server ends all the same.
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if _, err := read("one"); err == nil {
		t.Error("a connection outlived the server")
	}
	if c, err := dialDemo(s, "kund", "rätt"); err == nil {
		_ = c.Close()
		t.Error("the server is still there")
	}
}

// What comes out otherwise than it must is found, and ends with 1.
func TestDemoDeliveryWrong(t *testing.T) {
	world := func(t *testing.T) *delivery {
		u := newUI(strings.NewReader(""), io.Discard, io.Discard)
		d := &delivery{demo: &demo{u: u, ctx: context.Background(), folder: t.TempDir()}, record: &disclosure.Disclosure{Package: disclosure.Package{Name: "p.pgp"}}}
		for _, name := range []string{"p.pgp", "p.pgp.receipt.json"} {
			file := filepath.Join(d.path(deliveryArea), name)
			if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o700), os.WriteFile(file, []byte(name), 0o600)); err != nil {
				t.Fatal(err)
			}
		}
		var err error
		if d.record.Package.SHA256, err = hashFile(filepath.Join(d.path(deliveryArea), "p.pgp")); err != nil {
			t.Fatal(err)
		}
		return d
	}
	if err := world(t).arrived(); err != nil {
		t.Fatalf("what is right is refused: %v", err)
	}
	for name, spoil := range map[string]func(area string) error{
		"another package": func(area string) error { return os.WriteFile(filepath.Join(area, "p.pgp"), []byte("else"), 0o600) },
		"a leftover":      func(area string) error { return os.WriteFile(filepath.Join(area, ".p.partial"), nil, 0o600) },
		"no receipt":      func(area string) error { return os.Remove(filepath.Join(area, "p.pgp.receipt.json")) },
	} {
		d := world(t)
		if err := spoil(d.path(deliveryArea)); err != nil {
			t.Fatal(err)
		}
		if err := d.arrived(); diag.CodeOf(err) != codeDemo || exitCode(err) != exitRefused {
			t.Errorf("%s: %v", name, err)
		}
	}
	// A database with fewer rows than were delivered, or more.
	d := world(t)
	if err := os.MkdirAll(d.path(deliveryProvider), 0o700); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", d.path(receivedCopy))
	if err != nil {
		t.Fatal(err)
	}
	_, err = db.Exec("CREATE TABLE Visit (Id INTEGER PRIMARY KEY); INSERT INTO Visit VALUES (1), (2)")
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	for rows, right := range map[int64]bool{1: false, 2: true, 3: false} {
		d.record.Tables = []disclosure.Table{{Name: catalog.Name{Schema: "main", Table: "Visit"}, Rows: rows}}
		err := d.counted()
		if right && err != nil || !right && (diag.CodeOf(err) != codeDemo || exitCode(err) != exitRefused) {
			t.Errorf("%d rows were logged: %v", rows, err)
		}
	}
	// A command that ends otherwise than the story has it.
	if _, _, err := d.run(exitRefused, "version"); diag.CodeOf(err) != codeDemo || exitCode(err) != exitRefused {
		t.Errorf("a command that should have been refused: %v", err)
	}
}
