package sink

import (
	"io"
	"syscall"
	"testing"

	"github.com/utdrag/utdrag/plan/deliver/sink/sshtest"
)

// A disk that is full is told from other refusals by the room that the server has left. A small file system stands for one.
func TestDiskFull(t *testing.T) {
	content := sealed(3 << 20)
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=1m"); err != nil {
		t.Skip("no small file system can be made here:", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(dir, 0) })
	server := sshtest.Start(t, sshtest.Options{Dir: dir})
	s := toServer(t, server)
	for _, source := range []Source{spoolOf(content), streamOf(content)} {
		_, err := s.Put(t.Context(), packageName, source)
		wantCode(t, err, codeFull)
		wantNames(t, dir)
	}
	s.Options.Expect = int64(len(content))
	_, err := s.Put(t.Context(), packageName, Stream(func(io.Writer) error {
		t.Error("it was made, though there is no room")
		return nil
	}))
	wantCode(t, err, codeFull)
	_, err = (&Folder{Path: dir, Options: quick()}).Put(t.Context(), packageName, streamOf(content))
	wantCode(t, err, codeFull)
	wantNames(t, dir)
}
