package sink

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/utdrag/utdrag/plan/deliver/sink/sshtest"
)

// Another key than the pinned one is refused with both fingerprints, and nothing secret is sent.
func TestHostKeyChanged(t *testing.T) {
	pinned := sshtest.Fingerprint(t, sshtest.Key(t, "ed25519", ""))
	fake := faulty(t, sshtest.Faults{})
	s := toFaulty(fake)
	s.HostKey = HostKey{Fingerprints: []string{pinned}}
	_, err := s.Put(t.Context(), packageName, spoolOf(nil))
	wantCode(t, err, codeHostChanged, pinned, fake.Fingerprint)
	if fake.Logins.Load() != 0 {
		t.Error("a password was sent to an unknown host")
	}

	before := sshtest.Start(t, sshtest.Options{})
	after := sshtest.Start(t, sshtest.Options{})
	r := toServer(t, after)
	known, err := os.ReadFile(before.KnownHosts)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "known")
	write(t, file, []byte(strings.ReplaceAll(string(known), before.Address()[len("127.0.0.1"):], after.Address()[len("127.0.0.1"):])))
	r.HostKey = HostKey{KnownHosts: file}
	_, err = r.Put(t.Context(), packageName, spoolOf(nil))
	wantCode(t, err, codeHostChanged, before.Fingerprints["ed25519"], after.Fingerprints["ed25519"])
	wantNames(t, after.Dir)
}

func TestHostKeyUnknown(t *testing.T) {
	server := sshtest.Start(t, sshtest.Options{})
	s := toServer(t, server)
	file := filepath.Join(t.TempDir(), "known")
	write(t, file, nil)
	s.HostKey = HostKey{KnownHosts: file}
	_, err := s.Put(t.Context(), packageName, spoolOf(nil))
	wantCode(t, err, codeHostUnknown, server.Fingerprints["ed25519"])

	known, err := os.ReadFile(server.KnownHosts)
	if err != nil {
		t.Fatal(err)
	}
	_, key, _ := strings.Cut(string(known), " ")
	write(t, file, []byte(string(known)+"@revoked * "+key))
	_, err = s.Put(t.Context(), packageName, spoolOf(nil))
	wantCode(t, err, codeHostRevoked, server.Fingerprints["ed25519"])

	write(t, file, []byte("no line of a known_hosts file"))
	_, err = s.Put(t.Context(), packageName, spoolOf(nil))
	wantCode(t, err, codeSettings)
	s.HostKey.KnownHosts = filepath.Join(t.TempDir(), "none")
	_, err = s.Put(t.Context(), packageName, spoolOf(nil))
	wantCode(t, err, codeDisk)
}

// A server with keys of several kinds is asked for the one that is pinned, whichever it would rather show.
func TestHostKeyOfSeveral(t *testing.T) {
	kinds := []string{"ed25519", "ecdsa 256", "rsa 2048"}
	server := sshtest.Start(t, sshtest.Options{HostKeys: kinds})
	s := toServer(t, server)
	known, err := os.ReadFile(server.KnownHosts)
	if err != nil {
		t.Fatal(err)
	}
	for i, line := range strings.SplitAfter(strings.TrimSpace(string(known)), "\n") {
		s.HostKey = HostKey{Fingerprints: []string{server.Fingerprints[kinds[i]]}}
		if _, err := s.List(t.Context()); err != nil {
			t.Errorf("%s by fingerprint: %v", kinds[i], err)
		}
		file := filepath.Join(t.TempDir(), "known")
		write(t, file, []byte(line))
		s.HostKey = HostKey{KnownHosts: file}
		if _, err := s.List(t.Context()); err != nil {
			t.Errorf("%s by known_hosts: %v", kinds[i], err)
		}
	}
}

func TestHostKeyWeak(t *testing.T) {
	server := sshtest.Start(t, sshtest.Options{HostKeys: []string{"rsa 1024"}, Config: "RequiredRSASize 1024"})
	s := toServer(t, server)
	_, err := s.Put(t.Context(), packageName, spoolOf(nil))
	wantCode(t, err, codeHostWeak, "1024")
}
