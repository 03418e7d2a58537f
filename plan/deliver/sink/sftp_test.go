package sink

import (
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/utdrag/utdrag/plan/deliver/sink/sshtest"
)

// Every common kind of key, on both sides, with OpenSSH: straight and spooled.
func TestKeyKinds(t *testing.T) {
	content := sealed(300_000)
	for _, kind := range []string{"ed25519", "ecdsa 256", "ecdsa 384", "ecdsa 521", "rsa 2048", "rsa 4096"} {
		t.Run(kind, func(t *testing.T) {
			if testing.Short() && kind == "rsa 4096" {
				t.Skip("such keys take long to make")
			}
			server := sshtest.Start(t, sshtest.Options{HostKeys: []string{kind}})
			s := toServer(t, server)
			key := sshtest.Key(t, kind, secret)
			server.Authorize(t, key)
			asked := 0
			s.Auth = Auth{KeyFiles: []string{key}, Passphrase: func(string) ([]byte, error) { asked++; return []byte(secret), nil }}
			r, err := s.Put(t.Context(), packageName, streamOf(content))
			if err != nil {
				t.Fatal(err)
			}
			wantDelivered(t, server.Dir, content, r)
			if r.Verified != VerifiedReadBack || r.Already || asked != 1 || len(r.Remarks) > 0 {
				t.Errorf("%+v, passphrase asked %d times", r, asked)
			}
			s.HostKey = HostKey{Fingerprints: []string{server.Fingerprints[kind]}}
			if r, err = s.Put(t.Context(), packageName, spoolOf(content)); err != nil || !r.Already {
				t.Fatalf("a rerun: %+v, %v", r, err)
			}
		})
	}
}

func TestAgent(t *testing.T) {
	server := sshtest.Start(t, sshtest.Options{})
	s := toServer(t, server)
	wrong, right := sshtest.Key(t, "ed25519", ""), sshtest.Key(t, "rsa 2048", "")
	server.Authorize(t, right)
	s.Auth = Auth{Agent: sshtest.Agent(t, wrong, right), AgentKey: sshtest.Fingerprint(t, right)}
	content := sealed(1000)
	r, err := s.Put(t.Context(), packageName, streamOf(content))
	if err != nil {
		t.Fatal(err)
	}
	wantDelivered(t, server.Dir, content, r)

	s.Auth.AgentKey = sshtest.Fingerprint(t, sshtest.Key(t, "ed25519", ""))
	_, err = s.Put(t.Context(), "b", streamOf(content))
	wantCode(t, err, codeAgent)
	s.Auth.Agent = filepath.Join(t.TempDir(), "none")
	_, err = s.Put(t.Context(), "b", streamOf(content))
	wantCode(t, err, codeAgent)
}

func TestPassword(t *testing.T) {
	content := sealed(1000)
	for name, f := range map[string]sshtest.Faults{"password": {ByPassword: true}, "interactive": {ByInteractive: true}} {
		t.Run(name, func(t *testing.T) {
			f.Password = secret
			server := sshtest.StartFaulty(t, f)
			s := toFaulty(server)
			r, err := s.Put(t.Context(), packageName, spoolOf(content))
			if err != nil {
				t.Fatal(err)
			}
			wantDelivered(t, server.Dir, content, r)
			s.Auth.Password = func() ([]byte, error) { return []byte("wrong"), nil }
			_, err = s.Put(t.Context(), "b", spoolOf(content))
			wantCode(t, err, codeAuth, "kund@127.0.0.1")
			s.Auth.Password = func() ([]byte, error) { return nil, errors.New(secret) }
			_, err = s.Put(t.Context(), "b", spoolOf(content))
			wantCode(t, err, codeAuth)
		})
	}
	t.Run("another question", func(t *testing.T) {
		for _, f := range []sshtest.Faults{{Questions: []string{"Password: ", "Code: "}}, {Echo: true}} {
			f.Password, f.ByInteractive = secret, true
			server := sshtest.StartFaulty(t, f)
			_, err := toFaulty(server).Put(t.Context(), "b", spoolOf(content))
			wantCode(t, err, codePrompt)
			if server.Logins.Load() != 0 {
				t.Error("the password was sent")
			}
		}
	})
	t.Run("two ways", func(t *testing.T) {
		server := sshtest.StartFaulty(t, sshtest.Faults{Password: "other", ByPassword: true, ByInteractive: true})
		_, err := toFaulty(server).Put(t.Context(), "b", spoolOf(content))
		wantCode(t, err, codeAuth)
		if n := server.Logins.Load(); n != 1 {
			t.Errorf("the wrong password was sent %d times", n)
		}
	})
	t.Run("mute server", func(t *testing.T) {
		server := sshtest.StartFaulty(t, sshtest.Faults{Password: "other", ByPassword: true, MuteAfterSecret: true})
		_, err := toFaulty(server).Put(t.Context(), "b", spoolOf(content))
		wantCode(t, err, codeAuth)
		if n := server.Logins.Load(); n != 1 {
			t.Errorf("the wrong password was tried %d times", n)
		}
	})
}

