package pack

import (
	"bytes"
	"encoding/hex"
	"errors"
	"io"
	"strings"
	"time"

	"github.com/ProtonMail/go-crypto/openpgp/armor"
	pgperrors "github.com/ProtonMail/go-crypto/openpgp/errors"
	"github.com/ProtonMail/go-crypto/openpgp/packet"
	openpgp "github.com/ProtonMail/go-crypto/openpgp/v2"

	"github.com/utdrag/utdrag/filter/diag"
)

// Recipient is the public key of someone to seal for. Like the other keys it is used by one goroutine at a time.
type Recipient struct{ entity *openpgp.Entity }

// Sender is the public key of someone whose signature is demanded.
type Sender struct{ entity *openpgp.Entity }

// Secret is a private key: it opens packages sealed for it, and signs as the sender.
type Secret struct{ entity *openpgp.Entity }

// Fingerprint is the fingerprint of the primary key in uppercase hex.
func (r *Recipient) Fingerprint() string { return fingerprint(r.entity) }

// Fingerprint is the fingerprint of the primary key in uppercase hex.
func (s *Sender) Fingerprint() string { return fingerprint(s.entity) }

// Fingerprint is the fingerprint of the primary key in uppercase hex.
func (s *Secret) Fingerprint() string { return fingerprint(s.entity) }

func fingerprint(e *openpgp.Entity) string {
	return strings.ToUpper(hex.EncodeToString(e.PrimaryKey.Fingerprint))
}

// LoadRecipient reads a public key, armored or binary, that packages can be sealed for today. A file with several keys
// is refused unless fingerprint says which.
func LoadRecipient(r io.Reader, fingerprint ...string) (*Recipient, error) {
	e, err := loadPublic(r, fingerprint)
	if err != nil {
		return nil, err
	}
	if err := canReceive(e, settings(time.Now)); err != nil {
		return nil, err
	}
	return &Recipient{e}, nil
}

// LoadSender reads a public key, armored or binary, that signs. It may have expired since it signed. A file with
// several keys is refused unless fingerprint says which.
func LoadSender(r io.Reader, fingerprint ...string) (*Sender, error) {
	e, err := loadPublic(r, fingerprint)
	if err != nil {
		return nil, err
	}
	cfg := settings(time.Now)
	if _, ok := e.SigningKey(time.Time{}, cfg); !ok {
		_, cause := e.VerifyPrimaryKey(time.Time{}, cfg)
		return nil, unusable(e, "sign with", cause)
	}
	return &Sender{e}, nil
}

// LoadSecret reads a private key, armored or binary. passphrase is called only if the key is locked; what it returns is
// overwritten after use. A file with several keys is refused unless fingerprint says which.
func LoadSecret(r io.Reader, passphrase func() ([]byte, error), fingerprint ...string) (*Secret, error) {
	e, err := load(r, fingerprint)
	if err != nil {
		return nil, err
	}
	if !holdsPrivate(e) {
		return nil, misuse(codeKeyFile, "export the private key: gpg --export-secret-keys",
			"the key file holds a public key where a private one is needed")
	}
	if locked(e) {
		if passphrase == nil {
			return nil, misuse(codePassphrase, "give the passphrase by environment, file or prompt", "the private key is locked")
		}
		secret, err := passphrase()
		if err != nil {
			return nil, failure(codePassphrase, diag.Misuse, "", err, "the private key is locked, and its passphrase wasn't given")
		}
		err = e.DecryptPrivateKeys(secret)
		clear(secret)
		if err != nil || locked(e) {
			// The cause is left out: some name bytes of the key.
			return nil, misuse(codePassphrase, "check the passphrase", "the private key wasn't unlocked by the passphrase")
		}
	}
	return &Secret{e}, nil
}

func loadPublic(r io.Reader, choice []string) (*openpgp.Entity, error) {
	e, err := load(r, choice)
	if err != nil {
		return nil, err
	}
	if holdsPrivate(e) {
		return nil, misuse(codeKeyPrivate, "export the public key alone (gpg --export), and keep the private one at home",
			"the key file holds a private key where a public one is expected")
	}
	return e, nil
}

func holdsPrivate(e *openpgp.Entity) bool {
	found := e.PrivateKey != nil
	for _, sub := range e.Subkeys {
		found = found || sub.PrivateKey != nil
	}
	return found
}

func locked(e *openpgp.Entity) bool {
	is := func(k *packet.PrivateKey) bool { return k != nil && !k.Dummy() && k.Encrypted }
	found := is(e.PrivateKey)
	for _, sub := range e.Subkeys {
		found = found || is(sub.PrivateKey)
	}
	return found
}

const maxKeyFile = 4 << 20

