package disclosure

import (
	"bytes"
	"crypto"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ProtonMail/go-crypto/openpgp/packet"
	openpgp "github.com/ProtonMail/go-crypto/openpgp/v2"
)

// Keys of every common kind sign and are checked, and of none is a bit of the signature free.
func TestKinds(t *testing.T) {
	at := start.Add(time.Hour)
	born := func() time.Time { return start }
	for name, cfg := range map[string]*packet.Config{
		"Ed25519, as GnuPG": {Algorithm: packet.PubKeyAlgoEdDSA},
		"Ed25519, RFC 9580": {Algorithm: packet.PubKeyAlgoEd25519},
		"version 6":         {Algorithm: packet.PubKeyAlgoEd25519, V6Keys: true},
		"Ed448":             {Algorithm: packet.PubKeyAlgoEd448, DefaultHash: crypto.SHA512},
		"P-256":             {Algorithm: packet.PubKeyAlgoECDSA, Curve: packet.CurveNistP256},
		"RSA":               {Algorithm: packet.PubKeyAlgoRSA, RSABits: 2048},
	} {
		cfg.Time = born
		e, err := openpgp.NewEntity("Region", "", "r@example.org", cfg)
		if err != nil {
			t.Fatal(name, err)
		}
		k, message := NewKey(e), []byte("message")
		signature, err := k.Sign(message, at)
		if err != nil {
			t.Fatal(name, err)
		}
		if err := k.Check(message, signature, at); err != nil {
			t.Fatal(name, err)
		}
		for i := range 8 * len(signature) {
			s := bytes.Clone(signature)
			s[i/8] ^= 1 << (i % 8)
			if k.Check(message, s, at) == nil {
				t.Errorf("%s: bit %d of byte %d is free", name, i%8, i/8)
			}
		}
		if k.Check([]byte("another"), signature, at) == nil || region().Check(message, signature, at) == nil {
			t.Error(name, "anything holds")
		}
	}
}

// What is put into the part of a signature that isn't signed makes it another line, and is refused.
func TestUnhashedSubpacketIsRefused(t *testing.T) {
	message, at := []byte("message"), start
	signature, err := region().Sign(message, at)
	if err != nil {
		t.Fatal(err)
	}
	p, err := packet.Read(bytes.NewReader(signature))
	if err != nil {
		t.Fatal(err)
	}
	s := p.(*packet.Signature)
	head := s.HashSuffix[:len(s.HashSuffix)-6]
	i := bytes.Index(signature, head) + len(head)
	start := bytes.Index(signature, head)
	more := []byte{3, 101, 'h', 'i'} // private use
	body := append(append(append(bytes.Clone(signature[start:i]), 0, byte(len(more))), more...), signature[i+2:]...)
	forged := append([]byte{0xc2, byte(len(body))}, body...)
	if len(body) >= 192 {
		forged = append([]byte{0xc2, byte((len(body)-192)>>8 + 192), byte(len(body) - 192)}, body...)
	}
	if _, _, err := openpgp.VerifyDetachedSignature(openpgp.EntityList{entities()[0]}, bytes.NewReader(message), bytes.NewReader(forged), keySettings(at)); err != nil {
		t.Fatal("the test forges badly:", err)
	}
	if region().Check(message, forged, at) == nil {
		t.Error("it holds")
	}
}

// A key that expired after it signed is no fault; one that had expired before is.
func TestExpiry(t *testing.T) {
	e, err := openpgp.NewEntity("Region", "", "r@example.org", &packet.Config{Algorithm: packet.PubKeyAlgoEdDSA, KeyLifetimeSecs: 3600,
		Time: func() time.Time { return start }})
	if err != nil {
		t.Fatal(err)
	}
	k := NewKey(e)
	signature, err := k.Sign([]byte("m"), start.Add(time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	if err := k.Check([]byte("m"), signature, start.Add(time.Minute)); err != nil {
		t.Error(err)
	}
	if _, err := k.Sign([]byte("m"), start.Add(2*time.Hour)); err == nil {
		t.Error("an expired key signs")
	}
	o := testOptions()
	o.Signer, o.Keys, o.Now = k, []Verifier{k}, func() time.Time { return start.Add(2 * time.Hour) }
	_, err = Create(filepath.Join(t.TempDir(), "x.log"), o)
	wantCode(t, err, codeSign)
	o.Random = nil
	o.Signer, o.Keys, o.Now = NewKey(publicOf(t, e)), []Verifier{k}, func() time.Time { return start }
	_, err = Create(filepath.Join(t.TempDir(), "x.log"), o)
	wantCode(t, err, codeSign)
}

func publicOf(t testing.TB, e *openpgp.Entity) *openpgp.Entity {
	t.Helper()
	var b bytes.Buffer
	if err := e.Serialize(&b); err != nil {
		t.Fatal(err)
	}
	p, err := openpgp.ReadEntity(packet.NewReader(&b))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Stock tools can check a log: sed, sha256sum and gpg, by what the package's comment says of the form.
func TestStockTools(t *testing.T) {
	for _, tool := range []string{"gpg", "sh", "sed", "sha256sum", "base64"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("%s isn't here", tool)
		}
	}
	l := newTestLog(t, startedFor(tallmo), delivered())
	dir, err := os.MkdirTemp("", "gpg") // a short path: gpg-agent's socket lies in it
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	var key bytes.Buffer
	if err := entities()[0].Serialize(&key); err != nil {
		t.Fatal(err)
	}
	overwrite(t, filepath.Join(dir, "key"), key.Bytes())
	const script = `set -e
gpg --batch --quiet --import "$GNUPGHOME/key"
[ "$(sed -n 2p "$LOG" | sha256sum | cut -c1-64)" = "$(sed -n '3s/.*"previous":"\([0-9a-f]*\)".*/\1/p' "$LOG")" ]
for n in 1 2 3; do
	sed -n "${n}s/,\"signature\":\"[^\"]*\"}\$/}/p" "$LOG" | tr -d '\n' > "$GNUPGHOME/body"
	sed -n "${n}s/.*,\"signature\":\"\([^\"]*\)\"}\$/\1/p" "$LOG" | base64 -d > "$GNUPGHOME/sig"
	gpg --batch --faked-system-time 20260302T000000 --status-fd 1 --verify "$GNUPGHOME/sig" "$GNUPGHOME/body" 2>/dev/null
done
`
	c := exec.Command("sh", "-c", script)
	c.Env = append(os.Environ(), "GNUPGHOME="+dir, "LOG="+l.path)
	out, err := c.CombinedOutput()
	if err != nil || strings.Count(string(out), "VALIDSIG "+region().Fingerprint()) != 3 {
		t.Errorf("%v\n%s", err, out)
	}
}
