package sqlite

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	lib "modernc.org/sqlite/lib"

	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/internal/durable"
	"github.com/utdrag/utdrag/internal/engine"
	"github.com/utdrag/utdrag/internal/engine/sqlite/capi"
)

// succession replaces a file by rename(2): the name leads to one file or the other at every moment, and whoever has the older
// one open reads it to the end.
type succession struct {
	final, incoming, previous, aside string
	terms                            engine.SwapTerms
	kept, swapped                    bool
}

// Succeed begins to replace the copy at a sqlite: URL. The newer one is made as .NAME.utdrag-incoming beside it, and the older
// one is kept as NAME.previous.
//
// Readers need not stop. A program that writes to a copy must: its journal is known by the file's name, and would be taken for
// the new file's. So Swap waits for those that are writing, and refuses a file in WAL mode; one that has the file open and
// begins to write afterwards can't be seen.
func Succeed(ctx context.Context, url string, terms engine.SwapTerms) (engine.Succession, error) {
	final, err := Path(url)
	if err != nil {
		return nil, err
	}
	folder, name := filepath.Split(final)
	s := &succession{final: final, terms: terms, incoming: filepath.Join(folder, "."+name+".utdrag-incoming"),
		previous: final + ".previous", aside: filepath.Join(folder, "."+name+".utdrag-previous")}
	for _, path := range []string{s.final, s.previous} {
		if err := replaceable(ctx, path); err != nil {
			return nil, err
		}
	}
	if err := s.clear(); err != nil {
		return nil, unavailable(err, s.incoming)
	}
	return s, nil
}