// load reads the one key of a file, or the chosen one.
func load(r io.Reader, choice []string) (*openpgp.Entity, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxKeyFile+1))
	if err != nil {
		return nil, disk("reading a key file", err)
	}
	defer clear(text)
	if len(text) > maxKeyFile {
		return nil, misuse(codeKeyFile, "export one key alone: gpg --export --armor FINGERPRINT", "the key file is larger than 4 MB")
	}
	entities, err := parseKeys(text)
	if err != nil || len(entities) == 0 {
		return nil, misuse(codeKeyFile, "export it with gpg --export --armor FINGERPRINT", "the file isn't a readable OpenPGP key")
	}
	if len(choice) > 1 {
		return nil, misuse(codeKeyChoice, "give one fingerprint", "more than one fingerprint was chosen")
	}
	if len(choice) == 0 || choice[0] == "" {
		if len(entities) > 1 {
			return nil, misuse(codeKeyChoice, "say which by its fingerprint, or export one key alone",
				"the file holds %d keys", len(entities))
		}
		return entities[0], nil
	}
	want := strings.ToUpper(strings.ReplaceAll(choice[0], " ", ""))
	for _, e := range entities {
		if fingerprint(e) == want {
			return e, nil
		}
	}
	return nil, misuse(codeKeyChoice, "give the whole fingerprint of the primary key", "the file doesn't hold the chosen key")
}

// parseKeys reads every key of a file. Unlike openpgp.ReadKeyRing it doesn't pass over what it can't read.
func parseKeys(text []byte) (openpgp.EntityList, error) {
	var all openpgp.EntityList
	begin := []byte("-----BEGIN PGP ")
	if i := bytes.Index(text, begin); i >= 0 && !(len(text) > 0 && text[0]&0x80 != 0) {
		for rest := text[i:]; len(rest) > 0; {
			end := bytes.Index(rest[1:], begin)
			this := rest
			if end >= 0 {
				this, rest = rest[:end+1], rest[end+1:]
			} else {
				rest = nil
			}
			b, err := armor.Decode(bytes.NewReader(this))
			if err != nil {
				return nil, err
			}
			if b.Type != openpgp.PublicKeyType && b.Type != openpgp.PrivateKeyType {
				return nil, errors.New("no key block")
			}
			entities, err := parseBinary(b.Body)
			if err != nil {
				return nil, err
			}
			all = append(all, entities...)
		}
		return all, nil
	}
	return parseBinary(bytes.NewReader(text))
}

func parseBinary(r io.Reader) (all openpgp.EntityList, err error) {
	packets := packet.NewReader(r)
	for {
		e, err := openpgp.ReadEntity(packets)
		if err == io.EOF {
			return all, nil
		}
		if err != nil {
			return nil, err
		}
		all = append(all, e)
	}
}

// settings are what this package asks of OpenPGP.
func settings(now func() time.Time) *packet.Config {
	return &packet.Config{
		Time:          now,
		DefaultCipher: packet.CipherAES256,
		MinRSABits:    2048,
		// Content is compressed before it is sealed. A message that OpenPGP compressed is not one of ours, and its
		// decompression is not under our limits.
		MaxDecompressedMessageSize: new(int64),
	}
}

// canReceive reports why nothing can be sealed for e.
func canReceive(e *openpgp.Entity, cfg *packet.Config) error {
	_, err := e.EncryptionKeyWithError(cfg.Now(), cfg)
	if err == nil {
		return nil
	}
	var cause error
	if choice, ok := errors.AsType[pgperrors.ErrEncryptionKeySelection](err); ok {
		cause = errors.Join(choice.PrimaryKeyErr, choice.EncSelectionErr)
	} else if choice, ok := errors.AsType[*pgperrors.ErrEncryptionKeySelection](err); ok {
		cause = errors.Join(choice.PrimaryKeyErr, choice.EncSelectionErr)
	}
	return unusable(e, "seal for", cause)
}

// canSign reports why s can't sign.
func canSign(s *Secret, cfg *packet.Config) error {
	key, ok := s.entity.SigningKey(cfg.Now(), cfg)
	if !ok {
		_, cause := s.entity.VerifyPrimaryKey(cfg.Now(), cfg)
		return unusable(s.entity, "sign with", cause)
	}
	if key.PrivateKey == nil || key.PrivateKey.Dummy() || key.PrivateKey.Encrypted {
		return misuse(codeKeyUnfit, "export the private key with its signing subkey",
			"the key %s can't sign: its private part isn't there", fingerprint(s.entity))
	}
	return nil
}

func unusable(e *openpgp.Entity, purpose string, cause error) error {
	id := fingerprint(e)
	_, weak := errors.AsType[pgperrors.WeakAlgorithmError](cause)
	switch {
	case errors.Is(cause, pgperrors.ErrKeyExpired):
		return misuse(codeKeyExpired, "ask its owner for a key that is valid now", "the key %s to %s has expired", id, purpose)
	case errors.Is(cause, pgperrors.ErrKeyRevoked):
		return misuse(codeKeyRevoked, "ask its owner for the key that replaces it", "the key %s to %s was revoked", id, purpose)
	case weak:
		return misuse(codeKeyWeak, "use Curve25519, a NIST curve or RSA of at least 2048 bits",
			"the key %s to %s is too weak", id, purpose)
	}
	return misuse(codeKeyUnfit, "ask its owner for a key with a valid subkey for the purpose",
		"the key %s has no subkey to %s", id, purpose)
}
