package disclosure

import "time"

// Signer signs records: the region's private key, such as a [pack.Secret]. It need not be safe for use by several goroutines.
type Signer interface {
	// Fingerprint is that of the primary key in uppercase hex.
	Fingerprint() string
	// Sign returns a detached binary OpenPGP signature made at the time given, which the key must be valid at.
	Sign(message []byte, at time.Time) ([]byte, error)
}

// Verifier checks records: a public key that is trusted to have signed them, such as a [pack.Sender].
type Verifier interface {
	// Fingerprint is that of the primary key in uppercase hex.
	Fingerprint() string
	// Check returns nil if signature is one detached binary OpenPGP signature over message, made by the key at the time
	// given, when the key was valid. A key that has expired since is no fault. Not a byte of it may be free to be changed.
	Check(message, signature []byte, at time.Time) error
}

// find returns the trusted key of a fingerprint, or nil.
func find(keys []Verifier, fingerprint string) Verifier {
	for _, k := range keys {
		if k.Fingerprint() == fingerprint {
			return k
		}
	}
	return nil
}

// checkSignature holds a signature against the trusted keys.
func checkSignature(keys []Verifier, signer string, body, signature []byte, at time.Time) error {
	k := find(keys, signer)
	if k == nil {
		return refused(codeSigner, "give the key if it was the region's at the time; if not, it is a forgery", "it is signed by a key that isn't trusted here")
	}
	// The cause is left out: it is in the words of OpenPGP packets, and may quote them.
	if k.Check(body, signature, at) != nil {
		return refused(codeSignature, "", "its signature doesn't hold")
	}
	return nil
}
