package disclosure

import (
	"context"
	"io"
	"os"

	"github.com/utdrag/utdrag/filter/diag"
)

// Records hands the log's records to yield, from the first on, until that returns false. No other process writes meanwhile, so yield
// doesn't append. A torn last line is no record yet; [Log.Repair] says what it was. Like [Show], it checks no signature and no chain:
// what rests on a record that somebody edited is found by [Verify].
func (l *Log) Records(ctx context.Context, yield func(*Record) bool) error {
	f, err := openPlain(l.path, os.O_RDONLY)
	if err != nil {
		return absent(err)
	}
	defer f.Close()
	if err := plain(f); err != nil {
		return err
	}
	if err := waitLock(ctx, f, false); err != nil {
		return err
	}
	err = each(f, func(_ []byte, r *Record) error {
		if !yield(r) {
			return errEnough
		}
		return nil
	})
	if err == errEnough || diag.CodeOf(err) == codeTorn {
		return nil
	}
	return err
}

// each reads the lines of a log, one at a time. A line is valid until the next.
func each(r io.Reader, do func(line []byte, r *Record) error) error {
	in := newLines(r)
	for {
		line, err := in.read()
		if err == io.EOF {
			return nil
		}
		var record *Record
		switch {
		case err == errNoNewline:
			err = tornLine()
		case err == errLineLong:
			err = refused(codeLong, "", "a line is longer than %d bytes", maxLine)
		case err == nil:
			record, _, err = decodeRecord(line)
		}
		if err != nil {
			if code := diag.CodeOf(err); code != "" {
				return failure(code, diag.Refused, "verify the log", err, "line %d can't be read", in.number)
			}
			return disk("reading the log", err)
		}
		if err := do(line, record); err != nil {
			return err
		}
	}
}
