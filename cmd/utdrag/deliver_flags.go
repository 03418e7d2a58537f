package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/utdrag/utdrag/plan/deliver"
	"github.com/utdrag/utdrag/plan/deliver/disclosure"
	"github.com/utdrag/utdrag/plan/pack"
	"github.com/utdrag/utdrag/plan/run"
)

// logName is how a folder's disclosure log is named, unless --log says otherwise.
const logName = "disclosure.log"

// signing are the flags of commands that write to the disclosure log.
type signing struct {
	inputs                                   // the passphrase's file
	sign                                     string
	trust                                    []string
	certificate, certificateKey, authorities string
}

func (s *signing) flags(c *cobra.Command, what string) {
	c.Flags().StringVar(&s.sign, "sign", "", what+" with the region's OpenPGP private key in this `FILE`")
	completeFiles(c, "sign", "asc", "gpg", "pgp")
	s.passphraseFlag(c)
	c.Flags().StringArrayVar(&s.trust, "trust", nil, "an OpenPGP public key in this `FILE` signed the log before; may be repeated")
	completeFiles(c, "trust", "asc", "gpg", "pgp")
	c.Flags().StringVar(&s.certificate, "certificate", "", "log who runs this by the client certificate in this `FILE`, in PEM")
	c.Flags().StringVar(&s.certificateKey, "certificate-key", "", "the `FILE` with the certificate's private key: whoever has it is who it names")
	c.Flags().StringVar(&s.authorities, "certificate-authorities", "", "the `FILE` with the authorities that the certificate must come from")
}

// log opens a disclosure log, or makes one.
func (u *ui) log(ctx context.Context, path string, s *signing, open func(string, disclosure.Options) (*disclosure.Log, error)) (*disclosure.Log, *pack.Secret, error) {
	signer, err := u.secret(ctx, s.sign, s.passphrase)
	if err != nil {
		return nil, nil, err
	}
	o := disclosure.Options{Signer: signer, Keys: []disclosure.Verifier{signer.Sender()}, Tool: tool(), Now: u.now}
	trusted, err := senders(s.trust)
	if err != nil {
		return nil, nil, err
	}
	o.Keys = append(o.Keys, trusted...)
	if o.Actor, err = disclosure.CurrentActor(); err != nil {
		return nil, nil, err
	}
	if o.Actor.Certificate, err = s.actor(u.now()); err != nil {
		return nil, nil, err
	}
	log, err := open(path, o)
	return log, signer, err
}

// senders are the public keys of those who signed a log.
func senders(paths []string) (keys []disclosure.Verifier, err error) {
	for _, path := range paths {
		key, err := sender(path)
		if err != nil {
			return nil, err
		}
		keys = append(keys, key)
	}
	return keys, nil
}

// actor is the client certificate of whoever runs this, or nil where none is named. It must come from an authority that the user
// names, and its private key must be at hand: the log would otherwise hold what anybody claims to be.
func (s *signing) actor(now time.Time) (*disclosure.Certificate, error) {
	if s.certificate == "" {
		if s.certificateKey != "" || s.authorities != "" {
			return nil, misuse(codeUsage, "name the certificate with --certificate", "--certificate-key and --certificate-authorities are for a certificate")
		}
		return nil, nil
	}
	if s.certificateKey == "" || s.authorities == "" {
		return nil, misuse(codeMissing, "name them with --certificate-key and --certificate-authorities", "a client certificate proves nothing without its private key and the authorities that it must come from")
	}
	unusable := func(what string) error {
		return misuse(codeCertificate, "see that the files are in PEM and belong together", "%s", what)
	}
	pair, err := tls.LoadX509KeyPair(s.certificate, s.certificateKey)
	if err != nil {
		return nil, unusable("the client certificate and its private key can't be read, or don't belong together")
	}
	chain := x509.NewCertPool()
	for _, der := range pair.Certificate[1:] {
		if one, err := x509.ParseCertificate(der); err == nil {
			chain.AddCert(one)
		}
	}
	text, err := os.ReadFile(s.authorities)
	roots := x509.NewCertPool()
	if err != nil || !roots.AppendCertsFromPEM(text) {
		return nil, unusable("the certificates of the authorities can't be read")
	}
	_, err = pair.Leaf.Verify(x509.VerifyOptions{Roots: roots, Intermediates: chain, CurrentTime: now, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}})
	if err != nil {
		return nil, unusable("the client certificate doesn't come from the authorities named, or isn't valid for this now")
	}
	return disclosure.CertificateOf(pair.Leaf, now)
}

// delivering are the flags of commands that deliver.
type delivering struct {
	signing
	log, spool string
	options    run.Options
	asJSON     bool
}

func (d *delivering) flags(c *cobra.Command) {
	d.signing.flags(c, "sign packages and the log")
	c.Flags().StringVar(&d.log, "log", "", "the disclosure log, a `FILE`; "+logName+" beside the orders by default")
	c.Flags().StringVar(&d.spool, "spool", "", "keep the sealed package in this `DIR` while it is sent, so that a broken upload goes on")
	completeFolders(c, "spool")
	snapshotFlags(c, &d.options)
}

// delivery is what package deliver needs of the flags. folder is the orders'.
func (u *ui) delivery(ctx context.Context, d *delivering, folder string) (deliver.Options, error) {
	if d.log == "" {
		d.log = filepath.Join(folder, logName)
	}
	log, signer, err := u.log(ctx, d.log, &d.signing, disclosure.Open)
	options := deliver.Options{Log: log, Signer: signer, Tool: tool(), Getenv: os.Getenv, Spool: d.spool, Now: u.now,
		Jobs: d.options.Jobs, AllowInconsistent: d.options.AllowInconsistent, DatabaseSnapshot: d.options.DatabaseSnapshot}
	if isTerminal(u.stdin) {
		options.Ask = func(ctx context.Context, question string) ([]byte, error) { return u.prompt(ctx, question+": ") }
	}
	return options, err
}
