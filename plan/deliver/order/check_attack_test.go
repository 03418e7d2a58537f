package order

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/ProtonMail/go-crypto/openpgp/packet"
	openpgp "github.com/ProtonMail/go-crypto/openpgp/v2"

	"github.com/utdrag/utdrag/filter/diag"
)

// What the disclosure log would refuse when the delivery is done is told when the order is written.
func TestAttackWhatTheLogWouldRefuseIsTold(t *testing.T) {
	for what, change := range map[string]func(o *Order){
		"a person's number for an id":  func(o *Order) { o.ID = "19121212-1212" },
		"a person's number as purpose": func(o *Order) { o.Purpose = "Uppföljning av 121212-1212" },
		"a character of no letter":     func(o *Order) { o.Purpose = "Uppföljning ½ år" },
		"more units than the log takes": func(o *Order) {
			for i := range 2000 {
				o.Units = append(o.Units, Party{"Enheten", fmt.Sprintf("SE%s-V%04d", tallmo, i)})
			}
		},
		"a folder with settings": func(o *Order) { o.Delivery.SFTP.Folder = "in;user=x" },
	} {
		t.Run(what, func(t *testing.T) {
			f := newOffice(t)
			f.order("tallmo", tallmo, nil, change)
			f.finds(nil, CodeUnlogged)
		})
	}
}

// One private key behind two fingerprints: a fingerprint is over the time of making too, and GnuPG lets one make a subkey of a key
// that exists.
func TestAttackTheSameKeyMadeTwice(t *testing.T) {
	f := newOffice(t)
	at := func(day int) packet.Config {
		return packet.Config{Time: func() time.Time { return time.Date(2026, 1, day, 0, 0, 0, 0, time.UTC) }}
	}
	one, other := newKey(t, at(1)), newKey(t, at(2))
	private := one.Subkeys[0].PrivateKey.PrivateKey
	config := at(2)
	other.Subkeys = nil
	if err := other.AddEncryptionSubkey(&config); err != nil {
		t.Fatal(err)
	}
	// The material of the first key's subkey, bound to the other one by its owner, a day later.
	sub := &other.Subkeys[0]
	again := packet.NewDecrypterPrivateKey(config.Time(), private)
	sub.PrivateKey, sub.PublicKey = again, &again.PublicKey
	sub.PublicKey.IsSubkey, sub.PrivateKey.IsSubkey = true, true
	for i := range sub.Bindings {
		if err := sub.Bindings[i].Packet.SignKey(sub.PublicKey, other.PrivateKey, &config); err != nil {
			t.Fatal(err)
		}
	}
	if bytes.Equal(one.Subkeys[0].PublicKey.Fingerprint, sub.PublicKey.Fingerprint) {
		t.Fatal("the fingerprints should differ")
	}
	f.order("tallmo", tallmo, one, nil)
	f.order("angso", angso, other, nil)
	f.finds(nil, CodeSharedKey)
}

// A key that hangs together by SHA-1 alone can be made to fit another (Leurent and Peyrin, SHA-1 is a Shambles, 2020).
func TestAttackKeyBoundBySHA1(t *testing.T) {
	if _, err := exec.LookPath("gpg"); err != nil {
		t.Skip("gpg isn't installed: no key bound by SHA-1 can be made")
	}
	home, err := os.MkdirTemp("", "gpg")
	if err != nil {
		t.Fatal(err)
	}
	gpg := func(args ...string) []byte {
		c := exec.Command("gpg", append([]string{"--batch", "--quiet", "--pinentry-mode", "loopback", "--passphrase", ""}, args...)...)
		c.Env = append(os.Environ(), "GNUPGHOME="+home, "LC_ALL=C")
		out, err := c.Output()
		if err != nil {
			t.Fatalf("gpg %v: %v", args, err)
		}
		return out
	}
	t.Cleanup(func() {
		c := exec.Command("gpgconf", "--kill", "all")
		c.Env = append(os.Environ(), "GNUPGHOME="+home)
		_ = c.Run()
		_ = os.RemoveAll(home)
	})
	gpg("--allow-weak-key-signatures", "--cert-digest-algo", "SHA1", "--quick-gen-key", "it@example.se", "future-default", "default", "1y")
	shown := ""
	for l := range strings.Lines(string(gpg("--list-keys", "--with-colons"))) {
		if f := strings.Split(l, ":"); f[0] == "fpr" && shown == "" {
			shown = f[9]
		}
	}
	exported := gpg("--armor", "--export", shown)
	ring, err := openpgp.ReadArmoredKeyRing(bytes.NewReader(exported))
	if err != nil || len(ring) != 1 {
		t.Skip("the library doesn't read such a key at all")
	}
	f := newOffice(t)
	o := f.order("tallmo", tallmo, nil, func(o *Order) { o.Recipient.Fingerprint = shown })
	f.file("tallmo.asc", exported)
	found := Check(t.Context(), []*Order{o}, time.Now(), nil)
	t.Log(found, ring[0].Subkeys[0].Bindings[0].Packet.Hash)
	if !found.Refused() {
		t.Errorf("it is taken: %v", diag.CodeOf(found))
	}
}

// Two spellings of one account.
func TestAttackSpellingsOfOneAccount(t *testing.T) {
	for what, change := range map[string]func(s *SFTP){
		"capitals of the host":          func(s *SFTP) { s.Host = "SFTP.Example.SE" },
		"a dot after the host":          func(s *SFTP) { s.Host = "sftp.example.se." },
		"another folder of the account": func(s *SFTP) { s.Folder = "in/other" },
		"capitals of the user":          func(s *SFTP) { s.User = "TALLMO" },
	} {
		t.Run(what, func(t *testing.T) {
			f := newOffice(t)
			f.order("tallmo", tallmo, nil, nil)
			f.order("angso", angso, nil, func(o *Order) {
				o.Delivery.SFTP.User = "tallmo"
				change(o.Delivery.SFTP)
			})
			f.finds(nil, CodeSameAccount)
		})
	}
}

// Two spellings of one folder.
func TestAttackSpellingsOfOneFolder(t *testing.T) {
	for _, path := range []string{"out/", "./out", "out/../out", "link", "link/../out", "out/inner", "."} {
		t.Run(path, func(t *testing.T) {
			f := newOffice(t)
			if err := os.Mkdir("out", 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.Symlink("out", "link"); err != nil {
				t.Skip("no links here")
			}
			f.order("tallmo", tallmo, nil, func(o *Order) { o.Delivery = Delivery{Folder: "out"} })
			f.order("angso", angso, nil, func(o *Order) { o.Delivery = Delivery{Folder: path} })
			f.finds(nil, CodeSameFolder)
		})
	}
}
