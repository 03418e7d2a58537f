package disclosure

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"time"

	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/internal/durable"
)

// lock opens the log and waits until it is this writer's alone.
func (l *Log) lock(ctx context.Context) (*os.File, error) {
	f, err := openPlain(l.path, os.O_RDWR|os.O_APPEND)
	if err != nil {
		return nil, absent(err)
	}
	if err = l.own(ctx, f); err != nil {
		_ = f.Close()
		return nil, err
	}
	return f, nil
}

func (l *Log) own(ctx context.Context, f *os.File) error {
	if err := plain(f); err != nil {
		return err
	}
	if err := waitLock(ctx, f, true); err != nil {
		return err
	}
	named, err := os.Lstat(l.path)
	if err != nil {
		return absent(err)
	}
	held, err := f.Stat()
	if err != nil {
		return disk("opening the log", err)
	}
	if !os.SameFile(named, held) {
		return refused(codeReplaced, "find out who replaced it; a log is only ever appended to", "the log was replaced while it was waited for")
	}
	return nil
}

// plain refuses what is no file of the owner's and the group's.
func plain(f *os.File) error {
	info, err := f.Stat()
	if err != nil {
		return disk("opening the log", err)
	}
	if !info.Mode().IsRegular() || openToAll(info) {
		return refused(codeOpenToAll, "make it a plain file that only its owner and group can write to", "the log isn't a plain file, or everyone may write to it")
	}
	return nil
}

// waitLock waits for the lock as long as ctx allows. flock(2) has no time limit of its own.
func waitLock(ctx context.Context, f *os.File, exclusive bool) error {
	for pause := time.Millisecond; ; pause = min(2*pause, 50*time.Millisecond) {
		ok, err := durable.TryLock(f, exclusive)
		if err != nil {
			return disk("locking the log", err)
		}
		if ok {
			return nil
		}
		select {
		case <-ctx.Done():
			return failure(codeBusy, diag.External, "wait until the other run has ended", ctx.Err(), "another process holds the log")
		case <-time.After(pause):
		}
	}
}

// end is where the next record goes.
type end struct {
	last *Record
	hash string // of the last line
	size int64
	mode fs.FileMode
}

// end reads the last record and holds it against its signature and the anchor. A record that a crash kept from being
// anchored is anchored now, before another one follows: the log is never two records ahead.
func (l *Log) end(f *os.File) (*end, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, disk("reading the log", err)
	}
	e := &end{size: info.Size(), mode: info.Mode()}
	line, err := lastLine(f, e.size)
	if err != nil {
		return nil, err
	}
	var body []byte
	if e.last, body, err = decodeRecord(line); err != nil {
		return nil, err
	}
	if err := checkSignature(l.options.Keys, e.last.Signer, body, e.last.Signature, e.last.At()); err != nil {
		return nil, err
	}
	e.hash = digest(line)
	a, err := loadAnchor(l.anchor, l.options.Keys)
	if err != nil {
		return nil, err
	}
	ahead, err := compare(a, e.last, e.hash)
	if err != nil || !ahead {
		return e, err
	}
	if err := f.Sync(); err != nil { // its writer may have died before it did
		return nil, disk("writing to the log", err)
	}
	return e, l.writeAnchor(e.last, e.hash, e.mode)
}

// compare holds the last record against the anchor beside the log, nil if there is none, and reports whether the log is
// the one record ahead that a crash can put it.
func compare(a *Anchor, last *Record, hash string) (ahead bool, err error) {
	switch {
	case a == nil:
		return false, refused(codeNoAnchor, "put back the anchor, or a copy that is as new as the log, and verify", "the log's anchor is gone")
	case a.Log != last.Log:
		return false, refused(codeForeign, "put back the log's own anchor", "the anchor is of another log")
	case a.Sequence > last.Sequence:
		return false, cutTail(a.Sequence, last.Sequence)
	case a.Sequence == last.Sequence && a.SHA256 == hash:
		return false, nil
	case a.Sequence == last.Sequence, a.Sequence == last.Sequence-1 && a.SHA256 != last.Previous:
		return false, unfitAnchor(a.Sequence)
	case a.Sequence == last.Sequence-1:
		return true, nil
	}
	return false, behind(a.Sequence, last.Sequence)
}

func cutTail(anchored, last int64) error {
	return refused(codeCut, "keep the file as it is, and find out who cut it", "the log ends with record %d, and its anchor says %d: its end was cut off", last, anchored)
}

func unfitAnchor(at int64) error {
	return refused(codeAnchor, "keep both as they are, and find out which was changed", "record %d isn't the one that the anchor names", at)
}

func behind(anchored, last int64) error {
	return refused(codeBehind, "keep both as they are, and find out who put an old anchor there",
		"the log ends with record %d, and its anchor says %d: a crash leaves one record between them at most", last, anchored)
}

func tornLine() error {
	return refused(codeTorn, "move the torn piece aside with the repair of the log, which records it", "the log's last line isn't whole")
}

// lastLine reads the last line of a log, without its newline, from the end.
func lastLine(f io.ReaderAt, size int64) ([]byte, error) {
	if size == 0 {
		return nil, refused(codeFirst, "find out who emptied it", "the log is empty")
	}
	var text []byte
	for at, piece := size, int64(8<<10); ; piece *= 2 {
		at = max(0, size-piece)
		text = make([]byte, size-at)
		if n, err := f.ReadAt(text, at); n < len(text) && err != nil {
			if errors.Is(err, io.EOF) {
				err = io.ErrUnexpectedEOF
			}
			return nil, disk("reading the log", err)
		}
		if torn(text) {
			return nil, tornLine()
		}
		line := text[:len(text)-1]
		if i := bytes.LastIndexByte(line, '\n'); i >= 0 {
			return line[i+1:], nil
		}
		if at == 0 {
			return line, nil
		}
		if piece >= maxLine {
			return nil, refused(codeLong, "", "the log's last line is longer than %d bytes", maxLine)
		}
	}
}

// torn reports whether the last line of text is what a crash leaves: without its newline or, where the file system had
// made room for it and not yet written it all, with zero bytes. No record holds one.
func torn(text []byte) bool {
	body, whole := bytes.CutSuffix(text, []byte("\n"))
	return !whole || bytes.IndexByte(body[bytes.LastIndexByte(body, '\n')+1:], 0) >= 0
}
