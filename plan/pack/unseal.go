package pack

import (
	"bufio"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	pgperrors "github.com/ProtonMail/go-crypto/openpgp/errors"
	"github.com/ProtonMail/go-crypto/openpgp/packet"
	openpgp "github.com/ProtonMail/go-crypto/openpgp/v2"

	"github.com/utdrag/utdrag/filter/diag"
)

// Keys open packages.
type Keys struct {
	// Secrets are tried until one opens it; at least one.
	Secrets []*Secret
	// Sender, if not nil, must have signed it.
	Sender *Sender
}

// Signature says what is known of a package's signature.
type Signature struct {
	State SignatureState
	// Fingerprint is the sender's for Good. For Unknown it is what the signature claims, which proves nothing.
	Fingerprint string
}

// SignatureState tells a good signature from none.
type SignatureState uint8

// The states. A bad signature by the demanded sender is an error, not a state.
const (
	Unsigned SignatureState = iota
	Unknown                 // signed, and no sender was given to check it against
	Good                    // signed by the sender
)

func (s SignatureState) String() string {
	switch s {
	case Unsigned:
		return "unsigned"
	case Unknown:
		return "signed by unknown"
	case Good:
		return "good"
	}
	return fmt.Sprintf("signature state %d", uint8(s))
}

// unsealed is an open package as a stream. Nothing that comes out of it may be used before finish has returned nil.
type unsealed struct {
	source      *source
	outer       *bufio.Reader
	message     *openpgp.MessageDetails
	body        *latch
	compression Compression
	content     *bounded
	rest        func() error
	sender      *Sender
}

func unseal(r io.Reader, keys Keys, limits Limits) (*unsealed, error) {
	if len(keys.Secrets) == 0 {
		return nil, misuse(codeNoKey, "give the private key that it was sealed for", "no private key to open the package with")
	}
	var ring openpgp.EntityList
	if keys.Sender != nil {
		ring = append(ring, keys.Sender.entity)
	}
	for _, s := range keys.Secrets {
		ring = append(ring, s.entity)
	}
	u := &unsealed{source: &source{r: r, allowance: allowance}, sender: keys.Sender}
	cfg := settings(time.Now)
	u.outer = bufio.NewReaderSize(&framing{r: u.source}, 64<<10)
	message, err := openpgp.ReadMessage(u.outer, ring, nil, cfg)
	switch {
	case u.source.err != nil:
		return nil, u.source.err
	case err == pgperrors.ErrKeyIncorrect:
		return nil, refused(codeNoKey, "ask the sender which key it was sealed for; gpg --list-packets shows it",
			"none of the keys opens the package")
	case err != nil, !message.IsEncrypted, message.IsSymmetricallyEncrypted, !message.LiteralData.IsBinary,
		message.LiteralData.FileName != "", message.LiteralData.Time != 0:
		return nil, damaged()
	}
	u.message = message
	u.body = &latch{r: message.UnverifiedBody, source: u.source}
	c, content, rest, err := decompressor(bufio.NewReaderSize(u.body, 64<<10))
	if err != nil {
		return nil, u.explain(err)
	}
	u.compression, u.rest = c, rest
	u.content = &bounded{r: content, body: u.body, limits: limits}
	return u, nil
}

func (u *unsealed) Read(p []byte) (int, error) {
	n, err := u.content.Read(p)
	if err != nil && err != io.EOF {
		err = u.explain(err)
	}
	return n, err
}

// explain turns an error on the way into one of ours. What the file system said goes before what broke for that reason.
func (u *unsealed) explain(err error) error {
	if u.source.err != nil {
		return u.source.err
	}
	if diag.CodeOf(err) != "" {
		return err
	}
	return damaged()
}

