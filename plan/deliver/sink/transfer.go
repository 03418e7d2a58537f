package sink

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"

	"github.com/utdrag/utdrag/filter/diag"
)

// checkSource makes sure that a spool is what it is said to be, before anyone is told so.
func (d *delivery) checkSource(ctx context.Context) error {
	switch source := d.source.(type) {
	case Stream:
		if source == nil {
			return misuse(codeSource, "", "there is no content to deliver")
		}
		return nil
	case *Spool:
		if source == nil || source.Content == nil || source.Size < 0 {
			return misuse(codeSource, "", "there is no content to deliver")
		}
		h := sha256.New()
		n, err := copyTo(ctx, h, &contents{file: source.Content, size: source.Size})
		if err := ctx.Err(); err != nil {
			return canceled(ctx, "the delivery of "+d.name)
		}
		if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
			return external(codeDisk, "", cause(err), "reading the spooled package")
		}
		if n != source.Size || [sha256.Size]byte(h.Sum(nil)) != source.SHA256 {
			return refused(codeSource, "make the package again: its file changed after it was sealed",
				"the spooled package hasn't the size and SHA-256 that it had when it was sealed")
		}
		d.digest, d.size, d.known = source.SHA256, source.Size, true
		return nil
	}
	return misuse(codeSource, "", "there is no content to deliver")
}

// transfer brings the whole content into our unfinished file, and makes it durable.
func (d *delivery) transfer(ctx context.Context, s shelf) error {
	if stream, ok := d.source.(Stream); ok {
		if !d.known {
			return d.transferStream(ctx, s, stream)
		}
		return d.settle(s)
	}
	return d.transferSpool(ctx, s, d.source.(*Spool))
}

// settle is for a stream whose last byte had been answered when the connection broke.
func (d *delivery) settle(s shelf) error {
	f, err := s.extend(d.partial)
	if errors.Is(err, fs.ErrNotExist) {
		return d.overtaken(s)
	}
	if err != nil {
		return err
	}
	return d.close(f)
}

func (d *delivery) close(f shelfFile) error {
	remark, err := f.flush()
	d.remark(remark)
	if closing := f.Close(); err == nil {
		err = closing
	}
	return err
}

func (d *delivery) transferStream(ctx context.Context, s shelf, stream Stream) (err error) {
	f, err := d.begin(s, streamed)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = f.Close()
		}
	}()
	if err := d.room(s, d.Expect); err != nil {
		return err
	}
	h := sha256.New()
	out := newBlocks(f, 0, d.answered)
	w := &streamWriter{ctx: ctx, out: io.MultiWriter(h, out)}
	d.asked = true
	if err := stream(w); err != nil && w.err == nil {
		return err
	}
	if w.err == nil {
		w.err = out.flush()
	}
	if w.err != nil {
		return d.broken(s, w.err)
	}
	d.digest, d.size, d.known = [sha256.Size]byte(h.Sum(nil)), out.offset, true
	return d.close(f)
}

// streamWriter remembers the first error, so that a producer that hides it doesn't pass for one that was done.
type streamWriter struct {
	ctx context.Context
	out io.Writer
	err error
}

func (w *streamWriter) Write(p []byte) (int, error) {
	if w.err != nil {
		return 0, w.err
	}
	if w.err = w.ctx.Err(); w.err != nil {
		return 0, w.err
	}
	n, err := w.out.Write(p)
	w.err = err
	return n, err
}

func (d *delivery) transferSpool(ctx context.Context, s shelf, spool *Spool) (err error) {
	f, from, err := d.resume(ctx, s, spool)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = f.Close()
		}
	}()
	if err := d.room(s, spool.Size-from); err != nil {
		return err
	}
	out := newBlocks(f, from, d.answered)
	_, err = copyTo(ctx, out, &contents{file: spool.Content, offset: from, size: spool.Size})
	if err == nil {
		err = out.flush()
	}
	if err != nil {
		return d.broken(s, err)
	}
	return d.close(f)
}

// resume opens the unfinished file to go on with and says from where, or begins a new one.
func (d *delivery) resume(ctx context.Context, s shelf, spool *Spool) (shelfFile, int64, error) {
	mark := hex.EncodeToString(spool.SHA256[:8])
	mine := d.partial != ""
	if !mine {
		if err := d.claim(s, mark); err != nil {
			return nil, 0, err
		}
	}
	if d.partial == "" {
		f, err := d.begin(s, mark)
		return f, 0, err
	}
	e, err := s.lstat(d.partial)
	if errors.Is(err, fs.ErrNotExist) {
		if d.arrived == 0 { // the connection broke before it was made
			f, err := d.begin(s, mark)
			return f, 0, err
		}
		return nil, 0, d.overtaken(s)
	}
	if err != nil {
		return nil, 0, err
	}
	from, err := int64(0), error(nil)
	if e.size > 0 {
		// What this run saw answered isn't read again in full, or a 100 GB package over a bad line would be read back
		// again and again; all of it is read before it is published.
		if mine && d.Verify != VerifySize {
			from = max(0, min(d.arrived, e.size)-largestBlock)
		}
		from, err = agreement(ctx, s, d.partial, min(e.size, spool.Size), from, spool.Content)
	}
	switch {
	case ctx.Err() != nil:
		return nil, 0, ctx.Err()
	case transient(err) || diag.CodeOf(err) == codeDisk:
		return nil, 0, err
	case err != nil || e.size > spool.Size || !e.regular:
		// Unreadable, or not what its name says: begun again, and under a new name, so that nobody who still holds the
		// old one open writes into ours.
		_ = s.remove(d.partial)
		f, err := d.begin(s, mark)
		return f, 0, err
	}
	if !mine {
		d.out.Resumed = from
	}
	d.arrived = from
	f, err := s.extend(d.partial)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, 0, d.overtaken(s)
	}
	return f, from, err
}

