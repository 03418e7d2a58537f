package pack

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// sequoia is Sequoia's sq, whose options have other names before version 1.
type sequoia struct {
	t   *testing.T
	dir string
	old bool
	// modern is set where it knows RFC 9580: AEAD, and keys of version 6.
	modern bool
}

func newSequoia(t *testing.T) sequoia {
	demand(t, "sq", "tar", "zstd")
	s := sequoia{t: t, dir: t.TempDir()}
	said, err := exec.Command("sq", "version").CombinedOutput()
	if err != nil { // before 1.0 it was a flag
		if said, err = exec.Command("sq", "--version").CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, said)
		}
		s.old = true
	}
	first, _, _ := strings.Cut(string(said), "\n")
	t.Log(first) // which one the evidence is about
	help, err := exec.Command("sq", "key", "generate", "--help").CombinedOutput()
	s.modern = err == nil && bytes.Contains(help, []byte("rfc9580"))
	return s
}

func (s sequoia) path(name string) string { return filepath.Join(s.dir, name) }

func (s sequoia) try(args ...string) (stdout []byte, stderr string, err error) {
	c := exec.Command("sq", args...)
	c.Env = append(os.Environ(), "HOME="+s.dir, "SEQUOIA_HOME="+s.path("home"))
	var out, errs bytes.Buffer
	c.Stdout, c.Stderr = &out, &errs
	err = c.Run()
	return out.Bytes(), errs.String(), err
}

func (s sequoia) run(args ...string) []byte {
	s.t.Helper()
	out, stderr, err := s.try(args...)
	if err != nil {
		s.t.Fatalf("sq %v: %v\n%s", args, err, stderr)
	}
	return out
}

// newKey makes a pair of a kind, as NAME.pgp and NAME.cert, and loads it.
func (s sequoia) newKey(name, suite, profile string) (r ring) {
	s.t.Helper()
	private, cert := s.path(name+".pgp"), s.path(name+".cert")
	if s.old {
		s.run("key", "generate", "--userid", "<"+name+"@example.org>", "--cipher-suite", suite, "--export", private)
		s.run("key", "extract-cert", "--output", cert, private)
	} else {
		s.run("key", "generate", "--own-key", "--email", name+"@example.org", "--cipher-suite", suite, "--profile", profile,
			"--without-password", "--output", private, "--rev-cert", s.path(name+".rev"))
		s.run("key", "delete", "--cert-file", private, "--output", cert)
	}
	read := func(path string) *bytes.Reader {
		text, err := os.ReadFile(path)
		if err != nil {
			s.t.Fatal(err)
		}
		return bytes.NewReader(text)
	}
	var err error
	if r.recipient, err = LoadRecipient(read(cert)); err != nil {
		s.t.Fatal(err)
	}
	if r.sender, err = LoadSender(read(cert)); err != nil {
		s.t.Fatal(err)
	}
	if r.secret, err = LoadSecret(read(private), nil); err != nil {
		s.t.Fatal(err)
	}
	return r
}

// decrypt demands a signature by one key and opens with another's.
func (s sequoia) decrypt(file, signer, recipient string) ([]byte, string, error) {
	if s.old {
		return s.try("decrypt", "--signatures", "1", "--signer-cert", signer, "--recipient-key", recipient, file)
	}
	return s.try("decrypt", "--signatures", "1", "--signer-file", signer, "--recipient-file", recipient, file)
}

