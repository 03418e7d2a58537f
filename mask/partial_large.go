package mask

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"github.com/utdrag/utdrag/mask/value"
)

// maskLarge reads the text once to count its characters; the handle that it returns reads it again as it is read.
func (r partialRule) maskLarge(large *value.Large) (result value.Value, err error) {
	plain, err := large.Open()
	if err != nil {
		return value.Value{}, fmt.Errorf("mask partial: %w", err)
	}
	defer func() { err = errors.Join(err, plain.Close()) }()

	var count, size int64
	var ring [maxKept]int // sizes of the last characters
	text := bufio.NewReader(plain)
	for {
		char, bytes, err := text.ReadRune()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return value.Value{}, fmt.Errorf("mask partial: %w", err)
		}
		if char == utf8.RuneError && bytes == 1 {
			return value.Value{}, errNotUTF8
		}
		if count < int64(r.first) {
			size += int64(bytes)
		}
		if r.last > 0 {
			ring[count%int64(r.last)] = bytes
		}
		count++
	}
	kept := partialRule{r.first, r.last}
	if count <= int64(r.first+r.last) {
		kept, size = partialRule{}, 0
	}
	for _, bytes := range ring[:kept.last] {
		size += int64(bytes)
	}
	size += count - int64(kept.first+kept.last)
	open := func() (io.ReadCloser, error) {
		plain, err := large.Open()
		if err != nil {
			return nil, fmt.Errorf("mask partial: %w", err)
		}
		return &starReader{plain: plain, text: bufio.NewReader(plain), rule: kept, count: count}, nil
	}
	return value.NewLarge(value.Text, &value.Large{Size: size, Open: open}), nil
}

// starReader stars a text of count characters on the way.
type starReader struct {
	plain   io.Closer
	text    *bufio.Reader
	rule    partialRule
	count   int64
	at      int64
	pending []byte
}

func (s *starReader) Read(p []byte) (int, error) {
	n := 0
	for n < len(p) {
		if len(s.pending) == 0 {
			if s.at == s.count {
				break
			}
			char, _, err := s.text.ReadRune()
			if errors.Is(err, io.EOF) {
				return n, io.ErrUnexpectedEOF
			}
			if err != nil {
				return n, fmt.Errorf("mask partial: %w", err)
			}
			if s.at >= int64(s.rule.first) && s.at < s.count-int64(s.rule.last) {
				char = '*'
			}
			s.pending = utf8.AppendRune(s.pending[:0], char)
			s.at++
		}
		copied := copy(p[n:], s.pending)
		n += copied
		s.pending = s.pending[copied:]
	}
	if n == 0 && len(p) > 0 {
		return 0, io.EOF
	}
	return n, nil
}

func (s *starReader) Close() error { return s.plain.Close() }

func (r partialRule) holdsLarge(large *value.Large) bool {
	text, err := large.Open()
	if err != nil {
		return false
	}
	holds := r.starred(bufio.NewReader(text))
	return text.Close() == nil && holds
}
