package receive_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/utdrag/utdrag/internal/engine/postgres/pgtest"
	"github.com/utdrag/utdrag/plan/deliver/receive"
	"github.com/utdrag/utdrag/plan/deliver/sink"
	"github.com/utdrag/utdrag/plan/deliver/sink/sshtest"
)

// writtenTo is a call that strace -y shows, and what its descriptor is.
var writtenTo = regexp.MustCompile(`^(?:\d+ +)?(\w+)\(\d+<([^>]*)>`)

// Nothing of a package is written in clear but to the target: every call that writes is looked through.
func TestNothingInClear(t *testing.T) {
	demandTools(t, "strace")
	area, folder, out := t.TempDir(), t.TempDir(), t.TempDir()
	making{order: orderAt(1), patients: 50, to: filepath.Join(area, "p.pgp")}.make(t)
	key, signer, spool := filepath.Join(folder, "key"), filepath.Join(folder, "signer"), filepath.Join(folder, "spool")
	check(t, os.WriteFile(key, people()["provider"].private, 0o600))
	check(t, os.WriteFile(signer, people()["region"].public, 0o600))
	check(t, os.Mkdir(spool, 0o700))
	targets := map[string]struct{ url, may string }{"sqlite": {"sqlite:" + filepath.Join(out, "copy.db"), out + "/"}}
	if pgtest.Installed() {
		server := pgtest.Server(t)
		name := server.Name(t)
		targets["postgres"] = struct{ url, may string }{server.URL(name), "socket:"}
	}
	for engine, target := range targets {
		trace := filepath.Join(folder, "trace")
		text, err := json.Marshal(child{Area: area, Spool: spool, Target: target.url, State: filepath.Join(folder, engine+".json"), Key: key, Signer: signer})
		check(t, err)
		c := exec.Command("strace", "-f", "-y", "-qq", "-s", "4194304", "-o", trace, "-e",
			"trace=write,pwrite64,writev,pwritev,pwritev2,sendto,sendmsg,splice,sendfile,mmap", os.Args[0])
		c.Env = append(os.Environ(), childVariable+"="+string(text))
		if said, err := c.CombinedOutput(); err != nil {
			if strings.Contains(string(said), "ptrace") {
				t.Skip("strace may not trace here")
			}
			t.Fatalf("%s: %v\n%s", engine, err, said)
		}
		calls, err := os.ReadFile(trace)
		check(t, err)
		seen, sealed := 0, 0
		for line := range strings.Lines(string(calls)) {
			m := writtenTo.FindStringSubmatch(line)
			switch {
			case strings.Contains(line, "mmap(") && strings.Contains(line, "MAP_SHARED") && strings.Contains(line, "PROT_WRITE") && !strings.Contains(line, "MAP_ANONYMOUS"):
				t.Errorf("%s: a file is mapped for writing", engine)
			case m != nil && strings.HasPrefix(m[2], spool+"/"):
				sealed++
			}
			if !strings.Contains(line, "CANARY") {
				continue
			}
			// "sockets" of a Unix domain are shown as UNIX-STREAM by some versions.
			if m == nil || !strings.HasPrefix(m[2], target.may) && !(target.may == "socket:" && strings.HasPrefix(m[2], "UNIX")) {
				t.Errorf("%s: written in clear elsewhere: %.120s", engine, line)
			}
			seen++
		}
		if seen == 0 || sealed == 0 {
			t.Errorf("%s: the trace shows %d writes of rows and %d of ciphertext", engine, seen, sealed)
		}
		if entries, err := os.ReadDir(spool); err != nil || len(entries) > 0 {
			t.Errorf("%s: the spool holds %v: %v", engine, entries, err)
		}
	}
}

// From OpenSSH's own server, whose host key is pinned.
func TestFromServer(t *testing.T) {
	s := sshtest.Start(t, sshtest.Options{})
	key := sshtest.Key(t, "ed25519", "")
	s.Authorize(t, key)
	making{order: orderAt(1), patients: 6, to: filepath.Join(s.Dir, "p.pgp")}.make(t)
	d := newDesk(t)
	from := receive.From{Store: &sink.SFTP{Host: s.Host, Port: s.Port, User: s.User, HostKey: sink.HostKey{KnownHosts: s.KnownHosts}, Auth: sink.Auth{KeyFiles: []string{key}}}}
	r, err := receive.Receive(t.Context(), from, d.sqlite("a.db"), d.options)
	check(t, err)
	if r.Package != "p.pgp" || count(t, filepath.Join(d.folder, "a.db"), "SELECT count(*) FROM Patient") != 6 {
		t.Errorf("report: %+v", r)
	}
	from.Store.(*sink.SFTP).HostKey = sink.HostKey{Fingerprints: []string{"SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU"}}
	making{order: orderAt(2), to: filepath.Join(s.Dir, "q.pgp")}.make(t)
	d.refusesFrom("UD311", from, d.sqlite("b.db"))
}