// claim takes over the largest unfinished file that an earlier run left of this very content.
func (d *delivery) claim(s shelf, mark string) error {
	all, err := s.list()
	if err != nil {
		if errors.Is(err, fs.ErrPermission) || errors.Is(err, errEndless) {
			return nil // a drop box: one may lay down but not look
		}
		return err
	}
	best := entry{size: -1}
	for _, e := range all {
		p, ok := parsePartial(e.name)
		if ok && e.regular && p.base == d.name && p.order == orderMark(d.Order) && p.content == mark && e.size > best.size {
			best = e
		}
	}
	if best.size < 0 {
		return nil
	}
	name, err := d.temporary(d.name, mark)
	if err != nil {
		return err
	}
	if err := s.take(best.name, name); err != nil {
		if transient(err) {
			return err
		}
		return nil // someone else got it, or it may not be renamed: begin afresh
	}
	d.partial = name
	return nil
}

func (d *delivery) temporary(base, content string) (string, error) {
	random, err := randomMark(d.Random)
	return partial{base, orderMark(d.Order), content, random}.String(), err
}

func (d *delivery) begin(s shelf, content string) (shelfFile, error) {
	name, err := d.temporary(d.name, content)
	if err != nil {
		return nil, err
	}
	d.partial, d.arrived = name, 0
	f, err := s.create(name)
	if err != nil {
		if !transient(err) {
			d.partial = ""
		}
		return nil, err
	}
	if e, err := s.lstat(name); err == nil {
		d.clean(s, e.changed)
	}
	return f, nil
}

func (d *delivery) answered(offset int64) {
	d.arrived = max(d.arrived, offset)
	d.Progress(offset)
}

// room refuses before the first byte what can't fit.
func (d *delivery) room(s shelf, need int64) error {
	if free, ok := s.free(); ok && need > free {
		d.spoiled = d.arrived == 0
		return d.full(s, need, free)
	}
	return nil
}

func (d *delivery) full(s shelf, need, free int64) error {
	return external(codeFull, "ask the recipient to make room, and run it again", nil,
		"%s has no room for %s: %d bytes are left to deliver, %d are free", s.where(), d.name, need, free)
}

// broken says why writing failed. SFTP has no status for a full disk (draft-ietf-secsh-filexfer-02, 7), so the room is
// looked at.
func (d *delivery) broken(s shelf, err error) error {
	if transient(err) {
		return err
	}
	d.spoiled = true
	need := max(d.size-d.arrived, 1)
	if free, ok := s.free(); ok && free < max(min(need, largestBlock), 64<<10) {
		return d.full(s, need, free)
	}
	return err
}

// agreement returns how far the file and the content are the same, compared from an offset on.
func agreement(ctx context.Context, s shelf, name string, size, from int64, content io.ReaderAt) (int64, error) {
	f, err := s.open(name)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	there := &contents{file: f, offset: from, size: size}
	theirs, ours := make([]byte, copyBuffer), make([]byte, copyBuffer)
	for offset := from; offset < size; {
		if ctx.Err() != nil {
			return 0, ctx.Err()
		}
		n, err := there.Read(theirs)
		if err != nil && n == 0 {
			if errors.Is(err, io.ErrUnexpectedEOF) {
				return offset, nil
			}
			return 0, err
		}
		if m, err := content.ReadAt(ours[:n], offset); m < n {
			return 0, external(codeDisk, "", cause(err), "reading the spooled package")
		}
		if !bytes.Equal(theirs[:n], ours[:n]) {
			i := 0
			for theirs[i] == ours[i] {
				i++
			}
			return offset + int64(i), nil
		}
		offset += int64(n)
	}
	return size, nil
}

const copyBuffer = 1 << 20

func copyTo(ctx context.Context, w io.Writer, r io.Reader) (int64, error) {
	buffer := make([]byte, copyBuffer)
	for total := int64(0); ; {
		if err := ctx.Err(); err != nil {
			return total, err
		}
		n, err := r.Read(buffer)
		if n > 0 {
			m, err := w.Write(buffer[:n])
			total += int64(m)
			if err != nil {
				return total, err
			}
		}
		if err == io.EOF {
			return total, nil
		}
		if err != nil {
			return total, err
		}
	}
}

// cause keeps of a local file system's error what can be shown: paths are the caller's own, texts are the system's.
func cause(err error) error {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return e.Err
	}
	return err
}
