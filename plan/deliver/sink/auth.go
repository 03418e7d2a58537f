package sink

import (
	"crypto/rsa"
	"errors"
	"net"
	"os"
	"runtime"
	"slices"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"

	"github.com/utdrag/utdrag/filter/diag"
)

// Auth says how to log in. What is given is tried in the order of the fields; at least one must be.
type Auth struct {
	// KeyFiles are private keys in any form that ssh-keygen writes. Others than their owner may not read them.
	KeyFiles []string
	// Passphrase unlocks a key file. What it returns is overwritten after use. It is called once for each Put or Fetch.
	Passphrase func(file string) ([]byte, error)
	// Agent is the socket of an ssh-agent: the value of SSH_AUTH_SOCK.
	Agent string
	// AgentKey is the fingerprint (SHA256:…) of the one key of the agent's to use. "": all, of which a server may
	// count each as a failed attempt.
	AgentKey string
	// Password answers the server's password or its one hidden keyboard-interactive question. It is called at most
	// once for each Put or Fetch, after the host key was found right. What it returns is overwritten after use.
	Password func() ([]byte, error)
}

// login is an Auth in use. It asks for each secret once, however often the line breaks.
type login struct {
	Auth
	where    string
	signers  []ssh.Signer
	password []byte
	asked    bool
	used     bool  // the password, over this connection
	failed   error // why we gave up by ourselves
}

func (a Auth) begin(where string) (*login, error) {
	if len(a.KeyFiles) == 0 && a.Agent == "" && a.Password == nil {
		return nil, misuse(codeSettings, "give a key file, an agent or a password", "there is no way to log in to %s", where)
	}
	l := &login{Auth: a, where: where}
	for _, file := range a.KeyFiles {
		s, err := a.load(file)
		if err != nil {
			return nil, err
		}
		l.signers = append(l.signers, s)
	}
	return l, nil
}

func (l *login) end() {
	clear(l.password)
	l.signers = nil
}

func (a Auth) load(file string) (ssh.Signer, error) {
	info, err := os.Stat(file)
	if err != nil {
		return nil, external(codeKeyFile, "", cause(err), "the key file %s can't be read", file)
	}
	if runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
		return nil, misuse(codeKeyFile, "chmod 600, and consider the key as known to others", "others than its owner may read the key file %s", file)
	}
	if !info.Mode().IsRegular() || info.Size() > 1<<20 {
		return nil, misuse(codeKeyFile, "", "%s isn't a key file", file)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, external(codeKeyFile, "", cause(err), "the key file %s can't be read", file)
	}
	defer clear(text)
	s, err := ssh.ParsePrivateKey(text)
	if _, locked := errors.AsType[*ssh.PassphraseMissingError](err); locked {
		if a.Passphrase == nil {
			return nil, misuse(codePassphrase, "give the passphrase by environment, file or prompt", "the key file %s is locked", file)
		}
		secret, err := a.Passphrase(file)
		if err != nil {
			return nil, failure(codePassphrase, diag.Misuse, "", nil, "the key file %s is locked, and its passphrase wasn't given", file)
		}
		defer clear(secret)
		if s, err = ssh.ParsePrivateKeyWithPassphrase(text, secret); err != nil {
			return nil, misuse(codePassphrase, "check the passphrase", "the key file %s wasn't unlocked by the passphrase", file)
		}
	} else if err != nil {
		return nil, misuse(codeKeyFile, "make one with ssh-keygen -t ed25519", "%s isn't a private key of a kind that can be used", file)
	}
	s, ok := modern(s)
	if !ok {
		return nil, misuse(codeKeyFile, "make one with ssh-keygen -t ed25519", "the key in %s is too weak: DSA, or RSA of less than %d bits", file, fewestRSABits)
	}
	return s, nil
}

