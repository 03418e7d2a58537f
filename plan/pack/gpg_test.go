package pack

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/utdrag/utdrag/mask/value"
)

// demand skips a test where a program of somebody else's isn't installed, or fails it where UTDRAG_TEST_REQUIRE is set.
func demand(t *testing.T, programs ...string) {
	t.Helper()
	for _, program := range programs {
		if _, err := exec.LookPath(program); err == nil {
			continue
		}
		if os.Getenv("UTDRAG_TEST_REQUIRE") != "" {
			t.Fatalf("%s isn't installed, and UTDRAG_TEST_REQUIRE is set", program)
		}
		t.Skipf("%s isn't installed: nothing is proved against it", program)
	}
}

// gpgHome runs gpg with a home of its own.
type gpgHome struct {
	t   *testing.T
	dir string
}

func newGPG(t *testing.T) gpgHome {
	demand(t, "gpg", "tar", "zstd", "gzip")
	if said, err := exec.Command("gpg", "--version").Output(); err == nil {
		first, _, _ := strings.Cut(string(said), "\n")
		t.Log(first) // which one the evidence is about
	}
	// A short path: the agent's socket lies in it.
	dir, err := os.MkdirTemp("/tmp", "gpg")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd := exec.Command("gpgconf", "--kill", "all")
		cmd.Env = append(os.Environ(), "GNUPGHOME="+dir)
		_ = cmd.Run()
		_ = os.RemoveAll(dir)
	})
	return gpgHome{t, dir}
}

func (g gpgHome) try(args ...string) (stdout []byte, stderr string, err error) {
	cmd := exec.Command("gpg", append([]string{"--batch", "--yes", "--pinentry-mode", "loopback"}, args...)...)
	cmd.Env = append(os.Environ(), "GNUPGHOME="+g.dir, "LC_ALL=C")
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err = cmd.Run()
	return out.Bytes(), errs.String(), err
}

func (g gpgHome) run(args ...string) []byte {
	g.t.Helper()
	out, stderr, err := g.try(args...)
	if err != nil {
		g.t.Fatalf("gpg %v: %v\n%s", args, err, stderr)
	}
	return out
}

// newKey makes a key with gpg and loads it: the recipient as armored text, the secret in binary.
func (g gpgHome) newKey(user, algorithm, passphrase string) ring {
	g.t.Helper()
	g.run("--passphrase", passphrase, "--quick-gen-key", user, algorithm, "default", "1y")
	if !strings.HasSuffix(algorithm, "default") {
		g.run("--passphrase", passphrase, "--quick-add-key", g.fingerprint(user), algorithm, "encr", "1y")
	}
	return g.load(user, passphrase)
}

// load reads a key of gpg's as it exports it.
func (g gpgHome) load(user, passphrase string) (r ring) {
	g.t.Helper()
	var err error
	if r.recipient, err = LoadRecipient(bytes.NewReader(g.run("--armor", "--export", user))); err != nil {
		g.t.Fatal(err)
	}
	if r.sender, err = LoadSender(bytes.NewReader(g.run("--export", user))); err != nil {
		g.t.Fatal(err)
	}
	secret := g.run("--passphrase", passphrase, "--export-secret-keys", user)
	if r.secret, err = LoadSecret(bytes.NewReader(secret), func() ([]byte, error) { return []byte(passphrase), nil }); err != nil {
		g.t.Fatal(err)
	}
	return r
}

// opens demands that gpg opens a package, whole and protected, and returns what it says.
func (g gpgHome) opens(file []byte, passphrase string) string {
	g.t.Helper()
	path := filepath.Join(g.t.TempDir(), "p.gpg")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		g.t.Fatal(err)
	}
	content, stderr, err := g.try("--passphrase", passphrase, "--output", "-", "--decrypt", path)
	if err != nil || len(content) == 0 || strings.Contains(stderr, "WARNING: message was not integrity protected") {
		g.t.Fatalf("gpg: %v\n%s", err, stderr)
	}
	return stderr
}