// finish reads to the very end, where the seal's own check value and the signature are.
func (u *unsealed) finish() (Signature, error) {
	var one [1]byte
	if n, err := io.ReadFull(u.content, one[:]); n > 0 {
		return Signature{}, refused(codeEntry, "", "something follows the package's content")
	} else if err != io.EOF {
		return Signature{}, u.explain(err)
	}
	if err := u.rest(); err != nil {
		return Signature{}, u.explain(err)
	}
	if u.body.err != io.EOF {
		return Signature{}, damaged()
	}
	if _, err := u.outer.ReadByte(); err == nil {
		return Signature{}, damaged()
	} else if err != io.EOF {
		return Signature{}, u.explain(err)
	}
	m := u.message
	if u.sender == nil {
		if !m.IsSigned || len(m.SignatureCandidates) == 0 {
			return Signature{}, nil
		}
		return Signature{State: Unknown, Fingerprint: claimed(m.SignatureCandidates[0])}, nil
	}
	if !m.IsSigned || !m.IsVerified {
		return Signature{}, refused(codeSignature, "ask the sender for a signed package, or for the right public key",
			"the package isn't signed, and a signature by %s was demanded", u.sender.Fingerprint())
	}
	for _, c := range m.SignatureCandidates {
		if c.SignatureError == nil && c.SignedBy != nil && c.SigType == packet.SigTypeBinary &&
			fingerprint(c.SignedBy.Entity) == u.sender.Fingerprint() {
			return Signature{State: Good, Fingerprint: u.sender.Fingerprint()}, nil
		}
	}
	for _, c := range m.SignatureCandidates {
		// The signature itself is good: time is looked at last, and ours have no end. Nobody should throw the key away for that.
		if errors.Is(c.SignatureError, pgperrors.ErrSignatureExpired) && c.SignedBy != nil && fingerprint(c.SignedBy.Entity) == u.sender.Fingerprint() {
			return Signature{}, refused(codeSignature, "wait, and compare this machine's clock with the sender's; then take it again",
				"the package was signed by %s later than this machine's clock says", u.sender.Fingerprint())
		}
	}
	return Signature{}, refused(codeSignature, "don't use it; ask the sender what was sent, and for the right public key",
		"the package has no good signature by %s", u.sender.Fingerprint())
}

func claimed(c *openpgp.SignatureCandidate) string {
	if c.CorrespondingSig != nil && len(c.CorrespondingSig.IssuerFingerprint) > 0 {
		return strings.ToUpper(hex.EncodeToString(c.CorrespondingSig.IssuerFingerprint))
	}
	return fmt.Sprintf("%016X", c.IssuerKeyId)
}

// allowance is how many sealed bytes may be read before any content comes out of them: without it a packet of gigabytes
// beside the content would be read into memory.
const allowance = 32 << 20

// source reads the sealed file and keeps the first error of doing so.
type source struct {
	r         io.Reader
	n         int64
	allowance int64
	err       error
}

func (s *source) Read(p []byte) (int, error) {
	if s.err != nil {
		return 0, s.err
	}
	n, err := s.r.Read(p)
	s.n += int64(n)
	if s.allowance -= int64(n); s.allowance < 0 {
		s.err = refused(codeLimit, "", "the package holds an oversized OpenPGP packet")
		return 0, s.err
	}
	if err != nil && err != io.EOF {
		s.err = disk("reading the package", err)
		err = s.err
	}
	return n, err
}

// latch reads the message's body and never again after its end: the end is where go-crypto checks, once.
type latch struct {
	r      io.Reader
	source *source
	n      int64
	err    error
}

func (l *latch) Read(p []byte) (int, error) {
	if l.err != nil {
		return 0, l.err
	}
	l.source.allowance = allowance
	n, err := l.r.Read(p)
	l.n += int64(n)
	l.err = err
	return n, err
}

// bounded stops a stream that grows out of all proportion.
type bounded struct {
	r      io.Reader
	body   *latch
	limits Limits
	n      int64
}

func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	b.n += int64(n)
	if b.n > b.limits.Bytes {
		return 0, refused(codeLimit, "allow more if the sender says so", "the package holds more than %d bytes", b.limits.Bytes)
	}
	if b.n > b.limits.ratioFrom && b.n/b.limits.Ratio > b.body.n {
		return 0, refused(codeLimit, "allow more if the sender says so",
			"the package's content is more than %d times as large as the package", b.limits.Ratio)
	}
	return n, err
}
