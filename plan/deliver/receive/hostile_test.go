package receive_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/ProtonMail/go-crypto/openpgp/packet"
	openpgp "github.com/ProtonMail/go-crypto/openpgp/v2"

	"github.com/utdrag/utdrag/plan/deliver/receive"
	"github.com/utdrag/utdrag/plan/deliver/sink"
)

// Somebody who could open a package takes its seal off and seals it again for us. The signature inside is as it was.
func TestResealed(t *testing.T) {
	file := making{order: orderAt(1), recipient: []string{"other"}}.make(t)
	sealed, err := os.ReadFile(file)
	check(t, err)
	other, err := openpgp.ReadEntity(packet.NewReader(bytes.NewReader(people()["other"].private)))
	check(t, err)
	us, err := openpgp.ReadEntity(packet.NewReader(bytes.NewReader(people()["provider"].public)))
	check(t, err)

	inside := unwrap(t, sealed, other)
	key, ok := us.EncryptionKey(now(), nil)
	if !ok {
		t.Fatal("no key to seal for")
	}
	var again bytes.Buffer
	session := make([]byte, 32)
	_, _ = rand.Read(session)
	check(t, packet.SerializeEncryptedKey(&again, key.PublicKey, packet.CipherAES256, session, nil))
	w, err := packet.SerializeSymmetricallyEncrypted(&again, packet.CipherAES256, false, packet.CipherSuite{Cipher: packet.CipherAES256, Mode: packet.AEADModeOCB}, session, nil)
	check(t, err)
	_, err = w.Write(inside)
	check(t, errors.Join(err, w.Close()))
	resealed := filepath.Join(t.TempDir(), "resealed.pgp")
	check(t, os.WriteFile(resealed, again.Bytes(), 0o600))

	d := newDesk(t)
	before := d.listing()
	_, err = d.take(resealed, d.sqlite("x.db"))
	// The signature's note of whom it is intended for (RFC 9580, 5.2.3.36) tells. Where a sender writes none, the manifest's
	// recipients do: see TestWeighAddressee.
	demandCode(t, err, "UK037")
	if d.listing() != before {
		t.Error("a refusal left something")
	}
}

// unwrap takes the seal off.
func unwrap(t *testing.T, sealed []byte, e *openpgp.Entity) []byte {
	packets := packet.NewReader(bytes.NewReader(sealed))
	var session *packet.EncryptedKey
	for {
		p, err := packets.Next()
		check(t, err)
		switch p := p.(type) {
		case *packet.EncryptedKey:
			for _, sub := range e.Subkeys {
				if sub.PublicKey.KeyId == p.KeyId {
					check(t, p.Decrypt(sub.PrivateKey, nil))
					session = p
				}
			}
		case packet.EncryptedDataPacket:
			content, err := p.Decrypt(session.CipherFunc, session.Key)
			check(t, err)
			text, err := io.ReadAll(content)
			check(t, errors.Join(err, content.Close()))
			return text
		default:
			t.Fatalf("a packet of type %T", p)
		}
	}
}

// full is a store whose packages don't fit: what it is given to write to is what fails.
type full struct {
	sink.Store
	at int64
}

func (f full) Fetch(ctx context.Context, name string, w io.Writer) (*sink.Fetched, error) {
	return f.Store.Fetch(ctx, name, &limited{w, f.at})
}

type limited struct {
	w    io.Writer
	left int64
}

func (l *limited) Write(p []byte) (int, error) {
	if l.left -= int64(len(p)); l.left < 0 {
		return 0, syscall.ENOSPC
	}
	return l.w.Write(p)
}

func TestFull(t *testing.T) {
	d := newDesk(t)
	area := t.TempDir()
	making{order: orderAt(1), to: filepath.Join(area, "p.pgp")}.make(t)
	d.refusesFrom("UD503", receive.From{Store: full{&sink.Folder{Path: area}, 100}}, d.sqlite("x.db"))
}

// Interrupted while it fetches, verifies and loads, at every tenth call for time.
func TestInterrupted(t *testing.T) {
	d := newDesk(t)
	area := t.TempDir()
	making{order: orderAt(1), patients: 500, to: filepath.Join(area, "p.pgp")}.make(t)
	for _, when := range []string{"load", "verify"} {
		ctx, stop := context.WithCancel(t.Context())
		o := d.options
		o.Progress = stopper{when, stop}
		_, err := receive.Receive(ctx, receive.From{Store: &sink.Folder{Path: area}}, d.sqlite("x.db"), o)
		if err == nil {
			t.Fatalf("%s: not interrupted", when)
		}
		if text := d.listing(); strings.Contains(text, "x.db") || strings.Contains(text, "spool-") {
			t.Fatalf("%s: left behind:\n%s", when, text)
		}
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	_, err := receive.Receive(ctx, receive.From{File: filepath.Join(area, "p.pgp")}, d.sqlite("x.db"), d.options)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	d.loads(filepath.Join(area, "p.pgp"), d.sqlite("x.db"), 500)
}

// stopper interrupts when a phase begins.
type stopper struct {
	phase string
	stop  func()
}

func (s stopper) Phase(name string, _ int) {
	if name == s.phase {
		s.stop()
	}
}
func (stopper) Table(string, int64) {}
func (stopper) Add(int64, int64)    {}