func (g gpgHome) fingerprint(user string) string {
	g.t.Helper()
	for line := range strings.Lines(string(g.run("--with-colons", "--list-keys", user))) {
		if strings.HasPrefix(line, "fpr:") {
			return strings.Split(line, ":")[9]
		}
	}
	g.t.Fatal("no fingerprint")
	return ""
}

// A recipient with nothing but gpg 2.2, tar and zstd opens our packages and sees our signature; and we open them with
// the keys that gpg made.
func TestGnuPG(t *testing.T) {
	g := newGPG(t)
	sender := g.newKey("sender@example.org", "default", "sändarens hemlighet")
	for _, test := range []struct{ name, algorithm, passphrase string }{
		{"rsa@example.org", "rsa3072", ""},
		{"curve25519@example.org", "future-default", "lösenord"},
		{"nistp256@example.org", "nistp256", ""},
	} {
		r := g.newKey(test.name, test.algorithm, test.passphrase)
		for _, c := range []Compression{Zstd, Gzip, None} {
			t.Run(test.name+" "+c.String(), func(t *testing.T) {
				g := gpgHome{t, g.dir}
				all := sample()
				all[2].rows = append(all[2].rows, []value.Value{value.NewInt(3), noise(3 << 20)})
				file, sealed := packed(t, Options{Info: testInfo("sqlite"), Recipients: []*Recipient{r.recipient}, Signer: sender.secret,
					Compression: c, partSize: 1 << 20}, all)
				dir := t.TempDir()
				path := filepath.Join(dir, "p.gpg")
				if err := os.WriteFile(path, file, 0o600); err != nil {
					t.Fatal(err)
				}
				content, stderr, err := g.try("--passphrase", test.passphrase, "--output", "-", "--decrypt", path)
				if err != nil {
					t.Fatalf("%v\n%s", err, stderr)
				}
				if !strings.Contains(stderr, "Good signature from") || strings.Contains(stderr, "WARNING: message was not integrity protected") {
					t.Errorf("gpg says %s", stderr)
				}
				unpack(t, content, c, filepath.Join(dir, "theirs"))
				p, err := OpenFile(path, Keys{Secrets: []*Secret{r.secret}, Sender: sender.sender}, Limits{})
				if err != nil {
					t.Fatal(err)
				}
				defer p.Close()
				if err := p.Extract(filepath.Join(dir, "ours")); err != nil {
					t.Fatal(err)
				}
				out, err := exec.Command("diff", "-r", filepath.Join(dir, "ours"), filepath.Join(dir, "theirs")).CombinedOutput()
				if err != nil {
					t.Errorf("what we and they took out differs: %s", out)
				}
				if sealed.Manifest.Signer != sender.sender.Fingerprint() || sealed.Manifest.Signer != g.fingerprint("sender@example.org") {
					t.Error("the signer's fingerprint")
				}
				if len(sealed.Manifest.Tables[2].Parts) < 7 {
					t.Error("the large cell should take several parts")
				}
				file[len(file)/2] ^= 1
				if err := os.WriteFile(path, file, 0o600); err != nil {
					t.Fatal(err)
				}
				if _, _, err := g.try("--passphrase", test.passphrase, "--output", "-", "--decrypt", path); err == nil {
					t.Error("gpg accepts an altered package")
				}
			})
		}
	}
}

// unpack is what README.txt says.
func unpack(t *testing.T, content []byte, c Compression, dir string) {
	t.Helper()
	filter := map[Compression]string{Zstd: "zstd -d", Gzip: "gzip -d", None: "cat"}[c]
	if !strings.Contains(string(readme(c, "sqlite")), filter) && c != None {
		t.Errorf("README.txt doesn't say %q", filter)
	}
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("sh", "-c", filter+" | tar -x -v -f - -C \"$0\"", dir)
	cmd.Stdin = bytes.NewReader(content)
	if out, err := cmd.CombinedOutput(); err != nil || !strings.HasSuffix(strings.TrimSpace(string(out)), manifestName) {
		t.Fatalf("%v\n%s", err, out)
	}
}
