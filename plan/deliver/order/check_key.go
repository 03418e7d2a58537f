package order

import (
	"bytes"
	"crypto"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	pgperrors "github.com/ProtonMail/go-crypto/openpgp/errors"
	"github.com/ProtonMail/go-crypto/openpgp/packet"
	openpgp "github.com/ProtonMail/go-crypto/openpgp/v2"

	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/plan/pack"
)

// Sizes of RSA. Below 2048 bits there is less than 112 bits of strength, which NIST SP 800-131A rev. 2 disallows and ENISA's
// report on algorithms, key sizes and parameters (2014) keeps for legacy only. From 2031 on, 128 bits are asked for (NIST SP 800-57
// part 1 rev. 5, tables 2 and 4), which is RSA of 3072; keys of 3000 bits are made too, and pass (BSI TR-02102-1). What is
// sealed today can be kept and tried then, so smaller ones are remarked on now.
const (
	leastRSA  = 2048
	enoughRSA = 3000
)

// soon is how long before its end a key is remarked on: time to get another.
const soon = 30 * 24 * time.Hour

const maxKeyFile = 4 << 20

// key looks at the recipient's key as sealing will.
func (c *check) key(o *Order) {
	if c.keys == nil {
		c.keys = map[*Order][]string{}
	}
	c.keys[o] = []string{o.Recipient.Fingerprint}
	text, err := readKey(o.Path(o.Recipient.KeyFile))
	if err != nil {
		c.add(o, "recipient.key", flaw{code: CodeKeyFile, summary: "the recipient's key file isn't there or can't be read",
			advice: "check the name; one that isn't absolute begins in the order's folder"})
		return
	}
	if _, err := pack.LoadRecipient(bytes.NewReader(text), o.Recipient.Fingerprint); err != nil {
		f := keyFlaw(err)
		field := "recipient.key"
		if f.code == CodeKeyOther {
			field = "recipient.fingerprint"
		}
		c.add(o, field, f)
		return
	}
	entity := entityOf(text, o.Recipient.Fingerprint)
	if entity == nil {
		c.add(o, "recipient.key", flaw{code: CodeKeyFile, summary: "the recipient's key file holds more than its key",
			advice: "export the key alone: gpg --export --armor FINGERPRINT"})
		return
	}
	c.keys[o] = append(c.keys[o], material(entity.PrimaryKey))
	for _, sub := range entity.Subkeys {
		c.keys[o] = append(c.keys[o], strings.ToUpper(hex.EncodeToString(sub.PublicKey.Fingerprint)), material(sub.PublicKey))
	}
	c.keyAt(o, entity)
}

// keyAt looks at a key at the time of the check.
func (c *check) keyAt(o *Order, entity *openpgp.Entity) {
	used, err := entity.EncryptionKeyWithError(c.now, &packet.Config{MinRSABits: leastRSA})
	if err != nil {
		f := flaw{code: CodeKeyUnfit, summary: "the recipient's key can't be sealed for at this time", advice: "ask the provider for a key that is valid now"}
		var causes []error
		if choice, ok := errors.AsType[pgperrors.ErrEncryptionKeySelection](err); ok {
			causes = []error{choice.PrimaryKeyErr, choice.EncSelectionErr}
		} else if choice, ok := errors.AsType[*pgperrors.ErrEncryptionKeySelection](err); ok {
			causes = []error{choice.PrimaryKeyErr, choice.EncSelectionErr}
		}
		if errors.Is(errors.Join(causes...), pgperrors.ErrKeyExpired) {
			f.code, f.summary = CodeKeyExpired, "the recipient's key has expired"
		}
		c.add(o, "recipient.key", f)
		return
	}
	for _, s := range []*packet.Signature{used.PrimarySelfSignature, used.SelfSignature} {
		if s != nil && brokenHashes[s.Hash] {
			c.add(o, "recipient.key", flaw{code: CodeKeyWeak, summary: "the recipient's key hangs together by a signature over SHA-1 or a weaker hash",
				advice: "ask the provider to sign it anew: gpg --cert-digest-algo SHA256 --quick-set-expire FINGERPRINT 2y, and the same for its subkeys with '*'"})
			return
		}
	}
	if ends := end(used, entity); !ends.IsZero() {
		_, next, _ := o.Due(c.now, c.now)
		if ends.Before(c.now.Add(soon)) || !next.IsZero() && ends.Before(next) {
			c.add(o, "recipient.key", flaw{code: CodeKeyEnds, warning: true,
				summary: "the recipient's key expires on " + ends.UTC().Format(time.DateOnly) + ": before the next delivery, or within 30 days",
				advice:  "ask the provider to prolong it or for another in time"})
		}
	}
	for _, k := range []*packet.PublicKey{entity.PrimaryKey, used.PublicKey} {
		switch k.PubKeyAlgo {
		case packet.PubKeyAlgoRSA, packet.PubKeyAlgoRSAEncryptOnly, packet.PubKeyAlgoRSASignOnly:
			if bits, err := k.BitLength(); err != nil || bits < enoughRSA {
				c.add(o, "recipient.key", flaw{code: CodeKeyShort, warning: true, summary: "the recipient's RSA key is of less than 3072 bits",
					advice: "it may be used through 2030; what is sealed for it lives longer: ask for Curve25519, a NIST curve or RSA of 3072 bits or more"})
				return
			}
		}
	}
}

