package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"runtime"

	"golang.org/x/term"

	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/mask"
	"github.com/utdrag/utdrag/plan/pack"
)

// The environment variables of secrets.
const (
	envMaskKey     = "UTDRAG_MASK_KEY"
	envMaskKeyFile = "UTDRAG_MASK_KEY_FILE"
	envPassphrase  = "UTDRAG_PASSPHRASE"
)

// maxSecret is far more than a passphrase or a masking key has.
const maxSecret = 64 << 10

// masking reads the masking key, or returns nil where none was given.
func (u *ui) masking(file string) (*mask.Key, error) {
	what := "the file that --mask-key names"
	inFile, inText := os.Getenv(envMaskKeyFile), os.Getenv(envMaskKey)
	if file == "" {
		if inFile != "" && inText != "" {
			return nil, misuse(codeMaskKey, "unset one", "both %s and %s are set", envMaskKeyFile, envMaskKey)
		}
		file, what = inFile, "the file that "+envMaskKeyFile+" names"
	}
	if file == "" {
		if inText == "" {
			return nil, nil
		}
		key, err := mask.ReadKey(bytes.NewReader([]byte(inText)))
		return key, badMaskKey(err)
	}
	text, err := u.readSecret(what, file)
	if err != nil {
		return nil, err
	}
	defer clear(text)
	key, err := mask.ReadKey(bytes.NewReader(text))
	return key, badMaskKey(err)
}

func badMaskKey(err error) error {
	if err == nil {
		return nil
	}
	return &diag.Error{Code: codeMaskKey, Class: diag.Misuse, Message: "the masking key can't be used", Err: err}
}

// readSecret reads a file that holds a secret, and warns where others can read it too. Its name is not shown.
func (u *ui) readSecret(what, path string) ([]byte, error) {
	text, err := readFile(what, path, maxSecret)
	if err != nil {
		return nil, err
	}
	if info, err := os.Stat(path); err == nil && runtime.GOOS != "windows" && info.Mode().IsRegular() && info.Mode().Perm()&fs.FileMode(0o077) != 0 {
		u.warn("chmod 600", "%s is open to other users of this machine", what)
	}
	return text, nil
}

// passphrase is asked for only where a private key is locked.
func (u *ui) passphrase(ctx context.Context, file, whose string) func() ([]byte, error) {
	return func() ([]byte, error) {
		if file != "" {
			text, err := u.readSecret("the file that --passphrase-file names", file)
			return trimNewline(text), err
		}
		if text := os.Getenv(envPassphrase); text != "" {
			return []byte(text), nil
		}
		if !isTerminal(u.stdin) {
			return nil, misuse(codePhrase, "set "+envPassphrase+", or name a file with --passphrase-file", "no passphrase was given, and there is no terminal to ask on")
		}
		return u.prompt(ctx, "passphrase of "+whose+": ")
	}
}

// prompt asks on the terminal without echo, and gives the terminal back as it was when the user interrupts.
func (u *ui) prompt(ctx context.Context, question string) ([]byte, error) {
	terminal := int(u.stdin.(*os.File).Fd())
	before, err := term.GetState(terminal)
	if err != nil {
		return nil, &diag.Error{Code: codePhrase, Class: diag.External, Message: "the terminal can't be used", Err: err}
	}
	type answer struct {
		text []byte
		err  error
	}
	answered := make(chan answer, 1)
	_, _ = io.WriteString(u.err, clean(question))
	go func() {
		text, err := term.ReadPassword(terminal)
		answered <- answer{text, err}
	}()
	select {
	case a := <-answered:
		u.note("")
		if a.err != nil {
			return nil, &diag.Error{Code: codePhrase, Class: diag.External, Message: "the passphrase can't be read", Err: a.err}
		}
		return a.text, nil
	case <-ctx.Done():
		u.note("")
		return nil, errors.Join(context.Cause(ctx), term.Restore(terminal, before))
	}
}

// recipients loads the public keys to seal for.
func recipients(paths []string) ([]*pack.Recipient, error) {
	var all []*pack.Recipient
	for _, path := range paths {
		f, err := openFile("the recipient's key "+path, path)
		if err != nil {
			return nil, err
		}
		r, err := pack.LoadRecipient(f)
		if err := errors.Join(named(path, err), f.Close()); err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	return all, nil
}

// sender loads the public key whose signature is demanded, or nil where none is named.
func sender(path string) (*pack.Sender, error) {
	if path == "" {
		return nil, nil
	}
	f, err := openFile("the signer's key "+path, path)
	if err != nil {
		return nil, err
	}
	s, err := pack.LoadSender(f)
	return s, errors.Join(named(path, err), f.Close())
}

// secret loads a private key, or nil where none is named.
func (u *ui) secret(ctx context.Context, path, passphraseFile string) (*pack.Secret, error) {
	if path == "" {
		return nil, nil
	}
	f, err := openFile("the private key "+path, path)
	if err != nil {
		return nil, err
	}
	s, err := pack.LoadSecret(f, u.passphrase(ctx, passphraseFile, path))
	return s, errors.Join(named(path, err), f.Close())
}

// named says which key file an error is about.
func named(path string, err error) error {
	if e, ok := err.(*diag.Error); ok {
		about := *e
		about.Message = path + ": " + e.Message
		return &about
	}
	return err
}

// openPackage verifies a package and makes it ready to be read.
func (u *ui) openPackage(ctx context.Context, path, key, passphraseFile, signer string) (*pack.Package, func() error, error) {
	from, err := sender(signer)
	if err != nil {
		return nil, nil, err
	}
	s, err := u.secret(ctx, key, passphraseFile)
	if err != nil {
		return nil, nil, err
	}
	f, err := openFile("the package "+path, path)
	if err != nil {
		return nil, nil, err
	}
	p, err := pack.Open(interruptible{ctx, f}, pack.Keys{Secrets: []*pack.Secret{s}, Sender: from}, pack.Limits{})
	if err != nil {
		return nil, nil, errors.Join(err, f.Close())
	}
	return p, f.Close, nil
}
