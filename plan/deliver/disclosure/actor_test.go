package disclosure

import (
	"crypto/ed25519"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"os/user"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/utdrag/utdrag/filter/diag"
)

func certificate(t testing.TB, subject pkix.Name) *x509.Certificate {
	t.Helper()
	seed := ed25519.NewKeyFromSeed(make([]byte, 32))
	c := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: subject, NotBefore: start.Add(-time.Hour), NotAfter: start.Add(time.Hour)}
	der, err := x509.CreateCertificate(nil, c, c, seed.Public(), seed)
	if err != nil {
		t.Fatal(err)
	}
	if c, err = x509.ParseCertificate(der); err != nil {
		t.Fatal(err)
	}
	return c
}

// Who ran it, by a SITHS-like certificate and an OpenPGP key, is in the record.
func TestActor(t *testing.T) {
	cert := certificate(t, pkix.Name{CommonName: "Åsa Öberg", SerialNumber: "SE5500000012-A1B2", Organization: []string{"Region Exempel"}, Country: []string{"SE"}})
	who, err := CertificateOf(cert, start)
	if err != nil {
		t.Fatal(err)
	}
	if who.HSAID != "SE5500000012-A1B2" || who.Subject != "SERIALNUMBER=SE5500000012-A1B2,CN=Åsa Öberg,O=Region Exempel,C=SE" || !isSHA256(who.SHA256) {
		t.Errorf("%+v", who)
	}
	o := testOptions()
	o.Actor.Certificate, o.Actor.Key = who, strings.Repeat("AB", 32)
	l, err := Create(filepath.Join(t.TempDir(), "x.log"), o)
	if err != nil {
		t.Fatal(err)
	}
	r, err := l.Append(t.Context(), refusal())
	if err != nil || r.Actor.Certificate.HSAID != who.HSAID || r.Actor.Key != o.Actor.Key {
		t.Fatal(r, err)
	}
	wantSound(t, verifyLog(t, l), 2)
}

func TestCertificateIsRefused(t *testing.T) {
	good := pkix.Name{CommonName: "Åsa Öberg", SerialNumber: "SE5500000012-A1B2"}
	for name, x := range map[string]struct {
		subject pkix.Name
		at      time.Time
	}{
		"personal identity number":  {pkix.Name{CommonName: "Åsa Öberg", SerialNumber: "191212121212"}, start},
		"no serialNumber":           {pkix.Name{CommonName: "Åsa Öberg"}, start},
		"a number elsewhere":        {pkix.Name{CommonName: "Åsa 19121212-1212", SerialNumber: good.SerialNumber}, start},
		"a subject too long to log": {pkix.Name{CommonName: strings.Repeat("Å", 600), SerialNumber: good.SerialNumber}, start},
		"expired":                   {good, start.Add(2 * time.Hour)},
		"not yet valid":             {good, start.Add(-2 * time.Hour)},
	} {
		_, err := CertificateOf(certificate(t, x.subject), x.at)
		if diag.CodeOf(err) != codeCertificate || strings.Contains(err.Error(), "1212") {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err := CertificateOf(certificate(t, good), start.Add(2*time.Hour))
	wantCode(t, err, codeCertificate)
}

func TestCurrentActor(t *testing.T) {
	t.Setenv("SUDO_USER", "someone")
	a, err := CurrentActor()
	if err != nil {
		t.Fatal(err)
	}
	u, err := user.Current()
	if err != nil || a.User != u.Username || a.UID != u.Uid || a.Host == "" || a.Certificate != nil {
		t.Errorf("%+v", a)
	}
	// What the system says is held to the rules too.
	_, err = checkedActor(Actor{User: "a\nb", UID: "1", Host: "h"})
	wantCode(t, err, codeActor)
}