// brokenHashes are those for which two texts of one hash can be made (Leurent and Peyrin, 2020), or that are older still. RFC 9580,
// 9.5, forbids signatures over them.
var brokenHashes = map[crypto.Hash]bool{crypto.MD5: true, crypto.SHA1: true, crypto.RIPEMD160: true}

// material is what a key is made of without the time at which it was made, which its fingerprint is over too: GnuPG makes a subkey of
// one that exists, and whoever has the private part has that of both.
func material(k *packet.PublicKey) string {
	var b bytes.Buffer
	if k.SerializeForHash(&b) != nil {
		return ""
	}
	// What is hashed for a fingerprint begins with an octet and the length (RFC 9580, 5.5.4); then come the version, the time in four
	// octets, the algorithm, from version 6 on the length of the material, and the material.
	text, skip := b.Bytes(), 3+1+4
	if k.Version >= 5 {
		skip = 5 + 1 + 4
	}
	algorithm, rest := text[skip], text[skip+1:]
	if k.Version >= 5 {
		rest = rest[4:]
	}
	return string(rune(algorithm)) + string(rest)
}

// end is when the first of the primary key and the used subkey expires, or the zero time.
func end(used openpgp.Key, entity *openpgp.Entity) time.Time {
	var first time.Time
	for _, part := range []struct {
		key       *packet.PublicKey
		signature *packet.Signature
	}{{entity.PrimaryKey, used.PrimarySelfSignature}, {used.PublicKey, used.SelfSignature}} {
		if part.signature == nil || part.signature.KeyLifetimeSecs == nil || *part.signature.KeyLifetimeSecs == 0 {
			continue
		}
		ends := part.key.CreationTime.Add(time.Duration(*part.signature.KeyLifetimeSecs) * time.Second)
		if first.IsZero() || ends.Before(first) {
			first = ends
		}
	}
	return first
}

// keyFlaw says in an order's terms why plan/pack refuses a key.
func keyFlaw(err error) flaw {
	f := flaw{code: CodeKeyUnfit, summary: "the recipient's key can't be sealed for", advice: "ask the provider for its public key with a valid subkey to encrypt"}
	switch diag.CodeOf(err) {
	case "UK001":
		f = flaw{code: CodeKeyFile, summary: "the recipient's key file isn't a readable OpenPGP key", advice: "export it with gpg --export --armor FINGERPRINT"}
	case "UK002":
		f = flaw{code: CodeKeyPrivate, summary: "the recipient's key file holds a private key",
			advice: "a provider's private key never leaves the provider: ask for a new key pair, of which only the public key is sent"}
	case "UK003":
		f = flaw{code: CodeKeyOther, summary: "the key file doesn't hold the key that has this fingerprint",
			advice: "don't change the order to fit the file: ask the provider for the fingerprint by another way than the file came"}
	case "UK004":
		f = flaw{code: CodeKeyExpired, summary: "the recipient's key has expired", advice: "ask the provider for a key that is valid now"}
	case "UK005":
		f = flaw{code: CodeKeyRevoked, summary: "the recipient's key was revoked", advice: "ask the provider for the key that replaces it"}
	case "UK007":
		f = flaw{code: CodeKeyWeak, summary: "the recipient's key is too weak", advice: "ask the provider for Curve25519, a NIST curve or RSA of 3072 bits or more"}
	}
	return f
}

// sharedKeys finds keys that two legal persons are given, subkeys included: whoever has its private part reads both's data.
func (c *check) sharedKeys(orders []*Order) {
	type holder struct {
		organisation string
		place        string
	}
	first := map[string]holder{}
	for _, o := range orders {
		shared := ""
		for _, f := range c.keys[o] {
			if f == "" {
				continue
			}
			held, ok := first[f]
			if !ok {
				first[f] = holder{o.OrganisationNumber(), spot(o, "recipient.fingerprint")}
			} else if held.organisation != o.OrganisationNumber() && shared == "" {
				shared = held.place
			}
		}
		if shared != "" {
			c.add(o, "recipient.fingerprint", flaw{code: CodeSharedKey, summary: "another legal person's order has the same key, or the same subkey",
				advice: "first at " + shared + "; each legal person has a key of its own"})
		}
	}
}

func readKey(path string) ([]byte, error) {
	if !isFile(path) {
		return nil, errNoFile
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(io.LimitReader(f, maxKeyFile+1))
	return text, errors.Join(err, f.Close())
}

// entityOf finds a key that plan/pack has taken, or nil.
func entityOf(text []byte, fingerprint string) *openpgp.Entity {
	read := openpgp.ReadKeyRing
	if bytes.Contains(text, []byte("-----BEGIN PGP ")) && text[0]&0x80 == 0 {
		read = openpgp.ReadArmoredKeyRing
	}
	ring, err := read(bytes.NewReader(text))
	if err != nil {
		return nil
	}
	i := slices.IndexFunc(ring, func(e *openpgp.Entity) bool {
		return strings.EqualFold(hex.EncodeToString(e.PrimaryKey.Fingerprint), fingerprint)
	})
	if i < 0 {
		return nil
	}
	return ring[i]
}
