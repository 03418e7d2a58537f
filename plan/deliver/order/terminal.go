package order

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Terminal asks on a stream of lines.
type Terminal struct {
	in  *bufio.Reader
	out io.Writer
}

// NewTerminal returns a prompter that reads answers from in, a line each, and shows questions on out.
func NewTerminal(in io.Reader, out io.Writer) *Terminal { return &Terminal{bufio.NewReader(in), out} }

var errLongAnswer = errors.New("the answer is too long")

// Ask shows a question and reads a line. A preset stands in brackets.
func (t *Terminal) Ask(label, preset string, _ func(string) error) (string, error) {
	if preset != "" {
		label += " [" + preset + "]"
	}
	if _, err := fmt.Fprint(t.out, label+": "); err != nil {
		return "", err
	}
	var line []byte
	for {
		c, err := t.in.ReadByte()
		if err == io.EOF && len(line) > 0 || err == nil && c == '\n' {
			break
		}
		if err != nil {
			return "", err
		}
		if line = append(line, c); len(line) > MaxSize {
			return "", errLongAnswer
		}
	}
	if answer := strings.TrimSpace(string(line)); answer != "" {
		return answer, nil
	}
	return preset, nil
}

// Say shows a line.
func (t *Terminal) Say(text string) { fmt.Fprintln(t.out, text) } // what isn't shown shows at the next question
