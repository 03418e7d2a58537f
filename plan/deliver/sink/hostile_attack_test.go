package sink

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/pkg/sftp"

	"github.com/utdrag/utdrag/plan/deliver/sink/sshtest"
)

// invented is a file that a server only tells of.
type invented struct {
	name string
	size int64
	mode fs.FileMode
}

func (i invented) Name() string       { return i.name }
func (i invented) Size() int64        { return i.size }
func (i invented) Mode() fs.FileMode  { return i.mode }
func (i invented) ModTime() time.Time { return time.Unix(1_800_000_000, 0) }
func (i invented) IsDir() bool        { return i.mode.IsDir() }
func (i invented) Sys() any           { return nil }

// lister answers listings with files of its own, and leaves the rest to the server.
type lister struct {
	own sftp.FileLister
	at  func(to []fs.FileInfo, offset int64) (int, error)
}

func (l *lister) Filelist(r *sftp.Request) (sftp.ListerAt, error) {
	if r.Method != "List" {
		return l.own.Filelist(r)
	}
	return l, nil
}

func (l *lister) ListAt(to []fs.FileInfo, offset int64) (int, error) { return l.at(to, offset) }

func listing(at func([]fs.FileInfo, int64) (int, error)) sshtest.Faults {
	return sshtest.Faults{Instead: func(own sftp.Handlers) sftp.Handlers {
		own.FileList = &lister{own.FileList, at}
		return own
	}}
}

// A listing that never ends takes neither all memory nor the delivery with it.
func TestAttackEndlessListing(t *testing.T) {
	s := faulty(t, listing(func(to []fs.FileInfo, offset int64) (int, error) {
		for i := range to {
			to[i] = invented{fmt.Sprintf("SE-%d%s", offset+int64(i), strings.Repeat("x", 200)), 1, 0o600}
		}
		return len(to), nil
	}))
	_, err := toFaulty(s).List(t.Context())
	wantCode(t, err, codeListing)
	var after runtime.MemStats
	runtime.ReadMemStats(&after)
	if after.Sys > 1<<30 {
		t.Errorf("%d MB are taken", after.Sys>>20)
	}
	content := sealed(300_000)
	for name, source := range map[string]Source{"spool.pgp": spoolOf(content), "stream.pgp": streamOf(content)} {
		if _, err := toFaulty(s).Put(t.Context(), name, source); err != nil {
			t.Error(err)
		}
		if there, err := os.ReadFile(filepath.Join(s.Dir, name)); err != nil || !bytes.Equal(there, content) {
			t.Errorf("%s isn't there as it was sent: %v", name, err)
		}
	}
}

// Names that lead elsewhere, or that a terminal would obey, are no packages.
func TestAttackNamesInAListing(t *testing.T) {
	hostile := []string{"../../outside.pgp", "a/b.pgp", "/etc/passwd", "\x1b[2J.pgp", "nul.pgp", "..", strings.Repeat("n", 60_000) + ".pgp", "-rf", "a\nb.pgp", "å.pgp",
		"." + packageName + ".utdrag-partial-../x", "a.receipt.json"}
	s := faulty(t, listing(func(to []fs.FileInfo, offset int64) (int, error) {
		if offset > 0 {
			return 0, errors.New("EOF")
		}
		n := 0
		for _, name := range hostile[:min(len(hostile), len(to))] {
			to[n] = invented{name, 1, 0o600}
			n++
		}
		return n, nil
	}))
	items, err := toFaulty(s).List(t.Context())
	for _, i := range items {
		// What is left of a path is its last part, which is a name in the folder.
		if CheckName(i.Name) != nil || i.Name != filepath.Base(i.Name) {
			t.Errorf("%q is told of", i.Name)
		}
	}
	if err != nil && strings.ContainsAny(err.Error(), "\x1b\n") {
		t.Errorf("%q", err)
	}
}

// A server that tells another size than it keeps is found out.
func TestAttackTheSizeIsALie(t *testing.T) {
	for _, more := range []int64{-1, 1, 1 << 62} {
		s := faulty(t, sshtest.Faults{Instead: func(own sftp.Handlers) sftp.Handlers {
			own.FileList = &liar{own.FileList, more}
			return own
		}})
		_, err := toFaulty(s).Put(t.Context(), packageName, streamOf(sealed(50_000)))
		wantCode(t, err, codeAltered)
		wantNames(t, s.Dir)
	}
}

type liar struct {
	own  sftp.FileLister
	more int64
}

func (l *liar) Filelist(r *sftp.Request) (sftp.ListerAt, error) {
	all, err := l.own.Filelist(r)
	if err != nil || r.Method == "List" {
		return all, err
	}
	return &lister{at: func(to []fs.FileInfo, offset int64) (int, error) {
		n, err := all.ListAt(to, offset)
		for i := range to[:n] {
			to[i] = invented{to[i].Name(), to[i].Size() + l.more, to[i].Mode()}
		}
		return n, err
	}}, nil
}
