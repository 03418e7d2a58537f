package main

import (
	"context"
	"io"
	"os"
	"os/signal"
	"syscall"
)

// Do runs one command line, without the program's name, and returns its exit code. It reads nothing of its
// surroundings but the files and databases that args name and the environment variables of the package comment.
func Do(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	return newUI(stdin, stdout, stderr).do(args)
}

func (u *ui) do(args []string) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	// After the first signal the next one has its usual effect: it kills.
	defer context.AfterFunc(ctx, stop)()
	root := newRoot(u)
	root.SetArgs(append([]string{}, args...)) // never nil: cobra would take os.Args
	return u.end(ctx, root.ExecuteContext(ctx))
}
