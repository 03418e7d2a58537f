package main

import (
	"bytes"
	"context"
	"net/url"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/utdrag/utdrag/plan/deliver/sink"
)

// The environment variables of an SFTP area's secrets.
const (
	envSFTPPassword   = "UTDRAG_SFTP_PASSWORD"
	envSFTPPassphrase = "UTDRAG_SFTP_PASSPHRASE"
)

const sftpScheme = "sftp://"

// area is where packages are fetched: a folder, or one on a server.
type area struct {
	from, knownHosts, identity, password string
	hostKeys                             []string
	agent                                bool
}

func (a *area) flags(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&a.from, "from", "", "fetch from this `AREA`: sftp://USER@HOST:PORT/FOLDER, or a folder")
	completeFolders(c, "from")
	f.StringArrayVar(&a.hostKeys, "host-key", nil, "the server's key has this `FINGERPRINT`, SHA256:…; may be repeated")
	f.StringVar(&a.knownHosts, "known-hosts", "", "the server's key is in this `FILE`, as OpenSSH has it")
	f.StringVar(&a.identity, "identity", "", "log in with the SSH private key in this `FILE` (passphrase: UTDRAG_SFTP_PASSPHRASE, or a prompt)")
	f.BoolVar(&a.agent, "agent", false, "log in with the keys of the agent at SSH_AUTH_SOCK")
	f.StringVar(&a.password, "password-file", "", "log in with the password in this `FILE` (or UTDRAG_SFTP_PASSWORD, or a prompt)")
	for _, name := range []string{"known-hosts", "identity", "password-file"} {
		completeFiles(c, name)
	}
}

func (a *area) remote() bool { return strings.HasPrefix(strings.ToLower(a.from), sftpScheme) }

// check refuses flags that don't go together.
func (a *area) check(c *cobra.Command) error {
	if a.remote() {
		if (len(a.hostKeys) > 0) == (a.knownHosts != "") {
			return misuse(codeMissing, "ask the server's keeper for the fingerprint, by another way than the network: ssh-keygen -l", "an SFTP area needs one of --host-key and --known-hosts")
		}
		return nil
	}
	for _, name := range []string{"host-key", "known-hosts", "identity", "agent", "password-file"} {
		if c.Flags().Changed(name) {
			return misuse(codeUsage, "write --from sftp://USER@HOST/FOLDER", "--%s is for an SFTP area", name)
		}
	}
	return nil
}

// store is the area. Nothing of a URL that can't be used is quoted: it may hold a password.
func (u *ui) store(ctx context.Context, a *area) (sink.Store, error) {
	if !a.remote() {
		if isURL(a.from) || attempt.MatchString(a.from) {
			return nil, misuse(codeUsage, "write sftp://USER@HOST:PORT/FOLDER, or a folder", "--from names an area of a kind that isn't known")
		}
		if _, err := os.Stat(a.from); err != nil {
			return nil, unreadable("the folder "+a.from, err)
		}
		return &sink.Folder{Path: a.from}, nil
	}
	s, err := serverOf(a.from)
	if err != nil {
		return nil, err
	}
	s.HostKey = sink.HostKey{Fingerprints: a.hostKeys, KnownHosts: a.knownHosts}
	if a.agent {
		if s.Auth.Agent = os.Getenv("SSH_AUTH_SOCK"); s.Auth.Agent == "" {
			return nil, misuse(codeInput, "start an agent that holds the key", "--agent was given, and SSH_AUTH_SOCK is not set")
		}
	}
	if a.identity != "" {
		s.Auth.KeyFiles = []string{a.identity}
		s.Auth.Passphrase = func(string) ([]byte, error) {
			return u.remoteSecret(ctx, "", envSFTPPassphrase, "passphrase of "+a.identity)
		}
	}
	if a.password != "" || os.Getenv(envSFTPPassword) != "" || a.identity == "" && !a.agent {
		s.Auth.Password = func() ([]byte, error) {
			return u.remoteSecret(ctx, a.password, envSFTPPassword, "password of "+s.User+" at "+s.Host)
		}
	}
	return s, nil
}

// remoteSecret is in a file, in the environment, or asked for.
func (u *ui) remoteSecret(ctx context.Context, file, variable, what string) ([]byte, error) {
	if file != "" {
		text, err := u.readSecret("the file that --password-file names", file)
		return bytes.Clone(trimNewline(text)), err
	}
	if text := os.Getenv(variable); text != "" {
		return []byte(text), nil
	}
	if !isTerminal(u.stdin) {
		return nil, misuse(codePhrase, "set "+variable, "the secret to log in with wasn't given, and there is no terminal to ask on")
	}
	return u.prompt(ctx, what+": ")
}

// serverOf reads an SFTP area's URL. As curl has it, a path is from the server's root, and one that begins with /~/ from the
// user's home.
func serverOf(text string) (*sink.SFTP, error) {
	bad := misuse(codeUsage, "write sftp://USER@HOST:PORT/FOLDER", "--from isn't the URL of an SFTP area")
	a, err := url.Parse(text)
	if err != nil || a.Opaque != "" || a.RawQuery != "" || a.Fragment != "" || a.User == nil || a.User.Username() == "" || a.Hostname() == "" {
		return nil, bad
	}
	if _, set := a.User.Password(); set {
		return nil, misuse(codePassword, "give it by --password-file or "+envSFTPPassword, "an SFTP area's URL has a password, and a command line is no place for one")
	}
	s := &sink.SFTP{Host: a.Hostname(), User: a.User.Username(), Folder: a.Path}
	if a.Port() != "" {
		if s.Port, err = strconv.Atoi(a.Port()); err != nil || s.Port < 1 || s.Port > 65535 {
			return nil, bad
		}
	}
	if below, home := strings.CutPrefix(s.Folder, "/~/"); home {
		s.Folder = below
	}
	if s.Folder == "/~" {
		s.Folder = ""
	}
	return s, nil
}
