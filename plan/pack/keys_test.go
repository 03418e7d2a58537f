package pack

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/ProtonMail/go-crypto/openpgp/packet"
	openpgp "github.com/ProtonMail/go-crypto/openpgp/v2"
)

func recipientOf(t *testing.T, e *openpgp.Entity) error {
	_, err := LoadRecipient(bytes.NewReader(public(t, e)))
	return err
}

// A key that nothing should be sealed for is refused with the reason.
func TestLoadRecipientRefuses(t *testing.T) {
	good := newKey(t, nil)
	if err := recipientOf(t, good); err != nil {
		t.Fatal(err)
	}
	_, err := LoadRecipient(bytes.NewReader(private(t, good)))
	wantCode(t, err, codeKeyPrivate)
	_, err = LoadRecipient(strings.NewReader(armored(t, openpgp.PrivateKeyType, private(t, good))))
	wantCode(t, err, codeKeyPrivate)
	for _, text := range []string{"", "hello", "-----BEGIN PGP PUBLIC KEY BLOCK-----", string(public(t, good)[:60]),
		armored(t, "PGP MESSAGE", public(t, good))} {
		_, err = LoadRecipient(strings.NewReader(text))
		wantCode(t, err, codeKeyFile)
	}
	_, err = LoadRecipient(bytes.NewReader(make([]byte, maxKeyFile+1)))
	wantCode(t, err, codeKeyFile)

	wantCode(t, recipientOf(t, newKey(t, &packet.Config{Algorithm: packet.PubKeyAlgoEdDSA, Time: at(2020), KeyLifetimeSecs: 3600})), codeKeyExpired)

	revoked := newKey(t, nil)
	if err := revoked.Revoke(packet.KeyCompromised, "", nil); err != nil {
		t.Fatal(err)
	}
	wantCode(t, recipientOf(t, revoked), codeKeyRevoked)

	subkey := newKey(t, nil)
	if err := subkey.Subkeys[0].Revoke(packet.KeyCompromised, "", nil); err != nil {
		t.Fatal(err)
	}
	wantCode(t, recipientOf(t, subkey), codeKeyRevoked)

	none := newKey(t, nil)
	none.Subkeys = nil
	wantCode(t, recipientOf(t, none), codeKeyUnfit)

	weak := newKey(t, &packet.Config{Algorithm: packet.PubKeyAlgoRSA, RSABits: 1024})
	wantCode(t, recipientOf(t, weak), codeKeyWeak)
	wantCode(t, recipientOf(t, newKey(t, &packet.Config{Algorithm: packet.PubKeyAlgoRSA, RSABits: 2048})), "")
}

// A file with several keys says so, and a fingerprint chooses.
func TestSeveralKeys(t *testing.T) {
	a, b := newKey(t, nil), newKey(t, nil)
	binary := append(public(t, a), public(t, b)...)
	text := armored(t, openpgp.PublicKeyType, public(t, a)) + "comment\n" + armored(t, openpgp.PublicKeyType, public(t, b))
	for _, file := range []string{string(binary), armored(t, openpgp.PublicKeyType, binary), text} {
		_, err := LoadRecipient(strings.NewReader(file))
		wantCode(t, err, codeKeyChoice)
		for _, e := range []*openpgp.Entity{a, b} {
			r, err := LoadRecipient(strings.NewReader(file), strings.ToLower(fingerprint(e)))
			if err != nil || r.Fingerprint() != fingerprint(e) {
				t.Errorf("%v", err)
			}
		}
		_, err = LoadRecipient(strings.NewReader(file), strings.Repeat("A", 40))
		wantCode(t, err, codeKeyChoice)
		_, err = LoadRecipient(strings.NewReader(file), fingerprint(a), fingerprint(b))
		wantCode(t, err, codeKeyChoice)
	}
}

