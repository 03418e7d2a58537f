package order

import (
	"strings"
)

func (s scope) delivery() Delivery {
	const form = "delivery { … } with one of sftp { … }, folder { … } and command { … }"
	b, ok := s.one("delivery", true, form)
	if !ok {
		return Delivery{}
	}
	b.known(nil, []string{"sftp", "folder", "command"})
	var d Delivery
	places := 0
	if inner, ok := b.one("sftp", false, "sftp { … }"); ok {
		places++
		d.SFTP = inner.sftp()
	}
	if inner, ok := b.one("folder", false, `folder { path = "…" }`); ok {
		places++
		inner.known([]string{"path"}, nil)
		d.Folder = inner.text("path", checkPath, "outbox")
	}
	if inner, ok := b.one("command", false, `command { argv = ["…"] }`); ok {
		places++
		d.Command = inner.command()
	}
	if places != 1 {
		b.r.refuse(CodeDelivery, b.at, "the delivery doesn't have exactly one place", "write "+form)
	}
	return d
}

func (s scope) command() []string {
	s.known([]string{"argv"}, nil)
	argv := s.list("argv", `argv = ["/usr/local/bin/deliver", "…"]`)
	s.flawed("argv", checkCommand(argv))
	for i, argument := range argv {
		if i == 0 && strings.TrimSpace(argument) == "" || badCharacter(argument, "\n\t") || len(argument) > maxProse {
			s.flawed("argv", &flaw{code: CodeText, summary: "an argument of the command is too long, has a control character, or is no program's name",
				advice: "write the program and each of its arguments as a text of its own"})
			break
		}
	}
	return argv
}

func (s scope) sftp() *SFTP {
	s.known([]string{"host", "port", "user", "folder", "host_key", "known_hosts", "password", "key", "passphrase", "agent"}, nil)
	found := &SFTP{
		Host:   s.text("host", checkHost, "sftp.example.se"),
		Port:   s.number("port", 1, 65535, defaultPort),
		User:   s.text("user", checkUser, "…"),
		Folder: s.optional("folder", checkRemoteFolder, defaultFolder),
	}
	found.HostKey, _ = s.value("host_key", checkHostKey)
	found.KnownHosts, _ = s.value("known_hosts", checkPath)
	if s.has("host_key") == s.has("known_hosts") {
		// Without this anyone on the way could take the server's place.
		s.r.refuse(CodeHostKey, s.at, "the server's host key is pinned in no way, or in two",
			`write host_key = "SHA256:…" or known_hosts = "FILE"`)
	}
	found.Password = s.secret("password")
	found.KeyFile, _ = s.value("key", checkPath)
	found.Passphrase = s.secret("passphrase")
	found.Agent = s.flag("agent")
	logins := 0
	for _, name := range []string{"password", "key", "agent"} {
		if s.has(name) {
			logins++
		}
	}
	switch {
	case logins != 1:
		s.r.refuse(CodeLogin, s.at, "there is no way to log in, or several", `write one of password = "env:NAME", key = "FILE" and agent = true`)
	case s.has("passphrase") && !s.has("key"):
		s.r.refuse(CodeLogin, s.place("passphrase"), "there is a passphrase without a key", "it is for the file that key names")
	}
	return found
}

// secret reads the place of a secret. Whatever else is written there isn't told, be it a text or not.
func (s scope) secret(name string) Secret {
	text, ok := s.value(name, checkPlace)
	if !ok {
		return Secret{}
	}
	p, _ := readLogin(text)
	return p
}
