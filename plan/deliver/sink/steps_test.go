package sink

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/utdrag/utdrag/filter/diag"
)

// breaker stands before a shelf and fails at the operation with a certain number: before it is carried out or after, so that
// the delivery can't know which.
type breaker struct {
	shelf
	at    int  // counted over all connections
	after bool // it is carried out, but its answer is lost
	dead  bool // the process is as good as killed: nothing succeeds any more, on any connection
	count *int
	lost  bool // this connection is gone
}

var errKilled = &diag.Error{Code: codeDisk, Class: diag.External, Message: "killed"}

func (b *breaker) failed() error {
	if b.dead {
		return errKilled
	}
	return external(codeLost, "", errTransient, "the connection broke")
}

// step reports the error that comes instead of the operation's result, and whether to carry it out.
func (b *breaker) step() (err error, carry bool) {
	if b.lost || b.dead && *b.count > b.at {
		return b.failed(), false
	}
	*b.count++
	if *b.count-1 != b.at {
		return nil, true
	}
	b.lost = true
	return b.failed(), b.after
}

func step[T any](b *breaker, operation func() (T, error)) (result T, err error) {
	failed, carry := b.step()
	if !carry {
		return result, failed
	}
	result, err = operation()
	if failed != nil {
		var none T
		return none, failed
	}
	return result, err
}

func (b *breaker) lstat(name string) (entry, error) {
	return step(b, func() (entry, error) { return b.shelf.lstat(name) })
}
func (b *breaker) list() ([]entry, error) { return step(b, b.shelf.list) }
func (b *breaker) create(name string) (shelfFile, error) {
	return step(b, func() (shelfFile, error) { f, err := b.shelf.create(name); return &breakerFile{f, b}, err })
}
func (b *breaker) extend(name string) (shelfFile, error) {
	return step(b, func() (shelfFile, error) { f, err := b.shelf.extend(name); return &breakerFile{f, b}, err })
}
func (b *breaker) open(name string) (readerAtCloser, error) {
	return step(b, func() (readerAtCloser, error) { return b.shelf.open(name) })
}
func (b *breaker) take(from, to string) error {
	_, err := step(b, func() (struct{}, error) { return struct{}{}, b.shelf.take(from, to) })
	return err
}
func (b *breaker) publish(from, to string) (string, error) {
	return step(b, func() (string, error) { return b.shelf.publish(from, to) })
}
func (b *breaker) remove(name string) error {
	_, err := step(b, func() (struct{}, error) { return struct{}{}, b.shelf.remove(name) })
	return err
}

type breakerFile struct {
	shelfFile
	b *breaker
}

func (f *breakerFile) WriteAt(p []byte, off int64) (int, error) {
	return step(f.b, func() (int, error) { return f.shelfFile.WriteAt(p, off) })
}
func (f *breakerFile) flush() (string, error) { return step(f.b, f.shelfFile.flush) }
func (f *breakerFile) Close() error {
	_, err := step(f.b, func() (struct{}, error) { return struct{}{}, f.shelfFile.Close() })
	return err
}

// At every single operation, before and after it, the line breaks or the process dies. The name is never on anything but
// the whole; a broken spool completes inside Put, everything else by a rerun, and nothing is left over.
func TestEveryStep(t *testing.T) {
	content := sealed(2*smallestBlock + 100)
	for _, streamedSource := range []bool{false, true} {
		for _, dead := range []bool{false, true} {
			for _, after := range []bool{false, true} {
				steps, between := 0, 0
				for at := 0; ; at++ {
					f := &Folder{Path: t.TempDir(), Options: quick()}
					count := 0
					connect := func(ctx context.Context) (shelf, error) {
						if dead && count > at {
							return nil, errKilled
						}
						s, err := f.connect(ctx)
						return &breaker{shelf: s, at: at, after: after, dead: dead, count: &count}, err
					}
					source := func() Source {
						if streamedSource {
							return streamOf(content)
						}
						return spoolOf(content)
					}
					_, err := put(t.Context(), packageName, source(), quick(), connect)
					if hasPackage(f.Path) {
						wantContent(t, f.Path, content)
						if _, err := os.Stat(filepath.Join(f.Path, packageName+receiptSuffix)); err != nil {
							between++
						}
					} else if err == nil {
						t.Fatalf("step %d: no package, and no error", at)
					}
					if err != nil && !dead && !streamedSource {
						t.Fatalf("step %d, after %t: a spool didn't survive a break: %v", at, after, err)
					}
					if err != nil && !errors.Is(err, errTransient) && err != error(errKilled) {
						t.Fatalf("step %d, after %t, dead %t, stream %t: %v", at, after, dead, streamedSource, err)
					}
					r, err := f.Put(t.Context(), packageName, source())
					if err != nil {
						t.Fatalf("step %d, after %t, dead %t, stream %t, the rerun: %v", at, after, dead, streamedSource, err)
					}
					wantDelivered(t, f.Path, content, r)
					if steps = count; count <= at {
						break
					}
				}
				if steps < 15 || dead && between == 0 {
					t.Errorf("only %d steps, %d of them with a package and no receipt", steps, between)
				}
			}
		}
	}
}

// Two runs of the same spooled delivery at once: one wins or both agree, and nothing but the whole gets the name.
func TestTwoAtOnce(t *testing.T) {
	content := sealed(4 * smallestBlock)
	for range 10 {
		f := &Folder{Path: t.TempDir(), Options: quick()}
		errs := make(chan error, 3)
		for range cap(errs) {
			go func() { _, err := f.Put(t.Context(), packageName, spoolOf(content)); errs <- err }()
		}
		done := 0
		for range cap(errs) {
			switch err := <-errs; diag.CodeOf(err) {
			case "":
				done++
			case codeTaken, codeOvertaken, codeDisk:
			default:
				t.Errorf("%v", err)
			}
		}
		if got, err := os.ReadFile(filepath.Join(f.Path, packageName)); done == 0 || err != nil || !bytes.Equal(got, content) {
			t.Errorf("%d were done; %d bytes, %v", done, len(got), err)
		}
	}
}
