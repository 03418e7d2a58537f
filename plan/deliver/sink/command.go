package sink

import (
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"
	"unicode"

	"github.com/utdrag/utdrag/filter/diag"
)

// Command hands the ciphertext to a program on its standard input. What the program promises by exit status 0 is all that
// is known about the delivery: whether it replaces what is there is its own affair, and so is it that its input may end early if
// Utdrag is killed, which whoever opens the package finds out.
type Command struct {
	// Argv is the program and its arguments, run without a shell. In each, {name} stands for the package's name, which
	// holds no character that means anything to a shell or begins an option.
	Argv []string
	// Dir is where it runs. "": where Utdrag does.
	Dir string
	// Environment names the variables that it inherits. It gets UTDRAG_NAME, UTDRAG_ORDER and UTDRAG_RUN besides, and
	// nothing else.
	Environment []string
	// Grace is the time between asking it to end and killing it and its children, when Put is called off. 0: 5 s.
	Grace   time.Duration
	Options Options
}

const shownStderr = 400

// Put runs the command once.
func (c *Command) Put(ctx context.Context, name string, source Source) (*Receipt, error) {
	options, err := c.Options.withDefaults()
	if err != nil {
		return nil, err
	}
	if err := CheckName(name); err != nil {
		return nil, err
	}
	if len(c.Argv) == 0 || c.Argv[0] == "" || c.Grace < 0 {
		return nil, misuse(codeSettings, "give the program and its arguments, one by one", "there is no command to deliver with")
	}
	if options.Verify == VerifyAlways {
		return nil, misuse(codeSettings, "deliver to a folder or by SFTP", "what a command delivers can't be read back")
	}
	d := &delivery{Options: options, name: name, source: source}
	if err := d.checkSource(ctx); err != nil {
		return nil, err
	}
	if err := c.run(ctx, d); err != nil {
		return nil, err
	}
	d.out.Attempts, d.out.Verified = 1, VerifiedByCommand
	d.describe()
	return &d.out, nil
}

func (c *Command) run(ctx context.Context, d *delivery) error {
	argv := make([]string, len(c.Argv))
	for i, a := range c.Argv {
		argv[i] = strings.ReplaceAll(a, "{name}", d.name)
	}
	// Put feeds the input and ends the program by itself: exec's own copying would hide an input that wasn't read.
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.Dir, cmd.Env = c.Dir, c.environment(d)
	said := &head{limit: 4 * shownStderr}
	cmd.Stderr = said
	cmd.WaitDelay = 5 * time.Second
	ownGroup(cmd)
	in, err := cmd.StdinPipe()
	if err != nil {
		return external(codeStart, "", nil, "the command couldn't be started")
	}
	if err := cmd.Start(); err != nil {
		return external(codeStart, "check that the program exists and may be run", startCause(err), "the command couldn't be started")
	}
	ended := make(chan struct{})
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		select {
		case <-ended:
		case <-ctx.Done():
			c.stop(cmd, ended)
		}
	}()
	over := false
	defer func() {
		if !over {
			kill(cmd) // the producer panicked
		}
	}()
	fed := c.feed(ctx, d, in)
	// The end of its input would make half a package look whole. So it isn't told of one, but ended.
	var closing error
	if fed == nil || errors.Is(fed, errUntaken) {
		closing = in.Close()
	} else if ctx.Err() == nil {
		kill(cmd)
	}
	exit := cmd.Wait()
	over = true
	close(ended)
	<-stopped
	switch {
	case ctx.Err() != nil:
		return canceled(ctx, "the delivery of "+d.name)
	case fed != nil && !errors.Is(fed, errUntaken):
		return fed
	case exit != nil:
		if e, ok := errors.AsType[*exec.ExitError](exit); ok {
			return external(codeExit, "", nil, "the command that delivers %s failed: %s%s", d.name, e.ProcessState, said.quoted())
		}
		return external(codeExit, "the command must end when its input ends, and leave no child behind", nil,
			"the command that delivers %s didn't end as it should%s", d.name, said.quoted())
	case fed != nil || closing != nil && !errors.Is(closing, os.ErrClosed):
		return refused(codeUntaken, "the command must read its input to the end", "the command that delivers %s ended before it had read all", d.name)
	}
	return nil
}

var errUntaken = errors.New("the input was closed")

// feed writes the content to the program. errUntaken means that it doesn't read any more.
func (c *Command) feed(ctx context.Context, d *delivery, in io.Writer) error {
	h := sha256.New()
	count := &counter{progress: d.Progress}
	w := &streamWriter{ctx: ctx, out: io.MultiWriter(in, h, count)}
	var err error
	switch source := d.source.(type) {
	case Stream:
		err = source(w)
	case *Spool:
		_, err = copyTo(ctx, w, &contents{file: source.Content, size: source.Size})
	}
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case w.err != nil:
		return errUntaken
	case err != nil:
		if diag.CodeOf(err) == "" && d.known {
			return external(codeDisk, "", cause(err), "reading the spooled package")
		}
		return err
	}
	sum := [sha256.Size]byte(h.Sum(nil))
	if d.known && sum != d.digest {
		return refused(codeSource, "make the package again", "the spooled package changed while it was delivered")
	}
	d.digest, d.size, d.known = sum, count.n, true
	return nil
}

func (c *Command) environment(d *delivery) []string {
	env := []string{"UTDRAG_NAME=" + d.name, "UTDRAG_ORDER=" + d.Order, "UTDRAG_RUN=" + d.Run}
	for _, name := range c.Environment {
		if value, ok := os.LookupEnv(name); ok && !strings.HasPrefix(name, "UTDRAG_") {
			env = append(env, name+"="+value)
		}
	}
	return env
}

// stop asks the program and its children to end, and then makes them.
func (c *Command) stop(cmd *exec.Cmd, ended <-chan struct{}) {
	grace := c.Grace
	if grace == 0 {
		grace = 5 * time.Second
	}
	terminate(cmd)
	select {
	case <-ended:
	case <-time.After(grace):
	}
	kill(cmd)
}

func startCause(err error) error {
	if e, ok := errors.AsType[*exec.Error](err); ok {
		return cause(e.Err)
	}
	return cause(err)
}

// counter tells progress.
type counter struct {
	n        int64
	progress func(int64)
}

func (c *counter) Write(p []byte) (int, error) {
	c.n += int64(len(p))
	c.progress(c.n)
	return len(p), nil
}

// head keeps the beginning of what is written, and takes the rest as well.
type head struct {
	limit int
	text  []byte
}

func (h *head) Write(p []byte) (int, error) {
	if room := h.limit - len(h.text); room > 0 {
		h.text = append(h.text, p[:min(room, len(p))]...)
	}
	return len(p), nil
}

// quoted is what the program said, without anything that a terminal would obey.
func (h *head) quoted() string {
	text := strings.Map(func(r rune) rune {
		switch {
		case r == unicode.ReplacementChar:
			return '?'
		case unicode.IsSpace(r):
			return ' '
		case !unicode.IsPrint(r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(string(h.text), "?"))
	text = strings.Join(strings.Fields(text), " ")
	if runes := []rune(text); len(runes) > shownStderr {
		text = string(runes[:shownStderr]) + "…"
	}
	if text == "" {
		return ""
	}
	return ": it said: " + text
}
