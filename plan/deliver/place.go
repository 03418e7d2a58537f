package deliver

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/utdrag/utdrag/plan/deliver/disclosure"
	"github.com/utdrag/utdrag/plan/deliver/order"
	"github.com/utdrag/utdrag/plan/deliver/sink"
)

// leftovers is the age at which what earlier runs left unfinished at the recipient is removed. Whoever holds the order's lock is
// alone, so that anything but what was laid down a moment ago belongs to nobody.
const leftovers = time.Minute

// inherited are the environment variables that a command gets.
var inherited = []string{"PATH", "HOME", "LANG", "LC_ALL", "TZ"}

// sinkOf is where the order's packages go.
func (d *delivery) sinkOf(ctx context.Context, options sink.Options) (sink.Sink, error) {
	switch o := d.order; {
	case o.Delivery.SFTP != nil:
		return d.sftpOf(ctx, o.Delivery.SFTP, options)
	case o.Delivery.Folder != "":
		return &sink.Folder{Path: o.Path(o.Delivery.Folder), Options: options}, nil
	default:
		folder, err := filepath.Abs(filepath.Dir(o.File()))
		return &sink.Command{Argv: o.Delivery.Command, Dir: folder, Environment: inherited, Options: options}, err
	}
}

func (d *delivery) sftpOf(ctx context.Context, s *order.SFTP, options sink.Options) (_ sink.Sink, err error) {
	o := d.order
	made := &sink.SFTP{Host: s.Host, Port: s.Port, User: s.User, Folder: s.Folder, Options: options}
	if s.HostKey != "" {
		made.HostKey.Fingerprints = []string{s.HostKey}
	} else {
		made.HostKey.KnownHosts = o.Path(s.KnownHosts)
	}
	switch {
	case s.Agent:
		if made.Auth.Agent = d.Getenv("SSH_AUTH_SOCK"); made.Auth.Agent == "" {
			return nil, misuse(codeNoAgent, "start an agent that holds the key, and set SSH_AUTH_SOCK; a service needs a key file or a password", "the order logs in by an SSH agent, and there is none")
		}
	case s.KeyFile != "":
		made.Auth.KeyFiles = []string{o.Path(s.KeyFile)}
		if s.Passphrase != (order.Secret{}) {
			var secret func() ([]byte, error)
			secret, err = d.secret(ctx, s.Passphrase, "passphrase of "+s.KeyFile)
			made.Auth.Passphrase = func(string) ([]byte, error) { return secret() }
		}
	default:
		made.Auth.Password, err = d.secret(ctx, s.Password, "password of "+s.User+" at "+s.Host)
	}
	return made, err
}

// secret returns what gives a secret of the order's, each time anew: whoever gets it overwrites it. What somebody is to be asked for is
// asked for now, once, and not in the middle of a delivery.
func (d *delivery) secret(ctx context.Context, s order.Secret, question string) (func() ([]byte, error), error) {
	if !s.Prompt {
		return func() ([]byte, error) { return d.order.Secret(s, d.Getenv) }, nil
	}
	if d.Ask == nil {
		return nil, misuse(codeNobody, "run it on a terminal, or keep the secret where the program finds it: env:NAME or file:PATH", "the order %s has somebody asked for the secret to log in with, and nobody is there", d.order.ID)
	}
	if d.answers[question] == nil {
		answer, err := d.Ask(ctx, question)
		if err == nil && len(answer) == 0 {
			err = misuse(codeNobody, "", "no secret to log in with was given for the order %s", d.order.ID)
		}
		if err != nil {
			return nil, err
		}
		if d.answers == nil {
			d.answers = map[string][]byte{}
		}
		d.answers[question] = answer
	}
	return func() ([]byte, error) { return bytes.Clone(d.answers[question]), nil }, nil
}

// packageName says whose it is and when it was begun. A sole trader's organisation number is a person's number, and an id of nothing
// but digits after the hyphen may look like one to the log: the package is named by its order then.
func packageName(o *order.Order, at time.Time) string {
	named := func(whose string) string { return whose + "-" + at.Format("20060102T150405Z") + ".tar.zst.pgp" }
	name := named(o.Provider.HSAID)
	said := disclosure.Disclosure{Outcome: disclosure.Received, Provider: o.Provider.HSAID,
		Package: disclosure.Package{Name: name, SHA256: strings.Repeat("0", 64), Size: 1}}
	if soleTrader(o.OrganisationNumber()) || said.Check() != nil {
		return named(o.ID)
	}
	return name
}

// soleTrader reports whether an organisation number can be a personal identity or coordination number: the third and fourth digits
// are a month then, where those of others are 20 or more (Skatteverket, SKV 709).
func soleTrader(number string) bool {
	return len(number) != 10 || number[2:4] >= "01" && number[2:4] <= "12"
}

// readFile reads a file that an order names, of at most limit bytes.
func readFile(path string, limit int64) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > limit {
		return nil, os.ErrInvalid
	}
	text, err := os.ReadFile(path)
	return bytes.Clone(text), err
}

// absolute is a file's one name: ./x and x are the same order, and not two with one id.
func absolute(file string) string {
	if path, err := filepath.Abs(file); err == nil {
		return path
	}
	return filepath.Clean(file)
}
