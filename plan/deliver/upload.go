package deliver

import (
	"context"
	"crypto/sha256"
	"errors"
	"hash"
	"io"
	"os"

	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/internal/durable"
	"github.com/utdrag/utdrag/plan/deliver/sink"
)

// upload takes the sealed package while it is made, and brings it to the sink.
type upload interface {
	// open begins. It is called once at most, when it is certain that rows will be sent.
	open(ctx context.Context) (io.Writer, error)
	// finish ends it: with the receipt if made is nil, and otherwise with nothing delivered. It is always called.
	finish(ctx context.Context, made error) (*sink.Receipt, error)
}

var errGivenUp = errors.New("given up")

// piped sends the package while it is made.
type piped struct {
	*delivery
	w       *io.PipeWriter
	done    chan struct{}
	receipt *sink.Receipt
	err     error
}

func (p *piped) open(ctx context.Context) (io.Writer, error) {
	r, w := io.Pipe()
	p.w, p.done = w, make(chan struct{})
	go func() {
		defer close(p.done)
		p.receipt, p.err = p.sink.Put(ctx, p.state.Begun.Package, sink.Stream(func(to io.Writer) error {
			_, err := io.Copy(to, r)
			return err
		}))
		// Whoever still writes is told to stop.
		_ = r.CloseWithError(errGivenUp)
	}()
	return w, nil
}

func (p *piped) finish(ctx context.Context, made error) (*sink.Receipt, error) {
	if p.w == nil {
		return nil, made
	}
	if made != nil {
		_ = p.w.CloseWithError(errGivenUp)
	} else {
		_ = p.w.Close()
	}
	<-p.done
	switch {
	case made == nil:
		return p.receipt, p.err
	case p.err == nil:
		// What lies there wasn't made by us: the name was taken by a package of the same run.
		return nil, made
	case errors.Is(p.err, errGivenUp) || stopped(ctx, made):
		return nil, made
	}
	// The sink failed first, and the making came to an end because of it.
	return nil, p.err
}

// spooled keeps the sealed package in a file until it was sent.
type spooled struct {
	*delivery
	file   *os.File
	remove func() error
	w      *hashed
}

func (s *spooled) open(context.Context) (io.Writer, error) {
	f, remove, err := durable.Spool(s.Spool)
	if err != nil {
		return nil, failure(codeSpool, diag.External, "make the spool's folder, where only this program's user may look", bare(err), "the spool can't be used")
	}
	s.file, s.remove = f, remove
	s.w = &hashed{w: f, hash: sha256.New()}
	return s.w, nil
}

func (s *spooled) finish(ctx context.Context, made error) (*sink.Receipt, error) {
	if s.file == nil {
		return nil, made
	}
	receipt, err := s.put(ctx, made)
	if gone := s.remove(); err == nil && gone != nil {
		// Delivered it is; what stays behind is sealed.
		receipt.Remarks = append(receipt.Remarks, "the spooled package couldn't be removed")
	}
	return receipt, err
}

func (s *spooled) put(ctx context.Context, made error) (*sink.Receipt, error) {
	if made != nil {
		return nil, made
	}
	return s.sink.Put(ctx, s.state.Begun.Package, &sink.Spool{Content: s.file, Size: s.w.n, SHA256: [sha256.Size]byte(s.w.hash.Sum(nil))})
}

// hashed counts and hashes what is written.
type hashed struct {
	w    io.Writer
	hash hash.Hash
	n    int64
}

func (h *hashed) Write(p []byte) (int, error) {
	n, err := h.w.Write(p)
	h.hash.Write(p[:n])
	h.n += int64(n)
	if err != nil {
		return n, failure(codeSpool, diag.External, "make room, or deliver without a spool", bare(err), "the spool can't be written")
	}
	return n, nil
}