// A recipient with nothing but sq, tar and zstd opens our packages and demands our signature, by either sealed packet; and the keys
// that sq makes receive and sign here.
func TestSequoia(t *testing.T) {
	s := newSequoia(t)
	type kind struct{ name, suite, profile, want string }
	kinds := []kind{{"cv25519", "cv25519", "rfc4880", "key 3, sealed 1"}, {"rsa", "rsa3k", "rfc4880", "key 3, sealed 1"}}
	if s.modern {
		// Its keys announce AEAD, those of version 4 too. The key packet that goes with it is version 6 (RFC 9580, 10.3.2.1).
		kinds = []kind{{"cv25519", "cv25519", "rfc4880", "key 6, sealed 2"}, {"rsa", "rsa3k", "rfc4880", "key 6, sealed 2"},
			{"six", "cv25519", "rfc9580", "key 6, sealed 2"}}
	}
	rings := map[string]ring{}
	for _, k := range kinds {
		rings[k.name] = s.newKey(k.name, k.suite, k.profile)
	}
	anna, bo, _ := keys(t)
	for name, content := range map[string][]byte{"anna.pgp": private(t, anna.secret.entity), "anna.cert": public(t, anna.secret.entity), "bo.cert": public(t, bo.secret.entity)} {
		if err := os.WriteFile(s.path(name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	rings["bo"] = bo
	check := func(t *testing.T, signer, recipient string, to ring, want string) {
		s := s
		s.t = t
		file, sealed := packed(t, Options{Info: testInfo("sqlite"), Recipients: []*Recipient{to.recipient}, Signer: rings[signer].secret}, sample())
		if got := sealedAs(t, file); got != want {
			t.Errorf("%s, want %s", got, want)
		}
		if sealed.Manifest.Signer != rings[signer].sender.Fingerprint() {
			t.Error("the signer's fingerprint")
		}
		dir := t.TempDir()
		path := filepath.Join(dir, "p.pgp")
		if err := os.WriteFile(path, file, 0o600); err != nil {
			t.Fatal(err)
		}
		content, stderr, err := s.decrypt(path, s.path(signer+".cert"), s.path(recipient+".pgp"))
		if err != nil {
			t.Fatalf("sq: %v\n%s", err, stderr)
		}
		unpack(t, content, Zstd, filepath.Join(dir, "theirs"))
		p, err := OpenFile(path, Keys{Secrets: []*Secret{to.secret}, Sender: rings[signer].sender}, Limits{})
		if err != nil {
			t.Fatal(err)
		}
		defer p.Close()
		if err := p.Extract(filepath.Join(dir, "ours")); err != nil {
			t.Fatal(err)
		}
		if out, err := exec.Command("diff", "-r", filepath.Join(dir, "ours"), filepath.Join(dir, "theirs")).CombinedOutput(); err != nil {
			t.Errorf("what we and they took out differs: %s", out)
		}
		// Another's signature isn't this one's, and an altered package is none.
		if _, _, err := s.decrypt(path, s.path("anna.cert"), s.path(recipient+".pgp")); err == nil {
			t.Error("sq takes the signature for another's")
		}
		file[len(file)/2] ^= 1
		if err := os.WriteFile(path, file, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, _, err := s.decrypt(path, s.path(signer+".cert"), s.path(recipient+".pgp")); err == nil {
			t.Error("sq accepts an altered package")
		}
	}
	for _, k := range kinds {
		t.Run("sealed for "+k.name, func(t *testing.T) { check(t, "bo", k.name, rings[k.name], k.want) })
		t.Run("signed by "+k.name, func(t *testing.T) { check(t, k.name, "anna", anna, "key 3, sealed 1") })
	}
}

// What sq can't be asked for with its keys: a key that announces AEAD, for which sq before version 1 has no packet.
func TestSequoiaOpensAEAD(t *testing.T) {
	s := newSequoia(t)
	_, bo, cleo := keys(t)
	for name, content := range map[string][]byte{"cleo.pgp": private(t, cleo.secret.entity), "bo.cert": public(t, bo.secret.entity)} {
		if err := os.WriteFile(s.path(name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	file, _ := packed(t, Options{Info: testInfo("sqlite"), Recipients: []*Recipient{cleo.recipient}, Signer: bo.secret}, sample())
	if got := sealedAs(t, file); got != "key 6, sealed 2" {
		t.Fatal(got)
	}
	if err := os.WriteFile(s.path("p.pgp"), file, 0o600); err != nil {
		t.Fatal(err)
	}
	content, stderr, err := s.decrypt(s.path("p.pgp"), s.path("bo.cert"), s.path("cleo.pgp"))
	switch {
	case !s.modern && err != nil:
		t.Skip("this sq doesn't know the AEAD packet of RFC 9580")
	case err != nil || len(content) == 0:
		t.Errorf("sq: %v\n%s", err, stderr)
	}
}