// A wrong key is never tried twice, and a key file is looked at before anyone is called.
func TestKeyFiles(t *testing.T) {
	server := sshtest.Start(t, sshtest.Options{})
	s := toServer(t, server)
	good := s.Auth.KeyFiles
	content := spoolOf(sealed(10))
	put := func() error { _, err := s.Put(t.Context(), packageName, content); return err }

	s.Auth.KeyFiles = []string{sshtest.Key(t, "ed25519", "")}
	wantCode(t, put(), codeAuth)
	locked := sshtest.Key(t, "ed25519", secret)
	s.Auth.KeyFiles = []string{locked}
	wantCode(t, put(), codePassphrase)
	s.Auth.Passphrase = func(string) ([]byte, error) { return []byte("wrong"), nil }
	wantCode(t, put(), codePassphrase)
	s.Auth.Passphrase = func(string) ([]byte, error) { return nil, errors.New(secret) }
	wantCode(t, put(), codePassphrase)
	s.Auth.KeyFiles = []string{filepath.Join(t.TempDir(), "none")}
	wantCode(t, put(), codeKeyFile)
	s.Auth.KeyFiles = []string{sshtest.Key(t, "rsa 1024", "")}
	wantCode(t, put(), codeKeyFile, "too weak")
	open := good[0]
	if err := os.Chmod(open, 0o644); err != nil {
		t.Fatal(err)
	}
	s.Auth.KeyFiles = good
	wantCode(t, put(), codeKeyFile, "others than its owner")
	write(t, open, []byte("no key"))
	if err := os.Chmod(open, 0o600); err != nil {
		t.Fatal(err)
	}
	wantCode(t, put(), codeKeyFile)
	wantNames(t, server.Dir)
}

func TestSettings(t *testing.T) {
	pinned := HostKey{Fingerprints: []string{"SHA256:" + strings.Repeat("A", 43)}}
	password := Auth{Password: func() ([]byte, error) { return nil, nil }}
	for name, s := range map[string]*SFTP{
		"no host":       {User: "kund", HostKey: pinned, Auth: password},
		"no user":       {Host: "h", HostKey: pinned, Auth: password},
		"no pin":        {Host: "h", User: "kund", Auth: password},
		"two pins":      {Host: "h", User: "kund", Auth: password, HostKey: HostKey{Fingerprints: pinned.Fingerprints, KnownHosts: "f"}},
		"md5":           {Host: "h", User: "kund", Auth: password, HostKey: HostKey{Fingerprints: []string{"MD5:00"}}},
		"no login":      {Host: "h", User: "kund", HostKey: pinned},
		"negative time": {Host: "h", User: "kund", HostKey: pinned, Auth: password, Timeouts: Timeouts{Answer: -1}},
		"line break":    {Host: "h", User: "kund\nx", HostKey: pinned, Auth: password},
		"port":          {Host: "h", Port: 70000, User: "kund", HostKey: pinned, Auth: password},
		"no order":      {Host: "h", User: "kund", HostKey: pinned, Auth: password, Options: Options{Run: "1"}},
	} {
		t.Run(name, func(t *testing.T) {
			s.Dial = func(context.Context, string, string) (net.Conn, error) {
				t.Error("it was called")
				return nil, errors.New("no")
			}
			_, err := s.Put(t.Context(), packageName, spoolOf(nil))
			wantCode(t, err, codeSettings)
		})
	}
}

func TestNoServer(t *testing.T) {
	s := toFaulty(faulty(t, sshtest.Faults{}))
	s.Port = 1
	_, err := s.Put(t.Context(), packageName, spoolOf(nil))
	wantCode(t, err, codeConnect, "kund@127.0.0.1:1")

	s = toFaulty(faulty(t, sshtest.Faults{NoSFTP: true}))
	_, err = s.Put(t.Context(), packageName, spoolOf(nil))
	wantCode(t, err, codeProtocol)

	s = toFaulty(faulty(t, sshtest.Faults{Ciphers: []string{"aes128-cbc"}}))
	_, err = s.Put(t.Context(), packageName, spoolOf(nil))
	wantCode(t, err, codeAlgorithms)

	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close() // it accepts, and says nothing
	s.Port = l.Addr().(*net.TCPAddr).Port
	s.Timeouts.Handshake, s.Options.Attempts = 100*time.Millisecond, 2
	_, err = s.Put(t.Context(), packageName, spoolOf(nil))
	wantCode(t, err, codeStalled)
}

// A package of no bytes, one of a block, and ones around the borders of blocks.
func TestSizes(t *testing.T) {
	server := sshtest.Start(t, sshtest.Options{})
	s := toServer(t, server)
	for _, size := range []int{0, 1, smallestBlock - 1, smallestBlock, smallestBlock + 1, 3*smallestBlock + 7} {
		content := sealed(size)
		for _, source := range []Source{spoolOf(content), streamOf(content)} {
			r, err := s.Put(t.Context(), packageName, source)
			if err != nil {
				t.Fatalf("%d: %v", size, err)
			}
			wantDelivered(t, server.Dir, content, r)
			for _, n := range names(t, server.Dir) {
				if err := os.Remove(filepath.Join(server.Dir, n)); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}
