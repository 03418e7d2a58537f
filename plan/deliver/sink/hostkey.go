package sink

import (
	"crypto/ed25519"
	"crypto/rsa"
	"encoding/base64"
	"errors"
	"net"
	"os"
	"slices"
	"strings"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/knownhosts"
)

// HostKey pins the server's key: by fingerprints, or by a known_hosts file. Exactly one must be given.
type HostKey struct {
	// Fingerprints are as ssh-keygen -l prints them: SHA256:… Any of them will do, so that a key can be replaced. They
	// don't tell the kind of key, so the first connection may take up to five calls.
	Fingerprints []string
	// KnownHosts is a file in OpenSSH's format. Host certificates (@cert-authority) aren't used.
	KnownHosts string
}

// The algorithms asked of a server, best first. They are those that RFC 9142 (key exchange), RFC 8332 and 8709 with RFC 5656 (keys) and
// RFC 6668 with RFC 5647 and 4344 (ciphers, integrity) leave or recommend, and the ones that OpenSSH added to these.
// Nothing rests on SHA-1, on CBC or on a group of less than 2048 bits. AES-GCM comes first, for a server without the
// "strict" key exchange is open to CVE-2023-48795 with ChaCha20-Poly1305 and encrypt-then-MAC.
var (
	keyExchanges = []string{
		ssh.KeyExchangeMLKEM768X25519, ssh.KeyExchangeCurve25519,
		ssh.KeyExchangeECDHP256, ssh.KeyExchangeECDHP384, ssh.KeyExchangeECDHP521,
		ssh.KeyExchangeDH16SHA512, ssh.KeyExchangeDH14SHA256,
	}
	ciphers = []string{
		ssh.CipherAES256GCM, ssh.CipherAES128GCM, ssh.CipherChaCha20Poly1305, ssh.CipherAES256CTR, ssh.CipherAES128CTR,
	}
	macs          = []string{ssh.HMACSHA256ETM, ssh.HMACSHA512ETM, ssh.HMACSHA256, ssh.HMACSHA512}
	rsaAlgorithms = []string{ssh.KeyAlgoRSASHA512, ssh.KeyAlgoRSASHA256}
	// families are asked for one after the other where only a fingerprint is known, for it doesn't tell the kind of key.
	families = [][]string{
		{ssh.KeyAlgoED25519}, {ssh.KeyAlgoECDSA256}, {ssh.KeyAlgoECDSA384}, {ssh.KeyAlgoECDSA521}, rsaAlgorithms,
	}
)

const fewestRSABits = 2048

// pins is a HostKey that was read.
type pins struct {
	fingerprints []string
	known        ssh.HostKeyCallback
}

func (h HostKey) read() (*pins, error) {
	if (len(h.Fingerprints) == 0) == (h.KnownHosts == "") {
		return nil, misuse(codeSettings, "give the fingerprint that the recipient told you (ssh-keygen -l), or a known_hosts file, not both",
			"the server's host key isn't pinned in one way")
	}
	p := &pins{fingerprints: h.Fingerprints}
	for _, f := range h.Fingerprints {
		text, ok := strings.CutPrefix(f, "SHA256:")
		sum, err := base64.RawStdEncoding.Strict().DecodeString(text)
		if !ok || err != nil || len(sum) != 32 {
			return nil, misuse(codeSettings, "write it as ssh-keygen -l prints it: SHA256: and 43 characters",
				"a host key's fingerprint isn't one")
		}
	}
	if h.KnownHosts != "" {
		info, err := os.Stat(h.KnownHosts)
		if err == nil && !info.Mode().IsRegular() {
			err = errFailure
		}
		if err != nil {
			return nil, external(codeDisk, "", cause(err), "the known_hosts file can't be read")
		}
		if p.known, err = knownhosts.New(h.KnownHosts); err != nil {
			return nil, misuse(codeSettings, "check it with ssh-keygen -l -f FILE", "the known_hosts file has a line that isn't one")
		}
	}
	return p, nil
}

// offers are the lists of host key algorithms to try in turn for an address.
func (p *pins) offers(address string) [][]string {
	if p.known == nil {
		return families
	}
	all := slices.Concat(families...)
	// knownhosts has no way to ask what it knows but showing it a key that nobody has.
	nobody, err := ssh.NewPublicKey(ed25519.PublicKey(make([]byte, ed25519.PublicKeySize)))
	if err != nil {
		return [][]string{all}
	}
	unknown, ok := errors.AsType[*knownhosts.KeyError](p.known(address, &net.TCPAddr{IP: net.IPv4zero}, nobody))
	if !ok || len(unknown.Want) == 0 {
		return [][]string{all}
	}
	var offer []string
	for _, family := range families {
		for _, want := range unknown.Want {
			kind := want.Key.Type()
			if !slices.Contains(offer, family[0]) && (kind == family[0] || kind == ssh.KeyAlgoRSA && &family[0] == &rsaAlgorithms[0]) {
				offer = append(offer, family...)
			}
		}
	}
	if offer == nil {
		offer = all
	}
	return [][]string{offer}
}

// check decides on the key that a server showed.
func (p *pins) check(where, address string, remote net.Addr, key ssh.PublicKey) error {
	shown := ssh.FingerprintSHA256(key)
	if crypto, ok := key.(ssh.CryptoPublicKey); ok {
		if k, ok := crypto.CryptoPublicKey().(*rsa.PublicKey); ok && k.N.BitLen() < fewestRSABits {
			return refused(codeHostWeak, "have the recipient make an Ed25519 host key", "%s shows an RSA key of %d bits", where, k.N.BitLen())
		}
	}
	if p.known == nil {
		if slices.Contains(p.fingerprints, shown) {
			return nil
		}
		return changed(where, p.fingerprints, []string{shown})
	}
	err := p.known(address, remote, key)
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[*knownhosts.RevokedError](err); ok {
		return refused(codeHostRevoked, "deliver nothing there until the recipient has explained it",
			"%s shows the key %s, which known_hosts revokes", where, shown)
	}
	if mismatch, ok := errors.AsType[*knownhosts.KeyError](err); ok && len(mismatch.Want) > 0 {
		var want []string
		for _, k := range mismatch.Want {
			want = append(want, ssh.FingerprintSHA256(k.Key))
		}
		return changed(where, want, []string{shown})
	}
	return refused(codeHostUnknown, "ask the recipient, by another way than this server, whether that is its key, and then pin it",
		"%s isn't in known_hosts; it shows the key %s", where, shown)
}

func changed(where string, want, shown []string) error {
	want = slices.Clone(want)
	slices.Sort(want)
	return refused(codeHostChanged,
		"someone may be in between: ask the recipient, by another way than this server, whether the key was replaced, and only then pin the new one",
		"%s shows another host key than the pinned one: pinned %s, shown %s",
		where, strings.Join(slices.Compact(want), " or "), strings.Join(shown, " and "))
}