// A locked key needs its passphrase, which is overwritten and never told.
func TestLockedSecret(t *testing.T) {
	e := newKey(t, nil)
	if err := e.EncryptPrivateKeys([]byte("hemlig"), nil); err != nil {
		t.Fatal(err)
	}
	file := private(t, e)
	given := []byte("hemlig")
	s, err := LoadSecret(bytes.NewReader(file), func() ([]byte, error) { return given, nil })
	if err != nil || s.Fingerprint() != fingerprint(e) {
		t.Fatal(err)
	}
	if string(given) == "hemlig" {
		t.Error("the passphrase is still in memory")
	}
	_, err = LoadSecret(bytes.NewReader(file), func() ([]byte, error) { return []byte("hemligt!"), nil })
	wantCode(t, err, codePassphrase)
	if strings.Contains(err.Error(), "hemlig") {
		t.Error("the passphrase is told")
	}
	_, err = LoadSecret(bytes.NewReader(file), nil)
	wantCode(t, err, codePassphrase)
	_, err = LoadSecret(bytes.NewReader(file), func() ([]byte, error) { return nil, errors.New("no terminal") })
	wantCode(t, err, codePassphrase)
	_, err = LoadSecret(bytes.NewReader(public(t, e)), nil)
	wantCode(t, err, codeKeyFile)
	_, err = LoadSecret(bytes.NewReader(private(t, newKey(t, nil))), func() ([]byte, error) {
		t.Error("an unlocked key needs no passphrase")
		return nil, nil
	})
	if err != nil {
		t.Error(err)
	}
}

// Keys are looked at again when they are used: one may have expired since it was loaded.
func TestKeysAtUse(t *testing.T) {
	anna, bo, _ := keys(t)
	soon := newRing(t, newKey(t, &packet.Config{Algorithm: packet.PubKeyAlgoEdDSA, KeyLifetimeSecs: 3600}))
	_, err := NewWriter(&bytes.Buffer{}, Options{Info: testInfo("sqlite"), Recipients: []*Recipient{anna.recipient, soon.recipient}, Now: at(2040)})
	wantCode(t, err, codeKeyExpired)
	_, err = NewWriter(&bytes.Buffer{}, Options{Info: testInfo("sqlite"), Recipients: []*Recipient{anna.recipient}, Signer: soon.secret, Now: at(2040)})
	wantCode(t, err, codeKeyExpired)
	// A signature stays good when the key expires after it.
	file, _ := packed(t, Options{Info: testInfo("sqlite"), Recipients: []*Recipient{anna.recipient}, Signer: soon.secret}, sample())
	if _, s, err := Verify(bytes.NewReader(file), Keys{Secrets: []*Secret{anna.secret}, Sender: soon.sender}, Limits{}); err != nil || s.State != Good {
		t.Error(err)
	}
	// A key without its private part can't sign.
	_, err = NewWriter(&bytes.Buffer{}, Options{Info: testInfo("sqlite"), Recipients: []*Recipient{anna.recipient},
		Signer: &Secret{entity: bo.sender.entity}})
	wantCode(t, err, codeKeyUnfit)
}

// A sender whose clock is ahead is refused until ours has come there, and is told from somebody who signs in the sender's name.
func TestSignedLater(t *testing.T) {
	anna, bo, cleo := keys(t)
	later := func() time.Time { return time.Now().Add(time.Hour) }
	file, _ := packed(t, Options{Info: testInfo("sqlite"), Recipients: []*Recipient{anna.recipient}, Signer: bo.secret, Now: later}, sample())
	_, _, err := Verify(bytes.NewReader(file), Keys{Secrets: []*Secret{anna.secret}, Sender: bo.sender}, Limits{})
	wantCode(t, err, codeSignature)
	if err == nil || !strings.Contains(err.Error(), "later than this machine's clock says") {
		t.Errorf("%v", err)
	}
	_, _, err = Verify(bytes.NewReader(file), Keys{Secrets: []*Secret{anna.secret}, Sender: cleo.sender}, Limits{})
	wantCode(t, err, codeSignature)
	if err == nil || strings.Contains(err.Error(), "clock") {
		t.Errorf("another's signature: %v", err)
	}
}

// AEAD is used when every recipient announces it, and not otherwise: gpg 2.2 knows only the older packet.
func TestSealFollowsRecipients(t *testing.T) {
	anna, _, cleo := keys(t)
	for _, test := range []struct {
		to   []*Recipient
		want int
	}{
		{[]*Recipient{cleo.recipient}, 2},
		{[]*Recipient{anna.recipient}, 1},
		{[]*Recipient{cleo.recipient, anna.recipient}, 1},
	} {
		file, _ := packed(t, Options{Info: testInfo("sqlite"), Recipients: test.to}, sample())
		packets := packet.NewReader(bytes.NewReader(file))
		for {
			p, err := packets.Next()
			if err != nil {
				t.Fatal(err)
			}
			if e, ok := p.(*packet.SymmetricallyEncrypted); ok {
				if e.Version != test.want {
					t.Errorf("version %d, want %d", e.Version, test.want)
				}
				break
			}
		}
	}
}
