package disclosure

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
)

// aside is the name for what a crash left of the record that should have got the number.
func aside(log string, sequence int64) string {
	return log + ".torn-" + strconv.FormatInt(sequence, 10)
}

// noneAside refuses to append where a repair was begun and what it moved aside isn't recorded yet.
func (l *Log) noneAside(sequence int64) error {
	_, err := os.Lstat(aside(l.path, sequence))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return disk("looking for a torn piece", err)
	}
	return refused(codeInterrupted, "repair the log again: it goes on where it was interrupted", "a repair of the log was interrupted")
}

// Repair moves what a crash left of a last line to a file beside the log, byte for byte, and appends a record that says
// so. Everything before it must verify, up to the anchor or one record beyond: what else can be wrong with a log was not
// done by a crash, and isn't mended. An interrupted repair is finished by another one.
func (l *Log) Repair(ctx context.Context) (*Record, error) {
	f, err := l.lock(ctx)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	piece, start, err := tornPiece(f)
	if err != nil {
		return nil, err
	}
	if piece != nil {
		if err := l.moveAside(f, piece, start); err != nil {
			return nil, err
		}
	}
	end, err := l.end(f)
	if err != nil {
		return nil, err
	}
	name := aside(l.path, end.last.Sequence+1)
	said, err := describe(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, misuse(codeNoRepair, "", "the log's last line is whole; there is nothing to repair")
	}
	if err != nil {
		return nil, disk("reading the torn piece", err)
	}
	return l.append(f, end, &Record{Repaired: said})
}

func (l *Log) moveAside(f *os.File, piece []byte, start int64) error {
	anchor, err := loadAnchor(l.anchor, l.options.Keys)
	if err != nil {
		return err
	}
	report, err := Verify(io.NewSectionReader(f, 0, start), Verification{Name: filepath.Base(l.path), Keys: l.options.Keys, Anchor: anchor, Beside: true})
	if err != nil {
		return err
	}
	if err := report.Findings.Err(); err != nil {
		return err
	}
	name := aside(l.path, report.Last+1)
	if err := l.writeAside(name, piece); err != nil {
		return err
	}
	if err := l.at("moved aside"); err != nil {
		return disk("cutting the torn piece", err)
	}
	if err := f.Truncate(start); err != nil {
		return disk("cutting the torn piece", err)
	}
	if err := f.Sync(); err != nil {
		return disk("cutting the torn piece", err)
	}
	return disk("repairing the log", l.at("torn piece cut"))
}

// writeAside writes the piece under its name unless it is there already, whole.
func (l *Log) writeAside(name string, piece []byte) error {
	there, err := os.ReadFile(name)
	if err == nil {
		if bytes.Equal(there, piece) {
			return nil
		}
		return misuse(codeExists, "find out what it is, and move it", "%s exists and is something else", filepath.Base(name))
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return disk("moving the torn piece aside", err)
	}
	return disk("moving the torn piece aside", l.put(hidden(name, ""), name, piece, 0o600, os.Link))
}

// describe is what the log keeps of a piece.
func describe(name string) (*Repaired, error) {
	f, err := openPlain(name, os.O_RDONLY)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	h := sha256.New()
	size, err := io.Copy(h, f)
	if err != nil {
		return nil, err
	}
	return &Repaired{File: filepath.Base(name), Size: size, SHA256: hexOf([32]byte(h.Sum(nil)))}, nil
}

// tornPiece returns a copy of the torn last line and where it begins; nil if the last line is whole.
func tornPiece(f *os.File) ([]byte, int64, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, 0, disk("reading the log", err)
	}
	size := info.Size()
	text := make([]byte, min(size, maxLine+1))
	if _, err := f.ReadAt(text, size-int64(len(text))); err != nil {
		return nil, 0, disk("reading the log", err)
	}
	if len(text) == 0 || !torn(text) {
		return nil, 0, nil
	}
	body := bytes.TrimSuffix(text, []byte("\n"))
	begin := bytes.LastIndexByte(body, '\n') + 1
	if begin == 0 {
		return nil, 0, refused(codeNoRepair, "keep it as it is, and find out what happened", "what is torn is larger than a record, or the first one")
	}
	return text[begin:], size - int64(len(text)-begin), nil
}
