package pack

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ProtonMail/go-crypto/openpgp/packet"
)

// ocbFile is a pair as GnuPG 2.4 makes it by default (gpg (GnuPG) 2.4.7 --compliance gnupg, which Debian's own gpg sets to less).
// It announces OCB by features 07 and an AEAD preference: the packet of LibrePGP (tag 20), which is not that of RFC 9580 and is
// read by no other implementation, nor by GnuPG 2.2. It locks nothing and is nobody's.
const ocbFile = "testdata/keys/gpg-2.4-ocb.asc"

// sealedAs are the packets of a sealed file as far as whoever opens it must know them: "1 1" is a key and the older sealed
// packet (with a modification detection code), "1 2" the one with AEAD of RFC 9580.
func sealedAs(t *testing.T, file []byte) string {
	t.Helper()
	said := ""
	for packets := packet.NewReader(bytes.NewReader(file)); ; {
		p, err := packets.Next()
		switch p := p.(type) {
		case *packet.EncryptedKey:
			said += fmt.Sprintf("key %d, ", p.Version)
		case *packet.SymmetricallyEncrypted:
			return said + fmt.Sprintf("sealed %d", p.Version)
		default:
			t.Fatalf("%T in a sealed file: %v", p, err)
		}
	}
}

// A key that GnuPG 2.4 made announces what GnuPG 2.2 can't read, and one person may have both. What is sealed for it opens in
// either: the older packet is used.
func TestGnuPGAnnouncesOCB(t *testing.T) {
	file, err := os.ReadFile(ocbFile)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := LoadSecret(bytes.NewReader(file), nil)
	if err != nil {
		t.Fatal(err)
	}
	_, bo, cleo := keys(t)
	recipient := &Recipient{secret.entity}
	for name, to := range map[string][]*Recipient{"alone": {recipient}, "beside one with AEAD": {recipient, cleo.recipient}} {
		sealed, _ := packed(t, Options{Info: testInfo("sqlite"), Recipients: to, Signer: bo.secret}, sample())
		if got := sealedAs(t, sealed); got != strings.Repeat("key 3, ", len(to))+"sealed 1" {
			t.Errorf("%s: %s", name, got)
		}
		t.Run(name, func(t *testing.T) {
			g := newGPG(t)
			signer := filepath.Join(t.TempDir(), "signer")
			if err := os.WriteFile(signer, public(t, bo.secret.entity), 0o600); err != nil {
				t.Fatal(err)
			}
			g.run("--import", ocbFile, signer)
			if said := g.opens(sealed, ""); !strings.Contains(said, "Good signature from") {
				t.Errorf("gpg says %s", said)
			}
		})
	}
}

// What the gpg at hand makes by its own defaults, and by upstream's where Debian's differ, can receive and sign.
func TestGnuPGDefaultKeys(t *testing.T) {
	g := newGPG(t)
	for i, options := range [][]string{nil, {"--compliance", "gnupg"}} {
		user := fmt.Sprintf("default%d@example.org", i)
		g.run(append(options, "--passphrase", "", "--quick-gen-key", user, "default", "default", "1y")...)
		r := g.load(user, "")
		sealed, _ := packed(t, Options{Info: testInfo("sqlite"), Recipients: []*Recipient{r.recipient}, Signer: r.secret}, sample())
		if got := sealedAs(t, sealed); got != "key 3, sealed 1" {
			t.Errorf("%v: %s", options, got)
		}
		if said := g.opens(sealed, ""); !strings.Contains(said, "Good signature from") {
			t.Errorf("%v: gpg says %s", options, said)
		}
		if _, s, err := Verify(bytes.NewReader(sealed), Keys{Secrets: []*Secret{r.secret}, Sender: r.sender}, Limits{}); err != nil || s.State != Good {
			t.Errorf("%v: %v %v", options, s, err)
		}
	}
}

// What others seal by LibrePGP's packet isn't a package: nobody signs for what is in it here, and it is refused in plain words.
func TestGnuPGSealsWithOCB(t *testing.T) {
	g := newGPG(t)
	g.run("--import", ocbFile)
	dir := t.TempDir()
	sealed := filepath.Join(dir, "theirs.gpg")
	plain := filepath.Join(dir, "plain")
	if err := os.WriteFile(plain, []byte("text"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, stderr, err := g.try("--force-ocb", "--compliance", "gnupg", "--trust-model", "always", "-r", "it@tallmo.example", "-o", sealed, "--encrypt", plain); err != nil {
		t.Skipf("the gpg at hand doesn't know OCB: %s", stderr)
	}
	file, err := os.ReadFile(sealed)
	if err != nil {
		t.Fatal(err)
	}
	private, err := os.ReadFile(ocbFile)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := LoadSecret(bytes.NewReader(private), nil)
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = Verify(bytes.NewReader(file), Keys{Secrets: []*Secret{secret}}, Limits{})
	wantCode(t, err, codeDamaged)
}
