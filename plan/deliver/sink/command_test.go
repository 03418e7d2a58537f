//go:build unix

package sink

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

func shell(script string, args ...string) *Command {
	return &Command{Argv: append([]string{"/bin/sh", "-c", script, "sh"}, args...), Options: quick(), Grace: 200 * time.Millisecond}
}

func TestCommand(t *testing.T) {
	dir := t.TempDir()
	content := sealed(500_000)
	t.Setenv("UTDRAG_TEST_PASSWORD", secret)
	t.Setenv("SECRET_OF_OURS", secret)
	t.Setenv("WANTED", "yes")
	for _, source := range []Source{spoolOf(content), streamOf(content)} {
		c := shell(`cat >"$1" && env >"$2"`, filepath.Join(dir, "{name}"), filepath.Join(dir, "env"))
		c.Environment = []string{"WANTED", "PATH", "MISSING", "UTDRAG_TEST_PASSWORD"}
		r, err := c.Put(t.Context(), packageName, source)
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(content)
		if r.Verified != VerifiedByCommand || r.Bytes != int64(len(content)) || r.SHA256 != hex.EncodeToString(sum[:]) {
			t.Errorf("%+v", r)
		}
		if _, err := r.Encode(); err != nil {
			t.Error(err)
		}
		wantContent(t, dir, content)
		env, err := os.ReadFile(filepath.Join(dir, "env"))
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"UTDRAG_NAME=" + packageName, "UTDRAG_ORDER=order-1", "UTDRAG_RUN=2026-11", "WANTED=yes"} {
			if !strings.Contains(string(env), want+"\n") {
				t.Errorf("%s is missing", want)
			}
		}
		if strings.Contains(string(env), secret) {
			t.Error("the command got our secrets")
		}
	}
}

func TestCommandFails(t *testing.T) {
	content := sealed(500_000)
	put := func(c *Command) error {
		_, err := c.Put(t.Context(), packageName, spoolOf(content))
		return err
	}
	wantCode(t, put(shell("cat >/dev/null; printf 'no \\033[31mroom\\n\\n%0999d' 7 >&2; exit 3")), codeExit, "exit status 3", "no [31mroom 000", "…")
	wantCode(t, put(shell("kill -9 $$")), codeExit)
	wantCode(t, put(shell("exit 0")), codeUntaken)
	wantCode(t, put(&Command{Argv: []string{filepath.Join(t.TempDir(), "none")}, Options: quick()}), codeStart)
	wantCode(t, put(&Command{Options: quick()}), codeSettings)
	demanding := shell("cat >/dev/null")
	demanding.Options.Verify = VerifyAlways
	wantCode(t, put(demanding), codeSettings)
}

// Half a package never ends in an end of file that looks like the end of the package.
func TestCommandProducerFails(t *testing.T) {
	done := filepath.Join(t.TempDir(), "done")
	own := errors.New("the source failed")
	_, err := shell(`cat >/dev/null; : >"$1"`, done).Put(t.Context(), packageName, Stream(func(w io.Writer) error {
		_, _ = w.Write(sealed(100_000))
		return own
	}))
	if err != own {
		t.Errorf("%v", err)
	}
	time.Sleep(100 * time.Millisecond)
	if _, err := os.Stat(done); err == nil {
		t.Error("the command took half a package for a whole one")
	}
}

// Calling off ends the command and its children, also one that doesn't want to.
func TestCommandCanceled(t *testing.T) {
	file := filepath.Join(t.TempDir(), "pids")
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		for {
			if text, err := os.ReadFile(file); err == nil && strings.Count(string(text), "\n") == 2 {
				cancel()
				return
			}
			time.Sleep(10 * time.Millisecond)
		}
	}()
	began := time.Now()
	_, err := shell(`trap "" TERM; sleep 60 & echo $! >>"$1"; echo $$ >>"$1"; wait`, file).Put(ctx, packageName, spoolOf(sealed(500_000)))
	wantCode(t, err, codeCanceled)
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("it took %s", took)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Fields(string(text)) {
		pid, err := strconv.Atoi(line)
		if err != nil {
			t.Fatal(err)
		}
		for range 100 {
			if syscall.Kill(pid, 0) != nil || zombie(pid) {
				pid = 0
				break
			}
			time.Sleep(10 * time.Millisecond)
		}
		if pid != 0 {
			t.Errorf("process %d lives on", pid)
		}
	}
}

func zombie(pid int) bool {
	text, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	return err == nil && strings.Contains(string(text), ") Z ")
}
