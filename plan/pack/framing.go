package pack

import "io"

// The tags of the packets that a package is made of (RFC 9580, 5): keys that were encrypted for somebody, and one
// sealed packet.
const (
	tagEncryptedKey = 1
	tagSealed       = 18
)

// framing lets a sealed file pass and refuses what is no part of it: any other packet, and any byte behind the sealed
// one. OpenPGP readers skip packets that they don't know, so that somebody could send something along that no check
// value and no signature covers.
type framing struct {
	r       io.Reader
	state   framingState
	tag     byte
	need    int   // octets of the length that are still to come
	base    int64 // what a length of two octets begins at
	length  int64
	partial bool // the length is of a piece, and another length follows it
	bad     bool
}

type framingState uint8

const (
	inHeader framingState = iota
	inFirstLength
	inLength
	inContent
	afterAll
)

func (f *framing) Read(p []byte) (int, error) {
	if f.bad {
		return 0, damaged()
	}
	n, err := f.r.Read(p)
	for rest := p[:n]; len(rest) > 0; {
		if f.state == inContent {
			k := min(int64(len(rest)), f.length)
			rest, f.length = rest[k:], f.length-k
			f.next()
			continue
		}
		if !f.octet(rest[0]) {
			f.bad = true
			return 0, damaged()
		}
		rest = rest[1:]
	}
	return n, err
}

// next moves on when a packet's content, or a piece of it, is at its end.
func (f *framing) next() {
	switch {
	case f.length > 0:
	case f.partial:
		f.state = inFirstLength
	case f.tag == tagSealed:
		f.state = afterAll
	default:
		f.state = inHeader
	}
}

// octet takes one octet of a header, and reports whether it may stand there.
func (f *framing) octet(c byte) bool {
	switch f.state {
	case inHeader:
		return f.header(c)
	case inFirstLength:
		f.firstLength(c)
		return true
	case inLength:
		f.length = f.length<<8 | int64(c)
		if f.need--; f.need == 0 {
			f.length += f.base
			f.begin()
		}
		return true
	}
	return false
}

func (f *framing) header(c byte) bool {
	if c&0x80 == 0 {
		return false
	}
	f.partial, f.length, f.base = false, 0, 0
	if c&0x40 != 0 { // the new format
		f.tag, f.state = c&0x3f, inFirstLength
		return f.tag == tagEncryptedKey || f.tag == tagSealed
	}
	f.tag, f.state, f.need = c>>2&0x0f, inLength, 1<<(c&3)
	return f.tag == tagEncryptedKey && c&3 != 3 // 3 is a length that nobody knows; the sealed packet's tag has no old form
}

// firstLength reads the first octet of a new length (RFC 9580, 4.2.1).
func (f *framing) firstLength(c byte) {
	f.partial = false
	switch {
	case c < 192:
		f.length = int64(c)
		f.begin()
	case c < 224:
		f.length, f.base, f.need, f.state = int64(c)-192, 192, 1, inLength
	case c < 255:
		f.length, f.partial = 1<<(c&0x1f), true
		f.begin()
	default:
		f.length, f.base, f.need, f.state = 0, 0, 4, inLength
	}
}

// begin starts a packet's content, whose length is known now.
func (f *framing) begin() {
	f.state = inContent
	f.next()
}
