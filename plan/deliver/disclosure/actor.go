package disclosure

import (
	"crypto/sha256"
	"crypto/x509"
	"os"
	"os/user"
	"time"

	"github.com/utdrag/utdrag/filter/diag"
)

// CurrentActor is who the operating system says is running this. The caller adds a certificate or a key. The
// environment isn't asked: anyone can set LOGNAME or SUDO_USER.
func CurrentActor() (Actor, error) {
	u, err := user.Current()
	if err != nil {
		return nobody(err)
	}
	host, err := os.Hostname()
	if err != nil {
		return nobody(err)
	}
	return checkedActor(Actor{User: u.Username, UID: u.Uid, Host: host})
}

func checkedActor(a Actor) (Actor, error) {
	c := &checks{}
	if a.check(c); c.err != nil {
		return nobody(c.err)
	}
	return a, nil
}

func nobody(cause error) (Actor, error) {
	return Actor{}, failure(codeActor, diag.External, "run it as a user that the system knows", cause, "the operating system doesn't say who runs this")
}

// CertificateOf is what the log keeps of a client certificate. The HSA-id is the subject's serialNumber attribute
// (2.5.4.5), where Inera's SITHS e-id function and HSA-id certificates carry it; a certificate that has a personal
// identity number there is refused. That its chain is trusted and that the actor holds its private key is for the
// caller to have checked; that it is valid at the time given is checked here.
func CertificateOf(cert *x509.Certificate, at time.Time) (*Certificate, error) {
	if at.Before(cert.NotBefore) || at.After(cert.NotAfter) {
		return nil, misuse(codeCertificate, "use one that is valid now", "the client certificate isn't valid at this time")
	}
	c := &Certificate{Subject: cert.Subject.String(), HSAID: cert.Subject.SerialNumber, SHA256: hexOf(sha256.Sum256(cert.Raw))}
	if !isHSA(c.HSAID) {
		return nil, misuse(codeCertificate, "use the certificate that carries the HSA-id, not the one with the personal identity number",
			"the client certificate's serialNumber attribute isn't an HSA-id")
	}
	held := &checks{}
	held.hold(c.Subject != "", "subject", "a distinguished name")
	held.text(c.Subject, 512, "subject")
	if held.err != nil {
		return nil, failure(codeCertificate, diag.Misuse, "use another certificate", held.err, "the client certificate's subject can't be logged")
	}
	return c, nil
}
