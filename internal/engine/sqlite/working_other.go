//go:build !linux

package sqlite

import (
	"context"
	"errors"
	"os"
	"syscall"
)

var errDiskFull error = syscall.ENOSPC

// Only Linux gives a name to a file that has none.
func canPublishUnnamed(string) bool { return false }

func publishUnnamed(context.Context, *os.File, string) error { return errors.ErrUnsupported }