// clear removes what a killed process left: the newer file if it was whole and not swapped in yet, and one that was being made.
func (s *succession) clear() error {
	if err := removeIfThere(s.incoming); err != nil {
		return err
	}
	entries, err := os.ReadDir(filepath.Dir(s.incoming))
	if err != nil {
		return err
	}
	for _, e := range entries {
		if e.Type().IsRegular() && strings.HasPrefix(e.Name(), "."+filepath.Base(s.incoming)+partialPart) {
			if err := removeIfThere(filepath.Join(filepath.Dir(s.incoming), e.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}

// replaceable refuses what is there and is no copy of ours.
func replaceable(ctx context.Context, path string) error {
	info, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	no := func(why string, cause error) error {
		return failure(codeReplace, diag.Misuse, "name another file, or move it away", cause, "%s can't be replaced: %s", filepath.Base(path), why)
	}
	if err != nil {
		return unavailable(err, path)
	}
	if !info.Mode().IsRegular() {
		return no("it is no regular file", nil)
	}
	conn, err := capi.Open(path, capi.ReadOnly)
	if err != nil {
		return wrap(ctx, err, "opening %s", filepath.Base(path))
	}
	found, err := conn.Strings("SELECT name FROM sqlite_schema WHERE type = 'table' AND name = " + text(engine.CopyMark))
	if err = errors.Join(err, conn.Close()); err != nil {
		return no("it can't be read as a SQLite database", nil)
	}
	if len(found) == 0 {
		return no("it is no copy that utdrag made", nil)
	}
	return nil
}

func (s *succession) Incoming() string { return Scheme + s.incoming }

func (s *succession) Previous() string {
	if !s.kept {
		return ""
	}
	return filepath.Base(s.previous)
}

// Swap links the older file to its other name and renames the newer one over it. Killed between the two, the older one has
// both names.
func (s *succession) Swap(ctx context.Context) (err error) {
	newer, err := os.Open(s.incoming) // open, so that no other file can look the same
	if err != nil {
		return unavailable(err, s.incoming)
	}
	defer newer.Close()
	older, err := os.Lstat(s.final)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return unavailable(err, s.final)
	}
	if older != nil {
		for _, path := range []string{s.final, s.previous} { // again: a load takes hours
			if err := replaceable(ctx, path); err != nil {
				return err
			}
		}
		release, err := s.stopWriters(ctx)
		if err != nil {
			return err
		}
		defer release()
		if err := s.keep(older); err != nil {
			return err
		}
	}
	if err := ctx.Err(); err != nil {
		return wrap(ctx, err, "putting the new copy in place")
	}
	if err := s.untouched(newer); err != nil {
		return err
	}
	if older == nil {
		// A link replaces nothing that came there meanwhile.
		err = os.Link(s.incoming, s.final)
	} else {
		err = os.Rename(s.incoming, s.final)
	}
	if err != nil {
		return unavailable(err, s.final)
	}
	s.swapped = true
	if older == nil {
		if err := os.Remove(s.incoming); err != nil {
			return unavailable(err, s.incoming)
		}
	}
	return wrap(ctx, durable.SyncFolder(filepath.Dir(s.final)), "making the new copy's name durable")
}

// untouched refuses a newer file that another run made at the same name meanwhile, and closes ours.
func (s *succession) untouched(newer *os.File) error {
	ours, err := newer.Stat()
	there, missing := os.Lstat(s.incoming)
	if err = errors.Join(err, missing, newer.Close()); err != nil || !os.SameFile(ours, there) {
		return failure(codeBusy, diag.External, "wait for it to end", cause(err), "another run is replacing %s", filepath.Base(s.final))
	}
	return nil
}

// keep gives the older file its other name, and the newer one its mode.
func (s *succession) keep(older fs.FileInfo) error {
	if err := os.Chmod(s.incoming, older.Mode().Perm()); err != nil {
		return unavailable(err, s.incoming)
	}
	err := removeIfThere(s.aside)
	if err == nil {
		if err = os.Link(s.final, s.aside); err != nil {
			return failure(codeReplace, diag.External, "keep the copy on a file system with hard links, or receive into a new file", cause(err),
				"the copy that was there can't be kept as %s", filepath.Base(s.previous))
		}
	}
	if err == nil {
		err = os.Rename(s.aside, s.previous)
	}
	// rename(2) does nothing where both names are of one file: after a run that was killed right here.
	if err = errors.Join(err, removeIfThere(s.aside)); err != nil {
		return unavailable(err, s.previous)
	}
	s.kept = true
	return nil
}

// stopWriters takes the lock that a writer needs, and keeps it until release is called.
func (s *succession) stopWriters(ctx context.Context) (release func(), err error) {
	conn, err := capi.Open(s.final, capi.ReadWrite)
	if err != nil {
		return nil, wrap(ctx, err, "opening %s", filepath.Base(s.final))
	}
	end := func() { _ = conn.Close() }
	mode, err := conn.Strings("PRAGMA journal_mode")
	if err == nil {
		err = conn.Exec("PRAGMA busy_timeout = 100")
	}
	if err == nil && (len(mode) != 1 || mode[0][0] == "wal") {
		end()
		return nil, failure(codeReplace, diag.Refused, "set PRAGMA journal_mode = DELETE on it first", nil, "%s is in WAL mode, and can't be replaced under its readers", filepath.Base(s.final))
	}
	for deadline := time.Now().Add(s.terms.Patience); err == nil; {
		if err = conn.Exec("BEGIN IMMEDIATE"); err == nil {
			if err = s.noJournal(); err == nil {
				return end, nil
			}
			break
		}
		said, _ := errors.AsType[*capi.Error](err)
		switch {
		case said != nil && said.Primary() == lib.SQLITE_READONLY:
			return end, nil // nobody can write to it
		case said == nil || said.Primary() != lib.SQLITE_BUSY:
		case time.Now().After(deadline):
			err = failure(codeBusy, diag.External, "end the program that writes to it", nil, "another program is writing to %s", filepath.Base(s.final))
		default:
			err = pause(ctx, 100*time.Millisecond)
		}
	}
	end()
	return nil, wrap(ctx, err, "waiting for those who write to %s", filepath.Base(s.final))
}

// noJournal refuses a file with a journal that says something: it would be taken for the newer file's. SQLite has rolled back
// what it could by now.
func (s *succession) noJournal() error {
	for _, suffix := range []string{"-journal", "-wal"} {
		if info, err := os.Lstat(s.final + suffix); err == nil && info.Size() > 0 {
			return failure(codeReplace, diag.Refused, "end the programs that use it, and open it once with the SQLite shell", nil, "%s has a journal beside it, and can't be replaced", filepath.Base(s.final))
		}
	}
	return nil
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

func (s *succession) Close() error {
	if s.swapped {
		return nil
	}
	if err := removeIfThere(s.incoming); err != nil {
		return unavailable(err, s.incoming)
	}
	return nil
}

func removeIfThere(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