// modern keeps an RSA key from signing with SHA-1 (RFC 8332), and reports whether the key is good enough.
func modern(s ssh.Signer) (ssh.Signer, bool) {
	key := s.PublicKey()
	switch key.Type() {
	case ssh.KeyAlgoED25519, ssh.KeyAlgoECDSA256, ssh.KeyAlgoECDSA384, ssh.KeyAlgoECDSA521,
		ssh.KeyAlgoSKED25519, ssh.KeyAlgoSKECDSA256:
		return s, true
	case ssh.KeyAlgoRSA:
		crypto, ok := key.(ssh.CryptoPublicKey)
		if !ok {
			// An agent shows its keys in a form of its own.
			if key, err := ssh.ParsePublicKey(key.Marshal()); err == nil {
				crypto, ok = key.(ssh.CryptoPublicKey)
			}
		}
		signer, can := s.(ssh.AlgorithmSigner)
		if !ok || !can {
			return nil, false
		}
		if k, ok := crypto.CryptoPublicKey().(*rsa.PublicKey); !ok || k.N.BitLen() < fewestRSABits {
			return nil, false
		}
		limited, err := ssh.NewSignerWithAlgorithms(signer, rsaAlgorithms)
		return limited, err == nil
	}
	return nil, false
}

// methods are the ways to log in over one connection. waiting is called around what a person may take time for.
func (l *login) methods(waiting func(bool)) (methods []ssh.AuthMethod, end func()) {
	end = func() {}
	var socket net.Conn
	if len(l.signers) > 0 || l.Agent != "" {
		methods = append(methods, ssh.PublicKeysCallback(func() ([]ssh.Signer, error) {
			signers := slices.Clone(l.signers)
			if l.Agent == "" {
				return signers, nil
			}
			var err error
			if socket, err = net.Dial("unix", l.Agent); err != nil {
				return l.withoutAgent(signers, "can't be reached")
			}
			offered, err := agent.NewClient(socket).Signers()
			if err != nil {
				return l.withoutAgent(signers, "doesn't answer")
			}
			found := false
			for _, s := range offered {
				if l.AgentKey != "" && ssh.FingerprintSHA256(s.PublicKey()) != l.AgentKey {
					continue
				}
				if s, ok := modern(s); ok {
					signers, found = append(signers, s), true
				}
			}
			if !found {
				return l.withoutAgent(signers, "holds no key to use")
			}
			return signers, nil
		}))
		end = func() {
			if socket != nil {
				_ = socket.Close()
			}
		}
	}
	if l.Password != nil {
		// Over one connection the password is sent once: a server that asks again by another way would count a wrong
		// one twice, and one that took it may be asking for a second factor.
		secret := func() (string, error) {
			if l.used {
				return "", errFailure
			}
			if !l.asked {
				waiting(true)
				password, err := l.Password()
				waiting(false)
				if err != nil {
					l.failed = misuse(codeAuth, "give it by environment, file or prompt", "the password for %s wasn't given", l.where)
					return "", l.failed
				}
				l.password, l.asked = password, true
			}
			l.used = true
			return string(l.password), nil
		}
		methods = append(methods, ssh.PasswordCallback(secret), ssh.KeyboardInteractive(
			func(_, _ string, questions []string, echos []bool) ([]string, error) {
				if len(questions) == 0 {
					return nil, nil // RFC 4256, 3.4: an announcement, answered with nothing
				}
				if len(questions) != 1 || echos[0] {
					l.failed = refused(codePrompt, "an account for deliveries needs a key, or a password alone",
						"%s asks for something other than the password", l.where)
					return nil, l.failed
				}
				answer, err := secret()
				return []string{answer}, err
			}))
	}
	return methods, end
}

// withoutAgent goes on with the key files, if there are any.
func (l *login) withoutAgent(signers []ssh.Signer, why string) ([]ssh.Signer, error) {
	err := external(codeAgent, "see ssh-add -l, and that SSH_AUTH_SOCK is set", nil, "the ssh-agent %s", why)
	if l.failed == nil {
		l.failed = err
	}
	if len(signers) == 0 {
		return nil, err
	}
	return signers, nil
}
