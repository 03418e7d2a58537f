package sink

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"math"
	"os"
	"path"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pkg/sftp"
	"golang.org/x/crypto/ssh"

	"github.com/utdrag/utdrag/filter/diag"
)

// session is the shelf behind one SFTP connection.
type session struct {
	ctx      context.Context
	address  string
	folder   string
	timeouts Timeouts
	client   *ssh.Client
	conn     *metered
	sftp     *sftp.Client
	stalled  atomic.Bool
	end      func()
}

func newSession(ctx context.Context, d *dialing, client *ssh.Client, conn *metered) *session {
	s := &session{ctx: ctx, address: d.sftp.where(), folder: d.sftp.Folder, timeouts: d.timeouts, client: client, conn: conn}
	// The library's requests know no context. Closing the connection ends them all.
	interrupt := context.AfterFunc(ctx, func() { _ = conn.Close() })
	done := make(chan struct{})
	s.end = sync.OnceFunc(func() { interrupt(); close(done) })
	if s.timeouts.KeepAlive > 0 {
		go s.keepAlive(done)
	}
	return s
}

// keepAlive notices a dead peer while a stream is being made and nothing is sent.
func (s *session) keepAlive(done <-chan struct{}) {
	for {
		select {
		case <-done:
			return
		case <-time.After(s.timeouts.KeepAlive):
		}
		timer := time.AfterFunc(s.timeouts.Answer, s.stall)
		// Any answer will do, a refusal too (RFC 4254, 4).
		_, _, err := s.client.SendRequest("keepalive@openssh.com", true, nil)
		timer.Stop()
		if err != nil {
			return
		}
	}
}

func (s *session) stall() {
	s.stalled.Store(true)
	_ = s.conn.Close()
}

// do bounds the time of one request, or of the requests of one block.
func (s *session) do(request func() error) error {
	timer := time.AfterFunc(s.timeouts.Answer, s.stall)
	defer timer.Stop()
	return request()
}

func (s *session) where() string {
	if s.folder == "" {
		return s.address
	}
	return s.address + " " + s.folder
}

func (s *session) path(name string) string { return path.Join(s.folder, name) }

// explain replaces what the library and the server said by what it means.
func (s *session) explain(err error, what, name string) error {
	if err == nil || diag.CodeOf(err) != "" {
		return err
	}
	if s.ctx.Err() != nil {
		return canceled(s.ctx, what+" "+name)
	}
	if s.stalled.Load() {
		return external(codeStalled, "", errTransient, "%s didn't answer in %s: %s %s", s.where(), s.timeouts.Answer, what, name)
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return external(codeMissing, "", fs.ErrNotExist, "%s: %s %s", s.where(), what, name)
	case errors.Is(err, fs.ErrPermission):
		return external(codeDenied, "have the recipient allow the account to do so", fs.ErrPermission, "%s: %s %s", s.where(), what, name)
	}
	if status, ok := errors.AsType[*sftp.StatusError](err); ok {
		switch status.FxCode() {
		case sftp.ErrSSHFxConnectionLost, sftp.ErrSSHFxNoConnection:
		case sftp.ErrSSHFxOpUnsupported:
			return external(codeServer, "", errUnsupported, "%s: %s %s", s.where(), what, name)
		default:
			return external(codeServer, "the recipient's server log may say why", errFailure, "%s: %s %s", s.where(), what, name)
		}
	}
	if !cut(err) && !errors.Is(err, sftp.ErrSSHFxConnectionLost) && !errors.Is(err, sftp.ErrSSHFxNoConnection) {
		if _, ok := errors.AsType[*sftp.StatusError](err); !ok {
			return external(codeProtocol, "", nil, "%s gave an answer that isn't one of SFTP's: %s %s", s.where(), what, name)
		}
	}
	return external(codeLost, "", errTransient, "%s: the connection broke: %s %s", s.where(), what, name)
}

func (s *session) checkFolder() error {
	var info fs.FileInfo
	err := s.do(func() (err error) { info, err = s.sftp.Stat(s.folder); return err })
	if err = s.explain(err, "looking for", "the folder"); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err != nil || !info.IsDir() {
		return external(codeFolder, "have the recipient make it, or correct the order's delivery address", nil, "%s: the folder isn't there", s.where())
	}
	return nil
}

func (s *session) lstat(name string) (entry, error) {
	var info fs.FileInfo
	err := s.do(func() (err error) { info, err = s.sftp.Lstat(s.path(name)); return err })
	if err != nil {
		return entry{}, s.explain(err, "looking for", name)
	}
	e := entryOf(info)
	e.name = name
	return e, nil
}

// longestListing is of some 70,000 files with names like ours.
const longestListing = 16 << 20

func (s *session) list() ([]entry, error) {
	var infos []fs.FileInfo
	folder := s.folder
	if folder == "" {
		folder = "."
	}
	// The library reads on until the server says that this was all.
	ctx, stop := context.WithCancel(s.ctx)
	defer stop()
	s.conn.limit(longestListing, stop)
	err := s.do(func() (err error) { infos, err = s.sftp.ReadDirContext(ctx, folder); return err })
	if s.conn.limit(0, nil) {
		return nil, external(codeListing, "have the recipient move away what was fetched", errEndless, "%s: the folder's listing is longer than %d MB", s.where(), longestListing>>20)
	}
	if err != nil {
		return nil, s.explain(err, "listing", "the folder")
	}
	entries := make([]entry, len(infos))
	for i, info := range infos {
		entries[i] = entryOf(info)
	}
	return entries, nil
}

func (s *session) openFile(name string, flags int, what string) (*remoteFile, error) {
	var f *sftp.File
	err := s.do(func() (err error) { f, err = s.sftp.OpenFile(s.path(name), flags); return err })
	if err != nil {
		return nil, s.explain(err, what, name)
	}
	return &remoteFile{s, name, f}, nil
}

func (s *session) create(name string) (shelfFile, error) {
	f, err := s.openFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, "making")
	if err != nil {
		return nil, err
	}
	return f, nil
}

func (s *session) extend(name string) (shelfFile, error) {
	f, err := s.openFile(name, os.O_WRONLY, "opening")
	if err != nil {
		return nil, err
	}
	return f, nil
}

func (s *session) open(name string) (readerAtCloser, error) {
	f, err := s.openFile(name, os.O_RDONLY, "reading")
	if err != nil {
		return nil, err
	}
	return f, nil
}

func (s *session) take(from, to string) error {
	return s.explain(s.do(func() error { return s.sftp.Rename(s.path(from), s.path(to)) }), "renaming", from)
}

const looked = "the server has no link that replaces nothing; the name was found free right before the rename"

func (s *session) publish(from, to string) (string, error) {
	if _, ok := s.sftp.HasExtension("hardlink@openssh.com"); ok {
		err := s.explain(s.do(func() error { return s.sftp.Link(s.path(from), s.path(to)) }), "naming", to)
		switch {
		case err == nil:
			switch err := s.remove(from); {
			case transient(err):
				return "", err
			case err != nil && !errors.Is(err, fs.ErrNotExist):
				return "an unfinished file of this run couldn't be removed", nil
			}
			return "", nil
		case transient(err) || s.ctx.Err() != nil:
			return "", err
		}
		// The account or its file system may have no links. SFTP has no status for a name that is taken either.
	}
	if err := s.vacant(to); err != nil {
		return "", err
	}
	if err := s.explain(s.do(func() error { return s.sftp.Rename(s.path(from), s.path(to)) }), "naming", to); err != nil {
		if !transient(err) && s.ctx.Err() == nil {
			if taken := s.vacant(to); taken != nil {
				return "", taken
			}
		}
		return "", err
	}
	return looked, nil
}

func (s *session) vacant(name string) error {
	_, err := s.lstat(name)
	if err == nil {
		return external(codeTaken, "", fs.ErrExist, "%s: naming %s", s.where(), name)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

func (s *session) remove(name string) error {
	return s.explain(s.do(func() error { return s.sftp.Remove(s.path(name)) }), "removing", name)
}

// free uses statvfs@openssh.com. A server that has no idea says 0 blocks of 0.
func (s *session) free() (int64, bool) {
	if _, ok := s.sftp.HasExtension("statvfs@openssh.com"); !ok {
		return 0, false
	}
	folder := s.folder
	if folder == "" {
		folder = "."
	}
	var v *sftp.StatVFS
	if err := s.do(func() (err error) { v, err = s.sftp.StatVFS(folder); return err }); err != nil {
		return 0, false
	}
	size := v.Frsize
	if size == 0 {
		size = v.Bsize
	}
	if v.Blocks == 0 || size == 0 {
		return 0, false
	}
	if v.Bavail > math.MaxInt64/size {
		return math.MaxInt64, true
	}
	return int64(v.Bavail * size), true
}

func (s *session) close() {
	// A server that doesn't answer isn't waited for.
	timer := time.AfterFunc(min(s.timeouts.Answer, 5*time.Second), func() { _ = s.conn.Close() })
	defer timer.Stop()
	if s.sftp != nil {
		_ = s.sftp.Close()
	}
	_ = s.client.Close()
	s.end()
}

type remoteFile struct {
	s    *session
	name string
	file *sftp.File
}

func (f *remoteFile) WriteAt(p []byte, off int64) (n int, err error) {
	err = f.s.do(func() (err error) { n, err = f.file.WriteAt(p, off); return err })
	return n, f.s.explain(err, "writing", f.name)
}

func (f *remoteFile) ReadAt(p []byte, off int64) (n int, err error) {
	err = f.s.do(func() (err error) { n, err = f.file.ReadAt(p, off); return err })
	if err == io.EOF && f.s.ctx.Err() == nil && !f.s.stalled.Load() {
		if n > 0 {
			return n, io.EOF
		}
		// The library gives the same error when a request couldn't be sent. A file that ends early is held against the
		// server, so it is asked once more whether it is there.
		if _, err := f.s.lstat(f.name); transient(err) {
			return 0, err
		}
		return 0, io.EOF
	}
	return n, f.s.explain(err, "reading", f.name)
}

func (f *remoteFile) flush() (string, error) {
	if v, ok := f.s.sftp.HasExtension("fsync@openssh.com"); !ok || v != "1" {
		return "the server offers no fsync: what it kept may still be in its memory", nil
	}
	return "", f.s.explain(f.s.do(f.file.Sync), "making durable", f.name)
}

func (f *remoteFile) Close() error {
	return f.s.explain(f.s.do(f.file.Close), "closing", f.name)
}
